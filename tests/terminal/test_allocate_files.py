"""``allocate`` over files: a list of projects and a scenario, without a database."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from allocation.scenario_toml import write_scenario
from storage.engine import make_engine
from tests.support.worlds import TERMINAL
from tests.terminal.commands import Answer, Manage
from workflow.house import House
from workflow.scenario_file import project_file
from workflow.scenarios import RULES, default_scenario, run_scenario

PROJECTS = """id,score,applied,min_grant,theme,region,pop
A,4,100000,,a,01,1000
B,3.5,200000,,b,06,50
C,7/2,150000,,a,01,400
D,2,50000,,b,01,3
E,,50000,,b,01,
"""
SCENARIO = """appropriation = 300000
rule = "milp"
threshold = 2.5
tie_rule = ["pop"]
[[constraint]]
name = "Theme a"
where = { theme = "a" }
max = 120000
"""


class Desk:
    """A folder with the two files, and the command run on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.projects = folder / "projects.csv"
        self.scenario = folder / "scenario.toml"
        self.manage = Manage("sqlite:////nowhere/at/all.db")
        self.projects.write_text(PROJECTS, encoding="utf-8")
        self.scenario.write_text(SCENARIO, encoding="utf-8")

    def run(self, *words: object, lang: str = "en") -> Answer:
        """Without a database: the address given leads nowhere."""
        return self.manage("allocate", self.projects, "--scenario", self.scenario, *words, lang=lang)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_files_are_distributed_without_a_database(desk: Desk) -> None:
    target = desk.folder / "out.json"
    said = desk.run("--json", target)
    assert (said.code, said.err) == (0, "")
    record = json.loads(target.read_text("utf-8"))
    reasons = [award.pop("reason") for award in record["awards"]]
    assert all(reasons)
    assert record.pop("seconds") >= 0
    assert record == {
        "status": "optimal",
        "objective": 1_100_000,
        "bound": 1_100_000,
        "gap": 0,
        "spent": 300_000,
        "remaining": 0,
        "awards": [
            {"id": "A", "granted": 100_000, "funded": True, "code": "funded_full"},
            {"id": "B", "granted": 200_000, "funded": True, "code": "funded_full"},
            {"id": "C", "granted": 0, "funded": False, "code": record["awards"][2]["code"]},
            {"id": "D", "granted": 0, "funded": False, "code": "below_threshold"},
            {"id": "E", "granted": 0, "funded": False, "code": "not_scored"},
        ],
        "ties": [],
        "duals": {},
        "sums": [
            {
                "name": "the appropriation",
                "rule": "appropriation",
                "sum": "grant",
                "value": 300_000,
                "lower": None,
                "upper": 300_000,
                "binding": True,
            },
            {
                "name": "Theme a",
                "rule": "constraint:Theme a",
                "sum": "grant",
                "value": 100_000,
                "lower": None,
                "upper": 120_000,
                "binding": False,
            },
        ],
    }
    assert len(said.out.splitlines()) == 7


def test_standard_output_is_json_alone(desk: Desk) -> None:
    said = desk.run("--json", "-")
    assert said.json["spent"] == 300_000


@pytest.mark.parametrize(
    ("tie_rule", "funded"),
    [('["pop"]', "F"), ('["id"]', "B"), ('["lot"]', "?"), ("[]", ""), ('["applied", "id"]', "B")],
)
def test_ties_are_separated_as_the_scenario_says_whatever_the_order(desk: Desk, tie_rule: str, funded: str) -> None:
    rows = ["B,3,100,,b,06,50", "F,3,100,,b,06,60", "G,1,100,,b,06,60"]
    desk.scenario.write_text(f'appropriation = 100\nrule = "milp"\nseed = 3\ntie_rule = {tie_rule}\n')
    found = set()
    for order in (rows, rows[::-1]):
        desk.projects.write_text("\n".join([PROJECTS.splitlines()[0], *order]))
        said = desk.run("--json", "-")
        assert said.code == 0
        found.add("".join(award["id"] for award in said.json["awards"] if award["funded"]))
        assert bool(said.err) == (tie_rule == "[]")
    assert found == {funded} if funded != "?" else len(found) == 1 and found < {"B", "F"}


def test_a_tie_rule_by_a_column_that_is_not_stated_is_refused(desk: Desk) -> None:
    desk.projects.write_text(PROJECTS.replace("400", ""))
    said = desk.run("--json", "-")
    assert (said.code, said.out) == (2, "")
    assert said.err == "scenario.toml: Line 4: The tie rule compares pop, which is not stated for C.\n"


