"""Where a decision stands: draft, proposal, decision, with who did what and when, and the hash of each."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

import streamlit as st

from decisions.spec import DECIDED
from decisions.words import KIND, STATUS
from ui import notices
from ui.tables import Badge, Column, Pair, figures, table
from ui.texts import moment, money, number, percent, say, t, tn
from workflow.decision_summary import Summary
from workflow.decisions import Decision
from workflow.labels import DECISION_STATES
from workflow.saved_scenarios import Saved

MOST_SHOWN = 300
"""Applications listed on the page."""
GROUP = 4
"""Digits of a hash that stand together."""
_TONES = {"proposed": "warn", "approved": "good", "returned": "bad", "cancelled": "calm"}


def current_of(found: Sequence[Decision]) -> Decision | None:
    """The proposal that waits, else the decision in force; None while there is neither."""
    waiting = [one for one in found if one.state == "proposed"]
    approved = [one for one in found if one.state == "approved"]
    known = waiting or approved
    return known[-1] if known else None


def state_badge(state: str) -> Badge:
    """The state of a decision."""
    return Badge(say(DECISION_STATES[state]), _TONES[state])


def begin(words: str) -> str:
    """``words`` with a capital letter."""
    return words[:1].upper() + words[1:]


def show_chain(current: Decision | None, locked: Saved | None) -> None:
    """The steps as an ordered list; what has not been done yet says whose turn it is."""
    steps = [_proposal(current), _approval(current)]
    if current is None or current.kind == "first":
        steps.insert(0, _draft(current, locked))
    items = "".join(
        f'<li class="{"ap-done" if done else "ap-open"}"><strong>{escape(name)}</strong>'
        f"<span>{escape(said)}</span>{_hash(digits)}</li>"
        for name, done, said, digits in steps
    )
    title = t("State of the decision") if current is None else name_of(current)
    st.html(f'<h2 class="ap-section">{escape(title)}</h2><ol class="ap-chain">{items}</ol>')


def name_of(decision: Decision) -> str:
    """The number and the kind of a decision."""
    return t("Decision {n}: {kind}", n=decision.number, kind=say(KIND[decision.kind]))


def _draft(current: Decision | None, locked: Saved | None) -> tuple[str, bool, str, str]:
    if current is not None:
        return t("Draft"), True, t("The scenario {name} is locked.", name=current.scenario), ""
    if locked is None:
        return t("Draft"), False, t("No scenario is locked yet."), ""
    said = _by(locked.locked_by or "", locked.locked_at)
    return t("Draft"), True, t("The scenario {name} is locked: {who}.", name=locked.name, who=said), ""


def _proposal(current: Decision | None) -> tuple[str, bool, str, str]:
    if current is None:
        return t("Proposal for a decision"), False, t("An officer proposes the decision."), ""
    return t("Proposal for a decision"), True, _by(current.proposed_by, current.proposed_at), current.proposal_hash


def _approval(current: Decision | None) -> tuple[str, bool, str, str]:
    if current is None or current.state != "approved":
        return t("Decision"), False, t("The decision maker approves it, or gives it back."), ""
    return t("Decision"), True, _by(current.closed_by, current.closed_at), current.hash


def _by(who: str, when: datetime | None) -> str:
    return ", ".join(one for one in (who, moment(when)) if one)


def _hash(digits: str) -> str:
    """A hash in groups; selecting it selects all of it, and what is copied has no spaces."""
    if not digits:
        return ""
    groups = "<wbr>".join(f"<span>{digits[at : at + GROUP]}</span>" for at in range(0, len(digits), GROUP))
    return f'<small>{escape(t("Hash (SHA-256)"))}</small><code class="ap-hash" translate="no">{groups}</code>'


def copy_hash(decision: Decision) -> None:
    """The published hash with a button that copies it."""
    notices.caption(
        t(
            "The published hash, to be copied. With it anybody can check that a workbook is of this decision and unchanged."
        )
    )
    st.code(decision.hash, language=None, wrap_lines=True)


def show_summary(summary: Summary, *, approved: bool = True) -> None:
    """The key figures, and the applications by status; ``approved``: what it grants is granted, not only proposed."""
    sum_name = t("Granted") if approved else t("Proposed")
    funded = sum(line.applications for line in summary.lines if line.status == "approved")
    figures(
        [
            (t("Appropriation"), money(summary.appropriation), ""),
            (t("Applied for"), money(summary.applied), _applications(len(summary.applications))),
            (sum_name, money(summary.granted), tn("{n} project", "{n} projects", funded)),
            (t("Remaining"), money(summary.remaining), percent(summary.remaining, summary.appropriation)),
        ]
    )
    show_statuses(summary, sum_name)


def show_statuses(summary: Summary, sum_name: str) -> None:
    """The applications by status; ``sum_name``: what the last column is called."""
    table(
        t("Applications by status"),
        [
            Column(t("Status of the application")),
            Column(t("Applications"), figures=True),
            Column(t("Applied for"), figures=True),
            Column(sum_name, figures=True),
        ],
        [
            [
                begin(say(STATUS[line.status])),
                number(line.applications),
                money(line.applied),
                money(line.granted) if line.status in DECIDED else "–",
            ]
            for line in summary.lines
        ],
        [t("In all"), number(len(summary.applications)), money(summary.applied), money(summary.granted)],
    )


def _applications(number_of: int) -> str:
    return tn("{n} application", "{n} applications", number_of)


def show_awards(summary: Summary, *, approved: bool = True) -> None:
    """What is decided on each application, folded; of a great many the first, the others stand in the workbook."""
    with st.expander(t("Every application ({n})", n=len(summary.applications))):
        if len(summary.applications) > MOST_SHOWN:
            notices.caption(t("The first {n} are shown. All of them are in the decision workbook.", n=MOST_SHOWN))
        table(
            t("Applications and what is decided on them"),
            [
                Column(t("Case number")),
                Column(t("Applicant")),
                Column(t("Project"), wide=True),
                Column(t("Status of the application")),
                Column(t("Applied for"), figures=True),
                Column(t("Granted") if approved else t("Proposed"), figures=True),
            ],
            [
                [
                    one.case_number,
                    one.applicant,
                    one.project,
                    begin(say(STATUS[one.status])),
                    money(one.applied),
                    money(one.granted),
                ]
                for one in summary.applications[:MOST_SHOWN]
            ],
        )


def show_decisions(found: Sequence[Decision]) -> None:
    """Every decision and proposal of the call, the newest first."""
    table(
        t("Decisions and proposals of the call"),
        [
            Column(t("Number"), figures=True),
            Column(t("Kind of the decision")),
            Column(t("State")),
            Column(t("Granted in all"), figures=True),
            Column(t("Proposed")),
            Column(t("Closed")),
            Column(t("Grounds, or why it was given back"), wide=True),
            Column(t("Hash begins")),
        ],
        [
            [
                number(one.number),
                begin(say(KIND[one.kind])),
                state_badge(one.state),
                money(one.granted),
                Pair(one.proposed_by, moment(one.proposed_at)),
                Pair(one.closed_by, moment(one.closed_at)) if one.closed_at else "–",
                one.note or one.grounds or "–",
                (one.hash or one.proposal_hash)[: 2 * GROUP],
            ]
            for one in reversed(found)
        ],
    )
