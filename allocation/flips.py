"""What would flip a project: a higher score, a smaller amount applied for, a larger appropriation.

Every answer is one at which solving again gives the project its grant, and one step less does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil

from allocation.checks import MAX_EUROS
from allocation.distribute import distribute
from allocation.engine import OutOfTimeError
from allocation.flips_mixed import Seen, extra_steps, fate, largest_amount, optimum, raised
from allocation.problem import Problem, build, ceiling_of
from allocation.search import STEP, gallop, near, smallest
from allocation.types import Allocation, Award, Code, Project, Scenario, ScenarioError, SolverError

HIGHEST = 4
"""A higher score is sought up to so many times the greatest score or threshold; beyond it nothing is said."""
FINEST = 1_000
"""The step in euros in which a larger appropriation is sought, unless the unit is larger or the way is long."""
_LEAP = 3
_GRID = 16
"""Into how many steps the way to a larger appropriation is cut at most under the slow rule."""
_SCALES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 10**9)
_NEAR = 8
"""How many steps further a larger appropriation is tried where the tie rule still decides against the project."""
LARGEST = 2_000
"""Most projects for which flips of the mixed-integer programme are sought."""
_MOST_FOR_MONEY = 200
"""Most projects for which a larger appropriation is sought under the mixed-integer programme."""
_FIXED: frozenset[Code] = frozenset({"forced_out", "set_by_hand", "not_scored", "infeasible"})
_BY_ITSELF: frozenset[Code] = frozenset({"below_threshold", "below_criterion_threshold", "ceiling_below_smallest"})
"""No other project and no money keeps these from a grant."""


@dataclass(frozen=True, slots=True)
class Flips:
    """What would give a project that is not funded a grant, or one that is cut its whole grant.

    ``extra_score``: in hundredths. ``smaller_amount``: euros to apply for instead, in full units; only for a project
    that is not funded. ``extra_appropriation``: euros, a multiple of ``appropriation_step``. None: nothing does.
    """

    extra_score: Fraction | None = None
    smaller_amount: int | None = None
    extra_appropriation: int | None = None
    appropriation_step: int = FINEST


def is_cut(award: Award) -> bool:
    """Whether the project is funded with less than it could get at most."""
    return award.funded and award.granted < award.ceiling


def flips(
    projects: Sequence[Project], scenario: Scenario, allocation: Allocation, project_id: str, *, money: bool = True
) -> Flips:
    """What would flip one project that is not funded, or cut. KeyError for a project that is not among them.

    ``money`` False leaves the larger appropriation out, which takes most of the time under the mixed-integer programme.
    Nothing is said where the rule itself could not be followed to its end: a time limit, a gap allowed.
    """
    award = allocation.award(project_id)
    search = _Search(projects, scenario, allocation, next(one for one in projects if one.id == project_id), award)
    step = -(-FINEST // scenario.unit) * scenario.unit
    if award.code in _FIXED or (award.funded and not is_cut(award)) or not search.exact():
        return Flips(appropriation_step=step)
    try:
        score, amount = search.score(), None if award.funded else search.amount()
        euros, step = search.appropriation(step) if money else (None, step)
    except (OutOfTimeError, SolverError):
        return Flips(appropriation_step=step)
    return Flips(None if score is None else score * STEP, amount, euros, step)


@dataclass(frozen=True, slots=True)
class _Search:
    projects: Sequence[Project]
    scenario: Scenario
    allocation: Allocation
    project: Project
    award: Award
    solved: dict[int, tuple[Problem, int | None, tuple[int, ...] | None]] = field(default_factory=dict)

    def exact(self) -> bool:
        if self.allocation.status in ("time_limit", "infeasible") or self.scenario.gap > 0:
            return False
        return self.scenario.rule != "milp" or len(self.projects) <= LARGEST

    def flipped(self, project: Project | None = None, scenario: Scenario | None = None) -> bool:
        """Whether solving again gives the grant that is sought: any, or for a cut project the whole one."""
        changed = [project if project is not None and one.id == project.id else one for one in self.projects]
        try:
            award = distribute(changed, scenario or self.scenario).award(self.project.id)
        except (ScenarioError, SolverError):
            return False
        return award.funded and not (self.award.funded and is_cut(award))

    def score(self) -> int | None:
        """The least number of hundredths more."""
        alone = self.award.code == "ceiling_below_smallest" and self.scenario.rule != "tiers"
        if alone or self.award.code == "below_criterion_threshold":
            return None
        own = self.project.score or Fraction(0)
        least = self.scenario.threshold or Fraction(0)
        first = max(0, ceil((least - own) / STEP))
        greatest = max([least, *(one.score for one in self.projects if one.score is not None)])
        greatest = max([greatest, *(tier.least for tier in self.scenario.tiers)])
        most = int(HIGHEST * greatest / STEP) + 1
        if self._by_values("score"):
            found = extra_steps(self._seen(), first)
            return found if found is not None and 0 < found <= most else None
        above = max(first, ceil((greatest - own) / STEP) + 1)
        if self.scenario.rule != "lp":
            # Above all others a still higher score weighs only in the mixed-integer programme.
            found = smallest(self._scored, max(first, 1), above)
            if found is None and self.scenario.rule == "milp":
                found = smallest(self._scored, above + 1, most)
            return found
        return near(self._scored, self._priced(own), max(first, 1), most)

    def _scored(self, steps: int) -> bool:
        return self.flipped(raised(self.project, steps))

    def _priced(self, own: Fraction) -> int:
        """Where the multipliers of the linear programme say that the project begins to pay."""
        problem = build(self.projects, self.scenario, whole=False, continuous=True)
        place = next((j for j, one in enumerate(problem.candidates) if one.project.id == self.project.id), None)
        if place is None:
            return 0
        price = Fraction(0)
        for row in problem.rows:
            for j, share in zip(row.members, row.per_unit, strict=True):
                if j == place:
                    price += share * self.allocation.multipliers.get(row.key, Fraction(0))
        if self.scenario.objective == "score_of_funded":
            return ceil((price * problem.candidates[place].upper - own) / STEP)
        return ceil((price / self.scenario.unit - own) / STEP)

    def amount(self) -> int | None:
        """The largest smaller amount applied for, in euros."""
        if self.award.code in _BY_ITSELF:
            return None
        if self._by_values("applied") and not (
            self.award.code == "tie_unresolved" and self.project.min_grant is not None
        ):
            # An open tie between grants that can vary is settled by asking for less: that is found by trial.
            return largest_amount(self._seen())
        unit = self.scenario.unit
        smallest_grant = max(self.scenario.smallest_grant, self.project.min_grant or 0, 1)
        least, most = -(-smallest_grant // unit), ceiling_of(self.project, self.scenario)[0] // unit - 1
        less = smallest(lambda cut: self._at(most + 1 - cut), 1, most + 1 - least)
        if less is None and self._at(most):
            less = 1
        return None if less is None else (most + 1 - less) * unit

    def _at(self, units: int) -> bool:
        return self.flipped(replace(self.project, applied=units * self.scenario.unit))

    def appropriation(self, step: int) -> tuple[int | None, int]:
        """The least number of euros more, and the step in which it was sought."""
        if self.award.code in _BY_ITSELF:
            return None, step
        ceilings = sum(ceiling_of(one, self.scenario)[0] for one in self.projects if one.score is not None)
        most = max(0, ceilings - (self.scenario.appropriation - self.scenario.reserve))
        # A cap that is a share of the appropriation has room for everybody only where the share itself covers them.
        shares = [one.upper_share for one in self.scenario.constraints if one.on and one.upper_share]
        if shares:
            most = max(most, min(ceil(ceilings / min(shares)), MAX_EUROS) - self.scenario.appropriation)
        if self.scenario.rule != "milp":
            found = gallop(lambda steps: self.flipped(scenario=self._richer(steps * step)), -(-most // step) + 1)
            return (None if found is None else found * step), step
        if len(self.projects) > _MOST_FOR_MONEY:
            return None, step
        return self._costly(step, most)

    def _costly(self, step: int, most: int) -> tuple[int | None, int]:
        """The same with few solves: tripled until the project is funded, then halved on a coarser grid."""
        low, high = 0, max(step, self.award.ceiling - self.award.granted)
        while not self._likely(high):
            if high >= most:
                return None, step
            low, high = high, min(_LEAP * high, most)
        step *= next(scale for scale in _SCALES if scale * step * _GRID >= high - low)
        ends = low // step + 1, -(-high // step)
        found = smallest(lambda steps: self._likely(steps * step), *ends) or ends[1]
        certain = self._confirmed(found, step)
        return (None if certain is None else certain * step), step

    def _confirmed(self, found: int, step: int) -> int | None:
        """``found``, or the place near it where the project is funded with the tie rule too, and not one step less."""
        last = found + _NEAR
        while not self._certain(found * step):
            found += 1
            if found > last:
                return None
        while found > 1 and self._certain((found - 1) * step):
            found -= 1
        return found

    def _certain(self, euros: int) -> bool:
        """Whether so much more money flips the award; the tie rule is asked only where optima differ."""
        known = None
        if not self.award.funded:
            problem, j, units = self._optimum(euros)
            known = False if j is None or units is None else fate(problem, j, units)
            if (
                known
                and j is not None
                and any(
                    other != j and problem.standing(other) == problem.standing(j)
                    for other in range(len(problem.candidates))
                )
            ):
                # In every optimum, but equals can leave the size of its grant, and so the project, open.
                known = None
        return self.flipped(scenario=self._richer(euros)) if known is None else known

    def _likely(self, euros: int) -> bool:
        """Whether one optimum with so much more money funds the project; cheaper than asking the tie rule."""
        if self.award.funded:
            return self.flipped(scenario=self._richer(euros))
        _, j, units = self._optimum(euros)
        return units is not None and j is not None and units[j] > 0

    def _optimum(self, euros: int) -> tuple[Problem, int | None, tuple[int, ...] | None]:
        """With so much more money: the problem, the project's index in it, and one optimum."""
        if euros not in self.solved:
            problem, j = self._seen().problem(self.project, self._richer(euros))
            self.solved[euros] = problem, j, None if j is None else optimum(problem)
        return self.solved[euros]

    def _richer(self, euros: int) -> Scenario:
        return replace(self.scenario, appropriation=self.scenario.appropriation + euros)

    def _seen(self) -> Seen:
        best = self.allocation.objective if self.allocation.bound is None else self.allocation.bound
        chosen = frozenset(award.id for award in self.allocation.awards if award.funded)
        return Seen(self.projects, self.scenario, self.project, best, chosen)

    def _by_values(self, moved: str) -> bool:
        """Whether only the project's own value moves: no row of the problem depends on what is changed."""
        if self.scenario.rule != "milp" or self.award.funded or self.scenario.rank_order is not None:
            return False
        return not any(one.on and one.measure == moved for one in self.scenario.constraints)


def _has_equals(problem: Problem, j: int) -> bool:
    """Whether neither score nor tie keys separate candidate ``j`` from some other."""
    own = problem.standing(j)
    return any(problem.standing(other) == own for other in range(len(problem.candidates)) if other != j)
