"""The gate: without an open session nothing of the product is reached, neither pages nor Streamlit's own addresses.

It stands before the whole application, so a page's code never runs for a stranger, whatever address is asked.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from access.addresses import safe_next, with_next
from access.cookies import cookies_of, language_from, preferred_language, session_token
from access.service import AccountService, Session
from locales import msg, render

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

SESSION_KEY = "avustuspaneeli.session"
"""Where the gate leaves the open session in the ASGI scope."""

OPEN_PATHS = frozenset({"/sign-in", "/access/style.css", "/access/icon.svg", "/_stcore/health"})
"""Addresses without sign-in: the sign-in page and what it needs, and the health check, which says "ok"."""
_LANGUAGE_PATH = re.compile(r"/language/[a-z]{2,3}")
MACHINE_PREFIXES = ("/_stcore/", "/media/", "/component/", "/static/", "/app/", "/auth/", "/oauth2callback")
"""Addresses that programs ask for: refused plainly instead of redirected."""

SIGNED_OUT = 4401
_log = logging.getLogger("avustuspaneeli.access")


class Gate:
    """ASGI middleware around everything; ``accounts`` tells which sessions are open."""

    def __init__(self, app: AsgiApp, accounts: AccountService) -> None:
        self.app = app
        self.accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, redirect to the sign-in page, or refuse."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(raw=scope["headers"])
        token = session_token(cookies_of(scope["headers"]))
        session = await self._session(token)
        scope[SESSION_KEY] = session
        if scope["type"] == "websocket":
            await self._stream(scope, receive, send, headers, token)
        elif session is not None or is_open(scope["path"]):
            await self.app(scope, receive, send)
        else:
            await refusal(scope, headers)(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send, headers: Headers, token: str | None) -> None:
        if not same_host(headers) or token is None:
            await send({"type": "websocket.close", "code": SIGNED_OUT})
        elif scope[SESSION_KEY] is None:
            # A page left open after its session ended reconnects: lead its browser to the sign-in page.
            await send({"type": "websocket.accept", "subprotocol": _first_protocol(headers)})
            await _lead_out(send)
        else:
            guard = _Guard(self, token, receive, send)
            await self.app(scope, guard.receive, guard.send)

    async def _session(self, token: str | None) -> Session | None:
        return None if token is None else await run_in_threadpool(self.accounts.session, token)


class _Guard:
    """Asks before each message of an open stream whether its session is still open."""

    def __init__(self, gate: Gate, token: str, receive: Receive, send: Send) -> None:
        self._gate = gate
        self._token = token
        self._receive = receive
        self._send = send
        self._ended = False

    async def receive(self) -> Event:
        event = await self._receive()
        if event["type"] == "websocket.receive" and await self._gate._session(self._token) is None:
            self._ended = True
            await _lead_out(self._send)
            return {"type": "websocket.disconnect", "code": SIGNED_OUT}
        return event

    async def send(self, event: Event) -> None:
        if not self._ended:
            await self._send(event)


def is_open(path: str) -> bool:
    """Whether an address is reached without signing in."""
    return path in OPEN_PATHS or _LANGUAGE_PATH.fullmatch(path) is not None


def refusal(scope: Mapping[str, Any], headers: Headers) -> Response:
    """What a stranger gets: pages lead to the sign-in page and back, everything else is refused."""
    path = scope["path"]
    if scope["method"] in ("GET", "HEAD") and not path.startswith(MACHINE_PREFIXES):
        query = scope["query_string"].decode("latin-1")
        wanted = quote(path) + (f"?{query}" if query else "")
        response: Response = RedirectResponse(with_next("/sign-in", safe_next(wanted)), status_code=303)
    else:
        lang = language_from(cookies_of(scope["headers"]), preferred_language(headers.get("accept-language", "")))
        response = PlainTextResponse(render(msg("Sign in first."), lang), status_code=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def same_host(headers: Headers) -> bool:
    """Whether a stream is asked for by a page of this same host; a browser always says where it comes from."""
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        asking = urlsplit(origin).netloc
    except ValueError:
        return False
    host = headers.get("host")
    if asking and asking == host:
        return True
    _log.warning("stream refused: origin %r is not host %r", origin[:200], (host or "")[:200])
    return False


async def _lead_out(send: Send) -> None:
    # Streamlit's browser side follows this message to the sign-in page; its Referer then tells where to return.
    message = ForwardMsg()
    message.auth_redirect.url = "/sign-in"
    await send({"type": "websocket.send", "bytes": message.SerializeToString()})
    await send({"type": "websocket.close", "code": SIGNED_OUT})


def _first_protocol(headers: Headers) -> str | None:
    return headers.get("sec-websocket-protocol", "").split(",")[0].strip() or None
