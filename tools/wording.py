"""What can be told of a translation without knowing the language: its places, and signs of careless writing."""

import re
import string
from collections.abc import Iterator

Key = tuple[str, ...]
"""(text,) or (singular, plural)."""


def places(text: str) -> set[str]:
    """The ``{named}`` places of a text. Raises ValueError where a brace is not closed."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def place_faults(key: Key, forms: tuple[str, ...]) -> Iterator[str]:
    """Places that the words lack or have too many of; a singular may say its number in words."""
    if len(forms) != len(key):
        yield f"{len(key)} forms are needed, {len(forms)} given"
        return
    everything = set().union(*map(places, key))
    for i, form in enumerate(forms):
        try:
            have = places(form)
        except ValueError as error:
            yield f"braces: {error}"
            continue
        may_lack = {"n"} if len(key) == 2 and i == 0 else set()
        if lacking := places(key[i]) - have - may_lack:
            yield f"lacks {sorted(lacking)}"
        if unknown := have - everything:
            yield f"has unknown places {sorted(unknown)}"


STYLE = {
    r"!": "an exclamation mark",
    r"\S  +\S": "two spaces",
    r"\.\.\.": "three full stops instead of …",
    r"^[ \t]|[ \t]$": "a space at the beginning or end",
}
NORDIC_STYLE = {
    r'"': "a straight quotation mark (write ”)",
    r"\w'\w": "a straight apostrophe (write ’)",
    r"[\d}]%": "a per cent sign without a space",
    r"[\d}]€": "a euro sign without a space",
    r"“|„": "a foreign quotation mark (write ”)",
}


def style_faults(key: Key, forms: tuple[str, ...], lang: str) -> Iterator[str]:
    """Cheap signs of careless writing. What stands in backticks is code and is not looked at."""
    rules = STYLE if lang == "en" else STYLE | NORDIC_STYLE
    for source, form in zip(key, forms, strict=False):
        words = re.sub(r"`[^`]*`", "`x`", form)
        yield from (f"{what}: {form!r}" for sign, what in rules.items() if re.search(sign, words))
        if lang != "en" and form == source and len(re.findall(r"[A-Za-z]{2,}(?![\w]*})", form)) > 2:
            yield "not translated"
        if " " in source and source.endswith((".", "?", ":")) != form.endswith((".", "?", ":")):
            yield f"does not end as the source does: {form!r}"
