"""Each invariant is broken once by writing to the tables directly, and exactly its name is reported."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from decisions.phrases import PHRASES
from decisions.snapshot import to_bytes
from locales import LANGUAGES, render
from storage import accounts as stored_accounts
from storage import attachments, meetings, panel, reviews
from storage import decisions as stored_decisions
from storage import reasons as stored_reasons
from storage.calls import change_phase, set_setting
from storage.decision_files import add_file, read_file
from storage.decisions import StoredDecision
from storage.inspection import key_of, tables_that_differ
from storage.meetings import ConsensusScore
from storage.panel import StoredMember
from storage.schema import metadata
from storage.unit import writing
from tests.support import frozen
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, NEXT_DAY, World, _open, application, broken_invariants
from workflow.abstaining import abstain, declare_impartial
from workflow.by_hand import set_award
from workflow.conflicts import lift_conflict, record_conflict
from workflow.costs import examine_costs
from workflow.eligibility import confirm_eligibility, withdraw_application
from workflow.errors import Refused
from workflow.invariants import INVARIANTS, REPLAY, TEXTS, check_database, examine, look
from workflow.invariants_facts import Facts, Shown
from workflow.ranking import Ranked
from workflow.ranking_lock import lock_ranking_rule
from workflow.saved_scenarios import save_scenario
from workflow.scenarios import default_scenario

NOWHERE = "no such thing"
OTHER_CALL = "2020"
THIRD_CALL = "2024"
"""One without applications, in which decisions were made."""
PHRASE = next(iter(PHRASES))
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def fill(world: World) -> None:
    """Something of everything on top of the panel: every table has a row."""
    officer, house = world["officer"], world.house
    world.take(application(7), application(8))
    for number, outcome in ((7, "supplement_requested"), (8, "not_eligible")):
        confirm_eligibility(
            house,
            officer,
            CALL_ID,
            f"VN/{number}/2022",
            version=1,
            outcome=outcome,  # type: ignore[arg-type]
            reason="Laskelma puuttuu.",
            deadline=world.clock() + timedelta(days=7),
            request_text="Toimittakaa laskelma.",
        )
    withdraw_application(house, officer, CALL_ID, "VN/8/2022", "Ilmoitettu kirjeellä.")
    record_conflict(house, officer, CALL_ID, CASES[3], world["chair"].id, "employment", "")
    record_conflict(house, officer, CALL_ID, CASES[4], world["decider"].id, "other", "")
    lift_conflict(house, world["colleague"], CALL_ID, CASES[4], world["decider"].id, "Perusteita ei ole.")
    declare_impartial(house, world["daavid"], CALL_ID, [CASES[3]])
    abstain(house, world["daavid"], CALL_ID, CASES[3], "Sairaus.")
    saved = save_scenario(house, officer, CALL_ID, "Luonnos", default_scenario(CALL))
    set_award(house, officer, CALL_ID, saved.id, CASES[1], 50_000, "Hanke alkaa vasta syksyllä.")
    with house.writing(officer, CALL_ID) as uow:
        panel.save_member(uow, StoredMember(CALL_ID, world["arvi"].id, True, 5, {CALL.themes[0].id: 2}, ["fi"]))
        attachments.add_attachment(uow, _id(world, CASES[0]), "liite.pdf", "application/pdf", b"%PDF-1.7")
    with house.writing(world["chair"], CALL_ID) as uow:
        reviews.return_review(uow, _id(world, CASES[0]), world["arvi"].id, "Täydennä perustelut.")
    world.review("arvi", CASES[0], 4, 4, 4)
    with house.writing(world["chair"], CALL_ID) as uow:
        reviews.return_review(uow, _id(world, CASES[1]), world["britta"].id, "Täydennä perustelut.")
    _prepare_decisions(world)
    world.turn_to("meeting")
    _meet(world)
    with house.writing(None) as uow:
        set_setting(uow, "colour", "blue")
        now = uow.now()
        stored_accounts.open_session(
            uow.connection, id_hash="h", account_id=officer.id, csrf="c", now=now, expires_at=now + timedelta(days=1)
        )


def _prepare_decisions(world: World) -> None:
    """Costs, reasons and templates of the call, a locked rule, and a third call with decisions in every state."""
    officer, house = world["officer"], world.house
    view = world.views()[CASES[0]]
    accepted = {**view.application.costs, "personnel": 70_000}
    examine_costs(house, officer, CALL_ID, CASES[0], accepted, {"personnel": "Arvioitu liian suureksi."}, version=view.version, expected=None)  # fmt: skip
    with house.writing(officer, CALL_ID) as uow:
        stored_reasons.put_reasons(uow, _id(world, CASES[0]), "Omat perustelut.", "Luonnos.", expected_version=0)
        wording = PHRASES[PHRASE].wording
        stored_reasons.put_phrase(uow, CALL_ID, PHRASE, f"{wording.fi} Lisäys.", wording.sv, expected_version=0)
        template = {"call_id": CALL_ID, "language": "fi", "filename": "kirje.docx", "sha256": add_file(uow, b"PK")}
        by = {"uploaded_by": officer.id, "uploaded_at": uow.now()}
        uow.insert(metadata.tables["letter_templates"], {**template, **by}, action="letter.template")
    lock_ranking_rule(house, officer, OTHER_CALL)
    frozen.add_call_to_decide(world, THIRD_CALL)
    first = frozen.propose(world, THIRD_CALL, 1)
    with house.writing(world["decider"], THIRD_CALL) as uow:
        stored_decisions.close_decision(uow, first.id, "returned", "Täydennettävä.", uow.now())
    approved = frozen.approve(world, frozen.propose(world, THIRD_CALL, 1))
    frozen.propose(world, THIRD_CALL, 2, "withdrawal", approved)


def _meet(world: World) -> None:
    with world.house.writing(world["chair"], CALL_ID) as uow:
        present = [world[name].id for name in ("chair", "officer", "arvi")]
        meeting = meetings.add_meeting(uow, CALL_ID, "Paneelin kokous", "Helsinki", present)
    for case, who, left in ((CASES[1], "chair", []), (CASES[3], "officer", ["chair"])):
        with world.house.writing(world[who], CALL_ID) as uow:
            meetings.save_consensus(
                uow,
                _id(world, case),
                meeting_id=meeting.id,
                scores={key: ConsensusScore(4, "Yhteinen näkemys.") for key in CRITERIA},
                note="",
                left_room=[world[name].id for name in left],
                effect={"score_after": "4"},
                expected_version=0,
            )


def _id(world: World, case: str) -> int:
    return world.views()[case].id


@pytest.fixture(scope="module")
def full_file(sqlite_templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound database with a row in every table. Copy it; never write to it."""
    file = tmp_path_factory.mktemp("invariants") / "full.db"
    shutil.copy(sqlite_templates["panel"], file)
    world = _open(f"sqlite:///{file}", NEXT_DAY)
    fill(world)
    world.house.engine.dispose()
    return file


