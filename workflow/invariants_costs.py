"""Invariants of accepted costs and of locked ranking rules."""

from collections.abc import Iterator

from decisions.values import digest
from locales import Message, msg
from workflow.invariants_facts import Facts, Row, at_call
from workflow.invariants_types import Collection, Finding, found, instead, missing
from workflow.ranking_lock import ranking_rules

OF_COSTS = Collection()


def _with_stated(facts: Facts) -> Iterator[tuple[Row, dict[str, int] | None]]:
    """Accepted costs with the costs of the version they were examined on; None if there is no such version."""
    versions = {(row["application_id"], row["version"]): row for row in facts.rows("application_versions")}
    for row in facts.rows("accepted_costs"):
        version = versions.get((row["application_id"], row["application_version"]))
        yield row, None if version is None else dict(version["content"].get("costs") or {})


def _at(facts: Facts, row: Row) -> Message:
    return msg(
        "application {case}, cost category {category}", case=facts.case(row["application_id"]), category=row["category"]
    )


@OF_COSTS("accepted_costs_of_a_category", msg("Costs are accepted in categories of the call or of the application."))
def _category(facts: Facts) -> Iterator[Finding]:
    for row, costs in _with_stated(facts):
        call = facts.call_of(row["application_id"])
        if costs is None:
            yield Finding(_at(facts, row), missing(f"version {row['application_version']}"))
        elif call is not None and row["category"] not in {*costs, *(item.id for item in call.cost_categories)}:
            yield Finding(_at(facts, row), found(row["category"]))


@OF_COSTS(
    "accepted_costs_with_a_comment",
    msg("Accepted costs are 0 or more, and those that differ from the stated ones have a comment."),
)
def _commented(facts: Facts) -> Iterator[Finding]:
    for row, costs in _with_stated(facts):
        if row["accepted"] < 0:
            yield Finding(_at(facts, row), found(row["accepted"]))
        elif costs is not None and row["accepted"] != costs.get(row["category"], 0) and not row["comment"].strip():
            yield Finding(_at(facts, row), missing("comment"))


@OF_COSTS("costs_examined_together", msg("The costs of an application are examined together, on one version."))
def _together(facts: Facts) -> Iterator[Finding]:
    for application_id, rows in facts.grouped("accepted_costs", "application_id").items():
        units = {(row["application_version"], row["set_by"], row["set_at"]) for row in rows}
        if len(units) > 1:
            yield Finding(facts.at_application(application_id), found(len(units)))


@OF_COSTS("locked_ranking_rule_holds", msg("A locked ranking rule is what its hash says and what the call still says."))
def _locked(facts: Facts) -> Iterator[Finding]:
    for lock in facts.rows("ranking_locks"):
        call = facts.calls.get(lock["call_id"])
        if digest(lock["rules"]) != lock["hash"]:
            yield Finding(at_call(lock["call_id"]), instead(digest(lock["rules"]), lock["hash"]))
        elif call is not None and digest(ranking_rules(call)) != lock["hash"]:
            yield Finding(at_call(lock["call_id"]), instead(digest(ranking_rules(call)), lock["hash"]))
