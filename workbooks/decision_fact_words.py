"""The facts of a decision in words: what each is called, and its value as a person reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from decisions.values import canonical_json
from decisions.words import Words
from locales import HELSINKI, LocalText, Message, Param, format_number, msg, render
from workbooks.decision_cells import day_number
from workbooks.decision_fact_labels import (
    CODES,
    GROUPS,
    LABELS,
    MOMENTS,
    MONEY,
    NOT_SET,
    NOTHING,
    NUMBERS,
    OF_EACH,
    SHARES,
    WORDS,
)
from workbooks.decision_rule_words import exact, rule_words

Text = Message | LocalText | str
Cell = str | int | float

_EXACT = 10**15
"""A spreadsheet number holds 15 digits exactly; a longer integer (a seed) is written as text."""
_LINES = 90
"""Characters up to which a text stands on the right, with the numbers."""
_LONGEST = 1_000
"""Characters of a value that several rows hold, as its first row shows it."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as the sheet shows it: ``value`` in the form of ``style``, the name of a format."""

    group: Text
    label: Text
    value: Cell
    style: str = "text_right"


def said(key: str, value: Any, words: Words, *, plain: bool = False) -> Said:
    """A fact in words; one that is not known, or not of its kind, is shown as its JSON. ``plain``: moments as text."""
    base, _, part = key.partition("#")
    head, _, rest = base.partition(".")
    label, shown = _label(base, head, rest, words), words.facts.get(base, value) if part else value
    cell, style = _cell(base, head, shown, words, plain=plain)
    if part:
        label = msg("{label}, part {n}", label=label, n=int(part) if part.isdecimal() and len(part) < 10 else part)
        text = cell if isinstance(cell, str) else str(cell)
        cell, style = (_shortened(text) if part == "0001" else render(_CONTINUES, words.lang)), "text_right"
    if isinstance(cell, str) and (len(cell) > _LINES or "\n" in cell):
        style = "text"
    return Said(GROUPS.get(head, msg("Other facts")), label, cell, style)


_CONTINUES = msg("the value goes on")


def _label(key: str, head: str, rest: str, words: Words) -> Text:
    if key in LABELS:
        return LABELS[key]
    try:
        if head == "criterion":
            return _criterion(rest, words)
        if head == "scenario" and (rule := rule_words(rest, words)) is not None:
            return rule[0]
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return key
    return OF_EACH[head](rest) if head in OF_EACH else key


def _criterion(rest: str, words: Words) -> Message:
    levels: list[Param] = [
        f"{one['value']} {_local(one['label']).get(words.lang)}" for one in words.facts[f"criterion.{rest}"]["levels"]
    ]
    return msg("Weight, {criterion} (levels: {levels})", criterion=words.of("criterion", rest), levels=levels)


def _cell(key: str, head: str, value: Any, words: Words, *, plain: bool) -> tuple[Cell, str]:
    try:
        return _typed(key, head, value, words, plain=plain)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        return canonical_json(value), "text_right"


def _typed(key: str, head: str, value: Any, words: Words, *, plain: bool) -> tuple[Cell, str]:
    """The value in its form; raises what ``_cell`` catches for one that is not of the fact's kind."""
    rest = key.partition(".")[2]
    if value is None or value == "":
        nothing = NOTHING.get(key) or NOTHING.get(head, NOT_SET if value is None else msg("not stated"))
        return render(nothing, words.lang), "text_right"
    if key in MONEY and type(value) is int:
        return _whole(value, "money")
    if key == "call.largest_share_bp":
        return value / 10_000, "percent_exact" if value % 100 else "percent"
    if key in SHARES:
        share = exact(value)
        return float(share), "percent" if (share * 100).denominator == 1 else "percent_exact"
    if key in NUMBERS and not isinstance(value, dict):
        number = exact(value)
        return _whole(int(number), "thousands") if number.denominator == 1 else (float(number), "score")
    if key in MOMENTS and value:
        return _moment(datetime.fromisoformat(value), plain=plain)
    if head == "criterion":
        return _whole(value["weight"], "integer")
    if head == "scenario" and (rule := rule_words(rest, words)) is not None:
        return rule[1] if isinstance(rule[1], tuple) else (render(rule[1], words.lang), "text_right")
    if isinstance(value, int) and not isinstance(value, bool):
        return _whole(value, "integer")
    return _in_words(key, head, value, words), "text_right"


def _in_words(key: str, head: str, value: Any, words: Words) -> str:
    if key in CODES:
        return words.of(CODES[key], value)
    if key in WORDS:
        return render(WORDS[key].get(value, value), words.lang)
    if key in ("scenario.tie_rule", "call.tie_rule"):
        return ", ".join(_tie_key(one, words) for one in value) or render(msg("nothing"), words.lang)
    if key == "scenario.threshold":
        return "; ".join(_threshold(name, least, words) for name, least in sorted(value.items()))
    if key == "call.lock":
        text = msg("{hash} ({by}, {at})", hash=value["hash"], by=value["by"], at=datetime.fromisoformat(value["at"]))
        return render(text, words.lang)
    if head in ("theme", "category"):
        return _local(value["name"]).get(words.lang)
    if head == "condition":
        texts = [value["name"], *([value["description"]] if value.get("description") else [])]
        return "\n".join(_local(text).get(words.lang) for text in texts)
    if isinstance(value, dict) and value.keys() == {"fi", "sv", "en"}:
        return _local(value).get(words.lang)
    if isinstance(value, bool):
        return words.of("yes", "yes" if value else "no")
    if isinstance(value, list):
        return _list(value) or render(msg("no application"), words.lang)
    return value if isinstance(value, str) else canonical_json(value)


def _list(value: list[Any]) -> str:
    """Texts, or groups of texts."""
    if all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return "; ".join(", ".join(group) for group in value)


def _tie_key(key: str, words: Words) -> str:
    named = {"lot": msg("lot"), "id": msg("order of the case numbers")}
    return render(named[key], words.lang) if key in named else words.of("criterion", key)


def _threshold(name: str, least: int | str, words: Words) -> str:
    label: Text = msg("Score") if name == "score" else words.of("criterion", name)
    return f"{render(label, words.lang)}: {_number(least, words)}"


def _number(value: int | str, words: Words) -> str:
    number = exact(value)
    return format_number(number, words.lang, 0 if number.denominator == 1 else 2)


def _moment(moment: datetime, *, plain: bool) -> tuple[Cell, str]:
    if moment.tzinfo is None:
        raise ValueError(moment)
    local = moment.astimezone(HELSINKI).replace(microsecond=0, tzinfo=None)
    return (local.isoformat(), "text_right") if plain else (day_number(local), "moment")


def _whole(value: int, style: str) -> tuple[Cell, str]:
    if type(value) is not int:
        raise TypeError(value)
    return (value, style) if abs(value) < _EXACT else (str(value), "text_right")


def _local(name: Mapping[str, Any]) -> LocalText:
    return LocalText(str(name["fi"]), str(name["sv"]), str(name["en"]))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " […]"


_DIGITS = re.compile("([0-9]+)")


def natural(key: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts numbers inside a key by their value."""
    return tuple((0, int(one), "") if one.isdecimal() and len(one) < 20 else (1, 0, one) for one in _DIGITS.split(key))