@dataclass
class Bench:
    """A database to break. ``write`` and ``add`` are in the log, ``raw`` is not, nor does it mind any constraint."""

    world: World
    file: Path

    def rows(self, table: str, **wanted: Any) -> list[dict[str, Any]]:
        """The rows of a table that have these values."""
        with self.world.house.reading() as uow:
            found = [dict(r) for r in uow.connection.execute(metadata.tables[table].select()).mappings()]
        return [row for row in found if all(row[name] == value for name, value in wanted.items())]

    def row(self, table: str, **wanted: Any) -> dict[str, Any]:
        """The first of ``rows``."""
        return self.rows(table, **wanted)[0]

    def write(self, table: str, row: Mapping[str, Any], **changes: Any) -> None:
        """Change a row, with its entry in the log."""
        with self.world.house.writing(None) as uow:
            uow.update(metadata.tables[table], dict(key_of(table, row)), changes, action="setting.set")

    def add(self, table: str, **values: Any) -> dict[str, Any]:
        """Add a row, with its entry in the log."""
        with self.world.house.writing(None) as uow:
            return uow.insert(metadata.tables[table], values, action="setting.set")

    def remove(self, table: str, row: Mapping[str, Any]) -> None:
        """Delete a row, with its entry in the log."""
        with self.world.house.writing(None) as uow:
            uow.delete(metadata.tables[table], dict(key_of(table, row)), action="setting.set")

    def double(self, table: str, row: Mapping[str, Any], **changes: Any) -> None:
        """A second row where a constraint allows only one."""
        self.raw(
            f"CREATE TABLE free AS SELECT * FROM {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE free RENAME TO {table}",
            f"CREATE UNIQUE INDEX {table}_key ON {table} (id)",
        )
        self.add(table, **{**row, **changes})

    def raw(self, *statements: str) -> None:
        """Run SQL that leaves no trace."""
        self.world.house.engine.dispose()
        connection = sqlite3.connect(self.file)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def review(self, who: str, case: str) -> dict[str, Any]:
        """Somebody's review of a case."""
        return self.row("reviews", application_id=_id(self.world, case), reviewer_id=self.world[who].id)

    def change_review(self, review: Mapping[str, Any], **changes: Any) -> None:
        """Change a review and the version that is kept of it."""
        self.write("reviews", review, **changes)
        kept = self.row("review_versions", review_id=review["id"], version=review["version"])
        known = {name: value for name, value in changes.items() if name in kept["content"]}
        self.write("review_versions", kept, content={**kept["content"], **known})

    def change_score(self, review: Mapping[str, Any], **changes: Any) -> None:
        """Change a review's first score, and the version that is kept of it."""
        if changes:
            score = self.row("review_scores", review_id=review["id"], criterion_id=CRITERIA[0])
            self.write("review_scores", score, **changes)
        kept = self.row("review_versions", review_id=review["id"], version=review["version"])
        scores = {
            r["criterion_id"]: [r["level"], r["reason"]] for r in self.rows("review_scores", review_id=review["id"])
        }
        self.write("review_versions", kept, content={**kept["content"], "scores": scores})

    def facts(self) -> Facts:
        """The database as the invariants see it."""
        with self.world.house.reading() as uow:
            return look(uow, self.world.house)


