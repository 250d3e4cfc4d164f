"""A calculation of chances under way: its processes, its place in the queue, and the handle a screen holds.

One calculation works at a time in a server process, so that however many officers ask, the rest of the machine stays
free for their pages. The others wait in the order in which they came.
"""

import threading
import weakref
from collections.abc import Callable

from allocation.chance_conduct import Progress
from allocation.chance_process import Workers
from allocation.chance_result import Chances, ChancesError
from locales import Message, msg


class Turns:
    """Who works and who waits, the first in front."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[object] = []

    def join(self, who: object) -> bool:
        """Stand in the queue; whether it is one's turn at once."""
        with self._changed:
            self._queue.append(who)
            return self._queue[0] is who

    def wait(self, who: object, ahead: Callable[[int], None]) -> bool:
        """Wait for one's turn, told whenever the number of those ahead changes; False when taken out of the queue."""
        with self._changed:
            while who in self._queue and self._queue[0] is not who:
                ahead(self._queue.index(who))
                self._changed.wait()
            return who in self._queue

    def leave(self, who: object) -> None:
        """Go: one's turn is over, or one waits no more. Harmless when gone already."""
        with self._changed:
            if who in self._queue:
                self._queue.remove(who)
                self._changed.notify_all()


_TURNS = Turns()


class State:
    """What the leading thread and the handle share. The handle may be dropped; this then ends the processes."""

    def __init__(self) -> None:
        self.workers: Workers | None = None
        self.progress = Progress(0, 1, msg("Starting the calculation."))
        self.cancelled = threading.Event()
        self.done = threading.Event()
        self.result: Chances | None = None
        self.error: Message | None = None
        self._lock = threading.Lock()

    def _employ(self, start: Callable[[], Workers]) -> None:
        """Start the processes, unless it was cancelled before."""
        with self._lock:
            if not self.cancelled.is_set():
                self.workers = start()

    def stop(self) -> None:
        """End the work, wherever it stands; who waits leaves the queue."""
        with self._lock:
            self.cancelled.set()
            workers = self.workers
        if workers is not None:
            workers.end()
        else:
            _TURNS.leave(self)

    def lead(self, start: Callable[[], Workers], work: Callable[[Workers], None]) -> None:
        """Do ``work`` in a thread, with processes from ``start``, when it is one's turn: at once if nobody is ahead."""
        first = _TURNS.join(self)
        if first:
            try:
                self._employ(start)
            except OSError:
                _TURNS.leave(self)
                raise
        threading.Thread(target=self._in_turn, args=(start, work, first), name="chances", daemon=True).start()

    def _in_turn(self, start: Callable[[], Workers], work: Callable[[Workers], None], first: bool) -> None:
        try:
            if not first and _TURNS.wait(self, self._behind):
                self._employ(start)
            if self.workers is not None:
                work(self.workers)
        except OSError as error:
            self.error = msg("The calculation failed: {why}", why=str(error))
        finally:
            if self.workers is not None:
                self.workers.end()
            # The next one may only begin when these processes are gone.
            _TURNS.leave(self)
            self.done.set()

    def _behind(self, ahead: int) -> None:
        words = msg("Waiting for other calculations to end. Ahead in the queue: {n}.", n=ahead)
        self.progress = Progress(0, self.progress.total, words)


class ChanceRun:
    """A calculation under way. Dropping the last reference to it cancels it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._finalizer = weakref.finalize(self, state.stop)

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes that work, or worked, on it."""
        return self._state.workers.pids if self._state.workers else ()

    def progress(self) -> Progress:
        """How far it is."""
        return self._state.progress

    @property
    def finished(self) -> bool:
        """There is a result, an error, or it was cancelled."""
        return self._state.done.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is finished; False if it is not yet."""
        return self._state.done.wait(seconds)

    def cancel(self) -> None:
        """Stop and end all processes; they are gone when this returns. Harmless when it is finished."""
        self._state.stop()
        self._state.done.wait(1.0)

    def result(self) -> Chances:
        """The result. Raises ChancesError if it is not finished, was cancelled or failed."""
        if self._state.result is not None:
            return self._state.result
        if self._state.error is not None:
            raise ChancesError(self._state.error)
        if self._state.cancelled.is_set():
            raise ChancesError(msg("The calculation was cancelled."))
        raise ChancesError(msg("The calculation is not finished."))
