"""The table of the ranking: scores, and beside them what the model makes of them."""

from collections.abc import Sequence

from calls.definition import CallDefinition
from scoring.figures import ApplicationFigures
from scoring.types import Standing
from ui import notices
from ui.certainty_words import adjusted_cell, case_link, decimals, interval, rank_cell, score_cell, show_limits
from ui.tables import Badge, Cell, Column, Pair, figures, table
from ui.texts import money, number, say, t
from workflow.panel_statistics import RankingStatistics
from workflow.ranking import Ranked


def show_scores(call: CallDefinition, ranked: Sequence[Ranked], statistics: RankingStatistics) -> None:
    """Key figures, and every application by its rank."""
    _key_figures(call, ranked)
    show_limits(statistics.figures)
    by_case = statistics.by_case
    table(
        t("Ranking by score"),
        [
            Column(t("Rank"), figures=True),
            Column(t("Case number")),
            Column(t("Project and applicant")),
            Column(t("Score"), figures=True),
            Column(t("Adjusted mean"), figures=True),
            Column(t("Expected rank and 90 % interval"), figures=True),
            Column(t("Median and spread"), figures=True),
            Column(t("Reviews"), figures=True),
            *(Column(say(c.name), figures=True) for c in call.criteria),
        ],
        [_row(call, r, by_case.get(r.view.case_number)) for r in ranked],
    )
    notices.caption(
        t("The mark = after a rank means that the score is shared. Spread is the largest score minus the smallest.")
    )
    notices.caption(t("The columns of the criteria show the mean levels."))
    if statistics.figures.outcome is None:
        notices.caption(
            t(
                "The adjusted mean allows for the reviewers' severity and for chance, and the expected rank is the mean of the ranks that the scores bear out. Below each is the interval that holds it in 90 % of the draws. Neither changes the official rank."
            )
        )
        if statistics.figures.consensus:
            notices.caption(t("An application whose score is the panel's consensus has no adjusted mean."))


def _key_figures(call: CallDefinition, ranked: Sequence[Ranked]) -> None:
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


def _row(call: CallDefinition, r: Ranked, found: ApplicationFigures | None) -> list[Cell]:
    application = r.view.application
    applicant = t(
        "{applicant}, applied for {euros}", applicant=application.coordinator.name, euros=money(application.applied)
    )
    means = (r.standing.criterion_means[c.id] for c in call.criteria)
    return [
        rank_cell(r.standing),
        case_link(call.id, r.view.case_number),
        Pair(application.project_name, applicant),
        score_cell(r.standing),
        adjusted_cell(found),
        _expected(found),
        _median(r.standing),
        Badge(f"{r.standing.reviews} / {r.assigned}", "calm" if r.complete else "warn"),
        *("–" if mean is None else number(mean, 2) for mean in means),
    ]


def _expected(found: ApplicationFigures | None) -> Cell:
    if found is None or found.expected_rank is None:
        return "–"
    return Pair(decimals(found.expected_rank, 1), interval(found.ranks.get(90)))


def _median(standing: Standing) -> Cell:
    if standing.median is None:
        return "–"
    median = number(standing.median, 2)
    return median if standing.spread is None else Pair(median, number(standing.spread, 2))
