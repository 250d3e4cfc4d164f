"""What the panel meeting shows: the agenda, one application in discussion, the meetings and their minutes."""

from fractions import Fraction

import streamlit as st

from calls.definition import CallDefinition
from scoring.types import Standing
from ui import notices
from ui.labels import language_name
from ui.look import section
from ui.session import Visit
from ui.tables import Badge, Cell, Column, Link, Pair, facts, table
from ui.texts import language, moment, number, say, score, t, tn
from workflow.meeting import Agenda, Meeting
from workflow.meeting_consensus import OpenItem
from workflow.meeting_docket import AgendaRow, Agreed
from workflow.meeting_minutes import minutes

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def item_link(here: Visit, case: str) -> Link:
    """The way to one application on the agenda."""
    return Link(case, "meeting", (("call", here.call_id), ("case", case)))


def agenda_part(here: Visit, agenda: Agenda) -> None:
    """The agenda in the order of discussion, with the reason for each place in words."""
    if not agenda.rows:
        notices.info(t("No application is confirmed eligible yet. An officer confirms them on the page Applications."))
        return
    done = sum(row.consensus is not None for row in agenda.rows)
    table(
        t("Applications in the order of discussion, consensus recorded: {done} of {n}", done=done, n=len(agenda.rows)),
        [
            Column(t("Order"), figures=True),
            Column(t("Case number")),
            Column(t("Project and applicant")),
            Column(t("Why it is discussed")),
            Column(t("Leaves the room")),
            Column(t("Reviews"), figures=True),
            Column(t("Score"), figures=True),
            Column(t("Rank"), figures=True),
            Column(t("Consensus")),
        ],
        [_row(here, row, agenda.line) for row in agenda.rows],
    )
    if agenda.line is not None:
        notices.caption(
            t(
                "The line is {score}: the score of the last project that the appropriation reaches in rank order.",
                score=score(agenda.line),
            )
        )
    if agenda.partial:
        notices.caption(
            t("Applications that you are disqualified from or have still to review are left out of everything here.")
        )


def _row(here: Visit, row: AgendaRow, line: Fraction | None) -> list[Cell]:
    application = row.view.application
    return [
        f"{row.item.place} =" if row.item.tied_with else str(row.item.place),
        item_link(here, row.view.case_number),
        Pair(application.project_name, application.coordinator.name),
        "; ".join(why(row, line)) or "–",
        ", ".join(row.leaves_room) or "–",
        Badge(f"{row.standing.reviews} / {row.needed}", "warn" if row.item.missing else "calm"),
        score(row.standing.score),
        rank_words(row.standing),
        "–"
        if row.consensus is None
        else Badge(t("to be taken up again"), "warn")
        if row.consensus.took_part
        else Badge(t("recorded"), "good"),
    ]


def why(row: AgendaRow, line: Fraction | None) -> list[str]:
    """Why an application stands where it does on the agenda, the weightiest first."""
    words = {
        "disagreement": t("scores {n} apart", n=row.standing.spread or Fraction(0)),
        "near_line": _distance(row.standing.score, line),
        "missing_reviews": t("{n} of {all} reviews missing", n=int(row.item.missing * row.needed), all=row.needed),
        "conflicted": tn("{n} is disqualified", "{n} are disqualified", len(row.leaves_room)),
        "not_scored": t("not scored"),
    }
    return [words[code] for code in row.item.reasons if code in words]


def _distance(value: Fraction | None, line: Fraction | None) -> str:
    if value is None or line is None or value == line:
        return t("on the line")
    return t("{n} above the line", n=value - line) if value > line else t("{n} below the line", n=line - value)


def rank_words(standing: Standing) -> str:
    """A rank; shared ones are marked, none is a dash."""
    if standing.rank is None:
        return "–"
    return f"{standing.rank} =" if standing.tied_with else str(standing.rank)


def item_head(here: Visit, item: OpenItem) -> None:
    """Ways on from an application in discussion, where it stands, and who leaves the room."""
    row, case = item.row, item.row.view.case_number
    query = (("call", here.call_id),)
    ways: list[tuple[str, Cell]] = [(t("Back"), Link(t("Agenda"), "meeting", query))]
    if item.following:
        ways.append((t("Next"), item_link(here, item.following)))
    ways += [
        (t("Application"), Link(t("Application, {case}", case=case), "application", (*query, ("case", case)))),
        (t("Why it is discussed"), "; ".join(why(row, item.line)) or "–"),
        (
            t("Score and rank now"),
            t("{score}, rank {rank}", score=score(row.standing.score), rank=rank_words(row.standing)),
        ),
        (t("Reviews"), t("{n} in, {left} awaited", n=row.standing.reviews, left=row.awaited)),
    ]
    facts(ways)
    if row.consensus is not None and row.consensus.took_part:
        notices.warning(
            t(
                "The consensus was recorded with somebody who is disqualified now: {names}. Take the application up again.",
                names=", ".join(row.consensus.took_part),
            ),
            icon=":material/balance:",
        )
    if row.leaves_room:
        notices.warning(
            t("Leaves the room before the application is handled: {names}", names=", ".join(row.leaves_room)),
            icon=":material/meeting_room:",
        )
    else:
        notices.caption(t("Nobody has a conflict of interest in this application."))


