"""One pass over a panel's scores: the model's figures where the scores bear them, and a named reason where not."""

from dataclasses import dataclass

import numpy as np

from scoring.calibration import additive_residual
from scoring.components import Components, fit_components
from scoring.effects import Effects, predict_effects
from scoring.graph import Graph, describe_graph
from scoring.posterior import DRAWS, Draws, Prior, draw
from scoring.score_table import ScoreTable
from scoring.states import FEWEST, FEWEST_OF_A_REVIEWER

_BEYOND_MEANS = 4
"""Scores needed beyond one per section, so that flat priors lead to a proper posterior."""
_NOTHING = 1e-10
"""Share of the squares that counts as no residual at all: smaller ones drown in rounding."""
_FITTED_ALL_THE_SAME = ("disconnected", "too_few_reviewers", "too_few_applications")


@dataclass(frozen=True)
class Analysis:
    """``outcome``: a key of ``states.OUTCOMES``, or None when the model's figures are given. ``notes``: keys of NOTES.

    ``components`` are given wherever REML has an answer, also with some outcomes; ``effects`` and ``draws`` only
    without one.
    """

    table: ScoreTable
    graph: Graph
    outcome: str | None
    notes: tuple[str, ...]
    components: Components | None = None
    effects: Effects | None = None
    draws: Draws | None = None


def analyse(table: ScoreTable, seed: int, prior: Prior = "flat") -> Analysis:
    """Components, effects and posterior draws of ``table``, or the outcome that stands in their way."""
    graph = describe_graph(table)
    outcome = _outcome(table, graph)
    if outcome is not None and (outcome not in _FITTED_ALL_THE_SAME or _unfit(table)):
        return Analysis(table, graph, outcome, _notes(table, None))
    components = fit_components(table)
    if outcome is not None:
        return Analysis(table, graph, outcome, _notes(table, None), components)
    notes = _notes(table, components)
    draws = draw(table, seed, prior)
    if len(draws.quality) < DRAWS:
        notes = (*notes, "fewer_draws")
    return Analysis(table, graph, None, notes, components, predict_effects(table, components), draws)


def _outcome(table: ScoreTable, graph: Graph) -> str | None:
    """The first obstacle; the order is from what everybody sees to what only the model knows."""
    scored, reviewers = int(np.count_nonzero(table.per_application)), len(table.reviewers)
    if scored == 0:
        return "no_scores"
    if scored == 1:
        return "one_application"
    if reviewers == 1:
        return "one_reviewer"
    if np.ptp(table.values) == 0:
        return "no_spread"
    if scored < FEWEST:
        return "too_few_applications"
    if reviewers < FEWEST:
        return "too_few_reviewers"
    # Sections have means of their own, so that they need no reviewer in common; but each has to hang together.
    if len({(table.sections[row], graph.part_of[row]) for row in table.rows}) > len(set(table.sections[table.rows])):
        return "disconnected"
    # What is left to tell the spreads by when every section, or group of sections, has taken its mean.
    if scored - len(table.section_names) < FEWEST - 1 or reviewers - graph.components < FEWEST - 1:
        return "too_few_reviews"
    return _unfit(table)


def _unfit(table: ScoreTable) -> str | None:
    """Why REML has no answer: no freedom left for chance, or nothing left over."""
    parts = describe_graph(table).components
    scored = int(np.count_nonzero(table.per_application))
    freedom = len(table.values) - scored - len(table.reviewers) + parts
    if np.ptp(table.values) == 0:
        return "no_spread"
    empty_section = len(set(table.sections[table.rows])) < len(table.section_names)
    if empty_section or len(table.values) < len(table.section_names) + _BEYOND_MEANS or freedom < 1:
        return "too_few_reviews"
    residual, total = additive_residual(table)
    return "perfect_fit" if residual <= _NOTHING * total else None


def _notes(table: ScoreTable, components: Components | None) -> tuple[str, ...]:
    """``components``: None with an outcome, where nothing of the model is shown that could be noted."""
    found = []
    if components is not None:
        found += [f"{name}_zero" for name in components.on_boundary]
    means = {mean for mean in table.means if mean is not None}
    if len(means) == 1 and len(table.values) > 1 and np.ptp(table.values) > 0:
        found.append("all_ties")
    if len(table.reviewers) and table.per_reviewer.min() < FEWEST_OF_A_REVIEWER:
        found.append("few_reviews_of_reviewer")
    if len(table.values) != table.shape[0] * table.shape[1]:
        found.append("not_complete")
    if components is not None and len(table.section_names) > 1:
        found.append("sections")
    return tuple(found)
