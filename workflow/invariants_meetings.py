"""Invariants of panel meetings, the consensus they record, and attachments."""

from collections import Counter
from collections.abc import Iterator

from locales import Message, msg
from workflow.invariants_facts import Facts, Row, at_call
from workflow.invariants_figures import weighted
from workflow.invariants_types import Collection, Finding, found, instead, missing

OF_MEETINGS = Collection()


def _at_meeting(meeting: Row) -> Message:
    return msg("call {call}, meeting {title}", call=meeting["call_id"], title=meeting["title"])


@OF_MEETINGS("one_open_meeting_per_call", msg("A call has at most one meeting that is going on."))
def _one_open(facts: Facts) -> Iterator[Finding]:
    counts = Counter(row["call_id"] for row in facts.rows("meetings") if row["ended_at"] is None)
    yield from (Finding(at_call(call), instead(n, 1)) for call, n in counts.items() if n > 1)


@OF_MEETINGS("meeting_ends_after_it_starts", msg("A meeting ends after it starts."))
def _ends(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("meetings"):
        if row["ended_at"] is not None and row["ended_at"] < row["started_at"]:
            yield Finding(_at_meeting(row), found(row["ended_at"]))


@OF_MEETINGS("meeting_people_known", msg("Those present at a meeting, and those who left the room, have an account."))
def _people(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("meetings"):
        if unknown := [person for person in row["present"] if person not in facts.accounts]:
            yield Finding(_at_meeting(row), found(unknown))
    for row in facts.rows("consensus"):
        if unknown := [person for person in row["left_room"] if person not in facts.accounts]:
            yield Finding(facts.at_application(row["application_id"]), found(unknown))


@OF_MEETINGS("consensus_once_per_application", msg("An application has at most one consensus."))
def _once(facts: Facts) -> Iterator[Finding]:
    counts = Counter(row["application_id"] for row in facts.rows("consensus"))
    yield from (Finding(facts.at_application(a), instead(n, 1)) for a, n in counts.items() if n > 1)


@OF_MEETINGS(
    "consensus_complete", msg("A consensus has a level on the scale and a reason for every criterion, and no other.")
)
def _complete(facts: Facts) -> Iterator[Finding]:
    scores = facts.grouped("consensus_scores", "consensus_id")
    for row in facts.rows("consensus"):
        call = facts.call_of(row["application_id"])
        if call is None:
            continue
        given = {score["criterion_id"]: score for score in scores.get(row["id"], ())}
        scales = {criterion.id: {level.value for level in criterion.levels} for criterion in call.criteria}
        wrong = sorted(given.keys() ^ scales.keys())
        wrong += [key for key in given.keys() & scales.keys() if given[key]["level"] not in scales[key]]
        wrong += [key for key, score in given.items() if not score["reason"].strip()]
        if wrong:
            yield Finding(facts.at_application(row["application_id"]), found(", ".join(wrong)))


@OF_MEETINGS("consensus_effect_recomputes", msg("The score kept with a consensus is the one that its levels give."))
def _effect(facts: Facts) -> Iterator[Finding]:
    scores = facts.grouped("consensus_scores", "consensus_id")
    for row in facts.rows("consensus"):
        call, kept = facts.call_of(row["application_id"]), row["effect"].get("score_after")
        if call is None or kept is None or call.scoring.ranking_score.value != "consensus_else_mean":
            continue
        levels = {score["criterion_id"]: score["level"] for score in scores.get(row["id"], ())}
        if kept != str(weighted(levels, call)):
            yield Finding(facts.at_application(row["application_id"]), instead(kept, weighted(levels, call)))


@OF_MEETINGS(
    "consensus_of_a_meeting_of_the_call", msg("A consensus is recorded in a meeting of the application's call.")
)
def _same_call(facts: Facts) -> Iterator[Finding]:
    calls = {row["id"]: row["call_id"] for row in facts.rows("meetings")}
    for row in facts.rows("consensus"):
        application = facts.applications.get(row["application_id"])
        if application is not None and calls.get(row["meeting_id"]) != application["call_id"]:
            found_call = calls.get(row["meeting_id"])
            yield Finding(facts.at_application(application["id"]), instead(found_call, application["call_id"]))


@OF_MEETINGS("consensus_recorded_during_its_meeting", msg("A consensus is recorded while its meeting is going on."))
def _during(facts: Facts) -> Iterator[Finding]:
    meetings = {row["id"]: row for row in facts.rows("meetings")}
    for row in facts.rows("consensus"):
        meeting = meetings.get(row["meeting_id"])
        if meeting is None:
            continue
        after = meeting["ended_at"] is not None and row["recorded_at"] > meeting["ended_at"]
        if after or row["recorded_at"] < meeting["started_at"]:
            yield Finding(facts.at_application(row["application_id"]), found(row["recorded_at"]))


@OF_MEETINGS(
    "disqualified_leave_the_room",
    msg("Whoever is present and disqualified leaves the room before a consensus is recorded."),
)
def _left(facts: Facts) -> Iterator[Finding]:
    for entry in facts.log.get("consensus", ()):
        new = entry["new"]
        if new is None:
            continue
        present = _present(facts, new["meeting_id"], entry["id"])
        stayed = facts.barred.everybody(new["application_id"], entry["id"]) & present - set(new["left_room"])
        for person in sorted(stayed):
            yield Finding(facts.at_pair(new["application_id"], person), found(entry["at"]))


def _present(facts: Facts, meeting_id: int, entry_id: int) -> set[int]:
    """Who was present at a meeting by the log when the entry was written."""
    entries = facts.log_of_row.get(("meetings", (("id", meeting_id),)), [])
    earlier = [entry["new"] for entry in entries if entry["id"] < entry_id and entry["new"] is not None]
    return set(earlier[-1]["present"]) if earlier else set()


@OF_MEETINGS("attachment_has_its_content", msg("The content of every attachment is stored, in the size stated."))
def _content(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("attachments"):
        where = msg("application {case}, {file}", case=facts.case(row["application_id"]), file=row["filename"])
        stored = facts.contents.files.get(row["sha256"])
        if stored is None:
            yield Finding(where, missing(row["sha256"]))
        elif stored[1] != row["size"]:
            yield Finding(where, instead(stored[1], row["size"]))


@OF_MEETINGS("file_has_its_digest", msg("Every stored file has the SHA-256 under which it is stored."))
def _digest(facts: Facts) -> Iterator[Finding]:
    for sha256, (computed, _) in facts.contents.files.items():
        if sha256 != computed:
            yield Finding(msg("file {sha256}", sha256=sha256), instead(computed, sha256))
