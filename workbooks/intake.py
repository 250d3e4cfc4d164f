"""Applications from a workbook or CSV: the good rows typed, every fault of the others with its place and value."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from calls.application import Application, Coordinator, Language, Partner
from calls.application_record import field_label
from calls.case_number import same_case
from calls.definition import CallDefinition
from calls.register import Register
from locales import Message, msg, msgn
from workbooks.columns import BY_ID, COLUMNS, Column, letter
from workbooks.intake_cells import LARGEST_ROWS, Cell, FileRefused, Row, Sheet, filled
from workbooks.intake_fields import CellProblem, Value, read_cell
from workbooks.intake_heading import Heading, find_heading
from workbooks.intake_limits import too_many_rows
from workbooks.safe_open import open_workbook

LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: ``column`` is the letter, empty where the sheet lacks the column; ``value`` as a person sees it."""

    sheet: str
    row: int
    column: str
    field: Message
    value: str
    problem: Message
    accepted: Message

    @property
    def message(self) -> Message:
        """The whole fault in one sentence or three, for a list or a terminal."""
        if not self.column:
            return msg(
                "Sheet {sheet}, row {row}, {field}: {problem} Accepted: {accepted}",
                sheet=self.sheet, row=str(self.row), field=self.field, problem=self.problem, accepted=self.accepted,
            )  # fmt: skip
        return msg(
            "Sheet {sheet}, row {row}, column {column}, {field}: {problem} Value: “{value}”. Accepted: {accepted}",
            sheet=self.sheet, row=str(self.row), column=self.column, field=self.field, value=self.value,
            problem=self.problem, accepted=self.accepted,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """An application and the row it stands in."""

    row: int
    application: Application


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row with faults: its cells by column id, as they were."""

    row: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Intake:
    """What a file holds. Faults of the heading row leave no rows at all, since columns could be mistaken."""

    sheet: str
    rows: tuple[IntakeRow, ...]
    faults: tuple[Fault, ...]
    sha256: str
    bad_rows: tuple[BadRow, ...] = ()
    heading_faults: bool = False

    @property
    def applications(self) -> tuple[Application, ...]:
        """The applications of the good rows, in the order of the file."""
        return tuple(row.application for row in self.rows)

    def faults_of(self, row: int) -> tuple[Fault, ...]:
        """The faults of one row."""
        return tuple(fault for fault in self.faults if fault.row == row)


def read_applications(data: bytes, filename: str, call: CallDefinition, register: Register | None = None) -> Intake:
    """The applications in ``data`` for ``call``, with every fault of every row; deterministic, saves nothing.

    ``register`` only completes a code or name that was left out. Raises FileRefused when the file cannot be
    taken at all: see ``safe_open``, no sheet with the headings, no rows, more than 5,000 rows.
    """
    sheet, heading = find_heading(open_workbook(data, filename), filename)
    sha256 = hashlib.sha256(data).hexdigest()
    if heading.faults:
        faults = tuple(_heading_fault(sheet, heading, *fault) for fault in heading.faults)
        return Intake(sheet.name, (), faults, sha256, (), True)
    rows = [row for row in sheet.rows if row.number > heading.row and _used(row, heading)]
    if len(rows) > LARGEST_ROWS:
        raise FileRefused(too_many_rows(sheet.name))
    if not rows:
        raise FileRefused(msg("The sheet {sheet} has no applications under its headings.", sheet=sheet.name))
    return _collect(sheet, [_RowReader(sheet, heading, row, call, register) for row in rows], sha256)


def _collect(sheet: Sheet, readers: Sequence["_RowReader"], sha256: str) -> Intake:
    _report_repeated(readers)
    faults = tuple(fault for reader in readers for fault in sorted(reader.faults, key=_place))
    rows = tuple(IntakeRow(reader.row.number, reader.application()) for reader in readers if not reader.faults)
    bad = tuple(BadRow(reader.row.number, reader.cells) for reader in readers if reader.faults)
    return Intake(sheet.name, rows, faults, sha256, bad)


def _place(fault: Fault) -> tuple[int, str]:
    return len(fault.column), fault.column


def _used(row: Row, heading: Heading) -> bool:
    return any(column in row.cells and filled(row.cells[column]) for column in heading.columns.values())


def _heading_fault(sheet: Sheet, heading: Heading, column: int, label: Message, value: str, problem: Message,
                   accepted: Message) -> Fault:  # fmt: skip
    return Fault(sheet.name, heading.row, letter(column), label, shown(value), problem, accepted)


def _report_repeated(readers: Sequence["_RowReader"]) -> None:
    """Every row of a repeated case number is at fault: nobody but the officer knows which one is meant."""
    groups: dict[str, list[_RowReader]] = {}
    for reader in readers:
        case_number = reader.values.get("case_number")
        if isinstance(case_number, str):
            groups.setdefault(same_case(case_number), []).append(reader)
    for group in groups.values():
        for reader in group if len(group) > 1 else ():
            others = [str(other.row.number) for other in group if other is not reader]
            more = ["…"] if len(others) > 10 else []
            reader.report(
                "case_number",
                msgn(
                    "The same case number is also on row {rows}.",
                    "The same case number is also on rows {rows}.",
                    len(others),
                    rows=[*others[:10], *more],
                ),
            )


class _RowReader:
    """One row being read: values by column id, and faults."""

    def __init__(
        self, sheet: Sheet, heading: Heading, row: Row, call: CallDefinition, register: Register | None
    ) -> None:
        self.row = row
        self.faults: list[Fault] = []
        self.values: dict[str, Value | None] = {}
        self._sheet, self._heading, self._register = sheet, heading, register
        self.cells = {column_id: row.cells[index] for column_id, index in heading.columns.items() if index in row.cells}
        for column in COLUMNS:
            self._read(column, call)
        if not any(column.cost and column.id in self.cells and filled(self.cells[column.id]) for column in COLUMNS):
            first = next(column for column in COLUMNS if column.cost and column.id in heading.columns)
            self.report(first.id, msg("No cost is stated."), field_label("costs"))

    def _read(self, column: Column, call: CallDefinition) -> None:
        cell = self.cells.get(column.id)
        try:
            self.values[column.id] = None if cell is None else read_cell(column, cell, call, self._register)
        except CellProblem as problem:
            self.report(column.id, problem.message)
            return
        if column.required and self.values[column.id] is None:
            self.report(column.id, msg("The cell is empty."))

    def report(self, column_id: str, problem: Message, label: Message | None = None) -> None:
        """Note a fault of this row."""
        column = BY_ID[column_id]
        cell = self.cells.get(column_id)
        self.faults.append(
            Fault(
                self._sheet.name,
                self.row.number,
                letter(self._heading.columns.get(column_id, 0)),
                label or column.label,
                shown(cell.text if cell is not None else ""),
                problem,
                column.accepted,
            )
        )

    def application(self) -> Application:
        """The application of a row without faults."""
        value = self.values
        funding = cast("int | None", value["other_public_funding"])
        return Application(
            case_number=self._text("case_number"),
            arrived_at=cast("datetime", value["arrived_at"]),
            coordinator=self._coordinator(),
            language=cast("Language", value["language"]),
            partners=cast("tuple[Partner, ...]", value["partners"]),
            project_name=self._text("project_name"),
            theme=self._text("theme"),
            summary=self._text("summary"),
            process_change=self._text("process_change"),
            dissemination=self._text("dissemination"),
            consortium=self._text("consortium"),
            costs={
                column.cost: cast("int", value[column.id])
                for column in COLUMNS
                if column.cost and value[column.id] is not None
            },
            own_funding=cast("int | None", value["own_funding"]) or 0,
            other_public_funding=funding,
            applied=cast("int", value["applied"]),
        )

    def _coordinator(self) -> Coordinator:
        name, code = self._text("coordinator_name"), cast("str | None", self.values["coordinator_code"])
        if code is None and self._register is not None:
            known = self._register.by_name(name)
            code = known.code if known else None
        return Coordinator(name, self._text("coordinator_business_id"), code)

    def _text(self, column_id: str) -> str:
        return cast("str | None", self.values[column_id]) or ""


def shown(text: str) -> str:
    """A value in one line of at most 80 characters, control characters made visible."""
    line = "".join(char if char.isprintable() else "␣" if char.isspace() else "\ufffd" for char in text[:LONGEST_SHOWN])
    return line if len(text) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
