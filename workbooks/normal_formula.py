"""Formulas in one form, whichever program wrote them."""

import re
from string import ascii_lowercase, ascii_uppercase

_PIECES = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[^"\']+|["\']')
_PREFIX = re.compile(r"_XL(?:FN|WS)\.")
# Only letters of ASCII: 'ſ' in capitals is 'S', but no program takes it for one.
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
_SPACE = re.compile(r"\s+")


def normal_formula(formula: str) -> str:
    """A formula as every program writes it: without spaces, prefixes and needless quotation marks, in capitals."""
    pieces = []
    for piece in _PIECES.findall(formula):
        if piece[0] == '"':
            pieces.append(piece)
        elif piece[0] == "'" and len(piece) > 1:
            pieces.append(piece[1:-1].replace("''", "'").translate(_CAPITALS))
        else:
            pieces.append(
                _PREFIX.sub("", _SPACE.sub("", piece.translate(_CAPITALS)))
                .replace("TRUE()", "TRUE")
                .replace("FALSE()", "FALSE")
            )
    return "".join(pieces)
