"""Putting wrong cells into a finished workbook: a template writer would refuse to write most of them."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Literal
from xml.sax.saxutils import escape

CellSort = Literal["text", "number", "formula", "error", "bool", "empty"]
_SHEET = "xl/worksheets/sheet1.xml"
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class WrongCell:
    """What a cell is to hold. ``styled_as``: the column (letters) whose look it takes, its own when empty."""

    sort: CellSort
    value: str = ""
    styled_as: str = ""


def spoil(workbook: bytes, wrong: Mapping[str, WrongCell]) -> bytes:
    """``workbook`` with the cells of its first sheet replaced, by reference such as ``F7``; deterministic bytes.

    Raises ValueError for a cell that the sheet does not have.
    """
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        for part in source.namelist():
            data = source.read(part)
            if part == _SHEET:
                data = _replaced(data.decode("utf-8"), wrong).encode("utf-8")
            result.writestr(_entry(part), data)
    return target.getvalue()


def _entry(part: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(part, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    return entry


def _replaced(sheet: str, wrong: Mapping[str, WrongCell]) -> str:
    for reference, cell in wrong.items():
        found = _cell(sheet, reference)
        look = (
            _cell(sheet, cell.styled_as + reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) if cell.styled_as else found
        )
        style = re.search(r' s="[0-9]+"', look[0])
        element = _element(reference, style[0] if style else "", cell)
        sheet = sheet[: found.start()] + element + sheet[found.end() :]
    return sheet


def _cell(sheet: str, reference: str) -> re.Match[str]:
    found = re.search(rf'<c r="{reference}"[^>]*?(?:/>|>.*?</c>)', sheet, re.DOTALL)
    if found is None:
        raise ValueError(f"the sheet has no cell {reference}")
    return found


def _element(reference: str, style: str, cell: WrongCell) -> str:
    value = escape(cell.value)
    head = f'<c r="{reference}"{style}'
    match cell.sort:
        case "text":
            return f'{head} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        case "number":
            return f"{head}><v>{value}</v></c>"
        case "formula":
            return f"{head}><f>{value}</f><v>0</v></c>"
        case "error":
            return f'{head} t="e"><v>{value}</v></c>'
        case "bool":
            return f'{head} t="b"><v>{value}</v></c>'
        case "empty":
            return f"{head}/>"
