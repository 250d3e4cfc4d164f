"""The stamp of a review form: what it was made for, and which sheet holds which application.

It stands in two places in the same shape, on a very hidden sheet and on the sheet of instructions, because a
spreadsheet program or a person may lose the first: a line of its own, and below it a row for each application with
sheet, case number, version of the application, version of the review. A check tells whether anything was changed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from locales import msg
from workbooks.intake_cells import FileRefused, Row, Sheet
from workbooks.review_form_types import FormStamp

MARK = "avustuspaneeli/review-form/1"
STAMP_SHEET = "stamp"
FORM_KEY = "form "
CASE_KEY = "case "

_ANY_MARK = "avustuspaneeli/review-form/"
_LINE = re.compile(
    re.escape(MARK) + r" (?P<call>\S+) (?P<made>[0-9T:.+-]{19,40}) (?P<check>[0-9a-f]{16}) (?P<who>.+)", re.DOTALL
)
_CHECK = re.compile(re.escape(FORM_KEY) + "[0-9a-f]{16}")
_CELL = re.compile(r"([a-z]+(?::[a-z0-9_]+)?)=(B[0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Found:
    """The stamp as read; ``sheets``: case number -> name of its sheet; ``cells``: case number -> field -> cell.

    ``cells`` is empty where only the stamp on the instructions is left. ``check`` stands on every sheet of the form.
    """

    stamp: FormStamp
    check: str
    sheets: Mapping[str, str]
    cells: Mapping[str, Mapping[str, str]]


def stamp_check(stamp: FormStamp) -> str:
    """A short digest of everything the stamp says."""
    lines = [MARK, stamp.call_id, stamp.made_at.astimezone(UTC).isoformat(), stamp.reviewer_username]
    lines += [f"{case}\t{application}\t{review}" for case, (application, review) in stamp.versions.items()]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]


def stamp_line(stamp: FormStamp) -> str:
    """The first line of the stamp."""
    made = stamp.made_at.astimezone(UTC).isoformat()
    return f"{MARK} {stamp.call_id} {made} {stamp_check(stamp)} {stamp.reviewer_username}"


def cells_words(cells: Mapping[str, str]) -> str:
    """Where the fields of one application stand: ``level:process_change=B31 ...``."""
    return " ".join(f"{field}={cell}" for field, cell in cells.items())


def find_stamp(sheets: Mapping[str, Sheet]) -> Found:
    """The stamp of a form, from whichever of its places is whole, with cell addresses if any place has them.

    Raises FileRefused: the workbook is no review form, or its stamp is damaged.
    """
    found = [stamp for sheet in sheets.values() for stamp in _stamps(sheet)]
    whole = [stamp for stamp in found if stamp is not None]
    if not found and not any(_is_ours(sheet) for sheet in sheets.values()):
        raise FileRefused(
            msg("The workbook is not a review form. Download the form from the page Offline form and fill that in.")
        )
    if not whole:
        raise FileRefused(
            msg(
                "The stamp of the form has been changed or is missing, so nobody can tell what the form is for. "
                "Download a new form and copy your texts to it."
            )
        )
    if len({stamp.check for stamp in whole}) > 1:
        raise FileRefused(msg("The workbook holds sheets of several review forms. Upload each form by itself."))
    return max(whole, key=lambda stamp: len(stamp.cells))


def _is_ours(sheet: Sheet) -> bool:
    """Whether a sheet is one of a form, though no stamp is left."""
    return any(_CHECK.fullmatch(cell.text) for row in sheet.rows[:5] for cell in row.cells.values())


def _stamps(sheet: Sheet) -> Iterator[Found | None]:
    """Each stamp on a sheet, None for one that is damaged."""
    for index, row in enumerate(sheet.rows):
        for cell in row.cells.values():
            if cell.kind == "text" and cell.text.startswith(_ANY_MARK):
                yield _stamp(cell.text, sheet.rows[index + 1 :])


def _stamp(line: str, rows: tuple[Row, ...]) -> Found | None:
    parts = _LINE.fullmatch(line)
    made_at = _moment(parts["made"]) if parts else None
    if parts is None or made_at is None:
        return None
    versions: dict[str, tuple[int, int]] = {}
    sheets: dict[str, str] = {}
    cells: dict[str, Mapping[str, str]] = {}
    for row in rows:
        name, case, application, review, where = (row.cells.get(column) for column in range(1, 6))
        if name is None or case is None or application is None or review is None:
            continue
        pair = _version(application.text), _version(review.text)
        if pair[0] is not None and pair[1] is not None:
            versions[case.text], sheets[case.text] = (pair[0], pair[1]), name.text
            if where is not None and (known := dict(_CELL.findall(where.text))):
                cells[case.text] = known
    stamp = FormStamp(parts["call"], parts["who"], made_at, versions)
    if stamp_check(stamp) != parts["check"]:
        return None
    return Found(stamp, parts["check"], sheets, cells)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
