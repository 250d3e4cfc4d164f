"""The fictional panel: connected, balanced, free of conflicts, and with something to show in every state."""

from collections import Counter
from fractions import Fraction

import pytest

from calls.presets import preset
from sample_data.generator import applications
from sample_data.panel import CRITERIA, accounts, eligibility_decisions, panel

CALLS = ("2020", "2022")


def _reviewers() -> set[str]:
    return {account.username for account in accounts() if "reviewer" in account.roles}


def test_accounts_by_role() -> None:
    roles = Counter(role for account in accounts() for role in account.roles)
    assert roles == {"reviewer": 9, "chair": 1, "officer": 2, "decision_maker": 1, "administrator": 1}
    assert len({account.username for account in accounts()}) == 14
    assert {account.language for account in accounts()} == {"fi", "sv", "en"}


@pytest.mark.parametrize("call_id", CALLS)
def test_criteria_are_those_of_the_call(call_id: str) -> None:
    assert tuple(criterion.id for criterion in preset(call_id).criteria) == CRITERIA


@pytest.mark.parametrize("call_id", CALLS)
def test_every_eligible_application_has_three_reviewers_and_no_other_has_any(call_id: str) -> None:
    eligible = {d.case_number for d in eligibility_decisions(call_id) if d.outcome == "eligible"}
    assert Counter(pair.case_number for pair in panel(call_id).assignments) == dict.fromkeys(eligible, 3)
    assert len(set(panel(call_id).assignments)) == len(panel(call_id).assignments)
    assert {pair.reviewer for pair in panel(call_id).assignments} == _reviewers()


@pytest.mark.parametrize("call_id", CALLS)
def test_no_assignment_has_a_conflict(call_id: str) -> None:
    found = panel(call_id)
    blocked = {(conflict.username, conflict.case_number) for conflict in found.conflicts}
    assert found.conflicts
    assert not blocked & {(pair.reviewer, pair.case_number) for pair in found.assignments}
    assert len(blocked) == len(found.conflicts)


def test_conflicts_reach_those_who_handle_applications_and_every_ground() -> None:
    conflicts = [conflict for call_id in CALLS for conflict in panel(call_id).conflicts]
    roles = {account.username: account.roles[0] for account in accounts()}
    assert {roles[c.username] for c in conflicts} == {"reviewer", "chair", "officer"}
    assert len({conflict.kind for conflict in conflicts}) == 7


@pytest.mark.parametrize("call_id", CALLS)
def test_load_is_even(call_id: str) -> None:
    load = Counter(pair.reviewer for pair in panel(call_id).assignments)
    assert max(load.values()) - min(load.values()) <= 1


@pytest.mark.parametrize("call_id", CALLS)
def test_graph_of_submitted_reviews_is_connected(call_id: str) -> None:
    edges = [(r.case_number, r.reviewer) for r in panel(call_id).reviews if r.submitted]
    reached, before = {edges[0][0]}, 0
    while len(reached) != before:
        before = len(reached)
        reached |= {end for edge in edges if reached & set(edge) for end in edge}
    assert reached == {end for edge in edges for end in edge}


@pytest.mark.parametrize("call_id", CALLS)
def test_swedish_applications_have_a_reviewer_who_works_in_swedish(call_id: str) -> None:
    swedish = {account.username for account in accounts() if account.language == "sv"}
    languages = {application.case_number: application.language for application in applications(call_id)}
    served = {p.case_number for p in panel(call_id).assignments if p.reviewer in swedish}
    assert all(languages[p.case_number] == "fi" or p.case_number in served for p in panel(call_id).assignments)


@pytest.mark.parametrize("call_id", CALLS)
def test_reviews_belong_to_assignments_and_are_filled_in(call_id: str) -> None:
    found = panel(call_id)
    pairs = [(review.case_number, review.reviewer) for review in found.reviews]
    assert len(set(pairs)) == len(pairs)
    assert set(pairs) <= {(pair.case_number, pair.reviewer) for pair in found.assignments}
    for review in found.reviews:
        assert tuple(review.levels) == CRITERIA
        assert all(level is None or 1 <= level <= 5 for level in review.levels.values())
        filled = all(level is not None and review.reasons[name] for name, level in review.levels.items())
        assert filled == review.submitted


@pytest.mark.parametrize(
    ("call_id", "least", "most"),
    [("2020", Fraction(90, 100), Fraction(98, 100)), ("2022", Fraction(55, 100), Fraction(65, 100))],
)
def test_share_of_submitted_reviews(call_id: str, least: Fraction, most: Fraction) -> None:
    found = panel(call_id)
    submitted = sum(review.submitted for review in found.reviews)
    assert least <= Fraction(submitted, len(found.assignments)) <= most
    assert submitted < len(found.reviews) < len(found.assignments)


def test_equal_scores_stand_at_the_line_of_2020() -> None:
    call = preset("2020")
    weights = {criterion.id: criterion.weight.value for criterion in call.criteria}
    composites: dict[str, list[Fraction]] = {}
    for review in panel("2020").reviews:
        if review.submitted:
            total = sum(weights[name] * (level or 0) for name, level in review.levels.items())
            composites.setdefault(review.case_number, []).append(Fraction(total, sum(weights.values())))
    amounts = {application.case_number: application.applied for application in applications("2020")}
    groups: dict[Fraction, list[str]] = {}
    for case_number, found in composites.items():
        groups.setdefault(sum(found, Fraction()) / len(found), []).append(case_number)
    spent, left = 0, call.money.appropriation.value
    for score in sorted(groups, reverse=True):
        spent += sum(amounts[case_number] for case_number in groups[score])
        if spent > left:
            assert len(groups[score]) >= 2
            return
    pytest.fail("the appropriation is enough for all")


def test_decisions_2020_cover_every_application() -> None:
    decided = [decision.case_number for decision in eligibility_decisions("2020")]
    assert decided == [application.case_number for application in applications("2020")]
    assert all(decision.reason for decision in eligibility_decisions("2020"))


def test_decisions_2022_leave_some_open() -> None:
    outcomes = Counter(decision.outcome for decision in eligibility_decisions("2022"))
    assert outcomes == {"eligible": 40, "not_eligible": 2, "supplement_requested": 1}
