"""Invariants of the audit log: every change is in it, unbroken, and each was written when it was allowed."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from access import permissions
from access.permissions import ALLOCATION, DECIDED, Permission
from locales import msg
from storage.inspection import AUDITED, as_logged, completed, key_of
from workflow.invariants_facts import Facts, Row, at_entry, at_row
from workflow.invariants_panel import application_in
from workflow.invariants_types import Collection, Finding, found, instead, missing

OF_LOG = Collection()
CLOCK_STEP = timedelta(minutes=1)
"""How far a computer's clock may be set back without anything being wrong."""

ALLOWED_BY: Mapping[str, Permission] = {
    "call.change": permissions.can_change_call,
    "call.phase": permissions.can_change_phase,
    "call.deadline": permissions.can_set_deadline,
    "application.import": permissions.can_import,
    "application.add": permissions.can_import,
    "application.change": permissions.can_import,
    "application.version": permissions.can_import,
    "application.withdraw": permissions.can_confirm_eligibility,
    "eligibility.confirm": permissions.can_confirm_eligibility,
    "attachment.add": permissions.can_attach,
    "attachment.remove": permissions.can_attach,
    "assignment.add": permissions.can_assign,
    "assignment.remove": permissions.can_assign,
    "assignment.lock": permissions.can_assign,
    "assignment.unlock": permissions.can_assign,
    "panel.member": permissions.can_assign,
    "assignment.abstain": permissions.can_review,
    "assignment.resume": permissions.can_review,
    "conflict.declare": permissions.can_declare_conflict,
    "conflict.lift": permissions.can_record_conflict,
    "impartiality.declare": permissions.can_declare_conflict,
    "impartiality.withdraw": permissions.can_declare_conflict,
    "review.save": permissions.can_review,
    "review.submit": permissions.can_review,
    "review.return": permissions.can_return_review,
    "consensus.record": permissions.can_lead_meeting,
    "consensus.change": permissions.can_lead_meeting,
    "consensus.remove": permissions.can_lead_meeting,
    "scenario.add": permissions.can_run_scenarios,
    "scenario.award": permissions.can_run_scenarios,
    "scenario.change": permissions.can_run_scenarios,
    "scenario.lock": permissions.can_run_scenarios,
    "scenario.set_award": permissions.can_run_scenarios,
    "scenario.drop_award": permissions.can_run_scenarios,
    "scenario.remove": permissions.can_run_scenarios,
    "costs.accept": permissions.can_examine_costs,
    "ranking.lock": permissions.can_lock_ranking_rule,
    "reasons.phrase": permissions.can_write_reasons,
    "reasons.write": permissions.can_write_reasons,
    "reasons.drop": permissions.can_write_reasons,
    "letter.template": permissions.can_replace_letter_template,
    "letter.template_drop": permissions.can_replace_letter_template,
    "decision.propose": permissions.can_propose_decision,
    "decision.approve": permissions.can_approve_decision,
    "decision.return": permissions.can_approve_decision,
    "decision.cancel": permissions.can_propose_decision,
}
"""The permission whose phases each action of the log needs."""
IN_ANY_PHASE = frozenset(
    [
        "account added",
        "account disabled",
        "account enabled",
        "affiliation changed",
        "call.add",
        "language changed",
        "role given",
        "role taken",
        "setting.set",
    ]
)
"""Actions that belong to no phase of a call."""


def _permission(action: str) -> Permission | None:
    if action.startswith("meeting."):
        return permissions.can_lead_meeting
    return ALLOWED_BY.get(action)


@OF_LOG("every_change_is_logged", msg("Every row is as the last entry of the audit log about it says."))
def _logged(facts: Facts) -> Iterator[Finding]:
    for table in AUDITED:
        for row in facts.rows(table):
            key = key_of(table, row)
            entries = facts.log_of_row.get((table, key))
            if entries is None:
                yield Finding(at_row(table, key), missing("audit_log"))
                continue
            last, present = entries[-1]["new"], as_logged(row)
            logged = {} if last is None else completed(table, last)
            if logged != present:
                names = [name for name in present if name not in logged or logged[name] != present[name]]
                yield Finding(at_row(table, key), found(", ".join(f"{name} = {present[name]}" for name in names)[:300]))


@OF_LOG("nothing_is_lost", msg("Every row that the audit log does not delete is there."))
def _lost(facts: Facts) -> Iterator[Finding]:
    present = {(table, key_of(table, row)) for table in AUDITED for row in facts.rows(table)}
    for (table, key), entries in facts.log_of_row.items():
        if entries[-1]["new"] is not None and (table, key) not in present:
            yield Finding(at_row(table, key), missing(table))


