"""Which addresses within the product may be returned to."""

from urllib.parse import quote, urlsplit

_LONGEST = 2000
_OWN = ("/sign-in", "/sign-out", "/language", "/access")


def safe_next(wanted: str | None) -> str:
    """``wanted`` if it is an address of this product, else the front page.

    Accepted: a path with an optional query that starts with exactly one "/", without backslashes, spaces and
    control characters, of at most 2,000 characters. Everything else could lead to another site.
    """
    if not wanted or len(wanted) > _LONGEST or not wanted.startswith("/") or wanted.startswith("//"):
        return "/"
    if "\\" in wanted or not wanted.isprintable() or " " in wanted:
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or _is_own(parts.path):
        return "/"
    return wanted


def local_referer(referer: str | None, host: str | None) -> str | None:
    """The path and query of a Referer of this same host, None for any other."""
    if not referer or not host or not referer.isprintable():
        return None
    try:
        parts = urlsplit(referer)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc != host:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def with_next(path: str, after: str) -> str:
    """``path?next=...``, without the parameter where the front page comes next."""
    return path if after == "/" else f"{path}?next={quote(after, safe='/')}"


def _is_own(path: str) -> bool:
    return any(path == own or path.startswith(own + "/") for own in _OWN)
