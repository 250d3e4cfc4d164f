"""The shell of the pages: language, name, headers, and loopback for the sample data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit

from access.gate import Gate
from access.headers import SecurityHeaders
from access.loopback import LoopbackOnly, NotLoopback, is_loopback, require_loopback
from access.page_language import PageLanguage
from tests.access.asgi import COOKIE, Inner, OneSession, ask, header, page

SHELL = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
SWEDISH = ("cookie", "avustuspaneeli_language=sv")
ENGLISH_BROWSER = ("accept-language", "de,en-GB;q=0.8,fi;q=0.5")


@pytest.fixture
def _sample_data() -> Iterator[None]:
    LoopbackOnly.on = True
    yield
    LoopbackOnly.on = False


@pytest.mark.parametrize(
    ("headers", "lang", "title"),
    [
        ([], "fi", "Avustuspaneeli"),
        ([SWEDISH], "sv", "Understödspanelen"),
        ([ENGLISH_BROWSER], "en", "Grant Panel"),
        ([SWEDISH, ENGLISH_BROWSER], "sv", "Understödspanelen"),
        ([("cookie", "avustuspaneeli_language=<script>")], "fi", "Avustuspaneeli"),
    ],
)
def test_the_shell_is_in_the_readers_language(headers: list[tuple[str, str]], lang: str, title: str) -> None:
    sent = ask(PageLanguage(Inner(page(SHELL, etag='"1"', content_length=str(len(SHELL))))), "/allocation", *headers)
    body = sent[1]["body"].decode()
    assert f'<html lang="{lang}">' in body
    assert f"<title>{title}</title>" in body
    assert "You need to enable JavaScript" not in body
    assert "<script>" not in body
    assert "./static/js/index" in body
    assert header(sent, "content-length") == str(len(sent[1]["body"]))
    assert header(sent, "etag") is None
    assert header(sent, "cache-control") == "no-store"


def test_the_language_of_the_account_comes_after_the_cookie() -> None:
    app = Gate(PageLanguage(Inner(page(SHELL))), OneSession())
    assert '<html lang="sv">' in ask(app, "/", COOKIE)[1]["body"].decode()
    both = ("cookie", COOKIE[1] + "; avustuspaneeli_language=en")
    assert '<html lang="en">' in ask(app, "/", both)[1]["body"].decode()


def test_other_pages_and_files_pass_untouched() -> None:
    own = page("<p>hei</p>")
    assert ask(PageLanguage(Inner(own)), "/sign-in") == own
    asset = page(SHELL)
    assert ask(PageLanguage(Inner(asset)), "/static/x") == asset


def test_every_answer_carries_the_security_headers() -> None:
    sent = ask(SecurityHeaders(Inner(page("hei"))), "/")
    policy = str(header(sent, "content-security-policy"))
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert header(sent, "x-content-type-options") == "nosniff"
    assert header(sent, "referrer-policy") == "same-origin"
    assert header(sent, "x-frame-options") == "DENY"


def test_documents_may_be_framed_by_our_own_pages_only() -> None:
    sent = ask(SecurityHeaders(Inner(page("hei"))), "/media/a.pdf")
    assert "frame-ancestors 'self'" in str(header(sent, "content-security-policy"))
    assert header(sent, "x-frame-options") == "SAMEORIGIN"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "::ffff:127.0.0.1"])
def test_loopback_addresses_are_recognised(address: str) -> None:
    assert is_loopback(address)
    require_loopback([address])


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", None, "10.0.0.5", "example.org", "127.0.0.1.example.org"])
def test_every_other_address_is_refused_for_the_sample_data(address: str | None) -> None:
    assert not is_loopback(address)
    with pytest.raises(NotLoopback, match=r"served on 127\.0\.0\.1 only"):
        require_loopback(["127.0.0.1", address or ""])


@pytest.mark.usefixtures("_sample_data")
def test_a_connection_from_outside_gets_nothing_of_the_sample_data() -> None:
    inner = Inner(page("secret"))
    outside = ask(LoopbackOnly(inner), "/sign-in", server=("192.0.2.7", 8501))
    stream = ask(LoopbackOnly(inner), "/_stcore/stream", kind="websocket", server=("192.0.2.7", 8501))
    assert (outside[0]["status"], stream, inner.reached) == (
        403,
        [{"type": "websocket.close", "code": 1008}],
        [],
    )
    assert ask(LoopbackOnly(inner), "/sign-in", server=("127.0.0.1", 8501))[0]["status"] == 200
