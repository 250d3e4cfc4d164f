"""The whole way with real clicks: from an application workbook to a decision workbook."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from calls.definition import CallDefinition
from calls.definition_file import read_call
from calls.presets import preset_text
from locales import format_money
from tests.browser.site import (
    Site,
    Words,
    actor,
    button,
    cells,
    download,
    figure,
    pick,
    press,
    reaction,
    serving,
    settle,
    signed_in,
    told,
    turn_to,
    upload,
    visit,
    write,
)
from tests.support.office import recalculate
from tests.support.server import ROOT
from workflow.house import House
from workflow.ranking import get_ranking
from workflow.review_queue import my_queue
from workflow.reviewing import Draft, submit_review

pytestmark = [pytest.mark.browser, pytest.mark.office]

FI = Words("fi")
PASSWORD = "viisi sanaa peräkkäin"
OFFICER, *REVIEWERS = PEOPLE = ("olavi", "raija", "risto", "ritva")
APPLICATIONS = ROOT / "sample_data" / "applications-2022.xlsx"
FAULTY = ROOT / "sample_data" / "applications-2022-faulty.xlsx"
BY_HAND = "ESIM/2022/004"
"""An application that rests on the members of a joint municipal authority, so that it is not among the clear ones."""


def manage(url: str, *words: str, given: str = "") -> str:
    """What a command of manage.py prints; it has to succeed."""
    command = [sys.executable, "manage.py", "--database", url, *words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AVUSTUSPANEELI_")}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture
def fresh_site(tmp_path: Path) -> Iterator[Site]:
    """An empty database with an officer and three reviewers whom manage.py added."""
    url = f"sqlite:///{tmp_path / 'panel.db'}"
    for username in PEOPLE:
        role = "officer" if username == OFFICER else "reviewer"
        words = ("users", "add", username, "--name", username.title(), "--role", role, "--password-stdin")
        manage(url, *words, given=PASSWORD + "\n")
    with serving(url, tmp_path) as site:
        yield site


def test_from_applications_to_decisions(browser: Browser, fresh_site: Site, tmp_path: Path) -> None:
    site, call = fresh_site, read_call(preset_text("2022"))
    context, office = signed_in(browser, site, OFFICER, PASSWORD)
    refused_and_faulty_files_take_nothing(office, site)
    applications_are_imported(office)
    eligible = eligibility_is_confirmed(office)
    reviews_are_assigned(office, eligible)
    for username in REVIEWERS:
        one_review_by_hand(browser, site, username, call)
        the_rest_of_the_reviews(site, username, call)
    the_ranking_is_there(office, site, eligible)
    the_appropriation_is_distributed(office, site, tmp_path)
    context.close()
    assert site.tracebacks() == 0


def refused_and_faulty_files_take_nothing(office: Page, site: Site) -> None:
    turn_to(office, FI("Import"))
    template = load_workbook(io.BytesIO(download(office, FI("Download the template"))))
    assert len(template.worksheets) >= 2
    upload(office, "rikki.xlsx", b"PK but no workbook")
    told(office, "rikki.xlsx")
    turn_to(office, FI("Overview"))
    turn_to(office, FI("Import"))
    upload(office, FAULTY.name, FAULTY.read_bytes())
    faults = office.locator(".ap-table tbody").evaluate(
        "body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    assert len(faults) > 10
    for row, column, field, _, wrong, accepted in faults:
        assert row.isdigit()
        assert all((column, field, wrong, accepted))
    assert sum(bool(value) for *_, value, _wrong, _accepted in faults) > len(faults) / 2
    mend = load_workbook(io.BytesIO(download(office, FI("Download the faulty rows to mend"))))
    assert mend.worksheets[0].max_row > 2
    turn_to(office, FI("Applications"))
    told(office, FI("There are no applications yet. An officer brings them in on the page Import."))


def applications_are_imported(office: Page) -> None:
    turn_to(office, FI("Import"))
    upload(office, APPLICATIONS.name, APPLICATIONS.read_bytes())
    assert figure(office, FI("New")) == "49"
    button(office, FI.count("Take {n} row", "Take {n} rows", 49)).click()
    told(office, FI.count("{n} application was taken.", "{n} applications were taken.", 49))
    turn_to(office, FI("Applications"))
    assert len(cells(office, FI.count("{n} application", "{n} applications", 49))) == 49
    turn_to(office, FI("Import"))
    upload(office, APPLICATIONS.name, APPLICATIONS.read_bytes())
    told(office, FI("Every row is here already as it stands in the file. Importing changes nothing."))
    assert (figure(office, FI("New")), figure(office, FI("Unchanged"))) == ("0", "49")


def eligibility_is_confirmed(office: Page) -> int:
    """Confirm the clear ones together and one by hand; returns how many are eligible then."""
    turn_to(office, FI("Applications"))
    press(office, FI("Confirm as eligible"))
    office.get_by_role("link", name=BY_HAND, exact=True).click()
    settle(office)
    pick(office, FI("Outcome"), 0)
    press(office, FI("Confirm"))
    told(office, FI("The reason is missing. Write why, with the rule it rests on."))
    with reaction(office):
        office.get_by_text(FI("The stated members of the joint municipal authority take part in the project")).click()
    write(office, FI("Reason"), "Kuntayhtymän jäsenistä kolme osallistuu hankkeeseen.")
    press(office, FI("Confirm"))
    told(office, FI("The confirmation was recorded."))
    turn_to(office, FI("Overview"))
    states = dict(cells(office, FI("Applications by state of handling")))
    eligible = int(states[FI("Eligible")])
    assert 30 < eligible < 49
    return eligible


def reviews_are_assigned(office: Page, eligible: int) -> None:
    turn_to(office, FI("Applications"))
    button(office, FI("Assign reviewers evenly")).click()
    told(office, FI.count("{n} review was assigned.", "{n} reviews were assigned.", 3 * eligible))
    loads = [row[1] for row in cells(office, FI("Reviewers and their load in this call"))]
    assert loads == [str(eligible)] * 3


def one_review_by_hand(browser: Browser, site: Site, username: str, call: CallDefinition) -> None:
    """Score the first application of the queue, level by level, and submit it."""
    context, tab = signed_in(browser, site, username, PASSWORD)
    visit(tab, site, "/allocate?call=2022")
    assert tab.locator(".ap-table").count() == 0
    turn_to(tab, FI("My reviews"))
    case = cells(tab, FI("Assigned applications"))[0][0]
    tab.get_by_role("link", name=case, exact=True).click()
    settle(tab)
    expect(tab.get_by_text(FI("Nothing is scored yet."))).to_be_visible()
    press(tab, FI("Submit the review"))
    expect(tab.get_by_role("alert")).to_have_count(2 * len(call.criteria))
    for criterion in call.criteria:
        pick(tab, criterion.name.fi, 4)
        write(tab, FI("Reason, {criterion}", criterion=criterion.name.fi), f"Perustelu: {criterion.name.fi}.")
    saved = FI("Saved {moment}", moment="")
    expect(tab.get_by_text(saved)).to_be_visible()
    tab.reload()
    settle(tab)
    expect(tab.get_by_text(saved)).to_be_visible()
    for criterion in call.criteria:
        reason = tab.get_by_label(FI("Reason, {criterion}", criterion=criterion.name.fi), exact=True)
        expect(reason).to_have_value(f"Perustelu: {criterion.name.fi}.")
    assert tab.get_by_role("radio", checked=True).count() >= len(call.criteria)
    expect(tab.get_by_text(FI("Score {score} of {top}", score="4,00", top="5"))).to_be_visible()
    press(tab, FI("Submit the review"))
    told(tab, FI("The review of {case} was submitted.", case=case))
    turn_to(tab, FI("My reviews"))
    assert figure(tab, FI("Reviews submitted")) == "1"
    context.close()


def the_rest_of_the_reviews(site: Site, username: str, call: CallDefinition) -> None:
    """Through the workflow, as the form does it; levels that differ by application, reviewer and criterion."""
    house, reviewer = House(site.engine), actor(site, username)
    for number, item in enumerate(my_queue(house, reviewer, call.id)):
        if item.state == "submitted":
            continue
        levels = {c.id: 1 + (number * 7 + place * 3 + reviewer.id) % 5 for place, c in enumerate(call.criteria)}
        reasons = {c.id: f"Perustelu {number}." for c in call.criteria}
        submit_review(house, reviewer, call.id, item.case_number, Draft(levels, reasons), 0)


def the_ranking_is_there(office: Page, site: Site, eligible: int) -> None:
    turn_to(office, FI("Ranking"))
    shown = [row[1] for row in cells(office, FI("Ranking by mean score"))]
    ranked = get_ranking(House(site.engine), actor(site, OFFICER), "2022")
    assert shown == [r.view.case_number for r in ranked]
    assert len(shown) == eligible
    assert figure(office, FI("Scored")) == str(eligible)


def the_appropriation_is_distributed(office: Page, site: Site, tmp_path: Path) -> None:
    """Both programmes on the screen give what the terminal gives; so does the workbook, recalculated."""
    turn_to(office, FI("Allocation"))
    rules = {"lp": FI("Linear programme"), "milp": FI("Mixed-integer programme")}
    for rule, name in rules.items():
        with reaction(office):
            office.get_by_test_id("stRadioOption").filter(has_text=name).click()
        terminal = json.loads(manage(site.url, "allocate", "--call", "2022", "--rule", rule, "--json"))
        assert figure(office, FI("Proposed")) == format_money(terminal["spent"], "fi")
        assert figure(office, FI("Remaining")) == format_money(terminal["remaining"], "fi")
        granted = {row[1]: row[5] for row in cells(office, FI("Grants along the ranking"))}
        assert granted == {award["id"]: format_money(award["granted"], "fi") for award in terminal["awards"]}
    write(office, FI("Name of the scenario"), "Päätösesitys")
    press(office, FI("Save the scenario"))
    told(office, FI("The scenario {name} was saved.", name="Päätösesitys"))
    turn_to(office, FI("Export"))
    expect(office.get_by_role("combobox", name=FI("Scenario"), exact=True)).to_have_value("Päätösesitys")
    xlsx = download(office, FI("Download the decision workbook"))
    decisions = recalculate(xlsx, tmp_path).worksheets[0]
    appropriation, total, remaining = (decisions[cell].value for cell in ("K3", "K4", "K5"))
    assert total + remaining == appropriation
    assert (appropriation, total, remaining) == (terminal["appropriation"], terminal["spent"], terminal["remaining"])
    heads, *rows = decisions.iter_rows(min_row=6, values_only=True)
    case, granted_in_book = heads.index(FI("Case number")), heads.index(FI("Granted"))
    by_case = {row[case]: row[granted_in_book] for row in rows}
    assert {award["id"]: by_case[award["id"]] for award in terminal["awards"]} == {
        award["id"]: award["granted"] for award in terminal["awards"]
    }
