"""The agenda: exact terms, those without consensus first, equals as equals, and every place explained."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agenda import WEIGHTS, AgendaItem, AgendaWeights, Discussed, agenda
from scoring.errors import ScoringError

SCALE = (1, 5)
PANEL = 9


def discussed(
    application: str, *composites: int | Fraction, needed: int = 2, conflicted: int = 0, has_consensus: bool = False
) -> Discussed:
    exact = tuple(map(Fraction, composites))
    score = Fraction(sum(exact), len(exact)) if exact else None
    return Discussed(application, exact, needed, conflicted, score, has_consensus)


SCORES = st.fractions(1, 5, max_denominator=10)


@st.composite
def panels(draw: st.DrawFn) -> list[Discussed]:
    names = draw(st.lists(st.text("ABC", min_size=1, max_size=3), unique=True, max_size=8))
    return [
        discussed(
            name,
            *draw(st.lists(SCORES, max_size=4)),
            needed=draw(st.integers(1, 4)),
            conflicted=draw(st.integers(0, PANEL)),
            has_consensus=draw(st.booleans()),
        )
        for name in names
    ]


LINES = st.one_of(st.none(), SCORES)


def test_agenda_gives_whole_items() -> None:
    applications = [
        discussed("calm", 5, 5),
        discussed("settled", 1, 5, has_consensus=True),
        discussed("disputed", 2, 4, conflicted=3),
        discussed("unread", needed=3),
    ]
    none, quarter, half, one = Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(1)
    assert agenda(applications, SCALE, PANEL, Fraction(13, 4)) == (
        AgendaItem(
            "disputed", False, half, 3 * quarter, none, Fraction(1, 3), Fraction(4, 3),
            ("near_line", "disagreement", "conflicted"), 1,
        ),
        AgendaItem("unread", False, None, None, one, none, half, ("missing_reviews", "not_scored"), 2),
        AgendaItem("calm", False, none, none, none, none, none, (), 3),
        AgendaItem(
            "settled", True, one, 3 * quarter, none, none, 7 * quarter,
            ("disagreement", "near_line", "consensus_recorded"), 4,
        ),
    )  # fmt: skip


def test_agenda_without_a_line_measures_no_closeness() -> None:
    (item,) = agenda([discussed("A", 3, 3)], SCALE, PANEL)
    assert (item.closeness, item.sum, item.reasons) == (None, Fraction(0), ())


@pytest.mark.parametrize(
    ("line", "closeness"), [(3, 1), (Fraction(7, 2), Fraction(1, 2)), (2, 0), (4, 0), (5, 0), (0, 0)]
)
def test_closeness_falls_to_nothing_within_one_level(line: Fraction, closeness: Fraction) -> None:
    (item,) = agenda([discussed("A", 3, 3)], SCALE, PANEL, Fraction(line))
    assert item.closeness == closeness


def test_more_reviews_than_needed_are_not_missing() -> None:
    (item,) = agenda([discussed("A", 3, 3, 3, needed=2)], SCALE, PANEL)
    assert item.missing == 0


def test_equal_sums_share_a_place_on_either_side_of_the_consensus() -> None:
    given = [discussed(name, 2, 3, has_consensus=name > "C") for name in "EDCBA"]
    assert [(i.application, i.place, i.tied_with) for i in agenda(given, SCALE, PANEL)] == [
        ("A", 1, ("B", "C")), ("B", 1, ("A", "C")), ("C", 1, ("A", "B")), ("D", 4, ("E",)), ("E", 4, ("D",)),
    ]  # fmt: skip


def test_agenda_of_nothing_is_empty() -> None:
    assert agenda([], SCALE, PANEL) == ()


@pytest.mark.parametrize(
    ("applications", "scale", "panel", "words"),
    [
        ([], (3, 3), 9, "scale from 3.00 to 3.00 has no width"),
        ([], (1, 5), 0, "a panel of 0 members is not accepted; at least 1 is"),
        ([discussed("A"), discussed("A")], (1, 5), 9, "Application A is on the agenda twice"),
        ([discussed("A", needed=0)], (1, 5), 9, "Application A: 0 reviews needed; at least 1 is accepted"),
        ([discussed("A", conflicted=10)], (1, 5), 9, "Application A: 10 disqualified members; 0 to 9 is accepted"),
        ([discussed("A", conflicted=-1)], (1, 5), 9, "Application A: -1 disqualified members"),
        ([discussed("A", 0, 5)], (1, 5), 9, "Application A: score 0.00 is not accepted; 1.00 to 5.00 is"),
        ([replace(discussed("A"), score=Fraction(6))], (1, 5), 9, "Application A: score 6.00 is not accepted"),
    ],
)
def test_agenda_refuses(applications: list[Discussed], scale: tuple[int, int], panel: int, words: str) -> None:
    with pytest.raises(ScoringError, match=words):
        agenda(applications, scale, panel)


@given(panels(), LINES)
def test_terms_lie_between_nothing_and_one_and_make_the_sum(
    applications: list[Discussed], line: Fraction | None
) -> None:
    for item in agenda(applications, SCALE, PANEL, line):
        terms = (item.disagreement or 0, item.closeness or 0, item.missing, item.conflicted)
        assert all(0 <= term <= 1 for term in terms)
        weights = (WEIGHTS.disagreement, WEIGHTS.closeness, WEIGHTS.missing, WEIGHTS.conflicted)
        assert item.sum == sum(weight * term for weight, term in zip(weights, terms, strict=True))
        shown = {"disagreement", "near_line", "missing_reviews", "conflicted"} & set(item.reasons)
        assert len(shown) == sum(term > 0 for term in terms)


@given(panels(), LINES)
def test_agenda_lists_each_once_in_falling_order(applications: list[Discussed], line: Fraction | None) -> None:
    items = agenda(applications, SCALE, PANEL, line)
    assert sorted(i.application for i in items) == sorted(a.application for a in applications)
    for one, next_one in pairwise(items):
        first, second = (i.has_consensus for i in (one, next_one))
        assert (first, -one.sum) <= (second, -next_one.sum)
        if (first, one.sum) == (second, next_one.sum):
            assert one.application < next_one.application
    for item in items:
        before = [i for i in items if (i.has_consensus, -i.sum) < (item.has_consensus, -item.sum)]
        equals = [i.application for i in items if (i.has_consensus, i.sum) == (item.has_consensus, item.sum)]
        assert item.place == 1 + len(before)
        assert item.tied_with == tuple(name for name in equals if name != item.application)


@given(panels(), LINES, st.randoms(use_true_random=False))
def test_agenda_does_not_depend_on_order(
    applications: list[Discussed], line: Fraction | None, shuffler: random.Random
) -> None:
    mixed = [
        replace(a, composites=tuple(shuffler.sample(a.composites, len(a.composites))))
        for a in shuffler.sample(applications, len(applications))
    ]
    assert agenda(mixed, SCALE, PANEL, line) == agenda(applications, SCALE, PANEL, line)


@given(panels(), LINES, st.fractions(Fraction(1, 10), 10, max_denominator=10))
def test_order_stays_when_all_weights_grow_alike(
    applications: list[Discussed], line: Fraction | None, factor: Fraction
) -> None:
    grown = AgendaWeights(*(factor * weight for weight in (Fraction(1), Fraction(1), Fraction(1, 2), Fraction(1, 4))))
    orders = [agenda(applications, SCALE, PANEL, line, weights) for weights in (WEIGHTS, grown)]
    assert [(i.application, i.place) for i in orders[0]] == [(i.application, i.place) for i in orders[1]]


@given(panels(), LINES)
def test_a_recorded_consensus_moves_an_application_behind_the_undiscussed(
    applications: list[Discussed], line: Fraction | None
) -> None:
    open_ones = [a for a in applications if not a.has_consensus]
    if open_ones:
        first = agenda(open_ones, SCALE, PANEL, line)[0].application
        settled = [replace(a, has_consensus=a.application == first) for a in open_ones]
        assert agenda(settled, SCALE, PANEL, line)[-1].application == first
