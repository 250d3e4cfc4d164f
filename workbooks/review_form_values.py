"""One input cell of the review form: the choices it offers, and the value of what stands in it."""

import re
import unicodedata
from collections.abc import Mapping

from calls.definition import Criterion, Level
from locales import LANGUAGES, PSEUDO, LocalText, Message, msg, render
from workbooks.intake_cells import Cell
from workbooks.review_form_types import LONGEST_TEXT

NOT_SCORED = msg("not scored")
NO_CONFIDENCE = msg("not stated")
CONFIDENCES: Mapping[int, Message] = {1: msg("low"), 2: msg("moderate"), 3: msg("high")}
ACCEPTED_TEXT = msg("Text of at most {longest} characters.", longest=str(LONGEST_TEXT))

LABELS: Mapping[str, Message] = {
    "level": msg("Level"),
    "reason": msg("Reasons, given to the applicant"),
    "remark": msg("Remark for the panel only"),
    "confidence": msg("Own confidence"),
}
"""What stands beside an input cell, by the kind of its field."""
_FIELD = re.compile(r"level:[a-z0-9_]+|reason:[a-z0-9_]+|remark|confidence")
_SHOWN = 80
"""Characters of a value that a fault shows."""

_DASH = re.compile("[\u2010-\u2015\u2212]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Controls, characters that turn the direction of writing, and halves: no text keeps them."""


class Wrong(ValueError):
    """A cell that cannot be taken: what is wrong and what would be accepted."""

    def __init__(self, message: Message, accepted: Message) -> None:
        super().__init__(message.msgid)
        self.message, self.accepted = message, accepted


def tidy(text: str) -> str:
    """``text`` as it is kept: every line end is \\n, characters that are not seen and outer white space are gone."""
    return _UNSEEN.sub("", _LINE_END.sub("\n", text)).strip()


def shortened(text: str) -> str:
    """``text`` as a fault shows it: on one line, without what is not seen, and not long."""
    shown = " ".join(tidy(text).split())
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def is_field(key: str) -> bool:
    """Whether the hidden column names an input cell by ``key``."""
    return _FIELD.fullmatch(key) is not None


def level_words(level: Level) -> Message:
    """How a level stands in the list of choices: ``4 – met well``."""
    return msg("{level} – {label}", level=level.value, label=level.label)


def confidence_words(value: int) -> Message:
    """How a confidence stands in the list of choices: ``1 – low``."""
    return msg("{level} – {label}", level=value, label=CONFIDENCES[value])


def read_level(cell: Cell | None, criterion: Criterion) -> int | None:
    """The level that a cell states, None for empty or not scored. Raises Wrong."""
    words = {level.value: level_words(level) for level in criterion.levels}
    labels = {level.value: level.label for level in criterion.levels}
    accepted = msg("One of {levels}, or “{none}”.", levels=list(words.values()), none=NOT_SCORED)
    unknown = msg("The level is not one of the levels of this criterion.")
    return _choice(cell, _spellings(words, labels), _folded(NOT_SCORED), Wrong(unknown, accepted))


def read_confidence(cell: Cell | None) -> int | None:
    """The confidence that a cell states, None for empty or not stated. Raises Wrong."""
    words = {value: confidence_words(value) for value in CONFIDENCES}
    accepted = msg("One of {levels}, or “{none}”.", levels=list(words.values()), none=NO_CONFIDENCE)
    unknown = msg("The confidence is not one of the choices.")
    return _choice(cell, _spellings(words, CONFIDENCES), _folded(NO_CONFIDENCE), Wrong(unknown, accepted))


def read_text(cell: Cell | None) -> str:
    """The text of a cell; a number is taken as it is shown. Raises Wrong."""
    if cell is None:
        return ""
    _refuse_kinds(cell, ACCEPTED_TEXT)
    text = tidy(cell.text)
    if len(text) > LONGEST_TEXT:
        raise Wrong(msg("The text is longer than {longest} characters.", longest=str(LONGEST_TEXT)), ACCEPTED_TEXT)
    return text


def _choice(cell: Cell | None, known: Mapping[str, int], none: frozenset[str], unknown: Wrong) -> int | None:
    if cell is None:
        return None
    _refuse_kinds(cell, unknown.accepted)
    text = _fold(cell.text)
    if not text or text in none:
        return None
    if text not in known:
        raise unknown
    return known[text]


def _refuse_kinds(cell: Cell, accepted: Message) -> None:
    if cell.kind == "formula":
        raise Wrong(msg("The cell holds a formula; only values are read."), accepted)
    if cell.kind == "error":
        raise Wrong(msg("The cell holds an error value of the spreadsheet."), accepted)
    if cell.kind == "moment":
        raise Wrong(msg("The cell holds a date."), accepted)
    if cell.kind == "bool":
        raise Wrong(msg("The cell holds a truth value."), accepted)


def _spellings(words: Mapping[int, Message], labels: Mapping[int, Message | LocalText]) -> dict[str, int]:
    """Every way to write each choice: its number, number and label, or a label that no other choice has."""
    by_label: dict[str, set[int]] = {}
    for value, label in labels.items():
        for spelling in _folded(label):
            by_label.setdefault(spelling, set()).add(value)
    known = {spelling: min(values) for spelling, values in by_label.items() if len(values) == 1}
    for value, choice in words.items():
        known |= dict.fromkeys(_folded(choice), value) | {str(value): value}
    return known


def _folded(text: Message | LocalText) -> frozenset[str]:
    """A text in every language, as it is compared."""
    return frozenset(_fold(render(text, lang)) for lang in (*LANGUAGES, PSEUDO))


def _fold(text: str) -> str:
    """Letter case, kinds of dashes and of spaces, and spaces around dashes do not matter."""
    plain = " ".join(_DASH.sub("-", unicodedata.normalize("NFKC", tidy(text))).casefold().split())
    return plain.replace(" - ", "-").replace("- ", "-").replace(" -", "-")
