"""The lock of the ranking rule: before any score, once, for good."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from access.permissions import Forbidden
from calls.definition import CallDefinition
from calls.presets import preset
from decisions.values import digest
from locales import LocalText, render
from tests.support.worlds import CALL, CALL_ID, CASES, World, application
from workflow.errors import Refused
from workflow.invariants import check_database
from workflow.phases import change_phase, get_stage
from workflow.ranking_lock import (
    RankingLock,
    get_ranking_lock,
    lock_ranking_rule,
    matches,
    ranking_rules,
    too_late_to_lock,
)

OTHER = "2020"
"""A call in preparation."""


def lock(world: World, call_id: str = OTHER, who: str = "officer") -> RankingLock:
    return lock_ranking_rule(world.house, world[who], call_id)


def said(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return " ".join(render(message, "en") for message in refusal.value.messages)


def turn(world: World, phase: str) -> None:
    change_phase(world.house, world["officer"], OTHER, phase, get_stage(world.house, world["officer"], OTHER).version)


def test_the_rule_is_locked_once_with_who_and_when(world: World) -> None:
    assert get_ranking_lock(world.house, world["arvi"], OTHER) is None
    made = lock(world)
    assert (made.by, made.rules, made.hash) == ("Officer", ranking_rules(preset(OTHER)), digest(made.rules))
    assert made.at.tzinfo is not None
    assert [get_ranking_lock(world.house, world[who], OTHER) for who in ("arvi", "chair", "admin")] == [made] * 3
    assert matches(preset(OTHER), made) is True
    with pytest.raises(Refused) as again:
        lock(world, who="colleague")
    assert said(again) == "The ranking rule of the call 2020 is locked already."
    assert get_ranking_lock(world.house, world["decider"], CALL_ID) is None


def test_the_rule_can_be_locked_until_reviews_open(small: World) -> None:
    for phase in ("review", "meeting", "allocation"):
        turn(small, phase)
        with pytest.raises(Refused) as closed:
            lock(small)
        assert "which does not allow this: locking the ranking rule" in said(closed)
    turn(small, "intake")
    assert lock(small).by == "Officer"


def test_the_rule_is_not_locked_once_a_review_is_begun(desk: World) -> None:
    desk.turn_to("intake")
    with pytest.raises(Refused) as begun:
        lock(desk, CALL_ID)
    assert said(begun) == "Reviews of the call 2022 have been begun. The ranking rule is locked before them."
    assert too_late_to_lock(desk.house, desk["officer"], CALL_ID) == begun.value.messages[0]
    assert too_late_to_lock(desk.house, desk["officer"], OTHER) is None


def test_a_draft_alone_keeps_the_rule_from_being_locked(small: World) -> None:
    small.take(application(1))
    small.confirm(CASES[0])
    small.assign(CASES[0], ["arvi"])
    small.review("arvi", CASES[0], 3, None, None, submit=False)
    small.turn_to("preparation")
    with pytest.raises(Refused, match="have been begun"):
        lock(small, CALL_ID)


@pytest.mark.parametrize("who", ["chair", "decider", "admin", "arvi"])
def test_only_officers_lock_the_rule(small: World, who: str) -> None:
    with pytest.raises(Forbidden):
        lock(small, who=who)


@pytest.mark.parametrize("change", ["UPDATE ranking_locks SET hash = 'x'", "DELETE FROM ranking_locks"])
def test_the_database_keeps_the_lock(world: World, change: str) -> None:
    made = lock(world)
    with pytest.raises(DBAPIError), world.house.engine.begin() as connection:
        connection.execute(text(change))
    assert get_ranking_lock(world.house, world["officer"], OTHER) == made


def with_sourced(call: CallDefinition, part: str, name: str, value: Any) -> CallDefinition:
    rules = getattr(call, part)
    given = getattr(rules, name) or rules.appropriation
    changed = rules.model_copy(update={name: given.model_copy(update={"value": value})})
    return call.model_copy(update={part: changed})


STEERING = [
    ("scoring", "ranking_score", "mean"),
    ("scoring", "threshold", CALL.scoring.threshold.value + 1),
    ("scoring", "tie_rule", ("lot",)),
    ("scoring", "lot_seed", 1),
    ("scoring", "reviews_per_application", 9),
    ("money", "appropriation", 1),
    ("money", "largest_share_bp", 8_501),
    ("money", "smallest_grant", 1),
    ("money", "largest_grant", 1),
    ("money", "unit", 1_000 if CALL.money.unit.value != 1_000 else 1),
]


@pytest.mark.parametrize(("part", "name", "value"), STEERING, ids=[name for _, name, _ in STEERING])
def test_whatever_steers_the_ranking_is_in_the_hash(part: str, name: str, value: Any) -> None:
    changed = with_sourced(CALL, part, name, value)
    assert digest(ranking_rules(changed)) != digest(ranking_rules(CALL))


def test_weights_and_levels_are_in_the_hash_and_words_are_not() -> None:
    first, *others = CALL.criteria
    heavier = first.model_copy(update={"weight": first.weight.model_copy(update={"value": first.weight.value + 1})})
    fewer = first.model_copy(update={"levels": first.levels[1:]})
    renamed = first.model_copy(update={"name": LocalText("Toinen nimi", "Annat namn", "Another name")})
    found = {
        digest(ranking_rules(CALL.model_copy(update={"criteria": (one, *others)})))
        for one in (first, heavier, fewer, renamed)
    }
    assert len(found) == 3
    reordered = CALL.model_copy(update={"criteria": tuple(reversed(CALL.criteria))})
    assert digest(ranking_rules(reordered)) != digest(ranking_rules(CALL))


def test_a_lock_that_was_not_kept_does_not_match(small: World) -> None:
    made = lock(small)
    call = preset(OTHER)
    assert matches(with_sourced(call, "money", "appropriation", 1), made) is False
    forged = RankingLock(made.hash, made.by, made.at, {**made.rules, "call": "2021"})
    assert matches(call, forged) is False


def test_a_call_that_says_something_else_than_its_lock_is_found(small: World) -> None:
    lock(small)
    small.sound = False
    with small.house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE calls SET definition = replace(definition, '10_000_000', '9_000_000')")
    assert "locked_ranking_rule_holds" in {broken.name for broken in check_database(small.house)}
