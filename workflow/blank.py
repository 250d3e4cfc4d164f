"""Whether a text says anything: one of characters that nobody sees says nothing."""

import unicodedata


def is_blank(text: str) -> bool:
    """Whether ``text`` is made of white space, controls and other characters that are not seen, or of nothing."""
    return all(unicodedata.category(char)[0] in "CZ" for char in text)
