"""A database as the invariants see it: the raw rows with indexes, the calls' definitions, and the figures shown."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from calls.definition import CallDefinition
from locales import Message, msg
from storage.inspection import Contents, Key, as_key
from storage.inspection import Row as Row
from workflow.overview import Headline, Overview
from workflow.ranking import Ranked, ScoredReview

Pair = tuple[int, int]
"""(application id, account id)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of one call as the screens get them, for somebody who sees everything."""

    ranking: Sequence[Ranked]
    scores: Sequence[ScoredReview]
    overview: Overview
    headline: Headline


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a frozen decision says: its hash as stated, what in it is not as it was hashed, its facts and its euros."""

    hash: str
    faults: tuple[str, ...]
    facts: Mapping[str, Any]
    granted: int


@dataclass(frozen=True)
class Facts:
    """What is checked. ``calls``: definitions that can be read; ``unreadable`` and ``failed``: call id -> why not."""

    contents: Contents
    calls: Mapping[str, CallDefinition]
    unreadable: Mapping[str, Message | str] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    failed: Mapping[str, Message | str] = field(default_factory=dict)
    frozen: Mapping[int, Frozen] = field(default_factory=dict)
    """By the id of the decision."""

    def rows(self, table: str) -> Sequence[Row]:
        """All rows of a table in the order of their keys."""
        return self.contents.tables[table]

    def grouped(self, table: str, column: str) -> dict[Any, list[Row]]:
        """The rows of a table by a column's value."""
        return grouped(self.rows(table), column)

    @cached_property
    def applications(self) -> dict[int, Row]:
        """Applications by id."""
        return {row["id"]: row for row in self.rows("applications")}

    @cached_property
    def scenarios(self) -> dict[int, Row]:
        """Saved scenarios by id."""
        return {row["id"]: row for row in self.rows("scenarios")}

    @cached_property
    def accounts(self) -> dict[int, Row]:
        """Accounts by id."""
        return {row["id"]: row for row in self.rows("accounts")}

    @cached_property
    def reviews(self) -> dict[int, Row]:
        """Reviews by id."""
        return {row["id"]: row for row in self.rows("reviews")}

    @cached_property
    def scores(self) -> dict[int, list[Row]]:
        """The levels and reasons of each review."""
        return self.grouped("review_scores", "review_id")

    @cached_property
    def versions(self) -> dict[int, list[Row]]:
        """The kept versions of each review, the oldest first."""
        return self.grouped("review_versions", "review_id")

    @cached_property
    def conflicts(self) -> set[Pair]:
        """Conflicts of interest in force now."""
        return {(r["application_id"], r["account_id"]) for r in self.rows("conflicts") if r["lifted_at"] is None}

    @cached_property
    def log(self) -> dict[str, list[Row]]:
        """Log entries by table, the oldest first."""
        return grouped(self.contents.log, "entity")

    @cached_property
    def log_of_row(self) -> dict[tuple[str, Key], list[Row]]:
        """Log entries by table and key of the row, the oldest first."""
        rows: dict[tuple[str, Key], list[Row]] = defaultdict(list)
        for entry in self.contents.log:
            rows[entry["entity"], as_key(entry["key"])].append(entry)
        return dict(rows)

    @cached_property
    def barred(self) -> "Spans":
        """When, by the log, whose conflict of interest in which application was in force."""
        return Spans(self.log.get("conflicts", ()), lambda row: row.get("lifted_at") is None)

    @cached_property
    def impartial(self) -> "Spans":
        """When, by the log, who had declared to have no conflict of interest in which application."""
        return Spans(self.log.get("impartiality", ()), lambda _: True)

    def call_of(self, application_id: int) -> CallDefinition | None:
        """The definition of an application's call; None if it is not to be had."""
        row = self.applications.get(application_id)
        return None if row is None else self.calls.get(row["call_id"])

    def case(self, application_id: int) -> str:
        """The case number of an application, or its id."""
        row = self.applications.get(application_id)
        return f"({application_id})" if row is None else str(row["case_number"])

    def person(self, account_id: int | None) -> str:
        """The name of an account, or its id."""
        row = None if account_id is None else self.accounts.get(account_id)
        return f"({account_id})" if row is None else str(row["name"])

    def at_application(self, application_id: int) -> Message:
        """The place: an application."""
        return msg("application {case}", case=self.case(application_id))

    def at_pair(self, application_id: int, account_id: int | None) -> Message:
        """The place: a person's part in an application."""
        return msg(
            "application {case}, {person}",
            case=self.case(application_id),
            person=self.person(account_id),
        )

    def at_review(self, review: Row) -> Message:
        """The place: a review."""
        return self.at_pair(review["application_id"], review["reviewer_id"])


def at_call(call_id: str) -> Message:
    """The place: a call."""
    return msg("call {call}", call=call_id)


def at_entry(entry: Row) -> Message:
    """The place: an entry of the audit log."""
    return msg("log entry {id} ({action})", id=str(entry["id"]), action=str(entry["action"]))


def at_row(table: str, key: Key) -> Message:
    """The place: a row of a table."""
    return msg("table {table}, {key}", table=table, key=", ".join(f"{name} {value}" for name, value in key))


def grouped(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """Rows by a column's value, in their order."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return dict(groups)


class Spans:
    """For which (application, account) something held between which entries of the log."""

    def __init__(self, entries: Iterable[Row], holds: Callable[[Row], bool]) -> None:
        self._turns: dict[Pair, list[tuple[int, bool]]] = defaultdict(list)
        for entry in entries:
            row = entry["new"] or entry["old"]
            pair = (row["application_id"], row["account_id"])
            self._turns[pair].append((entry["id"], entry["new"] is not None and holds(entry["new"])))

    def at(self, pair: Pair, entry_id: int) -> bool:
        """Whether it held for ``pair`` when the log entry ``entry_id`` was written."""
        turns = self._turns.get(pair, [])
        place = bisect_left(turns, (entry_id, False))
        return place > 0 and turns[place - 1][1]

    def everybody(self, application_id: int, entry_id: int) -> set[int]:
        """The accounts for whom it held in an application at the log entry ``entry_id``."""
        return {
            account
            for application, account in self._turns
            if application == application_id and self.at((application, account), entry_id)
        }
