"""What binds a scenario to the ranking rule that was locked before any score was known."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from allocation import Scenario
from calls.definition import CallDefinition
from locales import Message, Money, Param, msg
from workflow.errors import Refused
from workflow.ranking_lock import RankingLock, matches
from workflow.scenarios import within_call


def deviations(call: CallDefinition, scenario: Scenario, lock: RankingLock) -> Iterator[Message]:
    """Each value of ``scenario`` that is not the locked one, by name. For other use cases.

    Constraints with a name of their own are stricter than the rule and no deviation; awards set by hand have reasons.
    """
    if not matches(call, lock):
        yield msg("The ranking rule of the call is not the one that was locked.")
    try:
        bound = within_call(call, scenario)
    except Refused as refused:
        yield from refused.messages
        return
    scoring, money = lock.rules["scoring"], lock.rules["money"]
    pairs: tuple[tuple[Message, Param, Param], ...] = (
        (msg("lowest score that can be funded"), _score(bound.threshold), Fraction(scoring["threshold"])),
        (msg("order of separating equal scores"), ", ".join(bound.tie_rule), ", ".join(scoring["tie_rule"])),
        (msg("seed of the lot"), str(bound.seed), str(scoring["lot_seed"])),
        (msg("appropriation"), Money(bound.appropriation), Money(money["appropriation"])),
        (msg("smallest grant"), Money(bound.smallest_grant), Money(money["smallest_grant"])),
        (msg("largest grant"), _euros(bound.largest_grant), _euros(money["largest_grant"])),
        (msg("largest share of the eligible costs"), _share(bound.max_share_bp), _share(money["largest_share_bp"])),
        (msg("unit of the grants"), Money(bound.unit), Money(money["unit"])),
    )
    for what, given, locked in pairs:
        if given != locked:
            yield msg(
                "Locked ranking rule, {what}: {locked} is locked, the scenario has {given}.",
                what=what,
                locked=locked,
                given=given,
            )


def _score(value: Fraction | None) -> Param:
    return msg("none") if value is None else value


def _euros(value: Any) -> Param:
    return msg("none") if value is None else Money(value)


def _share(value: Any) -> Param:
    if value is None:
        return msg("none")
    return msg("{percent} %", percent=value // 100 if value % 100 == 0 else Fraction(value, 100))
