"""The columns of an application workbook: stable ids in order, headings in three languages, what each cell takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from calls.application_record import field_label
from locales import LANGUAGES, PSEUDO, Message, msg, render
from locales.parse import ACCEPTED_EUROS

Kind = Literal["text", "moment", "code", "business_id", "language", "partners", "theme", "money"]

LONGEST_TEXT = 20_000
LONGEST_NAME = 300
LONGEST_CASE_NUMBER = 100
FAULTS = "faults"
"""Id of the column that a workbook of bad rows adds: accepted on import and not read."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``label`` is its heading, ``accepted`` says what its cells take. ``width`` in characters."""

    id: str
    label: Message
    kind: Kind
    accepted: Message
    example: str
    required: bool = False
    longest: int = LONGEST_NAME
    width: int = 20

    @property
    def cost(self) -> str | None:
        """The cost category of a cost column, else None."""
        return self.id.removeprefix("cost_") if self.id.startswith("cost_") else None


def _text(longest: int) -> Message:
    return msg("Text of at most {longest} characters.", longest=str(longest))


_PARTNERS = msg(
    "Municipalities separated by semicolons, each as code and name, code or name: {municipalities}. A joint "
    "municipal authority is followed by the municipalities taking part in square brackets: {authority}.",
    municipalities="091 Helsinki; 049; Vantaa",
    authority="Esimerkkikuntayhtymä [005 Alajärvi, 010 Alavus]",
)
_MOMENT = msg(
    "Date and time to the minute, for example {finnish} or {iso}. A time without an offset is in the time zone "
    "of the call. Midnight is written as text, for example {midnight}.",
    finnish="5.10.2020 16.15",
    iso="2020-10-05T16:15+03:00",
    midnight="2020-10-05T00:00",
)


def _long(column_id: str, example: str) -> Column:
    return Column(column_id, field_label(column_id), "text", _text(LONGEST_TEXT), example, False, LONGEST_TEXT, 50)


def _money(column_id: str, field: str, example: str, *, required: bool = False) -> Column:
    return Column(column_id, field_label(field), "money", ACCEPTED_EUROS, example, required, width=24)


COLUMNS: tuple[Column, ...] = (
    Column(
        "case_number",
        field_label("case_number"),
        "text",
        msg(
            "Text of at most {longest} characters, each case number only once in the file.",
            longest=str(LONGEST_CASE_NUMBER),
        ),
        "VN/12345/2020",
        True,
        LONGEST_CASE_NUMBER,
        18,
    ),
    Column("arrived_at", field_label("arrived_at"), "moment", _MOMENT, "5.10.2020 16.15", True, width=18),
    Column("coordinator_name", field_label("coordinator.name"), "text", _text(LONGEST_NAME), "Helsinki", True),
    Column(
        "coordinator_code",
        field_label("coordinator.code"),
        "code",
        msg("Three digits, for example {example}. Left empty for a joint municipal authority.", example="091"),
        "091",
        width=18,
    ),
    Column(
        "coordinator_business_id",
        field_label("coordinator.business_id"),
        "business_id",
        msg("Seven digits, a hyphen and a check digit, for example {example}.", example="1234567-1"),
        "1234567-1",
        True,
        width=20,
    ),
    Column(
        "language",
        field_label("language"),
        "language",
        msg("{fi} (Finnish) or {sv} (Swedish).", fi="fi", sv="sv"),
        "fi",
        True,
        width=12,
    ),
    Column(
        "partners",
        field_label("partners"),
        "partners",
        _PARTNERS,
        "091 Helsinki; 049 Espoo",
        True,
        LONGEST_TEXT,
        40,
    ),
    Column("project_name", field_label("project_name"), "text", _text(LONGEST_NAME), "", True, width=32),
    Column(
        "theme",
        field_label("theme"),
        "theme",
        msg("The id or the name of one of the themes of the call."),
        "",
        True,
        width=32,
    ),
    _long("summary", ""),
    _long("process_change", ""),
    _long("dissemination", ""),
    _long("consortium", ""),
    _money("cost_personnel", "costs.personnel", "120 000"),
    _money("cost_travel", "costs.travel", "5 000"),
    _money("cost_premises", "costs.premises", "0"),
    _money("cost_bought_services", "costs.bought_services", "75 000"),
    _money("cost_other", "costs.other", "0"),
    _money("own_funding", "own_funding", "30 000"),
    _money("other_public_funding", "other_public_funding", "0"),
    _money("applied", "applied", "170 000", required=True),
)
BY_ID: Mapping[str, Column] = {column.id: column for column in COLUMNS}
FAULTS_LABEL = msg("Faults (this column is not read on import)")


@cache
def _headings() -> Mapping[str, str]:
    known = {_fold(column.id): column.id for column in COLUMNS} | {FAULTS: FAULTS}
    for lang in (*LANGUAGES, PSEUDO):
        known |= {_fold(render(column.label, lang)): column.id for column in COLUMNS}
        known[_fold(render(FAULTS_LABEL, lang))] = FAULTS
    return known


def column_of(heading: str) -> str | None:
    """The column id that a heading stands for: the id or the label in any language; case and spaces ignored."""
    return _headings().get(_fold(heading))


def letter(column: int) -> str:
    """The letters of a column counted from 1: 1 -> A, 27 -> AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _fold(heading: str) -> str:
    return "".join(heading.replace("\u00ad", "").split()).casefold()
