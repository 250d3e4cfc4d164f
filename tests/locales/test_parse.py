import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import LANGUAGES, format_money, render
from locales.parse import LARGEST_EUROS, MoneyError, parse_euros

AMOUNTS = st.one_of(
    st.integers(0, LARGEST_EUROS), st.integers(0, 99_999), st.sampled_from([0, 999, 1000, LARGEST_EUROS])
)


@given(AMOUNTS, st.sampled_from(LANGUAGES))
def test_money_as_written_in_any_language_reads_back(euros: int, lang: str) -> None:
    assert parse_euros(format_money(euros, lang)) == euros


@given(
    AMOUNTS, st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", "\u2007"]), st.sampled_from(["", ",00", ".00", ",0"])
)
def test_money_with_any_space_between_thousands_and_cents_of_zero_reads_back(
    euros: int, space: str, cents: str
) -> None:
    assert parse_euros(f"{euros:,}".replace(",", space) + cents + f"{space}€") == euros


@given(AMOUNTS, st.integers(1, 99))
def test_money_with_cents_is_never_read(euros: int, cents: int) -> None:
    with pytest.raises(MoneyError):
        parse_euros(f"{euros},{cents:02}")


@given(st.text(max_size=80))
def test_money_from_any_text_is_whole_euros_or_a_refusal(text: str) -> None:
    try:
        euros = parse_euros(text)
    except MoneyError as error:
        said = render(error.message, "fi")
    else:
        said = str(euros) if 0 <= euros <= LARGEST_EUROS else ""
    assert said


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("1 234 567 €", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1234567", 1_234_567),
        ("1 234 567,00 €", 1_234_567),
        ("1.234,00", 1234),
        ("1,234.00", 1234),
        ("€1,234", 1234),
        ("2 500,-", 2500),
        ("500 euroa", 500),
        ("EUR 500", 500),
        ("0", 0),
        ("1234.0", 1234),
    ],
)
def test_money_in_an_accepted_form_is_read(text: str, euros: int) -> None:
    assert parse_euros(text) == euros


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2500,75", "The amount has cents."),
        ("1 234,5", "The amount has cents."),
        ("-5", "The amount is negative."),
        ("−1 000 €", "The amount is negative."),
        ("-€5", "The amount is negative."),
        (
            "1.234",
            "The amount can be read in two ways: as thousands or as decimals. Write it with a space or without a separator.",
        ),
        (
            "1,234 €",
            "The amount can be read in two ways: as thousands or as decimals. Write it with a space or without a separator.",
        ),
        ("1.234.00", "The text is not an amount in euros."),
        ("1 234.567", "The text is not an amount in euros."),
        ("12 34", "The text is not an amount in euros."),
        ("1e6", "The text is not an amount in euros."),
        ("1,5 M€", "The text is not an amount in euros."),
        ("٣", "The text is not an amount in euros."),
        ("", "The amount is empty."),
        ("1" * 61, "The text is too long for an amount."),
        ("1 000 000 000 001", "The amount is larger than €1,000,000,000,000."),
    ],
)
def test_money_in_a_doubtful_form_is_refused(text: str, reason: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_euros(text)
    assert render(refused.value.message, "en") == reason
