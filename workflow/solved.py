"""What was solved lately, kept by content: a screen that is drawn again need not solve again."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from threading import Lock
from typing import Any, TypeVar, cast

from allocation import Allocation, Change, Project, Scenario, ScenarioError, SolverError, baseline, compare, distribute
from allocation.engine import OutOfTimeError
from allocation.mixed import TIE_LIMIT
from locales import msg
from workflow.errors import Refused

T = TypeVar("T")
MOST_KEPT = 128
MOST_PROJECTS = 200_000
"""Bounds of what is kept: answers, and projects in all of them together."""


@dataclass(frozen=True, slots=True)
class Solved:
    """One scenario over one set of projects, the greedy baseline, and what differs from it."""

    allocation: Allocation
    baseline: Allocation
    changes: tuple[Change, ...]


class Kept:
    """Answers of pure functions, the most lately used ones; several threads may ask at once."""

    def __init__(self, most: int = MOST_KEPT, projects: int = MOST_PROJECTS) -> None:
        self._most, self._projects = most, projects
        self._lock = Lock()
        self._held: OrderedDict[str, tuple[int, object]] = OrderedDict()

    def answer(
        self, kind: str, projects: Sequence[Project], scenario: Scenario, make: Callable[[], T], *further: object
    ) -> T:
        """What ``make`` gave for these very values, or gives now. An exception is not kept, nor what time cut short.

        ``kind`` names the function, ``further`` what it was given beside the projects and the scenario.
        """
        key = _key(kind, projects, scenario, *further)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return cast(T, self._held[key][1])
        found = make()
        if len(projects) > self._projects or cut_short(found):
            return found
        with self._lock:
            self._held[key] = (len(projects), found)
            while len(self._held) > self._most or self._total() > self._projects:
                self._held.popitem(last=False)
        return found

    def _total(self) -> int:
        return sum(count for count, _ in self._held.values())


def cut_short(found: object) -> bool:
    """Whether an answer may be another one with more time: a busy moment is not remembered.

    Ties of at most ``TIE_LIMIT`` candidates are left unresolved for want of time; of more they always are.
    """
    if isinstance(found, Solved):
        return cut_short(found.allocation) or cut_short(found.baseline)
    if isinstance(found, tuple):
        return any(cut_short(one) for one in found)
    status = getattr(found, "status", None)
    if status == "ties_unresolved":
        return isinstance(found, Allocation) and sum(award.ceiling > 0 for award in found.awards) <= TIE_LIMIT
    return status == "time_limit"


def _key(kind: str, projects: Sequence[Project], *further: object) -> str:
    digest = hashlib.sha256(kind.encode())
    for value in (sorted(projects, key=lambda one: one.id), *further):
        digest.update(b"\0")
        digest.update(repr(_ordered(value)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _ordered(value: object) -> object:
    """A scenario with its sets and mappings in a fixed order, so that equal ones are written alike."""
    if isinstance(value, Scenario):
        return [_ordered(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, frozenset):
        return sorted(value)
    return sorted(value.items(), key=lambda item: str(item[0])) if isinstance(value, dict) else value


KEPT = Kept()


def solve(projects: Sequence[Project], scenario: Scenario) -> Solved:
    """Distribute, with the greedy baseline beside it. Refused with every problem of the scenario."""

    def make() -> Solved:
        allocation, greedy = distribute(projects, scenario), baseline(projects, scenario)
        return Solved(allocation, greedy, tuple(compare(greedy, allocation)))

    return asked("solve", projects, scenario, make)


def asked(kind: str, projects: Sequence[Project], scenario: Scenario, make: Callable[[], T], *further: Any) -> T:
    """A kept or new answer of the allocation; its errors are refusals in words."""
    try:
        return KEPT.answer(kind, projects, scenario, make, *further)
    except ScenarioError as error:
        raise Refused(*error.problems) from error
    except OutOfTimeError as error:
        raise Refused(
            msg("The time limit came before there was an answer. Allow more time in the scenario.")
        ) from error
    except SolverError as error:
        raise Refused(
            msg("The solver gave no distribution that holds in whole euros: {why}", why=str(error))
        ) from error
