"""Invariants of the panel: who may review what, conflicts of interest, declarations, abstentions."""

from collections import Counter
from collections.abc import Iterator

from locales import msg
from workflow.conflicts import CONFLICT_KINDS
from workflow.invariants_facts import Facts, Row
from workflow.invariants_types import Collection, Finding, found, instead, missing

OF_PANEL = Collection()
EXPERTISE = (1, 2)
HANDLED = ("applications", "application_versions", "eligibility", "assignments", "attachments")
"""Tables in which only somebody without a conflict of interest writes of an application."""


def application_in(entry: Row) -> int | None:
    """The application that a log entry names itself."""
    row = entry["new"] or entry["old"]
    value = row.get("id") if entry["entity"] == "applications" else row.get("application_id")
    return value if isinstance(value, int) else None


@OF_PANEL("assigned_once_per_person", msg("An application is assigned to a person once."))
def _assigned_once(facts: Facts) -> Iterator[Finding]:
    counts = Counter((row["application_id"], row["reviewer_id"]) for row in facts.rows("assignments"))
    yield from (Finding(facts.at_pair(*pair), instead(n, 1)) for pair, n in counts.items() if n > 1)


@OF_PANEL("assigned_when_eligible", msg("An application is assigned when it is confirmed eligible and not withdrawn."))
def _assigned_eligible(facts: Facts) -> Iterator[Finding]:
    decisions = facts.grouped("eligibility", "application_id")
    for row in facts.rows("assignments"):
        application = facts.applications.get(row["application_id"])
        if application is None:
            continue
        at = row["assigned_at"]
        earlier = [d["outcome"] for d in decisions.get(application["id"], ()) if d["decided_at"] <= at]
        withdrawn = application["withdrawn_at"]
        if earlier[-1:] != ["eligible"]:
            yield Finding(facts.at_pair(application["id"], row["reviewer_id"]), found(earlier[-1:] or None))
        elif withdrawn is not None and withdrawn < at:
            yield Finding(facts.at_pair(application["id"], row["reviewer_id"]), found(withdrawn))


@OF_PANEL("not_assigned_under_conflict", msg("Nobody is assigned an application while disqualified from it."))
def _assigned_conflicted(facts: Facts) -> Iterator[Finding]:
    for entry in facts.log.get("assignments", ()):
        new = entry["new"]
        if entry["old"] is None and facts.barred.at((new["application_id"], new["reviewer_id"]), entry["id"]):
            yield Finding(facts.at_pair(new["application_id"], new["reviewer_id"]), found(entry["at"]))


@OF_PANEL("abstention_has_a_reason", msg("An abstention has a time exactly when it has a reason."))
def _abstention(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("assignments"):
        if (row["abstained_at"] is not None) != bool(row["abstention_reason"].strip()):
            yield Finding(facts.at_review(row), found(row["abstained_at"] or row["abstention_reason"]))


@OF_PANEL("conflict_once_per_person", msg("A person has at most one conflict of interest recorded in an application."))
def _conflict_once(facts: Facts) -> Iterator[Finding]:
    counts = Counter((row["application_id"], row["account_id"]) for row in facts.rows("conflicts"))
    yield from (Finding(facts.at_pair(*pair), instead(n, 1)) for pair, n in counts.items() if n > 1)


@OF_PANEL("conflict_ground_known", msg("A conflict of interest has one of the known grounds."))
def _conflict_kind(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("conflicts"):
        if row["kind"] not in CONFLICT_KINDS:
            yield Finding(facts.at_pair(row["application_id"], row["account_id"]), found(row["kind"]))


@OF_PANEL("conflict_lifted_with_a_reason", msg("A conflict of interest is lifted exactly when a reason is recorded."))
def _lifted(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("conflicts"):
        if (row["lifted_at"] is not None) != bool(row["lift_reason"].strip()):
            where = facts.at_pair(row["application_id"], row["account_id"])
            yield Finding(where, found(row["lifted_at"] or row["lift_reason"]))


@OF_PANEL("nobody_lifts_their_own_conflict", msg("Nobody lifts their own conflict of interest."))
def _own_lift(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("conflicts"):
        if row["lifted_by"] is not None and row["lifted_by"] == row["account_id"]:
            yield Finding(facts.at_pair(row["application_id"], row["account_id"]), found(row["lifted_at"]))


@OF_PANEL("impartiality_once_per_person", msg("A person declares their impartiality in an application once."))
def _impartial_once(facts: Facts) -> Iterator[Finding]:
    counts = Counter((row["application_id"], row["account_id"]) for row in facts.rows("impartiality"))
    yield from (Finding(facts.at_pair(*pair), instead(n, 1)) for pair, n in counts.items() if n > 1)


@OF_PANEL(
    "impartiality_excludes_conflict",
    msg("Whoever is disqualified from an application is not declared impartial in it."),
)
def _impartial(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("impartiality"):
        pair = (row["application_id"], row["account_id"])
        if pair in facts.conflicts:
            yield Finding(facts.at_pair(*pair), found(row["declared_at"]))


@OF_PANEL("review_not_written_under_conflict", msg("Nobody saves, submits or returns a review while disqualified."))
def _reviewed_conflicted(facts: Facts) -> Iterator[Finding]:
    yield from _under_conflict(facts, ("reviews",))


@OF_PANEL("consensus_not_recorded_under_conflict", msg("Nobody records a consensus while disqualified."))
def _recorded_conflicted(facts: Facts) -> Iterator[Finding]:
    yield from _under_conflict(facts, ("consensus",))


@OF_PANEL("application_not_handled_under_conflict", msg("Nobody handles an application while disqualified from it."))
def _handled_conflicted(facts: Facts) -> Iterator[Finding]:
    yield from _under_conflict(facts, HANDLED)


def _under_conflict(facts: Facts, tables: tuple[str, ...]) -> Iterator[Finding]:
    for table in tables:
        for entry in facts.log.get(table, ()):
            application, actor = application_in(entry), entry["actor_id"]
            if application is not None and actor is not None and facts.barred.at((application, actor), entry["id"]):
                yield Finding(facts.at_pair(application, actor), found(f"{entry['action']}, {entry['at']}"))


@OF_PANEL("review_after_impartiality", msg("A review is written after its reviewer declared to be impartial."))
def _declared_first(facts: Facts) -> Iterator[Finding]:
    for entry in facts.log.get("reviews", ()):
        new = entry["new"]
        # Reviews from before declarations were asked for had no confidence either.
        if new is None or "confidence" not in new or entry["actor_id"] != new["reviewer_id"]:
            continue
        if not facts.impartial.at((new["application_id"], new["reviewer_id"]), entry["id"]):
            yield Finding(facts.at_review(new), missing(f"impartiality, {entry['at']}"))


@OF_PANEL(
    "panel_member_plausible", msg("A panel member has a load limit of 0 or more, and known themes and expertise.")
)
def _member(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("panel_members"):
        call = facts.calls.get(row["call_id"])
        wrong = [f"{theme} = {level}" for theme, level in row["expertise"].items() if level not in EXPERTISE]
        if call is not None:
            wrong += [theme for theme in row["expertise"] if call.theme(theme) is None]
        if row["largest_load"] is not None and row["largest_load"] < 0:
            wrong.append(str(row["largest_load"]))
        if wrong:
            where = msg("call {call}, {person}", call=row["call_id"], person=facts.person(row["account_id"]))
            yield Finding(where, found(", ".join(wrong)))
