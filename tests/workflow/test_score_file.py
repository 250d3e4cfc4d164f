"""The scores of a file: criteria weighted exactly, incomplete reviews left out, sections, and what is too much."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import render
from scoring.score_table import Score
from workflow.score_file import (
    MOST_APPLICATIONS,
    MOST_ON_THE_SMALLER_SIDE,
    STATES,
    ScoreFile,
    analyse_scores,
    read_score_file,
)

HEADING = "reviewer,application,score"


def score_file(heading: str, *rows: str) -> ScoreFile:
    return read_score_file("\n".join([heading, *rows]).encode(), "reviews.csv")


def places(given: ScoreFile) -> list[tuple[int, str, str]]:
    assert given.scores == ()
    return [(fault.line, fault.column, fault.value) for fault in given.faults]


SCORED = {"a": "153", "b": "244", "c": "355", "d": "122"}
"""Scores by x, y and z, which follow no rule."""

# --- composites --------------------------------------------------------------------------------------------------

in_hundredths = st.integers(-1000, 1000).map(lambda n: Fraction(n, 100))
weights_in_tenths = st.integers(1, 500).map(lambda n: Fraction(n, 10))
criteria = st.dictionaries(st.sampled_from(["aims", "plan", "team", "cost"]), weights_in_tenths, min_size=1)


@given(criteria, st.booleans(), st.data())
def test_the_composite_is_the_exact_weighted_mean_of_the_criteria(
    weights: dict[str, Fraction], weighted: bool, data: st.DataObject
) -> None:
    reviews = data.draw(st.sets(st.tuples(st.sampled_from("xyz"), st.sampled_from("abcd")), min_size=1))
    levels = {review: {name: data.draw(in_hundredths | st.none()) for name in weights} for review in sorted(reviews)}
    cells = [
        (reviewer, application, "" if level is None else f"{float(level):.2f}", name)
        for (reviewer, application), given in levels.items()
        for name, level in given.items()
        # A row that is missing and a row without a score say the same; but a criterion needs a row somewhere.
        if level is not None or data.draw(st.booleans()) or (reviewer, application) == min(reviews)
    ]
    rows = [",".join([*row, f"{float(weights[row[3]]):.1f}"][: 5 if weighted else 4]) for row in cells]
    found = score_file(f"{HEADING},criterion{',weight' if weighted else ''}", *data.draw(st.permutations(rows)))
    by = weights if weighted else dict.fromkeys(weights, Fraction(1))
    expected = {
        review: sum((by[name] * level for name, level in given.items() if level is not None), Fraction())
        / sum(by.values())
        for review, given in levels.items()
        if None not in given.values()
    }
    if found.faults:
        assert 0 < max(expected.values()) - min(expected.values()) < Fraction(1, 10**6), "only what is too much alike"
        return
    assert {(score.reviewer, score.application): score.value for score in found.scores} == expected
    assert found.weights is None, "weights of criteria are no confidence"


def test_a_review_without_every_criterion_is_left_out_and_said() -> None:
    found = score_file(
        f"{HEADING},criterion", "x,a,1,aims", "x,a,2,plan", "y,a,3,aims", "x,b,4,aims", "x,b,,plan", "y,c,5,plan"
    )
    assert found.scores == (Score("x", "a", Fraction(3, 2)),)
    assert (found.unscored, found.silent) == (("b", "c"), ("y",))
    assert found.notes == ("incomplete_reviews", "unscored")


def test_a_review_without_a_score_is_left_out_and_said() -> None:
    found = score_file(HEADING, "x,a,1", "y,a,NA", "x,b,", "y,c,2")
    assert found.scores == (Score("x", "a", Fraction(1)), Score("y", "c", Fraction(2)))
    assert (found.unscored, found.silent, found.notes) == (("b",), (), ("empty_scores", "unscored"))


def test_weights_without_criteria_are_the_confidence_of_each_review() -> None:
    rows = [f"{who},{case},{points}" for case, row in SCORED.items() for who, points in zip("xyz", row, strict=True)]
    given = [f"{row},{weight}" for row, weight in zip(rows, ["2", "0.5", *["1"] * (len(rows) - 2)], strict=True)]
    found = score_file(f"{HEADING},weight", *given)
    assert found.weights is not None
    assert {key: weight for key, weight in found.weights.items() if weight != 1} == {
        ("x", "a"): 2, ("y", "a"): Fraction(1, 2)
    }  # fmt: skip
    weighted = analyse_scores(found, None, 1, "flat").figures
    plain = analyse_scores(score_file(HEADING, *rows), None, 1, "flat").figures
    assert [of.mean for of in weighted.applications] == [of.mean for of in plain.applications]
    assert [of.adjusted for of in weighted.applications] == [of.adjusted for of in plain.applications]
    calibrated = [[of.calibrated for of in figures.applications] for figures in (weighted, plain)]
    assert None not in calibrated[0] + calibrated[1]
    assert calibrated[0] != calibrated[1]


# --- sections ----------------------------------------------------------------------------------------------------


def test_sections_have_means_of_their_own_and_need_no_reviewer_in_common() -> None:
    rows = [
        f"{section}{j},{section}-{i},{base + (i * i + 2 * j + i * j) % 5},{section}"
        for section, base in (("east", 1), ("west", 101))
        for i in range(5)
        for j in range(4)
    ]
    found = analyse_scores(score_file(f"{HEADING},section", *rows), 2, 1, "flat")
    assert (found.figures.outcome, found.figures.section_names) == (None, ("east", "west"))
    fit = found.figures.components
    assert fit is not None
    assert fit.means == pytest.approx(
        [
            sum(of.mean or 0 for of in found.figures.applications if of.application.startswith(name)) / 5
            for name in ("east", "west")
        ]
    )
    assert "sections" in found.warnings
    apart = analyse_scores(score_file(HEADING, *(row.rpartition(",")[0] for row in rows)), 2, 1, "flat")
    assert (apart.figures.outcome, apart.warnings[0]) == ("disconnected", "disconnected")
    assert {of.adjusted for of in apart.figures.applications} == {None}


# --- what is refused ---------------------------------------------------------------------------------------------


def test_more_applications_than_are_analysed_are_refused_at_the_first_too_many() -> None:
    rows = [f"x,{n},{n % 5}" for n in range(MOST_APPLICATIONS + 2)]
    assert places(score_file(HEADING, *rows)) == [(MOST_APPLICATIONS + 2, "application", str(MOST_APPLICATIONS))]
    assert score_file(HEADING, *rows[:MOST_APPLICATIONS]).faults == ()


def test_many_reviewers_of_many_applications_are_refused_where_both_become_too_many() -> None:
    many = MOST_ON_THE_SMALLER_SIDE
    rows = [f"{n},{n},{n % 5}" for n in range(many)] + [f"{n},0,3" for n in range(many, 2 * many)]
    assert score_file(HEADING, *rows).faults == ()
    refused = score_file(HEADING, *rows, "0,new,3")
    assert places(refused) == [(2 * many + 2, "application", "new")]
    assert render(refused.faults[0].problem, "en").startswith("With this row there are 1001 applications and 2000 ")
    rows = [f"0,{n},{n % 5}" for n in range(2 * many)] + [f"{n},0,{n % 5}" for n in range(1, many + 1)]
    assert places(score_file(HEADING, *rows)) == [(3 * many + 1, "reviewer", str(many))]


@pytest.mark.parametrize("score", ["0.999", "6.001", "0", "7", "-3"])
def test_the_swiss_prior_is_refused_for_another_scale_at_the_first_such_score(score: str) -> None:
    text = f"{HEADING}\nx,a,1\ny,a,6\nz,a,\nx,b,{score}\ny,b,9\n"
    assert places(read_score_file(text.encode(), "reviews.csv", "snsf")) == [(5, "score", score)]
    assert read_score_file(text.encode(), "reviews.csv").faults == ()


def test_the_swiss_prior_is_refused_a_second_section_where_it_begins() -> None:
    """One section is as none; its mean is fixed, so that another has nothing to be compared with."""
    heading = f"{HEADING},section"
    rows = [
        f"{who},{case},{points},north" for case, row in SCORED.items() for who, points in zip("xyz", row, strict=True)
    ]
    one = read_score_file("\n".join([heading, *rows]).encode(), "reviews.csv", "snsf")
    assert one.faults == ()
    analysed = analyse_scores(one, 2, 1, "snsf")
    assert (analysed.figures.outcome, "prior_snsf" in analysed.warnings) == (None, True)
    text = "\n".join([heading, *rows, "x,e,3,north", "x,f,,south", "y,f,9,south"]).encode()
    refused = read_score_file(text, "reviews.csv", "snsf")
    assert places(refused) == [(len(rows) + 3, "section", "south")]
    assert render(refused.faults[0].problem, "en") == (
        "The prior snsf takes one section. Several are analysed with the prior flat."
    )
    assert read_score_file(text, "reviews.csv").faults == ()


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        (["1000000000.1", "1000000000.2", "1000000000.3"], "1000000000.3"),
        (["-500000000.1", "-500000000.2"], "-500000000.1"),
        (["1e-14", "2e-14", "3e-14"], "3e-14"),
    ],
)
def test_scores_that_hardly_differ_for_their_size_are_refused(scores: list[str], told: str) -> None:
    line = scores.index(told) + 2
    assert places(score_file(HEADING, *(f"x,{n},{s}" for n, s in enumerate(scores)))) == [(line, "score", told)]


@pytest.mark.parametrize(
    "scores", [["5", "5"], ["1e12", "-1e12"], ["999999999", "1000000000"], ["0", "1e-12"], ["3"], []]
)
def test_scores_that_differ_or_are_equal_are_taken(scores: list[str]) -> None:
    assert score_file(HEADING, *(f"x,{n},{s}" for n, s in enumerate(scores))).faults == ()


def test_every_outcome_and_note_has_a_sentence() -> None:
    assert all(render(sentence, "en").endswith(".") for sentence in STATES.values())


def test_snsf_takes_no_more_reviewers_than_its_matrices_do() -> None:
    rows = [f"r{number},a{number % 3},{1 + number % 6}" for number in range(MOST_ON_THE_SMALLER_SIDE + 1)]
    text = "\n".join(["reviewer,application,score", *rows]).encode()
    assert not read_score_file(text, "reviews.csv").faults
    assert places(read_score_file(text, "reviews.csv", "snsf")) == [
        (MOST_ON_THE_SMALLER_SIDE + 2, "reviewer", f"r{MOST_ON_THE_SMALLER_SIDE}")
    ]
