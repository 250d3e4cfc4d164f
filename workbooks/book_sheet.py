"""A worksheet whose rows of data are written when the file is: nothing of them stays in memory."""

import re
from collections.abc import Iterable, Iterator

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

_ESCAPED = re.compile("(_x[0-9a-fA-F]{4}_)")


def cell_markup(text: str) -> str:
    """``text`` inside an element of a sheet: nothing in it is markup or a code of a character."""
    if "_x" in text:
        text = _ESCAPED.sub(r"_x005F\1", text)
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def text_cell(text: str) -> str:
    """The inside of a text cell and the end of its opening tag: ``<c r="A1"`` + this is the cell."""
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() or "\n" in text else ""
    return f' t="inlineStr"><is><t{kept}>{cell_markup(text)}</t></is></c>'


def number_cell(value: float) -> str:
    """As ``text_cell`` for a number, with every digit that it has."""
    return f"><v>{value!r}</v></c>"


def formula_cell(formula: str, value: float | str) -> str:
    """As ``text_cell`` for a formula (beginning with ``=``) and the value that it has."""
    if isinstance(value, str):
        return f' t="str"><f>{cell_markup(formula[1:])}</f><v>{cell_markup(value)}</v></c>'
    return f"><f>{cell_markup(formula[1:])}</f><v>{value!r}</v></c>"


class StreamedSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose rows below the written ones come as markup from an iterator while the file is written."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Iterator[str] = iter(())
        self._area = ""

    def stream(self, last_row: int, last_col: int, rows: Iterable[str]) -> None:
        """Write ``rows`` (elements ``row`` in their order, below every other row) down to ``last_row`` (from 0)."""
        self._rows = iter(rows)
        self._area = str(xl_range(0, 0, last_row, last_col))

    def _write_rows(self) -> None:
        super()._write_rows()
        for row in self._rows:
            self.fh.write(row)

    def _write_dimension(self) -> None:
        if self._area:
            self._xml_empty_tag("dimension", [("ref", self._area)])
        else:
            super()._write_dimension()
