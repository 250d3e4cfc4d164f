"""Reading a call from its TOML file: all problems at once, each with its key, the value and what is accepted."""

import re
import tomllib
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ValidationError

from calls.definition import CallDefinition
from calls.definition_checks import cross_check
from calls.definition_schema import accepted_at, dotted, shown
from locales import Message, msg, render

MAX_BYTES = 500_000
MAX_LINE = 10_000
"""Characters on one line: a dotted key of many thousand parts would keep the parser busy for minutes."""
MAX_PROBLEMS = 100
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_HUGE = re.compile(r"[0-9_]{40,}|[eE][+-]?[0-9_]{7,}")


class CallFileError(ValueError):
    """A call file that cannot be used; ``problems`` lists every fault found, in the order of the file's keys."""

    def __init__(self, problems: tuple[Message, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(render(problem, "en") for problem in problems))


def read_call(text: str | bytes) -> CallDefinition:
    """The call that a TOML text defines.

    Moments may be written without an offset; they are then local times of ``window.time_zone``.
    Raises CallFileError: too large, not UTF-8, not TOML (line and column), or faults in keys and values.
    """
    data = _parse(_decode(text))
    problems = _localise(data)
    try:
        call = CallDefinition.model_validate(data)
    except ValidationError as error:
        problems += [_problem(fault["type"], fault["loc"], fault["input"]) for fault in error.errors()]
        raise CallFileError(tuple(problems[:MAX_PROBLEMS])) from None
    problems += cross_check(call)
    if problems:
        raise CallFileError(tuple(problems[:MAX_PROBLEMS]))
    return call


def _decode(text: str | bytes) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise CallFileError(
            (
                msg(
                    "The call file is {size} bytes. Accepted: at most {limit} bytes.",
                    size=str(size),
                    limit=str(MAX_BYTES),
                ),
            )
        )
    try:
        return text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise CallFileError(
            (
                msg(
                    "The call file is not UTF-8 text (byte {position}). Accepted: TOML saved as UTF-8.",
                    position=str(error.start + 1),
                ),
            )
        ) from None


def _parse(text: str) -> dict[str, object]:
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            raise CallFileError(
                (
                    msg(
                        "Line {line} has {size} characters. Accepted: at most {limit} on one line.",
                        line=str(number),
                        size=str(len(line)),
                        limit=str(MAX_LINE),
                    ),
                )
            )
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise CallFileError(
            (
                msg(
                    "The call file has lists or tables too deep inside each other. "
                    "Accepted: TOML as in the calls that come with the product."
                ),
            )
        ) from None
    except (ValueError, ArithmeticError) as error:  # also numbers that Python refuses, such as 5,000 digits
        raise CallFileError((_syntax(text, str(error)),)) from None


def _syntax(text: str, reason: str) -> Message:
    lines = text.replace("\r\n", "\n").split("\n")
    place = _PLACE.search(reason)
    if not place and "end of document" not in reason:
        return _number(lines)
    line, column = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
    found = shown(lines[line - 1].strip()) if line <= len(lines) else ""
    where = {"line": str(line), "column": str(column), "found": found}
    if any(word in reason for word in ("twice", "overwrite", "mutate", "redefine")):
        return msg(
            "Line {line}, column {column}: {found}. The same key or table is given twice. Accepted: each key once.",
            **where,
        )
    return msg(
        "Line {line}, column {column}: {found}. This is not TOML. "
        "Accepted: key = value, [table] or [[list of tables]], texts in quotation marks.",
        **where,
    )


def _number(lines: list[str]) -> Message:
    found = next(((row, hit) for row, line in enumerate(lines, 1) if (hit := _HUGE.search(line))), None)
    return msg(
        "Line {line}, column {column}: {found}. The number is too large. Accepted: numbers of at most 18 digits.",
        line=str(found[0]) if found else "?",
        column=str(found[1].start() + 1) if found else "?",
        found=shown(lines[found[0] - 1].strip()) if found else "",
    )


def _localise(data: dict[str, object]) -> list[Message]:
    """Gives moments without offset the call's time zone, in place; reports an unknown zone and impossible moments."""
    window = data.get("window")
    if not isinstance(window, dict):
        return []
    problems = []
    name = window.get("time_zone")
    known = isinstance(name, str) and name in available_timezones()
    if isinstance(name, str) and not known:
        problems.append(
            msg(
                "{key}: {value} is not accepted. Accepted: {accepted}.",
                key="window.time_zone",
                value=shown(name),
                accepted=msg("a name of the IANA time zone database, such as Europe/Helsinki"),
            )
        )
    zone = ZoneInfo(str(name)) if known else UTC
    for key in ("opens", "closes"):
        part = window.get(key)
        if isinstance(part, dict):
            problems += _moment(f"window.{key}.value", part, zone)
    return problems


def _moment(key: str, part: dict[str, object], zone: tzinfo) -> list[Message]:
    value = part.get("value")
    if not isinstance(value, datetime) or value.tzinfo is not None:
        return []
    part["value"] = value.replace(tzinfo=zone)
    if zone.utcoffset(value.replace(fold=0)) == zone.utcoffset(value.replace(fold=1)):
        return []
    return [
        msg(
            "{key}: the clock shows {value} twice or not at all in {zone}. "
            "Accepted: a moment with its offset, for example 2020-10-25T03:30:00+02:00.",
            key=key,
            value=value.isoformat(),
            zone=str(zone),
        )
    ]


def _problem(kind: str, place: tuple[int | str, ...], value: object) -> Message:
    key = dotted(place)
    if kind == "missing":
        return msg("{key} is missing. Accepted: {accepted}.", key=key, accepted=accepted_at(place))
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return msg(
            "{key}: the key is not known (value {value}). Accepted here: {accepted}.",
            key=key,
            value=shown(value),
            accepted=accepted_at(place[:-1]),
        )
    return msg(
        "{key}: {value} is not accepted. Accepted: {accepted}.",
        key=key,
        value=shown(value),
        accepted=accepted_at(place),
    )
