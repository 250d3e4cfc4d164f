"""``rank``, ``allocate`` and ``export``."""

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from storage.engine import make_engine
from tests.support.worlds import CALL, CALL_ID, CASES, TERMINAL
from tests.terminal.commands import Manage
from workflow.house import House
from workflow.saved_scenarios import save_scenario
from workflow.scenarios import RULES, default_scenario


def test_the_ranking_is_shown_with_what_is_not_scored(in_panel: Manage) -> None:
    said = in_panel("rank", "--call", "2022", lang="fi")
    assert said.code == 1, "some are not scored"
    lines = said.out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["1", CASES[0]],
        ["2", CASES[1]],
        *(["–", case] for case in CASES[2:]),
    ]
    record = in_panel("rank", "--call", "2022", "--json")
    first = record.json["applications"][0]
    assert (first["case_number"], first["rank"], first["mean"], first["reviews"], first["assigned"]) == (
        CASES[0],
        1,
        4.0,
        3,
        3,
    )
    assert record.json["applications"][2]["mean"] is None


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_accounts_for_every_euro(in_sample: Manage, rule: str) -> None:
    said = in_sample("allocate", "--call", "2022", "--rule", rule, "--json")
    record = said.json
    assert said.code == (0 if record["status"] == "optimal" else 1)
    assert record["spent"] == sum(award["granted"] for award in record["awards"])
    assert record["spent"] + record["remaining"] == record["appropriation"] == 10_000_000
    shown = in_sample("allocate", "--call", "2022", "--rule", rule, lang="sv")
    assert shown.code == said.code
    assert len(shown.out.splitlines()) == len(record["awards"]) + 2


def test_parameters_are_taken_from_the_options(in_panel: Manage) -> None:
    said = in_panel(
        "allocate", "--call", "2022", "--appropriation", "120 000 €", "--threshold", "3,75", "--smallest-grant", "1000",
        "--largest-grant", "50000", "--objective", "score_of_funded", "--json",
    )  # fmt: skip
    assert said.code == 0
    assert (said.json["appropriation"], said.json["spent"]) == (120_000, 50_000)
    said = in_panel(
        "allocate", "--call", "2022", "--rule", "lp", "--appropriation", "120000", "--threshold", "2", "--json"
    )
    assert (said.code, said.json["spent"]) == (0, 120_000)


@pytest.mark.parametrize(
    "words",
    [
        ["--appropriation", "paljon"],
        ["--appropriation", "-5"],
        ["--appropriation", "9" * 40],
        ["--appropriation", "1000000000000000"],
        ["--smallest-grant", "1,5"],
        ["--threshold", "hyvä"],
        ["--threshold", "nan"],
        ["--threshold", "inf"],
        ["--threshold", "1e999999999"],
        ["--threshold", "٣"],
        ["--rule", "lp", "--smallest-grant", "20000"],
        ["--rule", "lottery"],
        ["--objective", "fame"],
        ["--json", "none/x.json"],
    ],
)
def test_parameters_that_cannot_be_are_refused_in_words(in_panel: Manage, words: list[str]) -> None:
    said = in_panel("allocate", "--call", "2022", *words)
    assert (said.code, said.out) == (2, "")
    assert said.err.strip()


def test_the_decision_workbook_is_written(in_sample: Manage, tmp_path: Path) -> None:
    target = tmp_path / "paatos.xlsx"
    record = in_sample("export", "--call", "2022", "--out", target, "--json", lang="fi")
    assert record.code == 0
    data = target.read_bytes()
    file = {"call": "2022", "file": str(target), "bytes": len(data)}
    assert record.json == {**file, "status": "optimal", "stage": "draft", "hash": record.json["hash"]}
    assert len(record.json["hash"]) == 64
    assert load_workbook(io.BytesIO(data)).sheetnames[0] == "Päätöslista"
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    for place in (tmp_path / "none" / "x.xlsx", tmp_path):
        assert in_sample("export", "--call", "2022", "--out", place).code == 2


def test_a_saved_scenario_is_exported_by_its_name(in_panel: Manage, tmp_path: Path) -> None:
    engine = make_engine(in_panel.url)
    save_scenario(House(engine), TERMINAL, CALL_ID, "Perus", default_scenario(CALL, "rank_skip"))
    engine.dispose()
    target = tmp_path / "paatos.xlsx"
    assert in_panel("export", "--call", "2022", "--out", target, "--scenario", "Perus").code == 0
    said = in_panel("export", "--call", "2022", "--out", tmp_path / "x.xlsx", "--scenario", "Toinen")
    assert (said.code, said.err.strip()) == (2, "There is no scenario Toinen. Saved: Perus.")
    said = in_panel("export", "--call", "2022", "--out", tmp_path / "x.xlsx", "--scenario", "Perus", "--rule", "lp")
    assert (said.code, said.err.strip()) == (2, "--rule cannot be given with --scenario.")
    said = in_panel("export", "--call", "2022", "--out", tmp_path / "x.xlsx", "--decision", "1", "--scenario", "Perus")
    assert (said.code, said.err.strip()) == (2, "--scenario cannot be given with --decision.")
    said = in_panel("export", "--call", "2022", "--out", tmp_path / "x.xlsx", "--decision", "1")
    assert (said.code, said.err.strip()) == (2, "There is no decision 1. Known: –.")
    assert not (tmp_path / "x.xlsx").exists()


def test_every_form_and_variant_of_a_draft_is_written_with_the_same_hash(in_panel: Manage, tmp_path: Path) -> None:
    hashes = set()
    for form in ("xlsx", "json", "csv", "snapshot", "letters"):
        for variant in ("full",) if form in ("snapshot", "letters") else ("full", "pseudonymised", "plain"):
            target = tmp_path / f"{variant}.{form}"
            words = ("--call", "2022", "--out", target, "--format", form, "--variant", variant, "--json")
            said = in_panel("export", *words)
            assert (said.code, said.json["bytes"]) == (0, target.stat().st_size)
            hashes.add(said.json["hash"])
    assert len(hashes) == 1
    full, coded = (json.loads((tmp_path / f"{variant}.json").read_bytes()) for variant in ("full", "pseudonymised"))
    assert full["tables"] == coded["tables"]
    assert (bool(full["reviewers"]), coded["reviewers"]) == (True, {})
