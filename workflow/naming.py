"""Whether a text names a reviewer: reasons speak of the panel, never of one reviewer."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from calls.register import register, register_years

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SENTENCE = re.compile(r"[.!?]\s+|\n")
_CODE = re.compile(r"\b(?:arvioij|bedömar|reviewer)\w*\s+R\d{2,3}\b", re.IGNORECASE)
"""What a reviewer is called where names are left out."""
_ROLES = ("arvioija", "bedömare", "reviewer")
_ENDINGS = "n|in|a|ä|ta|tä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|na|nä|s|ns|en|ia|iä|lainen|läinen"
"""What Finnish and Swedish add to a name as it is."""
_ABOUT_REVIEWS = re.compile(r"arvio|piste|pistä|bedöm|poäng|review|score|rated", re.IGNORECASE)
_LONGEST_ENDING, _CHANGED, _LEAST = 6, 3, 3


def reviewers_named(names: Iterable[str], text: str) -> list[str]:
    """Those of ``names`` (of reviewers, each at least two words) that stand in ``text``, and codes of reviewers.

    Found in any case of the language, the surname first, with an initial for the given name, or with a dot between as in
    a user name. A surname alone counts in a sentence that speaks of reviews: by itself it may be a place or a common word.
    """
    clean = _UNSEEN.sub("", text)
    folded = " ".join(clean.split()).casefold()
    # Of thousands of texts few hold anything like a name; only those are looked at word by word.
    likely = [name for name in names if " " in name.strip() and _stem(name.split()[-1].casefold()) in folded]
    words = [found.group() for found in _WORD.finditer(clean)]
    about = [_WORD.findall(one) for one in _SENTENCE.split(clean) if _ABOUT_REVIEWS.search(one)]
    people = {
        name for name in likely if " ".join(name.split()).casefold() in folded or _is_named(name.split(), words, about)
    }
    return sorted(people) + sorted({" ".join(found.group().split()) for found in _CODE.finditer(clean)})


def _is_named(name: list[str], words: list[str], about: list[list[str]]) -> bool:
    given, surname = name[0], name[-1]
    for one, other in _neighbours(words, len(name)):
        if _are(given, surname, one, other) or _are(given, surname, other, one):
            return True
    if surname in _places() or surname.casefold() in _ROLES:
        return False
    alone = re.compile(f"{re.escape(surname)}(?:{_ENDINGS})?")
    return any(alone.fullmatch(word) for sentence in about for word in sentence)


def _neighbours(words: list[str], most: int) -> Iterator[tuple[str, str]]:
    """Pairs of words that a given name and a surname may be, further given names between them."""
    for at, word in enumerate(words):
        for other in words[at + 1 : at + most]:
            yield word, other


def _are(given: str, surname: str, one: str, other: str) -> bool:
    """Whether two words are a person: as the name is written, or as cases of it or an initial, in capitals."""
    if (one.casefold(), other.casefold()) == (given.casefold(), surname.casefold()):
        return True
    initial = one == given[0].upper()
    return one[0].isupper() and other[0].isupper() and (initial or _is_form(given, one)) and _is_form(surname, other)


def _is_form(name: str, word: str) -> bool:
    """Whether ``word`` may be a case of ``name``: its beginning is that of the name, and its end is an ending."""
    name, word = name.casefold(), word.casefold()
    same = next((at for at, (a, b) in enumerate(zip(name, word, strict=False)) if a != b), min(len(name), len(word)))
    return same >= len(_stem(name)) and len(word) - same <= _LONGEST_ENDING


def _stem(name: str) -> str:
    """What every case of a name begins with."""
    return name[: max(len(name) - _CHANGED, min(len(name), _LEAST))]


@cache
def _places() -> frozenset[str]:
    """Names of municipalities, which reasons speak of."""
    return frozenset(
        name for year in register_years() for one in register(year).entries for name in (one.name_fi, one.name_sv)
    )
