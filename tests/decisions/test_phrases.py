"""Phrases of the reasons: the program's own, and what is refused in a wording of an official's."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import RULES
from allocation.types import Code, Objective
from calls.findings import _LABELS
from decisions.phrases import (
    DEFAULT,
    GROUPS,
    LANGUAGES,
    LONGEST_PHRASE,
    PHRASES,
    VALUES,
    Language,
    Phrases,
    Wording,
    faults_of,
    fill,
    named_in,
    tidy,
)
from decisions.reason_distribution import BY_ITSELF, BY_RULE
from locales import render

EVERY = [(key, lang) for key in PHRASES for lang in LANGUAGES]


@pytest.mark.parametrize(("key", "lang"), EVERY)
def test_default_phrase_is_itself_accepted_and_calm(key: str, lang: Language) -> None:
    """No fault, one line, no exclamation mark, and a sentence ends as one."""
    text = PHRASES[key].wording.of(lang)
    assert faults_of(key, lang, text) == ()
    assert text == tidy(text)
    assert "!" not in text
    assert "  " not in text
    words = key in ("lot", "condition_rank_order")
    assert words or text[-1] == "." or text.endswith("{reason}")


@pytest.mark.parametrize("key", PHRASES)
def test_default_phrase_holds_the_same_values_in_both_languages(key: str) -> None:
    """What Finnish says with a number, Swedish says with it too."""
    wording = PHRASES[key].wording
    assert sorted(named_in(wording.fi)) == sorted(named_in(wording.sv))
    fi, sv = (sorted(re.findall(r"\d+", re.sub(r"\{\w+\}", "", wording.of(lang)))) for lang in LANGUAGES)
    assert fi == sv


@pytest.mark.parametrize("key", PHRASES)
def test_default_value_stands_where_it_needs_no_inflection(key: str) -> None:
    """No ending is glued to a value: Finnish would need another for every number."""
    for lang in LANGUAGES:
        assert not re.search(r"\}(?::\w|[\w’'-])", PHRASES[key].wording.of(lang)), PHRASES[key].wording.of(lang)


def test_every_group_has_phrases() -> None:
    """The groups that the page lists are those that there are."""
    assert {phrase.group for phrase in PHRASES.values()} == set(GROUPS)


def test_every_value_of_a_phrase_has_words() -> None:
    """What the page tells an official of a value in braces; no words without a value."""
    assert {value for phrase in PHRASES.values() for value in phrase.values} == set(VALUES)


def test_every_code_of_the_allocation_rule_and_objective_has_a_phrase() -> None:
    """A new code, rule or objective without words does not pass."""
    assert set(get_args(Code)) == {*BY_RULE, *BY_ITSELF}
    assert set(get_args(Code)) <= set(PHRASES)
    assert {f"rule_{name}" for name in RULES} <= set(PHRASES)
    assert {f"total_{name}" for name in get_args(Objective)} <= set(PHRASES)


def test_every_rule_of_eligibility_has_a_phrase() -> None:
    """A new rule without words does not pass."""
    assert {f"rule_{rule}" for rule in _LABELS} <= set(PHRASES)


def said(key: str, lang: Language, text: str) -> list[str]:
    """The faults of a wording in English."""
    return [render(fault, "en") for fault in faults_of(key, lang, text)]


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("rejected", "", ["In Finnish: the phrase is empty. Write it, or reset it to the default."]),
        ("rejected", "{applied}.", ["In Finnish: the phrase is empty. Write it, or reset it to the default."]),
        (
            "rejected",
            "Hakemus hylätään.",
            ["In Finnish: the value {applied} is missing. The phrase must name it."],
        ),
        (
            "rejected",
            "Hylätään {applied} {granted}.",
            ["In Finnish: the value {granted} is not known. Accepted: {applied}."],
        ),
        ("dismissed", "Ei {x}.", ["In Finnish: the value {x} is not known. This phrase has no values."]),
        (
            "rejected",
            "Hylätään {applied} {.",
            [
                "In Finnish: a brace stands without its pair, or what it holds is no value. A value is written as {score}."
            ],
        ),
        (
            "rejected",
            "Hylätään {applied!r}.",
            [
                "In Finnish: the value {applied} is missing. The phrase must name it.",
                "In Finnish: a brace stands without its pair, or what it holds is no value. A value is written as {score}.",
            ],
        ),
        ("dismissed", "a\u200bb", ["In Finnish: the phrase has characters that cannot be seen."]),
        (
            "dismissed",
            "a" * (LONGEST_PHRASE + 1),
            [f"In Finnish: the phrase has {LONGEST_PHRASE + 1} characters; at most {LONGEST_PHRASE} are accepted."],
        ),
    ],
)
def test_wording_with_a_fault_is_refused_in_words(key: str, text: str, expected: list[str]) -> None:
    """What is wrong, in which language, and what would be accepted."""
    assert said(key, "fi", text) == expected


def test_optional_value_may_be_left_out() -> None:
    """Only what the reader must be told is required."""
    assert faults_of("rank", "sv", "Placering: {rank}.") == ()


texts = st.text(alphabet=st.sampled_from("ab {}_.!\\:0é\u00a0\n"), max_size=60)
values = st.sampled_from(("{score}", "{lowest}", "{highest}", "{granted}", "{", "}", "{}", "{{score}}", "{score!r}"))


@given(st.lists(st.one_of(texts, values), max_size=8).map("".join))
def test_accepted_wording_is_always_filled_whole(text: str) -> None:
    """What the check accepts holds its required values, fills without an error, and leaves no brace."""
    wording = tidy(text)
    if faults_of("score_consensus", "fi", wording):
        return
    written = {"score": "3,67", "lowest": "1", "highest": "5"}
    filled = fill(wording, written)
    assert "3,67" in filled
    assert not re.search(r"[{}]", filled)


@given(st.text(max_size=80), st.sampled_from(sorted(PHRASES)))
def test_checking_any_text_ends_in_words(text: str, key: str) -> None:
    """Whatever is typed, the answer is faults in words or none."""
    for lang in LANGUAGES:
        for fault in faults_of(key, lang, tidy(text)):
            assert render(fault, "en")


@given(st.text(max_size=80))
def test_tidying_twice_changes_nothing(text: str) -> None:
    """A wording that is kept is kept as it stands."""
    assert tidy(tidy(text)) == tidy(text)


def test_value_that_holds_braces_is_not_filled_again() -> None:
    """An official's reason that mentions {score} stays text."""
    assert fill("Perustelu: {reason}", {"reason": "Katso {score}.", "score": "5"}) == "Perustelu: Katso {score}."


def test_changed_phrase_stands_in_place_of_the_default() -> None:
    """The others stay the program's own."""
    phrases = Phrases({"dismissed": Wording("Tutkimatta.", "Avvisas.")})
    assert phrases.text("dismissed", "sv") == "Avvisas."
    assert phrases.text("rejected", "fi") == DEFAULT.text("rejected", "fi")
