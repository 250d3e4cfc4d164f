"""Spellings of one case number meet under one key; other case numbers do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.case_number import is_unseen, same_case


@pytest.mark.parametrize(
    "text",
    [
        "VN/900/2022",
        "vn/900/2022",
        "VN/ 900/2022",
        " VN/900/2022\n",
        "VN/\N{NO-BREAK SPACE}900/2022",
        "VN/\N{ZERO WIDTH SPACE}900/2022",
        "\ufeffVN/900/2022",
        "VN/9\N{SOFT HYPHEN}00/2022",
        "VN/9\ufe0f00/2022",
        "\N{RIGHT-TO-LEFT OVERRIDE}VN/900/2022",
        "\N{FULLWIDTH LATIN CAPITAL LETTER V}N/900/2022",
    ],
)
def test_spellings_of_one_case_number_have_one_key(text: str) -> None:
    assert same_case(text) == "vn/900/2022"


def test_dashes_of_every_kind_are_one_hyphen() -> None:
    dashes = "\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{HYPHEN}"
    assert {same_case(f"OKM{dash}1") for dash in ("-", *dashes)} == {"okm-1"}


@pytest.mark.parametrize("text", ["VN/900/2023", "VN/9000/2022", "VN/90/02022", "VM/900/2022", "VN-900/2022"])
def test_other_case_numbers_have_other_keys(text: str) -> None:
    assert same_case(text) != same_case("VN/900/2022")


@given(st.text(), st.text(), st.sampled_from(" \t\u00a0\u00ad\u200b\u200d\u2060\ufe0f\ufeff"))
def test_what_is_not_seen_changes_no_key(start: str, end: str, unseen: str) -> None:
    key = same_case(start + unseen + end)
    assert key == same_case(start + end)
    assert not any(is_unseen(char) or char.isspace() for char in key)
