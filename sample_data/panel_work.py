"""What the fictional panel did besides scoring: affiliations, expertise, a deadline, an abstention, a meeting."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from access.permissions import Actor, terminal_actor
from calls.definition import CallDefinition
from locales import HELSINKI
from sample_data.chance import Chance
from sample_data.people import reviewers
from workflow.abstaining import abstain
from workflow.accounts import set_affiliation
from workflow.calls import get_call
from workflow.house import House
from workflow.meeting import end_meeting, get_agenda, list_attendees, start_meeting
from workflow.meeting_consensus import record_consensus
from workflow.panel_members import save_member
from workflow.phases import change_phase, get_stage, set_review_deadline
from workflow.review_queue import my_queue
from workflow.review_reading import return_review

AFFILIATIONS: Mapping[str, tuple[str, str]] = {
    "malla.mallikas": ("Lohja", ""),
    "keijo.keksitty": ("", "Keksitty Oy"),
    "sam.sample": ("Espoo", ""),
    "frida.foredragande": ("", "Finansministeriet (exempel)"),
}
"""Municipality and employer of some of the fictional people; what they tie to is fictional as well."""
DEADLINES = {
    "2020": datetime(2020, 11, 20, 16, 15, tzinfo=HELSINKI),
    "2022": datetime(2022, 5, 20, 16, 15, tzinfo=HELSINKI),
}
MOST_LOADS = {"2020": 24, "2022": 20}
HANDLED = 4
"""Applications that the sample meeting of 2020 agrees on."""


_REASON = "Arviointiryhmä keskusteli eroista ja päätyi yhteiseen tasoon hakemuksen tekstin perusteella."
_NOTE = "Erot johtuivat siitä, kuinka paljon arvioijat painottivat aikataulua."


def set_affiliations(house: House) -> None:
    """Where some of the people work."""
    for username, (municipality, employer) in AFFILIATIONS.items():
        set_affiliation(
            house.engine, terminal_actor("sample data"), username, municipality=municipality, employer=employer
        )


def describe_panel(house: House, officer: Actor, call_id: str, people: Mapping[str, Actor]) -> None:
    """Expertise, languages and largest loads of the reviewers, and the deadline of the reviews."""
    call = get_call(house, officer, call_id)
    for account in reviewers():
        chance = Chance(f"expertise {call_id} {account.username}")
        levels = {theme.id: 2 if chance.happens(0.3) else 1 for theme in call.themes if chance.happens(0.6)}
        save_member(
            house,
            officer,
            call_id,
            people[account.username].id,
            takes_part=True,
            largest_load=MOST_LOADS[call_id],
            expertise=levels,
            languages=["fi", "sv"] if account.language == "sv" or chance.happens(0.3) else ["fi"],
        )
    version = get_stage(house, officer, call_id).version
    set_review_deadline(house, officer, call_id, DEADLINES[call_id], version)


def leave_some_open(house: House, call_id: str, people: Mapping[str, Actor]) -> None:
    """One reviewer abstains, and one submitted review is returned for completion: the call of 2022 goes on."""
    tauno, arvi, chair = people["tauno.testaaja"], people["arvi.arvioija"], people["pauli.puheenjohtaja"]
    waiting = [item for item in my_queue(house, tauno, call_id) if item.state == "not_started"]
    abstain(house, tauno, call_id, waiting[0].case_number, "Hankkeen aihe on minulle vieras.")
    closed = {row.view.case_number for row in get_agenda(house, chair, call_id).rows}
    done = [i for i in my_queue(house, arvi, call_id) if i.state == "submitted" and i.case_number in closed]
    return_review(house, chair, call_id, done[0].case_number, arvi.id, "Perustele konsortion taso tarkemmin.")


def hold_meeting(house: House, call_id: str, people: Mapping[str, Actor]) -> None:
    """The chair holds a meeting over the applications at the head of the agenda; then the appropriation is distributed."""
    chair, officer = people["pauli.puheenjohtaja"], people["essi.esittelija"]
    _turn_to(house, officer, call_id, "meeting")
    sitting = [person.id for person in list_attendees(house, chair, call_id) if person.sits]
    meeting = start_meeting(house, chair, call_id, "Arviointiryhmän kokous (esimerkki)", "Etäkokous", sitting)
    call = get_call(house, chair, call_id)
    for row in get_agenda(house, chair, call_id).rows[:HANDLED]:
        levels = _between(call, {key: mean for key, mean in row.standing.criterion_means.items() if mean is not None})
        reasons = dict.fromkeys(levels, _REASON)
        record_consensus(house, chair, call_id, row.view.case_number, levels, reasons, _NOTE, 0)
    end_meeting(house, chair, call_id, meeting.id, meeting.version)
    _turn_to(house, officer, call_id, "allocation")


def _between(call: CallDefinition, means: Mapping[str, Fraction]) -> dict[str, int]:
    """The level nearest to the mean of the reviews, the lower one in the middle; the lowest where nobody scored."""
    found = {}
    for criterion in call.criteria:
        accepted = [rung.value for rung in criterion.levels]
        mean = means.get(criterion.id, Fraction(accepted[0]))
        found[criterion.id] = min((abs(level - mean), level) for level in accepted)[1]
    return found


def _turn_to(house: House, actor: Actor, call_id: str, phase: str) -> None:
    change_phase(house, actor, call_id, phase, get_stage(house, actor, call_id).version)
