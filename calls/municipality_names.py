"""Whether a municipality's stated name is that of its code: names come inflected, in two languages, with a title.

The rule, for a code that is in the register:

* A name that is exactly some municipality's, with or without words such as *kaupunki*, *kunta*, *stad* or *kommun*,
  belongs to that municipality and to no other.
* Else one word of the name must begin as a word of the register's Finnish or Swedish name does: with three letters
  in common, or the whole of a shorter name. Three is what inflection leaves of the shortest (Turku – Turun, Lahti –
  Lahden, Hanko – Hangon). No other municipality may share a longer beginning with that word (Kemijärven is of
  Kemijärvi, not of Kemi).
"""

from os.path import commonprefix

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
    return any(_begins_as(word, own) and _longest(word, own) >= _longest(word, register.words) for word in words)


def _begins_as(word: str, names: set[str]) -> bool:
    return any(len(commonprefix((word, name))) >= min(_SHARED, len(name)) for name in names)


def _longest(word: str, names: frozenset[str] | set[str]) -> int:
    return max(len(commonprefix((word, name))) for name in names)
