"""Reasons by hand and the phrases of a call: written, refused, logged, dropped; and the list under a scenario."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from access.permissions import Forbidden
from decisions.phrases import LONGEST_REASONS, PHRASES, Wording
from decisions.reasons import text_of
from locales import render
from storage.audit import list_audit
from tests.support.worlds import CALL, CALL_ID, CASES, PASSWORD, TERMINAL, World, draft
from workflow.abstaining import declare_impartial
from workflow.accounts import add_account
from workflow.assignment import assign_reviewers
from workflow.conflicts import record_conflict
from workflow.eligibility import withdraw_application
from workflow.errors import Conflicting, Refused
from workflow.reasons import (
    change_phrase,
    drop_reasons,
    list_phrases,
    load_hand_written,
    load_phrases,
    reset_phrase,
    write_reasons,
)
from workflow.reasons_list import ApplicationReasons, ReasonsList, list_reasons, preview_phrase
from workflow.reviewing import submit_review
from workflow.saved_scenarios import lock_scenario, save_scenario
from workflow.scenarios import default_scenario

TEXT = "Hakemus hylätään.\n\nPerustelut on kirjoitettu käsin."


def write(world: World, text: str = TEXT, *, version: int = 0, case: str = CASES[0], drafted: str = "Luonnos.") -> None:
    """The officer writes reasons by hand."""
    write_reasons(world.house, world["officer"], CALL_ID, case, text, drafted=drafted, expected_version=version)


def listed(world: World, scenario: int | None = None) -> ReasonsList:
    """The reasons as the decision maker sees them."""
    return list_reasons(world.house, world["decider"], CALL_ID, scenario)


def one(world: World, case: str = CASES[0], scenario: int | None = None) -> ApplicationReasons:
    """Those of one application."""
    return next(found for found in listed(world, scenario).applications if found.case_number == case)


def refusal(act: Callable[[], object]) -> list[str]:
    """What the refusal of ``act`` says."""
    with pytest.raises(Refused) as refused:
        act()
    return [render(message, "en") for message in refused.value.messages]


def test_reasons_by_hand_are_kept_with_the_draft_and_logged(panel: World) -> None:
    """Text, draft, version; the log says who wrote what over what."""
    write(panel)
    write(panel, "Toinen teksti.", version=1)
    with panel.house.reading() as uow:
        kept = load_hand_written(uow, CALL_ID)
        newest = list_audit(uow, CALL_ID, 1)[0]
    assert [(number, one.text, one.drafted, one.by, one.version) for number, one in kept.items()] == [
        (CASES[0], "Toinen teksti.", "Luonnos.", panel["officer"].id, 2)
    ]
    assert (newest.action, newest.old and newest.old["text"], newest.new and newest.new["text"]) == (
        "reasons.write",
        TEXT,
        "Toinen teksti.",
    )


def test_reasons_changed_meanwhile_are_not_overwritten(panel: World) -> None:
    """Writing and dropping name the version that was seen."""
    write(panel)
    with pytest.raises(Conflicting):
        write(panel, "Minun.")
    with pytest.raises(Conflicting):
        drop_reasons(panel.house, panel["officer"], CALL_ID, CASES[0], expected_version=2)
    with pytest.raises(Conflicting):
        write(panel, "Minun.", version=2)
    with pytest.raises(Conflicting):
        write(panel, "Minun.", version=1, case=CASES[1])


def test_dropped_reasons_are_the_draft_again(panel: World) -> None:
    """Dropping once works, dropping the draft is refused."""
    write(panel)
    drop_reasons(panel.house, panel["officer"], CALL_ID, CASES[0], expected_version=1)
    with panel.house.reading() as uow:
        assert load_hand_written(uow, CALL_ID) == {}
        assert list_audit(uow, CALL_ID, 1)[0].action == "reasons.drop"
    assert refusal(lambda: drop_reasons(panel.house, panel["officer"], CALL_ID, CASES[0], expected_version=1)) == [
        f"The reasons of {CASES[0]} are the draft already."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "The reasons are empty. Write them, or go back to the draft."),
        (" \n\u200b ", "The reasons are empty. Write them, or go back to the draft."),
        (
            "a" * (LONGEST_REASONS + 1),
            f"The reasons have {LONGEST_REASONS + 1} characters; at most {LONGEST_REASONS} are accepted.",
        ),
    ],
)
def test_text_that_cannot_be_reasons_is_refused(desk: World, text: str, expected: str) -> None:
    """Empty, unseen and too long ones."""
    assert refusal(lambda: write(desk, text)) == [expected]


def test_unknown_and_barred_applications_are_refused_alike(desk: World) -> None:
    """Whoever is disqualified does not learn that the application is there."""
    record_conflict(desk.house, desk["colleague"], CALL_ID, CASES[0], desk["officer"].id, "party_or_relative", "Sisar.")
    assert refusal(lambda: write(desk)) == [f"There is no application {CASES[0]} in this call that you can see."]
    assert refusal(lambda: write(desk, case="X")) == ["There is no application X in this call that you can see."]


def test_phrases_are_closed_to_whoever_is_disqualified(desk: World) -> None:
    change_phrase(desk.house, desk["officer"], CALL_ID, "open", "Odottaa.", "Väntar.")
    record_conflict(desk.house, desk["colleague"], CALL_ID, CASES[0], desk["officer"].id, "other", "")
    acts: tuple[Callable[[], object], ...] = (
        lambda: change_phrase(desk.house, desk["officer"], CALL_ID, "open", "Eri.", "Annat.", expected_version=1),
        lambda: reset_phrase(desk.house, desk["officer"], CALL_ID, "open", expected_version=1),
    )
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert [render(message, "en") for message in refused.value.messages] == [
            "You are disqualified from an application of this call, so the phrases of its reasons are closed to you."
        ]
    reset_phrase(desk.house, desk["colleague"], CALL_ID, "open", expected_version=1)


def test_reasons_that_name_a_reviewer_are_refused(desk: World) -> None:
    """Individual reviewers never appear in reasons, nor in phrases."""
    account, _ = add_account(
        desk.house.engine, TERMINAL, username="eero", name="Eero Arvioija", roles=["reviewer"], password=PASSWORD
    )
    assign_reviewers(desk.house, desk["officer"], CALL_ID, desk.views()[CASES[5]].id, [account.id])
    expected = ["The reasons name a reviewer: Eero Arvioija. Reasons speak of the panel, never of one reviewer."]
    assert refusal(lambda: write(desk, "Hylätään, koska EERO\u00a0arvioija antoi huonot pisteet.")) == expected
    assert (
        refusal(
            lambda: change_phrase(
                desk.house, desk["officer"], CALL_ID, "dismissed", "Eero  Arvioija jätti tutkimatta.", "Avvisas."
            )
        )
        == expected
    )


def test_phrases_are_worded_anew_and_reset(panel: World) -> None:
    """In force at once, logged, versioned; the default wording resets it too."""
    house, officer = panel.house, panel["officer"]
    change_phrase(house, officer, CALL_ID, "dismissed", " Jätetään\n tutkimatta. ", "Avvisas.")
    with house.reading() as uow:
        assert load_phrases(uow, CALL_ID).changed == {"dismissed": Wording("Jätetään tutkimatta.", "Avvisas.")}
        assert list_audit(uow, CALL_ID, 1)[0].action == "reasons.phrase"
    assert [(key, found.version) for key, found in list_phrases(house, panel["decider"], CALL_ID).items()] == [
        ("dismissed", 1)
    ]
    with pytest.raises(Conflicting):
        change_phrase(house, officer, CALL_ID, "dismissed", "Muu.", "Annat.")
    with pytest.raises(Conflicting):
        reset_phrase(house, officer, CALL_ID, "dismissed", expected_version=2)
    reset_phrase(house, officer, CALL_ID, "dismissed", expected_version=1)
    change_phrase(house, officer, CALL_ID, "rejected", "Hylätään: {applied}.", "Avslås: {applied}.")
    default = PHRASES["rejected"].wording
    change_phrase(house, officer, CALL_ID, "rejected", default.fi, default.sv, expected_version=1)
    assert list_phrases(house, officer, CALL_ID) == {}
    assert refusal(lambda: reset_phrase(house, officer, CALL_ID, "rejected", expected_version=1)) == [
        "The phrase is the default already."
    ]


def test_wording_with_faults_is_refused_whole(desk: World) -> None:
    """Every fault of both languages at once; nothing is saved."""
    assert refusal(lambda: change_phrase(desk.house, desk["officer"], CALL_ID, "rejected", "Hylätään.", "{x}")) == [
        "In Finnish: the value {applied} is missing. The phrase must name it.",
        "In Swedish: the phrase is empty. Write it, or reset it to the default.",
    ]
    assert refusal(lambda: change_phrase(desk.house, desk["officer"], CALL_ID, "none", "a", "b")) == [
        "There is no phrase none."
    ]
    assert list_phrases(desk.house, desk["officer"], CALL_ID) == {}


def test_reasons_are_closed_once_the_call_is_decided(desk: World) -> None:
    """Nothing is written after the decision; it can still be read."""
    desk.turn_to("allocation")
    desk.settle()
    write(desk, drafted=one(desk).draft)
    desk.turn_to("decided")
    with pytest.raises(Refused):
        write(desk, version=1)
    with pytest.raises(Refused):
        drop_reasons(desk.house, desk["officer"], CALL_ID, CASES[0], expected_version=1)
    with pytest.raises(Refused):
        change_phrase(desk.house, desk["officer"], CALL_ID, "dismissed", "Jätetään tutkimatta.", "Avvisas.")


@pytest.mark.parametrize("who", ["chair", "decider", "admin", "arvi"])
def test_only_officers_write(desk: World, who: str) -> None:
    """The chair and the decision maker read."""
    with pytest.raises(Forbidden):
        write_reasons(desk.house, desk[who], CALL_ID, CASES[0], TEXT)
    with pytest.raises(Forbidden):
        change_phrase(desk.house, desk[who], CALL_ID, "dismissed", "a", "b")


def test_list_has_every_application_with_its_draft(desk: World) -> None:
    """Funded, not scored and withdrawn ones; the call's own values without a scenario."""
    withdraw_application(desk.house, desk["officer"], CALL_ID, CASES[5], "Ilmoitettu kirjeellä.")
    found = {one.case_number: one for one in listed(desk).applications}
    assert list(found) == list(CASES)
    assert [(one.status, one.basis) for one in found.values()] == [
        ("approved", "funded_full"),
        ("approved", "funded_full"),
        *[("in_progress", "not_scored")] * 3,
        ("withdrawn", "withdrawn"),
    ]
    assert found[CASES[5]].text.split("\n\n")[:2] == [
        "Hakija on peruuttanut hakemuksen. Asian käsittely raukeaa.",
        "Perustelu: Ilmoitettu kirjeellä.",
    ]
    assert found[CASES[0]].text == text_of(found[CASES[0]].sentences)
    assert all(one.by_hand is None and not one.outdated and not one.named for one in found.values())


