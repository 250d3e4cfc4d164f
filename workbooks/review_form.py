"""The offline review form: one workbook with all applications of a reviewer, to be filled in and read back.

``write_form`` gives the bytes of the workbook, ``read_form`` what a filled-in one says. Whether levels and reasons
are a complete review, and whether the form is of the right call and person and still current, the workflow decides.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from xlsxwriter import Workbook

from calls.case_number import is_unseen
from calls.definition import CallDefinition
from locales import Lang, msg, render
from workbooks.intake_write import make_workbook, units
from workbooks.review_form_guide import GUIDE_SHEET, STAMP_SHEET, WIDTHS, fill_guide, write_stamp
from workbooks.review_form_look import Form
from workbooks.review_form_read import read_form
from workbooks.review_form_sheet import write_application
from workbooks.review_form_stamp import stamp_check
from workbooks.review_form_types import FormApplication, FormFault, FormRow, FormStamp, ReadForm

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]+")
_LONGEST_NAME = 31


def write_form(
    call: CallDefinition,
    reviewer_username: str,
    reviewer_name: str,
    applications: Sequence[FormApplication],
    lang: Lang,
    made_at: datetime,
) -> bytes:
    """The form for one reviewer in ``lang`` as the bytes of an xlsx file; the same input gives the same bytes.

    Present drafts are filled in. ``made_at``: aware. Raises ValueError: a time without zone, a case number twice.
    """
    if made_at.tzinfo is None:
        raise ValueError("the time of the form has no time zone")
    versions = {item.case_number: (item.application_version, item.review_version) for item in applications}
    if len(versions) != len(applications):
        raise ValueError("a case number stands twice in the form")
    stamp = FormStamp(call.id, reviewer_username, made_at.astimezone(UTC), versions)
    guide = render(GUIDE_SHEET, lang)[:_LONGEST_NAME]
    names = sheet_names([item.case_number for item in applications], (guide, STAMP_SHEET, "History"))
    placed = {item.case_number: (name, item) for item, name in zip(applications, names, strict=True)}

    def fill(book: Workbook) -> None:
        form = Form(book, lang)
        fill_guide(form.page(guide, WIDTHS), call, reviewer_name, stamp, placed)
        check = stamp_check(stamp)
        cells = {case: write_application(form, name, item, call, check) for case, (name, item) in placed.items()}
        write_stamp(form, STAMP_SHEET, stamp, {case: name for case, (name, _) in placed.items()}, cells)

    return make_workbook(render(msg("Review form: {call}", call=call.name), lang), fill)


def sheet_names(case_numbers: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """A name for the sheet of each case: valid in a spreadsheet, at most 31 characters, no two alike, none taken."""
    used = {name.casefold() for name in taken}
    names = []
    for case in case_numbers:
        plain = "".join(char for char in _FORBIDDEN.sub("-", case) if not is_unseen(char))
        base = " ".join(plain.split()).strip("'") or "-"
        name, number = _cut(base, _LONGEST_NAME), 1
        while name.casefold() in used:
            number += 1
            name = f"{_cut(base, _LONGEST_NAME - len(str(number)) - 3)} ({number})"
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, longest: int) -> str:
    while units(text) > longest:
        text = text[:-1]
    return text.strip(" '") or "-"


__all__ = [
    "FormApplication",
    "FormFault",
    "FormRow",
    "FormStamp",
    "ReadForm",
    "read_form",
    "sheet_names",
    "write_form",
]
