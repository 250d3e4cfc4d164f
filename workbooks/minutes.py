"""The minutes of a panel meeting as a Word document, in the reader's language.

An internal document of the panel: each reviewer's levels stand in it under the reviewer's name. Panel-only remarks do
not go into it. The same data and language give the same bytes.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction

from locales import HELSINKI, format_date, format_moment, format_number, msg, msgn, render
from workbooks.decision_book import clean
from workbooks.minutes_data import (
    Absence,
    Attendee,
    MinutesApplication,
    MinutesCriterion,
    MinutesData,
    MinutesItem,
    check_minutes,
)
from workbooks.minutes_document import Column, Paper, Text

REVIEWERS_PER_TABLE = 4
"""More columns would not fit side by side on an upright page; the others follow in a second table."""
_NOT_SCORED = msg("not scored")
_LIST = (Column(msg("Case number"), 3.4), Column(msg("Project"), 7.2), Column(msg("Applicant"), 6.4))


def write_minutes(data: MinutesData, lang: str) -> bytes:
    """The minutes of ``data`` in ``lang`` (fi, sv, en) as the bytes of a docx file.

    While the meeting goes on (``ended_at`` None) the document calls itself a draft. Raises MinutesDataError, before
    anything is written, when the data contradicts itself or would not fit.
    """
    check_minutes(data)
    paper = Paper(lang)
    kind = msg("Minutes") if data.ended_at else msg("Draft minutes")
    day = format_date(data.started_at.astimezone(HELSINKI).date(), lang)
    paper.head(data.authority, kind, day, data.case_number)
    paper.title(kind, data.meeting_title)
    _write_particulars(paper, data)
    sections = _Sections(paper)
    _write_opening(paper, sections, data)
    for item in data.items:
        _write_item(paper, sections, data.criteria, item)
    _write_rest(paper, sections, data)
    _write_closing(paper, sections, data)
    made_at = (data.ended_at or data.started_at).astimezone(UTC)
    title = render(msg("{kind}: {meeting}", kind=kind, meeting=data.meeting_title), lang)
    paper.properties(title, render(data.call_name, lang), render(data.authority, lang), made_at)
    return paper.close()


class _Sections:
    """Numbers the sections of the minutes."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._number = 0

    def start(self, title: Text) -> None:
        self._number += 1
        self._paper.heading(msg("§ {number} {title}", number=self._number, title=title))


_BEFORE_ITEMS = 2
"""Sections before the first application: opening, list of applications."""


def _write_particulars(paper: Paper, data: MinutesData) -> None:
    paper.entry(msg("Call"), data.call_name)
    paper.entry(msg("Time"), _period(data, paper.lang))
    if data.place:
        paper.entry(msg("Place"), data.place)
    paper.entry(msg("Present"), *_present(data))


def _present(data: MinutesData) -> Iterator[Text]:
    """Everybody at the meeting; the chair and the secretary too where the list does not name them."""
    named = {attendee.name for attendee in data.present}
    leading = [Attendee(data.chair, msg("chair"))] if data.chair and data.chair not in named else []
    writing = [Attendee(data.secretary, msg("secretary"))] if data.secretary and data.secretary not in named else []
    for attendee in (*leading, *data.present, *writing):
        yield msg("{name}, {role}", name=attendee.name, role=attendee.role)


def _period(data: MinutesData, lang: str) -> str:
    start, end = format_moment(data.started_at, lang), data.ended_at
    if end is None:
        return f"{start}–"
    first, last = data.started_at.astimezone(HELSINKI), end.astimezone(HELSINKI)
    if first.date() != last.date():
        return f"{start} – {format_moment(end, lang)}"
    return f"{start}–{_clock(last, lang)}"


def _clock(local: datetime, lang: str) -> str:
    return f"{local.hour}.{local.minute:02}" if lang in ("fi", "sv") else f"{local:%H:%M}"


def _write_opening(paper: Paper, sections: _Sections, data: MinutesData) -> None:
    sections.start(msg("Opening of the meeting"))
    paper.text(msg("{chair}, chair, opened the meeting on {moment}.", chair=data.chair, moment=data.started_at))
    sections.start(msg("Applications handled"))
    if not data.items:
        paper.text(msg("No applications were handled at the meeting."))
        return
    count = len(data.items)
    paper.text(
        msgn("{n} application was handled at the meeting.", "{n} applications were handled at the meeting.", count)
    )
    rows = [(str(number), *_named(item.application)) for number, item in enumerate(data.items, start=_BEFORE_ITEMS + 1)]
    columns = (
        Column("§", 1.2),
        Column(msg("Case number"), 3.2),
        Column(msg("Project"), 6.8),
        Column(msg("Applicant"), 5.8),
    )
    paper.table(msg("Applications handled"), columns, rows)


def _named(application: MinutesApplication) -> tuple[str, str, str]:
    return application.case_number, application.project, application.applicant


