"""A small browser without a screen: cookies, forms, one redirect at a time, and a raw stream handshake."""

import re
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    set_cookies: tuple[str, ...]
    body: str

    @property
    def location(self) -> str | None:
        return self.headers.get("location")


@dataclass
class Visitor:
    """Somebody's browser: keeps cookies between its requests."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request; redirects are not followed."""
        where = urlsplit(self.base)
        connection = HTTPConnection(str(where.hostname), where.port, timeout=30)
        sent = {"Accept-Language": "fi", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            connection.close()
        set_cookies = tuple(value for name, value in response.getheaders() if name.lower() == "set-cookie")
        for cookie in set_cookies:
            name, _, value = cookie.split(";")[0].partition("=")
            if "Max-Age=0" in cookie or value in ("", '""'):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, set_cookies, text
        )

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Answer:
        return self.ask(
            "POST",
            path,
            urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})},
        )

    def sign_in(self, username: str, password: str, path: str = "/sign-in") -> Answer:
        """Open the form and send it."""
        page = self.get(path)
        return self.post("/sign-in", {**hidden_fields(page.body), "username": username, "password": password})

    @contextmanager
    def stream(self) -> Iterator[ClientConnection]:
        """An open stream, as a page's script in the browser has it."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with connect(
            self.base.replace("http", "ws", 1) + "/_stcore/stream",
            origin=Origin(self.base),
            additional_headers={"Cookie": cookie},
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
        ) as stream:
            yield stream

    def stream_status(self, *, origin: str | None = None, path: str = "/_stcore/stream") -> int:
        """The status of the answer to a WebSocket handshake: 101 is open."""
        where = urlsplit(self.base)
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {where.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {b64encode(b'sixteen bytes ok').decode()}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: streamlit",
            f"Origin: {origin or self.base}",
        ]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        with socket.create_connection((str(where.hostname), where.port or 80), timeout=10) as raw:
            raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            first = raw.recv(4096).split(b"\r\n")[0].split(b" ")
        return int(first[1])


def hidden_fields(body: str) -> dict[str, str]:
    """The hidden fields of a form, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body)
    return {name: value.replace("&amp;", "&") for name, value in found}


def ask_for_a_run(stream: ClientConnection) -> None:
    """What the browser sends first, and after every click."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    stream.send(message.SerializeToString())


def until(stream: ClientConnection, kind: str, seconds: float = 30.0) -> ForwardMsg:
    """The first message of ``kind`` from the server; TimeoutError or ConnectionClosed if none comes."""
    while True:
        data = stream.recv(timeout=seconds)
        assert isinstance(data, bytes)
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == kind:
            return message
