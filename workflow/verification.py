"""A decision workbook checked from itself alone; with the published hash and the frozen tables also against those."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from decisions.checking import (
    Difference,
    against_commitments,
    against_digests,
    against_expected,
    against_references,
    against_snapshot,
    completed,
)
from decisions.checking_rule import against_rule
from decisions.program import version
from decisions.snapshot import SnapshotError, faults, from_bytes, to_bytes
from decisions.tables import Tables, hash_of
from decisions.values import CanonicalError
from locales import Message, msg, render
from workbooks.decision_differences import differences
from workbooks.decision_names import TABLES
from workbooks.decision_read import out_of_order, read_sheets
from workbooks.decision_sheets import Fault, Place, Sheets
from workbooks.decision_write import decision_workbook
from workbooks.intake_cells import FileRefused
from workbooks.read_cells import Workbook, open_cells

MOST_LISTED = 200
"""Findings that are listed; of more there is only the number."""
LONGEST_SHOWN = 300
"""Characters of a value in a finding."""
_HASH_DIGITS = 64
_PARTS: Mapping[str, Message] = {
    "hash": msg("the hash that it states"),
    "reviewers": msg("the names of the reviewers"),
    "facts": msg("the facts"),
    "form": msg("its form; something was added, or it was written in another way"),
    "call": msg("the call"),
    "applications": msg("the applications"),
    "reviews": msg("the reviews"),
    "consensus": msg("the consensus of the panel"),
    "scenario": msg("the scenario"),
    "conflicts": msg("the conflicts of interest"),
    "reasons": msg("the reasons"),
    "ranking_lock": msg("the locked ranking rule"),
}
"""What of a snapshot may have been changed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be: where (both empty: nowhere in particular), what stands there, what would."""

    sheet: str
    cell: str
    stated: str
    expected: Message | str
    message: Message


@dataclass(frozen=True, slots=True)
class Report:
    """``ok``: everything agrees. ``hash``: of the tables as read, empty when they could not be.

    ``findings``: what matters most first, one for each cell; ``further``: how many more there are.
    """

    ok: bool
    hash: str
    findings: tuple[Finding, ...]
    further: int = 0


def verify(data: bytes, filename: str, expect: str | None = None, snapshot: bytes | None = None) -> Report:
    """Check the decision workbook ``data``; ``filename`` is only named. Never raises, whatever the file holds.

    ``expect``: the published hash. ``snapshot``: the frozen file, which knows the old values.
    """
    found = _Found()
    try:
        book = open_cells(data, filename)
        sheets = read_sheets(book)
        if sheets is None:
            found.add(msg("The file {name} is not a decision workbook of this program.", name=filename))
        else:
            _check(found, book, sheets, expect, snapshot)
    except FileRefused as refused:
        found.add(refused.message)
    except Exception as error:  # a forged file may break anything, and that is an answer as well
        found.add(
            msg("What the workbook states cannot be: {why}", why=f"{type(error).__name__}: {error}"[:LONGEST_SHOWN])
        )
    return found.report()


def _check(found: "_Found", book: Workbook, sheets: Sheets, expect: str | None, snapshot: bytes | None) -> None:
    found.sheets = sheets
    found.faults(sheets.faults)
    found.further += sheets.further
    if sheets.facts is None:
        return
    try:
        tables = sheets.tables()
    except CanonicalError as error:
        found.add(msg("What the workbook states cannot be: {why}", why=str(error)))
        return
    found.hash = hash_of(tables)
    if sheets.stated is not None:
        found.chain = found.differences(_there(sheets, against_digests(tables, sheets.stated)))
    if sheets.absent:
        # What is left of the decision is no decision: everything else would differ.
        found.hash = ""
        return
    if expect is not None:
        _check_hash(found, expect.strip().lower())
    if snapshot is not None:
        _check_snapshot(found, tables, snapshot)
    found.differences(against_commitments(tables))
    lost = list(against_references(tables, sheets.facts))
    found.differences(lost)
    whole = completed(tables)
    if isinstance(whole, Difference):
        found.differences([whole])
        return
    if found.further or any(one.field == "criterion" for one in lost):
        # More than people read; and without its weight a level cannot be written.
        return
    found.differences(against_rule(whole))
    _check_cells(found, book, sheets, whole)


def _there(sheets: Sheets, differences: Iterable[Difference]) -> Iterator[Difference]:
    """Without those of tables whose sheet is missing, which is told once."""
    return (one for one in differences if one.table not in sheets.absent)


def _check_hash(found: "_Found", expect: str) -> None:
    if len(expect) != _HASH_DIGITS or not set(expect) <= set("0123456789abcdef"):
        found.add(msg("{value} is not a hash; 64 hexadecimal digits are.", value=expect[:LONGEST_SHOWN]))
        return
    stated = found.sheets.stated.hash if found.sheets is not None and found.sheets.stated is not None else ""
    found.differences(against_expected(found.hash, stated, expect))


def _check_snapshot(found: "_Found", tables: Tables, data: bytes) -> None:
    try:
        snapshot, stated = from_bytes(data)
    except SnapshotError as error:
        found.add(msg("The file of the snapshot cannot be read: {why}", why=error.message))
        return
    parts = [*faults(snapshot, stated), *(["form"] if to_bytes(snapshot) != data else [])]
    for part in parts:
        found.add(msg("The file of the snapshot has been changed: {part}", part=_PARTS.get(part, part)))
    found.differences(against_snapshot(tables, snapshot.tables))


def _check_cells(found: "_Found", book: Workbook, sheets: Sheets, tables: Tables) -> None:
    """The workbook written anew from what was read, held against the file."""
    moved: dict[str, int] = {}
    for fault in out_of_order(sheets, tables):
        found.faults([fault])
        if fault.place is not None:
            moved[fault.place.sheet] = fault.place.row
    stated = {(place.sheet, place.row) for place in sheets.places.digests.values()} if found.chain else set()

    def passed(place: Place) -> bool:
        """What follows from a finding that was told: rows that moved, and digests that do not agree."""
        return (place.sheet, place.row) in stated or place.row >= moved.get(place.sheet, place.row + 1)

    made = (sheets.facts or {}).get("program.version")
    if made != version():
        found.other_version = msg(
            "The workbook was made by version {made} of the program, and this is version {this}: check it with that one.",
            made=_short(str(made)),
            this=version(),
        )
    expected = open_cells(decision_workbook(tables, sheets.lang, plain=sheets.plain), "expected.xlsx")
    found.faults(differences(book, expected, passed, moved=found.moved))


@dataclass(slots=True)
class _Found:
    """The findings so far. ``chain``: whether the digests do not agree. ``moved``: whether rows are missing or new."""

    sheets: Sheets | None = None
    hash: str = ""
    chain: bool = False
    moved: bool = False
    further: int = 0
    other_version: Message | None = None
    listed: list[Finding] = field(default_factory=list)
    cells: dict[tuple[str, str], int] = field(default_factory=dict)

    def report(self) -> Report:
        """What was found. Another version alone is no finding: what it wrote may be the same."""
        if self.other_version is not None and self.listed:
            self.listed.insert(0, Finding("", "", "", "", self.other_version))
        return Report(not self.listed and not self.further, self.hash, tuple(self.listed), self.further)

    def add(self, message: Message, place: Place | None = None, stated: str = "", expected: Message | str = "") -> None:
        """Keep a finding; of a cell that has one already only what is expected there, if that was not known."""
        cell = ("", "") if place is None else (place.sheet, place.cell)
        at = self.cells.get(cell) if place is not None else None
        if at is not None:
            if at < MOST_LISTED and not self.listed[at].expected and isinstance(expected, str):
                self.listed[at] = replace(self.listed[at], expected=_short(expected))
            return
        if place is not None:
            self.cells[cell] = len(self.listed)
        if len(self.listed) < MOST_LISTED:
            right = _short(expected) if isinstance(expected, str) else expected
            self.listed.append(Finding(_short(cell[0]), cell[1], _short(stated), right, message))
        else:
            self.further += 1

    def faults(self, found: Iterable[Fault]) -> None:
        """Keep what was found in cells."""
        for fault in found:
            self.add(fault.problem, fault.place, fault.stated, fault.expected)

    def differences(self, found: Iterable[Difference]) -> bool:
        """Keep what was found in tables; whether anything was."""
        some = False
        for one in found:
            some = True
            self.moved = self.moved or one.target == "row"
            place = self._place(one)
            where = "" if place is not None or not one.key else f"{one.table}: {one.key} "
            if one.target == "row" and one.expected and place is not None and self._lang and one.table in TABLES:
                # A row that is gone is told where its digest stands.
                where = f"{render(TABLES[one.table], self._lang)}: "
            stated, expected = one.stated or "", one.expected or ""
            self.add(one.problem, place, where + stated if stated else "", where + expected if expected else "")
        return some

    @property
    def _lang(self) -> str:
        return "" if self.sheets is None else self.sheets.lang

    def _place(self, one: Difference) -> Place | None:
        if self.sheets is None:
            return None
        places = self.sheets.places
        match one.target:
            case "decision":
                return None
            case "hash":
                return places.digests.get(("", ""))
            case "table_digest":
                return places.digests.get(("table", one.table))
            case "row_digest":
                return places.digests.get((one.table, one.key))
            case "name":
                return places.digests.get(("reviewer", one.key)) or places.digests.get(("commitment", one.key))
        return places.value(one.table, one.key, one.field) or places.digests.get((one.table, one.key))


def _short(text: str) -> str:
    """A text of the file as it can be shown: in one line, without what would steer a terminal."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: LONGEST_SHOWN + 1])
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"


__all__ = ["MOST_LISTED", "Finding", "Report", "verify"]
