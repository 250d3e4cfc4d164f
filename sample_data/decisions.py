"""What the officer has already decided about eligibility in the sample data."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from calls.application import Application
from sample_data.generator import applications, awkward
from sample_data.oddities import ODDITIES

SampleOutcome = Literal["eligible", "not_eligible", "supplement_requested", "dismissed"]


@dataclass(frozen=True, slots=True)
class SampleEligibility:
    """One decision of the officer, with its reason in the applicant's language.

    ``members_confirmed``: the officer confirmed that the stated members of a joint authority take part.
    """

    case_number: str
    outcome: SampleOutcome
    reason: str
    members_confirmed: bool = False


_PLAIN = {
    "fi": (
        "Hakemus täyttää haun edellytykset.",
        "Hakemus saapui määräajassa ja täyttää haun edellytykset.",
        "Edellytykset täyttyvät. Kuntien osallistuminen on tarkistettu hakemuksesta.",
    ),
    "sv": (
        "Ansökan uppfyller villkoren i ansökningsomgången.",
        "Ansökan kom in i tid och uppfyller villkoren i ansökningsomgången.",
    ),
}
_AUTHORITY = {
    "fi": "Edellytykset täyttyvät. Kuntayhtymän jäsenkuntien osallistuminen on vahvistettu hakemuksesta.",
    "sv": "Villkoren uppfylls. Medlemskommunernas deltagande har bekräftats utifrån ansökan.",
}
_DECIDED: dict[str, dict[str, tuple[SampleOutcome, str]]] = {
    "2020": {
        "joint_project": (
            "not_eligible",
            "Hakemuksessa on vain yksi kunta. Avustusta voidaan myöntää vain hankkeeseen, jonka useampi kunta "
            "toteuttaa yhdessä.",
        ),
        "excluded_fields": (
            "not_eligible",
            "Hanke koskee sosiaali- ja terveydenhuoltoa, johon avustusta ei hakuilmoituksen mukaan voi hakea.",
        ),
        "described_dissemination": (
            "not_eligible",
            "Levittämissuunnitelma puuttuu. Hakijalta pyydettiin täydennystä, eikä sitä toimitettu määräajassa.",
        ),
        "grant_share": (
            "eligible",
            "Haettu avustus on 86 prosenttia hyväksyttävistä kustannuksista. Avustusta voidaan myöntää enintään 85 "
            "prosenttia; muut edellytykset täyttyvät.",
        ),
        "other_public_funding": (
            "eligible",
            "Hakija on ilmoittanut sähköpostitse, ettei hankkeella ole muuta julkista rahoitusta. Edellytykset "
            "täyttyvät.",
        ),
        "coordinator_is_partner": (
            "eligible",
            "Hankehallinnoija on itsekin hankkeen osapuoli, vaikka se puuttuu luettelosta. Edellytykset täyttyvät.",
        ),
        "duplicate": (
            "not_eligible",
            "Sama hanke on vireillä asianumerolla {first}. Täydennys on liitetty siihen.",
        ),
        "closing": (
            "dismissed",
            "Hakemus saapui 5.10.2020 kello 16.16. Hakuaika päättyi kello 16.15.",
        ),
    },
    "2022": {
        "municipalities_exist": (
            "eligible",
            "Honkajoki liitettiin Kankaanpäähän 1.1.2021, joten sitä ei oteta lukuun. Muita kuntia on riittävästi.",
        ),
        "theme": ("not_eligible", "Hanke ei koske kumpaakaan haun näkökulmista."),
        "excluded_fields": (
            "not_eligible",
            "Hankkeessa ainoastaan digitoidaan aineistoa. Siihen avustusta ei hakuilmoituksen mukaan voi hakea.",
        ),
        "described_process_change": (
            "supplement_requested",
            "Hakemuksesta puuttuu kuvaus siitä, miten toiminnan muutos toteutetaan.",
        ),
    },
}
_STILL_OPEN = {
    "2020": (),
    "2022": ("business_id", "grant_share", "other_public_funding"),
}
_LAST_IN_HAND = {"2020": 61, "2022": 45}
"""Applications after this place in arrival order have not been taken up yet."""


@cache
def eligibility_decisions(call_id: str) -> tuple[SampleEligibility, ...]:
    """2020: every application decided; 2022: most, one supplement requested, some still open."""
    rules = awkward(call_id)
    decisions = []
    for place, application in enumerate(applications(call_id), start=1):
        rule = rules.get(application.case_number, "")
        known = _DECIDED[call_id].get(rule)
        if known is not None:
            first = next((oddity.after for oddity in ODDITIES[call_id] if oddity.number == place), None)
            reason = known[1].format(first=f"ESIM/{call_id}/{first or 0:03d}")
            decisions.append(SampleEligibility(application.case_number, known[0], reason))
        elif rule not in _STILL_OPEN[call_id] and place <= _LAST_IN_HAND[call_id]:
            members = any(partner.kind == "joint_authority" for partner in application.partners)
            reason = _plain(application, place, members)
            decisions.append(SampleEligibility(application.case_number, "eligible", reason, members))
    return tuple(decisions)


def eligible_applications(call_id: str) -> tuple[Application, ...]:
    """The applications the officer has confirmed as eligible: these go to the reviewers."""
    found = {decision.case_number for decision in eligibility_decisions(call_id) if decision.outcome == "eligible"}
    return tuple(application for application in applications(call_id) if application.case_number in found)


def _plain(application: Application, place: int, members: bool) -> str:
    if members:
        return _AUTHORITY[application.language]
    texts = _PLAIN[application.language]
    return texts[place % len(texts)]
