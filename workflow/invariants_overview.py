"""Invariants of the overview and the headline: counts and sums are those of the raw rows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from locales import msg
from workflow.invariants_facts import Facts, Row, at_call
from workflow.invariants_figures import awaited, eligible_of, outcomes
from workflow.invariants_types import Collection, Finding, differing, found

OF_OVERVIEW = Collection()


def _of_call(facts: Facts, call_id: str) -> list[tuple[Row, Mapping[str, Any]]]:
    """The applications of a call with the content of their present version."""
    contents = {(v["application_id"], v["version"]): v["content"] for v in facts.rows("application_versions")}
    return [
        (row, contents.get((row["id"], row["version"]), {}))
        for row in facts.applications.values()
        if row["call_id"] == call_id
    ]


def _state(row: Row, decided: Mapping[int, Row]) -> str:
    if row["withdrawn_at"] is not None:
        return "withdrawn"
    if row["id"] not in decided:
        return "unconfirmed"
    decision = decided[row["id"]]
    return "changed" if decision["application_version"] < row["version"] else str(decision["outcome"])


@OF_OVERVIEW("overview_counts_recompute", msg("The overview's numbers of applications are those of the raw rows."))
def _counts(facts: Facts) -> Iterator[Finding]:
    decided = outcomes(facts)
    for call_id, figures in facts.shown.items():
        rows = _of_call(facts, call_id)
        states = Counter(_state(row, decided) for row, _ in rows)
        there = {"applications": figures.overview.applications, **figures.overview.states}
        for key, what in differing(there, {"applications": len(rows), **states}):
            yield Finding(msg("call {call}, {key}", call=call_id, key=key), what)


@OF_OVERVIEW("overview_sums_recompute", msg("The overview's sums in euros are those of the raw rows."))
def _sums(facts: Facts) -> Iterator[Finding]:
    for call_id, figures in facts.shown.items():
        rows = [(row, content) for row, content in _of_call(facts, call_id) if row["withdrawn_at"] is None]
        eligible = eligible_of(facts, call_id)
        themes: dict[str, tuple[int, int]] = {}
        for _, content in rows:
            count, euros = themes.get(str(content.get("theme")), (0, 0))
            themes[str(content.get("theme"))] = (count + 1, euros + int(content.get("applied", 0)))
        wanted = {
            "applied": sum(int(content.get("applied", 0)) for _, content in rows),
            "applied_eligible": sum(int(content.get("applied", 0)) for row, content in rows if row["id"] in eligible),
            **themes,
        }
        overview = figures.overview
        there = {"applied": overview.applied, "applied_eligible": overview.applied_eligible, **overview.themes}
        for key, what in differing(there, wanted):
            yield Finding(msg("call {call}, {key}", call=call_id, key=key), what)


def _number(row: Mapping[str, Any]) -> int:
    return int(row["id"])


@OF_OVERVIEW(
    "progress_recomputes", msg("The progress of the reviews, in all and per reviewer, is that of the raw rows.")
)
def _progress(facts: Facts) -> Iterator[Finding]:
    states = {(row["application_id"], row["reviewer_id"]): row["state"] for row in facts.rows("reviews")}
    for call_id, figures in facts.shown.items():
        last = {row["application_id"]: row["outcome"] for row in sorted(facts.rows("eligibility"), key=_number)}
        against = {key for key, outcome in last.items() if outcome in ("not_eligible", "dismissed")}
        standing = {row["id"] for row, _ in _of_call(facts, call_id) if row["withdrawn_at"] is None} - against
        pairs = [pair for pair in awaited(facts) if pair[0] in standing]
        done = Counter(states.get(pair) for pair in pairs)
        wanted: dict[str, object] = {"": (len(pairs), done["submitted"], done["draft"])}
        per_reviewer = Counter((pair[1], states.get(pair)) for pair in pairs)
        # By number, as two people may have one name.
        counts = Counter(
            (
                facts.person(reviewer),
                sum(n for (who, _), n in per_reviewer.items() if who == reviewer),
                per_reviewer[reviewer, "submitted"],
                per_reviewer[reviewer, "draft"],
            )
            for reviewer in {pair[1] for pair in pairs}
        )
        overview = figures.overview
        there: dict[str, object] = {
            "": (overview.reviews_assigned, overview.reviews_submitted, overview.reviews_draft),
            **{
                str(key): n
                for key, n in Counter((p.name, p.assigned, p.submitted, p.drafts) for p in overview.reviewers).items()
            },
        }
        wanted.update({str(key): n for key, n in counts.items()})
        for key, what in differing(there, wanted):
            yield Finding(msg("call {call}, {key}", call=call_id, key=key) if key else at_call(call_id), what)


@OF_OVERVIEW("headline_recomputes", msg("The money at the top of the pages is that of the raw rows."))
def _headline(facts: Facts) -> Iterator[Finding]:
    scenarios = facts.grouped("scenarios", "call_id")
    for call_id, figures in facts.shown.items():
        rows = _of_call(facts, call_id)
        saved = scenarios.get(call_id, [{"outcome": {"spent": None, "remaining": None}, "locked_at": None}])
        locked = sorted(
            (row for row in saved if row["locked_at"] is not None), key=lambda row: (row["locked_at"], row["id"])
        )
        newest = (locked or saved)[-1]["outcome"]
        if decided := [row for row in facts.grouped("decisions", "call_id").get(call_id, ()) if row["hash"]]:
            newest = _as_decided(facts, sorted(decided, key=lambda row: row["number"]), newest)
        wanted = (
            facts.calls[call_id].money.appropriation.value,
            sum(int(content.get("applied", 0)) for row, content in rows if row["withdrawn_at"] is None),
            newest["spent"],
            newest["remaining"],
        )
        headline = figures.headline
        there = (headline.appropriation, headline.applied, headline.proposed, headline.remaining)
        if there != wanted:
            yield Finding(at_call(call_id), found(f"{there} / {wanted}"))


def _as_decided(facts: Facts, decided: Sequence[Row], outcome: Row) -> Row:
    """What is granted and what remains of the scenario of the first decision, by the decision in force."""
    first = facts.scenarios.get(decided[0]["scenario_id"], {"outcome": outcome})["outcome"]
    granted = decided[-1]["granted"]
    return {"spent": granted, "remaining": first["spent"] + first["remaining"] - granted}
