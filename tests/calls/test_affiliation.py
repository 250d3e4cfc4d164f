"""Ties between a person's municipality or employer and the parties of an application."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.affiliation import (
    Affiliation,
    employer_fault,
    find_municipality,
    match,
    near_municipalities,
    normal_name,
    parties_of,
)
from calls.application import Application, Coordinator, Municipality, Partner
from calls.register import register
from locales import render
from tests.support.worlds import SOUND

YEAR = 2022
JOINT = Partner("joint_authority", "Varsinais-Suomen kuntayhtymä", None, (Municipality("680", "Raisio"),))
APPLICATION = replace(
    SOUND,
    coordinator=Coordinator("Turun kaupunki", "0204819-8", "853"),
    partners=(
        Partner("municipality", "Turun kaupunki", "853"),
        Partner("municipality", "Kaarina", None),
        JOINT,
        Partner("joint_authority", "Tieto Oy"),
    ),
)
NAMES = [(entry.code, name) for entry in register(YEAR).entries for name in (entry.name_fi, entry.name_sv)]


def words(municipality: str = "", employer: str = "", application: Application = APPLICATION) -> list[str]:
    found = match(Affiliation(municipality, employer), parties_of(application, YEAR), YEAR)
    assert found is None or found.kind == "employment"
    return [] if found is None else [render(sentence, "en") for sentence in found.evidence]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("853", ["The recorded municipality, Turku, is the coordinating applicant."]),
        ("202", ["The recorded municipality, Kaarina, is a partner."]),
        ("680", ["The recorded municipality, Raisio, is a member of the partner Varsinais-Suomen kuntayhtymä."]),
        ("091", []),
        ("", []),
    ],
)
def test_a_municipality_is_found_among_coordinator_partners_and_members(code: str, said: list[str]) -> None:
    assert words(municipality=code) == said


@pytest.mark.parametrize(
    "employer",
    ["Turun kaupunki", "  turun  KAUPUNKI ", "Turku", "Åbo stad", "Turku kaupunki", "turun kaupunki, 2046873-7"],
)
def test_the_coordinator_is_found_by_every_way_to_write_its_name(employer: str) -> None:
    assert words(employer=employer) == [
        f"The recorded employer, {' '.join(employer.split())}, is the coordinating applicant."
    ]


@pytest.mark.parametrize("employer", ["0204819-8", "Kuka tahansa 0204819-8"])
def test_the_same_business_id_is_the_coordinator(employer: str) -> None:
    assert words(employer=employer) == [
        "The recorded employer has the business ID 0204819-8 of the coordinating applicant, Turun kaupunki."
    ]


@pytest.mark.parametrize(
    ("employer", "said"),
    [
        ("TIETO", "The recorded employer, TIETO, is a partner."),
        ("Kaarinan kaupunki", "The recorded employer, Kaarinan kaupunki, is a partner."),
        ("Raisio", "The recorded employer, Raisio, is a member of the partner Varsinais-Suomen kuntayhtymä."),
        ("Varsinais-Suomen  Kuntayhtymä", "The recorded employer, Varsinais-Suomen Kuntayhtymä, is a partner."),
    ],
)
def test_partners_and_members_are_found_as_employers(employer: str, said: str) -> None:
    assert words(employer=employer) == [said]


@pytest.mark.parametrize(
    "employer",
    [
        "",
        "kaupunki",
        "Oy Ab",
        "Turun yliopisto",
        "Turunen",
        "Turun kaupunginteatteri",
        "Kaari",
        "Helsinki",
        "1234567-1",
    ],
)
def test_who_is_no_party_is_not_proposed(employer: str) -> None:
    assert words(employer=employer) == []


def test_municipality_and_employer_are_both_said() -> None:
    assert words("202", "Turun kaupunki") == [
        "The recorded municipality, Kaarina, is a partner.",
        "The recorded employer, Turun kaupunki, is the coordinating applicant.",
    ]


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_a_municipality_as_an_employer_is_a_party_when_it_takes_part(
    own: tuple[str, str], other: tuple[str, str]
) -> None:
    application = replace(APPLICATION, coordinator=Coordinator(own[1], "1234567-1", own[0]), partners=())
    names = {entry.code: {entry.name_fi, entry.name_sv} for entry in register(YEAR).entries}
    assert words(employer=f"{own[1].upper()} kaupunki", application=application)
    assert bool(words(employer=other[1], application=application)) == (own[0] == other[0] or other[1] in names[own[0]])


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_compared(employer: str, name: str) -> None:
    application = replace(APPLICATION, coordinator=Coordinator(name, "", None), partners=())
    found = words(employer=employer, application=application)
    if normal_name(employer) and normal_name(employer) == normal_name(name):
        assert found


@given(st.text(max_size=40))
def test_a_normal_name_stays_as_it_is(name: str) -> None:
    assert normal_name(normal_name(name)) == normal_name(name)


@pytest.mark.parametrize("text", ["853", "Turku", " åbo ", "Åbo stad", "TURKU kaupunki"])
def test_a_municipality_is_found_by_code_and_by_name(text: str) -> None:
    found = find_municipality(text)
    assert found is not None
    assert found.code == "853"


def test_a_municipality_that_has_ceased_is_found_in_the_last_register_that_has_it() -> None:
    found = find_municipality("Honkajoki")
    assert found is not None
    assert found.code == "099"


def test_a_municipality_that_does_not_exist_has_near_names() -> None:
    assert find_municipality("Turkku") is None
    assert near_municipalities("Turkku")[0] == "Turku"
    assert near_municipalities("¤¤¤") == near_municipalities("") == []


@pytest.mark.parametrize(
    ("employer", "fault"),
    [
        ("", None),
        ("Turun kaupunki 0204819-8", None),
        ("0204819-7", "0204819-7 is not a business ID: its check digit is wrong."),
        ("x" * 201, "The employer is not accepted: give a name, a business ID or both, at most 200 characters."),
        ("a\x00b", "The employer is not accepted: give a name, a business ID or both, at most 200 characters."),
    ],
)
def test_an_employer_is_refused_when_it_is_too_long_or_its_business_id_is_wrong(
    employer: str, fault: str | None
) -> None:
    found = employer_fault(employer)
    assert (None if found is None else render(found, "en")) == fault
