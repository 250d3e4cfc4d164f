"""The offline review form: download, dry run, saving the good rows as drafts, and every refusal."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from access.permissions import Forbidden
from calls.application import Application
from locales import render
from storage import audit
from storage.unit import reading
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, World, application, draft, workbook
from workbooks.review_form import FormApplication, FormStamp, read_form, write_form
from workbooks.review_form_stamp import stamp_check
from workbooks.review_form_values import NOT_SCORED
from workflow.abstaining import abstain, declare_impartial
from workflow.accounts import disable_account
from workflow.conflicts import declare_conflict
from workflow.eligibility import withdraw_application
from workflow.errors import Conflicting, Refused
from workflow.intake import execute_import, plan_import
from workflow.offline import (
    FileRefused,
    FormOffer,
    FormPlan,
    acting_as,
    download_form,
    execute_form,
    offer_form,
    plan_form,
)
from workflow.review_reading import return_review
from workflow.reviewing import Draft, open_review, save_draft

FIRST, SECOND, THIRD = CRITERIA
MINE = (CASES[2], CASES[3], CASES[4])
"""What arvi has left; the review of the first case is submitted."""
EMPTY = dict.fromkeys(CRITERIA)


@pytest.fixture
def arvi(desk: World) -> World:
    """The panel, in which arvi has declared to have no conflict of interest."""
    declare_impartial(desk.house, desk["arvi"], CALL_ID, MINE)
    return desk


def form(world: World, who: str = "arvi") -> bytes:
    return download_form(world.house, world[who], CALL_ID, "fi")[1]


def filled(data: bytes, values: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The form with fields set, by case number; a sheet set to an empty mapping is deleted."""
    rows = {row.case_number: row for row in read_form(data, CALL).rows}
    book = load_workbook(BytesIO(data))
    for case, fields in values.items():
        if not fields:
            del book[rows[case].sheet]
        for field, value in fields.items():
            book[rows[case].sheet][rows[case].cells[field]].value = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def planned(world: World, data: bytes, who: str = "arvi") -> FormPlan:
    return plan_form(world.house, world[who], CALL_ID, data, "lomake.xlsx")


def kinds(plan: FormPlan) -> dict[str, str]:
    return {row.case_number: row.kind for row in plan.rows}


def said(error: Refused) -> list[str]:
    return [render(message, "en") for message in error.messages]


def refused(world: World, data: bytes, who: str = "arvi", call_id: str = CALL_ID) -> list[str]:
    with pytest.raises(Refused) as caught:
        plan_form(world.house, world[who], call_id, data, "lomake.xlsx")
    return said(caught.value)


def content(world: World, case: str, who: str = "arvi") -> tuple[str, int, dict[str, int | None], dict[str, str], str]:
    """State, version, levels, reasons and remark of somebody's own review."""
    review = open_review(world.house, world[who], CALL_ID, case).review
    assert review is not None
    levels = {key: score.level for key, score in review.scores.items()}
    reasons = {key: score.reason for key, score in review.scores.items()}
    return review.state, review.version, levels, reasons, review.remark


def test_offer_holds_what_is_declared_and_counts_the_rest(arvi: World) -> None:
    offer = offer_form(arvi.house, arvi["arvi"], CALL_ID)
    assert (offer.cases, offer.undeclared) == (MINE, 0)
    arvi.assign(CASES[1], ["arvi", "britta", "celia"])
    offer = offer_form(arvi.house, arvi["arvi"], CALL_ID)
    assert (offer.cases, offer.undeclared) == (MINE, 1)
    assert set(read_form(form(arvi), CALL).stamp.versions) == set(MINE)


def test_nothing_declared_gives_no_form_but_says_what_to_do(small: World) -> None:
    small.take(application(1))
    small.confirm(CASES[0])
    small.assign(CASES[0], ["arvi"])
    assert offer_form(small.house, small["arvi"], CALL_ID) == FormOffer((), 1)
    with pytest.raises(Refused) as caught:
        form(small)
    assert said(caught.value) == ["There is nothing to download. Declare first whether you have conflicts of interest."]


