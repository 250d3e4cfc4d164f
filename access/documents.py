"""The addresses of attachments. Each request asks anew who is there and whether the file is theirs to read."""

from collections.abc import Sequence
from typing import Protocol
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from access.gate import SESSION_KEY
from access.page_language import reader_language
from access.permissions import Actor
from access.service import Session
from locales import msg, render

# Shown in a frame of our own pages only. The browser's own reader draws the file: it runs no script of ours, and
# what a file asks to load is not loaded.
_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    # A conflict of interest may close the file to the same reader a moment later.
    "Cache-Control": "no-store",
}


class DocumentService(Protocol):
    """The attachments as the web edge sees them; app.py gives the real thing. May wait for the database."""

    def attachment(self, actor: Actor, call_id: str, sha256: str) -> tuple[str, bytes] | None:
        """The name and the bytes of a PDF file; None when it is not there or not for the actor."""
        ...


def attachment_address(call_id: str, sha256: str, *, download: bool = False) -> str:
    """Where a file is read, or fetched to keep. The digest makes the address one that nobody guesses."""
    address = f"/attachments/{quote(call_id, safe='')}/{sha256}.pdf"
    return f"{address}?download=1" if download else address


def document_routes(documents: DocumentService) -> Sequence[Route]:
    """The routes of the attachments, with the service they ask."""

    async def attachment(request: Request) -> Response:
        session: Session | None = request.scope.get(SESSION_KEY)
        call_id, digest = (request.path_params[name] for name in ("call_id", "sha256"))
        found = None
        if session is not None:
            found = await run_in_threadpool(documents.attachment, session.actor, call_id, digest)
        if found is None:
            text = msg("There is no such attachment that you can see.")
            return PlainTextResponse(render(text, reader_language(request.scope)), 404, headers=_HEADERS)
        name, content = found
        way = "attachment" if request.query_params.get("download") else "inline"
        named = {"Content-Disposition": f"{way}; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(content, media_type="application/pdf", headers={**_HEADERS, **named})

    return [Route("/attachments/{call_id}/{sha256}.pdf", attachment, methods=["GET"])]
