"""What the gate lets through, and what a stranger gets."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from access.gate import Gate
from tests.access.asgi import COOKIE, Inner, OneSession, ask, header, page

STREAM = "/_stcore/stream"
CONNECT = {"type": "websocket.connect"}
TYPED = {"type": "websocket.receive", "bytes": b"rerun"}
GONE = {"type": "websocket.disconnect", "code": 1001}


@pytest.mark.parametrize("path", ["/", "/allocation", "/application?id=9", "/_router", "/pages/ranking.py", "/access"])
def test_pages_lead_a_stranger_to_the_sign_in_page(path: str) -> None:
    inner = Inner(page("secret"))
    sent = ask(Gate(inner, OneSession()), path)
    assert (sent[0]["status"], inner.reached) == (303, [])
    assert str(header(sent, "location")).startswith("/sign-in")


def test_the_page_asked_for_comes_back_as_next() -> None:
    sent = ask(Gate(Inner(), OneSession()), "/application?id=9")
    assert header(sent, "location") == "/sign-in?next=/application%3Fid%3D9"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_stcore/host-config"), ("GET", "/_stcore/metrics"), ("GET", "/_stcore/agent/openapi.json"),
        ("POST", "/_stcore/agent/interact"), ("PUT", "/_stcore/upload_file/a/b"), ("GET", "/media/a.xlsx"),
        ("GET", "/component/x/index.html"), ("GET", "/static/js/index.js"), ("POST", "/allocation"),
        ("DELETE", "/"), ("OPTIONS", "/media/a"), ("GET", "/auth/login"), ("GET", "/oauth2callback"),
    ],
)  # fmt: skip
def test_machine_addresses_are_refused_to_a_stranger(method: str, path: str) -> None:
    inner = Inner(page("secret"))
    sent = ask(Gate(inner, OneSession()), path, method=method)
    assert (sent[0]["status"], inner.reached) == (403, [])


@pytest.mark.parametrize(
    "path", ["/language/", "/language/../allocation", "/language/sv/x", "/sign-in/x", "/access/", "/_stcore/health/x"]
)
def test_nothing_hides_behind_an_open_address(path: str) -> None:
    inner = Inner(page("secret"))
    ask(Gate(inner, OneSession()), path)
    assert inner.reached == []


@pytest.mark.parametrize("path", ["/sign-in", "/language/sv", "/access/style.css", "/_stcore/health"])
def test_the_sign_in_page_and_the_health_check_are_open(path: str) -> None:
    inner = Inner(page("hello"))
    ask(Gate(inner, OneSession()), path)
    assert inner.reached == [path]


@pytest.mark.parametrize("cookie", ["avustuspaneeli_session=", "avustuspaneeli_session=x", "other=open-token", ";;="])
def test_another_cookie_opens_nothing(cookie: str) -> None:
    inner = Inner(page("secret"))
    ask(Gate(inner, OneSession()), "/allocation", ("cookie", cookie))
    assert inner.reached == []


def test_an_open_session_reaches_the_page() -> None:
    inner = Inner(page("hello"))
    sent = ask(Gate(inner, OneSession()), "/allocation", COOKIE)
    assert (sent[0]["status"], inner.reached) == (200, ["/allocation"])


def test_a_stream_without_session_is_refused_before_it_is_accepted() -> None:
    inner = Inner()
    assert ask(Gate(inner, OneSession()), STREAM, kind="websocket") == [{"type": "websocket.close", "code": 4401}]
    assert inner.reached == []


@pytest.mark.parametrize("origin", ["http://evil.example", "http://here.evil.example", "null", "http://[", ""])
def test_a_stream_from_another_site_is_refused(origin: str) -> None:
    inner = Inner()
    sent = ask(Gate(inner, OneSession()), STREAM, COOKIE, ("origin", origin), kind="websocket")
    assert (sent, inner.reached) == ([{"type": "websocket.close", "code": 4401}], [])


def test_a_stream_whose_session_has_ended_is_led_to_the_sign_in_page() -> None:
    inner = Inner()
    sent = ask(Gate(inner, OneSession(ended=True)), STREAM, COOKIE, ("origin", "http://here"), kind="websocket")
    assert [event["type"] for event in sent] == ["websocket.accept", "websocket.send", "websocket.close"]
    assert ForwardMsg.FromString(sent[1]["bytes"]).auth_redirect.url == "/sign-in"
    assert inner.reached == []


def test_a_message_after_the_session_has_ended_does_not_reach_the_page() -> None:
    accounts = OneSession()
    open_inner, ended_inner = Inner(), Inner()
    ask(Gate(open_inner, accounts), STREAM, COOKIE, kind="websocket", events=[CONNECT, TYPED, GONE])
    assert open_inner.received == [CONNECT, TYPED, GONE]

    class EndsAfterConnecting(OneSession):
        asked = 0

        def session(self, token: str):  # type: ignore[no-untyped-def]
            self.asked += 1
            return super().session(token) if self.asked == 1 else None

    gate = Gate(ended_inner, EndsAfterConnecting())
    sent = ask(gate, STREAM, COOKIE, kind="websocket", events=[CONNECT, TYPED])
    assert [event["type"] for event in ended_inner.received] == ["websocket.connect", "websocket.disconnect"]
    assert [event["type"] for event in sent] == ["websocket.send", "websocket.close"]
