"""Steps that change reviewers: their loads, their number, who takes part. None where the step cannot help.

A conflict of interest is never lifted: that is not the office's to give.
"""

from statistics import median_high

from locales import Message, Param, msg, msgn
from scoring.assignment_flow import idle
from scoring.assignment_grid import grid_of
from scoring.assignment_report import language_name, named
from scoring.assignment_search import joined_sentences, least, who
from scoring.assignment_types import MOST_REVIEWERS, AssignmentProblem, Change, Way


def raise_largest(problem: AssignmentProblem) -> Way | None:
    """The least common floor under the largest loads."""
    limited = [c for c in problem.candidates if c.largest_load]

    def raised(value: int) -> Change:
        ids = tuple(sorted(c.id for c in limited if (c.largest_load or 0) < value))
        return Change("largest_load", ids, value)

    value = least(problem, raised, 1, len(problem.demands))
    if value is None:
        return None
    change = raised(value)
    old = [c.largest_load or 0 for c in limited if c.id in change.ids]
    if len(set(old)) == 1:
        text = msg(
            "Raise the largest load from {old} to {value}: {who}.",
            who=who(change.ids, problem),
            old=old[0],
            value=value,
        )
    else:
        text = msg("Raise the largest load to {value}: {who}.", who=who(change.ids, problem), value=value)
    return Way((change,), text)


def lower_smallest(problem: AssignmentProblem) -> Way | None:
    """The greatest common ceiling over the smallest loads."""
    return _lowered(problem, alone=False)


def lower_smallest_alone(problem: AssignmentProblem) -> Way | None:
    """The same, asking only that there are reviews enough for the smallest loads; other limits may still collide."""
    return _lowered(problem, alone=True)


def add_reviewers(problem: AssignmentProblem) -> Way | None:
    """The fewest new reviewers without conflicts, and as few language readers among them as will do."""
    loads = [c.largest_load for c in problem.candidates if c.largest_load]
    load = median_high(loads) if loads else None
    languages = sorted({d.language for d in problem.demands}) if problem.require_language else []

    def added(count: int, readers: dict[str, int] | None = None) -> Change:
        every = dict.fromkeys(languages, count) if readers is None else readers
        used = tuple((language, every[language]) for language in languages if every[language])
        return Change("add_reviewers", value=count, load=load, readers=used)

    count = least(problem, added, 1, MOST_REVIEWERS - len(problem.candidates))
    if count is None:
        return None
    readers = dict.fromkeys(languages, count)
    for language in languages:

        def reading(fewest: int, language: str = language) -> Change:
            return added(count, {**readers, language: fewest})

        readers[language] = least(problem, reading, 0, count) or 0
    return Way((added(count, readers),), _add_text(count, load, readers))


def leave_out_reviewers(problem: AssignmentProblem) -> Way | None:
    """As many of the reviewers whose smallest loads collide as must be, the greatest smallest load first."""
    part = idle(grid_of(problem))
    if part is None:
        return None
    by_id = {c.id: c for c in problem.candidates}
    names = sorted(sorted(by_id)[j] for j in part.reviewers)
    names.sort(key=lambda name: -by_id[name].smallest_load)

    def without(count: int) -> Change:
        return Change("leave_out_reviewers", tuple(sorted(names[:count])))

    count = least(problem, without, 1, len(names), _busy)
    if count is None:
        return None
    text = msgn(
        "Leave {n} reviewer out: {reviewers}.",
        "Leave {n} reviewers out: {reviewers}.",
        count,
        reviewers=named(without(count).ids),
    )
    return Way((without(count),), text)


def _lowered(problem: AssignmentProblem, alone: bool) -> Way | None:
    most = max((c.smallest_load for c in problem.candidates), default=0)

    def lowered(cut: int) -> Change:
        value = most - cut
        ids = tuple(sorted(c.id for c in problem.candidates if c.smallest_load > value))
        return Change("smallest_load", ids, value)

    if _busy(problem):
        return None
    cut = least(problem, lowered, 1, most, _busy) if alone else least(problem, lowered, 1, most)
    if cut is None:
        return None
    change = lowered(cut)
    text = msg("Lower the smallest load to {value}: {who}.", who=who(change.ids, problem), value=change.value)
    return Way((change,), text)


def _busy(problem: AssignmentProblem) -> bool:
    return idle(grid_of(problem)) is None


def _add_text(count: int, load: int | None, readers: dict[str, int]) -> Message:
    some: list[Param] = [
        msg("{language}: {count}", language=language_name(language), count=needed)
        for language, needed in readers.items()
        if needed
    ]
    if load is None:
        text = msgn("Add {n} reviewer without conflicts.", "Add {n} reviewers without conflicts.", count)
    else:
        text = msgn(
            "Add {n} reviewer without conflicts, with a largest load of {load}.",
            "Add {n} reviewers without conflicts, each with a largest load of {load}.",
            count,
            load=load,
        )
    if not some:
        return text
    return joined_sentences(text, msg("Languages they must read, and how many of them: {languages}.", languages=some))
