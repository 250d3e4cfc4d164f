from collections.abc import Mapping
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.facts import fact_rows
from decisions.figures import Limits, complete, largest_possible, own_share
from decisions.tables import Tables, hash_of, make
from decisions.values import CanonicalError
from scoring.errors import ScoringError
from tests.support.decided import decided

FACTS: dict[str, Any] = {
    "call.unit": 100,
    "call.largest_share_bp": 8500,
    "call.largest_grant": 60_000,
    "call.ranking_score": "consensus_else_mean",
    "criterion.b": {"order": 0, "weight": 3, "name": {}},
    "criterion.a": {"order": 1, "weight": 1, "name": {}},
}


def level(case: str, reviewer: str, criterion: str, given: int | None) -> dict[str, Any]:
    return {"case_number": case, "reviewer": reviewer, "criterion": criterion, "level": given}


def small(facts: Mapping[str, Any] = FACTS) -> Tables:
    return make(
        {
            "facts": fact_rows(facts),
            "applications": [
                {"case_number": "A", "applied": 70_050, "granted": 40_000},
                {"case_number": "B", "applied": 30_050, "granted": 0},
                {"case_number": "C", "applied": None, "granted": None},
            ],
            "ranking": [{"case_number": "A"}, {"case_number": "B"}],
            "scores": [
                level("A", "R01", "a", 4), level("A", "R01", "b", 2),
                level("A", "R02", "a", 3), level("A", "R02", "b", 4),
                level("A", "R03", "a", 5), level("A", "R03", "b", None),
                level("A", "consensus", "a", 1), level("A", "consensus", "b", 5),
                level("B", "R01", "a", None), level("B", "R01", "b", 5),
                level("C", "R01", "a", 5), level("C", "R01", "b", 5),
            ],
            "costs": [
                {"case_number": "A", "category": "travel", "applied": 10_000, "accepted": 0},
                {"case_number": "A", "category": "other", "applied": 90_000, "accepted": None},
                {"case_number": "B", "category": "other", "applied": 35_297, "accepted": 35_296},
            ],
        }
    )  # fmt: skip


def test_every_derived_value_of_a_small_decision() -> None:
    tables = complete(small())
    derived = ("accepted_costs", "ceiling", "own_part", "own_share")
    assert [tuple(row[name] for name in derived) for row in tables["applications"]] == [
        (90_000, 70_000, 50_000, 5_555),
        (35_296, 30_000, None, None),
        (0, None, None, None),
    ]
    place = ("rank", "tied", "score", "source", "mean", "median", "spread", "reviews")
    mean = (Fraction(10, 4) + Fraction(15, 4)) / 2
    assert [tuple(row[name] for name in place) for row in tables["ranking"]] == [
        (1, False, Fraction(4), "consensus", mean, mean, Fraction(5, 4), 2),
        (None, False, None, "", None, None, None, 0),
    ]
    counted = {(row["case_number"], row["reviewer"]) for row in tables["scores"] if row["counted"]}
    assert counted == {("A", "R01"), ("A", "R02"), ("A", "consensus")}


def test_the_consensus_counts_only_where_it_ranks() -> None:
    tables = complete(small({**FACTS, "call.ranking_score": "mean"}))
    assert tables["ranking"][0]["score"] == tables["ranking"][0]["mean"]
    assert {row["reviewer"] for row in tables["scores"] if row["counted"]} == {"R01", "R02"}


def test_completing_changes_nothing_that_is_stated() -> None:
    tables = small()
    assert hash_of(complete(tables)) == hash_of(tables)
    assert complete(complete(tables)) == complete(tables)


def test_the_tables_of_many_applications_agree_with_a_reckoning_of_another_kind() -> None:
    tables = decided(40)
    scores: dict[str, dict[str, list[tuple[int, int | None]]]] = {}
    weights = {row["key"][10:]: row["value"]["weight"] for row in tables["facts"] if row["key"][:10] == "criterion."}
    for row in tables["scores"]:
        of_case = scores.setdefault(row["case_number"], {})
        of_case.setdefault(row["reviewer"], []).append((weights[row["criterion"]], row["level"]))
    total = sum(weights.values())
    for row in tables["ranking"]:
        whole = {
            reviewer: Fraction(sum(points * (one or 0) for points, one in given), total)
            for reviewer, given in scores[row["case_number"]].items()
            if all(one is not None for _, one in given)
        }
        agreed = whole.pop("consensus", None)
        composites = list(whole.values())
        assert row["mean"] == sum(composites) / len(composites)
        assert row["median"] == median(composites)
        assert row["spread"] == (max(composites) - min(composites) if len(composites) > 1 else None)
        assert row["score"] == (row["mean"] if agreed is None else agreed)
        assert row["rank"] == 1 + sum(other["score"] > row["score"] for other in tables["ranking"])
        assert row["tied"] == (sum(other["score"] == row["score"] for other in tables["ranking"]) > 1)


@given(
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.integers(1, 10_000),
    st.sampled_from([1, 100, 1000]),
)
def test_the_largest_possible_grant_is_the_largest_that_every_limit_allows(
    applied: int, accepted: int, share: int, unit: int
) -> None:
    def allowed(grant: int) -> bool:
        return grant <= applied and grant * 10_000 <= accepted * share and grant % unit == 0

    found = largest_possible(applied, accepted, Limits(share, unit))
    assert found is not None
    assert (allowed(found), allowed(found + unit)) == (True, False)


def test_the_own_share_is_rounded_down() -> None:
    assert [own_share(3, granted) for granted in (None, 0, 1, 2, 3, 4)] == [None, None, 6666, 3333, 0, -3334]
    assert own_share(0, 5) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("call.unit", 0),
        ("call.unit", "100"),
        ("call.unit", True),
        ("call.largest_share_bp", None),
        ("call.ranking_score", "median"),
        ("criterion.a", 5),
        ("criterion.a", {"order": 1, "weight": 0}),
        ("criterion.a", {"order": "1", "weight": 1}),
    ],
)
def test_facts_that_are_not_of_their_kind_are_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(CanonicalError, match=key.split(".")[0]):
        complete(small({**FACTS, key: value}))


def test_a_consensus_that_lacks_a_criterion_is_refused() -> None:
    tables = small()
    rows = [row for row in tables["scores"] if (row["reviewer"], row["criterion"]) != ("consensus", "a")]
    with pytest.raises(ScoringError):
        complete(make({**tables.rows, "scores": rows}))
