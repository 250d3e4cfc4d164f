"""Builds the sample database through the same workflow as people use, so that its log is a true one."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from access.permissions import Actor, terminal_actor
from locales import HELSINKI, msg
from sample_data.attachments import sample_attachments
from sample_data.decisions import SampleEligibility, eligibility_decisions
from sample_data.panel import SampleReview, panel
from sample_data.panel_work import describe_panel, hold_meeting, leave_some_open, set_affiliations
from sample_data.people import accounts
from sample_data.shipped import save_shipped
from storage.accounts import list_accounts
from storage.applications import list_applications as list_stored
from storage.calls import list_calls, set_setting, setting
from storage.engine import SAMPLE_URL
from workflow.abstaining import declare_impartial
from workflow.accounts import add_account
from workflow.applications import ApplicationView, list_applications
from workflow.assignment import assign_reviewers
from workflow.attachments import add_attachment
from workflow.calls import add_presets, get_call
from workflow.conflicts import record_conflict
from workflow.eligibility import confirm_eligibility, draft_request
from workflow.errors import Refused
from workflow.house import House, house_file, open_house
from workflow.intake import execute_import, plan_import
from workflow.phases import change_phase, get_stage
from workflow.reviewing import Draft, save_draft, submit_review

__all__ = ["MARK", "PASSWORD", "SAMPLE_URL", "build_sample", "sample_exists"]

PASSWORD = "esimerkki-salasana"  # noqa: S105 - the sample database refuses to be served beyond loopback
MARK = "sample_data"
_NO_ANSWER = "ESIM/2020/023"
"""The application whose request for supplement was never answered."""
CALLS = ("2020", "2022")
_HERE = Path(__file__).parent


class SampleClock:
    """The days of the calls: a moment that goes on a little at each look, so that the sample is always the same."""

    def __init__(self) -> None:
        self.moment = datetime(2020, 6, 1, 9, tzinfo=HELSINKI).astimezone(UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=2)
        return self.moment

    def turn_to(self, year: int, month: int, day: int) -> None:
        """Go on at nine o'clock of a day."""
        self.moment = datetime(year, month, day, 9, tzinfo=HELSINKI).astimezone(UTC)


DAYS = {"2020": ((2020, 10, 6), (2020, 10, 28), (2020, 11, 2)), "2022": ((2022, 4, 26), (2022, 5, 3), (2022, 5, 9))}
"""Per call: the import, the confirmations, the reviews."""


def sample_exists(url: str) -> bool:
    """Whether a finished sample database is at ``url``."""
    file = house_file(url)
    if file is not None and not file.exists():
        return False
    house = open_house(url)
    with house.reading() as uow:
        return setting(uow, MARK) == "complete"


def build_sample(url: str) -> None:
    """Build the sample database at ``url``; an SQLite file appears under its name only once it is complete.

    Refused when other data is there.
    """
    final = house_file(url)
    _refuse_other_data(url, final)
    if final is None:
        _fill(open_house(url, clock := SampleClock()), clock)
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    part = final.with_name(f"{final.name}.{os.getpid()}.part")
    clock = SampleClock()
    house = open_house(f"sqlite:///{part}", clock)
    try:
        _fill(house, clock)
    except BaseException:
        house.engine.dispose()
        _remove(part)
        raise
    house.engine.dispose()
    _remove(final)
    part.replace(final)


def _refuse_other_data(url: str, file: Path | None) -> None:
    """A database that people work with is never replaced by the sample; on PostgreSQL nothing is replaced at all."""
    if file is not None and not file.exists():
        return
    house = open_house(url)
    with house.reading() as uow:
        is_sample = setting(uow, MARK) is not None
        used = bool(list_accounts(uow.connection)) or any(list_stored(uow, call.id) for call in list_calls(uow))
    house.engine.dispose()
    if used and not (file is not None and is_sample):
        raise Refused(msg("There is other data in this database already. Give the address of a new one."))


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _fill(house: House, clock: SampleClock) -> None:
    with house.writing(None) as uow:
        set_setting(uow, MARK, "in progress")
    add_presets(house)
    people = _people(house)
    for call_id in CALLS:
        _load_call(house, clock, call_id, people)
    # Known only now: the conflicts of interest that they suggest wait for a decision.
    set_affiliations(house)
    with house.writing(None) as uow:
        set_setting(uow, MARK, "complete")


