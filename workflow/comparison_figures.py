"""The figures by which scenarios are compared; money is whole euros, all else exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from allocation import Allocation, Project
from calls.definition import CallDefinition
from locales import LocalText
from workflow.scenario_projects import Name, names_of, region_populations


@dataclass(frozen=True, slots=True)
class Part:
    """What one theme or region gets. ``share``: of all euros granted; None where nothing is granted at all."""

    key: str
    name: Name
    euros: int
    projects: int
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class PerInhabitant:
    """Euros granted per inhabitant over the regions of the register; a region without grants counts as 0.

    ``by_region``: region code -> euros per inhabitant. ``without``: the regions without grants. ``uncertain``: regions
    of which the population of some municipality is not known, and counts as if nobody lived there. A grant counts in the
    coordinating municipality's region; ``nowhere`` is what is granted to applicants without one.
    """

    least: Fraction
    middle: Fraction
    greatest: Fraction
    by_region: Mapping[str, Fraction]
    without: tuple[LocalText, ...]
    uncertain: tuple[LocalText, ...]
    nowhere: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One scenario in figures. ``score_bought``: sum of the scores of the funded projects; ``mean_score`` of these.

    ``score_times_euros``: sum of score times euros granted. ``remaining`` includes the reserve.
    """

    euros: int
    projects: int
    score_bought: Fraction
    score_times_euros: Fraction
    mean_score: Fraction | None
    remaining: int
    themes: tuple[Part, ...]
    regions: tuple[Part, ...]
    per_inhabitant: PerInhabitant


def figures(call: CallDefinition, projects: Sequence[Project], allocation: Allocation) -> Figures:
    """The figures of an allocation over ``projects``; themes and regions of all of them, funded or not."""
    granted = {award.id: award.granted for award in allocation.awards}
    funded = [(one, granted[one.id]) for one in projects if granted[one.id] > 0]
    scores = [one.score for one, _ in funded if one.score is not None]
    names = names_of(call)
    return Figures(
        euros=sum(euros for _, euros in funded),
        projects=len(funded),
        score_bought=sum(scores, Fraction(0)),
        score_times_euros=sum((one.score * euros for one, euros in funded if one.score is not None), Fraction(0)),
        mean_score=sum(scores, Fraction(0)) / len(scores) if scores else None,
        remaining=allocation.remaining,
        themes=_parts("theme", names, [(one.theme, granted[one.id]) for one in projects]),
        regions=_parts("region", names, [(one.region, granted[one.id]) for one in projects]),
        per_inhabitant=_per_inhabitant(call, [(one.region, euros) for one, euros in funded]),
    )


def _parts(label: str, names: Mapping[str, Name], grants: Sequence[tuple[str, int]]) -> tuple[Part, ...]:
    total = sum(euros for _, euros in grants)
    found = []
    for key in sorted({key for key, _ in grants}):
        own = [euros for other, euros in grants if other == key]
        euros, projects = sum(own), sum(one > 0 for one in own)
        name = names.get(f"{label}={key}", key)
        found.append(Part(key, name, euros, projects, Fraction(euros, total) if total else None))
    return tuple(found)


def _per_inhabitant(call: CallDefinition, grants: Sequence[tuple[str, int]]) -> PerInhabitant:
    people, names, uncertain = region_populations(call)
    euros = dict.fromkeys(people, 0)
    for region, granted in grants:
        if region in euros:
            euros[region] += granted
    rates = {region: Fraction(euros[region], people[region]) for region in sorted(people) if people[region]}
    return PerInhabitant(
        least=min(rates.values()),
        middle=Fraction(median(rates.values())),
        greatest=max(rates.values()),
        by_region=rates,
        without=tuple(names[region] for region in rates if not euros[region]),
        uncertain=tuple(names[region] for region in sorted(uncertain)),
        nowhere=sum(granted for region, granted in grants if region not in euros),
    )
