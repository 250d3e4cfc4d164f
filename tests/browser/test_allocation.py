"""An officer's scenarios with real clicks: made, compared, explained, mended, overridden, and how sure they are."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from locales import format_money
from tests.browser.looking import violations
from tests.browser.site import (
    Site,
    Words,
    button,
    cells,
    choose,
    download,
    figure,
    follow,
    pick,
    press,
    reaction,
    serving,
    settle,
    signed_in,
    told,
    visit,
    write,
)
from tests.terminal.commands import Manage

pytestmark = pytest.mark.browser

FI = Words("fi")
RANKED, COUNTED, LINEAR = "Järjestyksessä", "Hankkeita laajasti", "Teemat tasan"
CASE = re.compile(r"ESIM/2022/\d+")


@pytest.fixture
def own_sample(sample_file: Path, tmp_path: Path) -> Iterator[Site]:
    """The sample database, to be written to."""
    shutil.copy(sample_file, tmp_path / "sample.db")
    with serving(f"sqlite:///{tmp_path / 'sample.db'}", tmp_path) as site:
        yield site


def test_officer_makes_compares_explains_mends_and_overrides_scenarios(
    browser: Browser, own_sample: Site, tmp_path: Path
) -> None:
    context, office = signed_in(browser, own_sample, "essi.esittelija")
    proposed = three_scenarios_are_made(office, own_sample)
    the_file_of_a_scenario_runs_in_the_terminal(office, proposed[LINEAR], tmp_path)
    they_are_compared(office, own_sample, proposed)
    a_project_left_out_is_explained(office, own_sample)
    rules_that_collide_are_relaxed(office, own_sample)
    an_award_is_set_by_hand(office, own_sample)
    the_probabilities_are_worked_out(office)
    context.close()
    assert own_sample.tracebacks() == 0


def three_scenarios_are_made(office: Page, site: Site) -> dict[str, str]:
    """Rank order, a number of projects per region and a cap per theme; what each proposes, by name."""
    visit(office, site, "/allocate?call=2022")
    choose_rule(office, "Rank order, skipping what does not fit")
    keep(office, RANKED)
    on_table(office, FI("The call's own values"))
    choose_rule(office, "Mixed-integer programme")
    pick(office, FI("What is maximised"), 0)
    add_constraint(
        office,
        {FI("What is summed"): FI("Number of projects"), **each("region of the coordinating municipality")},
        {FI("At most"): "2"},
    )
    keep(office, COUNTED)
    on_table(office, FI("The call's own values"))
    choose_rule(office, "Linear programme")
    add_constraint(office, each("viewpoint"), {FI("At most"): "5 000 000", FI("At least"): "4 000 000"})
    keep(office, LINEAR)
    proposed = {}
    for name in (RANKED, COUNTED, LINEAR):
        on_table(office, name)
        proposed[name] = figure(office, FI("Proposed"))
    assert len(set(proposed.values())) == 3
    assert violations(office, "/allocate with a saved scenario") == []
    return proposed


def the_file_of_a_scenario_runs_in_the_terminal(office: Page, proposed: str, tmp_path: Path) -> None:
    """Both files of the page, run without the database, give the same euros."""
    with reaction(office):
        office.locator("summary").filter(has_text=FI("Files")).click()
    (tmp_path / "scenario.toml").write_bytes(download(office, FI("Download the scenario (TOML)")))
    (tmp_path / "projects.csv").write_bytes(download(office, FI("Download the projects (CSV)")))
    files = (str(tmp_path / "projects.csv"), "--scenario", str(tmp_path / "scenario.toml"))
    found = Manage(f"sqlite:///{tmp_path / 'none.db'}")("allocate", *files, "--json").json
    granted = {row[1]: row[5] for row in cells(office, FI("Every project in the order of the ranking"))}
    assert format_money(found["spent"], "fi") == proposed
    assert {one["id"]: format_money(one["granted"], "fi") for one in found["awards"]} == granted


def they_are_compared(office: Page, site: Site, proposed: dict[str, str]) -> None:
    follow(office, FI("Compare scenarios"))
    for _ in range(3):
        with reaction(office):
            office.get_by_role("button", name=re.compile("^(Remove|Poista) ")).first.click()
    box = office.get_by_role("combobox", name=re.compile(re.escape(FI("Scenarios to compare"))))
    for name in proposed:
        box.click()
        with reaction(office):
            office.get_by_role("option", name=name, exact=True).click()
    office.keyboard.press("Escape")
    settle(office)
    shown = office.get_by_test_id("stMain")
    for name, euros in proposed.items():
        expect(shown.get_by_role("columnheader", name=name).first).to_be_visible()
        expect(shown.get_by_role("cell", name=euros, exact=True).first).to_be_visible()
    assert violations(office, "/compare") == []


def a_project_left_out_is_explained(office: Page, site: Site) -> None:
    """The words name why; the smallest changes that would be enough stand beside them."""
    visit(office, site, "/allocate?call=2022")
    on_table(office, COUNTED)
    tab(office, FI("Why"))
    words = office.get_by_role("heading", name=FI("Why this award"), exact=True)
    expect(words).to_be_visible()
    ways = cells(office, FI("The smallest change that would be enough, each by itself"))
    assert FI("A higher score") in {way[0] for way in ways}
    assert all(any(sign in way[1] for sign in "+0123456789") for way in ways)
    assert cells(office, FI("Grants that would differ if this project were funded and the rest distributed anew"))
    assert violations(office, "/allocate why") == []


def rules_that_collide_are_relaxed(office: Page, site: Site) -> None:
    add_constraint(office, {FI("What is summed"): FI("Number of projects")}, {FI("At least"): "36"})
    expect(office.get_by_role("heading", name=FI("Rules that collide"), exact=True)).to_be_visible()
    assert violations(office, "/allocate with colliding rules") == []
    press(office, FI("Apply way out {n}", n="1"))
    expect(office.get_by_role("heading", name=FI("Rules that collide"), exact=True)).to_have_count(0)
    assert CASE.search(office.get_by_test_id("stMain").inner_text())
    press(office, FI("Discard the changes"))


def an_award_is_set_by_hand(office: Page, site: Site) -> None:
    """Without a reason nothing happens; with one the award, what the rule gives and the price are shown."""
    tab(office, FI("Why"))
    pick(office, FI("The rest of the awards"), 1)
    write_in_form(office, FI("Grant in whole euros; 0 for no grant"), "21 000")
    press(office, FI("Set the award by hand"))
    told(office, FI("The reason is missing. Say why the award differs from what the rule gives."))
    write_in_form(office, FI("Grant in whole euros; 0 for no grant"), "21 000")
    write_in_form(office, FI("Reason"), "Alueellinen kattavuus.")
    press(office, FI("Set the award by hand"))
    rows = cells(office, FI("Awards set by hand, beside what the rule gives"))
    assert [(row[1], row[2], row[5]) for row in rows] == [
        (format_money(0, "fi"), format_money(21_000, "fi"), "Alueellinen kattavuus.")
    ]
    assert figure(office, FI("Remaining")) != ""
    assert cells(office, FI("Awards set by hand, beside what the rule gives"))[0][2] == format_money(21_000, "fi")
    assert violations(office, "/allocate with an award set by hand") == []


def the_probabilities_are_worked_out(office: Page) -> None:
    tab(office, FI("Probabilities"))
    button(office, FI("Work out the probabilities")).click()
    expect(office.get_by_role("progressbar").first).to_be_visible()
    table = office.get_by_role("region", name=FI("Probability of each project along the ranking"), exact=True)
    expect(table).to_be_visible(timeout=420_000)
    settle(office)
    shown = [row[6] for row in cells(office, FI("Probability of each project along the ranking"))]
    assert len(shown) > 30
    assert len(set(shown)) > 5
    assert violations(office, "/allocate probabilities") == []


def choose_rule(office: Page, source: str) -> None:
    with reaction(office):
        office.get_by_test_id("stRadioOption").filter(has_text=FI(source)).click()


def keep(office: Page, name: str) -> None:
    write_in_form(office, FI("Name of the scenario"), name)
    press(office, FI("Save the scenario"))
    told(office, FI("The scenario {name} was saved.", name=name))


def each(source: str) -> dict[str, str]:
    return {FI("The limits apply to"): FI("each value by itself: {label}", label=FI(source))}


def on_table(office: Page, name: str) -> None:
    select(office, FI("Scenario"), name)


def tab(office: Page, name: str) -> None:
    chosen = office.get_by_role("tab", name=name, exact=True)
    if chosen.get_attribute("aria-selected") != "true":
        with reaction(office):
            chosen.click()


def add_constraint(office: Page, lists: dict[str, str], limits: dict[str, str]) -> None:
    folder = office.locator("summary").filter(has_text=FI("Add or change a constraint"))
    if folder.locator("xpath=..").get_attribute("open") is None:
        with reaction(office):
            folder.click()
    for label, option in lists.items():
        select(office, label, option)
    for label, text in limits.items():
        write(office, label, text)
    press(office, FI("Add to the scenario"))
    told(office, FI("The constraint is in the scenario. It is not saved yet."))


def select(office: Page, label: str, option: str) -> None:
    """Choose in a list outside a form: the page runs at once."""
    if office.get_by_role("combobox", name=label, exact=True).input_value() != option:
        with reaction(office):
            choose(office, label, option)


def write_in_form(office: Page, label: str, text: str) -> None:
    """Write where nothing runs before the form is sent."""
    office.get_by_label(label, exact=True).fill(text)