def test_reasons_by_hand_are_outdated_when_the_facts_change(desk: World) -> None:
    """A review more: the draft is not the one that was written over."""
    write(desk, drafted=one(desk).draft)
    before = one(desk)
    assert (before.text, before.writer, before.outdated) == (TEXT, "Officer", False)
    assign_reviewers(
        desk.house,
        desk["officer"],
        CALL_ID,
        desk.views()[CASES[0]].id,
        [desk[n].id for n in ("arvi", "britta", "celia", "daavid")],
    )
    declare_impartial(desk.house, desk["daavid"], CALL_ID, [CASES[0]])
    submit_review(desk.house, desk["daavid"], CALL_ID, CASES[0], draft(1, 1, 1), 0)
    after = one(desk)
    assert (after.text, after.outdated) == (TEXT, True)
    assert after.draft != before.draft


def test_list_follows_the_chosen_scenario(desk: World) -> None:
    """Under another scenario another ground."""
    poor = replace(default_scenario(CALL, "rank_skip"), appropriation=90_000)
    saved = save_scenario(desk.house, desk["officer"], CALL_ID, "Niukka", poor)
    lock_scenario(desk.house, desk["officer"], CALL_ID, saved.id)
    assert one(desk, CASES[1], saved.id).basis == "not_funded_budget"
    assert listed(desk, saved.id).scenario == "Niukka"
    assert "Jaon jälkeen määrärahasta on jäljellä: 5\u00a0000\u00a0€." in one(desk, CASES[1], saved.id).text


