"""Reasons that say how the application was assessed: score and rank, the level of each criterion, the threshold."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from decisions.reason_material import Case, Score, Sentence, Share, Value, apart
from scoring.types import Standing

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "population": {"fi": "osallistuvien kuntien asukasluku", "sv": "de deltagande kommunernas invånarantal"},
    "applied": {"fi": "haettu avustus", "sv": "sökt belopp"},
    "eligible_costs": {"fi": "hyväksyttävät kustannukset", "sv": "godtagbara kostnader"},
}
"""Numeric columns that a threshold may name beside the criteria."""


def assessment(case: Case) -> Iterator[Sentence]:
    """Score, rank and threshold of an application in the ranking."""
    if case.ranked is None or case.standing is None:
        return
    if case.score is None:
        yield case.say("score", "not_scored")
    else:
        yield _score(case, case.score)
        kind = "rank_shared" if case.ranked["tied"] else "rank"
        yield case.say("rank", kind, rank=case.ranked["rank"], count=case.material.scored)
    yield from _thresholds(case)


def criteria(case: Case) -> Iterator[Sentence]:
    """The level reached in each criterion, in words; nothing where no level was given at all."""
    if case.standing is not None and any(level is not None for level in levels_of(case.standing).values()):
        for criterion in case.material.criteria:
            yield _level(case, case.standing, criterion)


def levels_of(standing: Standing) -> dict[str, Fraction | None]:
    """The level per criterion as it counts: of the consensus where that ranks, else the mean of the reviews."""
    agreed = standing.score_source == "consensus"
    return {
        criterion: Fraction(standing.consensus_levels[criterion]) if agreed else mean
        for criterion, mean in standing.criterion_means.items()
    }


def least_unmet(case: Case) -> Iterator[tuple[str, Fraction, Fraction | None]]:
    """The columns whose least value is not reached: column, least value, value (None: not known)."""
    for column, least in case.material.thresholds.items():
        value = case.score if column == "score" else _column(case, column)
        if value is None or value < least:
            yield column, least, value


def _score(case: Case, score: Fraction) -> Sentence:
    lowest, highest = case.material.scale
    scale: dict[str, Value] = {"lowest": _exact(lowest), "highest": _exact(highest)}
    shown = Score(score, case.places)
    if case.standing is not None and case.standing.score_source == "consensus":
        return case.say("score", "score_consensus", score=shown, **scale)
    reviews = 0 if case.ranked is None else case.ranked["reviews"]
    if reviews == 1:
        # A count or a mean of one would tell that these are the levels of one reviewer.
        return case.say("score", "score_single", score=shown, **scale)
    return case.say("score", "score_mean", score=shown, reviews=reviews, **scale)


def _level(case: Case, standing: Standing, criterion: str) -> Sentence:
    stated = case.material.criteria[criterion]
    points = sum(one["weight"] for one in case.material.criteria.values())
    fact, level = f"score:{criterion}", levels_of(standing)[criterion]
    said: dict[str, Value] = {
        "criterion": case.named(stated["name"]),
        "weight": Share(Fraction(stated["weight"] * 10_000, points)),
    }
    if level is None:
        return case.say(fact, "level_missing", **said)
    labels = {rung["value"]: case.named(rung["label"]) for rung in stated["levels"]}
    if level in labels:
        label = labels[int(level)]
        if standing.score_source == "consensus" or (case.ranked is not None and case.ranked["reviews"] == 1):
            return case.say(fact, "level", label=label, level=int(level), **said)
        return case.say(fact, "level_reached", label=label, level=_exact(level), **said)
    below, above = (
        max((v for v in labels if v < level), default=None),
        min((v for v in labels if v > level), default=None),
    )
    if below is None or above is None:
        return case.say(fact, "level_missing", **said)
    places = apart(level, Fraction(below), Fraction(above))
    return case.say(fact, "level_between", level=Score(level, places), lower=labels[below], upper=labels[above], **said)


def _thresholds(case: Case) -> Iterator[Sentence]:
    score = case.score
    threshold = case.material.thresholds.get("score")
    unmet = list(least_unmet(case))
    if score is not None and threshold is not None:
        shown = Score(threshold, case.places)
        if score >= threshold:
            yield case.say("threshold", "threshold_met", threshold=shown)
        else:
            yield case.say("threshold", "threshold_not_met", threshold=shown, score=Score(score, case.places))
    for column, least, value in unmet:
        if column != "score" and score is not None:
            places = apart(value, least)
            yield case.say(
                f"threshold:{column}",
                "least_not_met",
                criterion=_column_name(case, column),
                least=_number(column, least, places),
                level="–" if value is None else _number(column, value, places),
            )


def _column(case: Case, column: str) -> Fraction | None:
    if case.standing is not None and column in case.standing.criterion_means:
        return levels_of(case.standing)[column]
    found: Any = None
    if column == "population" and case.ranked is not None:
        found = case.ranked["population"]
    elif column in ("applied", "eligible_costs"):
        found = case.row["applied" if column == "applied" else "accepted_costs"]
    return None if found is None else Fraction(found)


def _column_name(case: Case, column: str) -> str:
    stated = case.material.criteria.get(column)
    if stated is not None:
        return case.named(stated["name"])
    name = case.named(_COLUMNS.get(column, {case.lang: column}))
    return name[:1].upper() + name[1:]


def _number(column: str, value: Fraction, places: int) -> Value:
    return int(value) if column in _COLUMNS and value.denominator == 1 else Score(value, places)


def _exact(value: Fraction) -> Value:
    return int(value) if value.denominator == 1 else Score(value)