@pytest.fixture
def bench(full_file: Path, tmp_path: Path) -> Iterator[Bench]:
    file = tmp_path / "full.db"
    shutil.copy(full_file, file)
    world = _open(f"sqlite:///{file}", NEXT_DAY + timedelta(days=1))
    yield Bench(world, file)
    world.house.engine.dispose()


Break = Callable[[Bench], Facts | None]
BREAKS: dict[str, Break] = {}


def breaks(name: str) -> Callable[[Break], Break]:
    def write_down(how: Break) -> Break:
        assert name not in BREAKS
        BREAKS[name] = how
        return how

    return write_down


def draft_of(bench: Bench) -> dict[str, Any]:
    return bench.review("daavid", CASES[2])


def submitted(bench: Bench) -> dict[str, Any]:
    return bench.review("celia", CASES[0])


def returned(bench: Bench) -> dict[str, Any]:
    return bench.review("britta", CASES[1])


def write_draft(**changes: Any) -> Break:
    return lambda bench: bench.change_review(draft_of(bench), **changes)


def write(table: str, where: Mapping[str, Any] | None = None, **changes: Any) -> Break:
    return lambda bench: bench.write(table, bench.row(table, **(where or {})), **changes)


# --- Reviews


@breaks("review_once_per_person")
def _(bench: Bench) -> None:
    first = draft_of(bench)
    bench.double("reviews", first, id=99)
    bench.add("review_versions", **{**bench.row("review_versions", review_id=first["id"]), "review_id": 99})
    for score in bench.rows("review_scores", review_id=first["id"]):
        bench.add("review_scores", **{**score, "review_id": 99})


@breaks("review_of_an_assignment")
def _(bench: Bench) -> None:
    review = draft_of(bench)
    pair = {"application_id": review["application_id"], "reviewer_id": review["reviewer_id"]}
    bench.remove("assignments", bench.row("assignments", **pair))


BREAKS["review_of_a_known_version"] = write_draft(application_version=2)
BREAKS["review_state_known"] = write_draft(state=NOWHERE)
BREAKS["review_confidence_known"] = write_draft(confidence=4)
BREAKS["submitted_time_when_submitted"] = write_draft(submitted_at=NEXT_DAY)
BREAKS["level_on_its_scale"] = lambda bench: bench.change_score(draft_of(bench), level=9)
BREAKS["submitted_review_complete"] = lambda bench: bench.change_score(submitted(bench), reason=" ")


@breaks("score_of_a_criterion_of_the_call")
def _(bench: Bench) -> None:
    review = draft_of(bench)
    bench.add("review_scores", review_id=review["id"], criterion_id="unknown", level=None, reason="")
    bench.change_score(review)


@breaks("review_times_go_forward")
def _(bench: Bench) -> None:
    review = bench.review("arvi", CASES[0])
    bench.write("review_versions", bench.row("review_versions", review_id=review["id"], version=2), saved_at=LONG_AGO)


@breaks("review_versions_without_gaps")
def _(bench: Bench) -> None:
    review = bench.review("arvi", CASES[0])
    bench.remove("review_versions", bench.row("review_versions", review_id=review["id"], version=2))


@breaks("newest_version_is_the_review")
def _(bench: Bench) -> None:
    bench.write("reviews", draft_of(bench), remark="Toinen")


@breaks("revealed_version_was_submitted")
def _(bench: Bench) -> None:
    bench.write("reviews", draft_of(bench), revealed_version=1)


@breaks("revealed_version_stays")
def _(bench: Bench) -> None:
    review = bench.review("arvi", CASES[0])
    assert (review["revealed_version"], review["version"]) == (1, 3)
    bench.write("reviews", review, revealed_version=3)


@breaks("returned_review_says_why")
def _(bench: Bench) -> None:
    bench.change_review(returned(bench), return_reason="")


@breaks("nobody_returns_their_own_review")
def _(bench: Bench) -> None:
    review = returned(bench)
    bench.write("reviews", review, returned_by=review["reviewer_id"])


# --- The panel


def double(table: str, where: Mapping[str, Any] | None = None) -> Break:
    return lambda bench: bench.double(table, bench.row(table, **(where or {})), id=999)