def test_what_collides_ends_with_three_and_the_smallest_relaxations(desk: Desk) -> None:
    desk.scenario.write_text('appropriation = 300000\nrule = "milp"\n[[constraint]]\nname = "Much"\nmin = 400000\n')
    target, book = desk.folder / "out.json", desk.folder / "out.xlsx"
    said = desk.run("--json", target, "--out", book)
    assert said.code == 3
    assert said.err.splitlines() == [
        "No distribution satisfies every rule",
        "These rules cannot all be met at once: the appropriation, Much.",
        "Raise the appropriation by €100,000 to €400,000.",
        "Lower the floor of “Much” by €100,000 to €300,000.",
    ]
    record = json.loads(target.read_text("utf-8"))
    assert (record["status"], record["spent"], record["remaining"]) == ("infeasible", 0, 300_000)
    assert [one["rule"] for one in record["conflict"]["rules"]] == ["appropriation", "constraint:Much"]
    assert [one["euros"] for one in record["conflict"]["ways"]] == [100_000, 100_000]
    assert load_workbook(book).sheetnames[3] == "Conflict"


def test_a_threshold_of_a_column_that_is_not_stated_names_its_line(desk: Desk) -> None:
    desk.projects.write_text(PROJECTS.replace("400", ""))
    desk.scenario.write_text(SCENARIO.replace("2.5", "{ pop = 1 }").replace('tie_rule = ["pop"]\n', ""))
    said = desk.run("--json", "-")
    assert said.err == "scenario.toml: Line 3: pop is missing for C; missing is not 0.\n"


def test_the_search_for_what_collides_keeps_the_time_limit(desk: Desk) -> None:
    """One limit for all its solves: with many projects there are dozens of them."""
    rows = [f"P{i},{i % 97},{1000 + i * 7919 % 9973}" for i in range(1500)]
    desk.projects.write_text("\n".join(["id,score,applied", *rows]))
    floor = '[[constraint]]\nname = "Many"\nsum = "count"\nmin = 1499\n'
    desk.scenario.write_text(f'appropriation = 4000000\nrule = "milp"\ntime_limit = 2\n{floor}')
    started = time.monotonic()
    said = desk.run("--json", "-")
    assert time.monotonic() - started < 12
    assert (said.code, "Many" in said.err) == (3, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('rule = "milp"\n', "scenario.toml: appropriation is missing."),
        (SCENARIO + "maks = 3\n", "scenario.toml: Line 9: constraint[1].maks: the key is not known (value 3)."),
        (SCENARIO.replace("theme = ", "them = "), 'scenario.toml: Line 7: constraint[1].where.them: "them" is not acc'),
        (SCENARIO.replace("300000", "300000.5"), "scenario.toml: Line 1: appropriation: 300000.5 is not accepted."),
        (SCENARIO.replace("milp", "lp").replace("[[", 'exclusive = [["A", "B"]]\n[['), "scenario.toml: Line 5: exclus"),
        (SCENARIO.replace("2.5", "2.5\nforce = { in = ['Z'] }"), 'scenario.toml: Line 4: force.in.Z: "Z" is not'),
        ("rule = ", "scenario.toml: Line 1, column 8"),
        (
            SCENARIO.replace("max = 120000", "min_share = 0.5\nmax_share = 0.2"),
            "scenario.toml: Line 9: constraint[1].max_share: 0.2 is not accepted. Accepted: at least the smallest sum 0.5",
        ),
        (
            SCENARIO.replace("[[", 'dependent = [["A", "A"]]\n[['),
            'scenario.toml: Line 5: dependent[1]: "A" is not accepted. Accepted: a project that needs others than itself.',
        ),
        (SCENARIO + "[[exclusive]]\nids = ['A', 'B']\n", "scenario.toml: Line 9: exclusive[1].projects is missing."),
        (SCENARIO.replace("2.5", '2.5\ntime_limit = "5"'), 'scenario.toml: Line 4: time_limit: "5" is not accepted.'),
        (SCENARIO.replace("2.5", "2.5\nmax_share = 0.85"), "scenario.toml: Line 4: The largest share of the eligible"),
    ],
)
def test_a_bad_scenario_ends_with_two_and_writes_nothing(desk: Desk, text: str, words: str) -> None:
    desk.scenario.write_text(text)
    said = desk.run("--json", desk.folder / "out.json", "--out", desk.folder / "out.xlsx")
    assert (said.code, said.out) == (2, "")
    assert any(line.startswith(words) for line in said.err.splitlines()), said.err
    assert sorted(path.name for path in desk.folder.iterdir()) == ["projects.csv", "scenario.toml"]


def test_a_minimum_of_a_project_is_no_matter_for_the_linear_programme(desk: Desk) -> None:
    desk.projects.write_text(PROJECTS.replace("100000,,", "100000,5000,"))
    desk.scenario.write_text('appropriation = 5\nrule = "lp"\n')
    said = desk.run("--json", "-")
    assert said.code == 2
    assert "min_grant: the rule lp" in said.err


