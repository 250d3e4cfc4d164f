"""What the reasons are written from: the tables of a decision, read once, and the sentences made of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from decisions.facts import facts_of, in_order, under
from decisions.figures import standings_of
from decisions.phrases import Language, Phrases, fill
from decisions.reason_values import Score as Score
from decisions.reason_values import Share as Share
from decisions.reason_values import Value as Value
from decisions.reason_values import apart as apart
from decisions.reason_values import in_words
from decisions.spec import LATER
from decisions.tables import Row, Tables
from scoring.types import Standing


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
        """The ranked applications that the distribution gives a grant, each with its row of the ranking."""
        rows = (
            ({**row, "granted": self.kept.get(row["case_number"], row["granted"])}, ranked)
            for row in self.tables["applications"]
            if (ranked := self._ranking.get(row["case_number"])) is not None
        )
        return tuple((row, ranked) for row, ranked in rows if row["granted"])

    @cached_property
    def kept(self) -> Mapping[str, int]:
        """What the rule alone gave those whose awards were set by hand after it, the rest kept: euros by case number."""
        if self.facts.get("scenario.rest") != "kept":
            return {}
        return {row["case_number"]: row["before"] or 0 for row in self._by_hand}

    @property
    def _by_hand(self) -> list[Row]:
        return [row for row in self.tables["overrides"] if row["kind"] == "by_hand"]

    @cached_property
    def remaining(self) -> int | None:
        """Euros that the decided scenario leaves, before awards that were set by hand with the rest kept."""
        left: int | None = next((row["remaining"] for row in self.tables["scenarios"] if row["decided"]), None)
        if left is None or not self.kept:
            return left
        return left + sum((row["after"] or 0) - (row["before"] or 0) for row in self._by_hand)

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

    @cached_property
    def _later(self) -> list[Row]:
        found = (row for row in self.overrides if row["kind"] in LATER)
        return sorted(found, key=lambda row: (row["decision"] or 0, row["number"]))

    @property
    def changed(self) -> Row | None:
        """The last change by a later decision, None if there was none."""
        return self._later[-1] if self._later else None

    @property
    def changed_before(self) -> Row | None:
        """The change by a later decision before the last one."""
        return self._later[-2] if len(self._later) > 1 else None

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
            known[key] = in_words(value, self.lang)
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


def _grouped(rows: tuple[Row, ...]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["case_number"], []).append(row)
    return found
