"""From the applicants' file to the letters: both sample calls carried through to an approved decision.

The sums of each stage are those of the stage before, reckoned from what each stage itself says.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from docx import Document

from access.permissions import Actor
from calls.presets import preset
from decisions.snapshot import faults, from_bytes
from locales import format_money
from sample_data.load import CALLS
from storage.engine import make_engine
from tests.support.server import ROOT
from tests.support.whole import Whole, carry_through
from tests.support.worlds import Clock, broken_invariants
from workflow.decision_export import Source, export_file, export_json, export_letters, export_snapshot, export_workbook
from workflow.house import House
from workflow.verification import verify


@dataclass
class Finished:
    """The sample database with both calls decided."""

    house: House
    clock: Clock
    calls: dict[str, Whole]


@pytest.fixture(scope="module")
def finished(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    copy = tmp_path_factory.mktemp("whole") / "sample.db"
    shutil.copy(sample_file, copy)
    clock = Clock()
    house = House(make_engine(f"sqlite:///{copy}"), clock)
    yield Finished(house, clock, {call_id: carry_through(house, clock, call_id) for call_id in CALLS})
    house.engine.dispose()


@pytest.fixture(params=CALLS)
def whole(request: pytest.FixtureRequest, finished: Finished) -> Whole:
    return finished.calls[request.param]


def test_the_sums_of_each_stage_are_those_of_the_stage_before(whole: Whole) -> None:
    at = whole.stages
    every = ("applications", "applied", "costs")
    assert {key: at["decision"][key] for key in every} == {key: at["import"][key] for key in every}
    outside = at["import"]["costs"] - at["costs"]["costs"]
    assert at["decision"]["accepted"] == at["costs"]["accepted"] + outside
    assert 0 < at["costs"]["accepted"] < at["costs"]["costs"]
    assert at["eligibility"]["applied"] <= at["import"]["applied"]
    assert at["decision"]["levels"] == at["reviews"]["levels"] + at["consensus"]["levels"]
    assert at["decision"]["reviews"] == at["reviews"]["reviews"] + at["consensus"]["agreed"]
    appropriation = preset(whole.call_id).money.appropriation.value
    assert at["scenario"]["granted"] + at["scenario"]["remaining"] == appropriation
    by_hand = {"2020": 0, "2022": 5_000}[whole.call_id]
    assert at["proposal"]["granted"] == at["scenario"]["granted"] - by_hand == whole.decision.granted
    assert {stage: at[stage]["granted"] for stage in ("decision", "workbook", "letters")} == dict.fromkeys(
        ("decision", "workbook", "letters"), at["proposal"]["granted"]
    )
    assert (at["workbook"]["applied"], at["workbook"]["accepted_costs"]) == (
        at["decision"]["applied"],
        at["decision"]["accepted"],
    )
    assert at["decision"]["approved"] == at["scenario"]["funded"]
    assert at["letters"]["fi"] + at["letters"]["sv"] == at["import"]["applications"]
    assert min(at["letters"]["fi"], at["letters"]["sv"]) > 0


@pytest.mark.parametrize(("lang", "variant"), [("fi", "full"), ("sv", "pseudonymised"), ("en", "plain")])
def test_every_workbook_of_the_decision_proves_itself(
    finished: Finished, whole: Whole, lang: str, variant: str
) -> None:
    house, of = finished.house, whole.decision.id
    data = export_workbook(house, whole.officer, whole.call_id, lang, variant=variant, decision_id=of)
    snapshot = export_snapshot(house, whole.officer, whole.call_id, decision_id=of)
    report = verify(data, "decision.xlsx", whole.decision.hash, snapshot)
    assert (report.ok, report.findings, report.hash) == (True, (), whole.decision.hash)
    assert not verify(data, "decision.xlsx", whole.decision.proposal_hash).ok


def test_a_frozen_decision_is_exported_to_the_byte_whenever_and_by_whomever(finished: Finished, whole: Whole) -> None:
    forms = ("xlsx", "json", "csv", "snapshot", "letters")

    def files(who: Actor) -> list[bytes]:
        return [
            export_file(finished.house, who, whole.call_id, form, "sv", decision_id=whole.decision.id).data
            for form in forms
        ]

    first = files(whole.officer)
    finished.clock.forward(days=400)
    assert files(whole.decider) == first


def test_another_process_clock_time_zone_and_language_give_the_same_bytes(finished: Finished, tmp_path: Path) -> None:
    whole = finished.calls["2022"]
    url, target = str(finished.house.engine.url), tmp_path / "elsewhere.xlsx"
    elsewhere = {"TZ": "Pacific/Auckland", "LANG": "sv_SE.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "12345"}
    words = ["--database", url, "--lang", "fi", "export", "--call", whole.call_id, "--out", str(target)]
    for of, said in (
        (Source(decision_id=whole.decision.id), ["--decision", "1", "--variant", "pseudonymised"]),
        (Source(scenario_id=whole.scenario_id), ["--scenario", "Päätös", "--variant", "pseudonymised"]),
    ):
        here = export_workbook(finished.house, whole.decider, whole.call_id, "fi", variant="pseudonymised", **of)
        subprocess.run(
            [sys.executable, "manage.py", *words, *said], cwd=ROOT, env={**os.environ, **elsewhere}, check=True
        )
        assert target.read_bytes() == here


def test_every_form_states_the_published_hash(finished: Finished, whole: Whole) -> None:
    house, of = finished.house, whole.decision.id
    read, stated = from_bytes(export_snapshot(house, whole.decider, whole.call_id, decision_id=of))
    assert (stated, faults(read, stated)) == (whole.decision.hash, ())
    record = json.loads(export_json(house, whole.decider, whole.call_id, decision_id=of, variant="pseudonymised"))
    assert (record["hash"], record["reviewers"]) == (whole.decision.hash, {})
    made = export_file(house, whole.decider, whole.call_id, "csv", "fi", decision_id=of)
    assert (made.hash, made.stage, made.status) == (whole.decision.hash, "decision", "optimal")


def test_every_applicant_gets_a_letter_in_the_own_language(finished: Finished, whole: Whole) -> None:
    house, of = finished.house, whole.decision.id
    record = json.loads(export_json(house, whole.decider, whole.call_id, decision_id=of))
    rows = {row["case_number"].replace("/", "-"): row for row in record["tables"]["applications"]}
    people = {one["name"] for one in record["reviewers"].values()}
    with zipfile.ZipFile(io.BytesIO(export_letters(house, whole.decider, whole.call_id, decision_id=of))) as archive:
        letters = [name for name in archive.namelist() if name.endswith(".docx")]
        assert len(letters) == len(rows)
        for name in letters:
            case, lang, _ = name.rpartition("/")[2].split(".")
            row = rows.pop(case)
            assert lang == row["language"]
            # Every letter has its language and amount; the text of a few is read whole.
            if len(rows) % 7:
                continue
            said = _text(archive.read(name))
            assert row["reasons"].split("\n\n")[0][:60] in said
            assert row["status"] != "approved" or format_money(row["granted"], lang) in said
            assert not [name for name in people if name in said]
    assert rows == {}


def test_every_invariant_holds_after_both_decisions(finished: Finished) -> None:
    assert broken_invariants(finished.house) == []


def _text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
