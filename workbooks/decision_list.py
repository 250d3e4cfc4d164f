"""The sheet Päätöslista: every application in order, its grant and reason, and the sums that reconcile."""

from collections import Counter
from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from locales import Message, msg, msgn, render
from workbooks.decision_book import Book, Column, quoted
from workbooks.decision_data import STATUSES, DecisionData, DecisionRow, StatusCode

NAME = msg("Decision list")
STATUS_WORDS: Mapping[StatusCode, Message] = {
    "approved": msg("approved"),
    "rejected": msg("rejected"),
    "dismissed": msg("dismissed without examination"),
    "withdrawn": msg("withdrawn"),
    "possible": msg("possible"),
    "in_progress": msg("in progress"),
    "not_started": msg("not started"),
}
_ALWAYS_COUNTED: tuple[StatusCode, ...] = ("approved", "rejected", "dismissed", "withdrawn")
_LANGUAGE_WORDS = {"fi": msg("Finnish"), "sv": msg("Swedish")}
_HEAD, _FIRST = 5, 6
_PROJECT, _SCORE, _APPLIED, _GRANTED, _STATUS = 6, 8, 9, 10, 11
_COLUMNS = (
    Column(msg("No."), 6, "integer"),
    Column(msg("Rank"), 10.5, "integer"),
    Column(msg("Case number"), 14),
    Column(msg("Applicant"), 19),
    Column(msg("Business ID"), 11),
    Column(msg("Municipality"), 14),
    Column(msg("Project"), 28),
    Column(msg("Language"), 9),
    Column(msg("Score"), 9, "score"),
    Column(msg("Applied for"), 13, "money"),
    Column(msg("Granted"), 13, "money"),
    Column(msg("Decision"), 13),
    Column(msg("Reasons"), 42),
)


def write_list(
    book: Book, sheet: Worksheet, data: DecisionData, rows: Sequence[DecisionRow],
    scores: Mapping[str, str], scenario: Mapping[str, str],
) -> None:  # fmt: skip
    """Write the sheet. ``scores``: case number -> formula of its score; ``scenario``: cells with the allocation's
    own ``appropriation`` and ``remaining``, against which the sums of this sheet are checked.
    """
    last = _FIRST + max(len(rows), 1) - 1
    book.head(sheet, _HEAD, _COLUMNS, last)
    shared = _shared(rows)
    for number, row in enumerate(rows, start=1):
        _write_row(book, sheet, number, row, scores.get(row.case_number), shared)
    total_row = last + 1
    _write_totals(book, sheet, data, total_row)
    granted_by_status = _write_statuses(book, sheet, rows, total_row + 2)
    _write_top(book, sheet, data, total_row, granted_by_status, scenario)
    sheet.freeze_panes(_FIRST, 3)


def number_cell(number: int) -> str:
    """The cell that holds application ``number`` (1, 2, ...) of the list, as a formula on its own row names it."""
    return str(xl_rowcol_to_cell(_FIRST + number - 1, 0, col_abs=True))


def _shared(rows: Sequence[DecisionRow]) -> frozenset[int]:
    ranks = Counter(row.rank for row in rows if row.rank is not None)
    return frozenset(rank for rank, times in ranks.items() if times > 1)


def _write_row(
    book: Book, sheet: Worksheet, number: int, row: DecisionRow, score: str | None, shared: frozenset[int]
) -> None:
    at = _FIRST + number - 1
    book.number(sheet, at, 0, number, "integer")
    if row.rank is None:
        book.text(sheet, at, 1, msg("no rank"), "text_right")
    else:
        book.number(sheet, at, 1, row.rank, "shared" if row.rank in shared else "integer")
    texts = (row.case_number, row.applicant, row.business_id, row.municipality, row.project)
    for col, text in enumerate(texts, start=2):
        book.text(sheet, at, col, text)
    book.text(sheet, at, 7, _LANGUAGE_WORDS[row.language])
    if score is not None:
        value = render(msg("not scored"), book.lang) if row.score is None else float(row.score)
        book.formula(sheet, at, _SCORE, score, value, "score")
    elif row.score is None:
        book.text(sheet, at, _SCORE, msg("not scored"), "text_right")
    else:
        book.number(sheet, at, _SCORE, float(row.score), "score")
    book.number(sheet, at, _APPLIED, row.applied, "money")
    book.number(sheet, at, _GRANTED, row.granted, "money")
    book.text(sheet, at, _STATUS, STATUS_WORDS[row.status])
    book.text(sheet, at, 12, row.reason)


def _write_totals(book: Book, sheet: Worksheet, data: DecisionData, at: int) -> None:
    for col in range(len(_COLUMNS)):
        book.text(sheet, at, col, msg("Total") if col == _PROJECT else "", "total")
    for col, value in ((_APPLIED, data.applied), (_GRANTED, data.granted)):
        cells = xl_range_abs(_FIRST, col, at - 1, col)
        book.formula(sheet, at, col, f"=SUM({cells})", value, "total_money")


