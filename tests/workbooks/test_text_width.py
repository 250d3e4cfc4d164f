"""Lines of a long text in a cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbooks.text_width import lines_in


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("Hakemus hylätään.", 1),
        ("a\n\nb", 3),
        # A line of a column of 100 takes 90 to 110 letters of a Finnish text.
        ("Hakemus on haun ehtojen mukainen. " * 6, 2),
        ("W" * 100, 2),
        ("漢" * 100, 2),
    ],
)
def test_lines_are_those_of_arial(text: str, lines: int) -> None:
    assert lines_in(text, 100) == lines


@given(st.text("Wil mÄ\n", max_size=200), st.text("Wil mÄ", max_size=50), st.floats(3, 120))
def test_more_text_never_takes_fewer_lines(text: str, more: str, width: float) -> None:
    assert text.count("\n") + 1 <= lines_in(text, width) <= lines_in(text + more, width)
    assert lines_in(text, width) <= lines_in(text, width / 2)
