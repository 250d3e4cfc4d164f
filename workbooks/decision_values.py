"""What a cell of the decision workbook says: from what it shows back to the value of the table."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from decisions.values import CanonicalError, Kind, Value, canonical_json, from_plain, normal
from decisions.words import Words, check_codes
from locales import HELSINKI, Message, msg, render
from workbooks.decision_cells import CHECKS, SEPARATOR
from workbooks.decision_plan import PlannedColumn
from workbooks.read_cells import Cell, Failed, Formula

Read: TypeAlias = Callable[["Cell | None"], Value]
"""Gives the value of a cell; raises Unreadable."""
LARGEST = 10**18
"""No whole number of a decision, but the seed of a lot, comes near it."""
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_LAST_DAY = 2_958_466
_DAY = 86_400
_LONG_WHOLE = re.compile(r"-?[0-9]{16,30}")


class Unreadable(ValueError):
    """A cell that does not hold what its column holds; ``accepted`` says what that is."""

    def __init__(self, accepted: Message) -> None:
        super().__init__(accepted.msgid)
        self.accepted = accepted


def reader_of(column: PlannedColumn, kind: Kind, words: Words, *, plain: bool) -> Read:
    """What reads the cells of a column of this kind. ``plain``: moments are text."""
    missing = render(column.missing, words.lang)
    empty = normal(None, kind)
    of_kind = _of_kind(kind, column.words, words, plain=plain)

    def read(cell: "Cell | None") -> Value:
        if isinstance(cell, Formula):
            raise Unreadable(msg("a value, not a formula"))
        if cell is None or cell == "" or (missing and cell == missing):
            return empty
        if isinstance(cell, Failed):
            raise Unreadable(msg("a value, not an error"))
        return of_kind(cell)

    return read


def text_of(cell: "Cell | None") -> str:
    """A cell as a report shows it; a formula begins with ``=``."""
    match cell:
        case None:
            return ""
        case Formula(text, _):
            return f"={text}"
        case Failed(text):
            return text
        case bool():
            return "TRUE" if cell else "FALSE"
    return str(cell)


def record_of(text: str) -> Any:
    """The value of a fact. Raises Unreadable for what is no JSON, or holds numbers that are not whole or too large."""
    try:
        value = json.loads(text, parse_int=_whole, parse_float=_refused, parse_constant=_refused)
        canonical_json(value)
    except (ValueError, RecursionError) as error:
        raise Unreadable(msg("JSON with texts, whole numbers, true, false and null")) from error
    return value


def _of_kind(kind: Kind, vocabulary: str, words: Words, *, plain: bool) -> Callable[[Any], Value]:
    match kind:
        case "text" | "code" if vocabulary:
            return lambda cell: words.code(vocabulary, _text(cell))
        case "text" | "code":
            return _text
        case "codes" if vocabulary == CHECKS:
            checks = check_codes(words.lang)
            return lambda cell: tuple(checks.get(one, one) for one in _text(cell).split(SEPARATOR))
        case "codes" if vocabulary:
            return lambda cell: tuple(words.code(vocabulary, one) for one in _text(cell).split(SEPARATOR))
        case "codes":
            return lambda cell: tuple(_text(cell).split(SEPARATOR))
        case "euros":
            return lambda cell: _integer(cell, msg("whole euros"))
        case "count":
            return lambda cell: _integer(cell, msg("a whole number"))
        case "decimal" | "fraction":
            return _decimal
        case "moment":
            return _stated_moment if plain else _moment
        case "yes":
            return lambda cell: _yes(cell, words)
    return lambda cell: record_of(_text(cell))


def _text(cell: Cell) -> str:
    if not isinstance(cell, str):
        raise Unreadable(msg("text"))
    return cell


def _integer(cell: Cell, accepted: Message) -> int:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and _LONG_WHOLE.fullmatch(cell):
        return int(cell)
    raise Unreadable(accepted)


def _decimal(cell: Cell) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or abs(cell) >= LARGEST:
        raise Unreadable(msg("a number"))
    return Decimal(normal(Decimal(repr(cell)), "decimal"))


def _moment(cell: Cell) -> datetime:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not 0 <= cell < _LAST_DAY:
        raise Unreadable(msg("a date and a time"))
    return (_EPOCH + timedelta(seconds=round(cell * _DAY))).replace(tzinfo=HELSINKI)


def _stated_moment(cell: Cell) -> Value:
    try:
        return from_plain(_text(cell), "moment")
    except CanonicalError as error:
        raise Unreadable(msg("a date and a time as {example}", example="2020-12-11T12:00:00")) from error


def _yes(cell: Cell, words: Words) -> bool:
    found = words.code("yes", _text(cell))
    if found not in ("yes", "no"):
        raise Unreadable(msg("{yes} or {no}", yes=words.of("yes", "yes"), no=words.of("yes", "no")))
    return found == "yes"


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError(digits[:20])
    return int(digits)


def _refused(number: str) -> Any:
    raise ValueError(number[:20])
