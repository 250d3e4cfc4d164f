"""Ranking: the eligible applications by their mean score, ties as ties, missing as missing."""

import streamlit as st

from ui import notices
from ui.look import heading
from ui.session import visit
from ui.tables import Badge, Cell, Column, Link, Pair, figures, table
from ui.texts import money, number, say, score, t
from workflow.calls import get_call
from workflow.ranking import Ranked, get_ranking, is_partial

here = visit()
call = get_call(here.house, here.actor, here.call_id)
by_consensus = call.scoring.ranking_score.value == "consensus_else_mean"
heading(
    t("Ranking"),
    t("Eligible applications by the panel's consensus, or else by the weighted mean of their submitted reviews.")
    if by_consensus
    else t("Eligible applications by the weighted mean of their submitted reviews. Equal scores share a rank."),
)
if is_partial(here.house, here.actor, here.call_id):
    notices.info(
        t(
            "Applications with a conflict of interest of yours, or a review you have still to submit, are left out. Ranks are those among the others."
        )
    )
ranked = get_ranking(here.house, here.actor, here.call_id)
if not ranked:
    notices.info(t("No application is confirmed eligible yet. An officer confirms them on the page Applications."))
    st.stop()

scored = [r for r in ranked if r.standing.score is not None]
threshold = call.scoring.threshold.value
figures(
    [
        (t("Eligible applications"), str(len(ranked)), ""),
        (t("Scored"), str(len(scored)), t("{n} not scored", n=len(ranked) - len(scored))),
        (t("All reviews in"), str(sum(r.complete for r in ranked)), t("of {n} applications", n=len(ranked))),
        (
            t("At least the threshold"),
            str(sum(r.standing.score is not None and r.standing.score >= threshold for r in ranked)),
            t("threshold {threshold}", threshold=threshold),
        ),
    ]
)


def _score(ranked: Ranked) -> Cell:
    standing = ranked.standing
    if standing.score_source == "consensus":
        return Pair(score(standing.score), t("consensus; mean of the reviews {mean}", mean=score(standing.mean)))
    return score(standing.score)


table(
    t("Ranking by score"),
    [
        Column(t("Rank"), figures=True),
        Column(t("Case number")),
        Column(t("Project and applicant")),
        Column(t("Score"), figures=True),
        Column(t("Median"), figures=True),
        Column(t("Spread"), figures=True),
        Column(t("Reviews"), figures=True),
        *(Column(say(c.name), figures=True) for c in call.criteria),
        Column(t("Applied for"), figures=True),
    ],
    [
        [
            "–"
            if r.standing.rank is None
            else (f"{r.standing.rank} =" if r.standing.tied_with else str(r.standing.rank)),
            Link(r.view.case_number, "application", (("call", here.call_id), ("case", r.view.case_number))),
            Pair(r.view.application.project_name, r.view.application.coordinator.name),
            _score(r),
            "–" if r.standing.median is None else number(r.standing.median, 2),
            "–" if r.standing.spread is None else number(r.standing.spread, 2),
            Badge(f"{r.standing.reviews} / {r.assigned}", "calm" if r.complete else "warn"),
            *("–" if (mean := r.standing.criterion_means[c.id]) is None else number(mean, 2) for c in call.criteria),
            money(r.view.application.applied),
        ]
        for r in ranked
    ],
)
notices.caption(
    t("The mark = after a rank means that the score is shared. Spread is the largest score minus the smallest.")
)
notices.caption(t("The columns of the criteria show the mean levels."))
