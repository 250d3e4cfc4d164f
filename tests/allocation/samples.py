"""Small builders and slow, obvious oracles for the tests of this room."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from allocation import Project, RuleName

RULE_NAMES: tuple[RuleName, ...] = ("rank_strict", "rank_skip", "rank_partial", "lp", "milp", "proportional")


@st.composite
def portfolios(draw: st.DrawFn, most: int = 8, lots: bool = True, minimums: bool = False) -> list[Project]:
    """Projects with few different scores and amounts, so that ties are the rule; lots separate them all."""
    size = draw(st.integers(0, most))
    order = draw(st.permutations(range(size)))
    found = []
    for number in range(size):
        applied = draw(st.sampled_from((1, 2, 3, 5, 8, 13)))
        least = draw(st.none() | st.integers(1, applied)) if minimums else None
        score = draw(st.none() | st.sampled_from((1, 2, 2, 3, 3, 4)).map(lambda n: Fraction(n * 7, 3)))
        keys = (order[number],) if lots else ()
        found.append(Project(f"P{number:02}", score, applied, min_grant=least, tie_keys=keys))
    return found


def published(projects: Sequence[Project]) -> list[Project]:
    """Score, then tie keys, both falling."""
    scored = [one for one in projects if one.score is not None]
    return sorted(scored, key=lambda one: (one.score, one.tie_keys), reverse=True)


def best_grants(projects: Sequence[Project], budget: int, objective: str) -> tuple[Fraction, dict[str, int]]:
    """All grants tried: the greatest total, then the first in the published order by funded, then by grants."""
    order = published(projects)
    choices = [(0, *range(one.applied if one.min_grant is None else one.min_grant, one.applied + 1)) for one in order]
    best = None
    for grants in product(*choices):
        if sum(grants) > budget:
            continue
        total = sum(
            (one.score * (granted if objective == "score_times_grant" else granted > 0))
            for one, granted in zip(order, grants, strict=True)
            if one.score is not None
        )
        key = (Fraction(total), tuple(granted > 0 for granted in grants), grants)
        if best is None or key > best:
            best = key
    assert best is not None
    return best[0], {one.id: granted for one, granted in zip(order, best[2], strict=True)}


def knapsack(projects: Sequence[Project], budget: int, weights: Sequence[int]) -> tuple[int, set[str]]:
    """Whole grants only, by dynamic programming from the end of the published order: the first optimum in it."""
    order = published(projects)
    worth = dict(zip((one.id for one in projects), weights, strict=True))
    tables = [[0] * (budget + 1)]
    for one in reversed(order):
        last = tables[-1]
        gain, cost = worth[one.id], one.applied
        tables.append([max(last[m], last[m - cost] + gain) if m >= cost else last[m] for m in range(budget + 1)])
    tables.reverse()
    left, funded = budget, set()
    for place, one in enumerate(order):
        rest = tables[place + 1]
        if one.applied <= left and rest[left - one.applied] + worth[one.id] == tables[place][left]:
            funded.add(one.id)
            left -= one.applied
    return tables[0][budget], funded
