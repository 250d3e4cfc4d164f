"""The shared strings of a workbook, of which none may be taken in two ways."""

from collections.abc import Mapping

from workbooks.intake_cells import LONGEST_KEPT
from workbooks.intake_sheet import Damaged, unescape
from workbooks.intake_xlsx import parse
from workbooks.safe_open import Parts

_PARENTS: Mapping[str, tuple[str, ...]] = {
    "sst": ("",), "si": ("sst",), "t": ("si", "r"), "r": ("si",), "rPr": ("r",), "phoneticPr": ("si",),
}  # fmt: skip


def read_strings(parts: Parts, part: str | None) -> list[str]:
    """The texts by index: plain, or runs of rich text joined. Raises FileRefused for any other content."""
    found: list[str] = []
    path: list[str] = [""]
    inside: list[str] = []
    runs: list[str] = []
    pieces: list[str] = []

    def start(tag: str, _attributes: Mapping[str, str]) -> None:
        parent = path[-1]
        path.append(tag)
        if parent == "rPr":
            return
        if parent not in _PARENTS.get(tag, ()):
            raise Damaged(f"{tag} in {parent}")
        if tag == "si":
            inside.clear()
            runs.clear()
        elif tag == "r" and "t" in inside:
            raise Damaged("text beside runs")
        elif tag == "t" and ((parent == "si" and inside) or (parent == "r" and inside[-1:] == ["r t"])):
            raise Damaged("two texts")
        if tag in ("t", "r"):
            inside.append(tag if parent == "si" else "r t")
            pieces.clear()

    def end(tag: str) -> None:
        path.pop()
        if tag == "si":
            found.append("".join(runs)[:LONGEST_KEPT])
        elif tag == "t":
            runs.append(unescape("".join(pieces)))
            pieces.clear()

    def text(piece: str) -> None:
        if path[-1] == "t":
            pieces.append(piece)

    if part is not None:
        parse(parts, part, start, end, text, foreign=_refuse)
    return found


def _refuse(tag: str) -> None:
    raise Damaged(f"{tag[:80]} among the shared strings")


__all__ = ["read_strings"]
