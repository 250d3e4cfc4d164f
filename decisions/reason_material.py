"""What the reasons are written from: the tables of a decision, read once, and the sentences made of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from decisions.facts import facts_of, in_order, under
from decisions.figures import standings_of
from decisions.phrases import Language, Phrases, fill
from decisions.tables import Row, Tables
from locales import Money, format_moment, format_money, format_number
from scoring.types import Standing

MOST_PLACES = 6
"""Decimals of a score beside a limit that it must not seem to reach."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share in basis points, written in per cent."""

    basis_points: int | Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """A score or a level with so many decimals."""

    value: Fraction | int
    places: int = 2


Value: TypeAlias = str | int | Share | Score | datetime
"""What stands in a sentence; Money is written as money, other whole numbers with thousands."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the reasons and the fact that it rests on.

    ``fact``: ``what`` or ``what:which``, as ``score``, ``score:process_change``, ``basis:not_funded_budget``.
    ``phrase``: the key of its phrase. ``values``: every value of the phrase, as written. ``quoted``: it holds an
    official's own words. ``part``: sentences of one part stand in one paragraph.
    """

    fact: str
    text: str
    phrase: str = ""
    values: tuple[tuple[str, str], ...] = ()
    quoted: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """Of applications between which the tie rule decided: those that were funded, and those that it left out."""

    won: tuple[Row, ...]
    lost: tuple[Row, ...]


_NOBODY = Tie((), ())
_FUNDED = ("funded_full", "funded_partial")


class Material:
    """The tables of a decision by application."""

    def __init__(self, tables: Tables, phrases: Phrases) -> None:
        self.tables = tables
        self.phrases = phrases
        self.facts: Mapping[str, Any] = facts_of(tables["facts"])
        self.written: dict[tuple[Language, type, Value], str] = {}
        """Values that were written already: in a large call the same ones come again and again."""
        self.sums: dict[str, Mapping[str, int]] = {}
        """By the name of a rule what the funded applications add up to under it (see ``reason_conditions``)."""

    def case(self, case_number: str) -> "Case":
        """Everything of one application. KeyError if the tables have none of that number."""
        row = self._applications[case_number]
        return Case(
            self,
            row,
            "sv" if row["language"] == "sv" else "fi",
            self._ranking.get(case_number),
            self.standings.get(case_number),
            self._eligibility.get(case_number),
            tuple(self._costs.get(case_number, ())),
            tuple(self._overrides.get(case_number, ())),
        )

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """The standing of each application in the ranking."""
        return {one.application: one for one in standings_of(self.tables, self.facts)}

    @cached_property
    def scored(self) -> int:
        """How many applications have a rank."""
        return sum(row["rank"] is not None for row in self.tables["ranking"])

    def tied_with(self, case_number: str) -> "Tie":
        """The applications between which and this one the tie rule decided, itself among them."""
        return self._ties.get(case_number, _NOBODY)

    @cached_property
    def funded(self) -> tuple[tuple[Row, Row], ...]:
        """The ranked applications that get a grant, each with its row of the ranking."""
        rows = ((row, self._ranking.get(row["case_number"])) for row in self.tables["applications"] if row["granted"])
        return tuple((row, ranked) for row, ranked in rows if ranked is not None)

    @cached_property
    def remaining(self) -> int | None:
        """Euros that the decided scenario leaves."""
        return next((row["remaining"] for row in self.tables["scenarios"] if row["decided"]), None)

    @cached_property
    def criteria(self) -> Mapping[str, Any]:
        """The criteria in their order."""
        return in_order(self.facts, "criterion")

    @cached_property
    def scale(self) -> tuple[Fraction, Fraction]:
        """The lowest and the highest score that the criteria allow."""
        stated = self.criteria.values()
        points = sum(one["weight"] for one in stated)
        lowest, highest = (
            sum(Fraction(one["weight"] * end(level["value"] for level in one["levels"])) for one in stated) / points
            for end in (min, max)
        )
        return lowest, highest

    @cached_property
    def thresholds(self) -> Mapping[str, Fraction]:
        """The least values that can be funded: of the score under ``score``, and of numeric columns."""
        stated = self.facts.get("scenario.threshold")
        given = stated if isinstance(stated, Mapping) else under(self.facts, "scenario.threshold") or {"score": stated}
        return {key: Fraction(least) for key, least in given.items() if least is not None}

    def listed(self, key: str) -> list[Mapping[str, Any]]:
        """The items of a list of the scenario, in their order."""
        whole = self.facts.get(f"scenario.{key}")
        if isinstance(whole, list):
            return whole
        parts = under(self.facts, f"scenario.{key}")
        return [parts[name] for name in sorted(parts)]

    @cached_property
    def _ties(self) -> Mapping[str, "Tie"]:
        """Groups as the distribution states them; where it does not, those of equal scores."""
        groups = self.facts.get("result.ties")
        if groups is None:
            equal: dict[Fraction, list[str]] = {}
            for row in self.tables["ranking"]:
                if row["score"] is not None:
                    equal.setdefault(row["score"], []).append(row["case_number"])
            groups = list(equal.values())
        found: dict[str, Tie] = {}
        for group in groups:
            rows = [self._applications[case] for case in group if case in self._ranking]
            tie = Tie(
                won=tuple(row for row in rows if row["granted"] and row["basis"] in _FUNDED),
                lost=tuple(row for row in rows if row["basis"] == "not_funded_tie"),
            )
            found |= dict.fromkeys(group, tie)
        return found

    @cached_property
    def _applications(self) -> Mapping[str, Row]:
        return {row["case_number"]: row for row in self.tables["applications"]}

    @cached_property
    def _ranking(self) -> Mapping[str, Row]:
        return {row["case_number"]: row for row in self.tables["ranking"]}

    @cached_property
    def _eligibility(self) -> Mapping[str, Row]:
        return {row["case_number"]: row for row in self.tables["eligibility"]}

    @cached_property
    def _costs(self) -> Mapping[str, list[Row]]:
        return _grouped(self.tables["costs"])

    @cached_property
    def _overrides(self) -> Mapping[str, list[Row]]:
        return _grouped(self.tables["overrides"])


