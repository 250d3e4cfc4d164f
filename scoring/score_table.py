"""The composites of a panel as a sparse two-way table: applications by reviewers, as the statistics need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from locales import msg
from scoring.composite import composite
from scoring.errors import ScoringError
from scoring.types import Review

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Score:
    """One reviewer's composite of one application."""

    reviewer: str
    application: str
    value: Fraction


@dataclass(frozen=True)
class ScoreTable:
    """I applications, J reviewers and n scores, in the order of their names, so that the input's order never matters.

    ``rows`` and ``columns`` (n,): the application and the reviewer of each score; ``values`` (n,): the scores on the
    call's scale, sorted by row and column; ``exact``: the same as Fractions. ``sections`` (I,): the section of each
    application, counted from 0; ``section_names``: their names.
    """

    applications: tuple[str, ...]
    reviewers: tuple[str, ...]
    rows: Indices
    columns: Indices
    values: Floats
    exact: tuple[Fraction, ...]
    sections: Indices
    section_names: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """(I, J)."""
        return len(self.applications), len(self.reviewers)

    @cached_property
    def incidence(self) -> sparse.csr_array:
        """N (I x J): how many scores each reviewer gave each application, 0 or 1."""
        return sparse.csr_array((np.ones(len(self.values)), (self.rows, self.columns)), shape=self.shape)

    @cached_property
    def per_application(self) -> Indices:
        """n_i (I,)."""
        return np.bincount(self.rows, minlength=len(self.applications))

    @cached_property
    def per_reviewer(self) -> Indices:
        """n_j (J,)."""
        return np.bincount(self.columns, minlength=len(self.reviewers))

    @cached_property
    def means(self) -> tuple[Fraction | None, ...]:
        """The exact mean score of each application; None without a score."""
        sums = [Fraction(0)] * len(self.applications)
        for row, value in zip(self.rows, self.exact, strict=True):
            sums[row] += value
        return tuple(s / int(n) if n else None for s, n in zip(sums, self.per_application, strict=True))

    @cached_property
    def dense(self) -> Floats:
        """The table (I x J) with NaN where there is no score; for complete or small tables."""
        table = np.full(self.shape, np.nan)
        table[self.rows, self.columns] = self.values
        return table


def score_table(
    scores: Sequence[Score],
    sections: Mapping[str, str] | None = None,
    unscored: Sequence[str] = (),
) -> ScoreTable:
    """The table of ``scores``; at most one per reviewer and application.

    ``sections``: application -> name of its section, for all of the table or none. ``unscored``: applications that take part
    without a score (those with a consensus only). Raises ScoringError for two scores of one application by one
    reviewer.
    """
    applications = tuple(sorted({score.application for score in scores} | set(unscored)))
    reviewers = tuple(sorted({score.reviewer for score in scores}))
    row_of = {name: position for position, name in enumerate(applications)}
    column_of = {name: position for position, name in enumerate(reviewers)}
    placed: dict[tuple[int, int], Fraction] = {}
    for score in scores:
        place = row_of[score.application], column_of[score.reviewer]
        if place in placed:
            raise ScoringError(
                msg(
                    "Application {application}: reviewer {reviewer} has two reviews; one is accepted.",
                    application=score.application,
                    reviewer=score.reviewer,
                )
            )
        placed[place] = score.value
    order = sorted(placed)
    names = tuple(sorted({sections[a] for a in applications})) if sections and applications else ("",)
    return ScoreTable(
        applications=applications,
        reviewers=reviewers,
        rows=np.array([row for row, _ in order], dtype=np.intp),
        columns=np.array([column for _, column in order], dtype=np.intp),
        values=np.array([float(placed[place]) for place in order]),
        exact=tuple(placed[place] for place in order),
        sections=np.array([names.index(sections[a]) if sections else 0 for a in applications], dtype=np.intp),
        section_names=names,
    )


def complete_scores(reviews: Sequence[Review], weights: Mapping[str, int]) -> tuple[Score, ...]:
    """The composites of ``reviews``; a review with a missing criterion has none and is left out."""
    given = ((review, composite(review.levels, weights)) for review in reviews)
    return tuple(Score(r.reviewer, r.application, value) for r, value in given if value is not None)
