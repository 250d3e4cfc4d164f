"""The cookies: who is signed in, which language is read, and the token of the sign-in form."""

import os
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from starlette.requests import HTTPConnection
from starlette.responses import Response

from locales import LANGUAGES, PSEUDO, pick_language

SESSION = "avustuspaneeli_session"
LANGUAGE = "avustuspaneeli_language"
FORM = "avustuspaneeli_form"
_YEAR = 365 * 24 * 3600


def session_token(cookies: Mapping[str, str]) -> str | None:
    """The token of the session cookie, None without one; pages give ``st.context.cookies``."""
    return cookies.get(SESSION) or None


def language_from(cookies: Mapping[str, str], *otherwise: str | None) -> str:
    """The language to show: the cookie's, else the first known one of ``otherwise``, else Finnish."""
    return pick_language(cookies.get(LANGUAGE), *otherwise, allow=accepted_languages())


def accepted_languages() -> tuple[str, ...]:
    """The languages that can be chosen; tests add the pseudo-locale with AVUSTUSPANEELI_PSEUDO=1."""
    return (*LANGUAGES, PSEUDO) if os.environ.get("AVUSTUSPANEELI_PSEUDO") == "1" else LANGUAGES


def preferred_language(accept_language: str) -> str | None:
    """The first of our languages that an Accept-Language header names (browsers list by preference)."""
    named = (part.split(";")[0].strip().split("-")[0].lower() for part in accept_language.split(","))
    return next((lang for lang in named if lang in LANGUAGES), None)


def cookies_of(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """The cookies of a raw ASGI request; an unreadable header gives none."""
    read: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == b"cookie":
            for part in value.decode("latin-1").split(";"):
                key, _, text = part.strip().partition("=")
                read.setdefault(key, _unquoted(text))
    return read


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the browser came over TLS.

    The server itself believes X-Forwarded-Proto only from the proxies in FORWARDED_ALLOW_IPS (loopback unless
    set), so the scheme can be trusted. AVUSTUSPANEELI_SECURE_COOKIES=1 says so where no proxy does.
    """
    return connection.url.scheme in ("https", "wss") or os.environ.get("AVUSTUSPANEELI_SECURE_COOKIES") == "1"


def set_cookie(response: Response, name: str, value: str, *, secure: bool) -> None:
    """Set one of our cookies. The language lasts a year, the others until the browser closes."""
    response.set_cookie(
        name,
        value,
        max_age=_YEAR if name == LANGUAGE else None,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, name: str, *, secure: bool) -> None:
    """Remove one of our cookies from the browser."""
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    jar = SimpleCookie()
    try:
        jar.load(f"x={text}")
    except CookieError:
        return ""
    return jar["x"].value if "x" in jar else ""