def test_form_holds_open_applications_with_drafts(arvi: World) -> None:
    house, me = arvi.house, arvi["arvi"]
    save_draft(house, me, CALL_ID, MINE[0], replace(draft(4, None, 2), remark="+huomio", confidence=2), 0)
    name, data = download_form(house, me, CALL_ID, "fi")
    assert name.endswith("-2022-arvi.xlsx")
    read = read_form(data, CALL)
    assert (read.stamp.call_id, read.stamp.reviewer_username) == (CALL_ID, "arvi")
    assert read.stamp.versions == {MINE[0]: (1, 1), MINE[1]: (1, 0), MINE[2]: (1, 0)}
    row = read.rows[0]
    assert (row.levels, row.remark, row.confidence) == ({FIRST: 4, SECOND: None, THIRD: 2}, "+huomio", 2)
    assert application(1).summary not in str(read)
    book = load_workbook(BytesIO(data))
    assert sum(sheet.sheet_state == "visible" for sheet in book.worksheets) == 4
    texts = {str(cell.value) for sheet in book.worksheets for line in sheet.iter_rows() for cell in line}
    assert any("Arvi" in text for text in texts)


def test_barred_given_back_submitted_and_withdrawn_are_left_out(arvi: World) -> None:
    arvi.review("arvi", MINE[0], 3, 3, 3)
    abstain(arvi.house, arvi["arvi"], CALL_ID, MINE[1], "Aika ei riitä.")
    declare_conflict(arvi.house, arvi["arvi"], CALL_ID, MINE[2], "employment", "")
    assert offer_form(arvi.house, arvi["arvi"], CALL_ID).undeclared == 0
    with pytest.raises(Refused) as caught:
        form(arvi)
    assert said(caught.value) == ["There is nothing to download: you have no reviews left in this call."]


def test_untouched_form_changes_nothing(arvi: World) -> None:
    arvi.review("arvi", MINE[0], 4, None, 1, submit=False)
    plan = planned(arvi, form(arvi))
    assert kinds(plan) == dict.fromkeys(MINE, "unchanged")
    assert (plan.clean, plan.faults, plan.notes) == (True, (), ())
    before = arvi.counts()
    done = execute_form(arvi.house, arvi["arvi"], plan)
    assert (done.saved, done.unchanged, done.left) == ((), MINE, ())
    assert arvi.counts() == before


def test_good_rows_become_drafts_on_both_databases(panel: World) -> None:
    declare_impartial(panel.house, panel["arvi"], CALL_ID, MINE)
    panel.review("arvi", MINE[0], 4, 4, 1, submit=False)
    data = filled(
        form(panel),
        {
            MINE[0]: {f"level:{FIRST}": render(NOT_SCORED, "fi"), f"reason:{FIRST}": None, "remark": "vain paneelille"},
            MINE[1]: {f"level:{SECOND}": 3, "confidence": 1},
        },
    )
    plan = planned(panel, data)
    assert kinds(plan) == {MINE[0]: "change", MINE[1]: "change", MINE[2]: "unchanged"}
    first = plan.rows[0]
    cells = read_form(data, CALL).rows[0].cells
    assert [(c.field, c.cell, c.before, c.after) for c in first.changes] == [
        (f"level:{FIRST}", cells[f"level:{FIRST}"], 4, None),
        (f"reason:{FIRST}", cells[f"reason:{FIRST}"], "Perustelu 4.", ""),
        ("remark", cells["remark"], "", "vain paneelille"),
    ]
    assert [(n.sheet, n.cell) for n in first.notes] == [
        (first.sheet, cells[f"level:{FIRST}"]),
        (first.sheet, cells[f"reason:{FIRST}"]),
    ]
    assert "the reason is missing" in render(first.notes[1].message, "en")
    done = execute_form(panel.house, panel["arvi"], plan)
    assert (done.saved, done.unchanged, done.left) == (MINE[:2], MINE[2:], ())
    reasons = {FIRST: "", SECOND: "Perustelu 4.", THIRD: "Perustelu 1."}
    assert content(panel, MINE[0]) == ("draft", 2, {FIRST: None, SECOND: 4, THIRD: 1}, reasons, "vain paneelille")
    assert content(panel, MINE[1])[:3] == ("draft", 1, {**EMPTY, SECOND: 3})
    assert open_review(panel.house, panel["arvi"], CALL_ID, MINE[2]).review is None
    assert kinds(planned(panel, form(panel))) == dict.fromkeys(MINE, "unchanged")


