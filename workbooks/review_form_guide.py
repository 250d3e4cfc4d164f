"""The first sheet of the review form: how to fill it in, what the levels mean, and what the form is for."""

from collections.abc import Mapping

from xlsxwriter.utility import quote_sheetname

from calls.definition import CallDefinition
from locales import Message, format_moment, msg, render
from workbooks.intake_write import write_text
from workbooks.review_form_look import Form, Page
from workbooks.review_form_sheet import levels_guide
from workbooks.review_form_stamp import STAMP_SHEET, cells_words, stamp_line
from workbooks.review_form_types import LONGEST_TEXT, FormApplication, FormStamp

WIDTHS = (24, 22, 13, 13, 45)
GUIDE_SHEET = msg("Instructions")


def fill_guide(
    page: Page,
    call: CallDefinition,
    reviewer_name: str,
    stamp: FormStamp,
    sheets: Mapping[str, tuple[str, FormApplication]],
) -> None:
    """Write the instructions; ``sheets``: case number -> name of its sheet and the application."""
    page.across(msg("Review form"), "case")
    page.across(call.name, "title")
    who = msg(
        "Reviewer: {name} ({username}). Downloaded {moment}.",
        name=reviewer_name,
        username=stamp.reviewer_username,
        moment=format_moment(stamp.made_at, page.form.lang),
    )
    page.across(who, "body")
    _steps(page)
    _stamp(page, stamp, sheets)
    _levels(page, call)
    page.finish(f"{render(call.name, page.form.lang)} · {reviewer_name}")


def write_stamp(
    form: Form, name: str, stamp: FormStamp, sheets: Mapping[str, str], cells: Mapping[str, Mapping[str, str]]
) -> None:
    """The stamp on a very hidden sheet of its own, with the addresses of the input cells."""
    sheet = form.book.add_worksheet(name)
    write_text(sheet, 0, 0, stamp_line(stamp))
    for row, (case, versions) in enumerate(stamp.versions.items(), start=1):
        write_text(sheet, row, 0, sheets[case])
        write_text(sheet, row, 1, case)
        sheet.write_number(row, 2, versions[0])
        sheet.write_number(row, 3, versions[1])
        write_text(sheet, row, 4, cells_words(cells[case]))
    sheet.protect()
    sheet.very_hidden()


def _steps(page: Page) -> None:
    steps: tuple[Message, ...] = (
        msg("1. Each application has a sheet of its own. Read the application at the top of the sheet."),
        msg(
            "2. At the bottom of the sheet choose a level for each criterion from the list, and write the reasons. The "
            "reasons are given to the applicant. A reason or remark may have {n} characters at most.",
            n=LONGEST_TEXT,
        ),
        msg(
            "3. The remark is for the panel only. It is an official document all the same. Finally state how sure "
            "you are of your assessment."
        ),
        msg("4. Save the workbook and upload it on the page Offline form. You see first what would change."),
    )
    notes: tuple[Message, ...] = (
        msg(
            "Uploading submits nothing: your assessments are saved as drafts. You submit each review yourself on its "
            "own page."
        ),
        msg(
            "Only the bordered cells are read. The other cells are protected without a password, so that nothing is "
            "changed by accident. Write values only; formulas are not taken."
        ),
        msg(
            "You may leave an assessment unfinished. An empty level means the same as “{none}”; it is not zero. If you "
            "delete the sheet of an application, your review of it is left as it is.",
            none=msg("not scored"),
        ),
        msg("The form holds the texts of applications. Delete it when you no longer need it."),
    )
    page.across(msg("How to fill in the form"), "section", above=12)
    page.gap(4)
    for step in steps:
        page.across(step, "body")
    page.cells((msg("A cell to fill in looks like this:"), "small"), ("", "sample"), least=18)
    page.gap(4)
    page.across(notes[0], "notice")
    for note in notes[1:]:
        page.across(note, "body")


def _levels(page: Page, call: CallDefinition) -> None:
    page.across(msg("What the levels mean"), "section", above=12)
    for criterion in call.criteria:
        first = page.row
        page.gap(4)
        page.across(criterion.name, "band")
        page.across(levels_guide(page.form, criterion), "body")
        page.keep(first)


def _stamp(page: Page, stamp: FormStamp, sheets: Mapping[str, tuple[str, FormApplication]]) -> None:
    page.across(msg("Applications of this form"), "section", above=12)
    page.across(
        msg(
            "The versions tell whether an application or your review has changed after the form was downloaded. The "
            "line below is the stamp of the form: leave it and the table as they are."
        ),
        "small",
    )
    page.across(stamp_line(stamp), "key")
    heads = (msg("Sheet"), msg("Case number"), msg("Version of application"), msg("Version of review"), msg("Project"))
    page.cells(*((head, "head") for head in heads))
    for case, (name, item) in sheets.items():
        row = page.cells((name, "link"), (case, "value"), ("", "value"), ("", "value"), (_project(item), "value"))
        for column, version in ((2, item.application_version), (3, item.review_version)):
            page.sheet.write_number(row, column, version, page.form.formats["number"])
        page.sheet.write_url(row, 0, f"internal:{quote_sheetname(name)}!A1", page.form.formats["link"], name)


def _project(item: FormApplication) -> str:
    return item.application.project_name or "–"


__all__ = ["GUIDE_SHEET", "STAMP_SHEET", "WIDTHS", "fill_guide", "write_stamp"]
