"""How many lines a long text takes in a cell: by the widths of the letters of Arial, which Liberation Sans shares."""

from functools import cache

_WIDTHS = (
    (191, "'"),
    (222, "ijl\u2019"),
    (260, "|"),
    (278, " !,./:;I[\\]ft\u00a0"),
    (333, "()-`r\u201c\u201d"),
    (355, '"'),
    (500, "Jckszvxyšž"),
    (556, "#$0123456789?L_abdeghnopqu§äåöéèüáà–€«»"),
    (584, "+<=>~"),
    (611, "FTZŽ"),
    (667, "&ABEKPSVXYÄÅÉŠ"),
    (722, "CDHNRUwÜ"),
    (778, "GOQÖ"),
    (833, "Mm"),
    (889, "%"),
    (944, "W"),
)
"""Thousandths of the size of the letters."""
_WIDEST = 1015
"""Of any other letter: too many lines rather than too few."""
_OF = {letter: width for width, letters in _WIDTHS for letter in letters}
_SIZE = 9
"""Points of the letters in the rows of data."""
_MARGIN = 12
"""Points that the edges and the indent of a cell take."""
_SAFE = 0.985
"""Part of the line that is counted on: programs round the widths of letters each in its way."""


def lines_in(text: str, width: float) -> int:
    """Lines of ``text`` in a cell of a column of ``width`` (characters), broken at spaces and inside longer words."""
    room = _room(width)
    return sum(_lines(paragraph, room) for paragraph in text.split("\n"))


@cache
def _room(width: float) -> int:
    points = (7 * width + 5) * 0.75 - _MARGIN
    return max(int(points * _SAFE * 1000 / _SIZE), 2 * _WIDEST)


def _lines(paragraph: str, room: int) -> int:
    lines, used = 1, 0
    for word in paragraph.split(" "):
        size = _size(word)
        if used and used + size > room:
            lines, used = lines + 1, 0
        if size > room:
            # What is longer than a line begins on its own and goes on below; a letter may not fit the end of a line.
            full = (size - 1) // (room - _WIDEST)
            lines, size = lines + full, size - full * (room - _WIDEST)
        used += size + _OF[" "]
    return lines


def _size(word: str) -> int:
    return sum([_OF.get(letter, _WIDEST) for letter in word])
