"""One cell in, one typed value out, or what is wrong with it. Form only: whether it is eligible is asked later."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from calls.application import Language, Partner
from calls.case_number import is_unseen
from calls.definition import CallDefinition, Item
from calls.register import Register
from locales import LANGUAGES, PSEUDO, Message, msg
from locales.parse import LARGEST_EUROS, MoneyError, parse_euros
from workbooks.columns import Column
from workbooks.intake_cells import Cell
from workbooks.intake_partners import PartnersError, parse_partners

Value = str | int | datetime | tuple[Partner, ...]

FIRST_YEAR, LAST_YEAR = 2000, 2099

_LANGUAGES: Mapping[str, Language] = {
    "fi": "fi", "suomi": "fi", "finska": "fi", "finnish": "fi",
    "sv": "sv", "ruotsi": "sv", "svenska": "sv", "swedish": "sv",
}  # fmt: skip
_BUSINESS_ID = re.compile(r"[0-9]{7}-[0-9]")
_CODE = re.compile(r"[0-9]{3}")
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_NORDIC = re.compile(
    r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}),?(?:\s+|\s*kl(?:o|\.)?\s*)([0-9]{1,2})[.:]([0-9]{2})(?:[.:]([0-9]{2}))?"
)
_DAY = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Characters that no text holds: controls, those that turn the direction of writing, half characters."""


class CellProblem(ValueError):
    """What is wrong with one cell."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


def read_cell(column: Column, cell: Cell, call: CallDefinition, register: Register | None) -> Value | None:
    """The value of a cell, None if it is empty. Raises CellProblem."""
    _refuse_kinds(cell, moment=column.kind == "moment")
    if column.kind == "moment" and cell.moment is not None:
        # A day without time of day is stored as its midnight, which a format with hours then shows as 00.00.
        if not cell.timed or cell.moment.time() == time():
            raise CellProblem(msg("The time of day is missing."))
        return _utc(cell.moment, ZoneInfo(call.window.time_zone))
    if cell.kind == "number" and cell.number is not None and column.kind in ("money", "code"):
        return _number(column, cell.number)
    text = _text(cell.text, column.longest, case_number=column.id == "case_number")
    return _typed(column, text, call, register) if text else None


def _typed(column: Column, text: str, call: CallDefinition, register: Register | None) -> Value:
    match column.kind:
        case "money":
            try:
                return parse_euros(text)
            except MoneyError as error:
                raise CellProblem(error.message) from error
        case "moment":
            return _moment_of_text(text, ZoneInfo(call.window.time_zone))
        case "language":
            return _language(text)
        case "business_id":
            return _formed(text, _BUSINESS_ID, msg("The business ID is not of the right form."))
        case "code":
            return _formed(text, _CODE, msg("The municipality code is not three digits."))
        case "partners":
            try:
                return parse_partners(text, register)
            except PartnersError as error:
                raise CellProblem(error.message) from error
        case "theme":
            return theme_id(text, call)
        case _:
            return text


def theme_id(text: str, call: CallDefinition) -> str:
    """The id of the theme that ``text`` names by id, name in any language, or both; else ``text`` itself."""
    wanted = _fold(text)
    for theme in call.themes:
        if wanted in {_fold(name) for name in _theme_names(theme)}:
            return theme.id
    return text


def _theme_names(theme: Item) -> list[str]:
    names = [theme.name.get(lang) for lang in (*LANGUAGES, PSEUDO)]
    return [theme.id, *names, *(f"{theme.id} – {name}" for name in names)]


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _refuse_kinds(cell: Cell, *, moment: bool) -> None:
    if cell.kind == "formula":
        raise CellProblem(msg("The cell holds a formula; only values are read."))
    if cell.kind == "error":
        raise CellProblem(msg("The cell holds an error value of the spreadsheet."))
    if cell.kind == "bool":
        raise CellProblem(msg("The cell holds a truth value."))
    if cell.kind == "moment" and not moment:
        raise CellProblem(msg("The cell holds a date."))


def _text(text: str, longest: int, *, case_number: bool) -> str:
    """``text`` without outer spaces, line ends as line feeds. A case number holds nothing that is not seen."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(plain) > longest:
        raise CellProblem(msg("The text is longer than {longest} characters.", longest=str(longest)))
    strange = _CONTROL.search(plain)
    place = strange.start() if strange is not None else None
    if place is None and case_number:
        place = next((at for at, char in enumerate(plain) if is_unseen(char)), None)
    if place is not None:
        raise CellProblem(
            msg(
                "The text holds the control character {code} as its character number {place}.",
                code=f"U+{ord(plain[place]):04X}",
                place=str(place + 1),
            )
        )
    return plain


def _number(column: Column, number: Decimal) -> Value:
    if column.kind == "code":
        # A spreadsheet drops the leading zeros of a code that was typed as a number.
        if number == number.to_integral_value() and 0 < number < 1000:
            return f"{int(number):03}"
        raise CellProblem(msg("The municipality code is not three digits."))
    if number < 0:
        raise CellProblem(msg("The amount is negative."))
    if number > LARGEST_EUROS:
        raise CellProblem(msg("The amount is too large."))
    if number != number.to_integral_value():
        raise CellProblem(msg("The amount has cents."))
    return int(number)


def _language(text: str) -> Language:
    found = _LANGUAGES.get(text.casefold())
    if found is None:
        raise CellProblem(msg("The language of service is neither Finnish nor Swedish."))
    return found


def _formed(text: str, form: re.Pattern[str], problem: Message) -> str:
    if form.fullmatch(text) is None:
        raise CellProblem(problem)
    return text


def _moment_of_text(text: str, zone: ZoneInfo) -> datetime:
    plain = " ".join(text.split())
    if _DAY.fullmatch(plain):
        raise CellProblem(msg("The time of day is missing."))
    nordic = _NORDIC.fullmatch(plain)
    try:
        if nordic is not None:
            day, month, year, hour, minute, second = (int(part or 0) for part in nordic.groups())
            return _utc(datetime(year, month, day, hour, minute, second), zone)  # noqa: DTZ001 - zone follows
        if _ISO.fullmatch(plain):
            return _utc(datetime.fromisoformat(plain), zone)
    except CellProblem:
        raise
    except ValueError as error:
        raise CellProblem(msg("There is no such date or time.")) from error
    raise CellProblem(msg("The text is not a date and time."))


def _utc(moment: datetime, zone: ZoneInfo) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise CellProblem(
            msg("The year is not between {first} and {last}.", first=str(FIRST_YEAR), last=str(LAST_YEAR))
        )
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    local = moment.replace(tzinfo=zone)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
            raise CellProblem(msg("The clock was put forward: there was no such time of day."))
        raise CellProblem(
            msg(
                "The clock was put back: this time of day came twice. Write the offset, for example {iso}.",
                iso=local.isoformat(timespec="minutes"),
            )
        )
    return local.astimezone(UTC)
