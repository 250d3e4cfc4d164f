"""``manage.py analyse``: published figures, what it says and leaves open, and what it refuses, with its place."""

import hashlib
import itertools
import json
import os
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.terminal.commands import Answer, Manage

HEADING = "reviewer,application,score\n"
Analyse = Callable[..., Answer]

SHROUT_FLEISS = "9 2 5 8/6 1 3 2/8 4 6 8/7 1 2 6/10 5 6 9/6 2 4 7"
"""Six targets by four judges."""
KRIPPENDORFF = "1 1 . 1/2 2 3 2/3 3 3 3/3 3 3 3/2 2 2 2/1 2 3 4/4 4 4 4/1 1 2 1/2 2 2 2/. 5 5 5/. . 1 1/. 3 . ."
"""Twelve units by four observers."""
PENICILLIN = (
    "27 23 26 23 23 21/27 23 26 23 23 21/25 21 25 24 24 20/26 23 25 23 23 20/25 22 26 22 23 20/24 22 25 23 22 19/"
    "24 20 23 21 22 19/26 22 26 24 24 21/24 21 24 22 22 20/24 21 24 23 22 19/26 23 26 24 24 21/25 22 26 24 24 20/"
    "26 24 26 24 25 22/26 23 26 23 23 20/26 23 25 24 24 22/25 22 25 23 23 20/25 21 24 23 23 20/25 22 24 23 23 19/"
    "24 21 23 21 21 19/26 23 26 24 24 21/25 21 24 22 22 18/25 22 25 22 22 20/24 21 24 22 24 19/24 21 24 22 21 18"
)
"""Twenty-four plates by six samples."""
MOCK_PANEL = "11125/11226/12135/13215/12235/13145/12345/15225/13435/14255/23445/24355/25446/23466/25546"
"""Grades of fifteen proposals by five assessors, 1 the best."""


def table(cells: str) -> list[tuple[str, str, str]]:
    """The rows of a table with applications 1, 2, ... from above and reviewers A, B, ... from the left."""
    return [
        (chr(ord("A") + column), str(row), cell)
        for row, line in enumerate(cells.split("/"), start=1)
        for column, cell in enumerate(line.split())
        if cell != "."
    ]


def text(rows: Iterable[tuple[str, ...]], heading: str = HEADING) -> str:
    return heading + "".join(",".join(row) + "\n" for row in rows)


def regular(applications: int, reviewers: int) -> list[tuple[str, str, str]]:
    """A complete panel with some order and some chance."""
    chance = random.Random(5)
    return [
        (f"r{j}", f"a{i:03}", str(i % 4 + j % 3 + chance.randint(0, 2)))
        for i, j in itertools.product(range(applications), range(reviewers))
    ]


@pytest.fixture
def analyse(manage: Manage, tmp_path: Path) -> Analyse:
    """The command on a file with this content."""

    def run(content: str | bytes, *words: object, lang: str = "en") -> Answer:
        file = tmp_path / "reviews.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return manage("analyse", file, *words, lang=lang)

    return run


