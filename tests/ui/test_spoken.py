"""Two texts as pieces: what was kept, what was left out, what was added."""

from hypothesis import given
from hypothesis import strategies as st

from ui.spoken import pieces

texts = st.text(alphabet=st.sampled_from("ab \n."), max_size=80)


def side(found: list[tuple[str, str]], left_out: str) -> str:
    """The text without the pieces of one kind."""
    return "".join(text for kind, text in found if kind != left_out)


@given(texts, texts)
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    found = pieces(before, after)
    assert (side(found, "ins"), side(found, "del")) == (before, after)
    assert all("\n" not in text[:-1] for kind, text in found if kind != "same")


def test_difference_is_of_words() -> None:
    assert pieces("Hakemus hylätään nyt.\nLoppu.", "Hakemus hyväksytään nyt.\nLoppu.") == [
        ("same", "Hakemus "),
        ("del", "hylätään "),
        ("ins", "hyväksytään "),
        ("same", "nyt.\nLoppu."),
    ]


def test_long_texts_are_compared_by_lines() -> None:
    assert pieces("yksi kaksi\nkolme", "yksi neljä\nkolme", most=3) == [
        ("del", "yksi kaksi\n"),
        ("ins", "yksi neljä\n"),
        ("same", "kolme"),
    ]
