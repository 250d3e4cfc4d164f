"""Small builders and slow, obvious oracles for the tests of this room."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, product

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


def funded_without_ids(projects: Sequence[Project], budget: int, objective: str) -> tuple[set[str], set[str]]:
    """Whole grants, all sets tried: who is funded by the published order, and who only an id would choose."""
    order = published(projects)
    masks = product((False, True), repeat=len(order))
    chosen = ([one for one, taken in zip(order, mask, strict=True) if taken] for mask in masks)
    sets = [
        (sum((worth(one, objective) for one in some), Fraction(0)), {one.id for one in some})
        for some in chosen
        if sum(one.applied for one in some) <= budget
    ]
    best = max(total for total, _ in sets)
    optima = [ids for total, ids in sets if total == best]
    funded: set[str] = set()
    open_: set[str] = set()
    for _, equals in groupby(order, key=lambda one: (one.score, one.tie_keys)):
        group = {one.id for one in equals}
        reachable = group & set().union(*optima)
        if any(reachable <= ids for ids in optima):
            funded |= reachable
            optima = [ids for ids in optima if ids & group == reachable]
        else:
            sure = group.intersection(*optima)
            funded |= sure
            open_ |= reachable - sure
    return funded, open_


def worth(one: Project, objective: str) -> Fraction:
    """What funding a project in full adds to the objective."""
    return Fraction(one.score or 0) * (one.applied if objective == "score_times_grant" else 1)
