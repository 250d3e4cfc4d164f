import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.eligibility import propose
from tests.calls.samples import application, findings, outcomes, said


@pytest.mark.parametrize(
    ("applied", "costs", "outcome"),
    [
        (85_000, 100_000, "met"),
        (85_001, 100_000, "not_met"),
        (86_000, 100_000, "not_met"),
        (84_999, 99_999, "met"),
        (85_000, 99_999, "not_met"),
        (0, 100_000, "not_met"),
        (10_000, 0, "not_met"),
    ],
)
def test_grant_share_is_compared_in_whole_euros(applied: int, costs: int, outcome: str) -> None:
    found = findings(application(applied=applied, costs={"personnel": costs}))
    assert found["grant_share"].outcome == outcome
    assert propose(found.values()) == ("eligible" if outcome == "met" else "supplement_requested")


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_grant_share_is_met_exactly_when_the_integers_say_so(applied: int, costs: int) -> None:
    found = findings(application(applied=applied, costs={"personnel": costs}))["grant_share"]
    assert (found.outcome == "met") == (applied * 100 <= 85 * costs)


def test_grant_share_that_is_too_large_names_the_most_that_can_be_applied_for() -> None:
    found = findings(application(applied=86_000))["grant_share"]
    assert said(found, "fi") == (
        "Haettu 86\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}€, mikä on 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}€ enemmän "
        "kuin 85 % hyväksyttävistä kustannuksista 100\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}€ "
        "(85\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}€)."
    )


def test_other_public_funding_not_stated_is_asked_for_and_zero_is_stated() -> None:
    found = findings(application(other_public_funding=None))
    assert found["other_public_funding"].outcome == "not_met"
    assert propose(found.values()) == "supplement_requested"
    assert outcomes(application(other_public_funding=0)) == {}


def test_other_public_funding_that_there_is_is_for_the_officer_to_check() -> None:
    funded = application(other_public_funding=5_000, own_funding=10_000)
    assert outcomes(funded) == {"other_public_funding": "check"}
    assert propose(findings(funded).values()) == "eligible"


@pytest.mark.parametrize(("own", "outcome"), [(15_000, "met"), (14_999, "check"), (15_001, "check")])
def test_funding_that_differs_from_costs_is_to_be_checked(own: int, outcome: str) -> None:
    found = findings(application(own_funding=own))
    assert found["funding_balance"].outcome == outcome
    assert propose(found.values()) == "eligible"


def test_amount_outside_smallest_and_largest_grant_is_to_be_checked() -> None:
    small = application(applied=19_999, costs={"other": 25_000}, own_funding=5_001)
    assert outcomes(small) == {"smallest_grant": "check"}
    large = application(applied=10_000_001, costs={"other": 12_000_001}, own_funding=2_000_000)
    assert outcomes(large) == {"largest_grant": "check"}


def test_cost_outside_the_categories_is_to_be_checked() -> None:
    costs = {"personnel": 80_000, "equipment": 20_000}
    assert outcomes(application(costs=costs)) == {"cost_categories": "check"}
