"""The municipal register: which municipalities exist in a year, with names, region, languages and population.

Sources of ``register.csv``: Statistics Finland, municipal classifications (CC BY 4.0), and Sotkanet/THL for the
population. A further year is added by adding its rows to the file.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from locales import LocalText, Message, msg

_FILE = Path(__file__).with_name("register.csv")
_TITLES = {
    "kaupunki", "kaupungin", "kunta", "kunnan", "stad", "staden", "stads", "kommun", "kommunen", "kommuns",
    "city", "town", "municipality", "of", "s:t", "st", "sankt",
}  # fmt: skip
_INFLECTED_WITHIN = {"uuden": "uusi", "ison": "iso"}
"""Beginnings that change with the ending: Uudenkaupungin, Isonkyrön."""


class RegisterYearError(KeyError):
    """No register for the year asked for; ``message`` names it and the years there are."""

    def __init__(self, year: int, years: tuple[int, ...]) -> None:
        super().__init__(year)
        self.message: Message = msg(
            "There is no municipal register for the year {year}. Accepted: {years}.",
            year=str(year),
            years=[str(known) for known in years],
        )

    def __str__(self) -> str:
        return f"no municipal register for {self.args[0]}"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One municipality in one year. ``languages``: its official ones, the majority's first.

    ``settlement``: urban, semi-urban or rural. ``population`` None: not known.
    """

    code: str
    name_fi: str
    name_sv: str
    region_code: str
    region: LocalText
    languages: tuple[str, ...]
    settlement: str
    population: int | None

    def name(self, lang: str) -> str:
        """The Swedish name for a Swedish reader, else the Finnish one."""
        return self.name_sv if lang == "sv" else self.name_fi


@dataclass(frozen=True)
class Register:
    """The municipalities of one year, in code order."""

    year: int
    entries: tuple[RegisterEntry, ...]

    @cached_property
    def by_code(self) -> Mapping[str, RegisterEntry]:
        """Entries by the official three-digit code."""
        return {entry.code: entry for entry in self.entries}

    @cached_property
    def _by_name(self) -> Mapping[str, RegisterEntry]:
        return {_fold(name): entry for entry in self.entries for name in (entry.name_fi, entry.name_sv)}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the municipalities' names, see ``name_words``."""
        return frozenset(word for name in self._by_name for word in name_words(name))

    def by_name(self, name: str) -> RegisterEntry | None:
        """The municipality with this Finnish or Swedish name, letter case and outer spaces ignored; None if none."""
        return self._by_name.get(_fold(name))

    def find(self, code: str | None, name: str) -> RegisterEntry | None:
        """By code where one is given (the code then decides), else by name."""
        return self.by_code.get(code) if code else self.by_name(name)


def name_words(name: str) -> tuple[str, ...]:
    """The words of a municipality's name in lower case, without titles such as *kaupunki*, *kommun* or *S:t*."""
    found = (word for word in re.findall(r"[\w:]+", _fold(name)) if word not in _TITLES)
    return tuple(_basic(word) for word in found)


def _basic(word: str) -> str:
    for inflected, base in _INFLECTED_WITHIN.items():
        if word.startswith(inflected) and len(word) > len(inflected):
            return base + word.removeprefix(inflected)
    return word


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


@cache
def _registers() -> Mapping[int, Register]:
    years: dict[int, list[RegisterEntry]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            years.setdefault(int(row["year"]), []).append(_entry(row))
    return {year: Register(year, tuple(entries)) for year, entries in sorted(years.items())}


def _entry(row: Mapping[str, str]) -> RegisterEntry:
    return RegisterEntry(
        code=row["code"],
        name_fi=row["name_fi"],
        name_sv=row["name_sv"],
        region_code=row["region_code"],
        region=LocalText(row["region_fi"], row["region_sv"], row["region_en"]),
        languages=tuple(row["languages"].split("+")),
        settlement=row["settlement"],
        population=int(row["population"]) if row["population"] else None,
    )


def register_years() -> tuple[int, ...]:
    """The years that have a register, oldest first."""
    return tuple(_registers())


def register(year: int) -> Register:
    """The register of ``year``. Raises RegisterYearError (a KeyError) when there is none."""
    found = _registers().get(year)
    if found is None:
        raise RegisterYearError(year, register_years())
    return found
