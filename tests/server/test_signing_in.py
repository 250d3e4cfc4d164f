"""Signing in and out of a real server over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from access.permissions import terminal_actor
from storage.engine import make_engine
from tests.server.watch import PageWatch
from tests.server.web import Visitor, ask_for_a_run, hidden_fields, until
from tests.support.server import running_server
from workflow.accounts import add_account, disable_account, reset_password

TERMINAL = terminal_actor("test")
PASSWORD = "viisi sanaa peräkkäin"
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class House:
    base: str
    engine: Engine
    watch: PageWatch

    def somebody(self) -> str:
        """A fresh account's user name."""
        name = f"henkilö{next(_NUMBERS)}"
        add_account(self.engine, TERMINAL, username=name, name="Eräs Henkilö", roles=["officer"], password=PASSWORD)
        return name


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{folder / 'panel.db'}"
    watch = PageWatch(folder)
    with running_server(url, {**watch.environment, "FORWARDED_ALLOW_IPS": "127.0.0.1"}) as base:
        engine = make_engine(url)
        yield House(base, engine, watch)
        engine.dispose()


def test_signing_in_leads_to_the_page_asked_for(house: House) -> None:
    visitor = Visitor(house.base)
    asked = visitor.get("/application?id=9&call=2022")
    assert asked.location == "/sign-in?next=/application%3Fid%3D9%26call%3D2022"
    signed_in = visitor.sign_in(house.somebody(), PASSWORD, str(asked.location))
    assert (signed_in.status, signed_in.location) == (303, "/application?id=9&call=2022")
    page = visitor.get(str(signed_in.location))
    assert (page.status, page.headers["cache-control"]) == (200, "no-store")
    assert '<html lang="fi">' in page.body
    assert "<title>Avustuspaneeli</title>" in page.body
    assert visitor.get("/_stcore/host-config").status == 200
    assert visitor.stream_status() == 101
    assert visitor.stream_status(origin="http://evil.example") == 403


def test_the_page_runs_for_a_session_and_stops_when_it_ends(house: House) -> None:
    visitor = Visitor(house.base)
    name = house.somebody()
    visitor.sign_in(name, PASSWORD)
    with visitor.stream() as stream:
        ask_for_a_run(stream)
        until(stream, "script_finished")
        ran = house.watch.ran()
        assert "_router.py" in ran
        disable_account(house.engine, TERMINAL, name)
        ask_for_a_run(stream)
        assert until(stream, "auth_redirect").auth_redirect.url == "/sign-in"
    assert house.watch.ran() == ran
    with visitor.stream() as reconnected:
        assert until(reconnected, "auth_redirect").auth_redirect.url == "/sign-in"
    assert house.watch.ran() == ran


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    visitor = Visitor(house.base)
    name = house.somebody()
    form = visitor.get("/sign-in")
    fields = {**hidden_fields(form.body), "username": name, "password": PASSWORD}
    plain = visitor.post("/sign-in", fields)
    behind_tls = Visitor(house.base, {"avustuspaneeli_form": fields["csrf"]}).post(
        "/sign-in", fields, {"X-Forwarded-Proto": "https"}
    )
    for answer, secure in ((plain, False), (behind_tls, True)):
        cookie = next(text for text in answer.set_cookies if text.startswith("avustuspaneeli_session="))
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert parts - {"secure"} == {"httponly", "samesite=lax", "path=/"}
        assert ("secure" in parts) is secure
    assert "strict-transport-security" in behind_tls.headers


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: y"])
def test_next_leads_to_no_other_site(house: House, wanted: str) -> None:
    visitor = Visitor(house.base)
    visitor.get("/sign-in")
    form = {"csrf": visitor.cookies["avustuspaneeli_form"], "next": wanted}
    answer = visitor.post("/sign-in", {**form, "username": house.somebody(), "password": PASSWORD})
    assert answer.status == 303
    assert str(answer.location).startswith("/")
    assert not str(answer.location).startswith(("//", "/\\"))
    assert "x" not in answer.headers
    assert "avustuspaneeli_session" in visitor.cookies


def test_a_form_without_its_token_signs_nobody_in(house: House) -> None:
    name = house.somebody()
    fields = {"username": name, "password": PASSWORD}
    visitor = Visitor(house.base)
    visitor.get("/sign-in")
    token = visitor.cookies["avustuspaneeli_form"]
    refused = [
        visitor.post("/sign-in", fields),
        visitor.post("/sign-in", {**fields, "csrf": "x"}),
        visitor.post("/sign-in", {**fields, "csrf": token}, {"Origin": "http://evil.example"}),
        Visitor(house.base).post("/sign-in", {**fields, "csrf": token}),
        Visitor(house.base, {"avustuspaneeli_form": ""}).post("/sign-in", {**fields, "csrf": ""}),
        visitor.post("/sign-in", {**fields, "csrf": token, "more": "x" * 20_000}),
        visitor.ask("POST", "/sign-in", "\xff%%%&=&=", {"Content-Type": "text/plain"}),
    ]
    assert [answer.status for answer in refused] == [403] * len(refused)
    assert "avustuspaneeli_session" not in visitor.cookies
    assert all("Lomake oli vanhentunut" in answer.body for answer in refused)


