"""What a distribution adds up to: the named rules and how full they are, themes and regions."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import streamlit as st

from allocation import Sum
from locales import Money
from ui import notices
from ui.allocation_charts import PairBar, pair_chart
from ui.allocation_groups import Group, groups
from ui.allocation_words import capital, measure_name, measured, share, value_name
from ui.look import section
from ui.tables import Badge, Column, Pair, table
from ui.texts import money, percent, say, t
from workflow.scenarios import Run


def show_rules(run: Run) -> None:
    """Each sum that a named rule holds together, beside its limits."""
    sums = [one for one in run.allocation.sums if one.lower is not None or one.upper is not None]
    if not sums:
        return
    section(t("The rules and how full they are"))
    notices.caption(
        t(
            "A rule whose sum is at its limit can hold back a project. What each rule costs is on the tab {tab}.",
            tab=t("What the rules cost"),
        )
    )
    scenario = run.scenario
    table(
        t("Sums of the named rules"),
        [
            Column(t("Rule")),
            Column(t("What is added up")),
            Column(t("Lower limit"), figures=True),
            Column(t("Sum reached"), figures=True),
            Column(t("Upper limit"), figures=True),
            Column(t("Share of the upper limit"), figures=True),
            Column(t("State")),
        ],
        [
            [
                capital(say(one.name)),
                measure_name(scenario, one.measure),
                measured(one.measure, one.lower),
                measured(one.measure, one.value),
                measured(one.measure, one.upper),
                "–" if one.upper is None else share(one.value, one.upper),
                _fullness(one, run),
            ]
            for one in sums
        ],
    )


def _fullness(one: Sum, run: Run) -> Badge | Pair:
    """At a limit, or how much room there is. Euros within one unit of the limit are at it."""
    step = run.scenario.unit if one.measure == "grant" else Fraction(1, 1_000_000)
    if one.upper is not None and one.upper - one.value < step:
        return Badge(t("At the upper limit"), "warn")
    if one.lower is not None and one.value - one.lower < step:
        return Badge(t("At the lower limit"), "warn")
    if one.upper is None:
        return Badge(t("Above the lower limit"))
    return Pair(t("Room left"), measured(one.measure, one.upper - one.value))


def show_groups(run: Run) -> None:
    """What is applied for and proposed per theme and per region."""
    themes = groups(run.projects, run.allocation, "theme")
    regions = groups(run.projects, run.allocation, "region")
    section(t("Shares of the themes"))
    _group(run, "theme", themes, t("Theme"))
    section(t("Regions"))
    notices.caption(t("The region is that of the coordinating applicant."))
    _group(run, "region", regions, t("Region"))


def _group(run: Run, label: str, found: Sequence[Group], heading: str) -> None:
    names = {one.value: value_name(run.scenario, label, one.value) for one in found}
    applied, spent = sum(one.applied for one in found), run.allocation.spent
    chart, beside = st.columns([5, 6], gap="medium")
    with chart:
        if label == "theme":
            pair_chart(
                [
                    PairBar(
                        names[one.value],
                        one.applied / applied if applied else 0.0,
                        one.proposed / spent if spent else 0.0,
                        percent(one.proposed, spent),
                    )
                    for one in found
                ],
                _shares(found, names, applied, spent),
                measure="share",
            )
        else:
            pair_chart(
                [PairBar(names[one.value], one.applied, one.proposed, money(one.proposed)) for one in found],
                _amounts(found, names),
            )
    with beside:
        table(
            t("{group}: applied for and proposed", group=heading),
            [
                Column(heading),
                Column(t("Funded"), figures=True),
                Column(t("Applied for"), figures=True),
                Column(t("Proposed"), figures=True),
                Column(t("Share of what is proposed"), figures=True),
            ],
            [
                [
                    names[one.value],
                    t("{funded} of {n}", funded=one.funded, n=one.applications),
                    money(one.applied),
                    money(one.proposed),
                    percent(one.proposed, spent),
                ]
                for one in found
            ],
        )


def _shares(found: Sequence[Group], names: Mapping[str, str], applied: int, spent: int) -> str:
    top = found[0]
    return t(
        "Light bars are shares of what is applied for, dark bars of what is proposed. The largest share is that of {name}: {proposed} of what is proposed, {applied} of what is applied for.",
        name=names[top.value],
        proposed=percent(top.proposed, spent),
        applied=percent(top.applied, applied),
    )


def _amounts(found: Sequence[Group], names: Mapping[str, str]) -> str:
    none = [names[one.value] for one in found if not one.proposed]
    said = t(
        "Light bars are what is applied for, dark bars what is proposed. The most is proposed in {name}, {euros}.",
        name=names[found[0].value],
        euros=Money(found[0].proposed),
    )
    if not none:
        return said
    return said + " " + t("Nothing is proposed in: {names}.", names=", ".join(none))
