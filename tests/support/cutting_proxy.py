"""A TCP proxy that can cut every connection and refuse new ones, or fall silent, as networks do."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager

from tests.support.server import free_port


class CuttingProxy:
    """Stands before the server at ``upstream``; ``base`` is its own address. Use it by ``proxy_to``."""

    def __init__(self, upstream: int) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._upstream = upstream
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._listening: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def restore(self) -> None:
        """Take connections and pass everything on again."""
        self._do(self._listen)

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._do(self._break)

    def silence(self) -> None:
        """Keep connections open and take new ones, but pass nothing on; what is sent waits."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def close(self) -> None:
        """End for good."""
        self._do(self._break)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _do(self, what: Callable[[], Coroutine[None, None, None]]) -> None:
        asyncio.run_coroutine_threadsafe(what(), self._loop).result(10)

    async def _listen(self) -> None:
        self._flowing.set()
        if self._listening is None:
            self._listening = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    async def _break(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            writer.close()
            return
        if self._listening is None:  # cut while it was being opened
            for opened in (writer, back):
                opened.transport.abort()
            return
        for source, target in ((reader, back), (there, writer)):
            task = self._loop.create_task(self._pass_on(source, target))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        self._writers.add(target)
        try:
            while data := await source.read(65_536):
                await self._flowing.wait()
                target.write(data)
                await target.drain()
        except OSError:
            pass
        finally:
            self._writers.discard(target)
            target.close()


@contextmanager
def proxy_to(upstream: int) -> Iterator[CuttingProxy]:
    """A proxy before the server that listens on ``upstream``, passing everything on."""
    proxy = CuttingProxy(upstream)
    proxy.restore()
    try:
        yield proxy
    finally:
        proxy.close()