def _people(house: House) -> dict[str, Actor]:
    terminal = terminal_actor("sample data")
    made = {}
    for person in accounts():
        account, _ = add_account(
            house.engine,
            terminal,
            username=person.username,
            name=person.name,
            roles=person.roles,
            language=person.language,
            password=PASSWORD,
        )
        made[person.username] = Actor(account.id, account.username, account.name, account.roles, account.language)
    return made


def _load_call(house: House, clock: SampleClock, call_id: str, people: dict[str, Actor]) -> None:
    imported, confirmed, reviewed = DAYS[call_id]
    clock.turn_to(*imported)
    officer = next(actor for actor in people.values() if "officer" in actor.roles)
    file = _HERE / f"applications-{call_id}.xlsx"
    execute_import(house, officer, plan_import(house, officer, call_id, file.read_bytes(), file.name))
    for case, name, data in sample_attachments(call_id):
        add_attachment(house, officer, call_id, case, name, data)
    views = {view.case_number: view for view in list_applications(house, officer, call_id)}
    if _NO_ANSWER in views:
        asked = SampleEligibility(_NO_ANSWER, "supplement_requested", "Levittämissuunnitelma puuttuu hakemuksesta.")
        _confirm(house, officer, call_id, asked, views[_NO_ANSWER])
    clock.turn_to(*confirmed)
    for decision in eligibility_decisions(call_id):
        _confirm(house, officer, call_id, decision, views[decision.case_number])
    clock.turn_to(*reviewed)
    drawn = panel(call_id)
    for conflict in drawn.conflicts:
        ids = people[conflict.username].id
        record_conflict(house, officer, call_id, conflict.case_number, ids, conflict.kind, conflict.reason)
    for case in sorted({assignment.case_number for assignment in drawn.assignments}):
        reviewers = [people[a.reviewer].id for a in drawn.assignments if a.case_number == case]
        assign_reviewers(house, officer, call_id, views[case].id, reviewers)
    describe_panel(house, officer, call_id, people)
    turn_to(house, officer, call_id, "review")
    for username in sorted({review.reviewer for review in drawn.reviews}):
        begun = [review.case_number for review in drawn.reviews if review.reviewer == username]
        declare_impartial(house, people[username], call_id, begun)
    for review in drawn.reviews:
        _review(house, people[review.reviewer], call_id, review)
    if call_id == "2020":
        hold_meeting(house, call_id, people)
    else:
        leave_some_open(house, call_id, people)
    save_shipped(house, officer, call_id)


def turn_to(house: House, actor: Actor, call_id: str, phase: str) -> None:
    """Turn a call to a phase."""
    change_phase(house, actor, call_id, phase, get_stage(house, actor, call_id).version)


def _confirm(house: House, officer: Actor, call_id: str, decision: SampleEligibility, view: ApplicationView) -> None:
    deadline = house.clock() + timedelta(days=21) if decision.outcome == "supplement_requested" else None
    confirm_eligibility(
        house,
        officer,
        call_id,
        decision.case_number,
        version=view.version,
        outcome=decision.outcome,
        reason=decision.reason,
        members_confirmed=decision.members_confirmed,
        deadline=deadline,
        request_text=draft_request(get_call(house, officer, call_id), view, deadline) if deadline else "",
    )


def _review(house: House, reviewer: Actor, call_id: str, review: SampleReview) -> None:
    draft = Draft(review.levels, review.reasons, review.remark)
    act = submit_review if review.submitted else save_draft
    act(house, reviewer, call_id, review.case_number, draft, 0)
