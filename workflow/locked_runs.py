"""A locked scenario run again for a decision: only while today's ranking gives exactly what was locked."""

from collections.abc import Iterator, Mapping, Sequence

from locales import Message, Param, msg
from workflow.by_hand import SavedRun, run_opened
from workflow.errors import Refused
from workflow.scenario_store import Opened, other_ranking, ranking_changed, refuse_unreadable

MOST_NAMED = 20
"""Case numbers in one message."""


def run_locked(opened: Opened, cases: Mapping[int, str]) -> SavedRun:
    """The run of a locked scenario. For other use cases. Refused when it is not what was locked, with what changed.

    ``cases``: case number of every application of the call by its id.
    """
    refuse_unreadable(opened.saved)
    stored = {cases.get(one.application_id, str(one.application_id)): one.granted for one in opened.awards}
    gone = sorted({*(stored.keys() - _ranked(opened)), *opened.outside_hands})
    other = other_ranking(opened) or bool(gone)
    found: SavedRun | None = None
    why: Sequence[Message] = ()
    try:
        found = run_opened(opened)
    except Refused as refused:
        if not other:
            raise
        why = refused.messages
    if found is not None and not other:
        if not ranking_changed(opened, found.run):
            return found
        if found.run.allocation.status == "time_limit":
            raise Refused(msg("The locked scenario could not be run again within its time limit. Try again."))
    name = opened.saved.name
    raise Refused(
        msg(
            "The scenario {name} is locked, but the ranking or the accepted costs have changed since it was locked.",
            name=name,
        )
        if other
        else msg(
            "The scenario {name} is locked, but it does not give the awards any more that were locked.", name=name
        ),
        *_what_changed(opened, stored, gone, found),
        *why,
        msg("Copy the scenario, save the copy on the ranking of the moment and lock the copy. Then export the copy."),
    )


def _what_changed(
    opened: Opened, stored: Mapping[str, int], gone: list[str], found: SavedRun | None
) -> Iterator[Message]:
    """What is another now than when the scenario was locked; at least one sentence."""
    new = sorted(_ranked(opened) - stored.keys())
    given = {} if found is None else {award.id: award.granted for award in found.run.allocation.awards}
    other = sorted(case for case in stored.keys() & given.keys() if stored[case] != given[case])
    if gone:
        yield msg("In the ranking no longer: {cases}.", cases=_named(gone))
    if new:
        yield msg("New in the ranking: {cases}.", cases=_named(new))
    if other:
        yield msg("The award would be another now: {cases}.", cases=_named(other))
    if not (gone or new or other):
        yield msg("Scores, amounts or other details of the applications have changed.")


def _ranked(opened: Opened) -> frozenset[str]:
    return frozenset(project.id for project in opened.ground.projects)


def _named(cases: list[str]) -> list[Param]:
    return [*cases[:MOST_NAMED], *(["…"] if len(cases) > MOST_NAMED else [])]
