"""Why the mixed-integer programme leaves a project out or grants it less: the money, a named rule, or the total."""

from collections.abc import Iterator, Mapping, Sequence

from allocation.parts import Note, Row
from allocation.problem import Problem
from allocation.room import APPROPRIATION, Room, names
from allocation.tie_grants import Resolved
from locales import Param, msg


def notes_of(problem: Problem, resolved: Resolved, *, proven: bool) -> Mapping[int, Note]:
    """A note for each candidate that gets less than it could. ``proven``: the grants are an optimum."""
    room = Room(problem, resolved.units)
    decided = {j for group in resolved.groups for j in group}
    notes: dict[int, Note] = {}
    for j, (one, granted) in enumerate(zip(problem.candidates, resolved.units, strict=True)):
        if granted == 0 and j in decided:
            notes[j] = (
                "not_funded_tie",
                msg(
                    "Not funded: the same total can be reached with this project, but the tie rule puts others first. "
                    "Score {score}.",
                    score=one.score,
                ),
            )
        elif granted == 0 and resolved.unresolved:
            # What remains is not said: it depends on how the open tie is settled.
            notes[j] = (
                "not_funded_budget",
                msg(
                    "Not funded: no distribution that gives the greatest total includes the project. Score {score}.",
                    score=one.score,
                ),
            )
        elif granted == 0:
            notes[j] = _left_out(room, j, proven)
        elif granted < one.upper:
            notes[j] = _in_part(room, j, granted)
    return notes


def _left_out(room: Room, j: int, proven: bool) -> Note:
    problem, one = room.problem, room.problem.candidates[j]
    against = list(_against(room, j, one.lower, 1))
    if any(row.key != APPROPRIATION for row in against):
        return "not_funded_rule", msg(
            "Not funded: beside the projects that together give the greatest total, the project would break {rules}. "
            "Score {score}.",
            rules=_said(against),
            score=one.score,
        )
    if against:
        return "not_funded_budget", msg(
            "Not funded: beside the projects that together give the greatest total, {left} of the appropriation "
            "remains, and the project needs {needed}. Score {score}.",
            left=problem.euros(room.left(0) or 0),
            needed=problem.euros(one.lower),
            score=one.score,
        )
    if proven:
        return "not_funded_effect", msg(
            "Not funded: the project would not raise the total that the rules of the scenario allow. Score {score}.",
            score=one.score,
        )
    return "not_funded_effect", msg(
        "Not funded: the distribution that was found does not include the project; a better one may exist. "
        "Score {score}.",
        score=one.score,
    )


def _in_part(room: Room, j: int, granted: int) -> Note:
    problem, one = room.problem, room.problem.candidates[j]
    against = [row for row in _against(room, j, 1, 0) if row.key != APPROPRIATION]
    if against:
        return "funded_partial", msg(
            "Funded in part with {granted} of {ceiling}: more would break {rules}. Score {score}.",
            granted=problem.euros(granted),
            ceiling=problem.euros(one.upper),
            rules=_said(against),
            score=one.score,
        )
    return "funded_partial", msg(
        "Funded in part with {granted} of {ceiling}: more would lessen the total that the appropriation can reach. "
        "Score {score}.",
        granted=problem.euros(granted),
        ceiling=problem.euros(one.upper),
        score=one.score,
    )


def _against(room: Room, j: int, units: int, funded: int) -> Iterator[Row]:
    """The rows that ``units`` more for ``j`` would break, and ``funded`` more projects."""
    for place, once, each in room.entries[j]:
        row, more = room.problem.rows[place], once * funded + each * units
        total = room.sums[place] + more
        above = row.upper is not None and more > 0 and total > row.upper
        below = row.lower is not None and more < 0 and total < row.lower
        if above or below:
            yield row


def _said(rows: Sequence[Row]) -> list[Param]:
    # The appropriation, where it is short as well, is named after the rules.
    return names(sorted(rows, key=lambda row: row.key == APPROPRIATION))
