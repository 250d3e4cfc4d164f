"""The exact assignment: first a preview that saves nothing, then the same carried out whole."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from access.permissions import Actor, can_assign, require
from calls.definition import CallDefinition
from locales import msg
from scoring.assignment import assign, describe
from scoring.assignment_changes import apply_changes
from scoring.assignment_types import (
    Assignment,
    AssignmentProblem,
    Candidate,
    Change,
    ChangeKind,
    Demand,
    Impossible,
    Weights,
)
from scoring.errors import ScoringError
from storage import accounts as stored_accounts
from storage import panel
from storage import reviews as stored
from storage.panel import Pair, StoredMember
from storage.unit import UnitOfWork
from workflow.applications import load_views
from workflow.calls import load_call
from workflow.conflict_proposals import proposed_pairs
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.panel_members import PanelMember, load_members
from workflow.phases import require_open
from workflow.visibility import barred_pairs, hidden_scores, informed_pairs

FEWEST, MOST = 1, 10
CHOSEN: frozenset[ChangeKind] = frozenset(
    {"largest_load", "reviews", "without_reader", "leave_out_applications", "leave_out_reviewers"}
)
"""Ways out that a plan can take. Others ask for something first: more reviewers, or pairs to be unlocked."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to assign. ``reviews``: per application, None as the call says; ``changes``: ways out that were chosen."""

    reviews: int | None = None
    keep_present: bool = True
    """Nobody is moved: only what lacks is filled. Else only locked pairs and begun reviews stay."""
    require_language: bool = True
    match_before_loads: bool = False
    """Expertise and language come before even loads, within the limits."""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentPlan:
    """What would come out. ``added`` and ``removed``: (case number, reviewer); ``kept`` counts pairs that stay."""

    call_id: str
    options: Options
    problem: AssignmentProblem
    before: Assignment
    result: Assignment | Impossible
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    partial: bool = False
    """Applications are left out that the actor is disqualified from or has to review; loads do not count them."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """The call's assignable applications and reviewers by the names that the solver and its sentences use."""

    cases: dict[int, str]
    names: dict[int, str]
    problem: AssignmentProblem
    begun: frozenset[tuple[str, str]]
    partial: bool


def plan_assignment(house: House, actor: Actor, call_id: str, options: Options) -> AssignmentPlan:
    """Solve the assignment and save nothing.

    Applications that the actor is disqualified from or has still to review are left out: another officer assigns
    them, and assigns the actor. Whoever has begun a
    review stays, and so do locked pairs. Conflicts of interest, undecided proposals of one, and abstentions bar.
    """
    require(actor, can_assign)
    with house.reading() as uow:
        return _plan(uow, actor, load_call(uow, call_id), options)


def execute_assignment(house: House, actor: Actor, plan: AssignmentPlan) -> tuple[int, int]:
    """Save a plan whole; (added, removed). Conflicting when something it rests on changed after the preview."""
    require(actor, can_assign)
    with house.writing(actor, plan.call_id) as uow:
        call = load_call(uow, plan.call_id)
        require_open(uow, plan.call_id, can_assign)
        if isinstance(plan.result, Impossible):
            raise Refused(*(collision.message for collision in plan.result.collisions))
        if _plan(uow, actor, call, plan.options) != plan:
            raise Conflicting(msg("The applications or reviewers changed after the preview. Look at a new preview."))
        ground = _ground(uow, actor, call, plan.options)
        applications = {case: key for key, case in ground.cases.items()}
        reviewers = {name: key for key, name in ground.names.items()}
        for case, name in plan.removed:
            panel.remove_assignment(uow, applications[case], reviewers[name])
        for case, name in plan.added:
            panel.add_assignment(uow, applications[case], reviewers[name])
        _keep_loads(uow, call.id, plan.options.changes, reviewers)
        return len(plan.added), len(plan.removed)


def assign_evenly(house: House, actor: Actor, call_id: str) -> int:
    """Fill what lacks, moving nobody; returns the number of new assignments. Refused when it cannot be done."""
    options = Options(require_language=False)
    return execute_assignment(house, actor, plan_assignment(house, actor, call_id, options))[0]


