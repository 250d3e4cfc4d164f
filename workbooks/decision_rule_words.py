"""The rules of a scenario's record in words: constraints, groups, tiers, and projects forced or set by hand."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from decisions.words import PROJECT_WORDS, Words
from locales import LocalText, Message, Money, Param, format_number, msg

Text = Message | LocalText | str
Line = tuple[Text, Text | tuple[int, str]]
"""A label and a value: in words, or a number with the name of its format."""

_VOCABULARIES: Mapping[str, str] = {
    "theme": "theme",
    "region": "region",
    "partner_region": "region",
    "settlement": "settlement",
    "language": "language",
}


_NUMBER = re.compile(r"-?[0-9]{1,80}(?:[./][0-9]{1,80})?(?:[eE][+-]?[0-9]{1,2})?")


def exact(value: int | str | Fraction) -> Fraction:
    """The number of a record, whole or as a text. Raises ValueError, TypeError or ArithmeticError for none of ours."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError(value[:80])
    return Fraction(value)


def rule_words(rest: str, words: Words) -> Line | None:
    """Label and value of the fact ``scenario.REST``; None for one that is none of the rules.

    Raises KeyError, TypeError, ValueError, AttributeError or ArithmeticError for a value that is no such rule.
    """
    head, _, item = rest.partition(".")
    value = words.facts[f"scenario.{rest}"]
    if rest == "rank_order":
        return None if value is None else (msg("Rank order respected"), _pool(value, words))
    if not item or head not in _SAID:
        return None
    return _SAID[head](item, value, words)


def _pool(value: Any, words: Words) -> Text:
    if isinstance(value, bool):
        return msg("in the whole ranking") if value else msg("no")
    return _name(value, words)


def _forced(item: str, reason: Any, _words: Words) -> Line:
    side, _, case = item.partition(".")
    label = {
        "in": msg("Forced in, {case}", case=_case(case)),
        "out": msg("Forced out, {case}", case=_case(case)),
    }[side]
    return label, str(reason)


def _fixed(item: str, value: Any, _words: Words) -> Line:
    label = msg("Set by hand, {case}", case=_case(item))
    if isinstance(value, int):
        return label, (value, "money")
    return label, msg("{euros}. Reason: {reason}", euros=Money(value["euros"]), reason=str(value["reason"]))


def _tier(_item: str, value: Any, words: Words) -> Line:
    return (
        msg("Score of at least {score}", score=_plain(value["from"], words)),
        msg("{percent} % of the amount applied for", percent=_plain(exact(value["share"]) * 100, words)),
    )


def _exclusive(_item: str, value: Any, _words: Words) -> Line:
    said = msg("at most {n} of {ids}", n=value["most"], ids=list(value["projects"]))
    return msg("Constraint: {name}", name=value["name"]), _switched(said, value)


def _dependent(_item: str, value: Any, _words: Words) -> Line:
    said = msg("{id} only if funded: {ids}", id=value["project"], ids=list(value["needs"]))
    return msg("Constraint: {name}", name=value["name"]), _switched(said, value)


def _constraint(_item: str, value: Any, words: Words) -> Line:
    parts: list[Param] = [_measure(value, words)]
    for label, accepted in sorted(value.get("where", {}).items()):
        named: list[Param] = [_value_name(label, one, words) for one in accepted]
        parts.append(msg("{label}: {values}", label=_name(label, words), values=named))
    if value.get("each"):
        parts.append(msg("each by itself: {label}", label=_name(value["each"], words)))
    if (least := _limit(value, "min", words)) is not None:
        parts.append(msg("at least {limit}", limit=least))
    if (most := _limit(value, "max", words)) is not None:
        parts.append(msg("at most {limit}", limit=most))
    return msg("Constraint: {name}", name=value["name"]), _switched(msg("{parts}", parts=parts), value)


_SAID: Mapping[str, Callable[[str, Any, Words], Line]] = {
    "force": _forced,
    "fixed": _fixed,
    "tier": _tier,
    "exclusive": _exclusive,
    "dependent": _dependent,
    "constraint": _constraint,
}


def _measure(value: Mapping[str, Any], words: Words) -> Message:
    measure = value["sum"]
    if measure == "grant":
        return msg("euros granted")
    if measure == "count":
        return msg("projects funded")
    column = _name(measure, words)
    return (
        msg("sum of {column} times euros", column=column)
        if value.get("times_grant")
        else msg("sum of {column}", column=column)
    )


def _limit(value: Mapping[str, Any], side: str, words: Words) -> Param | None:
    if (share := value.get(f"{side}_share")) is not None:
        return msg("{percent} % of the appropriation", percent=_plain(exact(share) * 100, words))
    if (limit := value.get(side)) is None:
        return None
    return Money(limit) if value["sum"] == "grant" and isinstance(limit, int) else _plain(limit, words)


def _switched(said: Message, value: Mapping[str, Any]) -> Message:
    return said if value.get("on", True) else msg("{said} (switched off)", said=said)


def _name(key: str, words: Words) -> Text:
    if key == "theme" and words.facts.get("call.theme_word") == "viewpoint":
        return msg("viewpoint")
    return PROJECT_WORDS.get(key) or words.of("criterion", key)


def _value_name(label: str, value: str, words: Words) -> str:
    return words.of(_VOCABULARIES[label], value) if label in _VOCABULARIES else value


def _plain(value: int | str | Fraction, words: Words) -> str:
    number = exact(value)
    return format_number(number, words.lang, 0 if number.denominator == 1 else 2)


def _case(escaped: str) -> str:
    # In a key the sign of a part of a long fact stands as its code.
    return escaped.replace("%23", "#").replace("%25", "%")
