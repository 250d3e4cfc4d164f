"""Invariants of decisions: two persons, one chain, and frozen files that are what was frozen."""

from collections.abc import Iterator, Mapping

from access.permissions import DECIDED
from decisions.facts import facts_of
from decisions.phrases import LONGEST_REASONS, PHRASES, faults_of
from decisions.snapshot import SnapshotError, faults, from_bytes
from decisions.spec import LATER
from decisions.values import CanonicalError
from locales import Message, msg
from storage.decision_files import FileChanged, read_file
from storage.decisions import APPROVED, PROPOSED, STATES
from storage.inspection import Contents
from storage.unit import UnitOfWork
from workflow.decision_records import FIRST
from workflow.decisions import granted_in
from workflow.invariants_facts import Facts, Frozen, Row, at_call, at_entry
from workflow.invariants_types import Collection, Finding, found, instead, missing

OF_DECISIONS = Collection()
LETTER_LANGUAGES = ("fi", "sv")


def read_frozen(uow: UnitOfWork, contents: Contents) -> dict[int, Frozen]:
    """What the frozen file of each decision says, by the decision's id."""
    return {row["id"]: _frozen(uow, row["snapshot"]) for row in contents.tables["decisions"]}


def _frozen(uow: UnitOfWork, sha256: str) -> Frozen:
    try:
        snapshot, stated = from_bytes(read_file(uow, sha256))
        return Frozen(stated, faults(snapshot, stated), facts_of(snapshot.tables["facts"]), granted_in(snapshot.tables))
    except FileChanged:
        return Frozen("", (sha256,), {}, 0)
    except (SnapshotError, CanonicalError) as error:
        return Frozen("", (str(error) or sha256,), {}, 0)


def _at(row: Row) -> Message:
    return msg("call {call}, decision {n}", call=row["call_id"], n=str(row["number"]))


def _approved(facts: Facts) -> Mapping[str, list[Row]]:
    """The approved decisions of each call by number."""
    calls: dict[str, list[Row]] = {}
    for row in sorted(facts.rows("decisions"), key=lambda row: (row["call_id"], row["number"])):
        if row["state"] == APPROVED:
            calls.setdefault(row["call_id"], []).append(row)
    return calls


