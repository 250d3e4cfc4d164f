"""The states of a review beyond draft and submitted: declared, abstained, returned; its versions; what others read."""

from fractions import Fraction

import pytest

from locales import render
from storage.reviews import StoredScore
from tests.support.worlds import CALL_ID, CASES, CRITERIA, Clock, World, application, draft
from workflow.abstaining import abstain, declare_impartial, resume
from workflow.conflicts import declare_conflict
from workflow.errors import Refused
from workflow.ranking import get_ranking
from workflow.review_queue import my_queue, next_open
from workflow.review_reading import read_reviews, return_review, review_history
from workflow.reviewing import DeclarationNeeded, open_review, save_draft, submit_review

CASE = CASES[0]
"""Reviewed by arvi, britta and celia."""
AHEAD = CASES[3]
"""arvi's, not begun."""


def states(world: World, who: str) -> dict[str, str]:
    return {item.case_number: item.state for item in my_queue(world.house, world[who], CALL_ID)}


def test_the_texts_open_after_the_declaration(small: World) -> None:
    small.take(application(1))
    small.confirm(CASE)
    small.assign(CASE, ["arvi"])
    arvi = small["arvi"]
    with pytest.raises(DeclarationNeeded) as needed:
        open_review(small.house, arvi, CALL_ID, CASE)
    told = needed.value
    assert (told.case_number, told.project_name, told.applicant, told.partners) == (
        CASE,
        "Yhteinen tietopohja 1",
        "Turku",
        ("Turku", "Kaarina"),
    )
    with pytest.raises(DeclarationNeeded):
        save_draft(small.house, arvi, CALL_ID, CASE, draft(3, 3, 3), 0)
    assert [item.declared for item in my_queue(small.house, arvi, CALL_ID)] == [False]
    assert declare_impartial(small.house, arvi, CALL_ID, [CASE, CASE]) == 1
    assert declare_impartial(small.house, arvi, CALL_ID, [CASE]) == 0
    assert open_review(small.house, arvi, CALL_ID, CASE).application.project_name == "Yhteinen tietopohja 1"


def test_a_declaration_is_given_for_ones_own_applications_only(desk: World) -> None:
    before = desk.counts()
    for case in (CASES[1], "VN/404/2022"):
        with pytest.raises(Refused) as refused:
            declare_impartial(desk.house, desk["arvi"], CALL_ID, [AHEAD, case])
        assert [render(m, "en") for m in refused.value.messages] == [f"Application {case} is not yours to review."]
    assert desk.counts() == before


def test_an_abstention_gives_the_review_back_and_opens_nothing(desk: World) -> None:
    desk.review("britta", AHEAD, 4, 4, 4)
    abstain(desk.house, desk["arvi"], CALL_ID, AHEAD, " Aika ei riitä. ")
    assert states(desk, "arvi")[AHEAD] == "abstained"
    assert next_open(desk.house, desk["arvi"], CALL_ID) != AHEAD
    for attempt in (
        lambda: open_review(desk.house, desk["arvi"], CALL_ID, AHEAD),
        lambda: save_draft(desk.house, desk["arvi"], CALL_ID, AHEAD, draft(3, 3, 3), 0),
        lambda: read_reviews(desk.house, desk["arvi"], CALL_ID, AHEAD),
        lambda: abstain(desk.house, desk["arvi"], CALL_ID, AHEAD, "Taas."),
    ):
        with pytest.raises(Refused):
            attempt()
    ranked = next(r for r in get_ranking(desk.house, desk["chair"], CALL_ID) if r.view.case_number == AHEAD)
    assert (ranked.assigned, ranked.standing.reviews) == (2, 1)
    resume(desk.house, desk["arvi"], CALL_ID, AHEAD)
    assert states(desk, "arvi")[AHEAD] == "not_started"
    with pytest.raises(Refused):
        resume(desk.house, desk["arvi"], CALL_ID, AHEAD)


@pytest.mark.parametrize("reason", ["", " \n", "x" * 1_001])
def test_an_abstention_needs_a_reason(desk: World, reason: str) -> None:
    with pytest.raises(Refused):
        abstain(desk.house, desk["arvi"], CALL_ID, AHEAD, reason)
    assert states(desk, "arvi")[AHEAD] == "not_started"


def test_a_submitted_review_cannot_be_given_back(desk: World) -> None:
    with pytest.raises(Refused):
        abstain(desk.house, desk["arvi"], CALL_ID, CASE, "Aika ei riitä.")


def test_others_reviews_open_with_the_own_submission(desk: World) -> None:
    case = CASES[1]
    with pytest.raises(Refused) as refused:
        read_reviews(desk.house, desk["daavid"], CALL_ID, case)
    assert [render(m, "en") for m in refused.value.messages] == [
        f"Others' reviews of {case} open to you once your own is submitted."
    ]
    desk.review("daavid", case, 5, 4, 3)
    read = read_reviews(desk.house, desk["daavid"], CALL_ID, case)
    assert [(r.reviewer, r.composite, r.at_reveal, r.changed) for r in read] == [
        ("Britta", Fraction(40 * 2 + 30 * 3 + 30 * 3, 100), Fraction(26, 10), ()),
        ("Celia", Fraction(40 * 4 + 30 * 3 + 30 * 3, 100), Fraction(34, 10), ()),
        ("Daavid", Fraction(40 * 5 + 30 * 4 + 30 * 3, 100), Fraction(41, 10), ()),
    ]
    assert read == read_reviews(desk.house, desk["chair"], CALL_ID, case)
    declare_conflict(desk.house, desk["celia"], CALL_ID, case, "other", "")
    assert [r.reviewer for r in read_reviews(desk.house, desk["daavid"], CALL_ID, case)] == ["Britta", "Daavid"]
    with pytest.raises(Refused):
        read_reviews(desk.house, desk["celia"], CALL_ID, case)