@OF_LOG("log_is_unbroken", msg("Every entry of the audit log begins where the one before it about the same row ended."))
def _unbroken(facts: Facts) -> Iterator[Finding]:
    for (table, key), entries in facts.log_of_row.items():
        before: Row | None = None
        for entry in entries:
            old = entry["old"]
            if table not in AUDITED or not _same(table, before, old) or (old is None and entry["new"] is None):
                yield Finding(at_entry(entry), found(f"{table}, {dict(key)}"))
            before = entry["new"]


def _same(table: str, before: Row | None, old: Row | None) -> bool:
    if before is None or old is None:
        return before is old
    return completed(table, before) == completed(table, old)


@OF_LOG("log_goes_forward", msg("Within a call, the entries of the audit log go forward in time."))
def _forward(facts: Facts) -> Iterator[Finding]:
    latest: dict[str, Any] = {}
    for entry in facts.contents.log:
        call = entry["call_id"]
        if call is None:
            continue
        if call in latest and entry["at"] < latest[call] - CLOCK_STEP:
            yield Finding(at_entry(entry), instead(entry["at"], f">= {latest[call]}"))
        latest[call] = max(entry["at"], latest.get(call, entry["at"]))


@OF_LOG("log_names_who_acted", msg("Every entry of the audit log names an account that exists, or the program itself."))
def _actor(facts: Facts) -> Iterator[Finding]:
    for entry in facts.contents.log:
        actor = entry["actor_id"]
        if (actor is not None and actor not in facts.accounts) or not entry["actor_name"].strip():
            yield Finding(at_entry(entry), found(f"{actor} {entry['actor_name']}"))


@OF_LOG(
    "decided_is_final",
    msg(
        "After a call was closed as decided, nothing of it is written but later decisions, templates of letters and conflicts of interest."
    ),
)
def _final(facts: Facts) -> Iterator[Finding]:
    for entry, phase in _with_phases(facts):
        permission = _permission(entry["action"])
        if phase == DECIDED and (permission is None or DECIDED not in permission.phases):
            yield Finding(at_entry(entry), found(entry["at"]))


@OF_LOG("written_in_an_open_phase", msg("What changed a call was done in a phase in which it is open."))
def _open(facts: Facts) -> Iterator[Finding]:
    for entry, phase in _with_phases(facts):
        permission = _permission(entry["action"])
        if permission is not None and phase != DECIDED and phase not in permission.phases:
            yield Finding(at_entry(entry), found(phase))


@OF_LOG("decided_after_allocation", msg("A call is closed as decided from the distribution of its appropriation."))
def _decided(facts: Facts) -> Iterator[Finding]:
    for entry in facts.log.get("calls", ()):
        old, new = entry["old"], entry["new"]
        if old is None or new is None:
            continue
        before, after = completed("calls", old)["phase"], completed("calls", new)["phase"]
        if after == DECIDED and before not in (DECIDED, ALLOCATION):
            yield Finding(at_entry(entry), found(before))


@OF_LOG("log_action_known", msg("Every action in the audit log is known, with the phases in which it is open."))
def _action(facts: Facts) -> Iterator[Finding]:
    for entry in facts.contents.log:
        if _permission(entry["action"]) is None and entry["action"] not in IN_ANY_PHASE:
            yield Finding(at_entry(entry), found(entry["action"]))


def _with_phases(facts: Facts) -> Iterator[tuple[Row, str]]:
    """Each entry about a call with the phase in which the call was before it; what turns the phase belongs to before."""
    phases: dict[str, str] = {}
    units: dict[str, str] = {}
    holders = {
        "review_id": {r["id"]: r["application_id"] for r in facts.rows("reviews")},
        "consensus_id": {r["id"]: r["application_id"] for r in facts.rows("consensus")},
    }
    scenarios = {row["id"]: row["call_id"] for row in facts.rows("scenarios")}
    for entry in facts.contents.log:
        call = entry["call_id"] or _call_in(facts, entry, holders, scenarios)
        if call is None:
            continue
        if call in phases and entry["unit"] != units[call]:
            yield entry, phases[call]
        if entry["entity"] == "calls" and entry["new"] is not None:
            # A call from before phases were recorded is in review, as the migration says.
            phases[call] = completed("calls", entry["new"])["phase"]
            units[call] = entry["unit"]


def _call_in(
    facts: Facts, entry: Row, holders: Mapping[str, Mapping[int, int]], scenarios: Mapping[int, str]
) -> str | None:
    """The call of an entry that does not name one itself."""
    row = entry["new"] or entry["old"] or {}
    if entry["entity"] == "calls":
        return row.get("id")
    application = application_in(entry)
    for column, owners in holders.items():
        if column in row:
            application = owners.get(row[column])
    if application in facts.applications:
        return str(facts.applications[application]["call_id"])
    if "scenario_id" in row:
        return scenarios.get(row["scenario_id"])
    return row.get("call_id")