@OF_DECISIONS("decision_by_two_persons", msg("Whoever approves a decision is not the one who proposed it."))
def _two(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("decisions"):
        people = row["proposed_by"], row["closed_by"]
        if row["proposed_by"] is None or (row["state"] == APPROVED and (None in people or people[0] == people[1])):
            yield Finding(_at(row), found(" = ".join(facts.person(one) for one in people)))


@OF_DECISIONS(
    "decision_state_known",
    msg("A decision is proposed, or closed with the moment of it; only an approved one has a published hash."),
)
def _state(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("decisions"):
        closed = row["state"] != PROPOSED
        sound = (row["closed_at"] is not None) == closed and bool(row["hash"]) == (row["state"] == APPROVED)
        if row["state"] not in STATES or not sound:
            yield Finding(_at(row), found(row["state"]))


@OF_DECISIONS("one_open_proposal", msg("A call has at most one proposed decision that waits for the decision maker."))
def _open(facts: Facts) -> Iterator[Finding]:
    for call_id, rows in facts.grouped("decisions", "call_id").items():
        waiting = [str(row["number"]) for row in rows if row["state"] == PROPOSED]
        if len(waiting) > 1:
            yield Finding(at_call(call_id), found(", ".join(waiting)))


@OF_DECISIONS(
    "decision_numbers_are_used_once",
    msg("The approved decisions of a call are numbered from 1; a proposal has the number that it would get."),
)
def _numbers(facts: Facts) -> Iterator[Finding]:
    for call_id, rows in facts.grouped("decisions", "call_id").items():
        ordered = sorted(rows, key=lambda row: row["id"])
        expected = [1 + sum(one["state"] == APPROVED for one in ordered[:place]) for place in range(len(ordered))]
        if (numbers := [row["number"] for row in ordered]) != expected:
            yield Finding(at_call(call_id), found(", ".join(map(str, numbers))))


@OF_DECISIONS(
    "decisions_follow_each_other",
    msg("The first approved decision of a call is a first one; each later one follows the one approved before it."),
)
def _chain(facts: Facts) -> Iterator[Finding]:
    for rows in _approved(facts).values():
        before = None
        for row in rows:
            kinds = (FIRST,) if before is None else LATER
            if row["previous_id"] != before or row["kind"] not in kinds:
                yield Finding(_at(row), found(f"{row['kind']}, {row['previous_id']}"))
            before = row["id"]


@OF_DECISIONS("approved_call_is_decided", msg("A call with an approved decision is closed as decided, and stays so."))
def _decided(facts: Facts) -> Iterator[Finding]:
    phases = {row["id"]: row["phase"] for row in facts.rows("calls")}
    for call_id in _approved(facts):
        if phases.get(call_id) != DECIDED:
            yield Finding(at_call(call_id), found(phases.get(call_id)))


@OF_DECISIONS("closed_decision_stays", msg("A decision that was approved, given back or taken back is never changed."))
def _stays(facts: Facts) -> Iterator[Finding]:
    for entry in facts.log.get("decisions", ()):
        if entry["old"] is not None and entry["old"]["state"] != PROPOSED:
            yield Finding(at_entry(entry), found(entry["action"]))


@OF_DECISIONS("frozen_file_has_its_digest", msg("Every frozen file has the SHA-256 under which it is stored."))
def _digest(facts: Facts) -> Iterator[Finding]:
    for sha256, (computed, _) in facts.contents.frozen.items():
        if sha256 != computed:
            yield Finding(msg("file {sha256}", sha256=sha256), instead(computed or "?", sha256))


@OF_DECISIONS("decision_has_its_frozen_file", msg("The frozen file of every decision is stored."))
def _stored(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("decisions"):
        if row["snapshot"] not in facts.contents.frozen:
            yield Finding(_at(row), missing(row["snapshot"]))


@OF_DECISIONS("frozen_decision_is_whole", msg("A frozen decision is what its hash was counted from."))
def _whole(facts: Facts) -> Iterator[Finding]:
    for row, frozen in _readable(facts):
        if frozen.faults:
            yield Finding(_at(row), found(", ".join(frozen.faults)[:300]))


@OF_DECISIONS(
    "decision_says_what_was_frozen",
    msg("A decision has the hash, the number, the kind and the euros of its frozen file."),
)
def _says(facts: Facts) -> Iterator[Finding]:
    published = {row["id"]: row["hash"] for row in facts.rows("decisions")}
    for row, frozen in _readable(facts):
        said = {
            "hash": row["hash"] or row["proposal_hash"],
            "granted": row["granted"],
            "number": row["number"],
            "kind": row["kind"],
            "previous": published.get(row["previous_id"], ""),
            "stage": "decision" if row["state"] == APPROVED else "proposal",
            "proposal": row["proposal_hash"] if row["state"] == APPROVED else "",
        }
        written = {key: frozen.facts.get(f"decision.{key}") for key in ("number", "kind", "previous", "stage")} | {
            "hash": frozen.hash,
            "granted": frozen.granted,
            "proposal": frozen.facts.get("decision.proposal_hash"),
        }
        others = sorted(key for key in said if said[key] != written[key])
        if others and not frozen.faults:
            yield Finding(_at(row), found(", ".join(f"{key} {written[key]}" for key in others)))


def _readable(facts: Facts) -> Iterator[tuple[Row, Frozen]]:
    """Decisions with what their frozen file says, where its bytes are the ones that were frozen."""
    sound = {sha256 for sha256, (computed, _) in facts.contents.frozen.items() if sha256 == computed}
    for row in facts.rows("decisions"):
        if row["snapshot"] in sound and row["id"] in facts.frozen:
            yield row, facts.frozen[row["id"]]


@OF_DECISIONS(
    "letter_template_has_its_file",
    msg("Templates of letters are in a language of service, and their files are stored."),
)
def _templates(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("letter_templates"):
        if row["sha256"] not in facts.contents.frozen:
            yield Finding(at_call(row["call_id"]), missing(row["sha256"]))
        if row["language"] not in LETTER_LANGUAGES:
            yield Finding(at_call(row["call_id"]), found(row["language"]))


@OF_DECISIONS("phrase_can_be_filled_in", msg("Every phrase of the reasons is known, and its places can be filled in."))
def _phrases(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("decision_phrases"):
        key = row["key"]
        if key not in PHRASES or faults_of(key, "fi", row["fi"]) or faults_of(key, "sv", row["sv"]):
            yield Finding(at_call(row["call_id"]), found(key))


@OF_DECISIONS(
    "reasons_by_hand_say_something", msg("Reasons written by hand say something, within their longest length.")
)
def _reasons(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("decision_reasons"):
        if not row["text"].strip() or len(row["text"]) > LONGEST_REASONS:
            yield Finding(facts.at_application(row["application_id"]), found(len(row["text"])))
