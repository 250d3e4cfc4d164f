"""What a workbook holds and shows beside the cells of its sheets: hidden sheets, parts of other kinds, drawings."""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbooks.intake_sheet import Damaged
from workbooks.intake_xlsx import parse
from workbooks.read_sheet_look import not_false, not_true
from workbooks.safe_open import Parts

MOST_SHEETS = 60
_KNOWN = frozenset((
    "officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail", "worksheet", "theme",
    "styles", "sharedStrings", "calcChain", "customXml", "customXmlProps", "printerSettings", "drawing", "chart",
    "chartStyle", "chartColorStyle", "themeOverride", "classificationlabels",
))  # fmt: skip
"""Relations of a workbook that holds nothing but cells and charts."""
_SHAPES = ("sp", "pic", "cxnSp", "grpSp", "contentPart", "AlternateContent", "oleObj", "txBody")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook lists it. ``state``: empty when it is visible."""

    name: str
    relation: str
    state: str


@dataclass(frozen=True, slots=True)
class BookLook:
    """``hidden``: sheets that are. ``switches``: settings by which values are not shown as they are.

    ``strangers``: kinds of parts, and shapes of drawings, that are neither cells nor charts. ``charts``: how many.
    """

    epoch_1904: bool
    hidden: tuple[str, ...]
    switches: tuple[str, ...]
    strangers: tuple[str, ...]
    charts: int


def listed_sheets(parts: Parts, main: str) -> tuple[Sheet, ...]:
    """The sheets in their order. Raises FileRefused for more than a decision has, or a second list."""
    found: list[Sheet] = []
    seen: set[str] = set()
    path: list[str] = [""]

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        parent = path[-1]
        path.append(tag)
        if tag in ("workbook", "sheets", "workbookPr", "calcPr", "definedNames"):
            if tag in seen or parent != ("" if tag == "workbook" else "workbook"):
                raise Damaged(f"{tag} in {parent}")
            seen.add(tag)
        if tag == "sheet":
            if parent != "sheets" or len(found) == MOST_SHEETS:
                raise Damaged(f"sheet in {parent}")
            state = attributes.get("state", "visible")
            name = attributes.get("name", "")
            found.append(Sheet(name, attributes.get("r:id", ""), "" if state == "visible" else state))

    def end(_tag: str) -> None:
        path.pop()

    parse(parts, main, start, end, foreign=_not_ours)
    return tuple(found)


def _not_ours(tag: str) -> None:
    """Programs add to the workbook what only they know, but none of the format's own in it."""
    if tag.startswith(("http://schemas.openxmlformats.org/spreadsheetml/", "http://purl.oclc.org/ooxml/")):
        raise Damaged(f"{tag[:80]} within another namespace")


def all_relations(parts: Parts) -> tuple[tuple[str, str, str], ...]:
    """Every relation of the package: the part it is of, its kind, and where it leads (empty: out of the file).

    Raises FileRefused for names of parts that programs may take for one another.
    """
    plain = {name.casefold().lstrip("/") for name in parts.names}
    if len(plain) != len(parts.names) or any(set("%\\") & set(name) for name in parts.names):
        raise parts.corrupt()
    found: list[tuple[str, str, str]] = []
    for source in sorted(name for name in parts.names if name.endswith(".rels")):
        folder = posixpath.dirname(posixpath.dirname(source))

        def start(tag: str, attributes: Mapping[str, str], source: str = source, folder: str = folder) -> None:
            if tag != "Relationship":
                return
            kind = attributes.get("Type", "").rpartition("/")[2][:80]
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found.append((source, kind, "" if attributes.get("TargetMode") == "External" else target))

        parse(parts, source, start)
    return tuple(found)


def book_look(parts: Parts, main: str, sheets: Sequence[Sheet], linked: Iterable[tuple[str, str, str]]) -> BookLook:
    """What the workbook shows of itself beside its sheets."""
    epoch_1904 = False
    switches: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal epoch_1904
        if tag == "workbookPr":
            epoch_1904 = not_false(attributes.get("date1904"))
        elif tag == "calcPr" and not_true(attributes.get("fullPrecision")):
            switches.append("fullPrecision")
        elif tag == "workbookView" and attributes.get("visibility", "visible") != "visible":
            switches.append("visibility")

    parse(parts, main, start)
    strangers: dict[str, None] = {}
    charts = 0
    for source, kind, target in linked:
        if kind not in _KNOWN or not target:
            strangers[f"{kind} ({source})"] = None
        elif kind == "drawing" and target in parts.names:
            shapes, found = _drawn(parts, target)
            charts += found
            strangers |= dict.fromkeys(f"{shape} ({target})" for shape in shapes)
    hidden = tuple(sheet.name for sheet in sheets if sheet.state)
    return BookLook(epoch_1904, hidden, tuple(switches), tuple(strangers), charts)


def _drawn(parts: Parts, part: str) -> tuple[list[str], int]:
    """Shapes of a drawing that are no charts, and how many charts there are."""
    shapes: dict[str, None] = {}
    charts = 0

    def foreign(tag: str) -> None:
        nonlocal charts
        name = tag.rpartition(" ")[2]
        charts += name == "graphicFrame"
        if name in _SHAPES:
            shapes[name] = None

    parse(parts, part, lambda _tag, _attributes: None, foreign=foreign)
    return list(shapes), charts


__all__ = ["BookLook", "Sheet", "all_relations", "book_look", "listed_sheets"]
