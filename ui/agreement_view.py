"""How the agreement of the reviews is shown: coefficients with their limits, and what tells scores apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import streamlit as st

from locales import Message, msg
from scoring.components import Components
from scoring.figures import PanelFigures
from scoring.fitted_agreement import FittedAgreement, FittedIcc
from ui import notices
from ui.agreement_chart import SOURCES, VarianceBar, variance_chart
from ui.estimates import DASH, coefficient, plain, span, whole_shares
from ui.look import section
from ui.tables import Cell, Column, Pair, figures, table
from ui.texts import number, say, t

WITHHELD: Mapping[str, Message] = {
    "no_scores": msg("There are no complete scores yet, so there is no agreement to tell of."),
    "one_application": msg("Only one application is scored; agreement cannot be told from one."),
    "one_reviewer": msg("All scores are by one reviewer, so there is nobody to agree with."),
    "too_few_applications": msg("Fewer than three applications are scored: too few to tell agreement from chance."),
    "too_few_reviewers": msg("Fewer than three reviewers have scored: too few to tell agreement from chance."),
    "no_spread": msg("All scores are equal, so there are no differences to agree on."),
    "too_few_reviews": msg("Too few applications have scores by several reviewers to tell agreement from chance."),
    "perfect_fit": msg(
        "The scores follow from the applications and the reviewers without any remainder. So few or such regular scores do not show how large chance is."
    ),
    "disconnected": msg(
        "Reviewers and applications fall into groups that share nobody, so agreement between the groups cannot be told."
    ),
}
"""Outcome -> why no agreement is told; the same keys as ``scoring.states.OUTCOMES``."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the page: the composite or a criterion. ``fitted`` and ``fit`` are None where they are withheld."""

    name: str
    figures: PanelFigures

    @property
    def fitted(self) -> FittedAgreement | None:
        """The coefficients, unless an outcome withholds them."""
        return self.figures.agreement.fitted if self.figures.outcome is None else None

    @property
    def fit(self) -> Components | None:
        """The components, unless an outcome withholds them."""
        return self.figures.components if self.fitted is not None else None

    @property
    def alpha(self) -> float | None:
        """Krippendorff's alpha of intervals, unless an outcome withholds it."""
        return self.figures.agreement.alpha_interval if self.figures.outcome is None else None


def show_whole(whole: Told) -> None:
    """The key figures of the composite, or why there are none."""
    if whole.fitted is None:
        notices.warning(_why_withheld(whole))
        return
    fitted = whole.fitted
    figures(
        [
            (t("One reviewer"), coefficient(fitted.single.value), _limits_in_words(fitted.single)),
            (
                t("Mean of {n} reviewers", n=number(Fraction(fitted.reviews), 1)),
                coefficient(fitted.mean.value),
                _limits_in_words(fitted.mean),
            ),
            (t("Severity left aside"), coefficient(fitted.consistency.value), _limits_in_words(fitted.consistency)),
            (t("Krippendorff's alpha"), _alpha(whole), t("one reviewer, without a model")),
        ]
    )


def show_reading() -> None:
    """What each figure says, and what none of them says."""
    table(
        t("How the figures are read: 0 is chance alone, 1 is full agreement"),
        [Column(t("Figure")), Column(t("What it says"), wide=True)],
        [
            [
                t("One reviewer"),
                t(
                    "How much of what tells two single scores apart is a real difference between applications (intraclass correlation). So much can be relied on when one reviewer scores an application."
                ),
            ],
            [
                t("Mean of the reviews"),
                t(
                    "The same for the mean score, with as many reviews as an application has on average. The ranking rests on this figure."
                ),
            ],
            [
                t("Severity left aside"),
                t("The figure of one reviewer if all were equally severe. Far above the first: severity matters."),
            ],
            [
                t("Krippendorff's alpha"),
                t("Another measure of single scores, with levels at equal steps and missing reviews allowed."),
            ],
        ],
    )
    notices.info(
        t(
            "The figure of one reviewer must not be confused with that of the mean: the mean always agrees better. Low agreement says that the ranking rests on few opinions, not that somebody was wrong."
        )
    )


