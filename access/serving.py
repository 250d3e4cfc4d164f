"""What the server around us listens on, asked from the process: no setting is right for every way to start."""

import gc
import socket

import uvicorn
from streamlit import config


def listening_addresses() -> list[str]:
    """The addresses this process is set to listen on.

    Whoever started the server (``streamlit run``, uvicorn's command line, uvicorn from Python) made a
    ``uvicorn.Config``; it is the only place that is right for all of them. Under another server the dashboard's
    own setting is taken.
    """
    made = [str(thing.host) for thing in gc.get_objects() if type(thing) is uvicorn.Config]
    return made or [str(config.get_option("server.address") or "0.0.0.0")]  # noqa: S104


def answer_at_once() -> None:
    """Send small packets without waiting for the last one's receipt.

    Streamlit binds its socket in a way that asyncio does not recognise as TCP, so Nagle's algorithm stays on and
    every answer on a kept connection waits 40 ms for the reader's delayed receipt. Connections inherit the
    setting of the socket they were accepted from.
    """
    for thing in gc.get_objects():
        if isinstance(thing, socket.socket) and _listens(thing):
            thing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _listens(thing: socket.socket) -> bool:
    return (
        thing.fileno() != -1
        and thing.family in (socket.AF_INET, socket.AF_INET6)
        and thing.type == socket.SOCK_STREAM
        and thing.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
    )