def test_preview_fills_the_wording_for_the_applications_that_have_the_phrase(desk: World) -> None:
    """Without writing anything; a wording with a fault is refused as when it is saved."""
    found = listed(desk)
    assert preview_phrase(found, "approved_full", "Saa {granted}.", "Får {granted}.") == (
        (CASES[0], "Saa 85\u00a0000\u00a0€."),
        (CASES[1], "Saa 85\u00a0000\u00a0€."),
    )
    assert preview_phrase(found, "dismissed", "Jätetään.", "Avvisas.") == ()
    with pytest.raises(Refused):
        preview_phrase(found, "approved_full", "Saa.", "Får.")
    with pytest.raises(Refused):
        preview_phrase(found, "none", "Saa.", "Får.")
    assert list_phrases(desk.house, desk["officer"], CALL_ID) == {}


def test_list_is_closed_to_whoever_may_not_see_every_score(desk: World) -> None:
    """A disqualified officer would learn of the application by its reasons."""
    record_conflict(desk.house, desk["colleague"], CALL_ID, CASES[0], desk["officer"].id, "party_or_relative", "Sisar.")
    with pytest.raises(Refused):
        list_reasons(desk.house, desk["officer"], CALL_ID)
    with pytest.raises(Forbidden):
        list_reasons(desk.house, desk["arvi"], CALL_ID)
