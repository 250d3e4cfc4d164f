"""The panel meeting: agenda, consensus beside the reviews, what is hidden from whom, and the minutes."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from docx import Document

from access.permissions import Actor, Forbidden
from locales import render
from scoring.types import LevelSpread
from storage import meetings as stored
from storage.meetings import ConsensusScore
from tests.support.worlds import CALL_ID, CASES, CRITERIA, REVIEWERS, World
from workflow.conflicts import lift_conflict, record_conflict
from workflow.eligibility import withdraw_application
from workflow.errors import Conflicting, Refused
from workflow.meeting import (
    Agenda,
    Meeting,
    Person,
    change_meeting,
    end_meeting,
    get_agenda,
    list_attendees,
    list_meetings,
    start_meeting,
)
from workflow.meeting_consensus import (
    Moved,
    open_item,
    preview_consensus,
    record_consensus,
    remove_consensus,
)
from workflow.meeting_docket import Agreed
from workflow.meeting_minutes import minutes
from workflow.ranking import get_ranking
from workflow.review_reading import ReadReview, read_reviews
from workflow.trail import get_trail

FIRST, SECOND, THIRD = CASES[:3]


@pytest.fixture
def panel_at_work(desk: World) -> World:
    """The call in the phase of the meeting."""
    desk.turn_to("meeting")
    return desk


def words(attempt: Callable[[], object], kind: type[Refused] = Refused) -> list[str]:
    with pytest.raises(kind) as refused:
        attempt()
    return [render(message, "en") for message in refused.value.messages]


def begin(world: World, *others: str, who: str = "chair", title: str = "Kokous") -> Meeting:
    present = [world[name].id for name in (*REVIEWERS, *others)]
    return start_meeting(world.house, world[who], CALL_ID, title, "Helsinki", present)


def other_chair(world: World) -> Actor:
    """A second chair, present as the colleague."""
    return replace(world["colleague"], roles=frozenset({"chair"}))


def agreed_on(*levels: int) -> dict[str, int]:
    return dict(zip(CRITERIA, levels, strict=True))


def reasons(text: str = "Yhdessä sovittu.") -> dict[str, str]:
    return dict.fromkeys(CRITERIA, text)


def record(
    world: World, case: str, *levels: int, actor: Actor | None = None, version: int = 0, note: str = ""
) -> Agreed:
    who = actor or world["chair"]
    return record_consensus(world.house, who, CALL_ID, case, agreed_on(*levels), reasons(), note, version)


def agenda(world: World, actor: Actor | None = None) -> Agenda:
    return get_agenda(world.house, actor or world["chair"], CALL_ID)


def order(found: Agenda) -> list[tuple[int, str]]:
    return [(row.item.place, row.view.case_number) for row in found.rows]


def ranks(found: Agenda) -> dict[str, int | None]:
    return {row.view.case_number: row.standing.rank for row in found.rows}


def conflicted(world: World, who: str, case: str) -> None:
    by = world["colleague" if who == "officer" else "officer"]
    record_conflict(world.house, by, CALL_ID, case, world[who].id, "employment", "")


# The agenda


def test_the_agenda_begins_where_discussion_matters(desk: World) -> None:
    found = agenda(desk)
    assert (found.line, found.partial) == (Fraction(3), False)
    assert [
        (r.item.place, r.view.case_number, r.item.reasons, r.standing.rank, r.standing.reviews, r.awaited, r.needed)
        for r in found.rows
    ] == [
        (1, SECOND, ("near_line", "disagreement", "missing_reviews"), 2, 2, 1, 3),
        *((2, case, ("missing_reviews", "not_scored"), None, 0, 3, 3) for case in CASES[2:]),
        (6, FIRST, ("disagreement",), 1, 3, 0, 3),
    ]
    first = found.rows[0].item
    assert (first.disagreement, first.closeness, first.missing) == (Fraction(1, 5), Fraction(1), Fraction(1, 3))


def test_the_agenda_stands_on_the_standings_of_the_ranking(panel_at_work: World) -> None:
    begin(panel_at_work)
    record(panel_at_work, SECOND, 5, 5, 4)
    ranked = {r.view.case_number: r.standing for r in get_ranking(panel_at_work.house, panel_at_work["chair"], CALL_ID)}
    assert {row.view.case_number: row.standing for row in agenda(panel_at_work).rows} == ranked
    assert ranked[SECOND].score == Fraction(47, 10)


def test_the_agenda_names_who_leaves_the_room(desk: World) -> None:
    conflicted(desk, "daavid", SECOND)
    conflicted(desk, "decider", SECOND)
    row = agenda(desk).rows[0]
    assert (row.view.case_number, row.leaves_room) == (SECOND, ("Daavid", "Decider"))
    assert row.item.conflicted == Fraction(1, 5), "four reviewers and the chair, one of them disqualified"
    assert (row.awaited, row.needed, row.item.missing) == (0, 3, Fraction(1, 3))
    lift_conflict(desk.house, desk["officer"], CALL_ID, SECOND, desk["daavid"].id, "Selvitetty.")
    assert agenda(desk).rows[0].leaves_room == ("Decider",)


def test_what_has_a_consensus_stands_last(panel_at_work: World) -> None:
    begin(panel_at_work)
    record(panel_at_work, SECOND, 3, 3, 3)
    found = agenda(panel_at_work)
    assert order(found) == [*((1, case) for case in CASES[2:]), (5, FIRST), (6, SECOND)]
    agreed = found.rows[-1].consensus
    assert agreed is not None
    assert (agreed.recorded_by, agreed.left_room, agreed.version) == ("Chair", (), 1)


def test_the_agenda_leaves_out_what_is_not_eligible(desk: World) -> None:
    withdraw_application(desk.house, desk["officer"], CALL_ID, SECOND, "Kirje.")
    assert SECOND not in ranks(agenda(desk))
    assert words(lambda: open_item(desk.house, desk["chair"], CALL_ID, SECOND)) == [
        f"{SECOND} is not confirmed eligible, so it is not on the agenda."
    ]


# What is hidden


def test_a_conflict_takes_the_application_out_of_everything(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    begin(world, "colleague")
    conflicted(world, "chair", FIRST)
    before = agenda(world)
    assert before.partial
    assert ranks(before) == {SECOND: 1, **dict.fromkeys(CASES[2:])}
    seen = open_item(world.house, chair, CALL_ID, SECOND)
    preview = preview_consensus(world.house, chair, CALL_ID, SECOND, agreed_on(1, 1, 1))
    record(world, FIRST, 2, 1, 1, actor=other_chair(world))
    assert agenda(world) == before
    assert open_item(world.house, chair, CALL_ID, SECOND) == seen
    assert preview_consensus(world.house, chair, CALL_ID, SECOND, agreed_on(1, 1, 1)) == preview
    assert (preview.after.rank, preview.moved) == (1, ())
    for case in (FIRST, "VN/404/2022"):
        for attempt in (
            lambda case=case: open_item(world.house, chair, CALL_ID, case),
            lambda case=case: preview_consensus(world.house, chair, CALL_ID, case, None),
            lambda case=case: record(world, case, 3, 3, 3),
            lambda case=case: remove_consensus(world.house, chair, CALL_ID, case, 1),
        ):
            assert words(attempt) == [f"There is no application {case} in this call that you can see."]


def test_a_chair_with_a_review_to_submit_neither_sees_nor_records(panel_at_work: World) -> None:
    world = panel_at_work
    begin(world)
    actor = replace(world["arvi"], roles=frozenset({"reviewer", "chair"}))
    assert ranks(agenda(world, actor)) == {FIRST: 1, SECOND: 2, CASES[5]: None}
    closed = [f"Others' reviews of {THIRD} open to you once your own is submitted."]
    assert words(lambda: open_item(world.house, actor, CALL_ID, THIRD)) == closed
    assert words(lambda: record(world, THIRD, 3, 3, 3, actor=actor)) == closed
    before = agenda(world, actor)
    record(world, THIRD, 5, 5, 5)
    assert agenda(world, actor) == before
    world.review("arvi", THIRD, 2, 2, 2)
    assert ranks(agenda(world, actor))[THIRD] == 1
    assert record(world, THIRD, 4, 4, 4, actor=actor, version=1).version == 2


def test_only_chair_officer_and_decision_maker_see_and_only_the_chair_leads(panel_at_work: World) -> None:
    world = panel_at_work
    meeting = begin(world)
    for who in ("officer", "decider"):
        assert order(agenda(world, world[who])) == order(agenda(world))
        assert open_item(world.house, world[who], CALL_ID, FIRST).reads
    for who in ("arvi", "admin"):
        for look in (
            lambda who=who: agenda(world, world[who]),
            lambda who=who: open_item(world.house, world[who], CALL_ID, FIRST),
            lambda who=who: minutes(world.house, world[who], CALL_ID, meeting.id, "fi"),
            lambda who=who: list_meetings(world.house, world[who], CALL_ID),
        ):
            with pytest.raises(Forbidden):
                look()
    for who in ("officer", "decider", "arvi"):
        for lead in (
            lambda who=who: begin(world, who=who),
            lambda who=who: record(world, FIRST, 3, 3, 3, actor=world[who]),
            lambda who=who: remove_consensus(world.house, world[who], CALL_ID, FIRST, 1),
            lambda who=who: end_meeting(world.house, world[who], CALL_ID, meeting.id, 1),
        ):
            with pytest.raises(Forbidden):
                lead()


# The meeting


def test_a_meeting_is_begun_changed_and_ended(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    assert [p for p in list_attendees(world.house, chair, CALL_ID) if p.name in ("Arvi", "Chair", "Officer")] == [
        Person(world["arvi"].id, "Arvi", True),
        Person(chair.id, "Chair", True),
        Person(world["officer"].id, "Officer", False),
    ]
    begun = start_meeting(world.house, chair, CALL_ID, " Kokous 1 ", "Helsinki", [world["celia"].id])
    assert (begun.title, begun.led_by, begun.ended_at) == ("Kokous 1", "Chair", None)
    assert begun.present == {world["celia"].id: "Celia", chair.id: "Chair"}, "who begins is present"
    assert words(lambda: begin(world), Conflicting) == [
        "A meeting of this call is going on already. It is ended before another begins."
    ]
    changed = change_meeting(
        world.house, chair, CALL_ID, begun.id, place="Etänä", present=[chair.id], notes=" Tauko. ", expected_version=1
    )
    assert (changed.place, dict(changed.present), changed.notes, changed.version) == (
        "Etänä",
        {chair.id: "Chair"},
        "Tauko.",
        2,
    )
    late = ["Somebody changed the meeting meanwhile. Look at it again."]
    assert words(lambda: end_meeting(world.house, chair, CALL_ID, begun.id, 1), Conflicting) == late
    ended = end_meeting(world.house, chair, CALL_ID, begun.id, 2)
    assert ended.ended_at is not None
    assert words(lambda: end_meeting(world.house, chair, CALL_ID, begun.id, 3)) == [
        "The meeting is not going on any more."
    ]
    second = begin(world, title="Kokous 2")
    assert list_meetings(world.house, chair, CALL_ID) == [ended, second]


def test_notes_hidden_from_a_chair_are_added_to_and_never_lost(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    begun = begin(world)

    def change(version: int, notes: str | None, more: str = "") -> Meeting:
        return change_meeting(
            world.house,
            chair,
            CALL_ID,
            begun.id,
            place="",
            present=[chair.id],
            notes=notes,
            more_notes=more,
            expected_version=version,
        )

    change(1, "Ennen.")
    record_conflict(world.house, world["officer"], CALL_ID, CASES[0], chair.id, "employment", "")
    (seen,) = list_meetings(world.house, chair, CALL_ID)
    assert seen.notes is None
    change(2, seen.notes)
    change(3, seen.notes, " Jälkeen. ")
    (whole,) = list_meetings(world.house, world["decider"], CALL_ID)
    assert whole.notes == "Ennen.\n\nJälkeen."
    told = [field for entry in get_trail(world.house, world["admin"], CALL_ID) for field, _, _ in entry.changes]
    assert "present" in told
    assert "notes" not in told


def test_a_meeting_needs_a_name_and_people_who_are_known(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    assert words(lambda: start_meeting(world.house, chair, CALL_ID, " ", "x" * 201, [404, world["admin"].id])) == [
        "A meeting needs a name of 1 to 200 characters.",
        "The place is longer than 200 characters.",
        "There is no account 404.",
        f"There is no account {world['admin'].id}.",
    ]
    assert list_meetings(world.house, chair, CALL_ID) == []
    meeting = begin(world)
    assert words(
        lambda: change_meeting(
            world.house, chair, CALL_ID, meeting.id, place="", present=[], notes="x" * 5_001, expected_version=1
        )
    ) == ["The notes are longer than 5000 characters.", "Nobody is marked as present. Somebody has to be."]


def test_nothing_of_a_meeting_changes_outside_its_phase(panel_at_work: World) -> None:
    world = panel_at_work
    meeting = begin(world)
    record(world, SECOND, 4, 4, 4)
    with pytest.raises(Refused):
        world.turn_to("allocation")
    end_meeting(world.house, world["chair"], CALL_ID, meeting.id, 1)
    world.turn_to("allocation")
    before = world.counts()
    for attempt in (
        lambda: begin(world),
        lambda: record(world, FIRST, 3, 3, 3),
        lambda: remove_consensus(world.house, world["chair"], CALL_ID, SECOND, 1),
        lambda: end_meeting(world.house, world["chair"], CALL_ID, meeting.id, 1),
    ):
        assert words(attempt) == [
            "The call is in the phase Distribution of the appropriation, which does not allow this: leading the panel"
            " meeting. Phases that do: Panel meeting."
        ]
    assert world.counts() == before
    assert open_item(world.house, world["chair"], CALL_ID, SECOND).row.consensus is not None, "it can still be read"


# The consensus


def test_one_application_is_opened_with_everything_to_discuss(panel_at_work: World) -> None:
    world = panel_at_work
    item = open_item(world.house, world["chair"], CALL_ID, SECOND)
    assert list(item.reads) == read_reviews(world.house, world["chair"], CALL_ID, SECOND)
    assert [(r.reviewer, r.composite) for r in item.reads] == [("Britta", Fraction(13, 5)), ("Celia", Fraction(17, 5))]
    assert item.spread == {
        "process_change": LevelSpread(2, 4, 2),
        "dissemination": LevelSpread(3, 3, 0),
        "consortium": LevelSpread(3, 3, 0),
    }
    assert (item.row.standing.mean, item.row.standing.rank, item.line) == (Fraction(3), 2, Fraction(3))
    assert (item.row.consensus, item.following) == (None, THIRD)
    assert open_item(world.house, world["chair"], CALL_ID, FIRST).following == SECOND, "the last leads to the first"


def test_a_preview_tells_the_effect_and_saves_nothing(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    before = world.counts()
    effect = preview_consensus(world.house, chair, CALL_ID, SECOND, agreed_on(5, 4, 4))
    assert (effect.before.score, effect.before.rank) == (Fraction(3), 2)
    assert (effect.after.score, effect.after.rank, effect.after.mean) == (Fraction(22, 5), 1, Fraction(3))
    assert effect.moved == (Moved(FIRST, "Yhteinen tietopohja 1", 1, 2),)
    assert preview_consensus(world.house, chair, CALL_ID, SECOND, None).after.rank == 2
    assert world.counts() == before
    assert words(lambda: preview_consensus(world.house, chair, CALL_ID, SECOND, {CRITERIA[0]: 9, "luck": 1})) == [
        "The call has no criterion luck.",
        "Process change: level 9 is not among 1, 2, 3, 4, 5.",
        "Dissemination plan: the level is missing.",
        "Consortium: the level is missing.",
    ]


def test_a_consensus_ranks_and_leaves_the_reviews_alone(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    begin(world)
    reads = reviews_of(world)
    promised = preview_consensus(world.house, chair, CALL_ID, SECOND, agreed_on(5, 4, 4)).after
    recorded = record(world, SECOND, 5, 4, 4, note=" Sovittiin. ")
    assert recorded.scores == {
        key: ConsensusScore(level, "Yhdessä sovittu.") for key, level in agreed_on(5, 4, 4).items()
    }
    assert (recorded.note, recorded.recorded_by, recorded.version) == ("Sovittiin.", "Chair", 1)
    item = open_item(world.house, chair, CALL_ID, SECOND)
    assert (item.row.consensus, item.row.standing) == (recorded, promised)
    assert ranks(agenda(world)) == {SECOND: 1, FIRST: 2, **dict.fromkeys(CASES[2:])}
    assert reviews_of(world) == reads
    remove_consensus(world.house, chair, CALL_ID, SECOND, 1)
    assert ranks(agenda(world)) == {FIRST: 1, SECOND: 2, **dict.fromkeys(CASES[2:])}
    assert reviews_of(world) == reads


def reviews_of(world: World) -> list[list[ReadReview]]:
    return [read_reviews(world.house, world["chair"], CALL_ID, case) for case in CASES]


def test_an_application_without_reviews_is_ranked_by_its_consensus(panel_at_work: World) -> None:
    begin(panel_at_work)
    record(panel_at_work, THIRD, 5, 5, 5)
    assert ranks(agenda(panel_at_work)) == {THIRD: 1, FIRST: 2, SECOND: 3, **dict.fromkeys(CASES[3:])}


def test_a_consensus_is_complete_or_refused(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    without = ["A consensus is recorded at a meeting. Start the meeting first."]
    assert words(lambda: record(world, FIRST, 3, 3, 3)) == without
    begin(world)
    before = world.counts()
    given = {CRITERIA[0]: 6, CRITERIA[1]: 3}
    assert words(
        lambda: record_consensus(
            world.house, chair, CALL_ID, FIRST, given, {CRITERIA[0]: "Syy.", CRITERIA[1]: " "}, "x" * 5_001, 0
        )
    ) == [
        "Process change: level 6 is not among 1, 2, 3, 4, 5.",
        "Dissemination plan: the reason is missing.",
        "Consortium: the level is missing.",
        "Consortium: the reason is missing.",
        "The remark is longer than 5000 characters.",
    ]
    away = other_chair(world)
    assert words(lambda: record(world, FIRST, 3, 3, 3, actor=away)) == [
        "You are not marked as present at the meeting. Mark yourself as present first."
    ]
    withdraw_application(world.house, world["officer"], CALL_ID, THIRD, "Kirje.")
    assert words(lambda: record(world, THIRD, 3, 3, 3)) == [
        f"{THIRD} is not confirmed eligible, so it is not on the agenda."
    ]
    assert {**world.counts(), "audit_log": before["audit_log"]} == before


def test_a_consensus_that_changed_meanwhile_is_not_overwritten(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    begin(world, "colleague")
    theirs = record(world, FIRST, 2, 2, 2, actor=other_chair(world))
    lost = [f"Somebody changed the consensus on {FIRST} meanwhile. Nothing of yours was saved."]
    assert words(lambda: record(world, FIRST, 5, 5, 5), Conflicting) == lost
    assert words(lambda: remove_consensus(world.house, chair, CALL_ID, FIRST, 2), Conflicting) == lost
    assert open_item(world.house, chair, CALL_ID, FIRST).row.consensus == theirs
    mine = record(world, FIRST, 5, 5, 5, version=1)
    assert (mine.version, mine.recorded_by) == (2, "Chair")
    remove_consensus(world.house, chair, CALL_ID, FIRST, 2)
    assert words(lambda: record(world, FIRST, 5, 5, 5, version=2), Conflicting) == lost, "it is gone"
    assert words(lambda: remove_consensus(world.house, chair, CALL_ID, FIRST, 2), Conflicting) == lost


def test_those_present_and_disqualified_leave_the_room(panel_at_work: World) -> None:
    world = panel_at_work
    begin(world, "officer")
    for who in ("daavid", "decider", "officer"):
        conflicted(world, who, FIRST)
    assert record(world, FIRST, 3, 3, 3).left_room == ("Daavid", "Officer"), "the decision maker is not present"
    assert agenda(world).rows[-1].leaves_room == ("Daavid", "Decider", "Officer")


def test_the_effect_is_kept_in_exact_numbers(panel_at_work: World) -> None:
    world = panel_at_work
    begin(world)
    record(world, SECOND, 5, 4, 4)
    record(world, SECOND, 5, 5, 4, version=1)
    ids = {case: view.id for case, view in world.views().items()}
    with world.house.reading() as uow:
        kept = stored.find_consensus(uow, ids[SECOND])
    assert kept is not None
    assert kept.effect == {
        "score_before": "3",
        "score_after": "47/10",
        "rank_before": 2,
        "rank_after": 1,
        "others": {str(ids[FIRST]): "4"},
        "reviews": {
            str(world["britta"].id): agreed_on(2, 3, 3),
            str(world["celia"].id): agreed_on(4, 3, 3),
        },
    }, "a correction at the same meeting is told from where the meeting began"


# The minutes


def paragraphs(document: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(document)).paragraphs if p.text]


def tables(document: bytes) -> list[list[tuple[str, ...]]]:
    return [[tuple(c.text for c in row.cells) for row in t.rows] for t in Document(io.BytesIO(document)).tables]


def whole(document: bytes) -> str:
    return "\n".join([*paragraphs(document), *(c for t in tables(document) for row in t for c in row)])


def sections(document: bytes) -> Sequence[str]:
    return [line for line in paragraphs(document) if line.startswith("§")]


def test_the_minutes_tell_what_was_recorded(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    meeting = begin(world, "officer")
    conflicted(world, "daavid", SECOND)
    record(world, SECOND, 5, 4, 4, note="Muutos on kuvattu.")
    meeting = change_meeting(
        world.house,
        chair,
        CALL_ID,
        meeting.id,
        place="Etänä",
        present=list(meeting.present),
        notes="Seuraava kokous sovitaan.",
        expected_version=1,
    )
    draft = minutes(world.house, chair, CALL_ID, meeting.id, "en")
    assert paragraphs(draft)[:2] == ["Draft minutes", "Kokous"]
    end_meeting(world.house, chair, CALL_ID, meeting.id, 2)
    told = minutes(world.house, world["decider"], CALL_ID, meeting.id, "en")
    assert paragraphs(told) == [
        "Minutes",
        "Kokous",
        "Call\tGrant for promoting digitalisation in municipalities 2022",
        "Time\t3 May 2022 at 12:00–12:00",
        "Place\tEtänä",
        "Present\tChair, chair\nArvi, reviewer\nBritta, reviewer\nCelia, reviewer\nDaavid, reviewer\nOfficer, presenting"
        " officer",
        "§ 1 Opening of the meeting",
        "Chair, chair, opened the meeting on 3 May 2022 at 12:00.",
        "§ 2 Applications handled",
        "1 application was handled at the meeting.",
        f"§ 3 {SECOND}: Yhteinen tietopohja 2",
        "Applicant\tTurku",
        "Left the room\tDaavid: Employment or commission with a party",
        "Levels given by the reviewers",
        "Discussion",
        "Muutos on kuvattu.",
        "Consensus of the panel",
        "Score and rank",
        "§ 4 Applications not handled",
        "§ 5 Other matters",
        "Seuraava kokous sovitaan.",
        "§ 6 Closing of the meeting",
        "The chair closed the meeting on 3 May 2022 at 12:00.",
        "The minutes are drawn up from what was recorded in Avustuspaneeli at the meeting.",
        "Signatures",
    ]
    assert tables(told)[1:4] == [
        [
            ("Criterion", "Britta", "Celia", "Mean"),
            ("Process change", "2 – partly met", "4 – met well", "3.00"),
            ("Dissemination plan", "3 – met", "3 – met", "3.00"),
            ("Consortium", "3 – met", "3 – met", "3.00"),
            ("Score", "2.60", "3.40", "3.00"),
        ],
        [
            ("Criterion", "Level", "Reasons"),
            ("Process change", "5 – met excellently", "Yhdessä sovittu."),
            ("Dissemination plan", "4 – met well", "Yhdessä sovittu."),
            ("Consortium", "4 – met well", "Yhdessä sovittu."),
        ],
        [
            ("Stage", "Score", "Rank"),
            ("Before the discussion", "3.00", "2"),
            ("After the discussion", "4.40", "1"),
        ],
    ]
    assert [row[0] for row in tables(told)[4][1:]] == [FIRST, *CASES[2:]]
    assert paragraphs(minutes(world.house, chair, CALL_ID, meeting.id, "fi"))[0] == "Pöytäkirja"
    assert words(lambda: minutes(world.house, chair, CALL_ID, 404, "fi")) == ["There is no such meeting in this call."]


def test_panel_only_remarks_never_go_into_the_minutes(panel_at_work: World) -> None:
    world = panel_at_work
    world.review("arvi", THIRD, 4, 4, 4)
    meeting = begin(world)
    record(world, THIRD, 4, 4, 4)
    with world.house.reading() as uow:
        assert [c.note for c in stored.list_consensus(uow, CALL_ID).values()] == [""]
    assert "Perustelu" not in whole(minutes(world.house, world["chair"], CALL_ID, meeting.id, "en"))


def test_later_meetings_and_reviews_do_not_change_the_minutes(panel_at_work: World) -> None:
    world, chair = panel_at_work, panel_at_work["chair"]
    first = begin(world, title="Ensimmäinen")
    record(world, SECOND, 5, 4, 4)
    record(world, FIRST, 3, 3, 3)
    end_meeting(world.house, chair, CALL_ID, first.id, 1)
    told = [minutes(world.house, chair, CALL_ID, first.id, lang) for lang in ("fi", "sv", "en")]
    world.clock.forward(hours=2)
    second = begin(world, title="Toinen")
    record(world, SECOND, 1, 1, 4, version=1)
    remove_consensus(world.house, chair, CALL_ID, FIRST, 1)
    world.review("daavid", SECOND, 5, 5, 5)
    assert [minutes(world.house, chair, CALL_ID, first.id, lang) for lang in ("fi", "sv", "en")] == told
    later = minutes(world.house, chair, CALL_ID, second.id, "en")
    assert sections(later)[2] == f"§ 3 {SECOND}: Yhteinen tietopohja 2"
    assert tables(later)[3][1:] == [("Before the discussion", "4.40", "1"), ("After the discussion", "1.90", "2")]
    assert [row[0] for row in tables(later)[4][1:]] == [FIRST, *CASES[2:]], "what was taken back is unhandled again"


def test_another_chair_leads_while_the_first_is_out(panel_at_work: World) -> None:
    world = panel_at_work
    meeting = begin(world, "colleague")
    conflicted(world, "chair", FIRST)
    recorded = record(world, FIRST, 3, 3, 3, actor=other_chair(world))
    assert recorded.left_room == ("Chair",)
    told = paragraphs(minutes(world.house, world["officer"], CALL_ID, meeting.id, "en"))
    assert "Chaired by\tColleague" in told
    assert "Left the room\tChair: Employment or commission with a party" in told


@pytest.mark.parametrize("who", ["chair", "officer", "decider"])
def test_minutes_for_somebody_disqualified_tell_nothing_of_the_application(panel_at_work: World, who: str) -> None:
    """Whatever happens to the hidden application, the copy is the same to the byte."""
    world, second = panel_at_work, other_chair(panel_at_work)
    meeting = begin(world, "colleague", "officer")
    conflicted(world, who, FIRST)
    copies = []
    for hidden in (None, (1, 1, 1), (5, 5, 5)):
        if hidden is not None:
            record(world, FIRST, *hidden, actor=second)
        record(world, SECOND, 4, 4, 4, actor=second)
        copies.append(minutes(world.house, world[who], CALL_ID, meeting.id, "en"))
        remove_consensus(world.house, second, CALL_ID, SECOND, 1)
        if hidden is not None:
            remove_consensus(world.house, second, CALL_ID, FIRST, 1)
    assert copies == [copies[0]] * 3
    assert FIRST not in whole(copies[0])
    assert sections(copies[0])[2:4] == [f"§ 3 {SECOND}: Yhteinen tietopohja 2", "§ 4 Applications not handled"]
    assert tables(copies[0])[3][1:] == [("Before the discussion", "3.00", "1"), ("After the discussion", "4.00", "1")]
    assert "This copy is without the applications that are closed to its reader." in paragraphs(copies[0])
