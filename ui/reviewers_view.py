"""How the statistics of reviewers are shown: deviation from their mean, and use of the scale."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from calls.definition import CallDefinition
from scoring.states import FEWEST_OF_A_REVIEWER, NOTES, OUTCOMES
from ui import notices
from ui.estimates import DASH, interval, p_value, plain, signed, span
from ui.look import section
from ui.severity_chart import SeverityBar, UseBar, severity_chart, use_chart
from ui.tables import Cell, Column, Pair, table
from ui.texts import number, percent, say, score, t
from workflow.panel_reviewers import ReviewerRow, ReviewerStatistics

_SURE = 0.10
"""A probability below this says that chance does not explain the differences: the level of the 90 % intervals."""
_NOTES_HERE = ("few_reviews_of_reviewer", "incomplete_reviews", "sections")


@dataclass(frozen=True, slots=True)
class Deviation:
    """How much more a reviewer gives than the reviewers on average, with the ends of the 90 % interval."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """The interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def deviations(statistics: ReviewerStatistics) -> dict[int, Deviation]:
    """Reviewer id -> deviation, of those whose scores bear one.

    Nobody's where the panel's outcome withholds them. Where the fit finds no severity at all they stand: the draws hold
    what it could still be.
    """
    if statistics.figures.outcome is not None:
        return {}
    return {
        row.reviewer_id: Deviation(f.deviation, f.low, f.high)
        for row in statistics.rows
        if (f := row.figures) is not None and f.deviation is not None and f.low is not None and f.high is not None
    }


def in_order(statistics: ReviewerStatistics) -> list[ReviewerRow]:
    """The rows from the one who gives most to the one who gives least; without a deviation last, by name."""
    found = deviations(statistics)
    return sorted(
        statistics.rows,
        key=lambda row: (
            row.reviewer_id not in found,
            -found[row.reviewer_id].value if row.reviewer_id in found else 0,
        ),
    )


def show_states(statistics: ReviewerStatistics) -> None:
    """In words, what limits the figures."""
    figures = statistics.figures
    if figures.outcome is not None:
        notices.warning(say(OUTCOMES[figures.outcome]))
    elif "nu_zero" in figures.notes:
        notices.info(
            t(
                "The fit finds no difference between the reviewers beyond chance. That does not prove that there is none: the intervals tell how large the deviations may still be."
            )
        )
    for note in _NOTES_HERE:
        if note in figures.notes:
            notices.info(say(NOTES[note]))


def show_deviations(statistics: ReviewerStatistics) -> None:
    """The chart around zero, the F test and the clear deviations in words; nothing where there is none to show."""
    found = deviations(statistics)
    if statistics.figures.outcome is None:
        _say_whether_they_differ(statistics)
    if not found:
        return
    rows = [row for row in in_order(statistics) if row.reviewer_id in found]
    bars = [_bar(row, found[row.reviewer_id]) for row in rows]
    severity_chart(
        bars,
        t(
            "Each dot is the deviation of one reviewer, the line its 90 % interval. {most} deviates most upwards ({up}) and {least} most downwards ({down}). A dot is filled when its interval does not reach zero: {clear} of {n}.",
            n=str(len(bars)),
            most=bars[0].name,
            up=bars[0].label,
            least=bars[-1].name,
            down=bars[-1].label,
            clear=str(sum(bar.clear for bar in bars)),
        ),
    )
    test = statistics.figures.reviewers_differ
    _say_who_deviates(rows, found, chance_could=test is not None and test.p >= _SURE)


def show_table(call: CallDefinition, statistics: ReviewerStatistics) -> None:
    """One row for each reviewer, in the order of the chart."""
    found = deviations(statistics)
    ends = {(min(levels), max(levels)) for c in call.criteria if (levels := [rung.value for rung in c.levels])}
    table(
        t("Reviewers, from the one who gives most to the one who gives least") if found else t("Reviewers by name"),
        [
            Column(t("Reviewer")),
            Column(t("Reviews"), figures=True),
            Column(t("Mean given"), figures=True),
            Column(t("Deviation"), figures=True),
            *(Column(title, figures=True) for title in _ends_of_scale(ends)),
            Column(t("Unexplained spread"), figures=True),
            Column(t("Shared applications"), figures=True),
            Column(t("Other reviewers"), figures=True),
        ],
        [_figures(row, found, statistics) for row in in_order(statistics)],
    )
    if len(ends) > 1:
        notices.caption(
            t("Lowest and highest level: what part of the levels given was the lowest or the highest of its criterion.")
        )
    if found:
        notices.caption(t("Below the deviation is its 90 % interval."))
    notices.caption(
        t(
            "Unexplained spread: how far the scores lie from what application and reviewer explain. Shared: how many of the reviewer's applications somebody else reviewed too; other reviewers: how many those are."
        )
    )


