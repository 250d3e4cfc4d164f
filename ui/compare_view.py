"""Scenarios side by side: figures, themes and regions, and every project's grants."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import streamlit as st

from locales import Message, msg
from ui import notices
from ui.allocation_head import MAXIMISING
from ui.allocation_words import case_link, difference, share
from ui.compare_charts import MOST_MARKS, RegionRow, ShareBar, region_chart, share_chart
from ui.look import section
from ui.scenario_words import listed
from ui.tables import Cell, Column, Pair, table
from ui.texts import money, number, say, score, t, tn
from workflow.comparison import Comparison, Line, Option
from workflow.comparison_figures import Figures, Part
from workflow.labels import RULES, STATUSES


def option_names(comparison: Comparison) -> list[str]:
    """What the options are called in headings and choices; the baseline first."""
    return [t("Rank order (baseline)") if one.saved is None else say(one.name) for one in comparison.options]


def show_problems(comparison: Comparison) -> None:
    """What cannot be run today, and what rests on an earlier ranking."""
    for option in comparison.options:
        for problem in option.problems:
            notices.warning(t("{scenario}: {problem}", scenario=say(option.name), problem=say(problem)))
        if option.ranking_changed:
            notices.warning(
                t(
                    "{scenario}: the ranking or the accepted costs have changed since it was saved. The figures here are by what stands today.",
                    scenario=say(option.name),
                )
            )


def show_figures(comparison: Comparison) -> None:
    """The figures of each scenario in its own column."""
    section(t("Figures side by side"))
    notices.caption(
        t(
            "The baseline is always among them: rank order with the call's own values, skipping what does not fit. Every scenario is run on the ranking as it stands."
        )
    )
    options, names = comparison.options, option_names(comparison)
    table(
        t("The scenarios compared"),
        [
            Column(t("Scenario")),
            Column(t("Rule")),
            Column(t("Constraints"), wide=True),
            Column(t("Status")),
            Column(t("Awards set by hand"), figures=True),
        ],
        [
            [name, _rule(one), _constraints(one), _status(one), number(len(one.by_hand)) if one.by_hand else "–"]
            for name, one in zip(names, options, strict=True)
        ],
    )
    table(
        t("Figures of each scenario"),
        [Column(t("Figure")), *(Column(name, figures=True) for name in names)],
        [
            [say(name), *("–" if one.figures is None else written(one.figures) for one in options)]
            for name, written in _FIGURES
        ],
    )
    _inhabitants_note(options)


def _rule(option: Option) -> str:
    return "–" if option.run is None else say(RULES[option.run.scenario.rule])


def _status(option: Option) -> str:
    if option.run is None:
        return t("Cannot be run")
    if option.run.allocation.status == "optimal" and option.run.scenario.rule not in MAXIMISING:
        return t("Followed to the end, verified in whole euros")
    return say(STATUSES[option.run.allocation.status])


def _constraints(option: Option) -> str:
    """The names of those in use."""
    if option.run is None:
        return "–"
    names = [one.name for one in listed(option.run.scenario) if one.on is not False]
    return "; ".join(names) or "–"


def _euros(value: Fraction) -> str:
    return f"{number(value, 2)}\u00a0€"


_FIGURES: tuple[tuple[Message, Callable[[Figures], str]], ...] = (
    (msg("Proposed"), lambda one: money(one.euros)),
    (msg("Remaining"), lambda one: money(one.remaining)),
    (msg("Projects funded"), lambda one: number(one.projects)),
    (msg("Sum of the scores of the funded projects"), lambda one: number(one.score_bought, 2)),
    (msg("Sum of score times euros granted"), lambda one: number(one.score_times_euros, 0)),
    (msg("Mean score of the funded projects"), lambda one: "–" if one.mean_score is None else score(one.mean_score)),
    (msg("Regions: the least per inhabitant"), lambda one: _euros(one.per_inhabitant.least)),
    (msg("Regions: the median per inhabitant"), lambda one: _euros(one.per_inhabitant.middle)),
    (msg("Regions: the most per inhabitant"), lambda one: _euros(one.per_inhabitant.greatest)),
    (msg("Regions without a grant"), lambda one: number(len(one.per_inhabitant.without))),
)


def _inhabitants_note(options: Sequence[Option]) -> None:
    notices.caption(
        t(
            "Euros per inhabitant are counted over all regions of the register; a grant counts in the region of the coordinating municipality."
        )
    )
    found = next((one.figures.per_inhabitant for one in options if one.figures is not None), None)
    if found is not None and found.uncertain:
        names = ", ".join(say(name) for name in found.uncertain)
        notices.caption(t("The population of some municipality is not known in: {names}.", names=names))


def show_parts(comparison: Comparison) -> None:
    """What each theme and each region gets in each scenario."""
    section(t("Shares of the themes"))
    _shares(comparison)
    _parts(comparison, t("Theme"), lambda one: one.themes)
    section(t("Regions"))
    _regions(comparison)
    _parts(comparison, t("Region"), lambda one: one.regions)


def _shares(comparison: Comparison) -> None:
    shown = [
        (name, one.figures.themes)
        for name, one in zip(option_names(comparison), comparison.options, strict=True)
        if one.figures is not None and one.figures.euros
    ]
    if not shown:
        return
    share_chart(
        [say(part.name) or t("Not stated") for part in shown[0][1]],
        [
            ShareBar(
                name,
                tuple(float(part.share or 0) for part in parts),
                tuple("–" if part.share is None else _percent(part.share) for part in parts),
            )
            for name, parts in shown
        ],
        t(
            "Each bar is a scenario, split by what share of the euros each theme gets, in the order of the names above the bars."
        ),
    )


def _percent(value: Fraction) -> str:
    return share(value.numerator, value.denominator)


def _regions(comparison: Comparison) -> None:
    names = option_names(comparison)
    shown = [
        (name, one.figures.regions)
        for name, one in zip(names, comparison.options, strict=True)
        if one.figures is not None
    ][:MOST_MARKS]
    if not shown:
        return
    rows = [
        RegionRow(say(part.name) or t("Not stated"), tuple(parts[place].euros for _, parts in shown))
        for place, part in enumerate(shown[0][1])
    ]
    rows.sort(key=lambda row: -max(row.euros))
    region_chart(
        [name for name, _ in shown],
        rows,
        t(
            "Each row is a region, each mark a scenario: how many euros the region gets. Where the marks lie apart, the choice of scenario matters to the region."
        ),
    )
    if len(shown) < len(comparison.options):
        notices.caption(t("The chart shows the first {n} scenarios, the table all.", n=MOST_MARKS))


def _parts(comparison: Comparison, heading: str, parts: Callable[[Figures], tuple[Part, ...]]) -> None:
    first = next((one.figures for one in comparison.options if one.figures is not None), None)
    if first is None:
        return
    rows: list[list[Cell]] = []
    for place, part in enumerate(parts(first)):
        cells: list[Cell] = [say(part.name) or t("Not stated")]
        for option in comparison.options:
            cells.append("–" if option.figures is None else _part(parts(option.figures)[place]))
        rows.append(cells)
    table(
        t("{group}: euros, share and projects in each scenario", group=heading),
        [Column(heading), *(Column(name, figures=True) for name in option_names(comparison))],
        rows,
    )


def _part(part: Part) -> Pair:
    projects = tn("{n} project", "{n} projects", part.projects)
    return Pair(money(part.euros), projects if part.share is None else f"{_percent(part.share)} · {projects}")


def show_grants(comparison: Comparison, call_id: str) -> None:
    """Every project's grants; a grant that differs from the baseline's has the difference below it."""
    section(t("Grants per project"))
    lines = comparison.lines
    differing = [line for line in lines if len({grant for grant in line.grants if grant is not None}) > 1]
    every = st.toggle(
        t("Show also the projects whose grant is the same in every scenario ({n})", n=len(lines) - len(differing)),
        key=f"compare-every-{call_id}",
    )
    notices.caption(t("Below a grant is its difference from the baseline, where there is one."))
    names = option_names(comparison)
    table(
        t("Grants of each project in each scenario"),
        [
            Column(t("Rank"), figures=True),
            Column(t("Case number")),
            Column(t("Project")),
            Column(t("Score"), figures=True),
            *(Column(name, figures=True) for name in names),
        ],
        [_line(line, call_id) for line in (lines if every else differing)],
    )


def _line(line: Line, call_id: str) -> list[Cell]:
    base = line.grants[0]
    return [
        "–" if line.rank is None else str(line.rank),
        case_link(call_id, line.case_number),
        line.project,
        score(line.score),
        *(_grant(grant, base) for grant in line.grants),
    ]


def _grant(grant: int | None, base: int | None) -> Cell:
    if grant is None or base is None or grant == base:
        return money(grant)
    return Pair(money(grant), difference(grant - base))
