"""Where would one more review matter most: the applications by what it would tell of their side of the line."""

from collections.abc import Mapping, Sequence

from access.permissions import can_assign, can_see_progress
from scoring.figures import ApplicationFigures
from ui import notices
from ui.certainty_words import (
    case_link,
    chance,
    chances,
    decimals,
    say_partial_line,
    sentence,
    show_limits,
    way_to,
    why_no_line,
)
from ui.phase import is_open
from ui.rank_chart import ChanceRow, chance_chart
from ui.session import Visit
from ui.tables import Badge, Cell, Column, Link, table
from ui.texts import t, tn
from workflow.panel_statistics import RankingStatistics
from workflow.ranking import Ranked

_SHOWN = 15
_NEXT_TO_NOTHING = 0.001


def show_where_a_review_matters(
    here: Visit, ranked: Sequence[Ranked], statistics: RankingStatistics, partial: bool = False
) -> None:
    """The applications whose chance of being above the line one more review would narrow most.

    ``partial``: applications are hidden from the reader.
    """
    sentence(
        t(
            "One more review tells most of an application whose side of the line is in doubt and which has few reviews. The chair can ask for one before the panel meets."
        )
    )
    show_limits(statistics.figures)
    if statistics.figures.outcome is not None:
        return
    if not statistics.lines:
        notices.info(why_no_line(statistics))
        return
    if partial:
        say_partial_line()
    by_case = {r.view.case_number: r for r in ranked}
    settled = set(statistics.figures.consensus)
    known = [f for f in statistics.where_a_review_matters if f.application in by_case and f.application not in settled]
    found = [f for f in known if (f.gain or 0.0) >= _NEXT_TO_NOTHING][:_SHOWN]
    if not found:
        if known or not settled:
            notices.info(t("One more review would change no application's chance to speak of."))
        _say_settled(sorted(settled & by_case.keys()))
        return
    _ways(here)
    _chart(found, by_case)
    _table(here, found, by_case)
    _captions(len(known) - len(found), sorted(settled & by_case.keys()))


def _ways(here: Visit) -> None:
    """Where the review is asked for, by whom the phase of the call still lets do so."""
    if is_open(here, can_assign):
        way_to(Link(t("Assign one more reviewer on the page Assignment"), "assignment", (("call", here.call_id),)))
    elif can_see_progress(here.actor):
        way_to(Link(t("See on the page Follow-up who has reviews left"), "follow_up", (("call", here.call_id),)))


def _chart(found: Sequence[ApplicationFigures], by_case: Mapping[str, Ranked]) -> None:
    rows = [
        ChanceRow(
            case=f.application,
            now=f.p_top_k or 0.0,
            low=f.p_low or 0.0,
            high=f.p_high or 0.0,
            about=(
                (t("Case number"), f.application),
                (t("Project"), by_case[f.application].view.application.project_name),
                (t("Chance now"), chance(f.p_top_k)),
                (t("With one more review"), chances(f.p_low, f.p_high)),
            ),
        )
        for f in found
    ]
    chance_chart(
        rows,
        tn(
            "The application whose side one more review would tell most of. The mark is the chance of being above the line now; after one more review it would lie within the thick line half of the time.",
            "The {n} applications of which one more review would tell most, the first at the top. The mark is the chance of being above the line now; after one more review it would lie within the thick line half of the time.",
            len(rows),
        ),
    )


def _table(here: Visit, found: Sequence[ApplicationFigures], by_case: Mapping[str, Ranked]) -> None:
    rows: list[list[Cell]] = []
    for place, f in enumerate(found, 1):
        r = by_case[f.application]
        rows.append(
            [
                str(place),
                case_link(here.call_id, f.application),
                r.view.application.project_name,
                Badge(f"{r.standing.reviews} / {r.assigned}", "calm" if r.complete else "warn"),
                chance(f.p_top_k),
                chances(f.p_low, f.p_high),
                decimals(f.gain, 3),
            ]
        )
    table(
        t("Applications by what one more review would tell"),
        [
            Column(t("Order"), figures=True),
            Column(t("Case number")),
            Column(t("Project")),
            Column(t("Reviews in / assigned"), figures=True),
            Column(t("Chance now"), figures=True),
            Column(t("Half of the time, with one more review"), figures=True),
            Column(t("Gain"), figures=True),
        ],
        rows,
    )


def _captions(others: int, settled: Sequence[str]) -> None:
    notices.caption(
        t(
            "Gain is approximately by how much one more review is expected to lessen the doubt p (1 − p), where p is the chance of being above the line; the doubt is 0.25 at its largest. Reviews that are assigned and not in yet would tell as much."
        )
    )
    if others:
        notices.caption(
            tn(
                "{n} application is not shown: one more review would tell less of it.",
                "{n} applications are not shown: one more review would tell less of them.",
                others,
            )
        )
    _say_settled(settled)


def _say_settled(settled: Sequence[str]) -> None:
    if settled:
        notices.caption(
            t(
                "Left out as the panel's consensus decides their score: {cases}.",
                cases=", ".join(settled),
            )
        )