def _plan(uow: UnitOfWork, actor: Actor, call: CallDefinition, options: Options) -> AssignmentPlan:
    if any(change.kind not in CHOSEN for change in options.changes):
        raise Refused(msg("This way out needs something else to be done first. Then the preview is made again."))
    ground = _ground(uow, actor, call, options)
    try:
        problem = apply_changes(ground.problem, options.changes)
        result = assign(problem)
    except ScoringError as error:
        raise Refused(error.message) from error
    if isinstance(result, Impossible):
        # A review that has begun keeps its reviewer: unlocking it is no way out.
        ways = tuple(way for way in result.ways if not any(ground.begun & set(c.pairs) for c in way.changes))
        result = replace(result, ways=ways)
    present = ground.problem.present
    before = describe(ground.problem, present)
    wanted = frozenset(result.pairs) if isinstance(result, Assignment) else present
    return AssignmentPlan(
        call_id=call.id,
        options=options,
        problem=problem,
        before=before,
        result=result,
        added=tuple(sorted(wanted - present)),
        removed=tuple(sorted(present - wanted)),
        partial=ground.partial,
    )


def _ground(uow: UnitOfWork, actor: Actor, call: CallDefinition, options: Options) -> _Ground:
    blocked = hidden_scores(uow, call.id, actor)
    views = [view for view in load_views(uow, call) if view.eligible and view.id not in blocked]
    cases = {view.id: view.case_number for view in views}
    members = load_members(uow, call.id)
    rows = {(a.application_id, a.reviewer_id): a for a in panel.assignment_rows(uow, call.id)}
    out = barred_pairs(uow, call.id) | panel.list_abstentions(uow, call.id)
    begun = {(r.application_id, r.reviewer_id) for r in stored.list_reviews(uow, call.id)}
    done = {(r.application_id, r.reviewer_id) for r in stored.list_reviews(uow, call.id) if r.state == "submitted"}
    active = {member.account_id for member in members}
    # Whoever cannot sign in any more counts only with a review that is submitted.
    counted = {pair for pair in rows if pair[0] in cases and pair not in out and (pair[1] in active or pair in done)}
    names = _names(uow, active | {reviewer for _, reviewer in counted})
    # An undecided proposal bars new pairs; nobody is moved for it.
    suspected = proposed_pairs(uow, call.id, call) | informed_pairs(uow, call.id)
    barred = {pair for pair in out | (suspected - rows.keys()) if pair[0] in cases and pair[1] in names}
    barred |= {(application, actor.id) for application in cases if actor.id in names} - rows.keys()
    fixed = {pair for pair in counted if rows[pair].locked or pair in begun}

    def named(pairs: Iterable[Pair]) -> frozenset[tuple[str, str]]:
        return frozenset((cases[application], names[reviewer]) for application, reviewer in pairs)

    gone = [PanelMember(key, names[key], False, 0, {}, ()) for key in sorted(names.keys() - active)]
    reviews = options.reviews if options.reviews is not None else call.scoring.reviews_per_application.value
    if not FEWEST <= reviews <= MOST:
        raise Refused(msg("Reviews per application: from {low} to {high}.", low=FEWEST, high=MOST))
    problem = AssignmentProblem(
        demands=tuple(Demand(v.case_number, reviews, v.application.theme, v.application.language) for v in views),
        candidates=tuple(_candidate(names, member) for member in [*members, *gone]),
        barred=named(barred - fixed),
        locked=named(fixed),
        present=named(counted),
        keep_present=options.keep_present,
        weights=Weights(fairness=0 if options.match_before_loads else None),
        require_language=options.require_language,
        seed=call.scoring.lot_seed.value,
    )
    return _Ground(cases, names, problem, named(begun & counted), bool(blocked))


def _names(uow: UnitOfWork, wanted: set[int]) -> dict[int, str]:
    """A name for each reviewer that stands for nobody else."""
    accounts = [a for a in stored_accounts.list_accounts(uow.connection) if a.id in wanted]
    names = {account.id: account.name for account in accounts}
    while len(set(names.values())) < len(names):
        often = Counter(names.values())
        # A user name is nobody else's; a name that ends like one is told apart in the next round.
        names = {a.id: names[a.id] if often[names[a.id]] == 1 else f"{names[a.id]} ({a.username})" for a in accounts}
    return names


def _candidate(names: dict[int, str], member: PanelMember) -> Candidate:
    return Candidate(
        id=names[member.account_id],
        largest_load=member.largest_load if member.takes_part else 0,
        expertise=dict(member.expertise),
        languages=frozenset(member.languages),
    )


def _keep_loads(uow: UnitOfWork, call_id: str, changes: Iterable[Change], reviewers: dict[str, int]) -> None:
    """A larger load that was chosen as the way out becomes the reviewer's."""
    raised = {
        reviewers[name]: c.value for c in changes if c.kind == "largest_load" for name in c.ids if name in reviewers
    }
    for member in load_members(uow, call_id):
        if member.account_id in raised:
            panel.save_member(
                uow,
                StoredMember(
                    call_id,
                    member.account_id,
                    member.takes_part,
                    raised[member.account_id],
                    member.expertise,
                    member.languages,
                ),
            )
