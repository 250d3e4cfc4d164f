"""Invented conflicts of interest of the fictional people, by the grounds of section 28 of act 434/2003."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from calls.application import Application
from sample_data.chance import Chance

ConflictKind = Literal[
    "party_or_relative",
    "representation",
    "benefit_or_loss",
    "employment",
    "board_membership",
    "guidance_supervision",
    "other",
]


@dataclass(frozen=True, slots=True)
class SampleConflict:
    """A person takes no part in handling an application, and why."""

    username: str
    case_number: str
    kind: ConflictKind
    reason: str


_TIES: tuple[tuple[str, ConflictKind, bool, str], ...] = (
    ("arvi.arvioija", "employment", True, "Palvelussuhde kuntaan: {name}."),
    ("elli.esimerkki", "board_membership", True, "Kunnan määräysvallassa olevan yhtiön hallituksen jäsen: {name}."),
    ("malla.mallikas", "party_or_relative", False, "Läheinen edustaa hankehallinnoijaa tässä asiassa."),
    ("keijo.keksitty", "representation", False, "Avustanut hakemuksen laatimisessa."),
    ("pirjo.pisteyttaja", "benefit_or_loss", False, "Työnantaja on tarjonnut hankkeelle asiantuntijapalveluja."),
    ("edit.exempelsson", "employment", True, "Anställd hos kommunen: {name}."),
    ("sam.sample", "other", False, "Took part in planning an earlier stage of the same work."),
    ("pauli.puheenjohtaja", "board_membership", True, "Kuntayhtymän hallituksen jäsen, osapuolena {name}."),
    ("frida.foredragande", "party_or_relative", False, "En närstående företräder projektadministratören i ärendet."),
    ("tauno.testaaja", "guidance_supervision", True, "Kunnan liikelaitoksen johtokunnan jäsen: {name}."),
)
"""Who, the ground, whether it reaches every application of one municipality, and the reason as declared."""


def draw_conflicts(call_id: str, found: Sequence[Application]) -> tuple[SampleConflict, ...]:
    """One tie for most people, to an application of ``found`` or to all those its coordinator takes part in."""
    chance = Chance(f"conflicts {call_id}")
    led = [application for application in found if application.coordinator.code is not None]
    conflicts = []
    for username, kind, whole_municipality, reason in _TIES:
        tied = chance.pick(led)
        code = tied.coordinator.code
        for application in found:
            reached = whole_municipality and code in _codes(application)
            if reached or application.case_number == tied.case_number:
                text = reason.format(name=tied.coordinator.name)
                conflicts.append(SampleConflict(username, application.case_number, kind, text))
    return tuple(conflicts)


def _codes(application: Application) -> set[str | None]:
    named = {municipality.code for partner in application.partners for municipality in partner.municipalities}
    return named | {application.coordinator.code}
