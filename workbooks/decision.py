"""The decision workbook: Päätöslista, Pisteet and Skenaario in the reader's language, as bytes.

The same data and language give the same bytes. Every sum is a live formula written together with the value that
Python has for it, and only functions that Excel and LibreOffice share are used.
"""

from datetime import UTC

from locales import format_moment, msg, render
from workbooks import decision_list, decision_scenario, decision_scores
from workbooks.decision_book import Book
from workbooks.decision_data import DecisionData, check_decision
from workbooks.decision_scoring import listed_rows, listed_scores


def decision_workbook(data: DecisionData, lang: str) -> bytes:
    """The workbook of ``data`` in ``lang`` (fi, sv, en) as the bytes of an xlsx file.

    Raises DecisionDataError, before anything is written, when the data contradicts itself: granted and remaining
    do not make the appropriation, a score is not the mean of its reviews, a case number is listed twice, ...
    """
    check_decision(data)
    rows = listed_rows(data)
    scores = listed_scores(data, rows)
    book = Book(lang)
    listing = book.add_sheet(decision_list.NAME)
    scoring = book.add_sheet(decision_scores.NAME)
    scenario = book.add_sheet(decision_scenario.NAME, landscape=False)
    formulas = {
        row.case_number: decision_scores.score_formula(book, scoring, scores, decision_list.number_cell(number))
        for number, row in enumerate(rows, start=1)
        if row.score_source == "mean" and scores
    }
    decision_list.write_list(book, listing, data, rows, formulas, decision_scenario.scenario_cells(scenario))
    decision_scores.write_scores(book, scoring, data, scores)
    decision_scenario.write_scenario(book, scenario, data)
    call_name = render(data.call_name, lang)
    for sheet in (listing, scoring, scenario):
        book.footer(sheet, f"{call_name} · {format_moment(data.made_at, lang)}")
    title = render(msg("Decision list: {call}", call=call_name), lang)
    book.properties(title, call_name, render(data.authority, lang), data.made_at.astimezone(UTC))
    return book.close()