BREAKS["assigned_once_per_person"] = double("assignments")
BREAKS["conflict_once_per_person"] = double("conflicts")
BREAKS["impartiality_once_per_person"] = double("impartiality")
BREAKS["conflict_ground_known"] = write("conflicts", kind=NOWHERE)
BREAKS["conflict_lifted_with_a_reason"] = write("conflicts", {"kind": "other"}, lift_reason="")
BREAKS["abstention_has_a_reason"] = write("assignments", {"abstention_reason": "Sairaus."}, abstention_reason=" ")
BREAKS["panel_member_plausible"] = write("panel_members", expertise={NOWHERE: 3})


@breaks("assigned_when_eligible")
def _(bench: Bench) -> None:
    ids = (_id(bench.world, "VN/7/2022"), bench.world["arvi"].id)
    bench.add("assignments", **_assignment(bench, *ids))


def _assignment(bench: Bench, application_id: int, reviewer_id: int) -> dict[str, Any]:
    return {
        "application_id": application_id,
        "reviewer_id": reviewer_id,
        "assigned_at": bench.world.clock(),
        "locked": False,
        "abstention_reason": "",
    }


@breaks("not_assigned_under_conflict")
def _(bench: Bench) -> None:
    bench.add("assignments", **_assignment(bench, _id(bench.world, CASES[3]), bench.world["chair"].id))


@breaks("nobody_lifts_their_own_conflict")
def _(bench: Bench) -> None:
    conflict = bench.row("conflicts", kind="other")
    bench.write("conflicts", conflict, lifted_by=conflict["account_id"])


@breaks("impartiality_excludes_conflict")
def _(bench: Bench) -> None:
    pair = {"application_id": _id(bench.world, CASES[3]), "account_id": bench.world["chair"].id}
    bench.add("impartiality", **pair, declared_at=bench.world.clock())


@breaks("review_not_written_under_conflict")
def _(bench: Bench) -> None:
    review = draft_of(bench)
    with bench.world.house.writing(bench.world["officer"], CALL_ID) as uow:
        panel.withdraw_impartiality(uow, review["application_id"], review["reviewer_id"])
        panel.add_conflict(uow, review["application_id"], bench.world["chair"].id, "other", "", None)
    _sign(bench, "chair", "reviews", review, remark="Muutettu")


def _sign(bench: Bench, who: str, table: str, row: Mapping[str, Any], **changes: Any) -> None:
    """A logged change in somebody's name."""
    with bench.world.house.writing(bench.world[who]) as uow:
        uow.update(metadata.tables[table], dict(key_of(table, row)), changes, action="setting.set")
    if table == "reviews":
        bench.change_review(row, **changes)


@breaks("consensus_not_recorded_under_conflict")
def _(bench: Bench) -> None:
    consensus = bench.row("consensus", application_id=_id(bench.world, CASES[3]))
    _sign(bench, "chair", "consensus", consensus, note="Muutettu")


@breaks("application_not_handled_under_conflict")
def _(bench: Bench) -> None:
    with bench.world.house.writing(bench.world["officer"], CALL_ID) as uow:
        panel.add_conflict(uow, _id(bench.world, CASES[5]), bench.world["colleague"].id, "other", "", None)
    row = bench.row("eligibility", application_id=_id(bench.world, CASES[5]))
    _sign(bench, "colleague", "eligibility", row, reason="Muutettu")


@breaks("review_after_impartiality")
def _(bench: Bench) -> None:
    review = draft_of(bench)
    with bench.world.house.writing(None, CALL_ID) as uow:
        panel.withdraw_impartiality(uow, review["application_id"], review["reviewer_id"])
    _sign(bench, "daavid", "reviews", review, remark="Muutettu")


# --- Meetings and attachments


@breaks("one_open_meeting_per_call")
def _(bench: Bench) -> None:
    with bench.world.house.writing(bench.world["chair"], CALL_ID) as uow:
        meetings.add_meeting(uow, CALL_ID, "Toinen", "", [])


@breaks("meeting_ends_after_it_starts")
def _(bench: Bench) -> None:
    with bench.world.house.writing(bench.world["chair"], CALL_ID) as uow:
        late = bench.world.clock.moment + timedelta(days=1)
        meeting = meetings.add_meeting(uow, CALL_ID, "Toinen", "", [])
        changes = {"ended_at": late, "started_at": late + timedelta(days=1)}
        meetings.change_meeting(uow, meeting.id, changes, action="meeting.end", expected_version=1)


BREAKS["meeting_people_known"] = write("meetings", present=[1, 999])
BREAKS["consensus_once_per_application"] = lambda bench: _two_agreed(bench)


def _two_agreed(bench: Bench) -> None:
    row = bench.row("consensus", application_id=_id(bench.world, CASES[1]))
    bench.double("consensus", row, id=999)
    for score in bench.rows("consensus_scores", consensus_id=row["id"]):
        bench.add("consensus_scores", **{**score, "consensus_id": 999})


BREAKS["consensus_effect_recomputes"] = write("consensus", effect={"score_after": "7/3"})
BREAKS["consensus_complete"] = write("consensus_scores", reason=" ")


