"""Everything that a person can ask of the workflow about applications, with arguments at random, for the twins."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from allocation.chances import ChanceRun
from decisions.phrases import PHRASES
from tests.support.twin_chooser import Arguments, Chooser, filled_form, version_of
from tests.support.twin_people import FILES, UNCONFIRMED, application_id, file_of, pdf
from tests.support.twins import Later, Step
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, NEXT_DAY, World
from workflow.assignment_plan import plan_assignment
from workflow.conflicts import CONFLICT_KINDS
from workflow.intake import plan_import
from workflow.later_decisions import LaterChange
from workflow.offline import plan_form
from workflow.phases import get_stage

UseCases = Mapping[str, Callable[..., Any]]


def _saved(c: Chooser) -> Arguments:
    return {"scenario_id": c.rng.choice((1, 2, 3))}


def _confirmation(c: Chooser) -> Arguments:
    case = c.case
    return {
        "case_number": case,
        "version": version_of(c, case),
        "outcome": c.rng.choice(("eligible", "eligible", "not_eligible", "supplement_requested")),
        "reason": c.text,
        "members_confirmed": c.yes(),
        "deadline": NEXT_DAY + timedelta(days=9),
        "request_text": "Täydentäkää.",
    }


def _import(c: Chooser) -> Arguments:
    case = c.rng.choice(c.secret) if c.yes(0.6) else c.rng.choice(CASES)
    changes = {} if c.yes(0.7) else {"project_name": "Arvattu"}
    return {"data": file_of(case, changes), "filename": "tiedosto.xlsx"}


def _import_plan(c: Chooser) -> Arguments:
    given = _import(c)
    return {
        "plan": Later(lambda world: plan_import(world.house, c.viewer.actor(world), CALL_ID, **given)),
        "accept_changes": c.yes(),
    }


def _assignment_plan(c: Chooser) -> Arguments:
    options = c.options()
    return {"plan": Later(lambda world: plan_assignment(world.house, c.viewer.actor(world), CALL_ID, options))}


def _form_plan(c: Chooser) -> Arguments:
    form = filled_form(c.viewer, c.rng.randrange(9))

    def look(world: World) -> Any:
        return plan_form(world.house, c.viewer.actor(world), CALL_ID, form(world), "lomake.xlsx")

    return {"plan": Later(look)}


def _consensus(c: Chooser) -> Arguments:
    case = c.case
    return {
        "case_number": case,
        "levels": c.levels(),
        "reasons": dict.fromkeys(CRITERIA, c.text),
        "note": c.text,
        "expected_version": c.agreed_version(case),
    }


def _no_consensus(c: Chooser) -> Arguments:
    case = c.case
    return {"case_number": case, "expected_version": c.agreed_version(case)}


def _attachment(c: Chooser) -> Arguments:
    name = c.rng.choice(("liite.pdf", *FILES))
    return {"case_number": c.case, "filename": name, "data": pdf(c.rng.choice((*CASES, *FILES)))}


def _of_case(case: str) -> Later:
    return Later(lambda world: application_id(world, case))


def _stage_version(c: Chooser) -> Later:
    return Later(lambda world: get_stage(world.house, c.viewer.actor(world), CALL_ID).version)


def _meeting_change(c: Chooser) -> Arguments:
    return {
        "meeting_id": c.meeting(),
        "place": c.text,
        "present": sorted({c.person, c.ids[c.viewer.username]}),
        "notes": c.text,
        "expected_version": c.meeting_version(),
    }


def _conflict(c: Chooser) -> Arguments:
    return {"case_number": c.case, "kind": c.rng.choice((*CONFLICT_KINDS, "")), "note": c.text}


def _member(c: Chooser) -> Arguments:
    return {
        "account_id": c.rng.choice(c.reviewers),
        "takes_part": c.yes(0.9),
        "largest_load": c.rng.choice((None, 5, 9)),
        "expertise": {c.rng.choice(CALL.themes).id: 2},
        "languages": ["fi", "sv"],
    }


def _nothing(_: Chooser) -> Arguments:
    return {}


def _reviewer(c: Chooser) -> Arguments:
    return {"case_number": c.case, "reviewer_id": c.person}


def _person(c: Chooser) -> Arguments:
    return {"case_number": c.case, "account_id": c.person}


def _accepted(c: Chooser) -> Arguments:
    case = c.case
    accepted = {category.id: c.rng.choice((0, 20_000, 80_000)) for category in CALL.cost_categories}
    comments = dict.fromkeys(accepted, c.text)
    return {
        "case_number": case,
        "accepted": accepted,
        "comments": comments,
        "version": version_of(c, case),
        "expected": None,
    }


def _decision(c: Chooser) -> Arguments:
    return {"decision_id": c.rng.choice((1, 2))}


def _language(c: Chooser) -> Arguments:
    return {"language": c.rng.choice(("fi", "sv", "en"))}


def _export(c: Chooser) -> Arguments:
    return {"lang": c.rng.choice(("fi", "sv", "en"))}


def _page(c: Chooser) -> Arguments:
    return {"limit": c.rng.choice((5, 30, 200)), "skip": c.rng.choice((0, 0, 3, 20))}


Maker = Callable[[Chooser], Arguments]
ACTIONS: Mapping[str, tuple[float, Maker]] = {
    "abstaining.abstain": (1, lambda c: {**c.application(), "reason": c.text}),
    "abstaining.declare_impartial": (1, lambda c: {"case_numbers": [c.case for _ in range(c.rng.choice((1, 2)))]}),
    "abstaining.resume": (1, Chooser.application),
    "applications.get_application": (3, Chooser.application),
    "applications.list_applications": (2, _nothing),
    "assignment.assign_reviewers": (2, lambda c: {"application_id": _of_case(c.case), "reviewers": c.reviewers}),
    "assignment.list_pairs": (2, _nothing),
    "assignment.list_reviewers": (2, _nothing),
    "assignment.lock_assignment": (
        1,
        lambda c: {"application_id": _of_case(c.case), "reviewer_id": c.person, "locked": c.yes()},
    ),
    "assignment_plan.assign_evenly": (0.3, _nothing),
    "assignment_plan.execute_assignment": (0.3, _assignment_plan),
    "assignment_plan.plan_assignment": (0.6, lambda c: {"options": c.options()}),
    "attachments.add_attachment": (1, _attachment),
    "attachments.list_attachments": (2, Chooser.application),
    "attachments.open_attachment": (4, lambda c: {"sha256": c.attachment()}),
    "attachments.remove_attachment": (0.5, lambda c: {**c.application(), "sha256": c.attachment()}),
    "conflict_proposals.accept_proposal": (0.5, _person),
    "conflict_proposals.dismiss_proposal": (1, lambda c: {**_person(c), "reason": c.text}),
    "conflict_proposals.list_proposals": (1, _nothing),
    "conflicts.declare_conflict": (1, _conflict),
    "conflicts.lift_conflict": (1, lambda c: {**_person(c), "reason": c.text}),
    "conflicts.list_people": (0.5, _nothing),
    "conflicts.list_recorded": (1, _nothing),
    "conflicts.record_conflict": (1, lambda c: {**_conflict(c), "account_id": c.person}),
    "costs.examine_costs": (0.5, _accepted),
    "costs.list_costs": (1, lambda c: {"scenario_id": c.rng.choice((None, None, 1, 404))}),
    "decision_export.export_csv": (0.2, _export),
    "decision_export.export_file": (
        0.3,
        lambda c: {"form": c.rng.choice(("xlsx", "json", "csv", "letters")), **_export(c)},
    ),
    "decision_export.export_json": (0.2, _nothing),
    "decision_export.export_letters": (0.2, _nothing),
    "decision_export.export_snapshot": (0.2, _nothing),
    "decision_export.export_workbook": (0.3, _export),
    "decision_readiness.get_readiness": (1, lambda c: {"scenario_id": c.rng.choice((None, 1, 404))}),
    "decision_summary.get_draft": (0.5, _saved),
    "decision_summary.get_summary": (0.2, _decision),
    "decisions.approve_decision": (0.2, lambda c: {**_decision(c), "seen": "0" * 64}),
    "decisions.cancel_decision": (0.2, _decision),
    "decisions.list_decisions": (1, _nothing),
    "decisions.propose_decision": (0.5, lambda c: {**_saved(c), "grounds": c.text}),
    "decisions.return_decision": (0.2, lambda c: {**_decision(c), "reason": c.text}),
    "declarations.list_to_declare": (2, _nothing),
    "eligibility.confirm_clear_cases": (
        0.5,
        lambda c: {"case_numbers": [UNCONFIRMED, c.case][: c.rng.choice((1, 2))], "reason": c.text},
    ),
    "eligibility.confirm_eligibility": (1, _confirmation),
    "eligibility.withdraw_application": (0.5, lambda c: {**c.application(), "reason": c.text}),
    "follow_up.get_follow_up": (2, _nothing),
    "intake.execute_import": (0.5, _import_plan),
    "intake.plan_import": (1.5, _import),
    "later_decisions.propose_change": (
        0.2,
        lambda c: {"kind": "withdrawal", "changes": [LaterChange(c.case, "withdrawn", 0, c.text)]},
    ),
    "further_causes.why_nothing_further": (0.2, _nothing),
    "later_decisions.suggest_further_round": (0.2, _nothing),
    "later_lines.check_change": (
        0.2,
        lambda c: {"kind": "correction", "lines": [], "added": LaterChange(c.case, "rejected", 0, c.text)},
    ),
    "later_lines.lines_given_back": (0.2, lambda c: {"decision_id": 1}),
    "letters.default_template": (0.1, _language),
    "letters.drop_template": (0.1, _language),
    "letters.get_template": (0.2, _language),
    "letters.list_templates": (0.3, _nothing),
    "letters.preview_letter": (0.5, lambda c: {"case_number": c.case}),
    "letters.replace_template": (0.1, lambda c: {**_language(c), "filename": "kirje.docx", "data": b"PK"}),
    "meeting.change_meeting": (0.5, _meeting_change),
    "meeting.end_meeting": (0.3, lambda c: {"meeting_id": c.meeting(), "expected_version": c.meeting_version()}),
    "meeting.get_agenda": (3, _nothing),
    "meeting.list_attendees": (0.5, _nothing),
    "meeting.list_meetings": (1, _nothing),
    "meeting.start_meeting": (0.5, lambda c: {"title": "Kokous", "place": c.text, "present": [c.person]}),
    "meeting_consensus.open_item": (2, Chooser.application),
    "meeting_consensus.preview_consensus": (
        2,
        lambda c: {**c.application(), "levels": c.levels() if c.yes(0.8) else None},
    ),
    "meeting_consensus.record_consensus": (2, _consensus),
    "meeting_consensus.remove_consensus": (1, _no_consensus),
    "meeting_minutes.minutes": (1, lambda c: {"meeting_id": c.meeting(), **_export(c)}),
    "offline.download_form": (0.15, _export),
    "offline.execute_form": (0.1, _form_plan),
    "offline.offer_form": (1, _nothing),
    "offline.plan_form": (0.1, lambda c: {"data": Later(filled_form(c.viewer, 4)), "filename": "lomake.xlsx"}),
    "overview.get_headline": (3, _nothing),
    "overview.get_overview": (3, _nothing),
    "panel_members.list_members": (0.5, _nothing),
    "panel_members.save_member": (0.5, _member),
    "panel_reviewers.get_agreement": (1, _nothing),
    "panel_reviewers.get_reviewer_statistics": (2, _nothing),
    "panel_sensitivity.get_sensitivity": (1, _nothing),
    "panel_statistics.get_ranking_statistics": (2, _nothing),
    "phases.change_phase": (
        0.2,
        lambda c: {"phase": c.rng.choice(("review", "meeting", "allocation")), "expected_version": _stage_version(c)},
    ),
    "phases.get_stage": (0.5, _nothing),
    "phases.set_review_deadline": (
        0.5,
        lambda c: {"deadline": NEXT_DAY + timedelta(days=3), "expected_version": _stage_version(c)},
    ),
    "ranking.get_ranking": (3, _nothing),
    "ranking.is_partial": (1, _nothing),
    "ranking_lock.get_ranking_lock": (0.2, _nothing),
    "ranking_lock.lock_ranking_rule": (0.1, _nothing),
    "ranking_lock.too_late_to_lock": (0.1, _nothing),
    "reasons.change_phrase": (
        0.2,
        lambda c: {"key": c.rng.choice(list(PHRASES)), "fi": c.text, "sv": c.text, "expected_version": 0},
    ),
    "reasons.drop_reasons": (0.3, lambda c: {"case_number": c.case, "expected_version": 1}),
    "reasons.list_phrases": (0.3, _nothing),
    "reasons.reset_phrase": (0.2, lambda c: {"key": c.rng.choice(list(PHRASES)), "expected_version": 1}),
    "reasons.write_reasons": (
        0.5,
        lambda c: {"case_number": c.case, "text": c.text, "expected_version": c.rng.choice((0, 1))},
    ),
    "reasons_list.list_reasons": (0.5, lambda c: {"scenario_id": c.rng.choice((None, 1, 404))}),
    "review_queue.my_queue": (3, _nothing),
    "review_queue.next_open": (1, lambda c: {"after": c.case}),
    "review_reading.read_reviews": (3, Chooser.application),
    "review_reading.return_review": (1, lambda c: {**_reviewer(c), "reason": c.text}),
    "review_reading.review_history": (3, _reviewer),
    "reviewing.open_review": (3, Chooser.application),
    "reviewing.save_draft": (3, lambda c: c.own_draft(submitting=False)),
    "reviewing.submit_review": (2, lambda c: c.own_draft(submitting=True)),
    "by_hand.drop_award": (0.3, lambda c: {**_saved(c), "case_number": c.case}),
    "by_hand.run_saved": (1, lambda c: _saved(c)),
    "by_hand.set_award": (
        0.5,
        lambda c: {**_saved(c), "case_number": c.case, "granted": c.rng.choice((0, 30_000)), "reason": c.text},
    ),
    "by_hand.set_rest": (0.3, lambda c: {**_saved(c), "rest": c.rng.choice(("kept", "reoptimised"))}),
    "chances.start_chances": (0.2, lambda c: {"scenario": c.scenario()}),
    "comparison.compare_scenarios": (0.5, lambda c: {"ids": [1, 2][: c.rng.choice((0, 1, 2))]}),
    "explanations.explain_award": (0.3, lambda c: {"scenario": c.scenario(), "case_number": c.case}),
    "explanations.scenario_collision": (0.2, lambda c: {"scenario": c.scenario()}),
    "explanations.scenario_effects": (0.2, lambda c: {"scenario": c.scenario()}),
    "saved_scenarios.change_scenario": (0.5, lambda c: {**_saved(c), "scenario": c.scenario()}),
    "saved_scenarios.copy_scenario": (0.3, lambda c: {**_saved(c), "name": c.rng.choice(("Kopio", "Perus"))}),
    "saved_scenarios.get_saved": (0.5, lambda c: _saved(c)),
    "saved_scenarios.list_scenarios": (2, _nothing),
    "saved_scenarios.lock_scenario": (0.2, lambda c: _saved(c)),
    "saved_scenarios.remove_scenario": (0.5, lambda c: _saved(c)),
    "saved_scenarios.save_scenario": (0.5, lambda c: {"name": "Oma", "scenario": c.scenario()}),
    "scenario_files.export_projects": (0.5, _nothing),
    "scenarios.run_scenario": (1, lambda c: {"scenario": c.scenario()}),
    "trail.get_trail": (4, _page),
}
"""Per use case how often it is taken, and its arguments beside the house, the actor and the call."""
OF_NO_CALL = {"conflicts.list_people", "intake.execute_import", "offline.execute_form"}
OF_NO_CALL |= {"assignment_plan.execute_assignment"}


def an_action(c: Chooser, use_cases: UseCases) -> Step:
    """One action of the viewer."""
    name = c.rng.choices(list(c.likely), list(c.likely.values()))[0]
    given = ACTIONS[name][1](c)
    if name not in OF_NO_CALL:
        given = {"call_id": CALL_ID, **given}
    if name == "trail.get_trail" and c.yes(0.2):
        given["call_id"] = None

    def act(world: World) -> Any:
        found = {key: value.look(world) if isinstance(value, Later) else value for key, value in given.items()}
        answer = use_cases[name](world.house, c.viewer.actor(world), **found)
        if isinstance(answer, ChanceRun):
            # Draws go on in processes of their own: that they began is the answer.
            answer.cancel()
            return "begun"
        return answer

    shown = ", ".join(f"{key}={value}" for key, value in given.items() if not isinstance(value, Later | bytes))
    return Step(f"{name}({shown[:160]})", act, told=True)