def test_a_wrong_password_says_so_and_keeps_the_user_name(house: House) -> None:
    visitor = Visitor(house.base)
    answer = visitor.sign_in('<b>"x"</b>', "väärä sana", "/sign-in?next=/allocation")
    assert answer.status == 401
    assert "Käyttäjätunnus tai salasana on väärä." in answer.body
    assert 'value="&lt;b&gt;&quot;x&quot;&lt;/b&gt;"' in answer.body
    assert hidden_fields(answer.body)["next"] == "/allocation"
    assert "väärä sana" not in answer.body
    assert visitor.sign_in("", "").status == 400


def test_repeated_failure_locks_the_account(house: House) -> None:
    name = house.somebody()
    visitor = Visitor(house.base)
    assert [visitor.sign_in(name, "väärä sana").status for _ in range(5)] == [401, 401, 401, 401, 429]
    locked = visitor.sign_in(name, PASSWORD)
    assert locked.status == 429
    assert "Kirjautuminen on lukittu" in locked.body
    assert "avustuspaneeli_session" not in visitor.cookies


def test_a_disabled_or_reset_account_is_out_at_once(house: House) -> None:
    for end in (disable_account, reset_password):
        name = house.somebody()
        visitor = Visitor(house.base)
        visitor.sign_in(name, PASSWORD)
        assert visitor.get("/").status == 200
        end(house.engine, TERMINAL, name)
        assert visitor.get("/").status == 303
        assert visitor.get("/_stcore/host-config").status == 403


def test_signing_out_needs_the_button(house: House) -> None:
    visitor = Visitor(house.base)
    visitor.sign_in(house.somebody(), PASSWORD)
    stolen = dict(visitor.cookies)
    asked = visitor.get("/sign-out")
    assert "Olet kirjautunut sisään nimellä Eräs Henkilö." in asked.body
    assert visitor.post("/sign-out", {}).status == 403
    assert visitor.get("/").status == 200
    done = visitor.post("/sign-out", hidden_fields(asked.body))
    assert (done.status, done.location) == (303, "/sign-in?signed-out=1")
    assert "avustuspaneeli_session" not in visitor.cookies
    assert Visitor(house.base, stolen).get("/").status == 303


def test_a_new_sign_in_replaces_the_old_session(house: House) -> None:
    name = house.somebody()
    visitor = Visitor(house.base)
    visitor.sign_in(name, PASSWORD)
    first = dict(visitor.cookies)
    visitor.cookies.pop("avustuspaneeli_form", None)
    token = "x" * 43
    visitor.cookies["avustuspaneeli_form"] = token
    visitor.post("/sign-in", {"csrf": token, "username": name, "password": PASSWORD})
    assert Visitor(house.base, first).get("/").status == 303
    assert visitor.get("/").status == 200


def test_the_language_lasts_for_the_browser_and_the_account(house: House) -> None:
    name = house.somebody()
    visitor = Visitor(house.base)
    page = visitor.get("/sign-in?next=/allocation")
    assert '<html lang="fi">' in page.body
    assert "/language/sv?next=/sign-in%3Fnext%3D/allocation" in page.body
    switched = visitor.get("/language/sv?next=/sign-in%3Fnext%3D/allocation")
    assert (switched.status, switched.location) == (303, "/sign-in?next=/allocation")
    cookie = next(text for text in switched.set_cookies if text.startswith("avustuspaneeli_language=sv"))
    assert "Max-Age=31536000" in cookie
    assert '<html lang="sv">' in visitor.get("/sign-in").body
    visitor.sign_in(name, PASSWORD)
    assert '<html lang="sv">' in visitor.get("/allocation").body
    assert visitor.get("/language/en?next=/allocation").location == "/allocation"
    assert '<html lang="en">' in visitor.get("/allocation").body
    other_browser = Visitor(house.base)
    other_browser.sign_in(name, PASSWORD)
    assert '<html lang="en">' in other_browser.get("/").body


@pytest.mark.parametrize("path", ["/language/xx", "/language/qps", "/language/sv?next=//evil.example"])
def test_a_bad_language_or_next_changes_nothing(house: House, path: str) -> None:
    answer = Visitor(house.base).get(path)
    assert (answer.status, answer.location) == (303, "/")


def test_changing_the_password_over_the_form(house: House) -> None:
    name = house.somebody()
    visitor = Visitor(house.base)
    assert visitor.get("/password").location == "/sign-in?next=/password"
    visitor.sign_in(name, PASSWORD)
    form = hidden_fields(visitor.get("/password").body)
    new = {"new": "kuusi uutta sanaa", "again": "kuusi uutta sanaa"}
    tried = [
        visitor.post("/password", {**new, "current": PASSWORD}),
        visitor.post("/password", {**form, **new, "again": "toinen", "current": PASSWORD}),
        visitor.post("/password", {**form, "new": "lyhyt", "again": "lyhyt", "current": PASSWORD}),
        visitor.post("/password", {**form, **new, "current": "väärä sana"}),
        visitor.post("/password", {**form, **new, "current": PASSWORD}),
    ]
    assert [answer.status for answer in tried] == [403, 400, 400, 400, 200]
    assert visitor.get("/").status == 200
    assert Visitor(house.base).sign_in(name, PASSWORD).status == 401
    assert Visitor(house.base).sign_in(name, "kuusi uutta sanaa").status == 303


def test_our_own_pages_load_nothing_from_elsewhere_and_carry_a_strict_policy(house: House) -> None:
    page = Visitor(house.base).get("/sign-in")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert "style=" not in page.body
    assert "<script" not in page.body
    assert "://" not in page.body
    assert Visitor(house.base).get("/access/style.css").headers["content-type"].startswith("text/css")
    assert Visitor(house.base).get("/access/icon.svg").status == 200
