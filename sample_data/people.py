"""Fictional people: whom the sample database lets in. The names say that they are invented."""

from dataclasses import dataclass
from typing import Literal

SampleRole = Literal["reviewer", "chair", "officer", "decision_maker", "administrator"]


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """One account. ``language``: the language the person uses the screens in."""

    username: str
    name: str
    roles: tuple[SampleRole, ...]
    language: Literal["fi", "sv", "en"]


_ACCOUNTS = (
    SampleAccount("arvi.arvioija", "Arvi Arvioija", ("reviewer",), "fi"),
    SampleAccount("elli.esimerkki", "Elli Esimerkki", ("reviewer",), "fi"),
    SampleAccount("malla.mallikas", "Malla Mallikas", ("reviewer",), "fi"),
    SampleAccount("keijo.keksitty", "Keijo Keksitty", ("reviewer",), "fi"),
    SampleAccount("pirjo.pisteyttaja", "Pirjo Pisteyttäjä", ("reviewer",), "fi"),
    SampleAccount("tauno.testaaja", "Tauno Testaaja", ("reviewer",), "fi"),
    SampleAccount("edit.exempelsson", "Edit Exempelsson", ("reviewer",), "sv"),
    SampleAccount("bo.bedomare", "Bo Bedömare", ("reviewer",), "sv"),
    SampleAccount("sam.sample", "Sam Sample", ("reviewer",), "en"),
    SampleAccount("pauli.puheenjohtaja", "Pauli Puheenjohtaja", ("chair",), "fi"),
    SampleAccount("essi.esittelija", "Essi Esittelijä", ("officer",), "fi"),
    SampleAccount("frida.foredragande", "Frida Föredragande", ("officer",), "sv"),
    SampleAccount("paula.paattaja", "Paula Päättäjä", ("decision_maker",), "fi"),
    SampleAccount("ylermi.yllapitaja", "Ylermi Ylläpitäjä", ("administrator",), "fi"),
)


def accounts() -> tuple[SampleAccount, ...]:
    """Nine reviewers, a chair, two officers, a decision maker and an administrator."""
    return _ACCOUNTS


def reviewers() -> tuple[SampleAccount, ...]:
    """The accounts that review."""
    return tuple(account for account in _ACCOUNTS if "reviewer" in account.roles)
