"""Follow-up: who has what left, and the reminder in the reviewer's own language."""

from dataclasses import replace
from datetime import timedelta

from tests.support.worlds import CALL, CALL_ID, CASES, NEXT_DAY, World
from workflow.abstaining import abstain
from workflow.conflicts import declare_conflict
from workflow.follow_up import get_follow_up
from workflow.phases import get_stage, set_review_deadline
from workflow.review_reading import return_review


def test_it_says_who_has_what_left(desk: World) -> None:
    seen = get_follow_up(desk.house, desk["chair"], CALL_ID)
    assert (seen.deadline, seen.days_left, seen.lacking) == (None, None, ())
    assert [(p.name, p.assigned, p.submitted, p.drafts, p.open_cases) for p in seen.reviewers] == [
        ("Daavid", 4, 0, 1, (CASES[1], CASES[2], CASES[3], CASES[5])),
        ("Arvi", 4, 1, 0, (CASES[2], CASES[3], CASES[4])),
        ("Britta", 5, 2, 0, (CASES[3], CASES[4], CASES[5])),
        ("Celia", 5, 2, 0, (CASES[2], CASES[4], CASES[5])),
    ]


def test_conflicts_abstentions_and_returned_reviews_are_told_apart(desk: World) -> None:
    declare_conflict(desk.house, desk["arvi"], CALL_ID, CASES[2], "other", "")
    abstain(desk.house, desk["arvi"], CALL_ID, CASES[3], "Aika ei riitä.")
    return_review(desk.house, desk["chair"], CALL_ID, CASES[0], desk["arvi"].id, "Täydennä.")
    seen = get_follow_up(desk.house, desk["officer"], CALL_ID)
    arvi = next(p for p in seen.reviewers if p.name == "Arvi")
    assert (arvi.assigned, arvi.submitted, arvi.open_cases, arvi.returned, arvi.abstained) == (
        2,
        0,
        (CASES[0], CASES[4]),
        (CASES[0],),
        (CASES[3],),
    )
    assert seen.lacking == ((CASES[2], 2), (CASES[3], 2))


def test_days_are_counted_as_begun_ones(desk: World) -> None:
    for span, days in ((timedelta(hours=30), 2), (timedelta(hours=1), 1), (-timedelta(hours=30), -1)):
        until = desk.clock.moment + span
        set_review_deadline(
            desk.house, desk["chair"], CALL_ID, until, get_stage(desk.house, desk["chair"], CALL_ID).version
        )
        assert get_follow_up(desk.house, desk["chair"], CALL_ID).days_left == days


def test_the_reminder_is_in_the_reviewers_language(desk: World) -> None:
    until = NEXT_DAY + timedelta(days=3)
    set_review_deadline(
        desk.house, desk["chair"], CALL_ID, until, get_stage(desk.house, desk["chair"], CALL_ID).version
    )
    told = {p.name: p for p in get_follow_up(desk.house, desk["chair"], CALL_ID).reviewers}
    assert told["Celia"].language == "fi"
    lines = told["Celia"].reminder.splitlines()
    assert lines[0] == "Hyvä Celia,"
    assert CALL.name.fi in lines[1]
    assert lines[2:5] == [f"– {case}" for case in (CASES[2], CASES[4], CASES[5])]
    assert "6.5.2022" in lines[5]


def test_what_is_hidden_from_somebody_takes_no_part(desk: World) -> None:
    chair = replace(desk["arvi"], roles=frozenset({"chair", "reviewer"}))
    seen = get_follow_up(desk.house, chair, CALL_ID)
    assert {case for p in seen.reviewers for case in p.open_cases} <= {CASES[1], CASES[5], CASES[0]}
    declare_conflict(desk.house, desk["chair"], CALL_ID, CASES[5], "other", "")
    assert CASES[5] not in str(get_follow_up(desk.house, desk["chair"], CALL_ID))
