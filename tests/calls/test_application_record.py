import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.application import Application, Coordinator, Language, Municipality, Partner
from calls.application_record import RecordError, changed_fields, field_label, from_record, to_record
from locales import render
from tests.calls.samples import AUTHORITY, SOUND, application

EUROS = st.integers(0, 10**12)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=3)), timezone(timedelta(hours=-11))])
EPOCH = datetime(1990, 1, 1, tzinfo=UTC)
MOMENTS = st.builds(
    lambda after, zone: (EPOCH + after).astimezone(zone), st.timedeltas(timedelta(0), timedelta(days=40_000)), ZONES
)
CODES = st.none() | st.from_regex(r"[0-9]{3}", fullmatch=True)
MUNICIPALITIES = st.builds(Municipality, CODES, st.text())
PARTNERS = st.builds(
    Partner, st.sampled_from(["municipality", "joint_authority"]), st.text(), CODES,
    st.lists(MUNICIPALITIES, max_size=3).map(tuple),
)  # fmt: skip
APPLICATIONS = st.builds(
    Application,
    case_number=st.text(),
    arrived_at=MOMENTS,
    coordinator=st.builds(Coordinator, st.text(), st.text(), CODES),
    language=st.sampled_from(get_args(Language)),
    partners=st.lists(PARTNERS, max_size=3).map(tuple),
    project_name=st.text(),
    theme=st.text(),
    summary=st.text(),
    process_change=st.text(),
    dissemination=st.text(),
    consortium=st.text(),
    costs=st.dictionaries(st.sampled_from(["personnel", "travel", "other", "zebra", "ant"]), EUROS),
    own_funding=EUROS,
    other_public_funding=st.none() | EUROS,
    applied=EUROS,
)


@given(APPLICATIONS)
def test_record_of_any_application_is_read_back_exactly(one: Application) -> None:
    record = to_record(one)
    assert from_record(record) == one
    assert to_record(from_record(json.loads(json.dumps(record)))) == record
    assert changed_fields(one, from_record(record)) == ()


@given(APPLICATIONS)
def test_record_does_not_depend_on_time_zone_or_order_of_costs(one: Application) -> None:
    turned = replace(
        one,
        arrived_at=one.arrived_at.astimezone(timezone(timedelta(hours=5, minutes=30))),
        costs=dict(reversed(list(one.costs.items()))),
    )
    assert json.dumps(to_record(turned)) == json.dumps(to_record(one))


@given(APPLICATIONS, APPLICATIONS)
def test_changed_fields_name_every_difference_and_have_labels(old: Application, new: Application) -> None:
    changed = changed_fields(old, new)
    assert (changed == ()) == (old == new)
    assert set(changed) == set(changed_fields(new, old))
    assert all(render(field_label(field), "fi") for field in changed)


def test_changed_fields_are_in_the_order_of_the_form() -> None:
    new = application(
        applied=1, costs={"travel": 5, "personnel": 80_000}, partners=(AUTHORITY,), summary="Toinen",
        coordinator=Coordinator("Turku", "0245437-2", "853"),
    )  # fmt: skip
    assert changed_fields(SOUND, new) == (
        "coordinator.business_id", "partners", "summary", "costs.travel", "costs.bought_services", "applied",
    )  # fmt: skip


def test_changed_fields_tell_zero_from_not_stated() -> None:
    assert changed_fields(SOUND, application(other_public_funding=None)) == ("other_public_funding",)
    costs = {**SOUND.costs, "travel": 0}
    assert changed_fields(SOUND, application(costs=costs)) == ("costs.travel",)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"applied": "85000"}, "applied"),
        ({"applied": 1.5}, "applied"),
        ({"arrived_at": "yesterday"}, "arrived_at"),
        ({"language": "en"}, "language"),
        ({"partners": [{"kind": "firm", "name": "X"}]}, "partners.0.kind"),
        ({"costs": {"travel": None}}, "costs.travel"),
        ({"colour": "blue"}, "colour"),
        ({"arrived_at": "2020-10-05T10:00:00"}, "arrived_at"),
    ],
)
def test_record_that_is_no_application_is_refused_with_its_place(changes: dict[str, object], place: str) -> None:
    with pytest.raises(RecordError) as raised:
        from_record({**to_record(SOUND), **changes})
    assert place in render(raised.value.message, "en")


def test_field_label_of_unknown_field_is_refused() -> None:
    with pytest.raises(KeyError):
        field_label("colour")


def test_record_of_arrival_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_record(application(arrived_at=SOUND.arrived_at.replace(tzinfo=None)))
