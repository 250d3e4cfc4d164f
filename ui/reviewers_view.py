"""How the statistics of reviewers are shown: deviation from the others, and use of the scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from scoring.states import FEWEST_OF_A_REVIEWER, NOTES, OUTCOMES
from ui import notices
from ui.estimates import DASH, interval, p_value, plain, signed, span
from ui.look import section
from ui.severity_chart import SeverityBar, UseBar, severity_chart, use_chart
from ui.tables import Cell, Column, Pair, table
from ui.texts import number, percent, say, score, t
from workflow.panel_reviewers import ReviewerRow, ReviewerStatistics

_WIDTH = 1.645
"""Standard errors on either side of an estimate that hold 90 % of a normal distribution."""
_SURE = 0.05
"""A probability below this says that chance does not explain the differences."""
_NOTES_HERE = ("few_reviews_of_reviewer", "incomplete_reviews", "sections")


@dataclass(frozen=True, slots=True)
class Deviation:
    """How much more a reviewer gives than the others, with the ends of the 90 % interval, on the scores' scale."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """The interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def deviations(statistics: ReviewerStatistics) -> dict[int, Deviation]:
    """Reviewer id -> deviation, of those whose scores bear one.

    Nobody's where the panel's outcome withholds them, nor where the fit finds no severity at all: every deviation would
    then be an exact zero without any uncertainty, which the scores do not show.
    """
    if statistics.figures.outcome is not None or "nu_zero" in statistics.figures.notes:
        return {}
    return {
        row.reviewer_id: Deviation(f.severity, f.severity - _WIDTH * f.se, f.severity + _WIDTH * f.se)
        for row in statistics.rows
        if (f := row.figures) is not None and f.severity is not None and f.se is not None
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
                "The fit finds no difference between the reviewers beyond chance, so no deviations are shown. That does not prove that there is none."
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
    _say_who_deviates(rows, found)


def show_table(statistics: ReviewerStatistics) -> None:
    """One row for each reviewer, in the order of the chart."""
    found = deviations(statistics)
    lowest, highest = statistics.levels[0], statistics.levels[-1]
    table(
        t("Reviewers, from the one who gives most to the one who gives least") if found else t("Reviewers by name"),
        [
            Column(t("Reviewer")),
            Column(t("Reviews"), figures=True),
            Column(t("Mean given"), figures=True),
            Column(t("Deviation from the others"), figures=True),
            Column(t("Lowest level ({level})", level=str(lowest)), figures=True),
            Column(t("Highest level ({level})", level=str(highest)), figures=True),
            Column(t("Unexplained spread"), figures=True),
            Column(t("Shared applications"), figures=True),
            Column(t("Other reviewers"), figures=True),
        ],
        [_figures(row, found, statistics) for row in in_order(statistics)],
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
        DASH if deviation is None else Pair(signed(deviation.value), _ends(deviation)),
        percent(_count(row, statistics.levels[0]), in_all),
        percent(_count(row, statistics.levels[-1]), in_all),
        DASH if spread is None else plain(spread),
        t("{shared} of {reviews}", shared=str(row.use.shared), reviews=str(row.reviews)),
        str(row.use.partners),
    ]


def _ends(found: Deviation) -> str:
    return interval(found.low, found.high)


def _say_whether_they_differ(statistics: ReviewerStatistics) -> None:
    test = statistics.figures.reviewers_differ
    if test is None:
        return
    p = p_value(test.p)
    if test.p < _SURE:
        told = t("The reviewers differ from each other more than chance explains ({p}).", p=p)
    else:
        told = t("The differences between the reviewers are no larger than chance explains ({p}).", p=p)
    st.write(notices.verbatim(told))
    notices.caption(
        t(
            "F test of the reviewers: F = {f} with {df1} and {df2} degrees of freedom.",
            f=plain(test.f),
            df1=str(test.df1),
            df2=number(test.df2),
        )
    )


def _say_who_deviates(rows: Sequence[ReviewerRow], found: Mapping[int, Deviation]) -> None:
    told = [_in_words(row.reviewer, found[row.reviewer_id]) for row in rows if found[row.reviewer_id].clear]
    if not told:
        st.write(
            t("Every interval reaches zero: of no reviewer can it be said that they give more or less than others.")
        )
        return
    st.markdown("\n".join(f"- {notices.verbatim(sentence)}" for sentence in told))


def _in_words(name: str, found: Deviation) -> str:
    near, far = sorted((abs(found.low), abs(found.high)))
    values = {"name": name, "points": plain(abs(found.value)), "ends": span(plain(near), plain(far))}
    if found.value > 0:
        return t(
            "{name} gives the same applications on average {points} points more than the others (90 % interval {ends}).",
            **values,
        )
    return t(
        "{name} gives the same applications on average {points} points less than the others (90 % interval {ends}).",
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
