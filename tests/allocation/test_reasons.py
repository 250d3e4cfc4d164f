"""Every award says why, with its numbers, in each of the three languages."""

from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from allocation import Project, RuleName, Scenario, distribute
from locales import LANGUAGES, Money, render
from locales.catalogue import catalogue

ROOM = Path(__file__).parents[2] / "allocation"

PROJECTS = [
    Project("A", Fraction(9, 2), 400, eligible_costs=400),
    Project("B", Fraction(4), 300, eligible_costs=1000),
    Project("C", Fraction(7, 2), 500, eligible_costs=1000),
    Project("D", Fraction(13, 4), 200, eligible_costs=1000),
    Project("E", Fraction(2999, 1000), 100, eligible_costs=1000),
    Project("F", Fraction(2), 100, eligible_costs=1000),
    Project("G", None, 100, eligible_costs=1000),
    Project("H", Fraction(4), 40, eligible_costs=1000),
    Project("I", Fraction(5), 100, eligible_costs=1000),
]


def scenario(rule: RuleName) -> Scenario:
    return Scenario(
        1000,
        rule,
        threshold=Fraction(3),
        max_share_bp=8500,
        smallest_grant=0 if rule == "lp" else 50,
        force_out=frozenset({"I"}),
    )


EXCLUDED = {
    "E": "below_threshold",
    "F": "below_threshold",
    "G": "not_scored",
    "H": "ceiling_below_smallest",
    "I": "forced_out",
}


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("rank_strict", ["funded_partial", "funded_full", "not_funded_budget", "stopped_at_cut_off"]),
        ("rank_skip", ["funded_partial", "funded_full", "not_funded_budget", "funded_full"]),
        ("rank_partial", ["funded_partial", "funded_full", "funded_partial", "stopped_at_cut_off"]),
        ("milp", ["not_funded_budget", "funded_full", "funded_full", "funded_full"]),
        ("proportional", ["funded_partial", "funded_partial", "funded_partial", "funded_partial"]),
    ],
)
def test_every_award_has_its_code(rule: RuleName, codes: list[str]) -> None:
    result = distribute(PROJECTS, scenario(rule))
    said = {award.id: award.code for award in result.awards}
    assert said == dict(zip("ABCD", codes, strict=True)) | EXCLUDED


def test_reasons_carry_the_numbers() -> None:
    awards = {award.id: award.reason for award in distribute(PROJECTS, scenario("rank_strict")).awards}
    assert render(awards["A"], "en") == (
        "Funded with €340 of €400 applied for: the grant is at most 85 % of the eligible costs €400. Score 4.50."
    )
    assert render(awards["C"], "fi") == (
        "Avustusta ei myönnetä: määrärahasta oli hankkeen kohdalla jäljellä 360\u00a0€, ja hanke tarvitsisi "
        "500\u00a0€. Pistemäärä 3,50."
    )
    assert awards["D"].params["reason"].params["stopper"] == "C"  # type: ignore[union-attr]
    assert awards["F"].params == {"score": Fraction(2), "threshold": Fraction(3)}
    assert awards["E"].params == {"threshold": Fraction(3), "step": Fraction(1, 100)}
    assert awards["H"].params == {"ceiling": Money(40), "smallest": Money(50)}


def test_all_texts_of_the_room_are_in_every_catalogue_with_the_same_places() -> None:
    texts = {str(found[2]) for found in extract_from_dir(ROOM, [("**.py", "python")], keywords={"msg": None})}
    for lang in LANGUAGES:
        known = catalogue(lang)
        assert texts - known.keys() == set()
        for text in texts:
            assert places(known[text][0]) == places(text), (lang, text)


def places(text: str) -> set[str]:
    return {part.partition("}")[0] for part in text.split("{")[1:]}
