"""The tests' own machinery: each test gets a database and a browser of its own."""

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine, inspect, text

from tests.support.browser import new_context


@pytest.mark.parametrize("run", [1, 2])
def test_database_url_is_empty_for_each_test(database_url: str, run: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE place (name TEXT)"))
        connection.execute(text("INSERT INTO place VALUES ('Äänekoski')"))
        assert connection.execute(text("SELECT name FROM place")).scalar_one() == "Äänekoski"
    engine.dispose()


@pytest.mark.browser
def test_page_is_finnish_in_helsinki_time(page: Page) -> None:
    page.set_content("<p>Avustus</p>")
    assert page.evaluate("navigator.language") == "fi-FI"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Europe/Helsinki"


@pytest.mark.browser
def test_new_context_takes_wishes(browser: Browser) -> None:
    context = new_context(browser, viewport={"width": 320, "height": 640}, locale="sv-FI")
    tab = context.new_page()
    assert tab.evaluate("[innerWidth, navigator.language]") == [320, "sv-FI"]
    context.close()
