"""Ranking: the eligible applications by their mean score, how sure that is, and what it hangs on."""

import streamlit as st

from access.permissions import can_see_reviewer_statistics
from ui import notices
from ui.certainty_view import show_certainty
from ui.look import heading
from ui.ranking_extra import show_where_a_review_matters
from ui.ranking_hangs import show_what_it_hangs_on
from ui.ranking_scores import show_scores
from ui.session import visit
from ui.tables import Cell, Link, facts
from ui.texts import language, t
from workflow.calls import get_call
from workflow.panel_sensitivity import get_sensitivity
from workflow.panel_statistics import get_ranking_statistics
from workflow.ranking import get_ranking, is_partial

here = visit()
call = get_call(here.house, here.actor, here.call_id)
by_consensus = call.scoring.ranking_score.value == "consensus_else_mean"
heading(
    t("Ranking"),
    t("Eligible applications by the panel's consensus, or else by the weighted mean of their submitted reviews.")
    if by_consensus
    else t("Eligible applications by the weighted mean of their submitted reviews. Equal scores share a rank."),
)
partial = is_partial(here.house, here.actor, here.call_id)
if partial:
    notices.info(
        t(
            "Applications with a conflict of interest of yours, or a review you have still to submit, are left out. Ranks are those among the others."
        )
    )
ranked = get_ranking(here.house, here.actor, here.call_id)
if not ranked:
    notices.info(t("No application is confirmed eligible yet. An officer confirms them on the page Applications."))
    st.stop()

ways: list[tuple[str, Cell]] = [(t("See also"), Link(t("Agreement"), "agreement", (("call", here.call_id),)))]
if can_see_reviewer_statistics(here.actor):
    ways.append((t("See also"), Link(t("Reviewers"), "reviewers", (("call", here.call_id),))))
facts(ways)

PARTS = {
    "scores": t("Scores"),
    "certainty": t("How sure the ranking is"),
    "dependence": t("What the ranking hangs on"),
    "one-more": t("Where one more review would matter"),
}
NAMES = list(PARTS.values())
KEY = f"ranking-part-{language()}"


def _remember() -> None:
    """Keep the part in the address: a reload, a link and another language come back to it."""
    st.query_params["part"] = list(PARTS)[NAMES.index(st.session_state[KEY])]


first = PARTS.get(st.query_params.get("part", ""), NAMES[0])
scores, certainty, dependence, one_more = st.tabs(NAMES, default=first, key=KEY, on_change=_remember)
# Only what is open is worked out.
if scores.open:
    with scores:
        show_scores(call, ranked, get_ranking_statistics(here.house, here.actor, here.call_id))
if certainty.open:
    with certainty:
        show_certainty(here.call_id, ranked, get_ranking_statistics(here.house, here.actor, here.call_id), partial)
if dependence.open:
    with dependence:
        show_what_it_hangs_on(call, ranked, get_sensitivity(here.house, here.actor, here.call_id), partial)
if one_more.open:
    with one_more:
        show_where_a_review_matters(here, ranked, get_ranking_statistics(here.house, here.actor, here.call_id), partial)
