"""Whether a municipality's stated name is that of its code: names come inflected, in two languages, with a title.

The rule, for a code that is in the register:

* A name that is exactly some municipality's, with or without words such as *kaupunki*, *kunta*, *stad* or *kommun*,
  belongs to that municipality and to no other.
* Else the first word that begins as a word of the register's Finnish or Swedish names does decides: three letters in
  common, or the whole of a shorter name. Three is what inflection leaves of the shortest (Turku – Turun, Lahti –
  Lahden, Hanko – Hangon). No other municipality may share a longer beginning with that word (Kemijärven is of
  Kemijärvi, not of Kemi).
"""

from collections.abc import Set

from calls.register import Register, RegisterEntry, name_words

_SHARED = 3


def is_name_of(name: str, entry: RegisterEntry, register: Register) -> bool:
    """Whether ``name`` can mean ``entry``, see above. An empty name says nothing and so contradicts nothing."""
    words = name_words(name)
    if not words:
        return True
    exact = register.by_name(name) or register.by_name(" ".join(words))
    if exact is not None:
        return exact.code == entry.code
    own = {word for stated in (entry.name_fi, entry.name_sv) for word in name_words(stated)}
    for word in (_without_ending(word, register.words) for word in words):
        if word in register.words:
            return word in own
        longest = _shared(word, register.words)
        if longest:
            return _shared(word, own) == longest
    return False


def _without_ending(word: str, names: Set[str]) -> str:
    """Kemin and Kotkans as Kemi and Kotka, so that Kemin is not taken for Keminmaa."""
    return word[:-1] if word[-1] in "ns" and word[:-1] in names else word


def _shared(word: str, names: Set[str]) -> int:
    """The longest beginning that ``word`` shares with one of ``names``; 0 if it is too short to mean anything."""
    lengths = ((_prefix(word, name), len(name)) for name in names)
    return max((shared for shared, length in lengths if shared >= min(_SHARED, length)), default=0)


def _prefix(one: str, other: str) -> int:
    differing = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))
