"""Invariants of reviews: one per person, on the call's scales, complete when submitted, every version kept."""

from collections import Counter
from collections.abc import Iterator

from locales import msg
from workflow.invariants_facts import Facts, Row
from workflow.invariants_types import Collection, Finding, found, instead, missing
from workflow.review_check import CONFIDENCES

OF_REVIEWS = Collection()
STATES = ("draft", "submitted", "returned")


@OF_REVIEWS("review_once_per_person", msg("A person has at most one review of an application."))
def _once(facts: Facts) -> Iterator[Finding]:
    counts = Counter((row["application_id"], row["reviewer_id"]) for row in facts.rows("reviews"))
    yield from (Finding(facts.at_pair(*pair), instead(n, 1)) for pair, n in counts.items() if n > 1)


@OF_REVIEWS("review_of_an_assignment", msg("Only somebody to whom an application is assigned has a review of it."))
def _assigned(facts: Facts) -> Iterator[Finding]:
    assigned = {(row["application_id"], row["reviewer_id"]) for row in facts.rows("assignments")}
    for row in facts.rows("reviews"):
        if (row["application_id"], row["reviewer_id"]) not in assigned:
            yield Finding(facts.at_review(row), missing("assignments"))


@OF_REVIEWS("review_of_a_known_version", msg("A review is written on a version of the application that exists."))
def _version_exists(facts: Facts) -> Iterator[Finding]:
    known = {(row["application_id"], row["version"]) for row in facts.rows("application_versions")}
    for row in facts.rows("reviews"):
        if (row["application_id"], row["application_version"]) not in known:
            yield Finding(facts.at_review(row), found(row["application_version"]))


