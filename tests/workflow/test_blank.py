"""A text of characters that nobody sees is no text."""

import pytest

from workflow.blank import is_blank


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u2060\ufeff", "\x00\x1f", "\ud800", "\u202e\u00a0"])
def test_what_nobody_sees_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", " . ", "\u200bä", "0"])
def test_what_can_be_seen_is_not(text: str) -> None:
    assert not is_blank(text)
