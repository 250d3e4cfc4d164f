"""What a letter says: the decision on one application in the applicant's language of service.

A letter is values for the placeholders of a template: short texts that stand in a line, and blocks of paragraphs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from decisions.facts import facts_of
from decisions.spec import LATER
from decisions.tables import Row, Tables
from decisions.values import cell_text
from locales import HELSINKI, LocalText, Message, format_date, format_money, msg, render
from workbooks.letter_costs import CostTable, cost_lines, cost_table
from workbooks.letter_guidance import rectification, rectification_title
from workbooks.letter_terms import Line, conditions, euros, local, provisions

LANGUAGES = ("fi", "sv")
"""Languages of service; a letter is in one of them."""
TAGS: Mapping[str, str] = {"fi": "fi-FI", "sv": "sv-FI"}
NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
"""The moment of a letter that has none: its file is the same at any time."""
UNKNOWN = "–"
Block: TypeAlias = tuple[Line | CostTable, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. ``values``: in a line, by placeholder; ``blocks``: paragraphs by placeholder, none where nothing is said."""

    lang: str
    values: Mapping[str, str]
    blocks: Mapping[str, Block]
    title: str
    author: str
    made_at: datetime


class Letters:
    """The letters of one decision."""

    def __init__(self, tables: Tables, hash_: str) -> None:
        """``tables`` complete; ``hash_``: their hash."""
        self.facts = facts_of(tables["facts"])
        self._hash = hash_
        self._rows = {row["case_number"]: row for row in tables["applications"]}
        self._costs: dict[str, list[Row]] = {}
        for row in tables["costs"]:
            self._costs.setdefault(row["case_number"], []).append(row)

    @property
    def made_at(self) -> datetime:
        """When the decision was made, else when it was proposed or drafted: the only time in a letter (UTC)."""
        return _moment(self.facts)

    def of(self, case_number: str) -> Letter:
        """The letter of one application. KeyError: there is no such application."""
        row = self._rows[case_number]
        lang = row["language"] if row["language"] in LANGUAGES else LANGUAGES[0]
        values = {name: _line(render(text, lang)) for name, text in self._values(row, lang).items()}
        title = _line(render(msg("{kind} {case}", kind=self._kind(), case=values["case_number"]), lang))
        return Letter(lang, values, self._blocks(row, lang), title, values["authority"], self.made_at)

    def _values(self, row: Row, lang: str) -> Mapping[str, Message | LocalText | str]:
        facts = self.facts
        return {
            "authority": local(facts["call.authority"]),
            "kind": self._kind(),
            "case_number": row["case_number"],
            "date": format_date(_day(facts), lang) if _has_moment(facts) else UNKNOWN,
            "call": local(facts["call.name"]),
            "applicant": row["applicant"],
            "business_id": row["business_id"] or UNKNOWN,
            "project": row["project"],
            "decision": self._decision(row, lang),
            "applied": _money(row["applied"], lang),
            "granted": _money(row["granted"], lang),
            "accepted_costs": _money(row["accepted_costs"], lang),
            "own_part": _money(row["own_part"], lang),
            "presenter": str(facts.get("decision.presenter") or UNKNOWN),
            "decision_maker": str(facts.get("decision.decision_maker") or UNKNOWN),
            "hash": self._hash,
            "rectification_title": rectification_title(facts),
        }

    def _blocks(self, row: Row, lang: str) -> Mapping[str, Block]:
        facts, granted = self.facts, row["status"] == "approved"
        costs = self._costs.get(row["case_number"], [])
        return {
            "costs": (cost_table(facts, costs, lang), *cost_lines(row, lang)) if granted else (),
            "conditions": conditions(facts, row, lang) if granted else (),
            "reasons": _reasons(row, lang),
            "provisions": provisions(facts, row, lang),
            "rectification": rectification(facts, row["case_number"], lang),
            "verification": self._verification(lang),
        }

    def _kind(self) -> Message:
        return msg("Decision of the authority") if _decided(self.facts) else msg("Draft decision of the authority")

    def _decision(self, row: Row, lang: str) -> str:
        return " ".join(render(text, lang) for text in self._sentences(row, lang))

    def _sentences(self, row: Row, lang: str) -> Iterator[Message]:
        authority, project = local(self.facts["call.authority"]), row["project"]
        changes = self.facts.get("decision.kind") in LATER
        previous = row["previous"] if changes else None
        if changes:
            yield msg("This decision replaces an earlier decision on the matter.")
        match row["status"]:
            case "approved":
                yield msg(
                    "{authority} grants the project “{project}” a discretionary government grant of at most {sum} euros.",
                    authority=authority,
                    project=project,
                    sum=euros(row["granted"], lang),
                )
                yield msg("The grant goes to {applicant}, the coordinating applicant.", applicant=row["applicant"])
            case "rejected":
                yield msg("{authority} rejects the application.", authority=authority)
                yield msg("The project “{project}” is given no discretionary government grant.", project=project)
            case "dismissed":
                yield msg("{authority} dismisses the application without examining it.", authority=authority)
            case "withdrawn" if previous:
                yield msg(
                    "The applicant has given up the grant of {sum} euros made earlier. The grant lapses.",
                    sum=euros(previous, lang),
                )
            case "withdrawn":
                yield msg("The applicant has withdrawn the application. The matter lapses, and no grant is made.")
            case _:
                yield msg("The application has not been decided yet.")
        if previous is not None and row["status"] != "withdrawn":
            yield msg("The amount granted by the earlier decision was {sum} euros.", sum=euros(previous, lang))

    def _verification(self, lang: str) -> tuple[Line, ...]:
        if not _decided(self.facts):
            return (
                Line(render(msg("SHA-256 hash of the draft: {hash}", hash=self._hash), lang)),
                Line(render(msg("The draft is not a decision. The decision gets a hash of its own."), lang)),
            )
        return (
            Line(render(msg("SHA-256 hash of the decision: {hash}", hash=self._hash), lang)),
            Line(render(_HOW_TO_CHECK, lang)),
        )


_HOW_TO_CHECK = msg(
    "The hash is counted from everything the decision rests on. The decision workbook can be asked for from the "
    "authority and checked with Avustuspaneeli: python manage.py verify FILE --expect HASH. The command names every "
    "cell that is not what was decided."
)


def _reasons(row: Row, lang: str) -> tuple[Line, ...]:
    written = tuple(Line(line.strip()) for line in cell_text(row["reasons"]).split("\n") if line.strip())
    return written or (Line(render(msg("The reasons have not been written yet."), lang)),)


def _decided(facts: Mapping[str, Any]) -> bool:
    return bool(facts.get("decision.stage") == "decision")


def _has_moment(facts: Mapping[str, Any]) -> bool:
    return _moment(facts) != NO_TIME


def _moment(facts: Mapping[str, Any]) -> datetime:
    for key in ("decision.decided_at", "decision.proposed_at", "decision.made_at"):
        if written := facts.get(key):
            found = datetime.fromisoformat(str(written))
            return (found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)).replace(microsecond=0)
    return NO_TIME


def _day(facts: Mapping[str, Any]) -> date:
    return _moment(facts).astimezone(HELSINKI).date()


def _money(value: int | None, lang: str) -> str:
    return UNKNOWN if value is None else format_money(value, lang)


def _line(text: str) -> str:
    """``text`` on one line: a line end in a name must not move what stands beside it."""
    return " ".join(cell_text(text).replace("\t", " ").split("\n"))