def test_faulty_rows_are_left_and_told_by_cell(arvi: World) -> None:
    data = filled(form(arvi), {MINE[0]: {f"level:{FIRST}": "9", "remark": "=1+1"}, MINE[1]: {f"level:{FIRST}": 5}})
    plan = planned(arvi, data)
    assert kinds(plan) == {MINE[0]: "faulty", MINE[1]: "change", MINE[2]: "unchanged"}
    cells = read_form(data, CALL).rows[0].cells
    assert [(f.sheet, f.cell, f.value) for f in plan.faults] == [
        (plan.rows[0].sheet, cells[f"level:{FIRST}"], "9"),
        (plan.rows[0].sheet, cells["remark"], "=1+1"),
    ]
    assert all(render(f.accepted, "en") for f in plan.faults)
    assert not plan.clean
    done = execute_form(arvi.house, arvi["arvi"], plan)
    assert (done.saved, done.left) == ((MINE[1],), (MINE[0],))
    assert open_review(arvi.house, arvi["arvi"], CALL_ID, MINE[0]).review is None


def test_review_saved_elsewhere_is_outdated_until_taken(arvi: World) -> None:
    arvi.review("arvi", MINE[0], 1, 1, 1, submit=False)
    data = filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}, MINE[1]: {f"level:{FIRST}": 2}})
    arvi.review("arvi", MINE[0], 3, 3, 3, submit=False)
    plan = planned(arvi, data)
    assert kinds(plan) == {MINE[0]: "stale", MINE[1]: "change", MINE[2]: "unchanged"}
    assert "saved elsewhere" in render(plan.rows[0].why[0], "en")
    done = execute_form(arvi.house, arvi["arvi"], plan)
    assert (done.saved, done.left) == ((MINE[1],), (MINE[0],))
    assert content(arvi, MINE[0])[1:3] == (2, {FIRST: 3, SECOND: 3, THIRD: 3})
    taken = execute_form(arvi.house, arvi["arvi"], planned(arvi, data), [MINE[0]])
    # The second row is the form's own save: what it says is here already.
    assert (taken.saved, taken.unchanged, taken.left) == ((MINE[0],), MINE[1:], ())
    assert content(arvi, MINE[0])[1:3] == (3, {FIRST: 5, SECOND: 1, THIRD: 1})


def test_untouched_sheet_leaves_what_was_saved_later(arvi: World) -> None:
    arvi.review("arvi", MINE[0], 1, 1, 1, submit=False)
    data = form(arvi)
    arvi.review("arvi", MINE[0], 3, 3, 3, submit=False)
    arvi.review("arvi", MINE[1], 2, 2, 2, submit=False)
    plan = planned(arvi, data)
    assert kinds(plan) == dict.fromkeys(MINE, "unchanged")
    assert [bool(row.why) for row in plan.rows] == [True, True, False]
    assert plan.clean


def test_newer_version_of_the_application_is_told_and_kept_visible(arvi: World) -> None:
    data = filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}})
    newer = application(3, summary="Uusi tiivistelmä.")
    _take_change(arvi, newer)
    plan = planned(arvi, data)
    assert kinds(plan)[MINE[0]] == "stale"
    assert [render(why, "en") for why in plan.rows[0].why] == [
        "The form shows version 1 of the application; the newest is version 2."
    ]
    execute_form(arvi.house, arvi["arvi"], plan, [MINE[0]])
    opened = open_review(arvi.house, arvi["arvi"], CALL_ID, MINE[0])
    assert opened.review is not None
    assert (opened.review.application_version, opened.application_version) == (1, 2)
    assert opened.changed == ("summary",)


def _take_change(world: World, changed: Application) -> None:
    found = plan_import(world.house, world["officer"], CALL_ID, workbook(changed), "uusi.xlsx")
    execute_import(world.house, world["officer"], found, accept_changes=True)
    world.confirm(changed.case_number)


def test_returned_review_stays_returned(arvi: World) -> None:
    arvi.review("arvi", MINE[0], 3, 3, 3)
    return_review(arvi.house, arvi["officer"], CALL_ID, MINE[0], arvi["arvi"].id, "Täydennä perusteluja.")
    data = filled(form(arvi), {MINE[0]: {f"reason:{FIRST}": "Täydennetty."}})
    execute_form(arvi.house, arvi["arvi"], planned(arvi, data))
    assert content(arvi, MINE[0])[0] == "returned"
    assert content(arvi, MINE[0])[3][FIRST] == "Täydennetty."


def test_submitted_meanwhile_is_left(arvi: World) -> None:
    data = filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}, MINE[1]: {f"level:{FIRST}": 5}})
    arvi.review("arvi", MINE[0], 3, 3, 3)
    plan = planned(arvi, data)
    assert kinds(plan) == {MINE[0]: "submitted", MINE[1]: "change", MINE[2]: "unchanged"}
    assert plan.rows[0].changes == ()
    done = execute_form(arvi.house, arvi["arvi"], plan, [MINE[0]])
    assert (done.saved, done.left) == ((MINE[1],), (MINE[0],))


