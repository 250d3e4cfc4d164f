"""The whole way with real clicks: from an application workbook to a decision workbook."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from access.permissions import PHASES, can_open_texts
from calls.definition import CallDefinition
from calls.definition_file import read_call
from calls.presets import preset_text
from locales import format_money, render
from tests.browser.looking import violations
from tests.browser.site import (
    Site,
    Words,
    actor,
    button,
    cells,
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
    turn_to,
    upload,
    visit,
    write,
)
from tests.support.office import recalculate
from tests.support.server import ROOT
from tests.terminal.commands import Manage
from workflow.applications import list_applications
from workflow.decision_readiness import UNDECIDED
from workflow.decisions import list_decisions
from workflow.eligibility import withdraw_application
from workflow.house import House
from workflow.ranking import get_ranking
from workflow.review_queue import my_queue
from workflow.reviewing import Draft, submit_review
from workflow.saved_scenarios import list_scenarios, lock_scenario

pytestmark = [pytest.mark.browser, pytest.mark.office]

FI = Words("fi")
PASSWORD = "viisi sanaa peräkkäin"
OFFICER, DECIDER = "olavi", "päivi"
REVIEWERS = ("raija", "risto", "ritva")
ROLES = {OFFICER: "officer", DECIDER: "decision_maker", **dict.fromkeys(REVIEWERS, "reviewer")}
APPLICATIONS = ROOT / "sample_data" / "applications-2022.xlsx"
FAULTY = ROOT / "sample_data" / "applications-2022-faulty.xlsx"
BY_HAND = "ESIM/2022/004"
"""An application that rests on the members of a joint municipal authority, so that it is not among the clear ones."""


@pytest.fixture
def fresh_site(tmp_path: Path) -> Iterator[Site]:
    """An empty database with an officer, a decision maker and three reviewers whom manage.py added."""
    url = f"sqlite:///{tmp_path / 'panel.db'}"
    for username, role in ROLES.items():
        words = ("users", "add", username, "--name", username.title(), "--role", role, "--password-stdin")
        assert Manage(url)(*words, stdin=PASSWORD + "\n").code == 0
    with serving(url, tmp_path) as site:
        yield site


def test_from_applications_to_decisions(browser: Browser, fresh_site: Site, tmp_path: Path) -> None:
    site, call = fresh_site, read_call(preset_text("2022"))
    context, office = signed_in(browser, site, OFFICER, PASSWORD)
    the_call_is_turned_to(office, site, "intake")
    refused_and_faulty_files_take_nothing(office, site)
    applications_are_imported(office)
    eligible = eligibility_is_confirmed(office)
    reviews_are_assigned(office, eligible)
    texts_open_with_the_review(browser, office, site)
    for before, username in enumerate(REVIEWERS):
        one_review_by_hand(browser, site, username, call, before)
        the_rest_of_the_reviews(site, username, call)
    the_ranking_is_there(office, site, eligible)
    for phase in ("meeting", "allocation"):
        the_call_is_turned_to(office, site, phase)
    the_appropriation_is_distributed(office, site, tmp_path)
    the_call_is_closed_as_decided(browser, office, site)
    context.close()
    assert site.tracebacks() == 0


def the_call_is_turned_to(office: Page, site: Site, phase: str) -> None:
    visit(office, site, "/phases?call=2022")
    press(office, FI("Go on to: {phase}", phase=render(PHASES[phase], "fi")))
    told(office, FI("The call is now in the phase {phase}.", phase=render(PHASES[phase], "fi")))


def refused_and_faulty_files_take_nothing(office: Page, site: Site) -> None:
    turn_to(office, FI("Import"))
    template = load_workbook(io.BytesIO(download(office, FI("Download the template"))))
    assert len(template.worksheets) >= 2
    upload(office, ("rikki.xlsx", b"PK but no workbook"))
    told(office, "rikki.xlsx")
    turn_to(office, FI("Overview"))
    turn_to(office, FI("Import"))
    upload(office, (FAULTY.name, FAULTY.read_bytes()))
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
    upload(office, (APPLICATIONS.name, APPLICATIONS.read_bytes()))
    assert figure(office, FI("New")) == "49"
    button(office, FI.count("Take {n} row", "Take {n} rows", 49)).click()
    told(office, FI.count("{n} application was taken.", "{n} applications were taken.", 49))
    turn_to(office, FI("Applications"))
    assert len(cells(office, FI.count("{n} application", "{n} applications", 49))) == 49
    turn_to(office, FI("Import"))
    upload(office, (APPLICATIONS.name, APPLICATIONS.read_bytes()))
    told(office, FI("Every row is here already as it stands in the file. Importing changes nothing."))
    assert (figure(office, FI("New")), figure(office, FI("Unchanged"))) == ("0", "49")


def eligibility_is_confirmed(office: Page) -> int:
    """Confirm the clear ones together and one by hand; returns how many are eligible then."""
    turn_to(office, FI("Applications"))
    press(office, FI("Confirm as eligible"))
    follow(office, BY_HAND)
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
    """Nobody reads Swedish: the preview says so and how to go on; one way out is looked at, and saved."""
    turn_to(office, FI("Assignment"))
    press(office, FI("Preview"))
    ways = cells(office, FI("Ways out, each solved and found possible"))
    assert ways
    assert violations(office, "/assignment impossible") == []
    expect(button(office, FI("Save this assignment"))).to_have_count(0)
    with reaction(office):
        office.get_by_text(FI("At least one reviewer reads the application's language"), exact=True).click()
    press(office, FI("Preview"))
    assert figure(office, FI("Added")) == str(3 * eligible)
    assert [row[1:3] for row in cells(office, FI("Loads in the preview"))] == [["0", str(eligible)]] * 3
    assert office.get_by_role("region", name=FI("Reviewers by application"), exact=True).count() == 0
    press(office, FI("Save this assignment"))
    told(
        office,
        FI("Saved: {added} assignments added, {removed} taken back.", added=str(3 * eligible), removed="0"),
    )
    assert len(cells(office, FI("Reviewers by application"))) == eligible
    turn_to(office, FI("Applications"))
    loads = [row[1] for row in cells(office, FI("Reviewers and their load in this call"))]
    assert loads == [str(eligible)] * 3


def texts_open_with_the_review(browser: Browser, office: Page, site: Site) -> None:
    """Before the phase of review a reviewer may declare conflicts of interest, but reads nothing."""
    context, tab = signed_in(browser, site, REVIEWERS[0], PASSWORD)
    turn_to(tab, FI("My reviews"))
    told(
        tab, FI("The texts open when the call turns to the phase of review. Conflicts of interest are declared before.")
    )
    case = cells(tab, FI("Assigned applications"))[0][0]
    follow(tab, case)
    told(tab, render(can_open_texts.text, "fi"))
    assert tab.locator(".ap-prose, textarea").count() == 0
    context.close()
    the_call_is_turned_to(office, site, "review")


def one_review_by_hand(browser: Browser, site: Site, username: str, call: CallDefinition, before: int) -> None:
    """Declare, score the last application of the queue level by level, submit it; then others' reviews open."""
    context, tab = signed_in(browser, site, username, PASSWORD)
    visit(tab, site, "/allocate?call=2022")
    assert tab.locator(".ap-table").count() == 0
    turn_to(tab, FI("My reviews"))
    case = cells(tab, FI("Assigned applications"))[-1][0]
    follow(tab, case)
    expect(tab.get_by_text(FI("Coordinating applicant"), exact=True)).to_be_visible()
    assert tab.locator(".ap-prose, textarea").count() == 0
    press(tab, FI("I have no conflict of interest"))
    told(tab, FI("You have declared that you have no conflict of interest in {case}.", case=case))
    others = tab.get_by_role("region", name=FI("Levels and reasons, reviewer by reviewer"), exact=True)
    expect(others).to_have_count(0)
    expect(tab.get_by_text(FI("Nothing is scored yet."))).to_be_visible()
    press(tab, FI("Submit the review"))
    expect(tab.get_by_role("alert")).to_have_count(2 * len(call.criteria))
    for criterion in call.criteria:
        pick(tab, criterion.name.fi, 4)
        write(tab, FI("Reason, {criterion}", criterion=criterion.name.fi), f"Perustelu: {criterion.name.fi}.")
    saved = tab.get_by_role("status").filter(has_text=FI("Saved {moment}", moment=""))
    expect(tab.get_by_text(FI("Score {score} of {top}", score="4,00", top="5"))).to_be_visible()
    expect(tab.locator("[data-keeping-typing]")).to_be_empty()
    expect(saved).to_be_visible()
    tab.reload()
    settle(tab)
    expect(saved).to_be_visible()
    for criterion in call.criteria:
        reason = tab.get_by_label(FI("Reason, {criterion}", criterion=criterion.name.fi), exact=True)
        expect(reason).to_have_value(f"Perustelu: {criterion.name.fi}.")
    assert tab.get_by_role("radio", checked=True).count() >= len(call.criteria)
    expect(tab.get_by_text(FI("Score {score} of {top}", score="4,00", top="5"))).to_be_visible()
    press(tab, FI("Submit the review"))
    told(tab, FI("The review of {case} was submitted.", case=case))
    seen = others.locator("thead th").all_inner_texts()
    assert sorted(seen[1:]) == sorted(name.title() for name in REVIEWERS[: before + 1])
    turn_to(tab, FI("My reviews"))
    assert figure(tab, FI("Reviews submitted")) == "1"
    turn_to(tab, FI("Conflicts of interest"))
    press(tab, FI("I have no conflict of interest in the others assigned to me"))
    expect(button(tab, FI("I have no conflict of interest in the others assigned to me"))).to_have_count(0)
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
    shown = [row[1] for row in cells(office, FI("Ranking by score"))]
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
        terminal = Manage(site.url)("allocate", "--call", "2022", "--rule", rule, "--json").json
        assert figure(office, FI("Proposed")) == format_money(terminal["spent"], "fi")
        assert figure(office, FI("Remaining")) == format_money(terminal["remaining"], "fi")
        granted = {row[1]: row[5] for row in cells(office, FI("Every project in the order of the ranking"))}
        assert granted == {award["id"]: format_money(award["granted"], "fi") for award in terminal["awards"]}
    write(office, FI("Name of the scenario"), "Päätösesitys")
    press(office, FI("Save the scenario"))
    told(office, FI("The scenario {name} was saved.", name="Päätösesitys"))
    visit(office, site, "/export?call=2022")
    expect(office.get_by_role("combobox", name=FI("Decision or scenario"))).to_have_value("Päätösesitys")
    press(office, FI("Make the file"))
    xlsx = download(office, FI("Download the decision workbook"))
    decisions = recalculate(xlsx, tmp_path).worksheets[1]
    heads, *rows = decisions.iter_rows(min_row=6, values_only=True)
    case, granted_in_book = heads.index(FI("Case number")), heads.index(FI("Granted"))
    by_case = {row[case]: row[granted_in_book] for row in rows}
    assert sum(granted for granted in by_case.values() if isinstance(granted, int)) == terminal["spent"]
    assert terminal["spent"] + terminal["remaining"] == terminal["appropriation"]
    assert {award["id"]: by_case[award["id"]] for award in terminal["awards"]} == {
        award["id"]: award["granted"] for award in terminal["awards"]
    }


