"""The awkward applications are found by the rules that they break, and no others are."""

import pytest

from calls.eligibility import Finding, examine, possible_duplicates, propose
from calls.presets import preset
from calls.register import register
from sample_data.generator import applications, awkward
from sample_data.panel import eligibility_decisions

CALLS = ("2020", "2022")
PRESENTATION = {"text_like_formula", "long_name"}


def _findings(call_id: str) -> dict[str, tuple[Finding, ...]]:
    call = preset(call_id)
    known = register(call.applicants.register_year)
    alike = possible_duplicates(applications(call_id))
    return {
        application.case_number: examine(application, call, known, alike[application.case_number])
        for application in applications(call_id)
    }


def _to_be_checked(call_id: str) -> dict[str, set[str]]:
    """By case number the rule that other public funding above 0 has to be looked at, where there is such funding."""
    return {
        one.case_number: {"other_public_funding"} if one.other_public_funding else set()
        for one in applications(call_id)
    }


@pytest.mark.parametrize("call_id", CALLS)
def test_awkward_applications_break_the_stated_rule(call_id: str) -> None:
    findings = _findings(call_id)
    funded = _to_be_checked(call_id)
    for case_number, rule in awkward(call_id).items():
        broken = {finding.rule for finding in findings[case_number] if finding.outcome != "met"} - funded[case_number]
        assert broken == (set() if rule in PRESENTATION else {rule}), case_number


@pytest.mark.parametrize("call_id", CALLS)
def test_ordinary_applications_break_no_rule(call_id: str) -> None:
    odd = awkward(call_id)
    originals = {"ESIM/2020/034"}
    funded = _to_be_checked(call_id)
    for case_number, found in _findings(call_id).items():
        if case_number not in odd and case_number not in originals:
            broken = {finding.rule for finding in found if finding.outcome == "not_met"}
            checks = {finding.rule for finding in found if finding.outcome == "check"}
            assert (broken, checks - {"joint_project"}) == (set(), funded[case_number]), case_number


def test_both_calls_together_have_a_dozen_and_a_half_awkward_ones() -> None:
    assert sum(len(awkward(call_id)) for call_id in CALLS) == 18


@pytest.mark.parametrize("call_id", CALLS)
def test_decisions_confirm_members_where_the_rule_rests_on_them(call_id: str) -> None:
    findings = _findings(call_id)
    for decision in eligibility_decisions(call_id):
        rests = any(f.needs == "members" for f in findings[decision.case_number])
        assert decision.members_confirmed or not rests or decision.outcome != "eligible"


def test_late_application_is_dismissed_as_the_rules_propose() -> None:
    late = next(decision for decision in eligibility_decisions("2020") if decision.outcome == "dismissed")
    assert awkward("2020")[late.case_number] == "closing"
    assert propose(_findings("2020")[late.case_number]) == "dismissed"
