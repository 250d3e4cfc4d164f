"""Names of reviewers in texts for applicants: found in any form, without taking common words for names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.naming import reviewers_named

NAMES = {
    "Malla Mallikas",
    "Elli Esimerkki",
    "Sam Sample",
    "Tauno Testaaja",
    "Edit Exempelsson",
    "Salla Salo",
    "Arvi Arvioija",
}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Malla Mallikkaan arvio oli virheellinen.", "Malla Mallikas"),
        ("Elli Esimerkin mukaan hanke ei toteudu.", "Elli Esimerkki"),
        ("Ks. Sample, Sam.", "Sam Sample"),
        ("T. Testaaja oli toista mieltä.", "Tauno Testaaja"),
        ("Edit E. Exempelsson var jävig.", "Edit Exempelsson"),
        ("tauno.testaaja palautti sen.", "Tauno Testaaja"),
        ("malla mallikas", "Malla Mallikas"),
        ("Malla Malli\u200bkas ja Malla\u00a0Mallikas", "Malla Mallikas"),
        ("Mallikas antoi liian alhaisen pisteen.", "Malla Mallikas"),
        ("Samplen arvio oli väärä.", "Sam Sample"),
        ("Exempelssons bedömning ändras.", "Edit Exempelsson"),
        ("Salla Salon pisteet", "Salla Salo"),
        ("Arvioija R05 antoi tason 1.", "Arvioija R05"),
        ("Bedömaren  R05 gav nivå 1.", "Bedömaren R05"),
    ],
)
def test_a_reviewer_is_found_however_the_name_is_written(text: str, named: str) -> None:
    assert reviewers_named(NAMES, text) == [named]


def test_a_name_that_holds_more_than_letters_is_found_as_it_is_written() -> None:
    assert reviewers_named({"Panelist 5"}, "As panelist\n5 wrote") == ["Panelist 5"]


@pytest.mark.parametrize(
    "text",
    [
        "Salon kaupungin hankkeen pistemäärä on 3,20.",
        "Arviointien määrä: 3. Arvioijien arvioinnit on käsitelty kokouksessa. Arvioijan arviointi puuttuu.",
        "Sample of the data, as an example.",
        "Suomi.fi-palvelut ja R12-kylmäaine eivät kuulu hankkeeseen.",
        "Esimerkki hyvästä hankkeesta.",
        "",
    ],
)
def test_common_words_and_places_are_no_reviewers(text: str) -> None:
    assert reviewers_named(NAMES, text) == []


@given(st.text(), st.sets(st.text(max_size=30), max_size=3))
def test_any_text_and_any_names_are_looked_at(text: str, names: set[str]) -> None:
    assert reviewers_named(names, text) == sorted(
        set(reviewers_named(names, text)), key=reviewers_named(names, text).index
    )


@given(st.sampled_from(sorted(NAMES)), st.text(alphabet="abc .,\n", max_size=20))
def test_a_name_as_it_is_written_is_found_in_any_text(name: str, around: str) -> None:
    assert name in reviewers_named({name}, f"{around} {name} {around}")
