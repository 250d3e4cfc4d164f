"""Invariants of awards set by hand and of locked scenarios."""

from collections.abc import Iterator
from itertools import groupby

from locales import Message, msg
from workflow.invariants_facts import Facts, Row, at_entry
from workflow.invariants_types import Collection, Finding, found, instead, missing

OF_SCENARIOS = Collection()
_PARTS = ("scenarios", "awards", "scenario_awards_by_hand")
_OF_LOCKING = {"locked_by", "locked_at", "version"}


def _at(facts: Facts, award: Row) -> Message:
    scenario = facts.scenarios.get(award["scenario_id"])
    name = f"({award['scenario_id']})" if scenario is None else str(scenario["name"])
    return msg("scenario {name}, application {case}", name=name, case=facts.case(award["application_id"]))


@OF_SCENARIOS("set_by_hand_with_a_reason", msg("Every award set by hand has a reason."))
def _reason(facts: Facts) -> Iterator[Finding]:
    for award in facts.rows("scenario_awards_by_hand"):
        if not award["reason"].strip():
            yield Finding(_at(facts, award), missing("reason"))


@OF_SCENARIOS("set_by_hand_is_what_is_awarded", msg("An award set by hand is what the scenario grants."))
def _awarded(facts: Facts) -> Iterator[Finding]:
    given = {(row["scenario_id"], row["application_id"]): row["granted"] for row in facts.rows("awards")}
    for award in facts.rows("scenario_awards_by_hand"):
        granted = given.get((award["scenario_id"], award["application_id"]))
        # Outside the ranking nothing is awarded; the award set by hand waits for the application to come back.
        if granted is not None and granted != award["granted"]:
            yield Finding(_at(facts, award), instead(granted, award["granted"]))


@OF_SCENARIOS(
    "set_by_hand_within_the_legal_ceiling",
    msg(
        "No award set by hand is larger than the amount applied for or the largest share of the eligible costs allows."
    ),
)
def _ceiling(facts: Facts) -> Iterator[Finding]:
    versions = facts.grouped("application_versions", "application_id")
    accepted = _most_accepted(facts)
    for award in facts.rows("scenario_awards_by_hand"):
        call = facts.call_of(award["application_id"])
        if call is None:
            continue
        share = call.money.largest_share_bp.value
        # Which version and which examination of the costs was seen is not stored, but none allowed more than the largest.
        most = accepted.get(award["application_id"], 0)
        ceilings = [_most(version["content"], share, most) for version in versions.get(award["application_id"], ())]
        if ceilings and not 0 <= award["granted"] <= max(ceilings):
            yield Finding(_at(facts, award), instead(award["granted"], f"<= {max(ceilings)}"))


def _most(content: Row, share: int, accepted: int) -> int:
    stated = sum(int(cost) for cost in (content.get("costs") or {}).values())
    return min(int(content.get("applied", 0)), max(stated, accepted) * share // 10_000)


def _most_accepted(facts: Facts) -> dict[int, int]:
    """The largest sum of costs that was ever accepted, by application: all entries of one unit are one examination."""
    present: dict[int, dict[str, int]] = {}
    most: dict[int, int] = {}
    for _, entries in groupby(facts.log.get("accepted_costs", ()), key=lambda entry: entry["unit"]):
        for entry in entries:
            row = entry["new"] or entry["old"]
            own = present.setdefault(row["application_id"], {})
            own[row["category"]] = 0 if entry["new"] is None else int(row["accepted"])
        most |= {key: max(most.get(key, 0), sum(own.values())) for key, own in present.items()}
    return most


@OF_SCENARIOS(
    "locked_scenario_stays", msg("A locked scenario is neither changed nor removed, and neither are its awards.")
)
def _locked(facts: Facts) -> Iterator[Finding]:
    locked: set[int] = set()
    for entry in facts.contents.log:
        if entry["entity"] not in _PARTS:
            continue
        row = entry["new"] or entry["old"] or {}
        scenario = row.get("id") if entry["entity"] == "scenarios" else row.get("scenario_id")
        if scenario in locked:
            yield Finding(at_entry(entry), found(entry["action"]))
        elif entry["entity"] == "scenarios" and entry["new"] is not None and entry["new"].get("locked_at"):
            locked.add(entry["new"]["id"])


@OF_SCENARIOS("locking_changes_nothing_else", msg("Locking a scenario changes nothing but that it is locked."))
def _locking(facts: Facts) -> Iterator[Finding]:
    for entry in facts.log.get("scenarios", ()):
        old, new = entry["old"], entry["new"]
        if old is None or new is None or not new.get("locked_at") or old.get("locked_at"):
            continue
        others = sorted(name for name in new if name not in _OF_LOCKING and new[name] != old.get(name))
        if others:
            yield Finding(at_entry(entry), found(", ".join(others)))


@OF_SCENARIOS("locked_scenario_is_optimal", msg("A locked scenario is optimal, its ties resolved."))
def _optimal(facts: Facts) -> Iterator[Finding]:
    for scenario in facts.rows("scenarios"):
        if scenario["locked_at"] is not None and scenario["outcome"]["status"] != "optimal":
            where = msg("call {call}, scenario {name}", call=scenario["call_id"], name=scenario["name"])
            yield Finding(where, found(scenario["outcome"]["status"]))
