"""What holds in every database, by name, and the one checker of it all.

The invariants read the tables as they are, once each; what the screens show is asked of the use cases in the same
transaction and compared with what the raw rows give.
"""

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from access.permissions import Actor, terminal_actor
from calls.application_record import RecordError
from calls.definition import CallDefinition
from calls.definition_file import CallFileError
from locales import Message, msg
from scoring.errors import ScoringError
from storage.inspection import Contents, read_contents, tables_that_differ
from storage.migrate import DatabaseUnavailable
from storage.unit import UnitOfWork
from workflow.applications import load_views
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.invariants_accounts import OF_ACCOUNTS
from workflow.invariants_costs import OF_COSTS
from workflow.invariants_decisions import OF_DECISIONS, read_frozen
from workflow.invariants_facts import Facts, Shown
from workflow.invariants_figures import OF_FIGURES
from workflow.invariants_intake import OF_INTAKE
from workflow.invariants_log import OF_LOG
from workflow.invariants_meetings import OF_MEETINGS
from workflow.invariants_money import OF_MONEY
from workflow.invariants_overview import OF_OVERVIEW
from workflow.invariants_panel import OF_PANEL
from workflow.invariants_reviews import OF_REVIEWS
from workflow.invariants_scenarios import OF_SCENARIOS
from workflow.invariants_types import Broken, Invariant
from workflow.invariants_types import Finding as Finding
from workflow.overview import get_headline, get_overview
from workflow.ranking import load_ranking, load_scores

INVARIANTS: tuple[Invariant, ...] = tuple(
    invariant
    for collection in (
        OF_REVIEWS,
        OF_PANEL,
        OF_MEETINGS,
        OF_INTAKE,
        OF_MONEY,
        OF_SCENARIOS,
        OF_COSTS,
        OF_DECISIONS,
        OF_FIGURES,
        OF_OVERVIEW,
        OF_LOG,
        OF_ACCOUNTS,
    )
    for invariant in collection.found
)
"""Every invariant that is always checked."""

REPLAY = Invariant("log_rebuilds_the_database", msg("The audit log alone rebuilds every table."), lambda _: iter(()))
"""The one that is checked only when asked for: it plays the whole log into another database."""

TEXTS = {invariant.name: invariant.text for invariant in (*INVARIANTS, REPLAY)}
"""The sentence of each invariant."""


@dataclass(frozen=True, slots=True)
class _OneReading(House):
    """A house in which everything is read in one transaction, so that what is compared belongs together."""

    uow: UnitOfWork | None = None

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        return nullcontext(self.uow) if self.uow is not None else House.reading(self)


def check_database(house: House, *, replay: bool = False) -> list[Broken]:
    """Every place where an invariant does not hold, in the order of the invariants; nothing is changed.

    For whoever runs the program. ``replay``: also play the whole log into an empty database, which takes its time.
    Refused when the database cannot be read.
    """
    try:
        with house.reading() as uow, _uncollected():
            broken = examine(look(uow, house))
        if replay:
            for table in tables_that_differ(house.engine):
                broken.append(
                    Broken(REPLAY.name, msg("table {table}", table=table), msg("differs from what the log rebuilds"))
                )
    except DatabaseUnavailable as error:
        raise Refused(msg("The database cannot be read: {why}", why=error.why[:500])) from error
    return broken


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: all that is read stays alive, and going through it again costs half the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def examine(facts: Facts) -> list[Broken]:
    """What does not hold in ``facts``."""
    return [
        Broken(invariant.name, finding.where, finding.what)
        for invariant in INVARIANTS
        for finding in invariant.check(facts)
    ]


def look(uow: UnitOfWork, house: House) -> Facts:
    """The raw rows and the figures that the screens show, from one transaction. Raises DatabaseUnavailable."""
    contents = read_contents(uow)
    calls: dict[str, CallDefinition] = {}
    unreadable: dict[str, Message | str] = {}
    for row in contents.tables["calls"]:
        try:
            call = load_call(uow, row["id"])
        except CallFileError as error:
            unreadable[row["id"]] = error.problems[0]
            continue
        if call.id != row["id"]:
            unreadable[row["id"]] = call.id
        calls[row["id"]] = call
    shown: dict[str, Shown] = {}
    failed: dict[str, Message | str] = {}
    for call_id in _with_applications(contents) & calls.keys():
        try:
            shown[call_id] = _shown(uow, house, calls[call_id])
        except ScoringError as error:
            failed[call_id] = error.message
        except RecordError as error:
            failed[call_id] = error.message
        except (KeyError, TypeError) as error:
            failed[call_id] = repr(error)
    return Facts(contents, calls, unreadable, shown, failed, read_frozen(uow, contents))


def _with_applications(contents: Contents) -> set[str]:
    """Calls without applications have no figures to go wrong."""
    return {row["call_id"] for row in contents.tables["applications"]}


def _shown(uow: UnitOfWork, house: House, call: CallDefinition) -> Shown:
    inside = _OneReading(house.engine, house.clock, uow)
    views = load_views(uow, call)
    return Shown(
        ranking=load_ranking(uow, call, views),
        scores=load_scores(uow, call, views),
        overview=get_overview(inside, _EVERYTHING, call.id),
        headline=get_headline(inside, _EVERYTHING, call.id),
    )


_EVERYTHING: Actor = terminal_actor("check")
"""Somebody from whom nothing is hidden."""
