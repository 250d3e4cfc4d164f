"""Awards set by hand in a saved scenario: with a reason, and with what each deviation from the rule costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

from access.permissions import Actor, can_run_scenarios, can_see_scenarios, require
from allocation.by_hand import worth
from locales import Message, msg
from workflow.errors import Refused
from workflow.hand_runs import Rest, broken_rules, objective_of, run_with_hands
from workflow.house import House
from workflow.scenario_store import Opened, Saved, open_saved, ranking_changed, refuse_unreadable
from workflow.scenario_writing import open_to_change, prepare, rewrite
from workflow.scenarios import Run


@dataclass(frozen=True, slots=True)
class Deviation:
    """One award set by hand beside what the rule gives, in euros.

    ``price``: how much of the objective this award alone costs; below 0 if it adds. None: the rules cannot be met with
    this award alone. ``broken``: the named rules that it breaks.
    """

    case_number: str
    by_rule: int
    by_hand: int
    reason: str
    price: Fraction | None
    broken: tuple[Message | str, ...]


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A saved scenario on today's ranking: with the awards set by hand, and by the rule alone.

    ``price``: how much of the objective all of them together cost. ``gone``: applications with an award set by hand that
    are in the ranking no longer; these awards do not count, but stay stored until somebody takes them back.
    """

    saved: Saved
    run: Run
    by_rule: Run
    deviations: tuple[Deviation, ...]
    price: Fraction
    ranking_changed: bool
    gone: tuple[str, ...] = ()


def set_award(
    house: House,
    actor: Actor,
    call_id: str,
    scenario_id: int,
    case_number: str,
    granted: int,
    reason: str,
    *,
    expected_version: int | None = None,
) -> Saved:
    """Set one award of a saved scenario by hand: whole euros in full units, 0 for none, with a reason.

    Refused for a locked scenario, for an application that is not in the ranking, above the amount applied for or the
    largest share of the eligible costs, and above what the appropriation leaves; Conflicting when the scenario is no
    longer at ``expected_version`` (None: the one read here).
    """
    require(actor, can_run_scenarios)
    with house.reading() as uow:
        opened = open_to_change(uow, actor, call_id, scenario_id)
    hands = {**opened.saved.hands, _in_ranking(opened, case_number): granted}
    return _write(house, actor, opened, hands, {case_number: reason}, opened.saved.rest, expected_version)


def drop_award(
    house: House,
    actor: Actor,
    call_id: str,
    scenario_id: int,
    case_number: str,
    *,
    expected_version: int | None = None,
) -> Saved:
    """Take an award set by hand back: the rule decides again."""
    require(actor, can_run_scenarios)
    with house.reading() as uow:
        opened = open_to_change(uow, actor, call_id, scenario_id)
    if case_number not in opened.saved.hands:
        raise Refused(msg("No award is set by hand for {case}.", case=case_number))
    hands = {case: granted for case, granted in opened.saved.hands.items() if case != case_number}
    return _write(house, actor, opened, hands, {}, opened.saved.rest, expected_version)


def set_rest(
    house: House,
    actor: Actor,
    call_id: str,
    scenario_id: int,
    rest: Rest,
    *,
    expected_version: int | None = None,
) -> Saved:
    """Say what becomes of the other awards: ``kept`` as the rule gives them, or ``reoptimised`` around those set by hand."""
    require(actor, can_run_scenarios)
    if rest not in get_args(Rest):
        raise Refused(
            msg(
                "{key}: {value} is not accepted; {accepted} are.",
                key="rest",
                value=str(rest),
                accepted=", ".join(get_args(Rest)),
            )
        )
    with house.reading() as uow:
        opened = open_to_change(uow, actor, call_id, scenario_id)
    return _write(house, actor, opened, opened.saved.hands, {}, rest, expected_version)


def run_saved(house: House, actor: Actor, call_id: str, scenario_id: int) -> SavedRun:
    """A saved scenario on today's ranking, with what the awards set by hand change and cost."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        opened = open_saved(uow, actor, call_id, scenario_id)
    return run_opened(opened)


def run_opened(opened: Opened) -> SavedRun:
    """A saved scenario that was read, run. For other use cases. Refused when its record cannot be read or run."""
    refuse_unreadable(opened.saved)
    saved, hands = opened.saved, opened.ranked_hands
    run, by_rule = run_with_hands(opened.ground, saved.scenario, hands, saved.rest, saved.reasons)
    return SavedRun(
        saved,
        run,
        by_rule,
        _deviations(opened, run, by_rule),
        objective_of(by_rule, by_rule.allocation) - objective_of(by_rule, run.allocation),
        ranking_changed(opened, run),
        tuple(sorted(saved.hands.keys() - hands.keys())),
    )


def _deviations(opened: Opened, run: Run, by_rule: Run) -> tuple[Deviation, ...]:
    hands = opened.ranked_hands
    if not hands:
        return ()
    breaches = broken_rules(by_rule, run)
    given = {award.id: award.granted for award in by_rule.allocation.awards}
    return tuple(
        Deviation(
            case,
            given[case],
            granted,
            opened.saved.reasons[case],
            _price(opened, by_rule, case, granted),
            tuple(breach.name for breach in breaches if case in breach.projects),
        )
        for case, granted in sorted(hands.items())
    )


def _price(opened: Opened, by_rule: Run, case: str, granted: int) -> Fraction | None:
    """What the award of one application alone takes from the objective of the rule."""
    saved = opened.saved
    if saved.rest == "kept":
        project = [one for one in by_rule.projects if one.id == case]
        before = {case: by_rule.allocation.award(case).granted}
        return worth(project, by_rule.scenario, before) - worth(project, by_rule.scenario, {case: granted})
    try:
        alone, _ = run_with_hands(opened.ground, saved.scenario, {case: granted}, saved.rest, saved.reasons)
    except Refused:
        return None
    if alone.allocation.status == "infeasible":
        return None
    return objective_of(by_rule, by_rule.allocation) - objective_of(by_rule, alone.allocation)


def _in_ranking(opened: Opened, case_number: str) -> str:
    if case_number not in {project.id for project in opened.ground.projects}:
        raise Refused(msg("{case} is not confirmed eligible, so no award can be set for it.", case=case_number))
    return case_number


def _write(
    house: House,
    actor: Actor,
    opened: Opened,
    hands: Mapping[str, int],
    reasons: Mapping[str, str],
    rest: Rest,
    expected_version: int | None,
) -> Saved:
    """Store all the awards set by hand; those outside the ranking are only kept."""
    saved, ranked = opened.saved, {project.id for project in opened.ground.projects}
    inside = {case: granted for case, granted in hands.items() if case in ranked}
    outside = {case: granted for case, granted in hands.items() if case not in ranked}
    new = prepare(opened.ground, saved.scenario, inside, {**saved.reasons, **reasons}, rest, outside=outside)
    if inside and new.run.allocation.status == "infeasible":
        raise Refused(
            msg("With the awards set by hand, the rules of the scenario cannot all be met."),
            *new.run.allocation.conflict,
        )
    with house.writing(actor, opened.ground.call.id) as uow:
        return rewrite(uow, actor, opened, new, expected_version)
