"""A ranked application as the allocation sees it, and what its columns and labels are called."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from allocation import Project
from calls.application import Application
from calls.definition import CallDefinition
from calls.register import Register, RegisterEntry, register
from decisions.words import PROJECT_COLUMNS, PROJECT_LABELS
from locales import LocalText, Message, msg
from workflow.ranking import Ranked, separating_keys

Name = Message | LocalText | str

LABELS = PROJECT_LABELS
"""The labels of a project that a constraint may ask for."""
COLUMNS = PROJECT_COLUMNS
"""The numeric columns beside the criteria."""
_SETTLEMENTS: Mapping[str, Message] = {
    "urban": msg("urban municipality"),
    "semi-urban": msg("semi-urban municipality"),
    "rural": msg("rural municipality"),
}
_LANGUAGES: Mapping[str, Message] = {"fi": msg("Finnish"), "sv": msg("Swedish")}


def project_of(call: CallDefinition, ranked: Ranked) -> Project:
    """A ranked application as the allocation sees it; a level or a population that is not known is left out.

    Its eligible costs are those that were accepted; as stated where nobody examined them.
    """
    view, application = ranked.view, ranked.view.application
    known = register(call.applicants.register_year)
    codes = _codes(application)
    entries = [known.by_code[code] for code in codes if code in known.by_code]
    regions = {entry.region_code for entry in (*entries, *([view.home] if view.home else []))}
    return Project(
        id=view.case_number,
        score=ranked.standing.score,
        applied=application.applied,
        eligible_costs=view.accepted_costs,
        theme=application.theme,
        region=view.home.region_code if view.home else "",
        applicant=application.coordinator.name,
        columns={**_levels(call, ranked), **_population(codes, entries)},
        tie_keys=separating_keys(call, ranked.standing),
        labels={
            "partner_region": tuple(sorted(regions)),
            "settlement": (view.home.settlement,) if view.home else (),
            "language": (application.language,),
        },
    )


def names_of(call: CallDefinition) -> dict[str, Name]:
    """What columns, labels and their values (``label=value``) are called."""
    known = register(call.applicants.register_year)
    regions = {entry.region_code: entry.region for entry in known.entries}
    values: dict[str, Mapping[str, Name]] = {
        "theme": {theme.id: theme.name for theme in call.themes},
        "region": dict(regions),
        "partner_region": dict(regions),
        "settlement": dict(_SETTLEMENTS),
        "language": dict(_LANGUAGES),
    }
    return {
        **COLUMNS,
        **LABELS,
        **({} if call.theme_word == "theme" else {"theme": msg("viewpoint")}),
        **{criterion.id: criterion.name for criterion in call.criteria},
        **{f"{label}={value}": name for label, named in values.items() for value, name in named.items()},
    }


def region_populations(call: CallDefinition) -> tuple[dict[str, int], dict[str, LocalText], frozenset[str]]:
    """Inhabitants and name of every region, and the regions of which a municipality's population is not known."""
    known: Register = register(call.applicants.register_year)
    people: dict[str, int] = {}
    for entry in known.entries:
        people[entry.region_code] = people.get(entry.region_code, 0) + (entry.population or 0)
    names = {entry.region_code: entry.region for entry in known.entries}
    return people, names, frozenset(entry.region_code for entry in known.entries if entry.population is None)


def _codes(application: Application) -> tuple[str, ...]:
    """The municipalities of the consortium, the coordinating one among them; "" for one without a code."""

    def stated() -> Iterator[str]:
        if application.coordinator.code:
            yield application.coordinator.code
        for partner in application.partners:
            for municipality in partner.municipalities:
                yield municipality.code or ""

    return tuple(sorted(set(stated())))


def _levels(call: CallDefinition, ranked: Ranked) -> dict[str, Fraction]:
    """The level of each criterion as it counts in the score that ranks: of the consensus, or the mean."""
    standing = ranked.standing
    levels = standing.consensus_levels if standing.score_source == "consensus" else standing.criterion_means
    found = {criterion.id: levels.get(criterion.id) for criterion in call.criteria}
    return {key: Fraction(level) for key, level in found.items() if level is not None}


def _population(codes: tuple[str, ...], entries: list[RegisterEntry]) -> dict[str, int]:
    people = [entry.population for entry in entries if entry.population is not None]
    return {"population": sum(people)} if people and len(people) == len(codes) else {}
