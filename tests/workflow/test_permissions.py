"""Every use case asks for permission before it looks anything up: nothing is told to those who may not."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

import workflow
from access import permissions
from access.permissions import ROLES, Actor, Forbidden, Permission
from scoring.assignment_types import Assignment, AssignmentProblem
from tests.support.worlds import CALL, OPENING, World
from workbooks.intake import Intake
from workbooks.review_form_types import FormStamp, ReadForm
from workflow.assignment_plan import AssignmentPlan, Options
from workflow.errors import Refused
from workflow.intake import ImportPlan
from workflow.later_checks import LaterChange
from workflow.offline_plan import FormPlan
from workflow.reviewing import Draft
from workflow.scenarios import default_scenario

NOWHERE = "no-such-call"
CASE = "VN/404/2022"
PLAN = ImportPlan(NOWHERE, "x.xlsx", Intake("Sheet", (), (), "0" * 64), ())
NOTHING = Draft({}, {})
EMPTY = Assignment((), (), (), 0, 0, 0, (0, 0, 0), (), None, (), ())
ASSIGNMENT = AssignmentPlan(NOWHERE, Options(), AssignmentProblem((), ()), EMPTY, EMPTY, (), ())
NO_CALL = CALL.model_copy(update={"id": NOWHERE})
FORM = FormPlan(NO_CALL, "x.xlsx", ReadForm(FormStamp(NOWHERE, "nobody", OPENING, {}), (), ()), (), ())
SCENARIO = default_scenario(CALL)
OF_THE_SYSTEM = {"calls.add_presets", "upkeep.rebuild", "invariants.check_database"}
"""Use cases of whoever runs the program: at start-up and from the terminal."""

TABLE: dict[str, tuple[Permission, dict[str, Any]]] = {
    "accounts.list_accounts": (permissions.can_manage_accounts, {}),
    "accounts.add_account": (permissions.can_manage_accounts, {"username": "-", "name": "", "roles": ["king"]}),
    "accounts.disable_account": (permissions.can_manage_accounts, {"username": "nobody"}),
    "accounts.enable_account": (permissions.can_manage_accounts, {"username": "nobody"}),
    "accounts.set_roles": (permissions.can_manage_accounts, {"username": "nobody", "roles": ["king"]}),
    "accounts.reset_password": (permissions.can_manage_accounts, {"username": "nobody"}),
    "applications.list_applications": (permissions.can_see_all_applications, {"call_id": NOWHERE}),
    "applications.get_application": (
        permissions.can_see_all_applications,
        {"call_id": NOWHERE, "case_number": CASE},
    ),
    "assignment.list_reviewers": (permissions.can_assign, {"call_id": NOWHERE}),
    "assignment.assign_reviewers": (
        permissions.can_assign,
        {"call_id": NOWHERE, "application_id": 404, "reviewers": [404]},
    ),
    "calls.list_calls": (permissions.can_see_call, {}),
    "calls.get_call": (permissions.can_see_call, {"call_id": NOWHERE}),
    "calls.call_file": (permissions.can_see_call, {"call_id": NOWHERE}),
    "calls.add_call": (permissions.can_change_call, {"text": "no toml ["}),
    "decision_export.export_file": (permissions.can_export, {"call_id": NOWHERE, "form": "xlsx", "lang": "fi"}),
    "decision_export.export_workbook": (permissions.can_export, {"call_id": NOWHERE, "lang": "fi"}),
    "decision_export.export_json": (permissions.can_export, {"call_id": NOWHERE}),
    "decision_export.export_csv": (permissions.can_export, {"call_id": NOWHERE, "lang": "fi"}),
    "decision_export.export_snapshot": (permissions.can_export, {"call_id": NOWHERE}),
    "decision_export.export_letters": (permissions.can_export, {"call_id": NOWHERE}),
    "eligibility.confirm_eligibility": (
        permissions.can_confirm_eligibility,
        {"call_id": NOWHERE, "case_number": CASE, "version": 1, "outcome": "eligible", "reason": ""},
    ),
    "eligibility.confirm_clear_cases": (
        permissions.can_confirm_eligibility,
        {"call_id": NOWHERE, "case_numbers": [CASE], "reason": ""},
    ),
    "eligibility.withdraw_application": (
        permissions.can_confirm_eligibility,
        {"call_id": NOWHERE, "case_number": CASE, "reason": ""},
    ),
    "intake.template": (permissions.can_import, {"call_id": NOWHERE, "lang": "fi"}),
    "intake.plan_import": (permissions.can_import, {"call_id": NOWHERE, "data": b"", "filename": "x.xlsx"}),
    "intake.execute_import": (permissions.can_import, {"plan": PLAN}),
    "intake.rows_to_mend": (permissions.can_import, {"plan": PLAN, "lang": "fi"}),
    "overview.get_headline": (permissions.can_see_call, {"call_id": NOWHERE}),
    "overview.get_overview": (permissions.can_see_call, {"call_id": NOWHERE}),
    "ranking.get_ranking": (permissions.can_see_ranking, {"call_id": NOWHERE}),
    "review_queue.my_queue": (permissions.can_review, {"call_id": NOWHERE}),
    "review_queue.next_open": (permissions.can_review, {"call_id": NOWHERE}),
    "reviewing.open_review": (permissions.can_open_texts, {"call_id": NOWHERE, "case_number": CASE}),
    "abstaining.abstain": (permissions.can_review, {"call_id": NOWHERE, "case_number": CASE, "reason": ""}),
    "abstaining.resume": (permissions.can_review, {"call_id": NOWHERE, "case_number": CASE}),
    "abstaining.declare_impartial": (
        permissions.can_declare_conflict,
        {"call_id": NOWHERE, "case_numbers": [CASE]},
    ),
    "review_reading.read_reviews": (permissions.can_see_reviews, {"call_id": NOWHERE, "case_number": CASE}),
    "review_reading.review_history": (
        permissions.can_see_reviews,
        {"call_id": NOWHERE, "case_number": CASE, "reviewer_id": 404},
    ),
    "review_reading.return_review": (
        permissions.can_return_review,
        {"call_id": NOWHERE, "case_number": CASE, "reviewer_id": 404, "reason": ""},
    ),
    "attachments.add_attachment": (
        permissions.can_attach,
        {"call_id": NOWHERE, "case_number": CASE, "filename": "x.pdf", "data": b""},
    ),
    "attachments.remove_attachment": (
        permissions.can_attach,
        {"call_id": NOWHERE, "case_number": CASE, "sha256": "0" * 64},
    ),
    "attachments.list_attachments": (permissions.can_see_applications, {"call_id": NOWHERE, "case_number": CASE}),
    "attachments.open_attachment": (permissions.can_see_applications, {"call_id": NOWHERE, "sha256": "0" * 64}),
    "assignment.lock_assignment": (
        permissions.can_assign,
        {"call_id": NOWHERE, "application_id": 404, "reviewer_id": 404, "locked": True},
    ),
    "assignment.list_pairs": (permissions.can_assign, {"call_id": NOWHERE}),
    "assignment_plan.assign_evenly": (permissions.can_assign, {"call_id": NOWHERE}),
    "assignment_plan.plan_assignment": (permissions.can_assign, {"call_id": NOWHERE, "options": Options()}),
    "assignment_plan.execute_assignment": (permissions.can_assign, {"plan": ASSIGNMENT}),
    "panel_members.list_members": (permissions.can_assign, {"call_id": NOWHERE}),
    "panel_members.save_member": (
        permissions.can_assign,
        {
            "call_id": NOWHERE,
            "account_id": 404,
            "takes_part": True,
            "largest_load": None,
            "expertise": {},
            "languages": [],
        },
    ),
    "accounts.set_affiliation": (permissions.can_manage_accounts, {"username": "nobody", "employer": "x"}),
    "accounts.own_affiliation": (permissions.can_see_call, {}),
    "conflicts.lift_conflict": (
        permissions.can_record_conflict,
        {"call_id": NOWHERE, "case_number": CASE, "account_id": 404, "reason": ""},
    ),
    "conflicts.list_recorded": (permissions.can_record_conflict, {"call_id": NOWHERE}),
    "conflict_proposals.list_proposals": (permissions.can_record_conflict, {"call_id": NOWHERE}),
    "conflict_proposals.accept_proposal": (
        permissions.can_record_conflict,
        {"call_id": NOWHERE, "case_number": CASE, "account_id": 404},
    ),
    "conflict_proposals.dismiss_proposal": (
        permissions.can_record_conflict,
        {"call_id": NOWHERE, "case_number": CASE, "account_id": 404, "reason": ""},
    ),
    "declarations.list_to_declare": (permissions.can_declare_conflict, {"call_id": NOWHERE}),
    "offline.offer_form": (permissions.can_review, {"call_id": NOWHERE}),
    "offline.download_form": (permissions.can_review, {"call_id": NOWHERE, "lang": "fi"}),
    "offline.plan_form": (permissions.can_review, {"call_id": NOWHERE, "data": b"", "filename": "x.xlsx"}),
    "offline.execute_form": (permissions.can_review, {"plan": FORM}),
    "offline.acting_as": (permissions.can_manage_accounts, {"username": "nobody"}),
    "meeting.get_agenda": (permissions.can_see_meeting, {"call_id": NOWHERE}),
    "meeting.list_meetings": (permissions.can_see_meeting, {"call_id": NOWHERE}),
    "meeting.list_attendees": (permissions.can_lead_meeting, {"call_id": NOWHERE}),
    "meeting.start_meeting": (
        permissions.can_lead_meeting,
        {"call_id": NOWHERE, "title": "", "place": "", "present": []},
    ),
    "meeting.change_meeting": (
        permissions.can_lead_meeting,
        {"call_id": NOWHERE, "meeting_id": 404, "place": "", "present": [], "notes": "", "expected_version": 1},
    ),
    "meeting.end_meeting": (
        permissions.can_lead_meeting,
        {"call_id": NOWHERE, "meeting_id": 404, "expected_version": 1},
    ),
    "meeting_consensus.open_item": (permissions.can_see_meeting, {"call_id": NOWHERE, "case_number": CASE}),
    "meeting_consensus.preview_consensus": (
        permissions.can_see_meeting,
        {"call_id": NOWHERE, "case_number": CASE, "levels": None},
    ),
    "meeting_consensus.record_consensus": (
        permissions.can_lead_meeting,
        {
            "call_id": NOWHERE,
            "case_number": CASE,
            "levels": {},
            "reasons": {},
            "note": "",
            "expected_version": 0,
        },
    ),
    "meeting_consensus.remove_consensus": (
        permissions.can_lead_meeting,
        {"call_id": NOWHERE, "case_number": CASE, "expected_version": 1},
    ),
    "meeting_minutes.minutes": (
        permissions.can_see_meeting,
        {"call_id": NOWHERE, "meeting_id": 404, "lang": "fi"},
    ),
    "phases.get_stage": (permissions.can_see_call, {"call_id": NOWHERE}),
    "phases.change_phase": (
        permissions.can_change_phase,
        {"call_id": NOWHERE, "phase": "no such phase", "expected_version": 1},
    ),
    "phases.set_review_deadline": (
        permissions.can_set_deadline,
        {"call_id": NOWHERE, "deadline": None, "expected_version": 1},
    ),
    "follow_up.get_follow_up": (permissions.can_see_progress, {"call_id": NOWHERE}),
    "ranking.is_partial": (permissions.can_see_ranking, {"call_id": NOWHERE}),
    "panel_statistics.get_ranking_statistics": (permissions.can_see_ranking, {"call_id": NOWHERE}),
    "panel_reviewers.get_reviewer_statistics": (permissions.can_see_reviewer_statistics, {"call_id": NOWHERE}),
    "panel_reviewers.get_agreement": (permissions.can_see_ranking, {"call_id": NOWHERE}),
    "panel_sensitivity.get_sensitivity": (permissions.can_see_ranking, {"call_id": NOWHERE}),
    "reviewing.save_draft": (
        permissions.can_review,
        {"call_id": NOWHERE, "case_number": CASE, "draft": NOTHING, "expected_version": 0},
    ),
    "reviewing.submit_review": (
        permissions.can_review,
        {"call_id": NOWHERE, "case_number": CASE, "draft": NOTHING, "expected_version": 0},
    ),
    "conflicts.list_people": (permissions.can_record_conflict, {}),
    "conflicts.declare_conflict": (
        permissions.can_declare_conflict,
        {"call_id": NOWHERE, "case_number": CASE, "kind": "no such ground", "note": ""},
    ),
    "conflicts.record_conflict": (
        permissions.can_record_conflict,
        {"call_id": NOWHERE, "case_number": CASE, "account_id": 404, "kind": "no such ground", "note": ""},
    ),
    "chances.start_chances": (permissions.can_see_scenarios, {"call_id": NOWHERE, "scenario": SCENARIO}),
    "scenario_files.export_projects": (permissions.can_see_scenarios, {"call_id": NOWHERE}),
    "scenarios.run_scenario": (permissions.can_see_scenarios, {"call_id": NOWHERE}),
    "saved_scenarios.save_scenario": (
        permissions.can_run_scenarios,
        {"call_id": NOWHERE, "name": "", "scenario": SCENARIO},
    ),
    "saved_scenarios.change_scenario": (
        permissions.can_run_scenarios,
        {"call_id": NOWHERE, "scenario_id": 404, "scenario": SCENARIO},
    ),
    "saved_scenarios.copy_scenario": (
        permissions.can_run_scenarios,
        {"call_id": NOWHERE, "scenario_id": 404, "name": "Kopio"},
    ),
    "saved_scenarios.lock_scenario": (permissions.can_run_scenarios, {"call_id": NOWHERE, "scenario_id": 404}),
    "saved_scenarios.remove_scenario": (permissions.can_run_scenarios, {"call_id": NOWHERE, "scenario_id": 404}),
    "saved_scenarios.list_scenarios": (permissions.can_see_scenarios, {"call_id": NOWHERE}),
    "saved_scenarios.get_saved": (permissions.can_see_scenarios, {"call_id": NOWHERE, "scenario_id": 404}),
    "by_hand.set_award": (
        permissions.can_run_scenarios,
        {"call_id": NOWHERE, "scenario_id": 404, "case_number": CASE, "granted": -1, "reason": ""},
    ),
    "by_hand.drop_award": (
        permissions.can_run_scenarios,
        {"call_id": NOWHERE, "scenario_id": 404, "case_number": CASE},
    ),
    "by_hand.set_rest": (permissions.can_run_scenarios, {"call_id": NOWHERE, "scenario_id": 404, "rest": "no such"}),
    "by_hand.run_saved": (permissions.can_see_scenarios, {"call_id": NOWHERE, "scenario_id": 404}),
    "comparison.compare_scenarios": (permissions.can_see_scenarios, {"call_id": NOWHERE, "ids": [404]}),
    "explanations.explain_award": (
        permissions.can_see_scenarios,
        {"call_id": NOWHERE, "scenario": SCENARIO, "case_number": CASE},
    ),
    "explanations.scenario_effects": (permissions.can_see_scenarios, {"call_id": NOWHERE, "scenario": SCENARIO}),
    "explanations.scenario_collision": (permissions.can_see_scenarios, {"call_id": NOWHERE, "scenario": SCENARIO}),
    "decisions.list_decisions": (permissions.can_see_decision, {"call_id": NOWHERE}),
    "decisions.propose_decision": (permissions.can_propose_decision, {"call_id": NOWHERE, "scenario_id": 404}),
    "decisions.approve_decision": (
        permissions.can_approve_decision,
        {"call_id": NOWHERE, "decision_id": 404, "seen": ""},
    ),
    "decisions.return_decision": (
        permissions.can_approve_decision,
        {"call_id": NOWHERE, "decision_id": 404, "reason": ""},
    ),
    "decisions.cancel_decision": (permissions.can_propose_decision, {"call_id": NOWHERE, "decision_id": 404}),
    "decision_readiness.get_readiness": (permissions.can_see_decision, {"call_id": NOWHERE, "scenario_id": 404}),
    "decision_summary.get_draft": (permissions.can_see_decision, {"call_id": NOWHERE, "scenario_id": 404}),
    "decision_summary.get_summary": (permissions.can_see_decision, {"call_id": NOWHERE, "decision_id": 404}),
    "later_decisions.propose_change": (
        permissions.can_propose_decision,
        {"call_id": NOWHERE, "kind": "no such kind", "changes": []},
    ),
    "later_decisions.suggest_further_round": (permissions.can_see_decision, {"call_id": NOWHERE}),
    "later_lines.check_change": (
        permissions.can_propose_decision,
        {
            "call_id": NOWHERE,
            "kind": "no such kind",
            "lines": [],
            "added": LaterChange(CASE, "rejected", 0, ""),
        },
    ),
    "later_lines.lines_given_back": (permissions.can_propose_decision, {"call_id": NOWHERE, "decision_id": 404}),
    "further_causes.why_nothing_further": (permissions.can_see_decision, {"call_id": NOWHERE}),
    "costs.list_costs": (permissions.can_see_all_applications, {"call_id": NOWHERE}),
    "costs.examine_costs": (
        permissions.can_examine_costs,
        {
            "call_id": NOWHERE,
            "case_number": CASE,
            "accepted": {},
            "comments": {},
            "version": 1,
            "expected": None,
        },
    ),
    "ranking_lock.lock_ranking_rule": (permissions.can_lock_ranking_rule, {"call_id": NOWHERE}),
    "ranking_lock.get_ranking_lock": (permissions.can_see_call, {"call_id": NOWHERE}),
    "ranking_lock.too_late_to_lock": (permissions.can_lock_ranking_rule, {"call_id": NOWHERE}),
    "reasons_list.list_reasons": (permissions.can_see_decision, {"call_id": NOWHERE}),
    "reasons.list_phrases": (permissions.can_see_decision, {"call_id": NOWHERE}),
    "reasons.write_reasons": (
        permissions.can_write_reasons,
        {"call_id": NOWHERE, "case_number": CASE, "text": "", "expected_version": 0},
    ),
    "reasons.drop_reasons": (
        permissions.can_write_reasons,
        {"call_id": NOWHERE, "case_number": CASE, "expected_version": 1},
    ),
    "reasons.change_phrase": (
        permissions.can_write_reasons,
        {"call_id": NOWHERE, "key": "no such phrase", "fi": "", "sv": "", "expected_version": 0},
    ),
    "reasons.reset_phrase": (
        permissions.can_write_reasons,
        {"call_id": NOWHERE, "key": "no such phrase", "expected_version": 1},
    ),
    "letters.replace_template": (
        permissions.can_replace_letter_template,
        {"call_id": NOWHERE, "language": "fi", "filename": "x.docx", "data": b""},
    ),
    "letters.drop_template": (permissions.can_replace_letter_template, {"call_id": NOWHERE, "language": "fi"}),
    "letters.get_template": (permissions.can_see_decision, {"call_id": NOWHERE, "language": "fi"}),
    "letters.list_templates": (permissions.can_see_decision, {"call_id": NOWHERE}),
    "letters.default_template": (permissions.can_see_decision, {"call_id": NOWHERE, "language": "fi"}),
    "letters.preview_letter": (permissions.can_see_decision, {"call_id": NOWHERE, "case_number": CASE}),
    "trail.get_trail": (permissions.can_see_audit, {"call_id": NOWHERE}),
}
ANSWER_ANYONE_ALLOWED = {
    "accounts.list_accounts",
    "accounts.own_affiliation",
    "calls.list_calls",
    "conflicts.list_people",
    "trail.get_trail",
}
"""These give a list, which may be empty; all others refuse what they are asked here."""
LISTS_OF_A_CALL = {"assignment.list_reviewers", "saved_scenarios.list_scenarios"}


def use_cases() -> dict[str, Callable[..., Any]]:
    """Every public function of the workflow whose first parameter is the house or the engine."""
    found: dict[str, Callable[..., Any]] = {}
    for module_info in pkgutil.iter_modules(workflow.__path__):
        module = importlib.import_module(f"workflow.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if function.__module__ == module.__name__ and not name.startswith("_") and first in ("house", "engine"):
                found[f"{module_info.name}.{name}"] = function
    return found


USE_CASES = use_cases()
OF_SESSIONS = {"sign_in.session_of", "sign_in.actor_for_session"}
"""Who somebody is has to be asked before there is an actor."""


def test_the_table_names_every_use_case() -> None:
    assert TABLE.keys() | OF_THE_SYSTEM | OF_SESSIONS == USE_CASES.keys()


@pytest.mark.parametrize("name", sorted(TABLE))
def test_permission_is_asked_before_anything_is_looked_up(small: World, name: str) -> None:
    permission, arguments = TABLE[name]
    before = small.counts()
    first = small.house.engine if name.startswith("accounts.") else small.house
    allowed, refused = set(), set()
    for role in (*ROLES, "", "king"):
        actor = Actor(small["arvi"].id, "arvi", "Arvi", frozenset({role}))
        try:
            USE_CASES[name](first, actor, **arguments)
            allowed.add(role)
        except Forbidden:
            refused.add(role)
        except Refused:
            assert name not in ANSWER_ANYONE_ALLOWED
            allowed.add(role)
    everyone = {role for role in ROLES if permission(Actor(1, "", "", frozenset({role})))}
    assert everyone, "a permission that nobody has"
    assert (allowed, refused) == (everyone, {*ROLES, "", "king"} - everyone)
    assert small.counts() == before


@pytest.mark.parametrize("name", sorted(TABLE.keys() - ANSWER_ANYONE_ALLOWED - LISTS_OF_A_CALL))
def test_a_use_case_refuses_what_is_not_there(small: World, name: str) -> None:
    permission, arguments = TABLE[name]
    everybody = Actor(small["arvi"].id, "arvi", "Arvi", frozenset(ROLES))
    assert permission(everybody)
    first = small.house.engine if name.startswith("accounts.") else small.house
    with pytest.raises(Refused):
        USE_CASES[name](first, everybody, **arguments)
