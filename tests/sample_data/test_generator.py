"""The invented applications: how many, how much, marked, and the same everywhere."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from calls.application import Application
from calls.business_id import is_valid_business_id
from calls.presets import preset
from calls.register import register
from sample_data.generator import applications, awkward, is_marked_fictional, qualities, sample_calls

CALLS = ("2020", "2022")
ROOT = Path(__file__).parents[2]


def _plain(call_id: str) -> list[Application]:
    odd = awkward(call_id)
    return [application for application in applications(call_id) if application.case_number not in odd]


def test_sample_calls_are_the_two_presets() -> None:
    assert sample_calls() == CALLS


@pytest.mark.parametrize(("call_id", "count", "swedish"), [("2020", 61, 7), ("2022", 49, 5)])
def test_applications_of_a_call_counted(call_id: str, count: int, swedish: int) -> None:
    found = applications(call_id)
    assert len(found) == count
    assert sum(application.language == "sv" for application in found) == swedish
    assert [application.case_number for application in found] == [
        f"ESIM/{call_id}/{number:03d}" for number in range(1, count + 1)
    ]
    arrivals = [application.arrived_at for application in found]
    assert arrivals == sorted(arrivals)
    assert set(qualities(call_id)) == {application.case_number for application in found}


def test_applications_under_another_hash_seed_are_the_same() -> None:
    code = "from sample_data import generator as g, panel as p; " + "; ".join(
        f"print(g.applications('{call_id}'), p.panel('{call_id}'), p.eligibility_decisions('{call_id}'))"
        for call_id in CALLS
    )
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=120
        )
        digests.add(hashlib.sha256(done.stdout).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("call_id", CALLS)
def test_amounts_look_like_the_published_ones(call_id: str) -> None:
    amounts = sorted(application.applied for application in applications(call_id))
    appropriation = preset(call_id).money.appropriation.value
    assert 17 * appropriation <= 10 * sum(amounts) <= 22 * appropriation
    assert 30_000 <= amounts[0] <= 40_000
    assert 1_000_000 <= amounts[-1] <= 1_200_000


@pytest.mark.parametrize("call_id", CALLS)
def test_costs_and_funding_add_up(call_id: str) -> None:
    for application in applications(call_id):
        assert all(amount >= 0 for amount in application.costs.values())
        other = application.other_public_funding or 0
        assert application.applied + application.own_funding + other == application.eligible_costs
        if awkward(call_id).get(application.case_number) == "grant_share":
            assert application.applied * 100 == application.eligible_costs * 86
        else:
            assert application.applied * 10_000 <= application.eligible_costs * 8_500


@pytest.mark.parametrize("call_id", CALLS)
def test_every_application_is_marked_fictional(call_id: str) -> None:
    assert all(is_marked_fictional(application) for application in applications(call_id))


@pytest.mark.parametrize("call_id", CALLS)
def test_texts_differ_between_applications(call_id: str) -> None:
    plain = _plain(call_id)
    for field in ("project_name", "summary", "process_change", "consortium"):
        texts = [getattr(application, field) for application in plain]
        assert len(set(texts)) == len(texts), field


@pytest.mark.parametrize("call_id", CALLS)
def test_texts_have_no_unfilled_places(call_id: str) -> None:
    for application in applications(call_id):
        texts = (application.project_name, application.summary, application.process_change, application.consortium)
        assert not any("{" in text or "}" in text for text in texts)


@pytest.mark.parametrize("call_id", CALLS)
def test_partners_are_in_the_register_of_the_year(call_id: str) -> None:
    known = register(preset(call_id).applicants.register_year)
    for application in applications(call_id):
        stated = [one for partner in application.partners for one in partner.municipalities]
        unknown = [one.name for one in stated if known.find(one.code, one.name) is None]
        honkajoki = awkward(call_id).get(application.case_number) == "municipalities_exist"
        assert unknown == (["Honkajoki"] if honkajoki else [])
        for one in stated:
            entry = known.find(one.code, one.name)
            assert entry is None or one.name in (entry.name_fi, entry.name_sv)
    counts = [len({m.code for p in a.partners for m in p.municipalities}) for a in _plain(call_id)]
    assert min(counts) == 2
    assert max(counts) <= 9


@pytest.mark.parametrize("call_id", CALLS)
def test_joint_authorities_are_plainly_fictional(call_id: str) -> None:
    names = {
        partner.name
        for application in applications(call_id)
        for partner in application.partners
        if partner.kind == "joint_authority"
    }
    assert names
    assert all(name.startswith(("Esimerkkikuntayhtymä ", "Exempelsamkommunen ")) for name in names)
    assert any(application.coordinator.code is None for application in applications(call_id))


@pytest.mark.parametrize("call_id", CALLS)
def test_business_ids_are_of_the_fictional_series(call_id: str) -> None:
    found = [application.coordinator.business_id for application in applications(call_id)]
    assert all(number.startswith("9") for number in found)
    wrong = [case for case, rule in awkward(call_id).items() if rule == "business_id"]
    invalid = [a.case_number for a in applications(call_id) if not is_valid_business_id(a.coordinator.business_id)]
    assert invalid == wrong


def test_late_application_arrived_at_sixteen_past() -> None:
    late = applications("2020")[-1]
    assert awkward("2020")[late.case_number] == "closing"
    assert late.arrived_at == datetime(2020, 10, 5, 13, 16, 20, tzinfo=UTC)


@pytest.mark.parametrize("call_id", CALLS)
def test_arrivals_rush_on_the_last_day(call_id: str) -> None:
    arrivals = [application.arrived_at for application in applications(call_id)]
    last = arrivals[-1].date()
    assert 0.2 <= sum(moment.date() == last for moment in arrivals) / len(arrivals) <= 0.5


def test_awkward_names_begin_like_a_formula_or_are_very_long() -> None:
    names = {a.case_number: a.project_name for call_id in CALLS for a in applications(call_id)}
    assert names["ESIM/2020/019"].startswith("=")
    assert names["ESIM/2022/010"].startswith("+")
    assert len(names["ESIM/2022/033"]) > 200


def test_unknown_call_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        applications("1999")
