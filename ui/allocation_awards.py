"""The tab of the awards: along the ranking, per named rule, per theme and region, and against rank order."""

from collections.abc import Mapping, Sequence

import streamlit as st

from allocation import Award
from locales import Money
from ui.allocation_charts import AwardBar, awards_chart
from ui.allocation_groups import Step, along, stretch
from ui.allocation_shares import show_groups, show_rules
from ui.allocation_words import (
    case_link,
    difference,
    probability,
    project_names,
    rank_of,
)
from ui.look import section
from ui.tables import Badge, Cell, Column, table
from ui.texts import money, say, score, t, tn
from workflow.scenarios import Run, gained_and_lost


def show_awards(run: Run, call_id: str, chances: Mapping[str, float]) -> None:
    """All about who gets what. ``chances``: probability by case number, empty when it is not worked out."""
    _chart(run)
    _table(run, call_id, chances)
    show_rules(run)
    show_groups(run)
    _changes(run, call_id)


def _chart(run: Run) -> None:
    section(t("Grants along the ranking"))
    steps = along(project_names(run), run.projects, run.allocation, run.scenario.appropriation)
    bars = [
        AwardBar(step.award.id, step.applied, step.award.granted, step.left, step.award.id in run.scenario.fixed)
        for step in steps
    ]
    awards_chart(bars, run.scenario.appropriation, stretch(steps), _drawn(run, steps))


def _drawn(run: Run, steps: Sequence[Step]) -> tuple[str, str]:
    """In words, what the two charts show."""
    funded = sum(step.award.funded for step in steps)
    unbroken, last = stretch(steps)
    grants = tn(
        "Each bar is a project, the best on the left: grey what it applied for, blue what is proposed. {funded} of {n} project is funded.",
        "Each bar is a project, the best on the left: grey what it applied for, blue what is proposed. {funded} of {n} projects are funded.",
        len(steps),
        funded=funded,
    )
    if unbroken == last:
        order = t("All of the {n} best are, and none after them.", n=unbroken)
    else:
        order = t(
            "The {unbroken} best are all funded; between places {first} and {last} some are and some are not.",
            unbroken=unbroken,
            first=unbroken + 1,
            last=last,
        )
    down = t(
        "Below, the appropriation of {whole} runs down along the ranking to {left}.",
        whole=Money(run.scenario.appropriation),
        left=Money(run.allocation.remaining),
    )
    return f"{grants} {order}", down


def _table(run: Run, call_id: str, chances: Mapping[str, float]) -> None:
    awards = {award.id: award for award in run.allocation.awards}
    ranks = rank_of(run)
    columns = [
        Column(t("Rank"), figures=True),
        Column(t("Case number")),
        Column(t("Project")),
        Column(t("Score"), figures=True),
        Column(t("Applied for"), figures=True),
        Column(t("Proposed"), figures=True),
        *([Column(t("Probability"), figures=True)] if chances else []),
        Column(t("Result")),
        Column(t("Reason"), wide=True),
    ]
    rows: list[list[Cell]] = []
    for r in run.ranked:
        award = awards[r.view.case_number]
        rows.append(
            [
                ranks[award.id],
                case_link(call_id, award.id),
                r.view.application.project_name,
                score(r.standing.score),
                money(r.view.application.applied),
                money(award.granted),
                *([_chance(chances.get(award.id))] if chances else []),
                result_badge(award, r.view.application.applied, award.id in run.scenario.fixed),
                say(award.reason),
            ]
        )
    applied = money(sum(r.view.application.applied for r in run.ranked))
    blank: list[Cell] = [""] if chances else []
    table(
        t("Every project in the order of the ranking"),
        columns,
        rows,
        ["", t("In all"), "", "", applied, money(run.allocation.spent), *blank, "", ""],
    )


def _chance(value: float | None) -> str:
    return "–" if value is None else probability(value)


def result_badge(award: Award, applied: int, by_hand: bool) -> Badge:
    """Funded in full, funded with less, or not funded; what was set by hand is said."""
    if by_hand:
        return Badge(t("Set by hand"), "warn")
    if not award.funded:
        return Badge(t("Not funded"))
    return Badge(t("Funded"), "good") if award.granted >= applied else Badge(t("Funded in part"), "good")


def _changes(run: Run, call_id: str) -> None:
    section(t("Compared with rank order"))
    if not run.changes:
        st.write(t("Rank order, skipping what does not fit, would give the same grants."))
        return
    gained, lost = gained_and_lost(run.changes)
    st.write(
        t(
            "Against rank order, skipping what does not fit: {gained} more for some, {lost} less for others.",
            gained=Money(gained),
            lost=Money(lost),
        )
    )
    names = project_names(run)
    table(
        t("Projects whose grant differs"),
        [
            Column(t("Case number")),
            Column(t("Project")),
            Column(t("In rank order"), figures=True),
            Column(t("In this scenario"), figures=True),
            Column(t("Difference"), figures=True),
        ],
        [
            [case_link(call_id, c.id), names[c.id], money(c.before), money(c.after), difference(c.difference)]
            for c in run.changes
        ],
    )
