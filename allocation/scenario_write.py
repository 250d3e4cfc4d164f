"""Writing a scenario as a TOML file that a person can read and change."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from allocation.kinds import KIND_LABELS
from allocation.scenario_record import KEYS, to_record
from allocation.types import Scenario
from locales import Lang, Message, msg, render

_WIDEST = 100
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_NUMBERS = ("max_share", "threshold", "from", "share", "min", "max", "min_share")
_TABLES = ("force", "fixed")
_LISTS = ("exclusive", "dependent", "tier", "constraint")
_COMMENTS: Mapping[str, Message] = {
    "appropriation": msg("Euros to distribute, and of them what is kept in reserve"),
    "unit": msg("Grants are whole multiples of this many euros"),
    "rule": msg("One of rank_strict, rank_skip, rank_partial, lp, milp, proportional and tiers"),
    "objective": msg("What is made as large as possible: score_of_funded or score_times_grant"),
    "max_share": KIND_LABELS["max_share"],
    "threshold": msg("The least score that is funded, or a table of score and columns"),
    "smallest_grant": msg("The smallest and the largest grant, euros"),
    "rank_order": msg("No project before a better one: true, or within each value of a label"),
    "time_limit": msg("Seconds, and the share of the optimum at which solving may stop"),
    "tie_rule": msg("Equal scores are separated by these columns; lot is drawn with seed, id is the order of the ids"),
    "force": msg("Projects that are funded, or left out, in any case; with the reason"),
    "fixed": msg("Awards set by hand, euros"),
    "exclusive": msg("At most so many of these projects"),
    "dependent": msg("The project only together with all that it needs"),
    "tier": msg("From this score on, this share of the amount applied for"),
    "constraint": msg("The sum over funded projects: grant, count or a numeric column"),
}


def write_scenario(scenario: Scenario, title: str = "", lang: Lang = "fi") -> str:
    """The text of a file that ``read_scenario`` reads back to an equal scenario (``names`` aside).

    The keys stand in one fixed order, with comments in ``lang``; the same scenario gives the same text.
    """
    record = to_record(scenario)
    lines = [f"title = {_value(title)}", ""] if title else []
    for key in KEYS:
        value = record[key]
        if key in _TABLES + _LISTS or value is None:
            continue
        lines += _comment(key, lang)
        lines += _pairs({key: value})
    for key in _TABLES:
        if record[key]:
            lines += ["", *_comment(key, lang), f"[{key}]", *_pairs(record[key])]
    for key in _LISTS:
        for number, one in enumerate(record[key]):
            lines += ["", *(_comment(key, lang) if number == 0 else ()), f"[[{key}]]", *_pairs(one)]
    return "\n".join(lines) + "\n"


def _comment(key: str, lang: Lang) -> list[str]:
    return [f"# {render(_COMMENTS[key], lang)}"] if key in _COMMENTS else []


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    # Euros and projects are whole: a limit of them that is not, such as a share in euros, stays a text.
    texts = ("min", "max") if table.get("sum") in ("grant", "count") else ()
    for key, value in table.items():
        number = key in _NUMBERS and key not in texts
        yield f"{_key(key)} = {_amount(value) if number else _value(value)}"


def _amount(value: Any) -> str:
    """A number of a record: a decimal stands without quotation marks, a fraction with them."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_amount(item)}" for key, item in value.items()) + " }"
    return str(value) if isinstance(value, int) or _DECIMAL.fullmatch(value) else _quoted(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        items = [_value(item) for item in value]
        short = "[" + ", ".join(items) + "]"
        return short if len(short) <= _WIDEST else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    if isinstance(value, float):
        return _number(value)
    return _quoted(value) if isinstance(value, str) else str(value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(sign) or _sign(sign) for sign in text) + '"'


def _sign(sign: str) -> str:
    code = ord(sign)
    if code < 0x20 or code == 0x7F:
        return f"\\u{code:04X}"
    # Half of a surrogate pair is no character, in TOML or anywhere.
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else sign