def show_use(statistics: ReviewerStatistics) -> None:
    """How often each level was given: a bar for each reviewer, and the table."""
    rows = in_order(statistics)
    given = [UseBar(row.reviewer, tuple(_count(row, level) for level in statistics.levels)) for row in rows]
    used = [bar for bar in given if sum(bar.counts)]
    if used:
        use_chart(
            statistics.levels,
            used,
            t(
                "Each bar is all the levels that one reviewer gave, over all criteria, the lowest level on the left and the darkest the highest. The figure tells how many times the level was given."
            ),
        )
    table(
        t("How many times each level was given, over all criteria"),
        [
            Column(t("Reviewer")),
            *(Column(t("Level {level}", level=str(level)), figures=True) for level in statistics.levels),
            Column(t("In all"), figures=True),
        ],
        [[bar.name, *map(str, bar.counts), str(sum(bar.counts))] for bar in given],
    )


def _bar(row: ReviewerRow, found: Deviation) -> SeverityBar:
    return SeverityBar(row.reviewer, found.value, found.low, found.high, signed(found.value))


def _count(row: ReviewerRow, level: int) -> int:
    return row.use.levels.get(level, 0)


def _figures(row: ReviewerRow, found: Mapping[int, Deviation], statistics: ReviewerStatistics) -> list[Cell]:
    deviation = found.get(row.reviewer_id)
    in_all = sum(row.use.levels.values())
    spread = None if statistics.figures.outcome is not None else row.use.residual_sd
    few = row.figures is None or row.figures.n < FEWEST_OF_A_REVIEWER
    return [
        Pair(row.reviewer, t("fewer than three reviews")) if few else row.reviewer,
        str(row.reviews),
        score(row.mean),
        DASH if deviation is None else Pair(signed(deviation.value), interval(deviation.low, deviation.high)),
        *(percent(round((part or 0) * in_all), in_all) for part in (row.use.lowest, row.use.highest)),
        DASH if spread is None else plain(spread),
        t("{shared} of {reviews}", shared=str(row.use.shared), reviews=str(row.reviews)),
        str(row.use.partners),
    ]


def _ends_of_scale(ends: Collection[tuple[int, int]]) -> tuple[str, str]:
    """Headings of the shares of the lowest and highest level, with the levels where all criteria have the same ends."""
    if len(ends) != 1:
        return t("Lowest level"), t("Highest level")
    ((low, high),) = ends
    return t("Lowest level ({level})", level=str(low)), t("Highest level ({level})", level=str(high))


def _say_whether_they_differ(statistics: ReviewerStatistics) -> None:
    test = statistics.figures.reviewers_differ
    if test is None:
        return
    p = p_value(test.p)
    if test.p < _SURE:
        told = t("The reviewers differ from each other more than chance explains ({p}).", p=p)
    else:
        told = t("Chance alone could explain the differences between the reviewers ({p}).", p=p)
    st.write(notices.verbatim(told))
    notices.caption(
        t(
            "F test of the reviewers, read at the 10 % level as the 90 % intervals are: F = {f} with {df1} and {df2} degrees of freedom.",
            f=plain(test.f),
            df1=str(test.df1),
            df2=number(test.df2),
        )
    )


def _say_who_deviates(rows: Sequence[ReviewerRow], found: Mapping[int, Deviation], chance_could: bool) -> None:
    told = [_in_words(row.reviewer, found[row.reviewer_id]) for row in rows if found[row.reviewer_id].clear]
    if not told:
        st.write(
            t(
                "Every interval reaches zero: of no single reviewer can it be said that they give more or less than the reviewers on average."
            )
        )
        return
    st.markdown("\n".join(f"- {notices.verbatim(sentence)}" for sentence in told))
    if chance_could:
        st.write(
            t(
                "When there are several reviewers, about one interval in ten misses zero by chance alone, so these deviations may be chance as well."
            )
        )


def _in_words(name: str, found: Deviation) -> str:
    near, far = sorted((abs(found.low), abs(found.high)))
    values = {"name": name, "points": plain(abs(found.value)), "ends": span(plain(near), plain(far))}
    if found.value > 0:
        return t(
            "{name} gives the same applications {points} points more than the reviewers on average (90 % interval {ends}).",
            **values,
        )
    return t(
        "{name} gives the same applications {points} points less than the reviewers on average (90 % interval {ends}).",
        **values,
    )


def show_what_it_is_for() -> None:
    """What the figures are good for, and what they do not do."""
    section(t("What the figures are for"))
    notices.info(
        t(
            "Allowing for severity rarely changes who is funded: in simulations it chose the right best applications 0 to 2 percentage points more often. This is because each application has several reviewers, whose severity partly evens out, and because chance stays in the scores in any case. The value of these figures is an honest uncertainty of the ranking and finding a reviewer to talk with. The scores themselves are not changed."
        )
    )
