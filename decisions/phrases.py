"""Phrases of the reasons for a decision: what an official may word anew in a call, and what is refused in a wording.

A phrase is text with named values in braces, as ``Pistemäärä: {score}.``; a value stands where it needs no inflection.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from decisions.phrase_texts import ASSESSMENT, OUTCOME
from decisions.phrase_texts_money import COSTS, DISTRIBUTION, LATER
from decisions.phrase_texts_rules import ELIGIBILITY
from locales import Message, Param, msg

Language = Literal["fi", "sv"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv")
"""The languages of service: a decision is given in one of them."""
LONGEST_PHRASE = 600
"""Characters of one phrase."""
LONGEST_REASONS = 10_000
"""Characters of reasons written by hand."""

_VALUE = re.compile(r"\{([a-z_]{1,30})\}")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One phrase in both languages."""

    fi: str
    sv: str

    def of(self, lang: Language) -> str:
        """The text in one language."""
        return self.fi if lang == "fi" else self.sv


@dataclass(frozen=True, slots=True)
class Phrase:
    """What one phrase is: its group, the program's own wording, the values it must hold and those it may hold."""

    key: str
    group: str
    wording: Wording
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that the phrase can hold."""
        return (*self.required, *self.optional)


GROUPS: Mapping[str, Message] = {
    "outcome": msg("Outcome and provisions"),
    "eligibility": msg("Eligibility"),
    "assessment": msg("Assessment and ranking"),
    "distribution": msg("Distribution of the appropriation"),
    "costs": msg("Costs and largest grant"),
    "later": msg("Later decisions"),
}
"""The groups of the phrases in the order of a decision."""

VALUES: Mapping[str, Message] = {
    "accepted": msg("accepted costs"),
    "after": msg("amount after the change"),
    "applied": msg("amount applied for"),
    "appropriation": msg("appropriation to be distributed"),
    "arrived": msg("moment of arrival"),
    "before": msg("amount before the change"),
    "by": msg("what separated the equals"),
    "category": msg("cost category"),
    "ceiling": msg("largest possible grant"),
    "closes": msg("end of the time for applications"),
    "conditions": msg("names of the constraints"),
    "count": msg("number of scored applications"),
    "criterion": msg("criterion"),
    "decree": msg("name of the decree"),
    "full": msg("amount by the tier before the cut"),
    "granted": msg("amount granted"),
    "highest": msg("highest value of the scale"),
    "label": msg("level in words"),
    "largest": msg("largest grant of the call"),
    "least": msg("least value"),
    "level": msg("level or value"),
    "lower": msg("nearest lower level"),
    "lowest": msg("lowest value of the scale"),
    "number": msg("number of the decision"),
    "order": msg("grounds of the tie rule"),
    "rank": msg("rank"),
    "reason": msg("reason in the officer's words"),
    "remaining": msg("remainder of the appropriation"),
    "reserve": msg("reserve"),
    "reviews": msg("number of reviews"),
    "rule": msg("identifier of the rule"),
    "score": msg("score"),
    "seed": msg("seed of the lot"),
    "share": msg("share in per cent"),
    "smallest": msg("smallest grant"),
    "threshold": msg("threshold of the score"),
    "unit": msg("unit of rounding"),
    "upper": msg("nearest higher level"),
    "weight": msg("weight of the criterion"),
}
"""What each value is, in words."""

_STATED = msg("stated costs")
VALUES_OF: Mapping[tuple[str, str], Message] = {
    ("costs", "applied"): _STATED,
    ("costs_of_category", "applied"): _STATED,
}
"""What a value is in phrases (key, value) where it is something else."""


def value_name(phrase: str, value: str) -> Message:
    """What the value of a phrase is, in words. KeyError if there is no such value."""
    return VALUES_OF.get((phrase, value)) or VALUES[value]


_TEXTS = {
    "outcome": OUTCOME,
    "eligibility": ELIGIBILITY,
    "assessment": ASSESSMENT,
    "distribution": DISTRIBUTION,
    "costs": COSTS,
    "later": LATER,
}


def _phrase(key: str, group: str, fi: str, sv: str, optional: tuple[str, ...]) -> Phrase:
    named = dict.fromkeys(_VALUE.findall(fi))
    return Phrase(key, group, Wording(fi, sv), tuple(one for one in named if one not in optional), optional)


PHRASES: Mapping[str, Phrase] = {
    key: _phrase(key, group, *parts[:2], parts[2] if len(parts) > 2 else ())
    for group, texts in _TEXTS.items()
    for key, parts in texts.items()
}
"""Every phrase by key, with the program's own wording. What that holds and is not optional is required."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a call: those that an official changed, and the program's own for all others."""

    changed: Mapping[str, Wording]

    def wording(self, key: str) -> Wording:
        """The wording in force. KeyError if there is no such phrase."""
        return self.changed.get(key, PHRASES[key].wording)

    def text(self, key: str, lang: Language) -> str:
        """The phrase in one language. KeyError if there is no such phrase."""
        return self.wording(key).of(lang)


DEFAULT = Phrases({})


def tidy(text: str) -> str:
    """A wording as it is kept: on one line, single spaces; a no-break space stays."""
    return _BLANKS.sub(" ", text).strip(" ")


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its values in their places. KeyError for a value that is not given."""
    return _VALUE.sub(lambda found: values[found[1]], text)


def named_in(text: str) -> tuple[str, ...]:
    """The values that ``text`` names, each once, in their order."""
    return tuple(dict.fromkeys(_VALUE.findall(text)))


def faults_of(key: str, lang: Language, text: str) -> tuple[Message, ...]:
    """What is wrong with a wording (tidied) of the phrase ``key`` in ``lang``, in words; empty if nothing is.

    KeyError if there is no such phrase.
    """
    phrase, language = PHRASES[key], _LANGUAGE_NAMES[lang]
    if not _VALUE.sub("", text).strip(" \u00a0.,;:"):
        return (msg("{language}: the phrase is empty. Write it, or reset it to the default.", language=language),)
    found = []
    if len(text) > LONGEST_PHRASE:
        found.append(
            msg(
                "{language}: the phrase has {n} characters; at most {most} are accepted.",
                language=language,
                n=len(text),
                most=LONGEST_PHRASE,
            )
        )
    if _UNSEEN.search(text):
        found.append(msg("{language}: the phrase has characters that cannot be seen.", language=language))
    named = named_in(text)
    found += [_unknown(language, one, phrase) for one in named if one not in phrase.values]
    found += [
        msg("{language}: the value {value} is missing. The phrase must name it.", language=language, value=f"{{{one}}}")
        for one in phrase.required
        if one not in named
    ]
    if re.search(r"[{}]", _VALUE.sub("", text)):
        found.append(
            msg(
                "{language}: a brace stands without its pair, or what it holds is no value. A value is written as {example}.",
                language=language,
                example="{score}",
            )
        )
    return tuple(found)


def _unknown(language: Message, value: str, phrase: Phrase) -> Message:
    accepted: list[Param] = [f"{{{one}}}" for one in phrase.values]
    if not accepted:
        return msg(
            "{language}: the value {value} is not known. This phrase has no values.",
            language=language,
            value=f"{{{value}}}",
        )
    return msg(
        "{language}: the value {value} is not known. Accepted: {accepted}.",
        language=language,
        value=f"{{{value}}}",
        accepted=accepted,
    )


_LANGUAGE_NAMES: Mapping[Language, Message] = {"fi": msg("In Finnish"), "sv": msg("In Swedish")}
