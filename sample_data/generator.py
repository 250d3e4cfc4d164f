"""Invented applications for the two calls: the same on every machine and in every run.

The amounts follow the published ones (30,000 to 1,200,000 euros, roughly lognormal; applied for in all about
twice the appropriation) and the arrivals the usual rush on the last days. Nothing else is taken from real
applications.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from calls.application import Application, Language
from calls.register import register
from sample_data.chance import Chance
from sample_data.consortia import NEIGHBOURS, SWEDISH_REGIONS, Consortium, draw_consortium
from sample_data.money import draw_budget
from sample_data.oddities import ODDITIES, upset
from sample_data.prose import blocks, draw_topic, write


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many applications of which kind one call gets. ``typical``: median grant applied for, euros."""

    seed: int
    count: int
    year: int
    opens: datetime
    closes: datetime
    themes: Mapping[str, int]
    typical: int
    swedish: tuple[int, ...]
    """Places, in drawing order, of the Swedish-language applications."""
    authorities: tuple[int, ...]
    """Places of those that a joint municipal authority coordinates."""


_PLANS: Mapping[str, _Plan] = {
    "2020": _Plan(
        seed=161,
        count=61,
        year=2020,
        opens=datetime(2020, 6, 24, 5, tzinfo=UTC),
        closes=datetime(2020, 10, 5, 13, 15, tzinfo=UTC),
        themes={
            "e_decision_making": 13,
            "electronic_meetings": 11,
            "participation": 11,
            "remote_work": 10,
            "digital_services": 16,
        },
        typical=240_000,
        swedish=(3, 14, 25, 33, 41, 52, 57),
        authorities=(8, 29, 48),
    ),
    "2022": _Plan(
        seed=247,
        count=49,
        year=2022,
        opens=datetime(2022, 3, 14, 6, tzinfo=UTC),
        closes=datetime(2022, 4, 25, 13, 15, tzinfo=UTC),
        themes={"data_quality": 26, "competence": 23},
        typical=290_000,
        swedish=(4, 13, 22, 36, 44),
        authorities=(9, 30),
    ),
}


@dataclass(frozen=True, slots=True)
class _Draft:
    application: Application
    quality: float


def sample_calls() -> tuple[str, ...]:
    """The ids of the calls that have sample applications."""
    return tuple(_PLANS)


def applications(call_id: str) -> tuple[Application, ...]:
    """The invented applications of a call, in order of arrival and case number. KeyError: no such call."""
    return upset(call_id, tuple(draft.application for draft in _drafts(call_id)))


def awkward(call_id: str) -> Mapping[str, str]:
    """Case number -> the rule that the awkward application with that number breaks (see README.md)."""
    return {_case_number(call_id, oddity.number): oddity.rule for oddity in ODDITIES[call_id]}


def qualities(call_id: str) -> Mapping[str, float]:
    """Case number -> how good the application is beneath, on a standard normal scale. Reviews are drawn from it."""
    return {draft.application.case_number: draft.quality for draft in _drafts(call_id)}


@cache
def _drafts(call_id: str) -> tuple[_Draft, ...]:
    plan = _PLANS[call_id]
    chance = Chance(f"applications {call_id} {plan.seed}")
    places = register(plan.year)
    themes = chance.shuffled([theme for theme, number in plan.themes.items() for _ in range(number)])
    regions = _regions(chance, plan.count)
    names: set[str] = set()
    leads: set[str] = set()
    drafts = []
    for place in range(plan.count):
        language: Language = "sv" if place in plan.swedish else "fi"
        region = chance.pick(SWEDISH_REGIONS) if language == "sv" else regions[place]
        parties = draw_consortium(chance, places, region, language, place in plan.authorities, leads)
        drafts.append(_draft(chance, plan, language, themes[place], parties, names))
    ordered = sorted(drafts, key=lambda draft: draft.application.arrived_at)
    return tuple(
        replace(draft, application=replace(draft.application, case_number=_case_number(call_id, number)))
        for number, draft in enumerate(_plain_where_odd(call_id, ordered), start=1)
    )


def _draft(chance: Chance, plan: _Plan, language: Language, theme: str, parties: Consortium, names: set[str]) -> _Draft:
    quality = chance.normal()
    topic, name = draw_topic(chance, language, theme, parties.region, names)
    prose = write(chance, language, topic, name, parties, quality)
    budget = draw_budget(chance, plan.typical, len(parties.municipalities))
    application = Application(
        case_number="",
        arrived_at=_arrival(chance, plan.opens, plan.closes),
        coordinator=parties.coordinator,
        language=language,
        partners=parties.partners,
        project_name=prose.project_name,
        theme=theme,
        summary=prose.summary,
        process_change=prose.process_change,
        dissemination=prose.dissemination,
        consortium=prose.consortium,
        costs=budget.costs,
        own_funding=budget.own_funding,
        other_public_funding=budget.other_public_funding,
        applied=budget.applied,
    )
    return _Draft(application, quality)


def _plain_where_odd(call_id: str, drafts: list[_Draft]) -> list[_Draft]:
    """Texts and times swapped so that the places of the awkward ones hold ordinary Finnish applications.

    Arrival times stay in their places, so the order of arrival holds.
    """
    result = list(drafts)
    numbers = {n for oddity in ODDITIES[call_id] for n in (oddity.number, oddity.after) if n is not None}
    spare = [place for place in range(len(result)) if place + 1 not in numbers and _is_plain(result[place])]
    for number in sorted(numbers):
        if not _is_plain(result[number - 1]):
            other = spare.pop()
            result[number - 1], result[other] = result[other], result[number - 1]
    return [
        replace(draft, application=replace(draft.application, arrived_at=timed.application.arrived_at))
        for draft, timed in zip(result, drafts, strict=True)
    ]


def _is_plain(draft: _Draft) -> bool:
    app = draft.application
    return app.language == "fi" and app.coordinator.code is not None and len(app.partners) > 2


def _regions(chance: Chance, count: int) -> list[str]:
    """Every region about equally often, in a drawn order."""
    regions: list[str] = []
    while len(regions) < count:
        regions += chance.shuffled(list(NEIGHBOURS))
    return regions[:count]


def _arrival(chance: Chance, opens: datetime, closes: datetime) -> datetime:
    """A moment in the window, in office hours but on the last day; a third arrive on the last day."""
    if chance.happens(0.33):
        return closes - timedelta(seconds=chance.between(0, 6 * 3600))
    days = (closes - opens).days
    back = chance.between(1, 5) if chance.happens(0.45) else int(days * chance.share() ** 1.6) + 1
    day = closes - timedelta(days=min(back, days))
    while day.weekday() > 4:
        day -= timedelta(days=1)
    morning = day.replace(hour=5, minute=0, second=0)
    return morning + timedelta(seconds=chance.between(0, 8 * 3600))


def _case_number(call_id: str, number: int) -> str:
    return f"ESIM/{call_id}/{number:03d}"


def is_marked_fictional(application: Application) -> bool:
    """True when both the name and the summary say that the project is invented."""
    found = blocks(application.language)
    word = "keksitty" if application.language == "fi" else "påhitta"
    return application.project_name.endswith(found.marker) and word in application.summary