def spread_table(item: OpenItem) -> None:
    """How far the levels lie apart, criterion by criterion."""
    section(t("Spread by criterion"))
    rows: list[list[Cell]] = []
    for criterion in item.call.criteria:
        spread, mean = item.spread.get(criterion.id), item.row.standing.criterion_means[criterion.id]
        rows.append(
            [
                say(criterion.name),
                ", ".join(map(str, given_levels(item, criterion.id))) or "–",
                "–" if spread is None else str(spread.spread),
                "–" if mean is None else number(mean, 2),
            ]
        )
    table(
        t("Levels that the reviewers gave, from the lowest"),
        [
            Column(t("Criterion")),
            Column(t("Levels")),
            Column(t("Spread"), figures=True),
            Column(t("Mean"), figures=True),
        ],
        rows,
    )


def given_levels(item: OpenItem, criterion_id: str) -> list[int]:
    """The levels of one criterion in the reviews, from the lowest."""
    given = (read.scores.get(criterion_id) for read in item.reads)
    return sorted(found.level for found in given if found is not None and found.level is not None)


def consensus_table(call: CallDefinition, item: OpenItem) -> None:
    """The consensus as it is recorded, for those who only read it."""
    agreed = item.row.consensus
    if agreed is None:
        notices.info(t("No consensus is recorded on this application."))
        return
    labels = {c.id: {rung.value: say(rung.label) for rung in c.levels} for c in call.criteria}
    table(
        t("Consensus of the panel"),
        [Column(t("Criterion")), Column(t("Level")), Column(t("Reasons"), wide=True)],
        [
            [say(c.name), f"{found.level} – {labels[c.id].get(found.level, '')}", found.reason]
            for c in call.criteria
            if (found := agreed.scores.get(c.id)) is not None
        ],
    )
    facts([*recorded_facts(agreed), (t("Discussion"), agreed.note or "–")])


def recorded_facts(agreed: Agreed) -> list[tuple[str, Cell]]:
    """When and by whom a consensus was recorded, and who left the room."""
    return [
        (t("Recorded"), t("{moment}, {name}", moment=agreed.recorded_at, name=agreed.recorded_by)),
        (t("Left the room"), ", ".join(agreed.left_room) or t("nobody")),
    ]


def meeting_facts(meeting: Meeting) -> None:
    """The meeting that is going on."""
    facts(
        [
            (t("Meeting"), Pair(meeting.title, meeting.place)),
            (t("Began"), moment(meeting.started_at)),
            (t("Chair"), meeting.led_by),
            (t("Present"), ", ".join(meeting.present.values())),
        ]
    )


def meetings_part(here: Visit, meetings: list[Meeting]) -> None:
    """The meetings of the call, and their minutes to download."""
    table(
        t("Meetings of the call"),
        [
            Column(t("Meeting")),
            Column(t("Began")),
            Column(t("Ended")),
            Column(t("Place")),
            Column(t("Chair")),
            Column(t("Present"), wide=True),
        ],
        [
            [
                m.title,
                moment(m.started_at),
                Badge(t("going on"), "warn") if m.ended_at is None else moment(m.ended_at),
                m.place or "–",
                m.led_by,
                ", ".join(m.present.values()),
            ]
            for m in meetings
        ],
    )
    _minutes(here, {m.id: m for m in reversed(meetings)})


def _minutes(here: Visit, meetings: dict[int, Meeting]) -> None:
    which, tongue = st.columns(2)
    chosen = which.selectbox(
        t("Minutes of the meeting"),
        list(meetings),
        format_func=lambda i: meetings[i].title,
        placeholder=t("Choose"),
    )
    lang = tongue.radio(
        t("Language of the minutes"),
        ["fi", "sv", "en"],
        index=["fi", "sv", "en"].index(language()) if language() in ("fi", "sv", "en") else 0,
        format_func=language_name,
        horizontal=True,
    )
    draft = meetings[chosen].ended_at is None
    st.download_button(
        t("Download the draft minutes") if draft else t("Download the minutes"),
        # Written when asked for: a long meeting takes a second or two.
        lambda: minutes(here.house, here.actor, here.call_id, chosen, lang),
        file_name=f"{t('minutes')}-{here.call_id}-{chosen}-{lang}.docx",
        mime=DOCX,
        icon=":material/download:",
    )