@breaks("consensus_of_a_meeting_of_the_call")
def _(bench: Bench) -> None:
    bench.write("meetings", bench.row("meetings"), call_id=OTHER_CALL)


BREAKS["consensus_recorded_during_its_meeting"] = write("consensus", recorded_at=LONG_AGO)


@breaks("disqualified_leave_the_room")
def _(bench: Bench) -> None:
    row = bench.row("consensus", application_id=_id(bench.world, CASES[3]))
    bench.write("consensus", row, left_room=[])


BREAKS["attachment_has_its_content"] = write("attachments", size=1)


@breaks("file_has_its_digest")
def _(bench: Bench) -> None:
    bench.raw("INSERT INTO attachment_contents (sha256, content) VALUES ('0', x'00')")


# --- Calls, applications, eligibility


@breaks("call_readable")
def _(bench: Bench) -> None:
    bench.write("calls", bench.row("calls", id=OTHER_CALL), definition="no call [")


BREAKS["phase_known"] = write("calls", {"id": OTHER_CALL}, phase=NOWHERE)


@breaks("case_number_once_per_call")
def _(bench: Bench) -> None:
    row = bench.row("applications", case_number="VN/8/2022")
    version = bench.row("application_versions", application_id=row["id"])
    bench.double("applications", row, id=999)
    bench.add("application_versions", **{**version, "application_id": 999, "import_id": None})


@breaks("application_versions_without_gaps")
def _(bench: Bench) -> None:
    row = bench.row("application_versions", application_id=_id(bench.world, CASES[5]))
    bench.add("application_versions", **{**row, "version": 3, "import_id": None})


@breaks("content_has_its_case_number")
def _(bench: Bench) -> None:
    row = bench.row("application_versions", application_id=_id(bench.world, CASES[5]))
    bench.write("application_versions", row, content={**row["content"], "case_number": "VN/99/2022"})


BREAKS["withdrawal_has_a_reason"] = write("applications", {"case_number": "VN/8/2022"}, withdrawal_reason="")
BREAKS["eligibility_of_a_known_version"] = write("eligibility", {"outcome": "not_eligible"}, application_version=0)
BREAKS["eligibility_has_outcome_and_reason"] = write("eligibility", {"outcome": "not_eligible"}, reason=" ")
BREAKS["supplement_request_complete"] = write("eligibility", {"outcome": "supplement_requested"}, request_text="")
BREAKS["import_counts_its_rows"] = write("imports", new=1)
BREAKS["import_of_the_same_call"] = write("imports", call_id=OTHER_CALL)


# --- Scenarios


def outcome(**changes: int) -> Break:
    def change(bench: Bench) -> None:
        row = bench.row("scenarios")
        bench.write("scenarios", row, outcome={**row["outcome"], **changes})

    return change


@breaks("spent_is_the_sum_of_grants")
def _(bench: Bench) -> None:
    award = bench.row("awards", funded=True)
    bench.write("awards", award, granted=award["granted"] - 1)


BREAKS["remaining_is_what_is_not_spent"] = outcome(remaining=1)


@breaks("spent_within_the_appropriation")
def _(bench: Bench) -> None:
    row = bench.row("scenarios")
    bench.write("scenarios", row, parameters={**row["parameters"], "reserve": row["parameters"]["appropriation"]})


@breaks("awards_of_the_call")
def _(bench: Bench) -> None:
    bench.write("scenarios", bench.row("scenarios"), call_id=OTHER_CALL)


BREAKS["set_by_hand_with_a_reason"] = write("scenario_awards_by_hand", reason=" ")
BREAKS["set_by_hand_is_what_is_awarded"] = write("scenario_awards_by_hand", granted=49_000)


@breaks("set_by_hand_within_the_legal_ceiling")
def _(bench: Bench) -> None:
    row = bench.row("application_versions", application_id=_id(bench.world, CASES[1]))
    bench.write("application_versions", row, content={**row["content"], "costs": {"personnel": 58_000}})


@breaks("locked_scenario_stays")
def _(bench: Bench) -> None:
    row = bench.row("scenarios")
    bench.write("scenarios", row, locked_at=NEXT_DAY)
    bench.write("scenarios", row, name="Muu")


@breaks("locking_changes_nothing_else")
def _(bench: Bench) -> None:
    bench.write("scenarios", bench.row("scenarios"), locked_at=NEXT_DAY, rest="reoptimised")


@breaks("locked_scenario_is_optimal")
def _(bench: Bench) -> None:
    row = bench.row("scenarios")
    bench.write("scenarios", row, outcome={**row["outcome"], "status": "ties_unresolved"})
    bench.write("scenarios", row, locked_at=NEXT_DAY)


BREAKS["granted_exactly_when_funded"] = write("awards", {"funded": True}, funded=False)


