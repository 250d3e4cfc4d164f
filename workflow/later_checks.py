"""What a later decision may change: every fault of what an officer proposes, in words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decisions import spec
from decisions.facts import facts_of
from decisions.phrases import LONGEST_REASONS
from decisions.tables import Row, Tables
from decisions.words import KIND, STATUS
from locales import Message, Money, Param, msg
from workflow.blank import is_blank
from workflow.decision_records import some_of

LONGEST_REASON = 10_000
MOST_CHANGES = 1_000
"""Applications changed by one decision."""
_BELOW = ("below_threshold", "below_criterion_threshold")


@dataclass(frozen=True, slots=True)
class LaterChange:
    """What a later decision makes of one application: its status, euros granted, and why.

    The reasons told to the applicant are drafted anew and hold ``reason``; ``text``, if there is any, is what is told
    in place of the draft.
    """

    case_number: str
    status: str
    granted: int
    reason: str
    text: str = ""


def check_changes(
    tables: Tables, kind: str, changes: Sequence[LaterChange], *, whole: bool = True
) -> Iterator[Message]:
    """Every reason for which ``changes`` of the complete ``tables`` cannot be. For other use cases.

    ``whole``: they are all there, so their sum is looked at as well.
    """
    if kind not in spec.LATER:
        known: list[Param] = [KIND[one] for one in spec.LATER]
        yield msg("There is no kind of decision {kind}. The kinds are: {known}.", kind=kind, known=known)
        return
    if not 0 < len(changes) <= MOST_CHANGES:
        yield msg("A later decision changes at least one and at most {n} applications.", n=MOST_CHANGES)
        return
    rows = {row["case_number"]: row for row in tables["applications"]}
    times = Counter(change.case_number for change in changes)
    if twice := [case for case, number in times.items() if number > 1]:
        yield msg("Named more than once: {cases}.", cases=some_of(twice))
    if gone := [change.case_number for change in changes if change.case_number not in rows]:
        yield msg("The decision has no such applications: {cases}.", cases=some_of(gone))
    facts = facts_of(tables["facts"])
    scored = {row["case_number"] for row in tables["ranking"] if row["score"] is not None}
    for change in changes:
        if change.case_number in rows:
            yield from _faults(change, rows[change.case_number], kind, facts)
            if kind == "further_round":
                yield from _further(change, rows[change.case_number], scored, facts)
    if whole and all(type(change.granted) is int for change in changes):
        yield from _together(tables, changes)


def least_of(facts: Mapping[str, Any]) -> int:
    """The smallest grant that the call and the decided scenario allow, in euros. For other use cases."""
    return max(facts.get("call.smallest_grant") or 0, facts.get("scenario.smallest_grant") or 0)


def _faults(change: LaterChange, row: Row, kind: str, facts: Mapping[str, Any]) -> Iterator[Message]:
    case, granted = change.case_number, change.granted
    yield from _words(change)
    if change.status not in spec.DECIDED:
        known: list[Param] = [STATUS[one] for one in spec.DECIDED]
        yield msg(
            "{case}: there is no status {status}; {known} are accepted.", case=case, status=change.status, known=known
        )
        return
    if type(granted) is not int:
        yield msg(
            "{case}: {value} is not accepted as the amount granted; whole euros are.",
            case=case,
            value=str(granted)[:60],
        )
        return
    if (change.status, granted) == (row["status"], row["granted"] or 0):
        yield msg("{case}: nothing would change.", case=case)
    if kind == "withdrawal" and (change.status, granted) != ("withdrawn", 0):
        yield msg("{case}: a withdrawn application is granted nothing.", case=case)
    if kind == "withdrawal" and row["status"] != "approved":
        yield msg("{case}: only a grant that is in force can be given up.", case=case)
    if kind != "withdrawal" and change.status == "withdrawn":
        yield msg("{case}: a withdrawal is a decision of its own.", case=case)
    if kind == "further_round" and (change.status != "approved" or granted <= (row["granted"] or 0)):
        yield msg("{case}: a further round grants more than before, and takes nothing away.", case=case)
    if (granted > 0) != (change.status == "approved"):
        yield msg("{case}: an approved application is granted more than 0 €, any other one nothing.", case=case)
    yield from _amount(change, row, facts["call.unit"])


def _words(change: LaterChange) -> Iterator[Message]:
    case = change.case_number
    if is_blank(change.reason):
        yield msg("{case}: give the reasons.", case=case)
    if len(change.reason) > LONGEST_REASON:
        yield msg("{case}: the reasons are too long; at most {n} characters are accepted.", case=case, n=LONGEST_REASON)
    if len(change.text) > LONGEST_REASONS:
        yield msg(
            "{case}: the reasons are too long; at most {n} characters are accepted.", case=case, n=LONGEST_REASONS
        )


def can_get_more(row: Row, scored: bool) -> bool:
    """Whether a further round may concern an application: not below a threshold, and not granted all that it could be."""
    given = row["granted"] or 0
    return (
        scored
        and row["basis"] not in _BELOW
        and (row["status"] == "rejected" or (row["status"] == "approved" and given < (row["ceiling"] or 0)))
    )


def _further(change: LaterChange, row: Row, scored: set[str], facts: Mapping[str, Any]) -> Iterator[Message]:
    case, least = change.case_number, least_of(facts)
    if not can_get_more(row, case in scored):
        yield msg(
            "{case}: a further round concerns applications that reach the thresholds and were rejected or granted less "
            "than the largest possible grant.",
            case=case,
        )
    elif type(change.granted) is int and 0 < change.granted < least:
        yield msg(
            "{case}: {granted} is below the smallest grant, {least}.",
            case=case,
            granted=Money(change.granted),
            least=Money(least),
        )


def _amount(change: LaterChange, row: Row, unit: int) -> Iterator[Message]:
    ceiling = row["ceiling"] or 0
    if change.granted > ceiling:
        yield msg(
            "{case}: {granted} is above the largest possible grant, {ceiling}.",
            case=change.case_number,
            granted=Money(change.granted),
            ceiling=Money(ceiling),
        )
    if change.granted < 0 or change.granted % unit:
        yield msg(
            "{case}: {granted} is not accepted; the call grants in full units of {unit}.",
            case=change.case_number,
            granted=Money(change.granted),
            unit=Money(unit),
        )


def _together(tables: Tables, changes: Sequence[LaterChange]) -> Iterator[Message]:
    after = {row["case_number"]: row["granted"] or 0 for row in tables["applications"]}
    before = sum(after.values())
    after |= {change.case_number: change.granted for change in changes if change.case_number in after}
    total, most = sum(after.values()), appropriation_of(tables)
    if total > most and total > before:
        yield msg(
            "The awards would be {total} in all; the appropriation is {appropriation}.",
            total=Money(total),
            appropriation=Money(most),
        )


def appropriation_of(tables: Tables) -> int:
    """The euros that the decision distributed. For other use cases."""
    facts = facts_of(tables["facts"])
    return int(facts.get("scenario.appropriation", facts["call.appropriation"]))
