"""Attachments: who adds, who reads, and that nobody learns of what is closed to them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from access.permissions import Forbidden
from locales import render
from storage import accounts as stored_accounts
from storage.replay import contents
from tests.support.worlds import CALL_ID, CASES, World
from workbooks.attachment import MOST_FILES
from workflow.abstaining import abstain, declare_impartial
from workflow.attachments import (
    Attachment,
    Documents,
    add_attachment,
    list_attachments,
    open_attachment,
    remove_attachment,
)
from workflow.conflicts import declare_conflict, record_conflict
from workflow.eligibility import withdraw_application
from workflow.errors import Refused
from workflow.reviewing import DeclarationNeeded
from workflow.upkeep import rebuild

CASE = CASES[1]
"""Assigned to the others, not to Arvi."""
CLOSED = "There is no such attachment in this call that you can see."


def pdf(text: str = "a") -> bytes:
    return b"%PDF-1.4\n%" + text.encode() + b"\n%%EOF\n"


def attach(world: World, name: str = "suunnitelma.pdf", data: bytes | None = None, case: str = CASE) -> Attachment:
    return add_attachment(world.house, world["officer"], CALL_ID, case, name, pdf(name) if data is None else data)


def listed(world: World, who: str, case: str = CASE) -> list[str]:
    return [item.filename for item in list_attachments(world.house, world[who], CALL_ID, case)]


def opened(world: World, who: str, item: Attachment) -> tuple[str, bytes]:
    return open_attachment(world.house, world[who], CALL_ID, item.sha256)


def refused(act: Callable[[], object]) -> list[str]:
    """The words of the refusal that calling ``act`` raises."""
    with pytest.raises(Refused) as caught:
        act()
    return [render(message, "en") for message in caught.value.messages]


def test_an_attachment_is_added_listed_read_and_removed(panel: World) -> None:
    first = attach(panel, "C:\\työt\\suunnitelma.pdf", pdf("yksi"))
    second = attach(panel, "arvio.PDF", pdf("kaksi"))
    assert (first.filename, first.size) == ("suunnitelma.pdf", len(pdf("yksi")))
    assert listed(panel, "officer") == ["suunnitelma.pdf", "arvio.PDF"]
    assert listed(panel, "officer", CASES[0]) == []
    assert opened(panel, "officer", second) == ("arvio.PDF", pdf("kaksi"))
    assert remove_attachment(panel.house, panel["officer"], CALL_ID, CASE, first.sha256) == first
    assert listed(panel, "officer") == ["arvio.PDF"]
    assert refused(lambda: opened(panel, "officer", first)) == [CLOSED]


@pytest.mark.parametrize("who", ["officer", "colleague", "chair", "decider"])
def test_those_who_see_all_applications_read_them(desk: World, who: str) -> None:
    item = attach(desk)
    assert listed(desk, who) == ["suunnitelma.pdf"]
    assert opened(desk, who, item) == ("suunnitelma.pdf", pdf("suunnitelma.pdf"))
    assert refused(lambda: listed(desk, who, "VN/404/2022")) == [
        "There is no application VN/404/2022 in this call that you can see."
    ]
    assert refused(lambda: open_attachment(desk.house, desk[who], CALL_ID, "0" * 64)) == [CLOSED]


@pytest.mark.parametrize("who", ["chair", "decider", "admin", "arvi"])
def test_only_officers_add_and_remove(desk: World, who: str) -> None:
    item = attach(desk)
    with pytest.raises(Forbidden):
        add_attachment(desk.house, desk[who], CALL_ID, CASE, "b.pdf", pdf("b"))
    with pytest.raises(Forbidden):
        remove_attachment(desk.house, desk[who], CALL_ID, CASE, item.sha256)
    assert listed(desk, "officer") == ["suunnitelma.pdf"]


def test_an_administrator_reads_nothing(desk: World) -> None:
    item = attach(desk)
    with pytest.raises(Forbidden):
        listed(desk, "admin")
    with pytest.raises(Forbidden):
        opened(desk, "admin", item)


def test_a_reviewer_reads_after_the_declaration_of_impartiality(desk: World) -> None:
    item = attach(desk)
    desk.assign(CASE, ["britta", "celia", "daavid", "arvi"])
    with pytest.raises(DeclarationNeeded):
        listed(desk, "arvi")
    assert refused(lambda: opened(desk, "arvi", item)) == [CLOSED]
    declare_impartial(desk.house, desk["arvi"], CALL_ID, [CASE])
    assert listed(desk, "arvi") == ["suunnitelma.pdf"]
    assert opened(desk, "arvi", item) == ("suunnitelma.pdf", pdf("suunnitelma.pdf"))


def test_a_reviewer_reads_only_what_is_assigned(desk: World) -> None:
    item = attach(desk)
    assert refused(lambda: listed(desk, "arvi")) == [f"Application {CASE} is not yours to review."]
    assert refused(lambda: listed(desk, "arvi", "VN/404/2022")) == ["Application VN/404/2022 is not yours to review."]
    assert refused(lambda: opened(desk, "arvi", item)) == [CLOSED]
    assert refused(lambda: open_attachment(desk.house, desk["arvi"], CALL_ID, "0" * 64)) == [CLOSED]


def _declare(world: World) -> None:
    declare_conflict(world.house, world["daavid"], CALL_ID, CASE, "party_or_relative", "")


def _record(world: World) -> None:
    daavid = world["daavid"].id
    record_conflict(world.house, world["officer"], CALL_ID, CASE, daavid, "party_or_relative", "")


def _withdraw(world: World) -> None:
    withdraw_application(world.house, world["officer"], CALL_ID, CASE, "Hakija perui.")


WAYS: dict[str, Callable[[World], None]] = {
    "declared": _declare,
    "recorded": _record,
    "abstained": lambda world: abstain(world.house, world["daavid"], CALL_ID, CASE, "Aikaa ei ole."),
    "withdrawn": _withdraw,
    "phase": lambda world: world.turn_to("intake"),
    "unassigned": lambda world: world.assign(CASE, ["britta", "celia", "arvi"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_closes_an_application_closes_its_attachments(desk: World, way: str) -> None:
    item = attach(desk)
    declare_impartial(desk.house, desk["daavid"], CALL_ID, [CASE])
    assert opened(desk, "daavid", item)[0] == "suunnitelma.pdf"
    WAYS[way](desk)
    assert refused(lambda: listed(desk, "daavid"))
    assert refused(lambda: opened(desk, "daavid", item)) == [CLOSED]


@pytest.mark.parametrize("who", ["officer", "chair", "decider"])
def test_a_disqualified_person_is_told_as_if_there_were_nothing(desk: World, who: str) -> None:
    item = attach(desk)
    declare_conflict(desk.house, desk[who], CALL_ID, CASE, "party_or_relative", "")
    nothing = f"There is no application {CASE} in this call that you can see."
    assert refused(lambda: listed(desk, who)) == [nothing]
    assert refused(lambda: opened(desk, who, item)) == [CLOSED]
    if who == "officer":
        assert refused(lambda: attach(desk, "b.pdf")) == [nothing]
        assert refused(lambda: remove_attachment(desk.house, desk[who], CALL_ID, CASE, item.sha256)) == [nothing]
        assert listed(desk, "colleague") == ["suunnitelma.pdf"]


def test_the_phase_closes_adding_and_removing_but_not_reading(desk: World) -> None:
    item = attach(desk)
    desk.turn_to("meeting")
    desk.turn_to("allocation")
    assert "does not allow this: adding and removing attachments." in refused(lambda: attach(desk, "b.pdf"))[0]
    removing = refused(lambda: remove_attachment(desk.house, desk["officer"], CALL_ID, CASE, item.sha256))
    assert "adding and removing" in removing[0]
    assert listed(desk, "officer") == ["suunnitelma.pdf"]


def test_a_file_that_is_not_taken_leaves_nothing(desk: World) -> None:
    attach(desk)
    before = desk.counts()
    assert refused(lambda: attach(desk, "kuva.png", b"\x89PNG")) == [
        "kuva.png is not named as a PDF file. The name must end with .pdf.",
        "kuva.png is not a PDF file by its content. Save the document as PDF and attach that.",
    ]
    assert refused(lambda: attach(desk, "toinen.pdf", pdf("suunnitelma.pdf"))) == [
        "toinen.pdf is attached already, as suunnitelma.pdf."
    ]
    assert refused(lambda: attach(desk, "Suunnitelma.PDF", pdf("muu"))) == [
        "There is another attachment named Suunnitelma.PDF. Rename the file, or remove the other."
    ]
    assert refused(lambda: attach(desk, "x.pdf", case="VN/404/2022")) == [
        "There is no application VN/404/2022 in this call that you can see."
    ]
    assert desk.counts() == before


def test_the_most_files_of_an_application(desk: World) -> None:
    for number in range(MOST_FILES):
        attach(desk, f"{number}.pdf")
    assert refused(lambda: attach(desk, "liikaa.pdf")) == [
        "liikaa.pdf was not attached: the application has 20 attachments, which is the most it may have."
    ]
    attach(desk, "liikaa.pdf", case=CASES[0])


def test_another_call_s_number_opens_nothing(desk: World) -> None:
    item = attach(desk)
    assert refused(lambda: open_attachment(desk.house, desk["officer"], "2020", item.sha256)) == [CLOSED]
    nothing = [f"There is no application {CASE} in this call that you can see."]
    assert refused(lambda: remove_attachment(desk.house, desk["officer"], "2020", CASE, item.sha256)) == nothing


def test_the_web_edge_needs_the_right_person_and_the_whole_address(desk: World) -> None:
    item = attach(desk)
    documents = Documents(desk.house)
    content = ("suunnitelma.pdf", pdf("suunnitelma.pdf"))
    assert documents.attachment(desk["officer"], CALL_ID, item.sha256) == content
    assert documents.attachment(desk["officer"], CALL_ID, "0" * 64) is None
    assert documents.attachment(desk["officer"], "2020", item.sha256) is None
    assert documents.attachment(desk["officer"], "none", item.sha256) is None
    assert documents.attachment(desk["admin"], CALL_ID, item.sha256) is None


def test_adding_and_removing_are_in_the_log_and_rebuild_the_table(desk: World, tmp_path: Path) -> None:
    attach(desk)
    remove_attachment(desk.house, desk["officer"], CALL_ID, CASE, attach(desk, "b.pdf").sha256)
    _, same = rebuild(desk.house, f"sqlite:///{tmp_path / 'rebuilt.db'}")
    assert same
    assert len(contents(desk.house.engine)["attachments"]) == 1


def test_who_added_is_kept(desk: World) -> None:
    attach(desk)
    with desk.house.reading() as uow:
        names = {account.id: account.username for account in stored_accounts.list_accounts(uow.connection)}
    (row,) = contents(desk.house.engine)["attachments"]
    assert names[row["added_by"]] == "officer"
