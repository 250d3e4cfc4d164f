"""The shell of every page in the reader's language: ``lang``, title, icon and the words without JavaScript."""

import re
from html import escape

from starlette.datastructures import Headers, MutableHeaders

from access.cookies import cookies_of, language_from, preferred_language
from access.gate import MACHINE_PREFIXES, SESSION_KEY, AsgiApp, Event, Receive, Scope, Send
from locales import PSEUDO, msg, render

_NOT_ASKED = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range"})
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_INLINE_SCRIPT = re.compile(r"<script>\s*window\.prerenderReady = false\s*</script>")
_SERVICE_LINK = re.compile(r'<link rel="service-desc"[^>]*>')
_ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class PageLanguage:
    """ASGI middleware: Streamlit's one page says ``lang="en"`` to everybody; here it is put right."""

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the page shell; everything else passes untouched."""
        if scope["type"] != "http" or scope["path"].startswith(MACHINE_PREFIXES):
            await self.app(scope, receive, send)
            return
        lang = reader_language(scope)
        # A page kept by the browser would keep its old language, and a packed one could not be read here.
        plain = [(name, value) for name, value in scope["headers"] if name.lower() not in _NOT_ASKED]
        shell = _Shell(send, lang)
        await self.app({**scope, "headers": plain}, receive, shell.send)


class _Shell:
    """Holds a page back until it is whole, then sends it in ``lang``."""

    def __init__(self, send: Send, lang: str) -> None:
        self._send = send
        self._lang = lang
        self._start: Event | None = None
        self._body = b""

    async def send(self, event: Event) -> None:
        if event["type"] == "http.response.start":
            kind = Headers(raw=event["headers"]).get("content-type", "")
            if kind.startswith("text/html"):
                self._start = event
                return
        if self._start is None or event["type"] != "http.response.body":
            await self._send(event)
            return
        self._body += event.get("body", b"")
        if not event.get("more_body", False):
            await self._finish(self._start)

    async def _finish(self, start: Event) -> None:
        body = self._body
        if b"<title>Streamlit</title>" in body:
            body = page_in(body.decode(), self._lang).encode()
            headers = MutableHeaders(scope=start)
            for name in ("etag", "last-modified", "accept-ranges"):
                if name in headers:
                    del headers[name]
            headers["cache-control"] = "no-store"
            headers["content-language"] = html_language(self._lang)
            headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def page_in(page: str, lang: str) -> str:
    """Streamlit's index page with our name, icon and words, in ``lang``."""
    name = escape(render(msg("Grant Panel"), lang))
    noscript = escape(render(msg("This service needs JavaScript. Allow it in the browser's settings."), lang))
    page = _COMMENT.sub("", page)
    page = page.replace('<html lang="en">', f'<html lang="{html_language(lang)}">', 1)
    page = page.replace("<title>Streamlit</title>", f"<title>{name}</title>", 1)
    page = _NOSCRIPT.sub(lambda _: f"<noscript><p>{noscript}</p></noscript>", page, count=1)
    page = _ICON.sub('<link rel="icon" type="image/svg+xml" href="./access/icon.svg" />', page, count=1)
    return _SERVICE_LINK.sub("", _INLINE_SCRIPT.sub("", page, count=1), count=1).lstrip()


def reader_language(scope: Scope) -> str:
    """The language of a request: the cookie's, else the account's, else the browser's, else Finnish."""
    session = scope.get(SESSION_KEY)
    browser = preferred_language(Headers(raw=scope["headers"]).get("accept-language", ""))
    return language_from(cookies_of(scope["headers"]), None if session is None else session.actor.language, browser)


def html_language(lang: str) -> str:
    """The value of the ``lang`` attribute; the pseudo-locale is English underneath."""
    return "en" if lang == PSEUDO else lang
