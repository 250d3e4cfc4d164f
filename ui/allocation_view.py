"""How the outcome of a scenario is shown."""

from fractions import Fraction

import streamlit as st

from locales import Money
from ui import notices
from ui.charts import AwardBar, awards_chart
from ui.tables import Badge, Cell, Column, Link, figures, table
from ui.texts import money, number, percent, say, score, t, tn
from workflow.labels import RULES, STATUSES
from workflow.scenarios import Run, gained_and_lost


def show_outcome(run: Run) -> None:
    """Key figures, status, and the chart along the ranking."""
    allocation, scenario = run.allocation, run.scenario
    funded = sum(award.funded for award in allocation.awards)
    figures(
        [
            (t("Proposed"), money(allocation.spent), percent(allocation.spent, scenario.appropriation)),
            (t("Remaining"), money(allocation.remaining), t("of {euros}", euros=Money(scenario.appropriation))),
            (t("Projects funded"), str(funded), t("of {n} eligible", n=len(allocation.awards))),
            (t("Value reached"), number(allocation.objective, 0), say(RULES[scenario.rule])),
        ]
    )
    status = say(STATUSES[allocation.status])
    if allocation.status == "optimal":
        notices.caption(
            t("{status}. Solved in {seconds} s.", status=status, seconds=number(Fraction(allocation.seconds), 2))
        )
    else:
        notices.warning(status, icon=":material/warning:")
    for conflict in allocation.conflict:
        notices.error(say(conflict), icon=":material/block:")
    for group in allocation.ties:
        notices.info(t("The tie rule decided between: {cases}.", cases=", ".join(group)), icon=":material/balance:")
    awards = {award.id: award for award in allocation.awards}
    bars = [
        AwardBar(r.view.case_number, r.view.application.applied, awards[r.view.case_number].granted) for r in run.ranked
    ]
    awards_chart(
        bars,
        tn(
            "{funded} of {n} project is funded, along the ranking from the left; {spent} is granted and {left} remains.",
            "{funded} of {n} projects are funded, along the ranking from the left; {spent} is granted and {left} remains.",
            len(bars),
            funded=funded,
            spent=Money(allocation.spent),
            left=Money(allocation.remaining),
        ),
    )


def show_awards(run: Run, call_id: str) -> None:
    """Every project in the order of the ranking with its grant and the reason."""
    awards = {award.id: award for award in run.allocation.awards}
    rows: list[list[Cell]] = []
    for r in run.ranked:
        award = awards[r.view.case_number]
        rows.append(
            [
                "–" if r.standing.rank is None else f"{r.standing.rank}{' =' if r.standing.tied_with else ''}",
                Link(award.id, "application", (("call", call_id), ("case", award.id))),
                r.view.application.project_name,
                score(r.standing.score),
                money(r.view.application.applied),
                money(award.granted),
                Badge(t("Funded"), "good") if award.funded else Badge(t("Not funded")),
                say(award.reason),
            ]
        )
    table(
        t("Grants along the ranking"),
        [
            Column(t("Rank"), figures=True),
            Column(t("Case number")),
            Column(t("Project")),
            Column(t("Score"), figures=True),
            Column(t("Applied for"), figures=True),
            Column(t("Proposed"), figures=True),
            Column(t("Result")),
            Column(t("Reason"), wide=True),
        ],
        rows,
        [
            "",
            t("In all"),
            "",
            "",
            money(sum(r.view.application.applied for r in run.ranked)),
            money(run.allocation.spent),
            "",
            "",
        ],
    )


def show_changes(run: Run) -> None:
    """Who gains and who loses against rank order that skips what does not fit."""
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
    table(
        t("Projects whose grant differs"),
        [
            Column(t("Case number")),
            Column(t("In rank order"), figures=True),
            Column(t("In this scenario"), figures=True),
            Column(t("Difference"), figures=True),
        ],
        [[c.id, money(c.before), money(c.after), money(c.difference)] for c in run.changes],
    )