def _write_item(paper: Paper, sections: _Sections, criteria: Sequence[MinutesCriterion], item: MinutesItem) -> None:
    named = item.application
    sections.start(msg("{case}: {project}", case=named.case_number, project=named.project))
    paper.entry(msg("Applicant"), named.applicant)
    paper.entry(msg("Left the room"), *(map(_absence, item.absent) if item.absent else (msg("nobody"),)))
    if item.chair:
        paper.entry(msg("Chaired by"), item.chair)
    paper.heading(msg("Levels given by the reviewers"), 2)
    if item.reviews:
        _write_levels(paper, criteria, item)
    else:
        paper.text(msg("The application had no submitted reviews."))
    if clean(item.note).strip():
        paper.heading(msg("Discussion"), 2)
        paper.text(item.note)
    paper.heading(msg("Consensus of the panel"), 2)
    if item.consensus:
        _write_consensus(paper, criteria, item)
    else:
        paper.text(msg("No consensus was recorded."))
    _write_effect(paper, item)


def _absence(absence: Absence) -> Text:
    return msg("{name}: {ground}", name=absence.name, ground=absence.ground or msg("disqualified"))


def _write_levels(paper: Paper, criteria: Sequence[MinutesCriterion], item: MinutesItem) -> None:
    for start in range(0, len(item.reviews), REVIEWERS_PER_TABLE):
        reviews = item.reviews[start : start + REVIEWERS_PER_TABLE]
        last = start + REVIEWERS_PER_TABLE >= len(item.reviews)
        width = round((17 - 4.2 - (2.2 if last else 0)) / len(reviews), 3)
        columns = [Column(msg("Criterion"), 4.2), *(Column(review.reviewer, width) for review in reviews)]
        rows: list[list[Text]] = [
            [criterion.name, *(_level(criterion, review.levels.get(criterion.id)) for review in reviews)]
            for criterion in criteria
        ]
        rows.append([msg("Score"), *(_score(review.composite, paper.lang) for review in reviews)])
        if last:
            columns.append(Column(msg("Mean"), 2.2, right=True))
            means = [*(item.criterion_means.get(criterion.id) for criterion in criteria), item.mean]
            for row, mean in zip(rows, means, strict=True):
                row.append(_score(mean, paper.lang))
        paper.table(msg("Levels given by the reviewers"), columns, rows)


def _write_consensus(paper: Paper, criteria: Sequence[MinutesCriterion], item: MinutesItem) -> None:
    columns = (Column(msg("Criterion"), 4.2), Column(msg("Level"), 3.2), Column(msg("Reasons"), 9.6))
    rows = [
        (criterion.name, _level(criterion, agreed.level), agreed.reason)
        for criterion in criteria
        if (agreed := item.consensus.get(criterion.id)) is not None
    ]
    paper.table(msg("Consensus of the panel"), columns, rows)


def _write_effect(paper: Paper, item: MinutesItem) -> None:
    columns = (
        Column(msg("Stage"), 6.0),
        Column(msg("Score"), 3.0, right=True),
        Column(msg("Rank"), 3.0, right=True),
    )
    rows = (
        (msg("Before the discussion"), _score(item.score_before, paper.lang), _rank(item.rank_before)),
        (msg("After the discussion"), _score(item.score_after, paper.lang), _rank(item.rank_after)),
    )
    paper.heading(msg("Score and rank"), 2)
    paper.table(msg("Score and rank"), columns, rows)


def _level(criterion: MinutesCriterion, level: int | None) -> Text:
    return _NOT_SCORED if level is None else msg("{level} – {label}", level=level, label=criterion.labels[level])


def _score(value: Fraction | None, lang: str) -> Text:
    return _NOT_SCORED if value is None else format_number(value, lang, 2)


def _rank(rank: int | None) -> Text:
    return msg("no rank") if rank is None else str(rank)


def _write_rest(paper: Paper, sections: _Sections, data: MinutesData) -> None:
    sections.start(msg("Applications not handled"))
    if data.not_handled:
        paper.table(msg("Applications not handled"), _LIST, [_named(one) for one in data.not_handled])
    else:
        paper.text(msg("No application on the agenda was left unhandled."))
    sections.start(msg("Other matters"))
    paper.text(data.remarks if clean(data.remarks).strip() else msg("There were no other matters."))


def _write_closing(paper: Paper, sections: _Sections, data: MinutesData) -> None:
    sections.start(msg("Closing of the meeting"))
    if data.ended_at is None:
        paper.text(msg("The meeting has not been closed. This is a draft of the minutes."))
    else:
        paper.text(msg("The chair closed the meeting on {moment}.", moment=data.ended_at))
    paper.text(msg("The minutes are drawn up from what was recorded in Avustuspaneeli at the meeting."))
    people: list[tuple[Text, Text]] = [(data.chair, msg("chair")), (data.secretary, msg("secretary"))]
    paper.signatures(msg("Signatures"), people)
