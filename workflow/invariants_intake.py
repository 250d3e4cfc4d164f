"""Invariants of calls, applications, imports and eligibility."""

from collections import Counter
from collections.abc import Iterator

from access.permissions import PHASES
from locales import msg
from workflow.eligibility import OUTCOMES
from workflow.invariants_facts import Facts, at_call
from workflow.invariants_types import Collection, Finding, found, instead, missing

OF_INTAKE = Collection()


@OF_INTAKE("call_readable", msg("The definition of every call can be read and is that of the call."))
def _readable(facts: Facts) -> Iterator[Finding]:
    for call_id, why in facts.unreadable.items():
        yield Finding(at_call(call_id), found(why))


@OF_INTAKE("phase_known", msg("Every call is in one of the known phases."))
def _phase(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("calls"):
        if row["phase"] not in PHASES:
            yield Finding(at_call(row["id"]), found(row["phase"]))


@OF_INTAKE("case_number_once_per_call", msg("A case number stands for one application of a call."))
def _case_once(facts: Facts) -> Iterator[Finding]:
    counts = Counter((row["call_id"], row["case_number"]) for row in facts.rows("applications"))
    for (call_id, case), n in counts.items():
        if n > 1:
            yield Finding(msg("call {call}, application {case}", call=call_id, case=case), instead(n, 1))


@OF_INTAKE(
    "application_versions_without_gaps", msg("The versions of an application go up from 1 to the present one by one.")
)
def _versions(facts: Facts) -> Iterator[Finding]:
    kept = facts.grouped("application_versions", "application_id")
    for row in facts.rows("applications"):
        numbers = [version["version"] for version in kept.get(row["id"], ())]
        if numbers != list(range(1, row["version"] + 1)):
            yield Finding(facts.at_application(row["id"]), instead(numbers, f"1-{row['version']}"))


@OF_INTAKE("content_has_its_case_number", msg("Every version of an application has the application's case number."))
def _content(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("application_versions"):
        application = facts.applications.get(row["application_id"])
        if application is not None and row["content"].get("case_number") != application["case_number"]:
            stated = row["content"].get("case_number")
            yield Finding(facts.at_application(application["id"]), instead(stated, application["case_number"]))


@OF_INTAKE("withdrawal_has_a_reason", msg("A withdrawal has a time exactly when it has a reason."))
def _withdrawal(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("applications"):
        if (row["withdrawn_at"] is not None) != bool(row["withdrawal_reason"].strip()):
            yield Finding(facts.at_application(row["id"]), found(row["withdrawn_at"] or row["withdrawal_reason"]))


@OF_INTAKE(
    "eligibility_of_a_known_version", msg("Eligibility is confirmed on a version of the application that exists.")
)
def _eligibility(facts: Facts) -> Iterator[Finding]:
    known = {(row["application_id"], row["version"]) for row in facts.rows("application_versions")}
    for row in facts.rows("eligibility"):
        if (row["application_id"], row["application_version"]) not in known:
            yield Finding(facts.at_application(row["application_id"]), found(row["application_version"]))


@OF_INTAKE("eligibility_has_outcome_and_reason", msg("A confirmation of eligibility has a known outcome and a reason."))
def _outcome(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("eligibility"):
        if row["outcome"] not in OUTCOMES or not row["reason"].strip():
            yield Finding(facts.at_application(row["application_id"]), found(f"{row['outcome']}: {row['reason']}"))


@OF_INTAKE("supplement_request_complete", msg("A request for supplement, and nothing else, has a deadline and a text."))
def _request(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("eligibility"):
        told = {row["deadline"] is not None, bool(row["request_text"].strip())}
        if told != {row["outcome"] == "supplement_requested"}:
            yield Finding(facts.at_application(row["application_id"]), found(row["deadline"]))


@OF_INTAKE("import_counts_its_rows", msg("An import counts the applications that it added and changed."))
def _imports(facts: Facts) -> Iterator[Finding]:
    taken = facts.grouped("application_versions", "import_id")
    for row in facts.rows("imports"):
        versions = [version["version"] for version in taken.get(row["id"], ())]
        counted = (row["new"], row["changed"])
        actual = (versions.count(1), len(versions) - versions.count(1))
        if counted != actual or row["unchanged"] < 0 or row["faulty"] < 0:
            where = msg("call {call}, import {file}", call=row["call_id"], file=row["filename"])
            yield Finding(where, instead(counted, actual))


@OF_INTAKE("import_of_the_same_call", msg("An import brings applications to its own call only."))
def _import_call(facts: Facts) -> Iterator[Finding]:
    calls = {row["id"]: row["call_id"] for row in facts.rows("imports")}
    for row in facts.rows("application_versions"):
        application = facts.applications.get(row["application_id"])
        if row["import_id"] is None or application is None:
            continue
        if row["import_id"] not in calls:
            yield Finding(facts.at_application(application["id"]), missing("imports"))
        elif calls[row["import_id"]] != application["call_id"]:
            yield Finding(
                facts.at_application(application["id"]), instead(calls[row["import_id"]], application["call_id"])
            )