def the_call_is_closed_as_decided(browser: Browser, office: Page, site: Site) -> None:
    """The officer proposes, the decision maker approves what was seen; after that nobody finds anything to change."""
    house, officer = House(site.engine), actor(site, OFFICER)
    for view in list_applications(house, officer, "2022"):
        if view.state in UNDECIDED:
            withdraw_application(house, officer, "2022", view.case_number, "Ilmoitettu kirjeellä.")
    [scenario] = list_scenarios(house, officer, "2022")
    lock_scenario(house, officer, "2022", scenario.id)
    turn_to(office, FI("Decision"))
    assert violations(office, "/decide before proposing") == []
    press(office, FI("Propose the decision"))
    told(office, FI("Decision {n} was proposed. The decision maker approves it or gives it back.", n="1"))
    context, decider = signed_in(browser, site, DECIDER, PASSWORD)
    visit(decider, site, "/decide?call=2022")
    press(decider, FI("Approve the decision"))
    told(decider, FI("Confirm first that you have read the proposal. It is not approved yet."))
    with reaction(decider):
        decider.get_by_text(
            FI("I have read the proposal, and I understand that an approved decision is never changed.")
        ).click()
    press(decider, FI("Approve the decision"))
    [decided] = list_decisions(house, officer, "2022")
    assert decided.state == "approved"
    expect(decider.locator(".ap-hash").last).to_have_text(decided.hash)
    assert violations(decider, "/decide after approving") == []
    visit(decider, site, "/phases?call=2022")
    assert decider.get_by_test_id("stMain").locator("button, input").count() == 0
    context.close()
    turn_to(office, FI("Allocation"))
    expect(button(office, FI("Save the scenario"))).to_have_count(0)
    turn_to(office, FI("Import"))
    expect(office.locator("input[type=file]")).to_have_count(0)
    visit(office, site, "/export?call=2022")
    press(office, FI("Make the file"))
    assert download(office, FI("Download the decision workbook"))
