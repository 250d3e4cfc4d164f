"""The sample database has accounts with published passwords: it is served to this machine only."""

import ipaddress
from collections.abc import Iterable

from starlette.responses import PlainTextResponse

from access.gate import AsgiApp, Event, Receive, Scope, Send
from locales import LANGUAGES, Message, msg, render


class NotLoopback(Exception):
    """The sample database would be reachable from other machines; ``message`` says what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(render(message, "en"))
        self.message = message


def is_loopback(address: str | None) -> bool:
    """Whether only this machine reaches ``address``; an empty address or a wildcard is all networks."""
    if not address:
        return False
    if address == "localhost":
        return True
    try:
        ip = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_loopback


def require_loopback(addresses: Iterable[str]) -> None:
    """Raises NotLoopback if other machines would reach one of ``addresses``."""
    for address in addresses:
        if not is_loopback(address):
            raise NotLoopback(
                msg(
                    "The sample database has published passwords and is served on 127.0.0.1 only, not on "
                    "{address}. Start with --server.address 127.0.0.1, or use another DATABASE_URL.",
                    address=address,
                )
            )


class LoopbackOnly:
    """ASGI middleware: refuses every connection that did not arrive at a loopback address of this machine.

    Without effect until ``on`` is set, which start-up does when it finds the sample database.
    """

    on = False

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, lambda event: send(_in_words(event)))
        elif not LoopbackOnly.on or is_loopback((scope.get("server") or ("",))[0]):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            text = msg("The sample data is served to this machine only.")
            lines = "\n".join(render(text, lang) for lang in LANGUAGES)
            await PlainTextResponse(lines, status_code=403)(scope, receive, send)


def _in_words(event: Event) -> Event:
    """A start that was refused says why in one sentence; the traceback around it would only hide that."""
    traceback = event.get("message", "")
    if event["type"] != "lifespan.startup.failed" or NotLoopback.__name__ not in traceback:
        return event
    return {**event, "message": traceback.strip().splitlines()[-1].partition(": ")[2]}