def test_given_back_and_withdrawn_meanwhile_are_closed(arvi: World) -> None:
    data = filled(form(arvi), {case: {f"level:{FIRST}": 5} for case in MINE})
    abstain(arvi.house, arvi["arvi"], CALL_ID, MINE[0], "Aika ei riitä.")
    withdraw_application(arvi.house, arvi["officer"], CALL_ID, MINE[1], "Hakija perui.")
    plan = planned(arvi, data)
    assert kinds(plan) == {MINE[0]: "closed", MINE[1]: "closed", MINE[2]: "change"}
    assert [render(why, "en") for row in plan.rows[:2] for why in row.why] == [
        f"You have abstained from reviewing {MINE[0]}.",
        f"Application {MINE[1]} is reviewed no longer.",
    ]


def test_others_applications_are_told_in_the_same_words(arvi: World) -> None:
    """A stamp made up by hand: an application of others, one that is barred, and one that does not exist."""
    declare_conflict(arvi.house, arvi["arvi"], CALL_ID, MINE[0], "employment", "")
    asked = (CASES[1], MINE[0], "VN/99/2022")
    items = [FormApplication(case, application(1), 1, levels={FIRST: 5}) for case in asked]
    data = write_form(CALL, "arvi", "Arvi", items, "fi", arvi.clock())
    plan = planned(arvi, data)
    assert kinds(plan) == dict.fromkeys(asked, "not_yours")
    words = [render(row.why[0], "en").replace(row.case_number, "N") for row in plan.rows]
    assert words == ["Application N is not yours to review."] * 3
    assert [(row.version, row.changes, row.notes, row.faults) for row in plan.rows] == [(0, (), (), ())] * 3
    before = arvi.counts()
    assert execute_form(arvi.house, arvi["arvi"], plan, asked).left == asked
    assert arvi.counts() == before


@pytest.mark.parametrize("versions", [(0, 0), (7, 0), (1, 5), (999_999_999, 999_999_999)])
def test_made_up_versions_are_outdated_and_saved_on_one_that_exists(arvi: World, versions: tuple[int, int]) -> None:
    item = FormApplication(MINE[0], application(3), *versions, levels={FIRST: 5})
    plan = planned(arvi, write_form(CALL, "arvi", "Arvi", [item], "fi", arvi.clock()))
    assert kinds(plan) == {MINE[0]: "stale"}
    execute_form(arvi.house, arvi["arvi"], plan, [MINE[0]])
    review = open_review(arvi.house, arvi["arvi"], CALL_ID, MINE[0]).review
    assert review is not None
    assert (review.version, review.application_version) == (1, 1)


def test_another_persons_and_another_calls_form_is_refused_whole(arvi: World) -> None:
    declare_impartial(arvi.house, arvi["britta"], CALL_ID, [CASES[3], CASES[4], CASES[5]])
    theirs = form(arvi, "britta")
    person = "The form was made for britta, but the reviewer here is arvi. Everybody uploads a form of their own."
    call = "The form is of the call 2022, but this is the call 2020. Upload it in its own call."
    assert refused(arvi, theirs) == [person]
    assert refused(arvi, form(arvi), call_id="2020") == [call]
    assert refused(arvi, theirs, call_id="2020") == [call, person]


def test_files_that_are_no_form_are_refused(arvi: World) -> None:
    for data in (b"", b"PK rikki", b"a;b\n1;2\n"):
        with pytest.raises(FileRefused):
            planned(arvi, data)


def test_deleted_and_foreign_sheets_are_told(arvi: World) -> None:
    plan = planned(arvi, filled(form(arvi), {MINE[1]: {}}))
    assert (kinds(plan), plan.absent) == ({MINE[0]: "unchanged", MINE[2]: "unchanged"}, (MINE[1],))
    older = load_workbook(BytesIO(form(arvi)))
    stamp = read_form(form(arvi), CALL).stamp
    assert isinstance(stamp, FormStamp)
    sheet = older.worksheets[1]
    for line in sheet.iter_rows():
        for cell in line:
            if isinstance(cell.value, str) and cell.value.startswith("form "):
                cell.value = "form " + stamp_check(replace(stamp, reviewer_username="x"))
    target = BytesIO()
    older.save(target)
    plan = planned(arvi, target.getvalue())
    assert [(fault.sheet, fault.cell, fault.value) for fault in plan.faults] == [(sheet.title, "A1", MINE[0])]
    assert not plan.clean


