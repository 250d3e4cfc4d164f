"""Templates of letters: who replaces them, what is refused, and the letter that an officer looks at."""

from collections.abc import Callable

import pytest

from access.permissions import Forbidden
from locales import render
from storage.schema import decision_files
from tests.support.worlds import CALL_ID, CASES, World
from tests.workbooks.letter_samples import read, template, texts
from workbooks.letter_default import default_template as own
from workflow.conflicts import record_conflict
from workflow.errors import Refused
from workflow.letters import (
    PLACEHOLDERS,
    LetterTemplate,
    default_template,
    drop_template,
    get_template,
    list_templates,
    load_templates,
    preview_letter,
    replace_template,
)
from workflow.trail import get_trail

DATA = template("Ministeriön oma malli")


def take(
    world: World, language: str = "fi", data: bytes = DATA, name: str = "C:\\mallit\\oma malli.docx"
) -> LetterTemplate:
    return replace_template(world.house, world["officer"], CALL_ID, language, name, data)


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        act()
    return [render(message, "en") for message in caught.value.messages]


def test_a_template_is_taken_into_use_read_and_dropped(world: World) -> None:
    taken = take(world)
    assert (taken.language, taken.filename, taken.uploaded_by) == ("fi", "oma malli.docx", "Officer")
    assert list_templates(world.house, world["decider"], CALL_ID) == (taken, LetterTemplate("sv"))
    assert get_template(world.house, world["officer"], CALL_ID, "fi") == ("oma malli.docx", DATA)
    with world.house.reading() as uow:
        assert load_templates(uow, CALL_ID) == {"fi": DATA}
    drop_template(world.house, world["officer"], CALL_ID, "fi")
    assert list_templates(world.house, world["officer"], CALL_ID) == (LetterTemplate("fi"), LetterTemplate("sv"))
    assert get_template(world.house, world["officer"], CALL_ID, "fi")[1] == own("fi")
    assert refused(lambda: drop_template(world.house, world["officer"], CALL_ID, "fi")) == [
        "Letters in this language are written on the program's own template already."
    ]


def test_a_newer_template_takes_the_place_of_an_older_one(small: World) -> None:
    take(small)
    newer = take(small, data=own("fi"), name="uusi.docx")
    assert list_templates(small.house, small["officer"], CALL_ID)[0] == newer
    actions = [entry.action for entry in get_trail(small.house, small["officer"], CALL_ID)][:2]
    assert actions == ["letter.template", "letter.template"]


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_the_own_template_is_there_to_be_changed(small: World, lang: str) -> None:
    name, data = default_template(small.house, small["decider"], CALL_ID, lang)
    assert name.endswith(f"-{lang}.docx")
    assert take(small, lang, data, name).language == lang


def test_a_template_that_is_none_changes_nothing(small: World) -> None:
    before = small.counts()
    assert refused(lambda: take(small, data=b"PK", name="x.docx")) == [
        "The document x.docx is damaged. Open it in Word, save it again and upload that."
    ]
    assert refused(lambda: take(small, data=template("{{summa}}")))[0] == (
        "Paragraph 5 “{{summa}}”: the placeholder {{summa}} is unknown."
    )
    assert refused(lambda: take(small, "en")) == ["Letters are written in Finnish (fi) and in Swedish (sv), not in en."]
    assert small.counts() == before


@pytest.mark.parametrize("who", ["chair", "decider", "admin", "arvi"])
def test_only_officers_replace_templates(small: World, who: str) -> None:
    take(small)
    with pytest.raises(Forbidden):
        replace_template(small.house, small[who], CALL_ID, "fi", "x.docx", DATA)
    with pytest.raises(Forbidden):
        drop_template(small.house, small[who], CALL_ID, "fi")


@pytest.mark.parametrize("who", ["admin", "arvi"])
def test_who_does_not_see_the_decision_sees_no_letter(small: World, who: str) -> None:
    for act in (list_templates, get_template, default_template, preview_letter):
        more = () if act is list_templates else (CASES[0] if act is preview_letter else "fi",)
        with pytest.raises(Forbidden):
            act(small.house, small[who], CALL_ID, *more)


def test_the_letter_of_one_application_is_made_on_the_template_in_use(desk: World) -> None:
    name, data = preview_letter(desk.house, desk["officer"], CALL_ID, CASES[0])
    assert name == "VN-1-2022.fi.docx"
    assert "Päätösluonnos" in "".join(
        cell.text for row in read(data).sections[0].header.tables[0].rows for cell in row.cells
    )
    take(desk)
    assert "Ministeriön oma malli" in texts(read(preview_letter(desk.house, desk["officer"], CALL_ID, CASES[0])[1]))
    assert preview_letter(desk.house, desk["officer"], CALL_ID, CASES[0]) == preview_letter(
        desk.house, desk["chair"], CALL_ID, CASES[0]
    )


def test_no_letter_for_a_case_that_is_not_there_or_for_the_disqualified(desk: World) -> None:
    assert refused(lambda: preview_letter(desk.house, desk["officer"], CALL_ID, "VN/404/2022")) == [
        "There is no application VN/404/2022 in this call that you can see."
    ]
    record_conflict(desk.house, desk["colleague"], CALL_ID, CASES[1], desk["officer"].id, "employment", "")
    assert refused(lambda: preview_letter(desk.house, desk["officer"], CALL_ID, CASES[0])) == [
        "You are disqualified from an application of this call, so the allocation is closed to you."
    ]


def test_a_template_damaged_in_the_database_is_refused(small: World) -> None:
    small.sound = False
    take(small)
    with small.house.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER decision_files_same")
        connection.execute(decision_files.update().values(content=b"x"))
    assert refused(lambda: get_template(small.house, small["officer"], CALL_ID, "fi")) == [
        "The template oma malli.docx is damaged in the database. Upload it again."
    ]


def test_equal_templates_are_kept_once(small: World) -> None:
    take(small)
    take(small, "sv")
    assert small.counts()["decision_files"] == 1


def test_every_placeholder_is_explained() -> None:
    assert all(render(one.meaning, "en") for one in PLACEHOLDERS)
    assert {one.written for one in PLACEHOLDERS if one.required} == {
        "{{case_number}}",
        "{{decision}}",
        "{{reasons}}",
        "{{rectification}}",
    }
