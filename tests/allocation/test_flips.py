"""What flips a project: solving again at the claimed value gives the grant, one step less does not."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Allocation, Constraint, Objective, Project, RuleName, Scenario, Tier, distribute
from allocation.flips import Flips, flips, is_cut
from tests.allocation.samples import portfolios

CENT = Fraction(1, 100)
RULES: tuple[RuleName, ...] = ("rank_strict", "rank_skip", "rank_partial", "lp", "milp", "proportional", "tiers")
TIERS = (Tier(Fraction(9), Fraction(1)), Tier(Fraction(5), Fraction(1, 2)))
OBJECTIVES: tuple[Objective, ...] = ("score_times_grant", "score_of_funded")


def changed(projects: Sequence[Project], key: str, **values: int | Fraction) -> list[Project]:
    return [replace(one, **values) if one.id == key else one for one in projects]  # type: ignore[arg-type]


def funded(projects: Sequence[Project], scenario: Scenario, key: str) -> bool:
    return distribute(projects, scenario).award(key).funded


def whole(projects: Sequence[Project], scenario: Scenario, key: str) -> bool:
    award = distribute(projects, scenario).award(key)
    return award.funded and not is_cut(award)


def check(projects: Sequence[Project], scenario: Scenario, result: Allocation, key: str) -> Flips:
    """Both ends of every claim, by solving again."""
    found, award = flips(projects, scenario, result, key), result.award(key)
    flipped = whole if award.funded else funded
    if found.extra_score is not None:
        high = (award.score or 0) + found.extra_score
        assert flipped(changed(projects, key, score=high), scenario, key)
        assert not flipped(changed(projects, key, score=high - CENT), scenario, key)
    if found.smaller_amount is not None:
        assert funded(changed(projects, key, applied=found.smaller_amount), scenario, key)
        assert not funded(changed(projects, key, applied=found.smaller_amount + scenario.unit), scenario, key)
    if found.extra_appropriation is not None:
        rich = scenario.appropriation + found.extra_appropriation
        assert flipped(projects, replace(scenario, appropriation=rich), key)
        less = rich - found.appropriation_step
        assert not flipped(projects, replace(scenario, appropriation=less), key)
    return found


@settings(max_examples=60, deadline=None)
@given(
    portfolios(most=6, minimums=True) | portfolios(most=6, lots=False),
    st.integers(0, 25),
    st.sampled_from(RULES),
    st.sampled_from(OBJECTIVES),
    st.none() | st.just(Fraction(7)),
)
def test_every_claim_flips_and_one_step_less_does_not(
    projects: list[Project], budget: int, rule: RuleName, objective: Objective, threshold: Fraction | None
) -> None:
    if rule == "lp":
        projects = [replace(one, min_grant=None) for one in projects]
    tiers = TIERS if rule == "tiers" else ()
    scenario = Scenario(budget, rule, objective=objective, threshold=threshold, tiers=tiers)
    result = distribute(projects, scenario)
    for award in result.awards:
        found = check(projects, scenario, result, award.id)
        if award.funded and not is_cut(award):
            assert found == Flips()


@settings(max_examples=40, deadline=None)
@given(portfolios(most=6), st.integers(1, 25), st.sampled_from(OBJECTIVES), st.integers(0, 12))
def test_mixed_integer_smaller_amount_is_the_largest_of_all(
    projects: list[Project], budget: int, objective: Objective, cap: int
) -> None:
    projects = [replace(one, theme="ab"[place % 2]) for place, one in enumerate(projects)]
    rows = (Constraint("cap", where=(("theme", ("a",)),), upper=cap),)
    scenario = Scenario(budget, "milp", objective=objective, constraints=rows)
    result = distribute(projects, scenario)
    for award in result.awards:
        if award.funded or award.score is None:
            continue
        applied = next(one.applied for one in projects if one.id == award.id)
        tried = [
            amount
            for amount in range(1, applied)
            if funded(changed(projects, award.id, applied=amount), scenario, award.id)
        ]
        assert flips(projects, scenario, result, award.id).smaller_amount == max(tried, default=None)


@settings(max_examples=25, deadline=None)
@given(portfolios(most=6, minimums=True), st.integers(1, 25), st.sampled_from(OBJECTIVES))
def test_mixed_integer_extra_score_is_the_first_of_all(
    projects: list[Project], budget: int, objective: Objective
) -> None:
    # Few, coarse scores: every hundredth up to the claim is tried.
    projects = [one if one.score is None else replace(one, score=one.score / 20) for one in projects]
    scenario = Scenario(budget, "milp", objective=objective)
    result = distribute(projects, scenario)
    for award in result.awards:
        claim = flips(projects, scenario, result, award.id).extra_score
        if claim is None or award.score is None or claim > Fraction(1, 2):
            continue
        steps = [
            step
            for step in range(1, int(claim * 100) + 1)
            if funded(changed(projects, award.id, score=award.score + step * CENT), scenario, award.id)
        ]
        assert steps == [int(claim * 100)]


A = Project("A", Fraction(4), 60, tie_keys=(3,))
B = Project("B", Fraction(3), 50, tie_keys=(2,))
C = Project("C", Fraction(2), 40, tie_keys=(1,))


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        # A is served first and leaves 40: B comes before it with more than 4, and fits with 40.
        ("rank_strict", Flips(Fraction(101, 100), 40, 1000)),
        ("rank_skip", Flips(Fraction(101, 100), 40, 1000)),
        # A and C reach 320: B and C as much with a score of (320 - 80) / 50 = 4.8, and there the better score, B's, wins.
        ("milp", Flips(Fraction(180, 100), 40, 1000)),
    ],
)
def test_small_example_flips_where_computed_by_hand(rule: RuleName, found: Flips) -> None:
    scenario = Scenario(100, rule)
    assert flips([A, B, C], scenario, distribute([A, B, C], scenario), "B") == found


def test_cut_project_is_told_what_gives_its_whole_grant() -> None:
    scenario = Scenario(100, "rank_partial")
    result = distribute([A, B, C], scenario)
    assert (result.award("B").granted, flips([A, B, C], scenario, result, "B")) == (
        40,
        Flips(Fraction(101, 100), None, 1000),
    )


def test_below_the_threshold_only_the_score_can_flip() -> None:
    scenario = Scenario(100, "milp", threshold=Fraction(5, 2))
    result = distribute([A, C], scenario)
    assert flips([A, C], scenario, result, "C") == Flips(Fraction(1, 2))


def test_tiers_are_reached_by_the_score_alone() -> None:
    scenario = Scenario(100, "tiers", tiers=(Tier(Fraction(3), Fraction(1)), Tier(Fraction(5, 2), Fraction(1, 2))))
    result = distribute([A, C], scenario)
    assert flips([A, C], scenario, result, "C") == Flips(Fraction(1, 2))


def test_nothing_flips_what_was_decided_by_hand() -> None:
    scenario = Scenario(200, "milp", force_out=frozenset("A"), fixed={"B": 0})
    result = distribute([A, B, C], scenario)
    assert [flips([A, B, C], scenario, result, key) for key in "AB"] == [Flips(), Flips()]


def test_nothing_is_said_where_a_gap_was_allowed() -> None:
    scenario = Scenario(100, "milp", gap=0.01)
    assert flips([A, B, C], scenario, distribute([A, B, C], scenario), "B") == Flips()


def test_rank_order_respected_by_the_mixed_integer_programme_moves_with_the_score() -> None:
    scenario = Scenario(100, "milp", rank_order="")
    result = distribute([A, B, C], scenario)
    found = check([A, B, C], scenario, result, "C")
    assert (result.award("C").funded, found.smaller_amount) == (False, None)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_an_open_tie_between_grants_that_vary_opens_with_a_smaller_amount(objective: Objective) -> None:
    # Equal by score and without tie keys: both are in every optimum, but neither's grant is settled.
    twins = [Project("A", Fraction(2), 8, min_grant=2), Project("B", Fraction(2), 8, min_grant=2)]
    scenario = Scenario(12, "milp", objective=objective)
    result = distribute(twins, scenario)
    assert result.award("A").code == "tie_unresolved"
    assert check(twins, scenario, result, "A").smaller_amount == 4


def test_a_larger_appropriation_is_confirmed_where_a_tie_stays_open() -> None:
    projects = [
        Project("A", Fraction(2), 7_000, min_grant=3_755),
        Project("B", Fraction(2), 4_427, min_grant=757),
        Project("C", Fraction(3), 9_083, min_grant=2_176),
    ]
    for appropriation in range(6_700, 21_000, 1_300):
        scenario = Scenario(appropriation, "milp", unit=100, objective="score_of_funded")
        result = distribute(projects, scenario)
        for award in result.awards:
            if not award.funded:
                check(projects, scenario, result, award.id)


def test_a_cap_in_shares_of_the_appropriation_grows_with_it() -> None:
    project = Project("A", Fraction(3), 4_000)
    cap = Constraint("C", "grant", upper_share=Fraction(1, 10))
    for rule in ("rank_skip", "milp", "lp"):
        scenario = Scenario(5_000, rule, unit=4_000, constraints=(cap,))
        found = flips([project], scenario, distribute([project], scenario), "A")
        assert found.extra_appropriation == 35_000 or (found.extra_appropriation or 0) % found.appropriation_step == 0
        assert found.extra_appropriation is not None
        assert funded([project], replace(scenario, appropriation=5_000 + found.extra_appropriation), "A")
