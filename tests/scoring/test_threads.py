"""One thread inside, whoever else is inside, and as many as before when the last one is out."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import permutations

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from scoring.threads import one_thread

BEFORE = 3
"""More than one on any machine, so that a limit is seen."""
SIGNS = ("A in", "A out", "B in", "B out")
ORDERS = [order for order in permutations(SIGNS) if all(order.index(f"{x} in") < order.index(f"{x} out") for x in "AB")]


def limits() -> set[int]:
    """How many threads linear algebra may use, of each library that does it."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


class Guest:
    """A thread that enters and leaves when it is told to."""

    def __init__(self) -> None:
        self.may_enter, self.may_leave = threading.Event(), threading.Event()
        self.entered, self.left = threading.Event(), threading.Event()
        self.seen: set[int] = set()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.may_enter.wait(10)
        with one_thread():
            self.entered.set()
            self.may_leave.wait(10)
            self.seen = limits()
        self.left.set()

    def told(self, word: str) -> None:
        """Returns when it is done."""
        go, done = (self.may_enter, self.entered) if word == "in" else (self.may_leave, self.left)
        go.set()
        assert done.wait(10)


@pytest.fixture
def before() -> Iterator[set[int]]:
    """Several threads, set by this one, which lives on; and afterwards as many as there were."""
    assert np.eye(2).sum() == 2
    with threadpool_limits(BEFORE, "blas"):
        yield limits()


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> None:
    """In place of the limit that the other tests of this room run under: here it is what is tried."""


@pytest.mark.parametrize("order", ORDERS, ids=", ".join)
def test_two_threads_enter_and_leave_in_every_order(order: tuple[str, ...], before: set[int]) -> None:
    guests = {"A": Guest(), "B": Guest()}
    inside = 0
    assert before == {BEFORE}
    for sign in order:
        name, word = sign.split()
        guests[name].told(word)
        inside += 1 if word == "in" else -1
        assert limits() == ({1} if inside else before), sign
    for guest in guests.values():
        guest.thread.join(10)
        assert guest.seen == {1}


def test_every_order_is_tried() -> None:
    assert len(ORDERS) == 6


def test_one_within_another_holds_until_the_outer_is_left(before: set[int]) -> None:
    with one_thread():
        with one_thread():
            assert limits() == {1}
        assert limits() == {1}
    assert limits() == before


def test_an_error_inside_lifts_the_limit(before: set[int]) -> None:
    with pytest.raises(KeyError), one_thread():
        raise KeyError
    assert limits() == before


def test_many_threads_at_once_leave_the_limit_as_it_was(before: set[int]) -> None:
    start = threading.Barrier(8)
    seen: list[set[int]] = []

    def enter() -> None:
        start.wait(10)
        for _ in range(5):
            with one_thread():
                seen.append(limits())

    threads = [threading.Thread(target=enter) for _ in range(8)]
    with ExitStack() as ends:
        for thread in threads:
            thread.start()
            ends.callback(thread.join, 10)
    assert (len(seen), set(map(frozenset, seen))) == (40, {frozenset({1})})
    assert limits() == before
