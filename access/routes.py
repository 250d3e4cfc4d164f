"""Our own addresses: signing in and out, the language switch, changing one's password, style and icon."""

import secrets
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from access import cookies, html
from access.addresses import local_referer, safe_next, with_next
from access.gate import SESSION_KEY, same_host
from access.page_language import reader_language
from access.service import AccountService, Session, SignedIn
from locales import Message, msg

_STATIC = Path(__file__).parent / "static"
_LONGEST_FORM = 16_384
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_STATUS = {"wrong": 401, "disabled": 403, "locked": 429, "too_many": 429}

_ENDED = msg("Your session has ended. Sign in again. Text that was not saved is kept in this browser.")
_EXPIRED_FORM = msg("The form had expired. Nothing was done: send it again.")


class Routes:
    """The handlers, with the accounts they ask."""

    def __init__(self, accounts: AccountService) -> None:
        self.accounts = accounts

    async def show_sign_in(self, request: Request) -> Response:
        """GET /sign-in."""
        wanted = request.query_params.get("next")
        if wanted is None:
            wanted = local_referer(request.headers.get("referer"), request.headers.get("host"))
        after = safe_next(wanted)
        if _session(request) is not None:
            return _go(after)
        ended = cookies.session_token(request.cookies) is not None
        return self._sign_in_form(request, after, notice=_ENDED if ended else None)

    async def sign_in(self, request: Request) -> Response:
        """POST /sign-in."""
        form = await read_form(request)
        after = safe_next(form.get("next"))
        username = form.get("username", "")[:200]
        sent = request.cookies.get(cookies.FORM, "")
        if not same_host(request.headers) or not _same(sent, form.get("csrf", "")):
            return self._sign_in_form(request, after, username, _EXPIRED_FORM, 403)
        if not username.strip() or not form.get("password"):
            return self._sign_in_form(request, after, username, msg("Enter both the user name and the password."), 400)
        client = request.client.host if request.client else "unknown"
        result = await run_in_threadpool(self.accounts.sign_in, username, form["password"], client)
        if not isinstance(result, SignedIn):
            return self._sign_in_form(request, after, username, result.message, _STATUS[result.reason])
        old = cookies.session_token(request.cookies)
        if old is not None:
            await run_in_threadpool(self.accounts.sign_out, old)
        response = _go(after)
        secure = cookies.is_secure(request)
        cookies.set_cookie(response, cookies.SESSION, result.token, secure=secure)
        if cookies.LANGUAGE not in request.cookies:
            cookies.set_cookie(response, cookies.LANGUAGE, result.actor.language, secure=secure)
        cookies.clear_cookie(response, cookies.FORM, secure=secure)
        return response

    async def show_sign_out(self, request: Request) -> Response:
        """GET /sign-out asks; nothing changes by an address alone."""
        session = _session(request)
        if session is None:
            return _go("/sign-in")
        return _page(html.sign_out_page(_view(request, session.csrf), session.actor.name))

    async def sign_out(self, request: Request) -> Response:
        """POST /sign-out."""
        session = _session(request)
        form = await read_form(request)
        if session is None or not same_host(request.headers) or not _same(session.csrf, form.get("csrf", "")):
            return self._refused(request)
        token = cookies.session_token(request.cookies)
        if token is not None:
            await run_in_threadpool(self.accounts.sign_out, token)
        response = _go("/sign-in?signed-out=1")
        # Texts that this browser has kept are not left for the next person at the same computer.
        response.headers["Clear-Site-Data"] = '"storage"'
        cookies.clear_cookie(response, cookies.SESSION, secure=cookies.is_secure(request))
        return response

    async def switch_language(self, request: Request) -> Response:
        """GET /language/{lang}: a cookie for a year, and the account's language when signed in."""
        lang = request.path_params["lang"]
        after = _after_language(request)
        response = _go(after)
        if lang in cookies.accepted_languages():
            cookies.set_cookie(response, cookies.LANGUAGE, lang, secure=cookies.is_secure(request))
            token = cookies.session_token(request.cookies)
            if token is not None and _session(request) is not None:
                await run_in_threadpool(self.accounts.set_language, token, lang)
        return response

    async def show_password(self, request: Request) -> Response:
        """GET /password."""
        session = _session(request)
        if session is None:
            return _go(with_next("/sign-in", "/password"))
        return _page(html.password_page(_view(request, session.csrf), session.actor.username))

    async def change_password(self, request: Request) -> Response:
        """POST /password."""
        session = _session(request)
        form = await read_form(request)
        token = cookies.session_token(request.cookies)
        if session is None or token is None or not same_host(request.headers):
            return self._refused(request)
        view = _view(request, session.csrf)
        username = session.actor.username
        if not _same(session.csrf, form.get("csrf", "")):
            return _page(html.password_page(view, username, fault=_EXPIRED_FORM), 403)
        if form.get("new", "") != form.get("again", ""):
            fault: Message | None = msg("The new password and its repetition differ.")
        else:
            fault = await run_in_threadpool(
                self.accounts.change_password, token, form.get("current", ""), form.get("new", "")
            )
        return _page(html.password_page(view, username, fault=fault, done=fault is None), 400 if fault else 200)

    def _sign_in_form(
        self,
        request: Request,
        after: str,
        username: str = "",
        fault: Message | None = None,
        status: int = 200,
        notice: Message | None = None,
    ) -> Response:
        token = request.cookies.get(cookies.FORM) or secrets.token_urlsafe(32)
        if "signed-out" in request.query_params:
            notice = msg("You have signed out.")
        if self.accounts.is_empty():
            notice = msg(
                "There are no accounts yet. The first one is made in the terminal: {command}",
                command='python manage.py users add NAME --name "..." --role administrator',
            )
        view = html.View(reader_language(request.scope), token, after)
        response = _page(html.sign_in_page(view, username=username, fault=fault, notice=notice), status)
        cookies.set_cookie(response, cookies.FORM, token, secure=cookies.is_secure(request))
        return response

    def _refused(self, request: Request) -> Response:
        return _page(html.plain_page(_view(request, ""), msg("Not done"), _EXPIRED_FORM), 403)