def test_the_faults_of_both_files_are_told_together(desk: Desk) -> None:
    desk.projects.write_text(PROJECTS.replace("4,100000", "x\x1b[31m,1.5"))
    desk.scenario.write_text("rule = 5\n")
    said = desk.run("--json", "-")
    assert said.code == 2
    assert [line.partition(" – ")[0].partition(" is ")[0] for line in said.err.splitlines()] == [
        "projects.csv: Row 2, column score: x�[31m",
        "projects.csv: Row 2, column applied: 1.5",
        "scenario.toml: appropriation",
        "scenario.toml: Line 1: rule: 5",
    ]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["none.csv"],
        ["none.csv", "--call", "2022"],
        ["none.csv", "--scenario", "none.toml"],
        ["--call", "2022", "--scenario", "none.toml", "--rule", "lp"],
        ["--call", "2022", "--out", "x.xlsx"],
    ],
)
def test_words_that_do_not_go_together_are_refused(manage: Manage, words: list[str]) -> None:
    said = manage("allocate", *words)
    assert (said.code, said.out) == (2, "")
    assert said.err


def test_no_file_is_written_over_what_is_read(desk: Desk) -> None:
    for target in (desk.projects, desk.scenario):
        for option in ("--json", "--out"):
            said = desk.run(option, target)
            assert (said.code, "is the file that is read" in said.err) == (2, True)
    assert desk.projects.read_text() == PROJECTS
    assert desk.run("--json", desk.folder / "one", "--out", desk.folder / "one").code == 2
    assert not (desk.folder / "one").exists()


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_workbook_has_the_awards_the_rules_and_every_parameter(desk: Desk, lang: str) -> None:
    desk.projects.write_text(PROJECTS.replace("\nA,", "\n=A,"))
    target = desk.folder / "out.xlsx"
    assert desk.run("--out", target, lang=lang).code == 0
    book = load_workbook(target)
    awards, scenario, rules, ties = book.worksheets
    assert [awards.cell(8, column).value for column in range(1, 5)] == ["=A", 4, 100_000, 100_000]
    assert awards.cell(8, 1).data_type == "s"
    assert [awards.cell(row, 4).value for row in (3, 4, 5)] == [
        f"='{scenario.title}'!$B$5" if " " in scenario.title else f"={scenario.title}!$B$5",
        "=SUM($D$8:$D$12)",
        "=D3-D4",
    ]
    assert [awards.cell(13, column).value for column in (3, 4)] == ["=SUM($C$8:$C$12)", "=SUM($D$8:$D$12)"]
    values = load_workbook(target, data_only=True).worksheets[0]
    assert [values.cell(row, 4).value for row in (3, 4, 5)] == [300_000, 300_000, 0]
    assert values.cell(13, 5).value == 2
    assert scenario.cell(5, 2).value == 300_000
    assert [rules.cell(6, column).value for column in (1, 3, 4, 5)] == ["Theme a", 100_000, "–", 120_000]
    assert ties.max_row == 5


def test_a_scenario_file_goes_with_a_call_too(in_panel: Manage, tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('appropriation = 120000\nrule = "rank_skip"\nthreshold = 3.75\nlargest_grant = 50000\n')
    said = in_panel("allocate", "--call", "2022", "--scenario", file, "--json")
    assert (said.code, said.json["spent"], said.json["rule"]) == (0, 50_000, "rank_skip")
    file.write_text("rule = 5\n")
    assert in_panel("allocate", "--call", "2022", "--scenario", file).code == 2


@pytest.mark.parametrize("call_id", ["2020", "2022"])
def test_what_is_downloaded_gives_the_same_awards_in_the_terminal(in_sample: Manage, desk: Desk, call_id: str) -> None:
    engine = make_engine(in_sample.url)
    first = run_scenario(House(engine), TERMINAL, call_id)
    for rule in RULES:
        tiers = default_scenario(first.call, rule).tiers
        own = replace(first.scenario, rule=rule, tiers=tiers, smallest_grant=0, reserve=1_000_000)
        run = run_scenario(House(engine), TERMINAL, call_id, own)
        desk.projects.write_bytes(project_file(run))
        desk.scenario.write_text(write_scenario(run.scenario, "Oma"), encoding="utf-8")
        said = desk.run("--json", "-")
        awards: list[dict[str, Any]] = said.json["awards"]
        assert {one["id"]: (one["granted"], one["code"]) for one in awards} == {
            one.id: (one.granted, one.code) for one in run.allocation.awards
        }
        assert said.json["ties"] == [list(group) for group in run.allocation.ties]
    engine.dispose()