@OF_REVIEWS("review_state_known", msg("A review is a draft, submitted, or returned for completion."))
def _state(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        if row["state"] not in STATES:
            yield Finding(facts.at_review(row), found(row["state"]))


@OF_REVIEWS("review_confidence_known", msg("The own confidence of a review is not stated, or one of the known levels."))
def _confidence(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        if row["confidence"] is not None and row["confidence"] not in CONFIDENCES:
            yield Finding(facts.at_review(row), found(row["confidence"]))


def _scored(facts: Facts) -> Iterator[tuple[Row, Row, dict[str, list[int]]]]:
    """Each score with its review and the call's levels per criterion."""
    scales = {
        call_id: {criterion.id: [level.value for level in criterion.levels] for criterion in call.criteria}
        for call_id, call in facts.calls.items()
    }
    for review_id, scores in facts.scores.items():
        review = facts.reviews.get(review_id)
        application = None if review is None else facts.applications.get(review["application_id"])
        scale = None if application is None else scales.get(application["call_id"])
        if review is not None and scale is not None:
            yield from ((review, score, scale) for score in scores)


@OF_REVIEWS("level_on_its_scale", msg("Every level of a review is on the scale of its criterion."))
def _on_scale(facts: Facts) -> Iterator[Finding]:
    for review, score, scale in _scored(facts):
        key, level = score["criterion_id"], score["level"]
        if level is not None and level not in scale.get(key, [level]):
            yield Finding(facts.at_review(review), found(f"{key} = {level}"))


@OF_REVIEWS("score_of_a_criterion_of_the_call", msg("Every level and reason belongs to a criterion of the call."))
def _known_criterion(facts: Facts) -> Iterator[Finding]:
    for review, score, scale in _scored(facts):
        if score["criterion_id"] not in scale:
            yield Finding(facts.at_review(review), found(score["criterion_id"]))


@OF_REVIEWS("submitted_review_complete", msg("A submitted review has a level and a reason for every criterion."))
def _complete(facts: Facts) -> Iterator[Finding]:
    for review in facts.rows("reviews"):
        call = facts.call_of(review["application_id"])
        if review["state"] != "submitted" or call is None:
            continue
        scores = {score["criterion_id"]: score for score in facts.scores.get(review["id"], ())}
        given = {key for key, score in scores.items() if score["level"] is not None and score["reason"].strip()}
        if absent := [criterion.id for criterion in call.criteria if criterion.id not in given]:
            yield Finding(facts.at_review(review), missing(", ".join(absent)))


@OF_REVIEWS("submitted_time_when_submitted", msg("A review has a time of submission exactly when it is submitted."))
def _submitted_at(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        if (row["submitted_at"] is not None) != (row["state"] == "submitted"):
            yield Finding(facts.at_review(row), found(f"{row['state']}, {row['submitted_at']}"))


@OF_REVIEWS("review_times_go_forward", msg("Versions of a review are saved, and submitted, one after the other."))
def _times(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        versions = facts.versions.get(row["id"], [])
        times = [version["saved_at"] for version in versions]
        submitted = row["submitted_at"]
        if times != sorted(times):
            yield Finding(facts.at_review(row), found(", ".join(map(str, times))))
        elif submitted is not None and len(times) > 1 and submitted < times[-2]:
            yield Finding(facts.at_review(row), found(submitted))


@OF_REVIEWS("review_versions_without_gaps", msg("The kept versions of a review go up one by one to the present one."))
def _gaps(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        numbers = [version["version"] for version in facts.versions.get(row["id"], ())]
        entries = facts.log_of_row.get(("reviews", (("id", row["id"]),)), [])
        # Before versions were kept, reviews had no confidence either: such a review may have none, or begin late.
        began_old, is_old = (
            bool(entries) and "confidence" not in (entry["new"] or {})
            for entry in ((entries[0], entries[-1]) if entries else ({"new": None}, {"new": None}))
        )
        first = numbers[0] if numbers and began_old else 1
        if numbers != list(range(first, row["version"] + 1)) and not (is_old and not numbers):
            yield Finding(facts.at_review(row), instead(numbers, f"{first}-{row['version']}"))


@OF_REVIEWS("newest_version_is_the_review", msg("The newest kept version of a review says the same as the review."))
def _newest(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        kept = next((v for v in facts.versions.get(row["id"], ()) if v["version"] == row["version"]), None)
        if kept is None:
            continue
        names = ("state", "application_version", "remark", "confidence", "return_reason")
        present = {name: row[name] for name in names}
        present["scores"] = {s["criterion_id"]: [s["level"], s["reason"]] for s in facts.scores.get(row["id"], ())}
        if differing := [name for name, value in present.items() if kept["content"].get(name) != value]:
            yield Finding(facts.at_review(row), found(", ".join(differing)))


@OF_REVIEWS(
    "revealed_version_was_submitted", msg("Others' reviews opened to a reviewer with a version that was submitted.")
)
def _revealed(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        states = {version["version"]: version["content"].get("state") for version in facts.versions.get(row["id"], ())}
        number = row["revealed_version"]
        if number is None:
            if "submitted" in states.values():
                yield Finding(facts.at_review(row), missing("revealed_version"))
        elif states.get(number) != "submitted":
            yield Finding(facts.at_review(row), found(number))


@OF_REVIEWS("revealed_version_stays", msg("The version with which others' reviews opened never changes."))
def _revealed_stays(facts: Facts) -> Iterator[Finding]:
    for entry in facts.log.get("reviews", ()):
        old, new = entry["old"] or {}, entry["new"] or {}
        before, after = old.get("revealed_version"), new.get("revealed_version")
        if before is not None and before != after:
            yield Finding(facts.at_review({**old, **new}), instead(after, before))


@OF_REVIEWS("returned_review_says_why", msg("A review returned for completion says why, by whom and when."))
def _returned(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        told = (bool(row["return_reason"].strip()), row["returned_by"] is not None, row["returned_at"] is not None)
        if len(set(told)) > 1 or (row["state"] == "returned" and not all(told)):
            yield Finding(facts.at_review(row), found(row["return_reason"] or row["returned_at"]))


@OF_REVIEWS("nobody_returns_their_own_review", msg("Nobody returns their own review for completion."))
def _own_return(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("reviews"):
        if row["returned_by"] == row["reviewer_id"]:
            yield Finding(facts.at_review(row), found(facts.person(row["returned_by"])))