def routes(accounts: AccountService) -> list[Route]:
    """All our addresses, for ``st.App``."""
    own = Routes(accounts)
    return [
        Route("/sign-in", own.show_sign_in, methods=["GET"]),
        Route("/sign-in", own.sign_in, methods=["POST"]),
        Route("/sign-out", own.show_sign_out, methods=["GET"]),
        Route("/sign-out", own.sign_out, methods=["POST"]),
        Route("/language/{lang}", own.switch_language, methods=["GET"]),
        Route("/password", own.show_password, methods=["GET"]),
        Route("/password", own.change_password, methods=["POST"]),
        Route("/access/style.css", _file("style.css", "text/css"), methods=["GET"]),
        Route("/access/icon.svg", _file("icon.svg", "image/svg+xml"), methods=["GET"]),
        Route("/access/keeping.js", _file("keeping.js", "text/javascript"), methods=["GET"]),
    ]


async def failure(request: Request, _error: Exception) -> Response:
    """What is shown when one of our own addresses fails; the reason is in the server's log only."""
    title, text = msg("The service failed"), msg("Nothing was saved. Try again; if it fails again, tell support.")
    return _page(html.plain_page(_view(request, ""), title, text), 500)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form of at most 16 KiB; a larger or unreadable one counts as empty."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return {}
    return _fields(body.decode("ascii", errors="replace"))


def _fields(encoded: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(encoded, keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError:
        return {}


def _session(request: Request) -> Session | None:
    session: Session | None = request.scope.get(SESSION_KEY)
    return session


def _view(request: Request, csrf: str) -> html.View:
    return html.View(reader_language(request.scope), csrf)


def _same(expected: str, given: str) -> bool:
    return bool(expected) and compare_digest(expected.encode(), given.encode())


def _after_language(request: Request) -> str:
    """Where to return after a switch: a page of the product, or one of our own forms with its own ``next``."""
    wanted = request.query_params.get("next", "/")
    path, _, query = wanted.partition("?")
    if path in ("/sign-in", "/sign-out", "/password"):
        return with_next(path, safe_next(_fields(query).get("next")))
    return safe_next(wanted)


def _go(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


def _page(content: str, status: int = 200) -> Response:
    return HTMLResponse(content, status, headers={"Cache-Control": "no-store", "Content-Security-Policy": _POLICY})


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def serve(_request: Request) -> Response:
        return FileResponse(_STATIC / name, media_type=kind, headers={"Cache-Control": "public, max-age=3600"})

    return serve
