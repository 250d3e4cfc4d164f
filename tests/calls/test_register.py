import pytest

from calls.register import RegisterEntry, RegisterYearError, register, register_years
from locales import LocalText, render


def test_register_years_have_the_published_numbers_of_municipalities() -> None:
    assert {year: len(register(year).entries) for year in register_years()} == {2020: 310, 2022: 309}


def test_register_entry_holds_the_facts_of_the_year() -> None:
    assert register(2022).by_code["499"] == RegisterEntry(
        code="499",
        name_fi="Mustasaari",
        name_sv="Korsholm",
        region_code="15",
        region=LocalText("Pohjanmaa", "Österbotten", "Ostrobothnia"),
        languages=("sv", "fi"),
        settlement=register(2022).by_code["499"].settlement,
        population=register(2022).by_code["499"].population,
    )


def test_register_2022_lacks_only_honkajoki_of_2020() -> None:
    assert set(register(2020).by_code) - set(register(2022).by_code) == {"099"}
    assert register(2022).by_name("Honkajoki") is None
    honkajoki = register(2020).by_name("honkajoki")
    assert honkajoki is not None
    assert honkajoki.population is None


@pytest.mark.parametrize("name", ["Helsinki", "Helsingfors", "HELSINGFORS", "  helsinki "])
def test_register_by_name_finds_finnish_and_swedish_names(name: str) -> None:
    found = register(2020).by_name(name)
    assert found is not None
    assert (found.code, found.name("fi"), found.name("sv"), found.name("en")) == (
        "091", "Helsinki", "Helsingfors", "Helsinki",
    )  # fmt: skip


def test_register_find_trusts_the_code_before_the_name() -> None:
    assert register(2020).find("853", "Espoo") == register(2020).by_name("Turku")
    assert register(2020).find(None, "Espoo") == register(2020).by_code["049"]
    assert register(2020).find("999", "Espoo") is None


def test_register_codes_are_unique_and_every_field_is_filled() -> None:
    for year in register_years():
        entries = register(year).entries
        assert [entry.code for entry in entries] == sorted({entry.code for entry in entries})
        for entry in entries:
            assert entry.name_fi
            assert entry.name_sv
            assert all((entry.region.fi, entry.region.sv, entry.region.en))
            assert set(entry.languages) <= {"fi", "sv"}
            assert entry.settlement in ("urban", "semi-urban", "rural")
            assert entry.population is None or entry.population > 0


def test_register_of_unknown_year_names_the_years_there_are() -> None:
    with pytest.raises(KeyError) as raised:
        register(2019)
    assert isinstance(raised.value, RegisterYearError)
    assert render(raised.value.message, "fi") == ("Vuodelta 2019 ei ole kuntarekisteriä. Hyväksytään: 2020, 2022.")
