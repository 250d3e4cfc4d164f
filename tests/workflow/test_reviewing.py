"""Reviewing: drafts, submission, what the validator says, and conflicts of interest."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from locales import render
from scoring.types import RunningTotal
from storage.reviews import StoredScore
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, World, application, draft, levels, workbook
from workflow.abstaining import declare_impartial
from workflow.conflicts import CONFLICT_KINDS, declare_conflict, record_conflict
from workflow.eligibility import confirm_eligibility
from workflow.errors import Conflicting, Refused
from workflow.intake import execute_import, plan_import
from workflow.ranking import get_ranking
from workflow.review_check import LONGEST_TEXT
from workflow.review_queue import my_queue, next_open
from workflow.reviewing import (
    Draft,
    check_review,
    open_review,
    save_draft,
    submit_review,
)

CASE = CASES[3]
"""Assigned to daavid, arvi and britta; nobody has begun."""


def save(world: World, given: Draft, version: int, *, who: str = "arvi", submit: bool = False) -> Any:
    return (submit_review if submit else save_draft)(world.house, world[who], CALL_ID, CASE, given, version)


def test_a_draft_is_kept_as_far_as_it_goes_and_goes_on_from_there(panel: World) -> None:
    first = save(panel, Draft(levels(4, None, None), {CRITERIA[0]: " Hyvä. "}, " Huomio "), 0)
    assert (first.version, first.state, first.submitted_at, first.remark) == (1, "draft", None, "Huomio")
    assert first.scores == {
        CRITERIA[0]: StoredScore(4, "Hyvä."),
        CRITERIA[1]: StoredScore(None, ""),
        CRITERIA[2]: StoredScore(None, ""),
    }
    second = save(panel, Draft(levels(None, 2, 3), {}), 1)
    assert second.version == 2
    assert {key: score.level for key, score in second.scores.items()} == levels(None, 2, 3)
    form = open_review(panel.house, panel["arvi"], CALL_ID, CASE)
    assert (form.review, form.version, form.submitted) == (second, 2, False)


def test_a_submitted_review_is_closed(panel: World) -> None:
    save(panel, draft(4, None, None), 0)
    submitted = save(panel, draft(4, 3, 5, remark="Vahva."), 1, submit=True)
    assert (submitted.state, submitted.version, submitted.submitted_at) == ("submitted", 2, submitted.saved_at)
    before = panel.counts()
    for submit in (False, True):
        with pytest.raises(Refused):
            save(panel, draft(1, 1, 1), 2, submit=submit)
    assert panel.counts() == before
    assert open_review(panel.house, panel["arvi"], CALL_ID, CASE).review == submitted


def test_a_review_saved_elsewhere_is_not_overwritten(panel: World) -> None:
    save(panel, draft(4, None, None), 0)
    save(panel, draft(4, 3, None), 1)
    before = panel.counts()
    for stale in (0, 1, 3):
        with pytest.raises(Conflicting):
            save(panel, draft(1, 1, 1), stale)
    assert panel.counts() == before


WRONG: tuple[tuple[Draft, bool, tuple[str, ...]], ...] = (
    (draft(3, 3, 3), True, ()),
    (draft(None, None, None), False, ()),
    (draft(3, None, 3), True, ("the level is missing", "the reason is missing")),
    (replace(draft(3, 3, 3), reasons={}), True, ("the reason is missing",) * 3),
    (replace(draft(3, 3, 3), reasons=dict.fromkeys(CRITERIA, " \n")), True, ("the reason is missing",) * 3),
    (draft(0, 6, 3), False, ("level 0 is not among 1, 2, 3, 4, 5", "level 6 is not among")),
    (Draft({"charm": 3}, {"luck": "x"}), False, ("no criterion charm", "no criterion luck")),
    (Draft({}, {CRITERIA[0]: "x" * LONGEST_TEXT}), False, ()),
    (Draft({}, {CRITERIA[0]: "x" * (LONGEST_TEXT + 1)}), False, ("the reason is longer than",)),
    (Draft({}, {}, "x" * (LONGEST_TEXT + 1)), False, ("The remark is longer than",)),
    (Draft({}, {}), True, ("the level is missing", "the reason is missing") * 3),
)


@pytest.mark.parametrize(("given", "submitting", "said"), WRONG)
def test_the_validator_names_every_problem(given: Draft, submitting: bool, said: tuple[str, ...]) -> None:
    problems = [render(problem, "en") for problem in check_review(CALL, given, submitting=submitting)]
    assert len(problems) == len(said)
    assert all(part in problem for part, problem in zip(said, problems, strict=True))


def test_a_review_with_problems_is_not_kept(small: World) -> None:
    small.take(application(4))
    small.confirm(CASE)
    small.assign(CASE, ["arvi"])
    declare_impartial(small.house, small["arvi"], CALL_ID, [CASE])
    before = small.counts()
    for given, submitting, said in WRONG:
        if said:
            with pytest.raises(Refused) as refused:
                save(small, given, 0, submit=submitting)
            assert len(refused.value.messages) == len(said)
    assert small.counts() == before


def test_only_ones_own_assigned_applications_can_be_reviewed(desk: World) -> None:
    attempts = (("celia", CASE), ("arvi", "VN/404/2022"), ("officer", CASE))
    reviewing_officer = replace(desk["officer"], roles=frozenset({"officer", "reviewer"}))
    for who, case in attempts:
        actor = reviewing_officer if who == "officer" else desk[who]
        with pytest.raises(Refused):
            open_review(desk.house, actor, CALL_ID, case)
        with pytest.raises(Refused):
            save_draft(desk.house, actor, CALL_ID, case, draft(1, 1, 1), 0)


def test_the_queue_shows_how_far_each_review_is(desk: World) -> None:
    desk.review("arvi", CASE, 4, None, 2, submit=False)
    queue = {item.case_number: item for item in my_queue(desk.house, desk["arvi"], CALL_ID)}
    assert {case: (item.state, item.scored, item.of) for case, item in queue.items()} == {
        CASES[0]: ("submitted", 3, 3),
        CASES[2]: ("not_started", 0, 3),
        CASES[3]: ("draft", 2, 3),
        CASES[4]: ("not_started", 0, 3),
    }
    assert queue[CASE].running == RunningTotal(70, 100, 40 * 4 + 30 * 2, (CRITERIA[1],))
    untouched = {CASES[2], CASES[4]}
    first = next_open(desk.house, desk["arvi"], CALL_ID)
    assert first in untouched, "the least reviewed first"
    assert {next_open(desk.house, desk["arvi"], CALL_ID, after=first)} == untouched - {first}
    for case in untouched:
        desk.review("arvi", case, 3, 3, 3)
    assert next_open(desk.house, desk["arvi"], CALL_ID) == CASE
    assert next_open(desk.house, desk["arvi"], CALL_ID, after=CASE) is None


def test_a_change_that_the_reviewer_has_not_seen_stays_marked_and_stops_the_submission(desk: World) -> None:
    form = open_review(desk.house, desk["arvi"], CALL_ID, CASE)
    seen = replace(draft(4, 4, 4), application_version=form.application_version)
    plan = plan_import(desk.house, desk["officer"], CALL_ID, workbook(application(4, applied=60_000)), "x.xlsx")
    execute_import(desk.house, desk["officer"], plan, accept_changes=True)
    kept = save(desk, seen, 0)
    assert kept.application_version == 1
    queue = {item.case_number: item.changed_since for item in my_queue(desk.house, desk["arvi"], CALL_ID)}
    assert queue[CASE] is True
    with pytest.raises(Conflicting):
        save(desk, seen, 1, submit=True)
    again = open_review(desk.house, desk["arvi"], CALL_ID, CASE)
    assert (again.application_version, again.changed) == (2, ("applied",))
    done = save(desk, replace(seen, application_version=again.application_version), 1, submit=True)
    assert done.application_version == 2


def test_the_form_marks_what_differs_from_what_the_own_review_was_written_on(desk: World) -> None:
    save(desk, draft(4, None, None), 0)
    for changes in ({"applied": 60_000}, {"applied": 60_000, "project_name": "Uusi nimi"}):
        plan = plan_import(desk.house, desk["officer"], CALL_ID, workbook(application(4, **changes)), "x.xlsx")
        execute_import(desk.house, desk["officer"], plan, accept_changes=True)

    def marked(who: str) -> tuple[str, ...]:
        return open_review(desk.house, desk[who], CALL_ID, CASE).changed

    assert (marked("arvi"), marked("britta")) == (("project_name", "applied"), ("project_name",))
    save(desk, draft(4, 4, None), 1)
    assert (marked("arvi"), marked("britta")) == ((), ("project_name",))


@pytest.mark.parametrize("outcome", ["dismissed", "not_eligible"])
def test_what_was_decided_against_is_reviewed_no_longer(desk: World, outcome: Any) -> None:
    save(desk, draft(4, 4, 4), 0)
    confirm_eligibility(
        desk.house, desk["officer"], CALL_ID, CASE, version=1, outcome=outcome, reason="Saapui myöhässä."
    )
    assert [item.case_number for item in my_queue(desk.house, desk["arvi"], CALL_ID)] == [CASES[0], CASES[2], CASES[4]]
    before = desk.counts()
    for attempt in (
        lambda: open_review(desk.house, desk["arvi"], CALL_ID, CASE),
        lambda: save(desk, draft(4, 4, 5), 1),
        lambda: save(desk, draft(4, 4, 5), 1, submit=True),
    ):
        with pytest.raises(Refused):
            attempt()
    assert desk.counts() == before
    confirm_eligibility(
        desk.house, desk["officer"], CALL_ID, CASE, version=1, outcome="eligible", reason="Saapui ajoissa."
    )
    assert open_review(desk.house, desk["arvi"], CALL_ID, CASE).version == 1


def test_a_declared_conflict_closes_the_application_at_once(panel: World) -> None:
    case = CASES[0]
    means = {r.view.case_number: (r.standing.mean, r.standing.reviews, r.assigned) for r in ranking(panel)}
    declare_conflict(panel.house, panel["celia"], CALL_ID, case, "employment", " Työnantaja on Turku. ")
    queue = {item.case_number: item for item in my_queue(panel.house, panel["celia"], CALL_ID)}
    item = queue[case]
    assert (item.state, item.project_name, item.applicant, item.running, item.saved_at) == (
        "conflict",
        "",
        "",
        None,
        None,
    )
    for attempt in (
        lambda: open_review(panel.house, panel["celia"], CALL_ID, case),
        lambda: save_draft(panel.house, panel["celia"], CALL_ID, case, draft(5, 5, 5), 1),
        lambda: submit_review(panel.house, panel["celia"], CALL_ID, case, draft(5, 5, 5), 1),
        lambda: declare_conflict(panel.house, panel["celia"], CALL_ID, case, "employment", ""),
    ):
        with pytest.raises(Refused):
            attempt()
    after = {r.view.case_number: (r.standing.mean, r.standing.reviews, r.assigned) for r in ranking(panel)}
    mean, reviews, assigned = means[case]
    assert mean is not None
    assert (reviews, assigned) == (3, 3)
    arvi, britta = (40 * 5 + 30 * 4 + 30 * 4), (40 * 4 + 30 * 4 + 30 * 3)
    assert after[case] == (Fraction(arvi + britta, 2 * 100), 2, 2)
    assert {c: v for c, v in after.items() if c != case} == {c: v for c, v in means.items() if c != case}


def ranking(world: World) -> Any:
    return get_ranking(world.house, world["chair"], CALL_ID)


def test_a_conflict_needs_a_ground_of_the_act(desk: World) -> None:
    before = desk.counts()
    for kind, note in (("", ""), ("dislike", ""), (CONFLICT_KINDS[0], "x" * (LONGEST_TEXT + 1))):
        with pytest.raises(Refused):
            declare_conflict(desk.house, desk["arvi"], CALL_ID, CASE, kind, note)
    assert desk.counts() == before


def test_a_conflict_that_an_officer_records_closes_the_application_too(desk: World) -> None:
    record_conflict(desk.house, desk["officer"], CALL_ID, CASE, desk["arvi"].id, "other", "")
    with pytest.raises(Refused):
        open_review(desk.house, desk["arvi"], CALL_ID, CASE)
