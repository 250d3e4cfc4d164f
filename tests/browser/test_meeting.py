"""The chair holds a meeting over three applications: from the agenda to the minutes and the ranking."""

import io
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from access.permissions import Actor
from locales import format_number
from sample_data.load import turn_to as turn_call_to
from tests.browser.looking import misfits, violations
from tests.browser.site import (
    Site,
    Words,
    actor,
    cells,
    download,
    figure,
    follow,
    pick,
    press,
    serving,
    settle,
    signed_in,
    speak,
    told,
    turn_to,
    write,
)
from tests.support.worlds import CALL, CALL_ID, CASES, PASSWORD, REVIEWERS, broken_invariants
from workflow.conflicts import record_conflict
from workflow.house import House
from workflow.ranking import Ranked, get_ranking
from workflow.review_reading import read_reviews

pytestmark = pytest.mark.browser

FI = Words("fi")
CLOSED_TO_DAAVID, CLOSED_TO_CHAIR = CASES[0], CASES[5]
AGREED = {CASES[0]: (2, 2, 3), CASES[1]: (5, 5, 4), CASES[2]: (4, 3, 3)}
"""The consensus per criterion on the applications that are handled."""
PLACE = "Kuntatalo, kokoushuone 3"
NOTES = "Esittelijä kertoi määrärahan tilanteen."


@pytest.fixture
def panel_site(tmp_path: Path, sqlite_templates: dict[str, Path]) -> Iterator[Site]:
    """Six applications before the meeting; one is closed to a reviewer, another to the chair."""
    file = tmp_path / "panel.db"
    shutil.copy(sqlite_templates["panel"], file)
    with serving(f"sqlite:///{file}", tmp_path) as site:
        house, officer = House(site.engine), actor(site, "officer")
        for case, who in ((CLOSED_TO_DAAVID, "daavid"), (CLOSED_TO_CHAIR, "chair")):
            record_conflict(house, officer, CALL_ID, case, actor(site, who).id, "employment", "")
        turn_call_to(house, officer, CALL_ID, "meeting")
        yield site
        assert not broken_invariants(house)


def test_chair_holds_a_meeting_over_three_applications(browser: Browser, panel_site: Site) -> None:
    site, house = panel_site, House(panel_site.engine)
    chair = actor(site, "chair")
    given = {case: read_reviews(house, chair, CALL_ID, case) for case in AGREED}
    context, tab = signed_in(browser, site, "chair", PASSWORD)
    speak(tab, site, "fi")
    turn_to(tab, FI("Panel meeting"))
    the_meeting_begins(tab)
    for done, case in enumerate(AGREED):
        open_item_by_click(tab, case, done)
        the_reviews_stand_beside_each_other(tab, site, case)
        a_consensus_is_recorded(tab, case)
        assert standing(house, chair, case).standing.score_source == "consensus"
        follow(tab, FI("Agenda"))
    assert given == {case: read_reviews(house, chair, CALL_ID, case) for case in AGREED}
    the_meeting_ends(tab)
    own_copy = the_minutes_tell_it(download(tab, FI("Download the minutes")))
    assert CLOSED_TO_CHAIR not in own_copy
    assert NOTES not in own_copy, "the notes may speak of what is closed to the reader"
    the_ranking_shows_it(tab, house, chair)
    context.close()
    context, tab = signed_in(browser, site, "officer", PASSWORD)
    turn_to(tab, FI("Panel meeting"))
    tab.get_by_role("tab", name=FI("Minutes ({n})", n="1"), exact=True).click()
    whole = the_minutes_tell_it(download(tab, FI("Download the minutes")))
    assert CLOSED_TO_CHAIR in whole
    assert NOTES in whole
    context.close()
    assert site.tracebacks() == 0


def agenda(tab: Page, done: int) -> dict[str, list[str]]:
    """The rows of the agenda by case number, while ``done`` of the five have a consensus."""
    caption = FI("Applications in the order of discussion, consensus recorded: {done} of {n}", done=str(done), n="5")
    return {row[1]: row for row in cells(tab, caption)}


def the_meeting_begins(tab: Page) -> None:
    shown = agenda(tab, 0)
    assert sorted(shown) == [case for case in CASES if case != CLOSED_TO_CHAIR]
    assert {case: row[4] for case, row in shown.items() if row[4] != "–"} == {CLOSED_TO_DAAVID: "Daavid"}
    write(tab, FI("Place"), PLACE)
    press(tab, FI("Begin the meeting"))
    told(tab, FI("The meeting has begun."))
    expect(tab.get_by_text(PLACE).first).to_be_visible()
    assert violations(tab, "/meeting going on") == []


def open_item_by_click(tab: Page, case: str, done: int) -> None:
    assert agenda(tab, done)[case][8] == "–"
    follow(tab, case)
    expect(tab.get_by_role("heading", level=2, name=FI("Spread by criterion"), exact=True)).to_be_visible()
    settle(tab)
    leaves = FI("Leaves the room before the application is handled: {names}", names="Daavid")
    expect(tab.get_by_test_id("stAlert").filter(has_text=leaves)).to_have_count(int(case == CLOSED_TO_DAAVID))