def test_a_stranger_and_a_missing_application_get_the_same_answer(desk: World) -> None:
    def answer(who: str, case: str) -> list[str]:
        with pytest.raises(Refused) as refused:
            read_reviews(desk.house, desk[who], CALL_ID, case)
        return [render(m, "en").replace(case, "X") for m in refused.value.messages]

    declare_conflict(desk.house, desk["chair"], CALL_ID, CASE, "other", "")
    assert answer("daavid", CASE) == answer("daavid", "VN/404/2022") == answer("chair", CASE)


def test_a_returned_review_is_completed_and_keeps_what_it_was_when_revealed(desk: World) -> None:
    arvi, chair = desk["arvi"], desk["chair"]
    return_review(desk.house, chair, CALL_ID, CASE, arvi.id, " Perustele taso 5. ")
    assert states(desk, "arvi")[CASE] == "returned"
    assert next_open(desk.house, arvi, CALL_ID) == CASE, "what was returned comes first"
    form = open_review(desk.house, arvi, CALL_ID, CASE)
    assert form.review is not None
    assert (form.submitted, form.version, form.review.return_reason) == (False, 2, "Perustele taso 5.")
    with pytest.raises(Refused):
        read_reviews(desk.house, arvi, CALL_ID, CASE)
    assert [r.reviewer for r in read_reviews(desk.house, chair, CALL_ID, CASE)] == ["Britta", "Celia"]
    kept = save_draft(desk.house, arvi, CALL_ID, CASE, draft(4, 4, 4), 2)
    assert kept.state == "returned"
    submit_review(desk.house, arvi, CALL_ID, CASE, draft(4, 4, 4), 3)
    mine = next(r for r in read_reviews(desk.house, chair, CALL_ID, CASE) if r.reviewer == "Arvi")
    assert (mine.composite, mine.at_reveal, mine.changed) == (Fraction(4), Fraction(44, 10), (CRITERIA[0],))


def test_every_version_is_kept_and_says_what_changed(desk: World) -> None:
    arvi, chair = desk["arvi"], desk["chair"]
    return_review(desk.house, chair, CALL_ID, CASE, arvi.id, "Täydennä.")
    save_draft(desk.house, arvi, CALL_ID, CASE, draft(4, 4, 4, remark="Tarkistettu."), 2)
    submit_review(desk.house, arvi, CALL_ID, CASE, draft(4, 4, 4, remark="Tarkistettu."), 3)
    versions = review_history(desk.house, arvi, CALL_ID, CASE, arvi.id)
    assert [(v.version, v.state, v.saved_by, v.changed, v.revealed) for v in versions] == [
        (4, "submitted", "Arvi", ("state",), False),
        (3, "returned", "Arvi", (CRITERIA[0], "remark"), False),
        (2, "returned", "Chair", ("state",), False),
        (1, "submitted", "Arvi", (), True),
    ]
    assert versions[3].scores[CRITERIA[0]] == StoredScore(5, "Perustelu 5.")
    others = review_history(desk.house, chair, CALL_ID, CASE, arvi.id)
    assert [(v.version, v.changed) for v in others] == [(4, (CRITERIA[0], "remark")), (1, ())], (
        "drafts are arvi's alone"
    )


def test_a_draft_before_the_first_submission_is_its_authors_alone(desk: World) -> None:
    save_draft(desk.house, desk["arvi"], CALL_ID, AHEAD, draft(1, None, None), 0)
    assert review_history(desk.house, desk["chair"], CALL_ID, AHEAD, desk["arvi"].id) == []
    submit_review(desk.house, desk["arvi"], CALL_ID, AHEAD, draft(4, 4, 4), 1)
    assert [v.version for v in review_history(desk.house, desk["chair"], CALL_ID, AHEAD, desk["arvi"].id)] == [2]
    assert [v.version for v in review_history(desk.house, desk["arvi"], CALL_ID, AHEAD, desk["arvi"].id)] == [2, 1]


@pytest.mark.parametrize(("who", "whose", "reason"), [("chair", "arvi", " "), ("chair", "daavid", "Täydennä.")])
def test_only_a_submitted_review_is_returned_and_with_a_reason(desk: World, who: str, whose: str, reason: str) -> None:
    before = desk.counts()
    with pytest.raises(Refused):
        return_review(desk.house, desk[who], CALL_ID, CASE, desk[whose].id, reason)
    assert desk.counts() == before


def test_a_disqualified_chair_returns_nothing(desk: World) -> None:
    declare_conflict(desk.house, desk["chair"], CALL_ID, CASE, "other", "")
    with pytest.raises(Refused):
        return_review(desk.house, desk["chair"], CALL_ID, CASE, desk["arvi"].id, "Täydennä.")


def test_each_reviewer_has_an_own_order_of_equals(desk: World) -> None:
    assert isinstance(desk.clock, Clock)
    firsts = {next_open(desk.house, desk[who], CALL_ID) for who in ("arvi", "britta", "celia", "daavid")}
    assert len(firsts) > 1