def test_change_after_the_dry_run_refuses_the_whole_save(arvi: World) -> None:
    data = filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}, MINE[1]: {f"level:{FIRST}": 2}})
    plan = planned(arvi, data)
    arvi.review("arvi", MINE[1], 3, 3, 3, submit=False)
    before = arvi.counts()
    with pytest.raises(Conflicting):
        execute_form(arvi.house, arvi["arvi"], plan)
    assert arvi.counts() == before
    arvi.take(application(3))
    again = planned(arvi, data)
    abstain(arvi.house, arvi["arvi"], CALL_ID, MINE[2], "Aika ei riitä.")
    with pytest.raises(Conflicting):
        execute_form(arvi.house, arvi["arvi"], again)


def test_plan_of_another_person_is_refused_at_saving(arvi: World) -> None:
    plan = planned(arvi, filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}}))
    with pytest.raises(Refused, match="The form was made for"):
        execute_form(arvi.house, arvi["daavid"], plan)


@pytest.mark.parametrize("phase", ["preparation", "intake", "allocation", "decided"])
def test_closed_phases_refuse_everything(arvi: World, phase: str) -> None:
    data = filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}})
    plan = planned(arvi, data)
    for step in ["allocation", "decided"] if phase == "decided" else [phase]:
        arvi.turn_to(step)
    house, me = arvi.house, arvi["arvi"]
    for act in (
        lambda: offer_form(house, me, CALL_ID),
        lambda: form(arvi),
        lambda: planned(arvi, data),
        lambda: execute_form(house, me, plan),
    ):
        with pytest.raises(Refused, match="The call is in the phase"):
            act()


def test_meeting_still_takes_forms(arvi: World) -> None:
    arvi.turn_to("meeting")
    plan = planned(arvi, filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}}))
    assert execute_form(arvi.house, arvi["arvi"], plan).saved == MINE[:1]


@pytest.mark.parametrize("who", ["officer", "chair", "decider", "admin"])
def test_only_reviewers_use_the_form(arvi: World, who: str) -> None:
    data = form(arvi)
    plan = planned(arvi, data)
    for act in (
        lambda: offer_form(arvi.house, arvi[who], "none"),
        lambda: download_form(arvi.house, arvi[who], "none", "fi"),
        lambda: plan_form(arvi.house, arvi[who], "none", data, "lomake.xlsx"),
        lambda: execute_form(arvi.house, arvi[who], plan),
    ):
        with pytest.raises(Forbidden):
            act()


def test_acting_as_a_reviewer_is_the_terminals_and_leaves_both_names(arvi: World) -> None:
    admin = arvi["admin"]
    acting = acting_as(arvi.house, admin, " ARVI ")
    assert (acting.id, acting.username, acting.roles) == (arvi["arvi"].id, "arvi", frozenset({"reviewer"}))
    data = filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}})
    plan = plan_form(arvi.house, acting, CALL_ID, data, "lomake.xlsx")
    execute_form(arvi.house, acting, plan)
    with reading(arvi.house.engine) as uow:
        newest = audit.list_audit(uow, CALL_ID, 1, None)[0]
    assert (newest.actor_id, newest.actor_name) == (arvi["arvi"].id, "Arvi, Admin")


def test_acting_as_anybody_else_is_refused(arvi: World) -> None:
    disable_account(arvi.house.engine, arvi["admin"], "celia")
    for name, words in {
        "nobody": "There is no account",
        "celia": "The account {username} is disabled",
        "officer": "is not a reviewer's",
    }.items():
        with pytest.raises(Refused, match=words):
            acting_as(arvi.house, arvi["admin"], name)
    with pytest.raises(Forbidden):
        acting_as(arvi.house, arvi["officer"], "arvi")


def test_stored_text_that_only_looks_different_is_kept(arvi: World) -> None:
    odd = Draft({**EMPTY, FIRST: 4}, {FIRST: "yksi\r\nkaksi"})
    save_draft(arvi.house, arvi["arvi"], CALL_ID, MINE[0], odd, 0)
    plan = planned(arvi, filled(form(arvi), {MINE[0]: {f"level:{FIRST}": 5}}))
    assert [change.field for change in plan.rows[0].changes] == [f"level:{FIRST}"]
    execute_form(arvi.house, arvi["arvi"], plan)
    assert content(arvi, MINE[0])[3][FIRST] == "yksi\r\nkaksi"
