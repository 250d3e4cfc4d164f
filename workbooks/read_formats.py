"""How the styles of a workbook show numbers, in a form that is the same whichever program saved it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbooks.intake_xlsx import parse
from workbooks.safe_open import Parts

_BUILT_IN: Mapping[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "d.m.yyyy", 22: "d.m.yyyy h:mm", 49: "@",
}  # fmt: skip
LONGEST = 400
_PIECES = re.compile(r'"([^"]*)"|\\(.)|_(.)|(\*.)|\[\$([^\]-]*)[^\]]*\]|(\[[^\]]*\])|(.)', re.S)


@dataclass(frozen=True, slots=True)
class Formats:
    """``cells``: the format of each style. ``conditional``: formats of numbers that conditional formats would use."""

    cells: tuple[str, ...] = ("",)
    conditional: tuple[str, ...] = ()

    def of(self, style: int) -> str:
        """The format of a style; of one that is not there, one that is none."""
        return self.cells[style] if 0 <= style < len(self.cells) else f"?{style}"


def normal_format(code: str) -> str:
    """A format code as every program writes it; letters and digits that are shown as they are stand in ‹›."""
    found = []
    for quoted, escaped, _space, fill, currency, bracket, sign in _PIECES.findall(code[:LONGEST]):
        literal = quoted or escaped or currency
        if literal:
            found.append("".join(f"‹{one}›" if one.isalnum() else one for one in literal))
        else:
            found.append((fill or bracket or sign).lower())
    said = "".join(found).replace("\xa0", " ").replace("\u202f", " ").removesuffix(";@").strip()
    return "" if said in ("general", "@") else said


def read_formats(parts: Parts, part: str | None) -> Formats:
    """The formats of the styles part; of a style that rests on another one with a format of its own, both."""
    path: list[str] = []
    codes: dict[str, str] = {}
    own: list[tuple[str, str]] = []
    base: list[str] = []
    conditional: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        parent = path[-1] if path else ""
        path.append(tag)
        if tag == "numFmt":
            code = attributes.get("formatCode", "")
            if parent == "numFmts":
                key = attributes.get("numFmtId", "")
                codes[key] = code if codes.get(key, code) == code else f"{codes[key]}|{code}"[:LONGEST]
            else:
                conditional.append(normal_format(code))
        elif tag == "xf" and parent == "cellXfs":
            own.append((attributes.get("numFmtId", "0"), attributes.get("xfId", "0")))
        elif tag == "xf" and parent == "cellStyleXfs":
            base.append(attributes.get("numFmtId", "0"))

    def end(_tag: str) -> None:
        path.pop()

    if part is None:
        return Formats()
    parse(parts, part, start, end)
    known: dict[str, str] = {}

    def said(number: str) -> str:
        if number not in known:
            known[number] = _said(codes, number)
        return known[number]

    cells = []
    for number, style in own:
        at = int(style) if style.isascii() and style.isdigit() and len(style) < 7 else -1
        below = said(base[at]) if 0 <= at < len(base) else ""
        cells.append(said(number) if below in ("", said(number)) else f"{said(number)} | {below}")
    return Formats(tuple(cells) or ("",), tuple(conditional))


def _said(codes: Mapping[str, str], number: str) -> str:
    if number in codes:
        return normal_format(codes[number])
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else -1
    return normal_format(_BUILT_IN[at]) if at in _BUILT_IN else f"?{number[:10]}"


__all__ = ["Formats", "normal_format", "read_formats"]