@breaks("granted_at_most_what_is_applied_for")
def _(bench: Bench) -> None:
    bench.remove("scenario_awards_by_hand", bench.row("scenario_awards_by_hand"))
    first, second = bench.rows("awards", funded=True)[:2]
    bench.write("awards", first, granted=1)
    bench.write("awards", second, granted=first["granted"] + second["granted"] - 1)


# --- What is shown


def show(change: Callable[[Shown], Shown]) -> Break:
    """The screens show something else than the rows say."""

    def broken(bench: Bench) -> Facts:
        facts = bench.facts()
        return replace(facts, shown={**facts.shown, CALL_ID: change(facts.shown[CALL_ID])})

    return broken


def standing(**changes: Any) -> Break:
    """The ranking shows another figure for its first application."""

    def change(shown: Shown) -> Shown:
        first: Ranked = shown.ranking[0]
        return replace(shown, ranking=[replace(first, standing=replace(first.standing, **changes)), *shown.ranking[1:]])

    return show(change)


def overview(**changes: Any) -> Break:
    return show(lambda shown: replace(shown, overview=replace(shown.overview, **changes)))


BREAKS["ranking_lists_the_eligible"] = show(lambda shown: replace(shown, ranking=shown.ranking[:-1]))
BREAKS["ranking_counts_recompute"] = standing(reviews=9)
BREAKS["means_recompute"] = standing(mean=Fraction(1, 7))
BREAKS["medians_recompute"] = standing(median=None)
BREAKS["spreads_recompute"] = standing(spread=Fraction(9))
BREAKS["criterion_means_recompute"] = standing(criterion_means={})
BREAKS["scores_recompute"] = standing(score=Fraction(5))
BREAKS["ranks_recompute"] = standing(rank=3)
BREAKS["score_sheet_recomputes"] = show(lambda shown: replace(shown, scores=shown.scores[1:]))
BREAKS["overview_counts_recompute"] = overview(applications=1)
BREAKS["overview_sums_recompute"] = overview(applied=1)
BREAKS["progress_recomputes"] = overview(reviews_submitted=99)
BREAKS["headline_recomputes"] = show(lambda shown: replace(shown, headline=replace(shown.headline, remaining=1)))


@breaks("no_conflicted_review_in_a_mean")
def _(bench: Bench) -> Facts:
    before = bench.facts()
    score = before.shown[CALL_ID].scores[0]
    with bench.world.house.writing(None, CALL_ID) as uow:
        panel.withdraw_impartiality(uow, _id(bench.world, score.case_number), score.reviewer_id)
        panel.add_conflict(uow, _id(bench.world, score.case_number), score.reviewer_id, "other", "", None)
    after = bench.facts()
    shown = after.shown[CALL_ID]
    return replace(after, shown={CALL_ID: replace(shown, scores=[score, *shown.scores])})


@breaks("figures_can_be_shown")
def _(bench: Bench) -> None:
    row = bench.row("application_versions", application_id=_id(bench.world, "VN/8/2022"))
    bench.write("application_versions", row, content={"case_number": "VN/8/2022"})


# --- The log


@breaks("every_change_is_logged")
def _(bench: Bench) -> None:
    bench.raw("UPDATE accounts SET employer = 'Muu' WHERE username = 'arvi'")


@breaks("nothing_is_lost")
def _(bench: Bench) -> None:
    bench.raw("DELETE FROM settings")


def log_entry(**values: Any) -> str:
    given = {
        "at": "2022-05-04 09:00:00.000000",
        "actor_name": "x",
        "unit": "u",
        "action": "setting.set",
        "entity": "settings",
        "key": json.dumps({"key": "colour"}),
        **values,
    }
    return f"INSERT INTO audit_log ({', '.join(given)}) VALUES ({', '.join(repr(value) for value in given.values())})"


@breaks("log_is_unbroken")
def _(bench: Bench) -> None:
    old, new = ({"key": "colour", "value": value} for value in ("green", "blue"))
    bench.raw(log_entry(old=json.dumps(old), new=json.dumps(new)))


@breaks("log_goes_forward")
def _(bench: Bench) -> None:
    with writing(bench.world.house.engine, call_id=CALL_ID, clock=lambda: LONG_AGO) as uow:
        set_setting(uow, "colour", "red")


@breaks("log_names_who_acted")
def _(bench: Bench) -> None:
    with writing(bench.world.house.engine, 999, "Nobody") as uow:
        set_setting(uow, "colour", "red")


def turn(bench: Bench, *phases: str) -> None:
    for phase in phases:
        with bench.world.house.writing(None, CALL_ID) as uow:
            change_phase(uow, CALL_ID, phase, bench.row("calls", id=CALL_ID)["version"])


@breaks("decided_is_final")
def _(bench: Bench) -> None:
    turn(bench, "allocation", "decided")
    with bench.world.house.writing(None, CALL_ID) as uow:
        set_setting(uow, "colour", "red")


@breaks("decided_after_allocation")
def _(bench: Bench) -> None:
    turn(bench, "decided")


