"""Security headers on every answer."""

from starlette.datastructures import MutableHeaders

from access.gate import AsgiApp, Event, Receive, Scope, Send

_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

# Streamlit puts its styles in at run time and draws charts and downloads from blob: and data: addresses.
_DASHBOARD = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; frame-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# What pages show or frame from their own server: documents and components.
_FRAMED = "script-src 'self'; object-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
_FRAMED_PREFIXES = ("/media/", "/component/", "/_stcore/bidi-components/")


class SecurityHeaders:
    """ASGI middleware: what every browser is told, and the content policy where a route set none of its own."""

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding headers to the start of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        framed = scope["path"].startswith(_FRAMED_PREFIXES)
        secure = scope.get("scheme") == "https"

        async def add(event: Event) -> None:
            if event["type"] == "http.response.start":
                headers = MutableHeaders(scope=event)
                for name, value in _COMMON.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _FRAMED if framed else _DASHBOARD)
                headers.setdefault("X-Frame-Options", "SAMEORIGIN" if framed else "DENY")
                if secure:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(event)

        await self.app(scope, receive, add)