def the_reviews_stand_beside_each_other(tab: Page, site: Site, case: str) -> None:
    """Levels and reasons of every submitted review, one column each; the spread is theirs."""
    reviews = read_reviews(House(site.engine), actor(site, "chair"), CALL_ID, case)
    table = tab.get_by_role("region", name=FI("Levels and reasons, reviewer by reviewer"), exact=True)
    if not reviews:
        expect(table).to_have_count(0)
        return
    assert table.locator("thead th").all_inner_texts()[1:] == [review.reviewer for review in reviews]
    rows = cells(tab, FI("Levels and reasons, reviewer by reviewer"))
    spread = cells(tab, FI("Levels that the reviewers gave, from the lowest"))
    for criterion, shown, apart in zip(CALL.criteria, rows[: len(CALL.criteria)], spread, strict=True):
        scores = [review.scores[criterion.id] for review in reviews]
        assert shown[0] == apart[0] == criterion.name.fi
        for cell, score in zip(shown[1:], scores, strict=True):
            assert cell.startswith(f"{score.level} – ")
            assert cell.endswith(score.reason)
        levels = sorted(score.level for score in scores if score.level is not None)
        assert apart[1:3] == [", ".join(map(str, levels)), str(levels[-1] - levels[0])]


def a_consensus_is_recorded(tab: Page, case: str) -> None:
    """Nothing is recorded without reasons; what the levels do to score and rank is seen before they are recorded."""
    press(tab, FI("Record the consensus"))
    expect(tab.get_by_role("alert").first).to_be_visible()
    for criterion, level in zip(CALL.criteria, AGREED[case], strict=True):
        pick(tab, criterion.name.fi, level - 1)
        write(tab, FI("Reason, {criterion}", criterion=criterion.name.fi), reason(case, criterion.name.fi))
    write(tab, FI("Discussion"), f"Keskusteltiin hakemuksesta {case}.")
    assert figure(tab, FI("Score")) == format_number(weighted(case), "fi", 2)
    assert figure(tab, FI("Rank"))[0].isdigit()
    if case == CLOSED_TO_DAAVID:
        assert violations(tab, "/meeting consensus to be recorded") == []
        assert misfits(tab, "/meeting consensus to be recorded") == []
    press(tab, FI("Record the consensus"))
    told(tab, FI("The consensus on {case} was recorded.", case=case))


def reason(case: str, criterion: str) -> str:
    return f"Yhteinen näkemys ({criterion}, {case})."


def weighted(case: str) -> Fraction:
    """The agreed levels weighted by hand."""
    weights = [criterion.weight.value for criterion in CALL.criteria]
    return Fraction(sum(w * level for w, level in zip(weights, AGREED[case], strict=True)), sum(weights))


def standing(house: House, chair: Actor, case: str) -> Ranked:
    """The application among those that the chair may see."""
    return next(found for found in get_ranking(house, chair, CALL_ID) if found.view.case_number == case)


def the_meeting_ends(tab: Page) -> None:
    assert all(agenda(tab, 3)[case][8] == FI("recorded") for case in AGREED)
    tab.get_by_role("tab", name=FI("People, notes and end"), exact=True).click()
    write(tab, FI("Add to the notes of the meeting as a whole"), NOTES)
    press(tab, FI("End the meeting"))
    told(tab, FI("Confirm first that everything is recorded. The meeting goes on."))
    tab.get_by_text(FI("Everything is recorded. An ended meeting is not opened again."), exact=True).click()
    press(tab, FI("End the meeting"))
    told(tab, FI("The meeting was ended. Its minutes can be downloaded below."))
    tab.get_by_role("tab", name=FI("Minutes ({n})", n="1"), exact=True).click()


def the_minutes_tell_it(docx: bytes) -> str:
    """The text of the minutes, with what every reader is told of the meeting."""
    paper = Document(io.BytesIO(docx))
    told_in_tables = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *told_in_tables])
    for expected in (PLACE, *(name.title() for name in (*REVIEWERS, "chair"))):
        assert expected in text
    for case in AGREED:
        assert case in text
        assert f"Keskusteltiin hakemuksesta {case}." in text
        assert all(reason(case, criterion.name.fi) in text for criterion in CALL.criteria)
    return text


def the_ranking_shows_it(tab: Page, house: House, chair: Actor) -> None:
    """Scores and ranks by consensus where there is one, the mean of the reviews beside it."""
    turn_to(tab, FI("Ranking"))
    shown = {row[1]: row for row in cells(tab, FI("Ranking by score"))}
    for case in AGREED:
        found = standing(house, chair, case).standing
        assert shown[case][0].split()[0] == str(found.rank)
        assert shown[case][3].startswith(format_number(weighted(case), "fi", 2))
        mean = FI("not scored") if found.mean is None else format_number(found.mean, "fi", 2)
        assert shown[case][3].endswith(FI("consensus; mean of the reviews {mean}", mean=mean))
    ranks = sorted((standing(house, chair, case).standing.rank or 0, -weighted(case)) for case in AGREED)
    assert [score for _, score in ranks] == sorted(score for _, score in ranks)