@breaks("written_in_an_open_phase")
def _(bench: Bench) -> None:
    turn(bench, "allocation")
    with bench.world.house.writing(None, CALL_ID) as uow:
        panel.lock_assignment(uow, _id(bench.world, CASES[0]), bench.world["arvi"].id, True)


@breaks("log_action_known")
def _(bench: Bench) -> None:
    with bench.world.house.writing(None) as uow:
        uow.update(metadata.tables["settings"], {"key": "colour"}, {"value": "red"}, action=NOWHERE)


# --- Costs and the locked ranking rule


@breaks("accepted_costs_of_a_category")
def _(bench: Bench) -> None:
    bench.add("accepted_costs", **{**bench.row("accepted_costs"), "category": NOWHERE, "accepted": 0})


BREAKS["accepted_costs_with_a_comment"] = write("accepted_costs", {"category": "personnel"}, comment=" ")
BREAKS["costs_examined_together"] = write("accepted_costs", set_at=NEXT_DAY)


@breaks("locked_ranking_rule_holds")
def _(bench: Bench) -> None:
    bench.raw("DROP TRIGGER ranking_locks_same")
    bench.write("ranking_locks", bench.row("ranking_locks"), hash="0" * 64)


# --- Decisions


def decision(bench: Bench, state: str) -> StoredDecision:
    return StoredDecision(**bench.row("decisions", state=state))


def write_decision(bench: Bench, found: StoredDecision, **changes: Any) -> None:
    """Change a decision as if a use case had, in a call that is decided."""
    with bench.world.house.writing(None, found.call_id) as uow:
        uow.update(metadata.tables["decisions"], {"id": found.id}, changes, action="decision.propose")


def of_open(**changes: Any) -> Break:
    return lambda bench: write_decision(bench, decision(bench, "proposed"), **changes)


BREAKS["decision_by_two_persons"] = of_open(proposed_by=None)
BREAKS["decision_state_known"] = of_open(closed_at=NEXT_DAY)
BREAKS["decision_says_what_was_frozen"] = of_open(granted=1)


@breaks("one_open_proposal")
def _(bench: Bench) -> None:
    bench.raw("DROP INDEX uq_decisions_proposed")
    frozen.propose(bench.world, THIRD_CALL, 2, "correction", decision(bench, "approved"))


@breaks("decision_numbers_are_used_once")
def _(bench: Bench) -> None:
    found = decision(bench, "proposed")
    other = frozen.snapshot(9, found.kind, decision(bench, "approved").hash)
    with bench.world.house.writing(None, THIRD_CALL) as uow:
        sha256 = add_file(uow, to_bytes(other))
    write_decision(bench, found, number=9, snapshot=sha256, proposal_hash=other.hash)


@breaks("decisions_follow_each_other")
def _(bench: Bench) -> None:
    found = decision(bench, "proposed")
    write_decision(bench, found, previous_id=None)
    frozen.approve(bench.world, found, closing=False)


@breaks("approved_call_is_decided")
def _(bench: Bench) -> None:
    frozen.add_call_to_decide(bench.world, "2025")
    frozen.approve(bench.world, frozen.propose(bench.world, "2025", 1), closing=False)


@breaks("closed_decision_stays")
def _(bench: Bench) -> None:
    bench.raw("DROP TRIGGER decisions_approved")
    write_decision(bench, decision(bench, "approved"), grounds="Muutettu.")


@breaks("frozen_file_has_its_digest")
def _(bench: Bench) -> None:
    bench.raw(
        "DROP TRIGGER decision_files_same",
        f"UPDATE decision_files SET content = x'00' WHERE sha256 = '{decision(bench, 'approved').snapshot}'",
    )


@breaks("decision_has_its_frozen_file")
def _(bench: Bench) -> None:
    bench.raw(
        "DROP TRIGGER decision_files_kept",
        f"DELETE FROM decision_files WHERE sha256 = '{decision(bench, 'approved').snapshot}'",
    )


@breaks("frozen_decision_is_whole")
def _(bench: Bench) -> None:
    found = decision(bench, "proposed")
    with bench.world.house.writing(None, THIRD_CALL) as uow:
        content = read_file(uow, found.snapshot)
        sha256 = add_file(uow, content.replace(b"hanke 1", b"hanke 9"))
    write_decision(bench, found, snapshot=sha256)


BREAKS["letter_template_has_its_file"] = write("letter_templates", sha256="0" * 64)
BREAKS["phrase_can_be_filled_in"] = write("decision_phrases", fi="{nonsense}")
BREAKS["reasons_by_hand_say_something"] = write("decision_reasons", text=" ")


# --- Accounts and references


@breaks("account_has_a_known_role")
def _(bench: Bench) -> None:
    bench.remove("account_roles", bench.row("account_roles", account_id=bench.world["decider"].id))


