"""A workbook opened for its cells and how they are shown: whoever saved it, and however large it says it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from locales import msg
from workbooks.defined_names import defined_names
from workbooks.intake_cells import FileRefused
from workbooks.intake_sheet import Damaged
from workbooks.intake_xlsx import main_part, parse_pieces, refuse_other_formats, relations
from workbooks.read_book_look import BookLook, Sheet, all_relations, book_look, listed_sheets
from workbooks.read_formats import Formats, read_formats
from workbooks.read_rows import Cell, Cells, Failed, Formula, SheetRows, Styled, Value, number_of
from workbooks.read_sheet_look import SheetLook
from workbooks.read_strings import read_strings
from workbooks.safe_open import Parts

LARGEST_UNPACKED = 600 * 1024 * 1024
"""Bytes of all parts of a decision workbook, unpacked."""
LARGEST_ELEMENTS = 12_000_000
"""XML elements of one of its sheets."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was opened. ``names``: of its sheets; ``defined``: defined names and what they stand for.

    ``formats``: of numbers, by the number of the style. ``looks``: of the sheets that were read to their end.
    """

    names: tuple[str, ...]
    defined: Mapping[str, str]
    look: BookLook
    formats: Formats
    _parts: Parts
    _where: Mapping[str, str]
    _strings: Sequence[str]
    looks: dict[str, SheetLook] = field(default_factory=dict)

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """The rows of a sheet that hold anything, each with its number (from 0), read as they are asked for.

        Raises FileRefused for a sheet that is damaged or too large; KeyError if there is none of that name.
        """
        return ((number, cells) for number, cells, _ in self.styled_rows(sheet))

    def styled_rows(self, sheet: str) -> Iterator[tuple[int, Cells, Styled]]:
        """As ``rows``, with the styles of the cells."""
        reader = SheetRows(self._strings)
        for _ in parse_pieces(
            self._parts,
            self._where[sheet],
            reader.start,
            reader.end,
            reader.text,
            most=LARGEST_ELEMENTS,
            foreign=reader.foreign,
        ):
            yield from reader.take()
        yield from reader.take()
        self.looks[sheet] = reader.look


def open_cells(data: bytes, name: str) -> Workbook:
    """The workbook in ``data``. Raises FileRefused in words for a file that is none, damaged or too large."""
    if not data.startswith(b"PK"):
        raise FileRefused(msg("The file {name} is not a workbook (.xlsx).", name=name))
    parts = Parts(data, name, unpacked=LARGEST_UNPACKED)
    refuse_other_formats(parts, name)
    main = main_part(parts)
    related = relations(parts, main)
    linked = all_relations(parts)
    sheets = listed_sheets(parts, main)
    try:
        where = _places(sheets, related)
        shared, styles = _only(related, "sharedStrings"), _only(related, "styles")
    except Damaged as error:
        raise parts.corrupt() from error
    return Workbook(
        tuple(where),
        defined_names(parts, main),
        book_look(parts, main, sheets, linked),
        read_formats(parts, styles if styles in parts.names else None),
        parts,
        where,
        read_strings(parts, shared) if shared in parts.names else (),
    )


def _places(sheets: Sequence[Sheet], related: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The part of each sheet. Raises Damaged for two of one name or part, and for sheets of other kinds."""
    where: dict[str, str] = {}
    taken: set[str] = set()
    for sheet in sheets:
        kind, target = related.get(sheet.relation, ("", ""))
        if kind != "worksheet" or sheet.name.casefold() in taken or target in where.values():
            raise Damaged(f"sheet {sheet.name[:40]}")
        taken.add(sheet.name.casefold())
        where[sheet.name] = target
    return where


def _only(related: Mapping[str, tuple[str, str]], wanted: str) -> str | None:
    """The one part of a kind, if there is any. Raises Damaged for several."""
    found = [target for kind, target in related.values() if kind == wanted]
    if len(found) > 1:
        raise Damaged(f"several parts: {wanted}")
    return found[0] if found else None


__all__ = [
    "Cell",
    "Cells",
    "Failed",
    "Formula",
    "Styled",
    "Value",
    "Workbook",
    "number_of",
    "open_cells",
]
