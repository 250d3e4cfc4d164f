"""Awards with their reasons: the rule's own note where it has one, else what the grant itself says."""

from allocation.parts import Candidate, Note
from allocation.problem import Outcome, Problem
from allocation.types import Award
from locales import Message, Money, msg


def awards(problem: Problem, outcome: Outcome) -> tuple[Award, ...]:
    """One award per project in the order of ids, excluded ones included."""
    decided = {j: group for group in outcome.ties for j in group}
    found: list[Award] = []
    for j, one in enumerate(problem.candidates):
        granted = outcome.units[j] * problem.scenario.unit
        code, reason = _note(problem, outcome, j, granted)
        if j in decided and j not in outcome.unresolved:
            reason = msg(
                "{reason} The tie rule decided between projects {others}.",
                reason=reason,
                others=list(problem.ids(decided[j])),
            )
        if one.forced:
            reason = _recorded(problem, one.project.id, reason)
        ceiling = one.upper * problem.scenario.unit
        found.append(Award(one.project.id, granted > 0, granted, code, reason, one.score, ceiling))
    for project_id, (code, reason) in problem.excluded.items():
        if code in ("forced_out", "set_by_hand"):
            reason = _recorded(problem, project_id, reason)
        found.append(Award(project_id, False, 0, code, reason, problem.excluded_scores.get(project_id)))
    return tuple(sorted(found, key=lambda award: award.id))


def _recorded(problem: Problem, project_id: str, reason: Message) -> Message:
    """``reason`` with what whoever forced the project or set its award wrote down, where that is recorded."""
    recorded = problem.scenario.reasons.get(project_id, "").strip()
    return msg("{reason} Reason given: {recorded}", reason=reason, recorded=recorded) if recorded else reason


def _note(problem: Problem, outcome: Outcome, j: int, granted: int) -> Note:
    one = problem.candidates[j]
    if j in outcome.unresolved and granted == 0:
        group = next(group for group in problem.equals(sorted(outcome.unresolved)) if j in group)
        if len(problem.rows) > 1:
            return "tie_unresolved", msg(
                "Not funded: projects {others} are equal by score and by the tie rule, and the appropriation or another "
                "rule has no room for them all. Score {score}.",
                others=list(problem.ids(group)),
                score=one.score,
            )
        return "tie_unresolved", msg(
            "Not funded: projects {others} are equal by score and by the tie rule, and the appropriation does not "
            "cover them all. Score {score}.",
            others=list(problem.ids(group)),
            score=one.score,
        )
    if one.project.id in problem.scenario.fixed:
        return "set_by_hand", msg(
            "Funded with {granted}: the award was set by hand. Score {score}.",
            granted=Money(granted),
            score=one.score,
        )
    if j in outcome.unresolved and one.forced:
        return "forced_in", msg(
            "Funded with the smallest grant {granted} by a decision recorded in the scenario: more depends on a tie that "
            "the tie rule does not separate. Score {score}.",
            granted=Money(granted),
            score=one.score,
        )
    if one.forced and granted == one.upper * problem.scenario.unit:
        return "forced_in", msg(
            "Funded with {granted} by a decision recorded in the scenario. Score {score}.",
            granted=Money(granted),
            score=one.score,
        )
    return outcome.notes.get(j) or _funded(one, granted)


def _funded(one: Candidate, granted: int) -> Note:
    if one.limit is None:
        return "funded_full", msg(
            "Funded with the amount applied for, {granted}. Score {score}.",
            granted=Money(granted),
            score=one.score,
        )
    return "funded_partial", msg(
        "Funded with {granted} of {applied} applied for: {limit}. Score {score}.",
        granted=Money(granted),
        applied=Money(one.project.applied),
        limit=one.limit,
        score=one.score,
    )
