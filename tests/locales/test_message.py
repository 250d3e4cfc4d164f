"""Messages: rendered in each language, with every kind of value, counted, and marked in the pseudo-locale."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import LANGUAGES, PSEUDO, LocalText, Message, Money, Param, msg, msgn, pick_language, render
from locales.catalogue import catalogue

NAME = LocalText(fi="Prosessin muutos", sv="Processförändring", en="Process change")
NBSP = "\u00a0"

# Texts that no catalogue has, so that what is tested is the filling in; the code's own are in test_catalogues.
SAY = Message


@pytest.mark.parametrize(
    ("value", "fi", "sv", "en"),
    [
        ("Äänekoski", "Äänekoski", "Äänekoski", "Äänekoski"),
        ("{braces} and %s", "{braces} and %s", "{braces} and %s", "{braces} and %s"),
        (2022, "2022", "2022", "2022"),
        (Money(1_234_567), "1_234_567_€", "1_234_567_€", "€1,234,567"),
        (Money(-1), "−1_€", "−1_€", "-€1"),
        (Decimal("3.5"), "3,50", "3,50", "3.50"),
        (Fraction(11, 3), "3,67", "3,67", "3.67"),
        (date(2020, 10, 5), "5.10.2020", "5.10.2020", "5 October 2020"),
        (
            datetime(2020, 10, 5, 13, 15, tzinfo=UTC),
            "5.10.2020 klo 16.15",
            "5.10.2020 kl. 16.15",
            "5 October 2020 at 16:15",
        ),
        (NAME, "Prosessin muutos", "Processförändring", "Process change"),
        (
            [NAME, "Oulu", Money(2)],
            "Prosessin muutos, Oulu, 2_€",
            "Processförändring, Oulu, 2_€",
            "Process change, Oulu, €2",
        ),
        ([], "", "", ""),
    ],
)
def test_render_writes_each_kind_of_value(value: Param, fi: str, sv: str, en: str) -> None:
    message = SAY("<{value}>", {"value": value})
    expected = [f"<{words.replace('_', NBSP)}>" for words in (fi, sv, en)]
    assert [render(message, lang) for lang in LANGUAGES] == expected


def test_render_inner_message_in_the_same_language() -> None:
    message = SAY("{a} / {b}", {"a": SAY("{name}", {"name": NAME}), "b": SAY("plain")})
    assert render(message, "fi") == "Prosessin muutos / plain"


@given(text=st.text())
def test_render_leaves_data_as_it_is(text: str) -> None:
    assert [render(text, lang) for lang in (*LANGUAGES, PSEUDO)] == [text] * 4
    assert render(SAY("<{value}>", {"value": text}), "fi") == f"<{text}>"


@pytest.mark.parametrize("lang", [*LANGUAGES, PSEUDO])
def test_render_fails_loudly_where_a_value_is_missing(lang: str) -> None:
    with pytest.raises(KeyError, match="case"):
        render(SAY("{case} of {total}", {"total": 3}), lang)


def test_render_in_the_pseudo_locale_marks_every_text_of_ours() -> None:
    message = msg("Outer {inner} {data}", inner=msg("inner"), data="VN/1/2020")
    assert render(message, PSEUDO) == "⟦Outer ⟦inner⟧ VN/1/2020⟧"
    assert render(NAME, PSEUDO) == "⟦Process change⟧"
    assert render(msgn("{n} row", "{n} rows", 2), PSEUDO) == "⟦2 rows⟧"


@pytest.mark.parametrize(("n", "words"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (101, "101 rows")])
def test_msgn_counts(n: int, words: str) -> None:
    assert render(msgn("{n} row", "{n} rows", n), "en") == words
    assert msgn("{n} row", "{n} rows", n) == Message("{n} row", {"n": n}, "{n} rows", n)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_catalogue_has_words_for_each_form(lang: str) -> None:
    texts = catalogue(lang)
    assert texts
    assert all(form for forms in texts.values() for form in forms)
    assert {len(forms) for forms in texts.values()} <= {1, 2}


def test_catalogue_of_a_counted_text_is_used_by_number() -> None:
    singular, forms = next((key, forms) for key, forms in catalogue("fi").items() if len(forms) == 2)
    one, many = (render(Message(singular, {}, "plural", n), "fi") for n in (1, 2))
    assert (one, many) == forms


@pytest.mark.parametrize(
    ("wishes", "lang"),
    [
        (("sv", "en"), "sv"),
        ((None, "en"), "en"),
        (("de", "EN", ""), "fi"),
        ((PSEUDO,), "fi"),
        ((), "fi"),
    ],
)
def test_pick_language_takes_the_first_of_ours(wishes: tuple[str | None, ...], lang: str) -> None:
    assert pick_language(*wishes) == lang


def test_pick_language_takes_the_pseudo_locale_where_allowed() -> None:
    assert pick_language(PSEUDO, allow=(*LANGUAGES, PSEUDO)) == PSEUDO
