"""Scenarios side by side on today's ranking, the greedy baseline always among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from access.permissions import Actor, can_see_scenarios, require
from allocation import Allocation, Change, Scenario, compare
from allocation.causes import Cause, causes
from locales import Message, msg
from workflow.by_hand import SavedRun, run_opened
from workflow.comparison_figures import Figures, figures
from workflow.errors import Refused
from workflow.house import House
from workflow.scenario_store import Opened, Saved, load_opened
from workflow.scenarios import Ground, Run, default_scenario, load_ground, refuse_partial_view, run_on
from workflow.solved import asked

MOST_COMPARED = 12
BASELINE = msg("Greedy baseline: rank order with the call's own values")


@dataclass(frozen=True, slots=True)
class Option:
    """One of the scenarios compared.

    ``saved`` None: the baseline. ``run`` None: it cannot be run on today's ranking, ``problems`` says why. ``by_hand``:
    whose awards are set by hand; ``anew``: whether the rest is distributed anew around them.
    """

    name: Message | str
    saved: Saved | None
    run: Run | None
    figures: Figures | None
    problems: tuple[Message, ...] = ()
    by_hand: frozenset[str] = frozenset()
    anew: bool = False
    ranking_changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One project with its grants in the options' order; None: that option cannot be run."""

    case_number: str
    project: str
    rank: int | None
    score: Fraction | None
    grants: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What changes from one option to another: who gains and who loses, each with the settings that cause it."""

    gains: tuple[Cause, ...]
    losses: tuple[Cause, ...]

    @property
    def gained(self) -> int:
        """Euros gained by those who gain."""
        return sum(one.change.difference for one in self.gains)

    @property
    def lost(self) -> int:
        """Euros lost by those who lose, as a positive number."""
        return -sum(one.change.difference for one in self.losses)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options side by side, the baseline first, and every project in the order of the ranking."""

    ground: Ground
    options: tuple[Option, ...]
    lines: tuple[Line, ...]

    def pair(self, i: int, j: int) -> Pair:
        """From option ``i`` to option ``j``; IndexError for an option that is not there, Refused for one without a run."""
        before, after = _run_of(self.options[i]), _run_of(self.options[j])
        changes = compare(before.allocation, after.allocation)
        known = {cause.change: cause.settings for cause in self._causes(i, j)} if changes else {}
        found = [Cause(one, (*known.get(one, ()), *self._by_hand(one, i, j))) for one in changes]
        return Pair(
            tuple(one for one in found if one.change.difference > 0),
            tuple(sorted((one for one in found if one.change.difference < 0), key=_largest_loss)),
        )

    def _causes(self, i: int, j: int) -> tuple[Cause, ...]:
        before, after = _distributed(self.options[i]), _distributed(self.options[j])
        projects = self.ground.projects
        return asked("causes", projects, before, lambda: causes(projects, before, after), after)

    def _by_hand(self, change: Change, i: int, j: int) -> tuple[Message, ...]:
        """Awards set by hand without distributing the rest anew are no setting of the scenario."""
        kept = (option for option in (self.options[i], self.options[j]) if not option.anew)
        if any(change.id in option.by_hand for option in kept):
            return (msg("the award of project {id} set by hand", id=change.id),)
        return ()


def compare_scenarios(house: House, actor: Actor, call_id: str, ids: Sequence[int]) -> Comparison:
    """The saved scenarios ``ids`` in their order on today's ranking, behind the greedy baseline.

    Refused for more than ``MOST_COMPARED``, and for one that is not there.
    """
    require(actor, can_see_scenarios)
    wanted = tuple(dict.fromkeys(ids))
    if len(wanted) > MOST_COMPARED:
        raise Refused(msg("At most {n} scenarios can be compared at a time.", n=MOST_COMPARED))
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        ground = load_ground(uow, call_id)
        opened = [load_opened(uow, call_id, scenario_id) for scenario_id in wanted]
    options = (_baseline(ground), *(_option(ground, one) for one in opened))
    return Comparison(ground, options, _lines(ground, options))


def _baseline(ground: Ground) -> Option:
    run = run_on(ground, default_scenario(ground.call, "rank_skip"))
    return Option(BASELINE, None, run, figures(ground.call, ground.projects, run.allocation))


def _option(ground: Ground, opened: Opened) -> Option:
    saved = opened.saved
    try:
        found: SavedRun = run_opened(opened)
    except Refused as refusal:
        return Option(saved.name, saved, None, None, tuple(refusal.messages))
    return Option(
        saved.name,
        saved,
        found.run,
        figures(ground.call, ground.projects, found.run.allocation),
        tuple(found.run.allocation.conflict),
        frozenset(opened.ranked_hands),
        saved.rest == "reoptimised",
        found.ranking_changed,
    )


def _lines(ground: Ground, options: Sequence[Option]) -> tuple[Line, ...]:
    grants = [_grants(option.run.allocation) if option.run else {} for option in options]
    return tuple(
        Line(
            one.view.case_number,
            one.view.application.project_name,
            one.standing.rank,
            one.standing.score,
            tuple(given.get(one.view.case_number) for given in grants),
        )
        for one in ground.ranked
    )


def _grants(allocation: Allocation) -> dict[str, int]:
    return {award.id: award.granted for award in allocation.awards}


def _run_of(option: Option) -> Run:
    if option.run is None:
        raise Refused(*option.problems)
    return option.run


def _distributed(option: Option) -> Scenario:
    """What the rule of an option was given: its awards set by hand only where the rest is distributed around them."""
    run = _run_of(option)
    if option.saved is None or option.anew:
        return run.scenario
    return replace(
        run.scenario, fixed={}, force_in=option.saved.scenario.force_in, force_out=option.saved.scenario.force_out
    )


def _largest_loss(cause: Cause) -> tuple[int, str]:
    return cause.change.difference, cause.change.id
