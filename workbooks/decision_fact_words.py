"""The facts of a decision in words: what each is called, and its value as a person reads it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from decisions.values import canonical_json
from decisions.words import Words
from locales import HELSINKI, LocalText, Message, Param, format_number, msg, render
from workbooks.decision_cells import day_number
from workbooks.decision_rule_words import OBJECTIVES, RANKING_SCORES, REST, rule_words

Text = Message | LocalText | str
Cell = str | int | float

NOT_SET = msg("not set")
_NOTHING: Mapping[str, Message] = {
    "call.lock": msg("not locked"),
    "decision.previous": msg("no earlier decision"),
    "decision.grounds": msg("not stated"),
    "decision": msg("not yet"),
    "result": msg("not calculated"),
    "ranking": msg("not calculated"),
}
"""What stands for null or an empty text, by key or group."""
GROUPS: Mapping[str, Message] = {
    "decision": msg("Decision"),
    "scenario": msg("Scenario"),
    "result": msg("Result of the distribution"),
    "call": msg("Call"),
    "criterion": msg("Criteria"),
    "theme": msg("Themes"),
    "category": msg("Cost categories"),
    "condition": msg("Conditions of the grant"),
    "ranking": msg("Uncertainty of the ranking"),
    "material": msg("Material"),
    "program": msg("Program"),
}
"""What the first part of a key tells, in the order in which the groups stand."""
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
        label = msg("{label}, part {n}", label=label, n=int(part) if part.isdecimal() else part)
        text = cell if isinstance(cell, str) else str(cell)
        cell, style = (_shortened(text) if part == "0001" else render(_CONTINUES, words.lang)), "text_right"
    if isinstance(cell, str) and (len(cell) > _LINES or "\n" in cell):
        style = "text"
    return Said(GROUPS.get(head, msg("Other facts")), label, cell, style)


_CONTINUES = msg("the value goes on")

_LABELS: Mapping[str, Message] = {
    "decision.stage": msg("Stage"),
    "decision.number": msg("Number of the decision"),
    "decision.kind": msg("Kind of decision"),
    "decision.previous": msg("Hash of the previous decision"),
    "decision.grounds": msg("Grounds of the decision"),
    "decision.made_at": msg("List made (Finnish time)"),
    "decision.presenter": msg("Presenting officer"),
    "decision.proposed_at": msg("Proposed (Finnish time)"),
    "decision.decision_maker": msg("Decision maker"),
    "decision.decided_at": msg("Decided (Finnish time)"),
    "decision.proposal_hash": msg("Hash of the proposal"),
    "scenario.name": msg("Name of the scenario"),
    "scenario.rest": msg("Other awards"),
    "scenario.appropriation": msg("Appropriation"),
    "scenario.reserve": msg("Reserve"),
    "scenario.unit": msg("Grants are rounded down to"),
    "scenario.rule": msg("Rule of distribution"),
    "scenario.objective": msg("What is maximised"),
    "scenario.max_share": msg("Largest share of the accepted costs"),
    "scenario.threshold": msg("Lowest score that can be funded"),
    "scenario.smallest_grant": msg("Smallest viable grant"),
    "scenario.largest_grant": msg("Largest grant"),
    "scenario.rank_order": msg("Rank order respected"),
    "scenario.time_limit": msg("Time limit, seconds"),
    "scenario.gap": msg("Largest gap accepted"),
    "scenario.seed": msg("Seed of the lot"),
    "scenario.tie_rule": msg("Equal scores are separated by"),
    "result.status": msg("Status of the solution"),
    "result.objective": msg("Value reached"),
    "result.bound": msg("Bound of the value"),
    "result.gap": msg("Gap to the bound"),
    "result.spent": msg("Distributed in all"),
    "result.remaining": msg("Remaining"),
    "result.reached": msg("Value reached with the awards set by hand"),
    "result.rest_status": msg("Status of the other awards, distributed anew"),
    "result.ties": msg("Awards that the tie rule decided"),
    "result.ranking_changed": msg("Ranking changed since the scenario was saved"),
    "result.gone": msg("Set by hand, but not in the ranking any more"),
    "call.id": msg("Call identifier"),
    "call.name": msg("Name of the call"),
    "call.authority": msg("Authority"),
    "call.decree": msg("Decree"),
    "call.register_year": msg("Year of the municipal register"),
    "call.theme_word": msg("Word for a theme"),
    "call.appropriation": msg("Appropriation of the call"),
    "call.unit": msg("Grants of the call are rounded down to"),
    "call.largest_share_bp": msg("Largest share of the accepted costs in the call"),
    "call.smallest_grant": msg("Smallest grant of the call"),
    "call.largest_grant": msg("Largest grant of the call"),
    "call.ranking_score": msg("What ranks"),
    "call.tie_rule": msg("Equal scores are separated in the call by"),
    "call.lot_seed": msg("Seed of the lot of the call"),
    "call.lock": msg("Lock of the ranking rule"),
    "ranking.k": msg("Best ranks counted in the simulation"),
    "ranking.band": msg("Width of the intervals, %"),
    "ranking.draws": msg("Draws of the uncertainty"),
    "ranking.seed": msg("Seed of the draws"),
    "ranking.outcome": msg("Outcome of the calculation"),
    "program.version": msg("Version of the program"),
}
ORDER: Mapping[str, int] = {key: at for at, key in enumerate(_LABELS)}
"""Where a known fact stands in its group."""
_OF_EACH: Mapping[str, Callable[[str], Message]] = {
    "theme": lambda rest: msg("Theme {id}", id=rest),
    "category": lambda rest: msg("Cost category {id}", id=rest),
    "condition": lambda rest: msg("Condition {id}", id=rest),
    "material": lambda rest: msg("SHA-256 of the material: {part}", part=_MATERIAL.get(rest, rest)),
}
_MATERIAL: Mapping[str, Message] = {
    "call": msg("call"),
    "applications": msg("applications"),
    "reviews": msg("reviews"),
    "consensus": msg("consensus of the panel"),
    "conflicts": msg("conflicts of interest"),
    "scenario": msg("scenario"),
    "ranking_lock": msg("lock of the ranking rule"),
}
_MONEY = frozenset(
    [
        "scenario.appropriation",
        "scenario.reserve",
        "scenario.unit",
        "scenario.smallest_grant",
        "scenario.largest_grant",
        "result.spent",
        "result.remaining",
        "call.appropriation",
        "call.unit",
        "call.smallest_grant",
        "call.largest_grant",
    ]
)
_SHARES = frozenset(("scenario.max_share", "scenario.gap", "result.gap"))
_NUMBERS = frozenset(
    ("scenario.threshold", "scenario.time_limit", "result.objective", "result.bound", "result.reached")
)
_MOMENTS = frozenset(("decision.made_at", "decision.proposed_at", "decision.decided_at"))
_CODES: Mapping[str, str] = {
    "decision.stage": "stage",
    "decision.kind": "kind",
    "scenario.rule": "rule",
    "result.status": "solution",
    "result.rest_status": "solution",
}
_WORDS: Mapping[str, Mapping[str, Message]] = {
    "scenario.rest": REST,
    "scenario.objective": OBJECTIVES,
    "call.ranking_score": RANKING_SCORES,
    "call.theme_word": {"theme": msg("Theme"), "viewpoint": msg("Viewpoint")},
}


def _label(key: str, head: str, rest: str, words: Words) -> Text:
    if key in _LABELS:
        return _LABELS[key]
    try:
        if head == "criterion":
            return _criterion(rest, words)
        if head == "scenario" and (rule := rule_words(rest, words)) is not None:
            return rule[0]
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return key
    return _OF_EACH[head](rest) if head in _OF_EACH else key


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
        nothing = _NOTHING.get(key) or _NOTHING.get(head, NOT_SET if value is None else msg("not stated"))
        return render(nothing, words.lang), "text_right"
    if key in _MONEY and type(value) is int:
        return _whole(value, "money")
    if key == "call.largest_share_bp":
        return value / 10_000, "percent_exact" if value % 100 else "percent"
    if key in _SHARES:
        share = Fraction(value)
        return float(share), "percent" if (share * 100).denominator == 1 else "percent_exact"
    if key in _NUMBERS and not isinstance(value, dict):
        number = Fraction(value)
        return _whole(int(number), "thousands") if number.denominator == 1 else (float(number), "score")
    if key in _MOMENTS and value:
        return _moment(datetime.fromisoformat(value), plain=plain)
    if head == "criterion":
        return _whole(value["weight"], "integer")
    if head == "scenario" and (rule := rule_words(rest, words)) is not None:
        return rule[1] if isinstance(rule[1], tuple) else (render(rule[1], words.lang), "text_right")
    if isinstance(value, int) and not isinstance(value, bool):
        return _whole(value, "integer")
    return _in_words(key, head, value, words), "text_right"


def _in_words(key: str, head: str, value: Any, words: Words) -> str:
    if key in _CODES:
        return words.of(_CODES[key], value)
    if key in _WORDS:
        return render(_WORDS[key].get(value, value), words.lang)
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
    exact = Fraction(value)
    return format_number(exact, words.lang, 0 if exact.denominator == 1 else 2)


def _moment(moment: datetime, *, plain: bool) -> tuple[Cell, str]:
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
