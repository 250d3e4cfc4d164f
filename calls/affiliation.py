"""Whether somebody's municipality or employer is among the parties of an application.

What is found is a reason to ask (Administrative Procedure Act 434/2003, section 28, subsection 1, paragraph 4), never
a conflict of interest by itself: an officer decides.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from calls.application import Application
from calls.business_id import is_valid_business_id
from calls.municipality_names import is_name_of
from calls.register import Register, RegisterEntry, name_words, register, register_years
from locales import LocalText, Message, msg

EMPLOYMENT = "employment"
"""The ground that is suggested: employment or commission with a party."""
_FORMS = {"oy", "oyj", "ab", "abp", "ky", "kaupunki", "kunta", "stad", "stads", "kommun"}
_WORD = re.compile(r"[^\W_]+")
_BUSINESS_ID = re.compile(r"(?<!\d)\d{7}-\d(?!\d)")
_TITLED = re.compile(r"\s*(.+?)\s+(?:kaupunki|kaupungin|kaup|kunta|kunnan|stad|stads|kommun|kommuns)\b", re.I)
_NEAR_MOST = 3


@dataclass(frozen=True, slots=True)
class Affiliation:
    """What is known of a person: three-digit municipality code, and employer by name, business ID or both."""

    municipality_code: str = ""
    employer: str = ""

    @property
    def known(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.municipality_code or self.employer)


@dataclass(frozen=True, slots=True)
class Match:
    """The ground to suggest and what it rests on, in words."""

    kind: str
    evidence: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """A party of an application; ``through`` is the joint authority that it is a member of, else empty."""

    name: str
    code: str
    role: str
    through: str = ""


@dataclass(frozen=True)
class Parties:
    """The parties of one application, prepared for many comparisons. The coordinator comes before the partners."""

    by_code: dict[str, Party]
    by_name: dict[str, Party]
    business_id: str
    coordinator: str


def parties_of(application: Application, year: int) -> Parties:
    """The coordinator, the partners and the members of joint authorities, by code and by normalised name.

    ``year``: of the municipal register by which names without a code are understood.
    """
    by_code: dict[str, Party] = {}
    by_name: dict[str, Party] = {}
    for party in _parties(application, register(year)):
        if party.code:
            by_code.setdefault(party.code, party)
        if name := normal_name(party.name):
            by_name.setdefault(name, party)
    coordinator = application.coordinator
    return Parties(by_code, by_name, coordinator.business_id.strip(), coordinator.name)


def _parties(application: Application, known: Register) -> Iterator[Party]:
    def code(stated: str | None, name: str) -> str:
        found = known.find(stated, name)
        return found.code if found else stated or ""

    coordinator = application.coordinator
    yield Party(coordinator.name, code(coordinator.code, coordinator.name), "coordinator")
    for partner in application.partners:
        if partner.kind == "municipality":
            yield Party(partner.name, code(partner.code, partner.name), "partner")
    for partner in application.partners:
        if partner.kind == "joint_authority":
            yield Party(partner.name, "", "partner")
            for member in partner.members:
                yield Party(member.name, code(member.code, member.name), "member", partner.name)


def match(who: Affiliation, parties: Parties, year: int) -> Match | None:
    """What ties a person to an application, or None."""
    found = [*_by_municipality(who, parties, year), *_by_employer(who, parties, year)]
    return Match(EMPLOYMENT, tuple(found)) if found else None


def _by_municipality(who: Affiliation, parties: Parties, year: int) -> Iterator[Message]:
    party = parties.by_code.get(who.municipality_code) if who.municipality_code else None
    if party is None:
        return
    entry = register(year).by_code.get(who.municipality_code)
    name = LocalText(entry.name_fi, entry.name_sv, entry.name_fi) if entry else party.name
    if party.role == "member":
        yield msg(
            "The recorded municipality, {municipality}, is a member of the partner {partner}.",
            municipality=name,
            partner=party.through,
        )
    elif party.role == "partner":
        yield msg("The recorded municipality, {municipality}, is a partner.", municipality=name)
    else:
        yield msg("The recorded municipality, {municipality}, is the coordinating applicant.", municipality=name)


def _by_employer(who: Affiliation, parties: Parties, year: int) -> Iterator[Message]:
    stated = _stated(who.employer, year)
    if parties.business_id and parties.business_id in stated.business_ids:
        yield msg(
            "The recorded employer has the business ID {id} of the coordinating applicant, {name}.",
            id=parties.business_id,
            name=parties.coordinator,
        )
        return
    party = parties.by_name.get(stated.name) or parties.by_code.get(stated.municipality_code)
    if party is None:
        return
    employer = " ".join(who.employer.split())
    if party.role == "member":
        yield msg(
            "The recorded employer, {employer}, is a member of the partner {partner}.",
            employer=employer,
            partner=party.through,
        )
    elif party.role == "partner":
        yield msg("The recorded employer, {employer}, is a partner.", employer=employer)
    else:
        yield msg("The recorded employer, {employer}, is the coordinating applicant.", employer=employer)


@dataclass(frozen=True, slots=True)
class _Stated:
    """An employer taken apart; ``municipality_code``: of the municipality that it is, else empty."""

    business_ids: tuple[str, ...]
    name: str
    municipality_code: str


@lru_cache(maxsize=1_024)
def _stated(employer: str, year: int) -> _Stated:
    name = _BUSINESS_ID.sub(" ", employer)
    unit = _TITLED.match(name)
    # "Turun kaupungin tietohallinto" and "Turun kaupunki / tietohallinto" are the city's own units.
    of_whom = "" if unit is None else _employing_municipality(f"{unit[1]} kaupunki", year)
    code = _employing_municipality(name, year) or of_whom
    return _Stated(tuple(_BUSINESS_ID.findall(employer)), normal_name(name), code)


def normal_name(name: str) -> str:
    """A name without letter case, punctuation, spacing and words such as *oy*, *kaupunki* or *kunta*."""
    words = _WORD.findall(unicodedata.normalize("NFKC", name).casefold())
    return " ".join(word for word in words if word not in _FORMS)


def _employing_municipality(name: str, year: int) -> str:
    """The code of the municipality that ``name`` is an inflected name of, with a title: *Turun kaupunki*. Else empty.

    Only whole names count: Turun yliopisto is not the city of Turku, nor is a family name that begins like one.
    """
    words = name_words(name)
    known = register(year)
    if exact := known.by_name(name) or known.by_name(" ".join(words)):
        return exact.code
    if len(words) == len(_WORD.findall(name)):
        return ""  # no title, so not a municipality's own name
    likely = (entry for entry in known.entries if words and _as_long(entry, words))
    return next((entry.code for entry in likely if is_name_of(name, entry, known)), "")


def _as_long(entry: RegisterEntry, words: tuple[str, ...]) -> bool:
    """As many words as ``words``, and the same beginning: what is worth a closer look."""
    names = [name_words(name) for name in (entry.name_fi, entry.name_sv)]
    return any(len(name) == len(words) and name[0][:2] == words[0][:2] for name in names)


def find_municipality(text: str) -> RegisterEntry | None:
    """The municipality with this code or name (with or without *kaupunki* and the like) in the newest register.

    One that has ceased to exist is found in the last register that has it.
    """
    wanted = text.strip()
    for year in reversed(register_years()):
        known = register(year)
        found = known.by_code.get(wanted) or known.by_name(wanted) or known.by_name(" ".join(name_words(wanted)))
        if found is not None:
            return found
    return None


def near_municipalities(text: str) -> list[str]:
    """Names in the newest register that look like ``text``, the likeliest first."""
    entries = register(register_years()[-1]).entries
    names = {name.casefold(): name for entry in entries for name in (entry.name_fi, entry.name_sv)}
    near = get_close_matches(" ".join(name_words(text[:100])), names, n=_NEAR_MOST, cutoff=0.6)
    return [names[name] for name in near]


def employer_fault(employer: str) -> Message | None:
    """What is wrong with an employer, if anything: a business ID in it needs the right check digit."""
    wrong = [found for found in _BUSINESS_ID.findall(employer) if not is_valid_business_id(found)]
    if wrong:
        return msg("{value} is not a business ID: its check digit is wrong.", value=wrong[0])
    if len(employer) > 200 or not employer.isprintable():
        return msg("The employer is not accepted: give a name, a business ID or both, at most 200 characters.")
    return None