def _write_statuses(book: Book, sheet: Worksheet, rows: Sequence[DecisionRow], at: int) -> str:
    """Counts and sums per status below the list; returns the cell with the sum of the grants."""
    last = at - 3
    headings = {
        _PROJECT: msg("Applications by decision"),
        _SCORE: msg("Count"),
        _APPLIED: msg("Applied for"),
        _GRANTED: msg("Granted"),
    }
    for col in range(_PROJECT, _GRANTED + 1):
        book.text(sheet, at, col, headings.get(col, ""), "head" if col < _SCORE else "head_right")
    present = {row.status for row in rows}
    counted = [status for status in STATUSES if status in _ALWAYS_COUNTED or status in present]
    statuses = xl_range_abs(_FIRST, _STATUS, last, _STATUS)
    for line, status in enumerate(counted, start=at + 1):
        of_status = [row for row in rows if row.status == status]
        book.text(sheet, line, _PROJECT, STATUS_WORDS[status])
        book.text(sheet, line, _PROJECT + 1, "")
        word = xl_rowcol_to_cell(line, _PROJECT)
        book.formula(sheet, line, _SCORE, f"=COUNTIF({statuses},{word})", len(of_status), "integer")
        for col, value in (
            (_APPLIED, sum(row.applied for row in of_status)),
            (_GRANTED, sum(row.granted for row in of_status)),
        ):
            cells = xl_range_abs(_FIRST, col, last, col)
            book.formula(sheet, line, col, f"=SUMIF({statuses},{word},{cells})", value, "money")
    end = at + len(counted) + 1
    book.text(sheet, end, _PROJECT, msg("Total"), "total")
    book.text(sheet, end, _PROJECT + 1, "", "total")
    sums = {_SCORE: len(rows), _APPLIED: sum(r.applied for r in rows), _GRANTED: sum(r.granted for r in rows)}
    for col, value in sums.items():
        cells = xl_range_abs(at + 1, col, end - 1, col)
        book.formula(sheet, end, col, f"=SUM({cells})", value, "total_count" if col == _SCORE else "total_money")
    _write_notes(book, sheet, end + 2)
    return str(xl_rowcol_to_cell(end, _GRANTED, row_abs=True, col_abs=True))


def _write_notes(book: Book, sheet: Worksheet, at: int) -> None:
    notes = (
        msg("Tied: the applications have the same score and share the rank."),
        msg("Not scored: the application has no complete review. A missing score is not zero."),
        msg("The score is the mean of the weighted means of the complete reviews on the sheet Scores."),
    )
    for line, note in enumerate(notes):
        book.text(sheet, at + line, 0, note, "note")


def _write_top(
    book: Book, sheet: Worksheet, data: DecisionData, total_row: int, by_status: str, scenario: Mapping[str, str]
) -> None:
    book.heading(sheet, NAME, data.call_name)
    book.text(sheet, 2, 0, data.authority, "plain")
    stage = {"proposal": msg("Proposal for a decision, {moment}", moment=data.made_at),
             "decision": msg("Decision, {moment}", moment=data.made_at)}[data.stage]  # fmt: skip
    book.text(sheet, 3, 0, stage, "plain")
    book.text(sheet, 4, 0, msgn("{n} application", "{n} applications", len(data.rows)), "plain")
    labels = (msg("Appropriation"), msg("Applied for and granted in all"), msg("Remaining"))
    for line, label in enumerate(labels, start=2):
        book.text(sheet, line, _SCORE, label, "label")
    total = {col: xl_rowcol_to_cell(total_row, col) for col in (_APPLIED, _GRANTED)}
    book.formula(sheet, 2, _GRANTED, f"={scenario['appropriation']}", data.appropriation, "sum")
    book.formula(sheet, 3, _APPLIED, f"={total[_APPLIED]}", data.applied, "sum")
    book.formula(sheet, 3, _GRANTED, f"={total[_GRANTED]}", data.granted, "sum")
    book.formula(sheet, 4, _GRANTED, "=K3-K4", data.appropriation - data.granted, "sum")
    good, bad = (render(text, book.lang) for text in (msg("The sums agree"), msg("The sums do not agree")))
    test = f"AND(K4+{scenario['remaining']}=K3,K4={by_status})"
    # check_decision has refused data that does not agree, so the value at hand is always the good one.
    book.formula(sheet, 4, _STATUS, f"=IF({test},{quoted(good)},{quoted(bad)})", good, "check")
    book.alarm(sheet, 4, _STATUS, f"=$L$5<>{quoted(good)}")
