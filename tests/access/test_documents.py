"""The addresses of attachments: who is asked for, what is answered, and that nothing else may frame it."""

import pytest
from starlette.routing import Router

from access.documents import attachment_address, document_routes
from access.gate import Gate
from access.headers import SecurityHeaders
from access.permissions import Actor
from tests.access.asgi import COOKIE, OFFICER, OneSession, ask, header

DIGEST = "ab" * 32
NAME = 'Hanke – "äö".pdf'


class OneFile:
    """One file, which only the officer reads."""

    def attachment(self, actor: Actor, call_id: str, sha256: str) -> tuple[str, bytes] | None:
        wanted = (OFFICER, "2022", DIGEST)
        return (NAME, b"%PDF-") if (actor, call_id, sha256) == wanted else None


APP = SecurityHeaders(Gate(Router(list(document_routes(OneFile()))), OneSession()))


@pytest.mark.parametrize(("download", "way"), [(False, "inline"), (True, "attachment")])
def test_a_file_is_given_under_its_own_name(download: bool, way: str) -> None:
    sent = ask(APP, attachment_address("2022", DIGEST, download=download), COOKIE)
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"%PDF-")
    assert {name: header(sent, name) for name in ("content-type", "cache-control", "x-content-type-options")} == {
        "content-type": "application/pdf",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    assert header(sent, "content-disposition") == f"{way}; filename*=UTF-8''Hanke%20%E2%80%93%20%22%C3%A4%C3%B6%22.pdf"


def test_only_our_own_pages_may_frame_a_file() -> None:
    sent = ask(APP, attachment_address("2022", DIGEST), COOKIE)
    policy = str(header(sent, "content-security-policy"))
    assert policy.startswith("default-src 'none';")
    assert policy.endswith("frame-ancestors 'self'")
    assert header(sent, "x-frame-options") == "SAMEORIGIN"


@pytest.mark.parametrize(
    "address",
    [
        attachment_address("2020", DIGEST),
        attachment_address("2022", "0" * 64),
        attachment_address("2022", "no digest"),
        attachment_address("2022", "0" * 64, download=True),
    ],
)
def test_what_is_not_there_and_what_is_not_for_the_reader_are_answered_alike(address: str) -> None:
    sent = ask(APP, address, COOKIE, ("accept-language", "en"))
    assert (sent[0]["status"], header(sent, "content-type")) == (404, "text/plain; charset=utf-8")
    assert sent[1]["body"] == ask(APP, attachment_address("2022", "1" * 64), COOKIE)[1]["body"]


def test_a_stranger_is_led_to_the_sign_in_page() -> None:
    sent = ask(APP, attachment_address("2022", DIGEST))
    assert sent[0]["status"] == 303
    assert str(header(sent, "location")).startswith("/sign-in")


def test_nothing_is_written_by_these_addresses() -> None:
    assert ask(APP, attachment_address("2022", DIGEST), COOKIE, method="POST")[0]["status"] == 405
