"""Steps that change applications and pairs: reviews asked, languages, locks. None where the step cannot help."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from locales import Message, Param, msg, msgn
from scoring.assignment_changes import apply_changes
from scoring.assignment_collisions import collisions, possible
from scoring.assignment_flow import idle, lacking, unread
from scoring.assignment_grid import grid_of
from scoring.assignment_report import named
from scoring.assignment_search import least
from scoring.assignment_types import MOST_REVIEWS, AssignmentProblem, Change, Pair, Way


def fewer_of_some(problem: AssignmentProblem) -> Way | None:
    """One review less, and again if need be, of the applications that collide, not of all; never below one."""
    asked = {d.id: d.reviews for d in problem.demands}
    value = dict(asked)
    for _ in range(MOST_REVIEWS):
        now = apply_changes(problem, _reviews(value))
        if possible(now):
            break
        short = {name for part in collisions(now) for name in part.applications}
        if any(value[name] < 2 for name in short) or short >= {name for name, count in asked.items() if count}:
            return None
        value |= {name: value[name] - 1 for name in short}
    changes = _reviews({name: count for name, count in value.items() if count != asked[name]})
    return Way(changes, _fewer_text(changes)) if changes else None


def fewer_of_all(problem: AssignmentProblem) -> Way | None:
    """The greatest number of reviews that can be asked of every application alike."""
    most = max((d.reviews for d in problem.demands), default=0)

    def capped(cut: int) -> Change:
        return Change("reviews", tuple(sorted(d.id for d in problem.demands if d.reviews > most - cut)), most - cut)

    cut = least(problem, capped, 1, most - 1)
    if cut is None:
        return None
    text = msg("Ask for at most {value} reviews of every application instead of {old}.", value=most - cut, old=most)
    return Way((capped(cut),), text)


def more_of_all(problem: AssignmentProblem) -> Way | None:
    """The least number of reviews of every application that is enough for the smallest loads."""
    grid = grid_of(problem)

    def raised(value: int) -> Change:
        return Change("reviews", tuple(sorted(d.id for d in problem.demands if 0 < d.reviews < value)), value)

    def busy(changed: AssignmentProblem) -> bool:
        return idle(grid_of(changed)) is None

    # Other limits do not grow easier with more reviews, so the search asks for the smallest loads alone.
    value = None if idle(grid) is None else least(problem, raised, 2, MOST_REVIEWS, busy)
    if value is None:
        return None
    return Way((raised(value),), msg("Ask for at least {value} reviews of every application.", value=value))


def one_more_of_some(problem: AssignmentProblem) -> Way | None:
    """One more review where pairs that stay fill an application and none of them reads its language."""
    grid = grid_of(problem)
    full = np.flatnonzero(grid.reader & (grid.rest == 0)).tolist()
    value = {grid.demands[i].id: int(grid.fixed[i].sum()) + 1 for i in full}
    if not value or max(value.values()) > MOST_REVIEWS:
        return None
    text = msg(
        "Ask for one more review, by a reviewer who reads the language, of {applications}.",
        applications=named(sorted(value)),
    )
    return Way(_reviews(value), text)


def without_reader(problem: AssignmentProblem) -> Way | None:
    """No reader of the language for the fewest applications, or for all when that does not do."""
    if not problem.require_language:
        return None
    grid = grid_of(problem)
    few = tuple(grid.demands[i].id for i in unread(grid).tolist())
    every = tuple(demand.id for demand in grid.demands if demand.id not in problem.without_reader)
    for ids in (few, every):
        change = Change("without_reader", ids)
        if ids and possible(apply_changes(problem, (change,))):
            return Way(
                (change,),
                msgn(
                    "Do without a reviewer of the application's language for {n} application: {applications}.",
                    "Do without a reviewer of the application's language for {n} applications: {applications}.",
                    len(ids),
                    applications=named(ids),
                ),
            )
    return None


def move_present(problem: AssignmentProblem) -> Way | None:
    """Present pairs are no longer kept."""
    if not problem.keep_present or not problem.present:
        return None
    return Way((Change("move_present"),), msg("Let the present pairs that are not locked move."))


def unlock(problem: AssignmentProblem) -> Way | None:
    """Locked pairs of the applications or reviewers that collide; all of them when those do not do."""
    found = collisions(problem)
    names = {name for part in found for name in (*part.applications, *part.reviewers)}
    near: tuple[Pair, ...] = tuple(sorted(pair for pair in problem.locked if names & set(pair)))
    for pairs in (near, tuple(sorted(problem.locked))):
        change = Change("unlock", pairs=pairs)
        if pairs and possible(apply_changes(problem, (change,))):
            shown = [f"{application} – {reviewer}" for application, reviewer in pairs]
            text = msgn("Unlock {n} pair: {pairs}.", "Unlock {n} pairs: {pairs}.", len(pairs), pairs=named(shown))
            return Way((change,), text)
    return None


def leave_out_applications(problem: AssignmentProblem) -> Way | None:
    """As many of the applications that lack reviews as must be, those that lack most first; others assess them."""
    grid = grid_of(problem)
    lacks = lacking(grid)
    lacks[unread(grid)] += 1
    names = [grid.demands[i].id for i in np.argsort(-lacks, kind="stable").tolist() if lacks[i]]

    def without(count: int) -> Change:
        return Change("leave_out_applications", tuple(sorted(names[:count])))

    count = least(problem, without, 1, len(names))
    if count is None:
        return None
    text = msgn(
        "Leave {n} application out, to be assessed by others: {applications}.",
        "Leave {n} applications out, to be assessed by others: {applications}.",
        count,
        applications=named(without(count).ids),
    )
    return Way((without(count),), text)


def _reviews(value: Mapping[str, int]) -> tuple[Change, ...]:
    """Changes that ask ``value[id]`` reviews of each application, one for each number."""
    groups: dict[int, list[str]] = defaultdict(list)
    for name, count in sorted(value.items()):
        groups[count].append(name)
    return tuple(Change("reviews", tuple(groups[count]), count) for count in sorted(groups))


def _fewer_text(changes: tuple[Change, ...]) -> Message:
    parts: list[Param] = [
        msgn(
            "{n} review of {applications}",
            "{n} reviews of {applications}",
            change.value,
            applications=named(change.ids),
        )
        for change in changes
    ]
    return msg("Ask for fewer reviews: {parts}.", parts=parts)
