"""What an invariant is: a stable name, its sentence, and what finds where it does not hold."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from locales import Message, msg
from workflow.invariants_facts import Facts


class Finding(NamedTuple):
    """Where an invariant does not hold, and what was found there."""

    where: Message
    what: Message


Check = Callable[[Facts], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """What holds in every database. ``name`` never changes; ``text`` says it in a sentence."""

    name: str
    text: Message
    check: Check


@dataclass(frozen=True, slots=True)
class Broken:
    """One place where an invariant does not hold."""

    name: str
    where: Message
    what: Message


class Collection:
    """The invariants of one idea, in the order in which they are written down."""

    def __init__(self) -> None:
        self.found: list[Invariant] = []

    def __call__(self, name: str, text: Message) -> Callable[[Check], Check]:
        """Write the decorated check down under ``name``."""

        def write_down(check: Check) -> Check:
            self.found.append(Invariant(name, text, check))
            return check

        return write_down


def found(value: object) -> Message:
    """What was found, where one value says it."""
    return msg("found: {value}", value=value if isinstance(value, Message) else str(value))


def instead(value: object, expected: object) -> Message:
    """What was found and what should have been."""
    return msg("found: {value}; expected: {expected}", value=str(value), expected=str(expected))


def missing(what: str) -> Message:
    """What is not there."""
    return msg("missing: {what}", what=what)


def differing(shown: Mapping[str, object], expected: Mapping[str, object]) -> Iterator[tuple[str, Message]]:
    """(key, what differs) of every key of either mapping."""
    for key in sorted(shown.keys() | expected.keys()):
        if shown.get(key) != expected.get(key):
            yield key, instead(shown.get(key), expected.get(key))
