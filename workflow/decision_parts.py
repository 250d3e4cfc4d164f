"""The parts of a decision's material as JSON: what its tables rest on, for the ministry's own record.

Reasons meant for the applicant and panel-only remarks both stand here, apart from each other; the tables, which leave
the house, hold the former alone. Reviewers stand by their codes, whose names the snapshot holds beside them; other
people by name. A part with names has a secret number in it, so that its digest tells nothing to somebody who guesses.
"""

from datetime import datetime
from typing import Any

from allocation.scenario_record import to_record
from storage.applications import StoredEligibility
from workflow.applications import ApplicationView
from workflow.decision_facts import moment
from workflow.decision_read import Material
from workflow.decision_reviewers import Panel, number_of
from workflow.decision_solved import Solved


def parts_of(material: Material, solved: Solved, people: Panel, secret: str) -> dict[str, Any]:
    """Part -> JSON without floats, in an order that is always the same."""
    parts = {
        "call": material.call.model_dump(mode="json"),
        "applications": [_application(material, view) for view in material.views],
        "reviews": _reviews(material, people),
        "consensus": _consensus(material),
        "scenario": _scenario(material, solved),
        "conflicts": _conflicts(material),
        "reasons": _reasons(material),
        "ranking_lock": None
        if material.lock is None
        else {
            "hash": material.lock.hash,
            "by": material.lock.by,
            "at": _at(material.lock.at),
            "rules": dict(material.lock.rules),
        },
    }
    return {
        name: {"secret": number_of(secret, "part", material.call.id, name), "content": content}
        for name, content in parts.items()
    }


def _application(material: Material, view: ApplicationView) -> dict[str, Any]:
    examined = view.examined
    return {
        "case_number": view.case_number,
        "version": view.version,
        "withdrawn_at": _at(view.withdrawn_at),
        "withdrawal_reason": view.withdrawal_reason,
        "versions": [
            {
                "version": row["version"],
                "arrived_at": _at(row["arrived_at"]),
                "changed": row["changed"],
                "content": row["content"],
            }
            for row in material.versions.get(view.id, [])
        ],
        "eligibility": [_confirmation(material, one) for one in material.eligibility.get(view.id, [])],
        "costs": None
        if examined is None
        else {
            "accepted": dict(examined.accepted),
            "comments": dict(examined.comments),
            "by": material.name_of(examined.by),
            "at": _at(examined.at),
        },
    }


def _confirmation(material: Material, one: StoredEligibility) -> dict[str, Any]:
    return {
        "version": one.application_version,
        "outcome": one.outcome,
        "reason": one.reason,
        "members_confirmed": one.members_confirmed,
        "deadline": _at(one.deadline),
        "request_text": one.request_text,
        "by": material.name_of(one.decided_by),
        "at": _at(one.decided_at),
    }


def _reviews(material: Material, people: Panel) -> list[dict[str, Any]]:
    """Reviews that count; one of an application outside the ranking may be by somebody without a code."""
    cases = material.cases
    found = [
        {
            "case_number": cases[one.application_id],
            "reviewer": people.codes.get(one.reviewer_id) or material.name_of(one.reviewer_id),
            "application_version": one.application_version,
            "version": one.version,
            "submitted_at": _at(one.submitted_at),
            "levels": {key: score.level for key, score in one.scores.items()},
            "reasons": {key: score.reason for key, score in one.scores.items()},
            "confidence": one.confidence,
            "remark": one.remark,
        }
        for one in material.reviews
    ]
    return sorted(found, key=lambda one: (str(one["case_number"]), str(one["reviewer"])))


def _consensus(material: Material) -> list[dict[str, Any]]:
    cases = material.cases
    return [
        {
            "case_number": cases[one.application_id],
            "levels": {key: score.level for key, score in one.scores.items()},
            "reasons": {key: score.reason for key, score in one.scores.items()},
            "note": one.note,
            "left_room": sorted(material.name_of(person) for person in one.left_room),
            "by": material.name_of(one.recorded_by),
            "at": _at(one.recorded_at),
        }
        for one in sorted(material.consensus.values(), key=lambda one: cases[one.application_id])
    ]


def _scenario(material: Material, solved: Solved) -> dict[str, Any]:
    record = to_record(solved.by_rule.scenario)
    made = {"name": solved.name, "record": {key: str(v) if isinstance(v, float) else v for key, v in record.items()}}
    if material.opened is None:
        return made
    saved = material.opened.saved
    return made | {
        "rest": saved.rest,
        "by_hand": [
            {
                "case_number": one.case_number,
                "granted": one.granted,
                "reason": one.reason,
                "by": one.by,
                "at": _at(one.at),
            }
            for one in saved.by_hand
        ],
        "created_by": saved.created_by,
        "created_at": _at(saved.created_at),
        "changed_by": saved.changed_by,
        "changed_at": _at(saved.changed_at),
        "locked_by": saved.locked_by,
        "locked_at": _at(saved.locked_at),
    }


def _conflicts(material: Material) -> list[dict[str, Any]]:
    """Who took no part in what, and why; lifted conflicts too."""
    return [
        {
            "case_number": material.cases[one.application_id],
            "person": material.name_of(one.account_id),
            "ground": one.kind,
            "note": one.note,
            "declared_by": material.name_of(one.declared_by),
            "declared_at": _at(one.declared_at),
            "lifted_at": _at(one.lifted_at),
            "lifted_by": material.name_of(one.lifted_by),
            "lift_reason": one.lift_reason,
        }
        for one in material.conflicts
    ]


def _reasons(material: Material) -> dict[str, Any]:
    """Phrases that an official worded anew, and reasons written by hand beside the drafts they replace."""
    return {
        "phrases": {key: {"fi": one.fi, "sv": one.sv} for key, one in material.phrases.changed.items()},
        "by_hand": [
            {
                "case_number": case,
                "drafted": one.drafted,
                "text": one.text,
                "by": material.name_of(one.by),
                "at": _at(one.at),
            }
            for case, one in sorted(material.hand_written.items())
        ],
    }


def _at(value: datetime | None) -> str | None:
    return None if value is None else moment(value)
