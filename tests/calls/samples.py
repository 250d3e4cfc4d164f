"""One sound fictional application; tests replace what they are about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from calls.application import Application, Coordinator, Municipality, Partner
from calls.eligibility import examine
from calls.findings import Finding
from calls.presets import preset
from calls.register import register
from locales import render

TURKU = Partner("municipality", "Turku", "853")
KAARINA = Partner("municipality", "Kaarina", "202")
AUTHORITY = Partner(
    "joint_authority", "Esimerkin kuntayhtymä", None, (Municipality("853", "Turku"), Municipality("202", "Kaarina"))
)

SOUND = Application(
    case_number="VN/1/2020",
    arrived_at=datetime(2020, 9, 30, 9, 0, tzinfo=UTC),
    coordinator=Coordinator("Turku", "1234567-1", "853"),
    language="fi",
    partners=(TURKU, KAARINA),
    project_name="Yhteinen kokoustapa",
    theme="electronic_meetings",
    summary="Kuntien toimielimet siirtyvät yhteiseen sähköiseen kokoustapaan.",
    process_change="Valmistelu, kutsu ja pöytäkirja tehdään yhdessä prosessissa.",
    dissemination="Malli julkaistaan avoimesti ja muita kuntia koulutetaan.",
    consortium="Turku johtaa ja Kaarina pilotoi.",
    costs={"personnel": 80_000, "bought_services": 20_000},
    own_funding=15_000,
    other_public_funding=0,
    applied=85_000,
)


def application(**changes: Any) -> Application:
    """The sound application with some fields changed."""
    return replace(SOUND, **changes)


def findings(one: Application, call_id: str = "2020", others: tuple[Application, ...] = ()) -> dict[str, Finding]:
    """The findings of a preset call, by rule."""
    call = preset(call_id)
    found = examine(one, call, register(call.applicants.register_year), others)
    by_rule = {finding.rule: finding for finding in found}
    assert len(by_rule) == len(found)
    return by_rule


def outcomes(one: Application, call_id: str = "2020", others: tuple[Application, ...] = ()) -> dict[str, str]:
    """The rules that are not plainly met, with their outcome."""
    return {rule: one.outcome for rule, one in findings(one, call_id, others).items() if one.outcome != "met"}


def said(finding: Finding, lang: str = "en") -> str:
    """What a finding says."""
    return render(finding.message, lang)