BREAKS["username_folded"] = write("accounts", {"username": "decider"}, username="Decider")
BREAKS["account_language_known"] = write("accounts", {"username": "decider"}, language="de")
BREAKS["session_times_go_forward"] = lambda bench: bench.raw("UPDATE sessions SET expires_at = '2001-01-01 00:00:00'")
BREAKS["account_has_a_secret"] = lambda bench: bench.raw("DELETE FROM account_secrets WHERE account_id = 1")
BREAKS["references_exist"] = lambda bench: bench.raw("UPDATE sessions SET account_id = 999")
BREAKS["no_session_of_a_disabled_account"] = write("accounts", {"username": "officer"}, disabled=True)


@breaks("username_once")
def _(bench: Bench) -> None:
    row = bench.row("accounts", username="decider")
    bench.double("accounts", row, id=999)
    bench.add("account_roles", account_id=999, role="decision_maker")
    bench.raw("INSERT INTO account_secrets (account_id, password_hash, failed) VALUES (999, 'x', 0)")


# --- The tests


def test_every_invariant_is_named_once_and_broken_once() -> None:
    names = [invariant.name for invariant in INVARIANTS]
    assert len(set(names)) == len(names) >= 30
    assert BREAKS.keys() == set(names)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_broken_invariant_is_reported_by_its_name_alone(bench: Bench, name: str) -> None:
    facts = BREAKS[name](bench)
    broken = check_database(bench.world.house) if facts is None else examine(facts)
    assert {b.name for b in broken} == {name}, broken_invariants(bench.world.house)
    for lang in LANGUAGES:
        assert all(render(b.where, lang) and render(b.what, lang) and render(TEXTS[b.name], lang) for b in broken)


def test_a_database_with_something_of_everything_is_sound(bench: Bench) -> None:
    assert broken_invariants(bench.world.house) == []
    assert check_database(bench.world.house, replay=True) == []
    assert [name for name in bench.world.counts() if not bench.rows(name)] == []


def test_the_sample_database_is_sound(sample: World) -> None:
    assert broken_invariants(sample.house) == []


def test_a_new_database_is_sound(world: World) -> None:
    assert broken_invariants(world.house) == []


def test_a_small_world_is_sound_on_either_database(panel: World) -> None:
    assert broken_invariants(panel.house) == []


def test_checking_changes_nothing(bench: Bench) -> None:
    before = bench.file.read_bytes()
    check_database(bench.world.house, replay=True)
    assert bench.file.read_bytes() == before


def test_a_log_that_rebuilds_something_else_is_found_by_replaying_it(bench: Bench) -> None:
    bench.raw("UPDATE accounts SET employer = 'Muu' WHERE username = 'arvi'")
    broken = check_database(bench.world.house, replay=True)
    assert [b.name for b in broken] == ["every_change_is_logged", REPLAY.name]
    assert tables_that_differ(bench.world.house.engine) == ["accounts"]
    bench.raw(log_entry(key=json.dumps({"key": "colour"}), new=json.dumps({"key": "colour", "value": "blue"})))
    [cannot] = tables_that_differ(bench.world.house.engine)
    assert cannot.startswith("(")


def test_reviews_from_before_versions_were_kept_are_sound(bench: Bench) -> None:
    review = submitted(bench)
    bench.raw(
        "DROP TRIGGER audit_log_no_update",
        "DROP TRIGGER audit_log_no_delete",
        f"DELETE FROM review_versions WHERE review_id = {review['id']}",
        "DELETE FROM audit_log WHERE entity = 'review_versions' AND json_extract(key, '$.review_id') = "
        + str(review["id"]),
        f"UPDATE reviews SET revealed_version = NULL WHERE id = {review['id']}",
        "UPDATE audit_log SET new = json_remove(new, '$.confidence', '$.return_reason', '$.returned_by',"
        " '$.returned_at', '$.revealed_version') WHERE entity = 'reviews'"
        f" AND json_extract(key, '$.id') = {review['id']}",
        f"DELETE FROM impartiality WHERE application_id = {review['application_id']}"
        f" AND account_id = {review['reviewer_id']}",
        "DELETE FROM audit_log WHERE entity = 'impartiality'"
        f" AND json_extract(new, '$.application_id') = {review['application_id']}"
        f" AND json_extract(new, '$.account_id') = {review['reviewer_id']}",
    )
    assert broken_invariants(bench.world.house) == []
    with bench.world.house.writing(bench.world["chair"], CALL_ID) as uow:
        reviews.return_review(uow, review["application_id"], review["reviewer_id"], "Täydennä.")
    assert broken_invariants(bench.world.house) == []


@pytest.mark.parametrize("damage", ["UPDATE reviews SET saved_at = 'soon'", "DROP TABLE awards"])
def test_a_database_that_cannot_be_read_is_refused_in_words(bench: Bench, damage: str) -> None:
    bench.raw(damage)
    with pytest.raises(Refused, match="cannot be read"):
        check_database(bench.world.house)
