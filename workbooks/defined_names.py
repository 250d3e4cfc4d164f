"""The names that a workbook gives to cells, which its formulas may use."""

from collections.abc import Mapping

from workbooks.intake_xlsx import Parts, parse

PRINTED = "_xlnm.Print_Area"
"""What of a sheet is printed: rows outside it are not seen on paper."""
LONGEST_FORMULA = 8_192
"""Characters of a formula."""


def defined_names(parts: Parts, main: str) -> dict[str, str]:
    """The names that people gave, and the areas that are printed; what else begins with ``_xlnm.`` a program keeps for itself."""
    found: dict[str, str] = {}
    name: list[str] = []
    pieces: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "definedName":
            name.append(attributes.get("name", ""))
            pieces.clear()

    def end(tag: str) -> None:
        if tag == "definedName" and name:
            key = name.pop()
            cells = "".join(pieces)[:LONGEST_FORMULA]
            # Programs tell names apart without regard to capitals, and keep those for themselves that begin so.
            key = next((one for one in found if one.casefold() == key.casefold()), key)
            if key.casefold() == PRINTED.casefold():
                # Programs put a sheet's name in quotes or not.
                key, cells = PRINTED, cells.replace("'", "")
            if key == PRINTED or not key.startswith("_xlnm."):
                # A name of one sheet goes over the workbook's there: both are told.
                found[key] = cells if found.get(key, cells) == cells else f"{found[key]} | {cells}"[:LONGEST_FORMULA]

    def text(piece: str) -> None:
        if name and len(pieces) < LONGEST_FORMULA:
            pieces.append(piece)

    parse(parts, main, start, end, text)
    return found