def strict(answer: Answer) -> Any:
    """The JSON that was printed, which has no NaN and no infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(answer.out, parse_constant=refuse)


def codes(record: Any) -> list[str]:
    return [warning.partition(":")[0] for warning in record["warnings"]]


# --- published figures -------------------------------------------------------------------------------------------


def test_shrout_and_fleiss_1979_six_forms(analyse: Analyse) -> None:
    agreement = strict(analyse(text(table(SHROUT_FLEISS)), "--json"))["agreement"]
    published = {"icc1": 0.1657, "icc2": 0.2898, "icc3": 0.7148, "icc1k": 0.4428, "icc2k": 0.6201, "icc3k": 0.9093}
    assert {name: agreement[name] for name in published} == pytest.approx(published, abs=5e-5)
    assert all(low < published[name] < high for name, (low, high) in agreement["limits"].items())


def test_krippendorffs_twelve_units_with_missing_scores(analyse: Analyse) -> None:
    record = strict(analyse(text(table(KRIPPENDORFF)), "--json"))
    assert record["agreement"]["alpha_interval"] == pytest.approx(0.849, abs=5e-4)
    assert (record["agreement"]["icc1"], record["agreement"]["kendall_w"]) == (None, None)
    assert "not_complete" in codes(record)


def test_penicillin_of_davies_and_goldsmith_in_the_style_of_r(analyse: Analyse) -> None:
    rows = [
        (f'"{n}"', score, f'"{plate}"', f'"{sample}"') for n, (sample, plate, score) in enumerate(table(PENICILLIN), 1)
    ]
    record = strict(analyse(text(rows, '"","score","application","reviewer"\n'), "--json"))
    assert record["components"] == pytest.approx(
        {"tau": 0.8467, "nu": 1.9316, "sigma": 0.5499, "reml": 330.8606}, abs=1e-3
    )
    assert (record["outcome"], record["scores"], record["graph"]) == (None, 144, {"components": 1, "mu2": 1.0})


@pytest.mark.parametrize(("prior", "apart"), [("snsf", 0.1), ("flat", 0.2)])
def test_the_mock_panel_of_the_swiss_national_science_foundation(analyse: Analyse, prior: str, apart: float) -> None:
    scores = "/".join(" ".join(str(7 - int(grade)) for grade in line) for line in MOCK_PANEL.split("/"))
    record = strict(analyse(text(table(scores)), "--json", "--prior", prior, "--k", 5))
    ranks = sorted(of["expected_rank"] for of in record["applications"].values())
    published = {1: 2.44, 2: 4.06, 3: 4.09, 4: 4.12, 5: 5.08, 6: 6.19, 7: 7.26, 8: 7.34, 10: 9.42, 13: 13.0, 15: 13.7}
    assert {place: ranks[place - 1] for place in published} == pytest.approx(published, abs=apart)
    assert sum(of["p_top_k"] for of in record["applications"].values()) == pytest.approx(5)


# --- the contract ------------------------------------------------------------------------------------------------

APPLICATION = {
    "mean": float,
    "n": int,
    "adjusted": float,
    "sd": float,
    "expected_rank": float,
    "pcer": float,
    "rank_q05": int,
    "rank_q25": int,
    "rank_q75": int,
    "rank_q95": int,
    "p_top_k": float,
    "calibrated": float,
}
REVIEWER = {"severity": float, "se": float, "n": int, "offset": float, "offset_se": float}
ICC = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")


def test_the_json_has_every_figure_of_its_kind(analyse: Analyse, tmp_path: Path) -> None:
    content, out = text(regular(8, 5)), tmp_path / "out.json"
    answer = analyse(content, "--json", out, "--k", 3, "--seed", 7)
    assert answer.code == 0
    record = json.loads(out.read_text("utf-8"))
    assert list(record) == [
        "file",
        "sha256",
        "outcome",
        "k",
        "seed",
        "prior",
        "draws",
        "scores",
        "components",
        "means",
        "applications",
        "reviewers",
        "agreement",
        "reviewers_differ",
        "graph",
        "warnings",
    ]
    assert (record["file"], record["sha256"]) == ("reviews.csv", hashlib.sha256(content.encode()).hexdigest())
    assert [record[key] for key in ("outcome", "k", "seed", "prior", "draws")] == [None, 3, 7, "flat", 20_000]
    assert (record["scores"], record["warnings"]) == (40, [])
    assert list(record["components"]) == ["tau", "nu", "sigma", "reml"]
    assert list(record["applications"]) == [f"a{i:03}" for i in range(8)]
    assert list(record["reviewers"]) == [f"r{j}" for j in range(5)]
    kinds = [{name: type(value) for name, value in of.items()} for of in record["applications"].values()]
    assert kinds == [APPLICATION] * 8
    assert [{name: type(value) for name, value in of.items()} for of in record["reviewers"].values()] == [REVIEWER] * 5
    assert list(record["agreement"]) == [*ICC, "alpha_interval", "kendall_w", "limits", "fitted"]
    assert {type(record["agreement"][name]) for name in (*ICC, "alpha_interval", "kendall_w")} == {float}
    assert list(record["graph"]) == ["components", "mu2"]


def test_the_figures_of_an_application_agree_with_each_other(analyse: Analyse) -> None:
    record = strict(analyse(text(regular(8, 5)), "--json", "--k", 3))
    for of in record["applications"].values():
        assert 1 <= of["rank_q05"] <= of["rank_q25"] <= of["rank_q75"] <= of["rank_q95"] <= 8
        assert of["pcer"] == pytest.approx(100 * (of["expected_rank"] - 0.5) / 8)
        assert 0 <= of["p_top_k"] <= 1
        assert of["n"] == 5
    assert sum(of["expected_rank"] for of in record["applications"].values()) == pytest.approx(36)
    assert sum(of["p_top_k"] for of in record["applications"].values()) == pytest.approx(3)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(analyse: Analyse) -> None:
    content = text(regular(6, 4))
    first = analyse(content, "--json", "--seed", 2**63 - 1).out
    assert analyse(content, "--json", "--seed", 2**63 - 1).out == first
    assert analyse(content, "--json", "--seed", 0).out != first


def test_the_order_of_the_rows_and_of_the_columns_changes_nothing(analyse: Analyse) -> None:
    rows = [(*row, weight) for row, weight in zip(regular(6, 4), itertools.cycle("1234"), strict=False)]
    heading = "reviewer,application,score,weight\n"
    first = strict(analyse(text(rows, heading), "--json", "--k", 2))
    random.Random(1).shuffle(rows)
    turned = [(weight, "", score, application, reviewer) for reviewer, application, score, weight in rows]
    again = strict(analyse(text(turned, "WEIGHT,, Score ,Application,Reviewer\n"), "--json", "--k", 2))
    assert first | {"sha256": ""} == again | {"sha256": ""}


def test_without_k_there_is_no_chance_of_being_among_the_best_and_with_all_it_is_certain(analyse: Analyse) -> None:
    content = text(regular(5, 4))
    chances = {
        k: {of["p_top_k"] for of in strict(analyse(content, "--json", *words))["applications"].values()}
        for k, words in ((None, ()), (5, ("--k", 5)), (10**30, ("--k", 10**30)))
    }
    assert chances == {None: {None}, 5: {1.0}, 10**30: {1.0}}


def test_an_application_and_a_reviewer_without_a_score_are_listed_and_not_ranked(analyse: Analyse) -> None:
    rows = regular(6, 4)
    record = strict(analyse(text([*rows, ("new", "b", "NA"), ("r0", "b", "")]), "--json", "--k", 2))
    whole = strict(analyse(text(rows), "--json", "--k", 2))
    assert record["applications"] == whole["applications"] | {"b": dict.fromkeys(APPLICATION) | {"n": 0}}
    assert record["reviewers"] == whole["reviewers"] | {"new": dict.fromkeys(REVIEWER) | {"n": 0}}
    assert codes(record) == ["empty_scores", "unscored"]


# --- what the scores do not bear ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        pytest.param([], "no_scores", id="a heading alone"),
        pytest.param([("x", "a", "NA")], "no_scores", id="no score at all"),
        pytest.param([("x", "a", "3")], "one_application", id="one row"),
        pytest.param(
            [(r, "a", s) for r, s in zip("vwxyz", "12345", strict=True)], "one_application", id="one application"
        ),
        pytest.param(regular(6, 1), "one_reviewer", id="one reviewer"),
        pytest.param(regular(6, 2), "too_few_reviewers", id="two reviewers"),
        pytest.param(regular(2, 6), "too_few_applications", id="two applications"),
        pytest.param([(r, a, "3") for r, a, _ in regular(6, 4)], "no_spread", id="no variation"),
        pytest.param([(r, a, a[1:]) for r, a, _ in regular(6, 4)], "perfect_fit", id="all reviewers agree"),
        pytest.param([(r, a, r[1:]) for r, a, _ in regular(6, 4)], "perfect_fit", id="only reviewers differ"),
        pytest.param([(f"r{i}", f"a{i}", str(i % 3)) for i in range(9)], "disconnected", id="one review each"),
        pytest.param(
            [(f"{side}{r}", f"{side}{a}", s) for side in "xy" for r, a, s in regular(4, 4)],
            "disconnected",
            id="two panels",
        ),
        pytest.param(
            [(f"r{i + d}", f"a{i}", str((i * d + i) % 4)) for i in range(6) for d in (0, 1)],
            "too_few_reviews",
            id="a chain",
        ),
    ],
)
def test_scores_that_bear_no_ranking_end_in_a_named_outcome(
    analyse: Analyse, rows: list[tuple[str, str, str]], outcome: str
) -> None:
    answer = analyse(text(rows), "--json", "--k", 2)
    assert (answer.code, answer.err) == (0, "")
    record = strict(answer)
    assert (record["outcome"], codes(record)[0], record["draws"]) == (outcome, outcome, 0)
    assert len(record["warnings"][0]) > len(outcome) + 20, "the code is followed by its sentence"
    for of in record["applications"].values():
        ranked = ("adjusted", "sd", "expected_rank", "pcer", "rank_q05", "rank_q95", "p_top_k")
        assert {of[name] for name in ranked} == {None}
    assert {of["severity"] for of in record["reviewers"].values()} <= {None}
    scored = {a for _, a, s in rows if s != "NA"}
    assert {name for name, of in record["applications"].items() if of["mean"] is not None} == scored
    shown = analyse(text(rows), "--k", 2)
    assert shown.code == 0
    assert record["warnings"][0] in shown.err.splitlines()


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param(
            [(r, a, str(4 if (r, a) == ("r0", "a000") else 3)) for r, a, _ in regular(6, 4)], "tau_zero", id="one"
        ),
        pytest.param(
            [(r, a, str((int(a[1:]) + int(r[1:])) % 4)) for r, a, _ in regular(4, 4)], "all_ties", id="all ties"
        ),
        pytest.param([*regular(6, 4), ("new", "a000", "5")], "few_reviews_of_reviewer", id="a reviewer with one"),
    ],
)
def test_a_weak_ranking_says_so_beside_its_figures(
    analyse: Analyse, rows: list[tuple[str, str, str]], code: str
) -> None:
    record = strict(analyse(text(rows), "--json"))
    assert record["outcome"] is None
    assert code in codes(record)
    assert all(of["expected_rank"] is not None for of in record["applications"].values())


def test_scores_of_any_size_give_the_same_ranks(analyse: Analyse) -> None:
    rows = regular(6, 4)
    ranks = []
    for write in ("{}", "{}e9", "{}e-11", "1000000000"):
        written = [(r, a, write.format(s) if "{" in write else str(int(s) + int(write))) for r, a, s in rows]
        record = strict(analyse(text(written), "--json"))
        ranks.append([of["expected_rank"] for of in record["applications"].values()])
    assert ranks[1:] == [pytest.approx(ranks[0], abs=0.01)] * 3


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words", "line", "column", "value"),
    [
        pytest.param("", (), 1, "reviewer", "", id="an empty file"),
        pytest.param("reviewer,score\nx,1\n", (), 1, "application", "", id="a column missing"),
        pytest.param(HEADING + "x,a,good\n", (), 2, "score", "good", id="text as a score"),
        pytest.param(HEADING + "x,a,1\nx,b,1\nx,a,2\n", (), 4, "reviewer", "x", id="a review twice"),
        pytest.param(HEADING.encode() + b"\xe4,a,1\n", (), 2, "reviewer", "0xE4", id="Latin-1"),
        pytest.param(HEADING + "x,a,3,5\n", (), 2, "4", "5", id="a cell too many"),
        pytest.param(HEADING + "x,a,7\n", ("--prior", "snsf"), 2, "score", "7", id="another scale than the Swiss"),
        pytest.param(HEADING + "x,a,1\nx,b,1.0000000001\n", (), 3, "score", "1.0000000001", id="differences too small"),
        pytest.param(HEADING + "x,a,\x1b[31m\n", (), 2, "score", "\x1b[31m", id="a command to the terminal"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_column(
    analyse: Analyse, tmp_path: Path, content: str | bytes, words: tuple[str, ...], line: int, column: str, value: str
) -> None:
    out = tmp_path / "out.json"
    answer = analyse(content, "--json", out, *words)
    assert (answer.code, answer.out) == (2, "")
    record = json.loads(out.read_text("utf-8"))
    assert (record["file"], record["refused"]) == ("reviews.csv", "1 fault; nothing was analysed.")
    (fault,) = record["faults"]
    assert (fault["line"], fault["column"], fault["value"]) == (line, column, value)
    shown = value.replace("\x1b", "\ufffd") or "–"
    assert answer.err.splitlines() == [
        f"Line {line}, column {column}: {shown} – {fault['problem']}",
        "1 fault; nothing was analysed.",
    ]


def test_ten_faults_are_shown_and_all_of_them_written(analyse: Analyse, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    answer = analyse(HEADING + "".join(f"x,a{n},?\n" for n in range(12)), "--json", out)
    assert [fault["line"] for fault in json.loads(out.read_text("utf-8"))["faults"]] == list(range(2, 14))
    assert len(answer.err.splitlines()) == 11
    assert answer.err.endswith("\n12 faults; nothing was analysed.\n")


@pytest.mark.parametrize("words", [("--k", 0), ("--k", "x"), ("--seed", -1), ("--seed", 2**63), ("--prior", "mine")])
def test_an_option_that_is_not_accepted_is_refused(analyse: Analyse, words: tuple[object, ...]) -> None:
    answer = analyse(text(regular(5, 4)), *words)
    assert (answer.code, answer.out) == (2, "")
    assert str(words[0]) in answer.err


def test_places_that_cannot_be_read_or_written_are_refused_before_the_work(manage: Manage, tmp_path: Path) -> None:
    file = tmp_path / "reviews.csv"
    file.write_text(text(regular(5, 4)), "utf-8")
    before = file.read_bytes()
    for words in (
        (tmp_path / "none.csv",),
        (tmp_path,),
        (file, "--json", file),
        (file, "--json", tmp_path),
        (file, "--json", tmp_path / "none" / "out.json"),
    ):
        answer = manage("analyse", *words)
        assert (answer.code, answer.out) == (2, "")
        assert str(tmp_path) in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["reviews.csv"]
    assert file.read_bytes() == before


def test_a_file_whose_name_is_no_text_is_analysed(manage: Manage, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"\xff\xe4.csv")
    file.write_text(text(regular(5, 4)), "utf-8")
    answer = manage("analyse", file, "--json")
    assert (answer.code, strict(answer)["file"]) == (0, "\ufffd\ufffd.csv")


def test_no_database_is_opened_for_it(analyse: Analyse, manage: Manage) -> None:
    assert analyse(text(regular(5, 4))).code == 0
    assert not Path(manage.url.removeprefix("sqlite:///")).exists()


# --- on the screen -----------------------------------------------------------------------------------------------


def test_the_screen_shows_the_components_and_the_applications_from_the_best_on(analyse: Analyse) -> None:
    answer = analyse(text(table(SHROUT_FLEISS)))
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0] == (
        "Standard deviations: applications (tau) 1.5986, reviewers (nu) 2.2901, residual (sigma) 1.0097. "
        "REML criterion 91.2787."
    )
    assert lines[1] == "Application: mean, adjusted mean, expected rank [90 % interval]"
    assert [line.split()[:3] for line in lines[2:]] == [
        ["5", "7.50", "7.30"],
        ["3", "6.50", "6.39"],
        ["1", "6.00", "5.94"],
        ["6", "4.75", "4.80"],
        ["4", "4.00", "4.12"],
        ["2", "3.00", "3.21"],
    ]


def test_the_words_are_finnish_or_swedish_and_the_codes_the_same(analyse: Analyse) -> None:
    finnish, swedish = (strict(analyse(text(regular(6, 1)), "--json", lang=lang)) for lang in ("fi", "sv"))
    assert finnish["warnings"] == [
        "one_reviewer: Kaikki pisteet ovat yhden arvioijan antamia. Arvioijan ankaruutta ei voida päätellä. Siksi "
        "näytetään vain korjaamattomat keskiarvot."
    ]
    assert swedish["warnings"] == [
        "one_reviewer: Alla poäng har getts av en och samma bedömare. Det går inte att avgöra om bedömaren är sträng. "
        "Därför visas endast de ojusterade medelvärdena."
    ]
    assert finnish | {"warnings": []} == swedish | {"warnings": []}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "fi",
            "Rivi 2, sarake score: hyvä – Pistemäärä on luku, joka on vähintään -1e12 ja enintään 1e12, esimerkiksi 4 "
            "tai 3,5. Jos pistemäärää ei ole, solu on tyhjä tai siinä on NA.\n1 virhe. Mitään ei analysoitu.\n",
        ),
        (
            "sv",
            "Rad 2, kolumn score: hyvä – Ett poängtal är ett tal mellan -1e12 och 1e12, till exempel 4 eller 3,5. Om "
            "poäng saknas är cellen tom eller innehåller NA.\n1 fel. Ingenting analyserades.\n",
        ),
    ],
)
def test_a_refusal_is_said_in_the_language_that_was_asked_for(analyse: Analyse, lang: str, said: str) -> None:
    answer = analyse(HEADING + "x,a,hyvä\n", lang=lang)
    assert (answer.code, answer.out, answer.err) == (2, "", said)
