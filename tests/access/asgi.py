"""Asking an ASGI application without a server."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from access.gate import AsgiApp, Event, Scope
from access.permissions import Actor
from access.service import Session, SignedIn, SignInRefused
from locales import Message, msg

OFFICER = Actor(1, "virve", "Virve Virkamies", frozenset({"officer"}), "sv")
OPEN = "open-token"
COOKIE = ("cookie", f"avustuspaneeli_session={OPEN}")


@dataclass
class OneSession:
    """Accounts with one open session, that of ``OPEN``, until ``ended``."""

    ended: bool = False

    def sign_in(self, username: str, password: str, client: str) -> SignedIn | SignInRefused:
        return SignInRefused("wrong", msg("The user name or the password is wrong."))

    def session(self, token: str) -> Session | None:
        return Session(OFFICER, "csrf") if token == OPEN and not self.ended else None

    def sign_out(self, token: str) -> None:
        self.ended = True

    def change_password(self, token: str, current: str, new: str) -> Message | None:
        return None

    def is_empty(self) -> bool:
        return False

    def set_language(self, token: str, language: str) -> None:
        return None


@dataclass
class Inner:
    """What stands behind the gate: notes what reached it, and answers."""

    answer: Sequence[Event] = ()
    reached: list[str] = field(default_factory=list)
    received: list[Event] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: object, send: object) -> None:
        self.reached.append(scope["path"])
        if scope["type"] == "websocket":
            while (event := await receive())["type"] != "websocket.disconnect":  # type: ignore[operator]
                self.received.append(event)
            self.received.append(event)
            await send({"type": "websocket.send", "text": "too late"})  # type: ignore[operator]
        for event in self.answer:
            await send(event)  # type: ignore[operator]


def page(body: str, **headers: str) -> list[Event]:
    """The events of an answer that is a page."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return [
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html"), *raw]},
        {"type": "http.response.body", "body": body.encode()},
    ]


def ask(
    app: AsgiApp,
    path: str,
    *headers: tuple[str, str],
    method: str = "GET",
    kind: str = "http",
    events: Sequence[Event] = (),
    server: tuple[str, int] = ("127.0.0.1", 80),
) -> list[Event]:
    """Everything the application sends back."""
    where, _, query = path.partition("?")
    scope: Scope = {
        "type": kind,
        "method": method,
        "path": where,
        "query_string": query.encode(),
        "scheme": "ws" if kind == "websocket" else "http",
        "headers": [(name.encode(), value.encode()) for name, value in (("host", "here"), *headers)],
        "server": server,
        "subprotocols": [],
    }
    waiting = list(events)
    sent: list[Event] = []

    async def receive() -> Event:
        return waiting.pop(0)

    async def send(event: Event) -> None:
        sent.append(event)

    asyncio.run(_run(app(scope, receive, send)))
    return sent


async def _run(answer: object) -> None:
    await answer  # type: ignore[misc]


def header(sent: Sequence[Event], name: str) -> str | None:
    """A header of the answer."""
    found = [value for key, value in sent[0]["headers"] if key.lower() == name.encode()]
    return found[0].decode() if found else None
