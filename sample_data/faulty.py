"""The workbook that shows every kind of fault a row can have, with good rows between the faulty ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from calls.application import Application
from calls.definition import CallDefinition
from sample_data.cells import WrongCell, spoil
from sample_data.generator import applications, awkward
from sample_data.prose import blocks
from workbooks.columns import BY_ID, COLUMNS, letter
from workbooks.template import write_applications

FAULTY_CALL = "2022"
_FURTHER = {"fi": "jatkohanke", "sv": "fortsättningsprojekt"}
_COSTS = tuple(column.id for column in COLUMNS if column.cost)


def _text(value: str) -> WrongCell:
    return WrongCell("text", value)


def _number(value: str) -> WrongCell:
    return WrongCell("number", value)


_EMPTY = WrongCell("empty")
_ROWS: tuple[Mapping[str, WrongCell], ...] = (
    {"case_number": _EMPTY},
    {"project_name": _EMPTY, "theme": _EMPTY, "applied": _EMPTY},
    {"case_number": _text("ESIM/2022/V77")},
    {"arrived_at": _text("25.4.2022")},
    {"arrived_at": _text("31.4.2022 12.00")},
    {"arrived_at": _text("huhtikuun lopussa")},
    {"arrived_at": _text("25.4.1922 12.00")},
    {"arrived_at": _text("27.3.2022 3.30")},
    {"arrived_at": _text("30.10.2022 3.30")},
    {"coordinator_code": _text("91")},
    {"coordinator_business_id": _text("9000000"), "language": _text("en")},
    {"partners": _text(";")},
    {"partners": _text("Esimerkkikuntayhtymä Lakeus [005 Alajärvi, 010 Alavus; 743 Seinäjoki")},
    {"partners": _text("[005 Alajärvi, 010 Alavus]; 743 Seinäjoki")},
    {"partners": _text("91 Helsinki; 049 Espoo")},
    {"partners": _text("091 Helsinki; 049 " + "Kuvitteellinen " * 21)},
    {"summary": _text("Keksitty hanke. " * 1_300)},
    {"process_change": _text("Keksitty teksti, jossa on_x0007_ ohjausmerkki.")},
    {"dissemination": WrongCell("formula", "1+1")},
    {"consortium": WrongCell("error", "#N/A")},
    {"project_name": WrongCell("bool", "1")},
    {"theme": WrongCell("number", "44676.5", styled_as="B")},
    {"applied": _number("-170000")},
    {"applied": _number("170000.5")},
    {"cost_personnel": _text("-120 000"), "own_funding": _text("30 000,50 €")},
    {"cost_travel": _text("noin 5 000"), "other_public_funding": _text("1.234")},
    {"cost_bought_services": _number("2000000000000")},
    {"cost_other": _text("2 000 000 000 000"), "applied": _text("1 " + "0" * 70)},
    dict.fromkeys(_COSTS, _EMPTY),
    {"case_number": _text("ESIM/2022/V77")},
)
"""Row after row, the cells that are wrong. The third row and the last one state the same case number."""
_GOOD_AFTER = 4
"""A good row follows each fourth faulty one."""


def faulty_workbook(call: CallDefinition) -> bytes:
    """The workbook for ``call`` (that of 2022), in Finnish; deterministic bytes."""
    rows = _places()
    source = [app for app in applications(FAULTY_CALL) if app.case_number not in awkward(FAULTY_CALL)]
    base = [_further(app, number) for number, app in enumerate(source[: len(rows)], start=1)]
    wrong = {
        f"{_column(column_id)}{number + 1}": cell
        for number, cells in enumerate(rows, start=1)
        for column_id, cell in cells.items()
    }
    return spoil(write_applications(base, call, "fi"), wrong)


def good_rows() -> int:
    """How many rows of the faulty workbook can be taken."""
    return sum(not cells for cells in _places())


def _places() -> Sequence[Mapping[str, WrongCell]]:
    rows: list[Mapping[str, WrongCell]] = [{}]
    for number, cells in enumerate(_ROWS, start=1):
        rows.append(cells)
        if number % _GOOD_AFTER == 0:
            rows.append({})
    return rows


def _further(application: Application, number: int) -> Application:
    """The same project with another case number and name, so that it is no duplicate of the sample's own."""
    marker = blocks(application.language).marker
    name = application.project_name.removesuffix(marker).rstrip()
    return replace(
        application,
        case_number=f"ESIM/2022/V{number:02d}",
        project_name=f"{name}, {_FURTHER[application.language]} {marker}",
    )


def _column(column_id: str) -> str:
    return letter(1 + COLUMNS.index(BY_ID[column_id]))