def show_sources(told: Sequence[Told]) -> None:
    """What tells scores apart: the chart, the table, and each in words."""
    section(t("What tells scores apart"))
    known = [(one.name, one.fit) for one in told if one.fit is not None]
    if known:
        variance_chart(
            [VarianceBar(name, _variances(fit), _shares(fit)) for name, fit in known],
            t(
                "What part of the variation of the scores is differences between applications, what part severity of the reviewers, and what part the rest: chance, and reviewers valuing an application differently."
            ),
        )
    show_in_words(told)
    table(
        t("Shares of the variance of the scores"),
        [
            Column(t("Score")),
            *(Column(say(source), figures=True) for source in SOURCES),
        ],
        [[one.name, *((DASH,) * 3 if one.fit is None else _shares(one.fit))] for one in told],
    )


def show_in_words(told: Sequence[Told]) -> None:
    """For the composite and each criterion in words what tells its scores apart, or why that cannot be said."""
    st.markdown("\n".join(f"- {notices.verbatim(one.name)}: {notices.verbatim(_in_words(one))}" for one in told))


def show_coefficients(told: Sequence[Told]) -> None:
    """The coefficients of the composite and of each criterion, with their limits."""
    section(t("Agreement by criterion"))
    table(
        t("Agreement on the composite and on each criterion"),
        [
            Column(t("Score")),
            Column(t("Reviews on average"), figures=True),
            Column(t("One reviewer"), figures=True),
            Column(t("Mean of the reviews"), figures=True),
            Column(t("Severity left aside"), figures=True),
            Column(t("Krippendorff's alpha"), figures=True),
        ],
        [_coefficients(one) for one in told],
    )
    notices.caption(t("Below a figure are its 90 % limits."))


def _coefficients(one: Told) -> list[Cell]:
    if one.fitted is None:
        return [one.name, *(DASH,) * 5]
    return [
        one.name,
        number(Fraction(one.fitted.reviews), 1),
        *(_with_limits(found) for found in (one.fitted.single, one.fitted.mean, one.fitted.consistency)),
        _alpha(one),
    ]


def _with_limits(found: FittedIcc) -> Cell:
    shown = coefficient(found.value)
    return Pair(shown, _limits(found)) if _limits(found) else shown


def _limits(found: FittedIcc) -> str:
    if found.low is None or found.high is None:
        return ""
    return span(coefficient(found.low), coefficient(found.high))


def _limits_in_words(found: FittedIcc) -> str:
    ends = _limits(found)
    return t("90 % limits {ends}", ends=ends) if ends else ""


def _alpha(one: Told) -> str:
    return DASH if one.alpha is None else plain(one.alpha)


def _variances(fit: Components) -> tuple[float, float, float]:
    return fit.tau**2, fit.nu**2, fit.sigma**2


def _shares(fit: Components) -> tuple[str, str, str]:
    applications, reviewers, rest = whole_shares(_variances(fit))
    return applications, reviewers, rest


def _in_words(one: Told) -> str:
    if one.fit is None:
        return _why_withheld(one)
    applications, reviewers, rest = _shares(one.fit)
    if one.fit.tau == 0:
        return t(
            "The fit finds no difference between the applications beyond chance. That does not prove that there is none; the limits tell how large the agreement may still be."
        )
    if one.fit.nu == 0:
        return t(
            "Of what tells two scores apart, {applications} is real difference between applications and {rest} the rest. The fit finds no difference in severity; that does not prove that there is none.",
            applications=applications,
            rest=rest,
        )
    return t(
        "Of what tells two scores apart, {applications} is real difference between applications, {reviewers} severity of the reviewers and {rest} the rest.",
        applications=applications,
        reviewers=reviewers,
        rest=rest,
    )


def _why_withheld(one: Told) -> str:
    outcome = one.figures.outcome
    if outcome is None:
        return t("The scores do not bear these figures.")
    return say(WITHHELD[outcome])