@dataclass(frozen=True)
class Case:
    """One application: its rows in every table, and how a sentence about it is said in its language."""

    material: Material
    row: Row
    lang: Language
    ranked: Row | None
    standing: Standing | None
    eligibility: Row | None
    costs: tuple[Row, ...]
    overrides: tuple[Row, ...]
    _facts: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_facts", self.material.facts)

    def fact(self, key: str) -> Any:
        """A fact of the decision, None where there is none."""
        return self._facts.get(key)

    def say(self, fact: str, phrase: str, **values: Value) -> Sentence:
        """The sentence of a phrase with its values, in the applicant's language."""
        written = {name: self.written(value) for name, value in values.items()}
        return Sentence(
            fact, fill(self.material.phrases.text(phrase, self.lang), written), phrase, tuple(written.items())
        )

    def because(self, fact: str, reason: str) -> Iterator[Sentence]:
        """The sentence that gives an official's own reason; none without one."""
        words = " ".join(reason.split())
        if words:
            ended = words if words[-1] in ".!?…" else f"{words}."
            yield replace(self.say(fact, "officer_reason", reason=ended), quoted=True)

    def written(self, value: Value) -> str:
        """A value as it is written in the applicant's language."""
        key = (self.lang, type(value), value)
        known = self.material.written
        if key not in known:
            known[key] = _written(value, self.lang)
        return known[key]

    def named(self, text: Any) -> str:
        """A name of the call in the applicant's language."""
        return str(text[self.lang]) if isinstance(text, Mapping) else str(text)

    def decree(self) -> str:
        """The name of the decree as it stands within a sentence."""
        name = self.named(self.fact("call.decree") or "")
        return name[:1].lower() + name[1:] if name[1:2].islower() else name

    @property
    def score(self) -> Fraction | None:
        """The score that ranks."""
        return None if self.ranked is None else self.ranked["score"]

    @cached_property
    def places(self) -> int:
        """Decimals with which the score and the threshold are told apart."""
        return apart(self.score, self.material.thresholds.get("score"))


def _written(value: Value, lang: Language) -> str:
    match value:
        case Money():
            return format_money(value, lang)
        case int():
            return format_number(value, lang)
        case Score():
            return format_number(value.value, lang, value.places)
        case Share():
            percent = Fraction(value.basis_points) / 100
            return f"{format_number(percent, lang, _needed(percent, 0, 2))}\u00a0%"
        case datetime():
            return format_moment(value, lang)
    return value


def apart(value: Fraction | None, *limits: Fraction | None) -> int:
    """Decimals (2 to 6) with which ``value`` does not seem equal to a limit that it is not equal to."""
    given = [limit for limit in limits if limit is not None]
    least = max(
        (_needed(limit, 2, MOST_PLACES) for limit in given if 10**MOST_PLACES % limit.denominator == 0), default=2
    )
    if value is None:
        return least
    for places in range(least, MOST_PLACES):
        if all(value == limit or _units(value, places) != _units(limit, places) for limit in given):
            return places
    return MOST_PLACES


def _needed(value: Fraction, least: int, most: int) -> int:
    return next((places for places in range(least, most) if (value * 10**places).denominator == 1), most)


def _units(value: Fraction, places: int) -> int:
    return int(value * 10**places + Fraction(1, 2))


def _grouped(rows: tuple[Row, ...]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["case_number"], []).append(row)
    return found
