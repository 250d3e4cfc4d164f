"""Case numbers as people write them: when two spellings mean one case, and what no case number may hold."""

import re
import unicodedata

_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0]")
"""Characters that are not seen although Unicode does not count them among the controls and formats."""


def same_case(text: str) -> str:
    """The key under which spellings of one case number meet: ``VN/900/2022``, ``vn/ 900/2022`` and so on.

    Compatibility forms (NFKC) and letter case are made alike, every dash is a hyphen, and white space and characters
    that are not seen are left out. For comparing only: a case number is kept and shown as it was written.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _seen(text)).casefold())
    return "".join("-" if unicodedata.category(char) == "Pd" else char for char in _seen(plain))


def _seen(text: str) -> str:
    return "".join(char for char in text if not (char.isspace() or is_unseen(char)))


def is_unseen(char: str) -> bool:
    """Whether a character leaves no mark and is no space: zero-width characters, controls, fillers, unassigned."""
    return not char.isspace() and (unicodedata.category(char)[0] == "C" or _UNSEEN.match(char) is not None)
