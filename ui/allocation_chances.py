"""The tab of probabilities: how often each project is funded when the scores are drawn anew within their uncertainty.

The run goes on in processes of its own while its visitor does something else. Links and reloads begin a new session, so
it is kept for the person, for one scenario of a call at a time.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import streamlit as st

from allocation import Award, Scenario
from allocation.chances import ChanceRun, Chances, ChancesError
from ui import notices
from ui.allocation_chance_chart import ChanceBar, chance_bars
from ui.allocation_words import case_link, probability, project_names, rank_of
from ui.look import section
from ui.session import Visit, refusals_shown
from ui.tables import Badge, Column, table
from ui.texts import money, number, say, score, t
from workflow.chances import start_chances
from workflow.scenarios import Run

_EVERY = 0.7
"""Seconds between two looks at a run that is going on."""
_EVERY_DRAW = 100
"""Up to so many projects every draw is solved exactly at once; above it a quick result comes first."""
_MOST_KEPT = 32
"""Runs of all persons together."""
_SAID_IN_SECONDS = 100
"""Durations from here on are said in minutes."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A run and the scenario and projects it is about; ``quick``: the finished run that it makes exact."""

    basis: tuple[object, ...]
    run: ChanceRun
    quick: ChanceRun | None = None


def settle_chances(here: Visit, run: Run) -> None:
    """End what is kept of another scenario or another ranking."""
    kept = _kept(here)
    if kept is not None and kept.basis != _basis(run):
        _drop(here)


def known_chances(here: Visit, run: Run) -> Mapping[str, float]:
    """Probability by case number where it is worked out already; else empty."""
    found = _result(here)
    if found is None:
        return {}
    return {project.id: found.probability(project.id) for project in run.projects if project.score is not None}


def show_chances(here: Visit, scenario: Scenario, run: Run) -> None:
    """Start, watch, cancel; then the probabilities with how sure they are."""
    section(t("How surely each project is funded"))
    st.write(
        t(
            "Reviewers differ, so a score could also have been a little higher or lower. Here the scores are drawn many times within that uncertainty, the appropriation is distributed by the rules of this scenario each time, and it is counted how often each project is funded. The proposal itself does not change."
        )
    )
    kept = _kept(here)
    if kept is None:
        _offer(here, scenario, run)
        return
    if not kept.run.finished:
        st.fragment(_watch, run_every=_EVERY)(here)
    try:
        shown = kept.run if kept.run.finished else kept.quick
        if shown is not None:
            _show(here, scenario, run, shown.result())
    except ChancesError as error:
        notices.warning(say(error.message))
        _give_up(here)
        quick = _result(here)
        if quick is None:
            _offer(here, scenario, run)
        else:
            _show(here, scenario, run, quick)


def _offer(here: Visit, scenario: Scenario, run: Run) -> None:
    notices.caption(t("The run takes from a few seconds to a few minutes. You can do something else meanwhile."))
    if st.button(t("Work out the probabilities"), icon=":material/casino:"):
        with refusals_shown():
            every = len(run.projects) <= _EVERY_DRAW
            started = start_chances(here.house, here.actor, here.call_id, scenario, every=every)
            _keep(here, _Kept(_basis(run), started))
            st.rerun()


def _offer_exact(here: Visit, scenario: Scenario, run: Run, found: Chances) -> None:
    """After a quick result: every draw solved, and how long that takes."""
    notices.caption(_duration(found.seconds_to_solve_all))
    if st.button(t("Solve every draw exactly"), icon=":material/verified:"):
        with refusals_shown():
            quick = _kept(here)
            started = start_chances(here.house, here.actor, here.call_id, scenario, every=True)
            _keep(here, _Kept(_basis(run), started, quick.run if quick else None))
            st.rerun()


def _duration(seconds: float) -> str:
    if seconds < _SAID_IN_SECONDS:
        return t(
            "Every draw can also be solved exactly. That takes about {n} seconds; these results stay here meanwhile.",
            n=number(max(10 * ceil(seconds / 10), 10)),
        )
    return t(
        "Every draw can also be solved exactly. That takes about {n} minutes; these results stay here meanwhile.",
        n=number(ceil(seconds / 60)),
    )


@st.cache_resource(show_spinner=False)
def _runs() -> OrderedDict[tuple[int, str], _Kept]:
    """The runs of all persons by account and call, the oldest first."""
    return OrderedDict()


def _kept(here: Visit) -> _Kept | None:
    return _runs().get((here.actor.id, here.call_id))


def _keep(here: Visit, kept: _Kept) -> None:
    _drop(here)
    runs = _runs()
    runs[here.actor.id, here.call_id] = kept
    while len(runs) > _MOST_KEPT:
        _, oldest = runs.popitem(last=False)
        oldest.run.cancel()


def _drop(here: Visit) -> None:
    """Cancel and forget; harmless when it is finished or another tab was quicker."""
    kept = _runs().pop((here.actor.id, here.call_id), None)
    if kept is not None:
        kept.run.cancel()


def _give_up(here: Visit) -> None:
    """End the run; a quick result that it was to make exact is there again."""
    kept = _kept(here)
    _drop(here)
    if kept is not None and kept.quick is not None:
        _keep(here, _Kept(kept.basis, kept.quick))


def _basis(run: Run) -> tuple[object, ...]:
    return run.scenario, run.projects


def _result(here: Visit) -> Chances | None:
    """What was found, quickly if not exactly yet; None while it goes on, and when it failed or was cancelled."""
    kept = _kept(here)
    if kept is None:
        return None
    finished = kept.run if kept.run.finished else kept.quick
    try:
        return None if finished is None else finished.result()
    except ChancesError:
        return None


def _watch(here: Visit) -> None:
    kept = _kept(here)
    if kept is None or kept.run.finished:
        st.rerun()
    progress = kept.run.progress()
    done = progress.done / progress.total if progress.total else 0.0
    words = t(
        "{words} {done} of {total}", words=progress.words, done=number(progress.done), total=number(progress.total)
    )
    st.progress(min(max(done, 0.0), 1.0), text=notices.verbatim(words))
    if st.button(t("Cancel"), key="cancel-chances"):
        _give_up(here)
        st.rerun()


def _show(here: Visit, scenario: Scenario, run: Run, found: Chances) -> None:
    awards = {award.id: award for award in run.allocation.awards}
    names, ranks = project_names(run), rank_of(run)
    known = [case for case in names if awards[case].score is not None]
    values = {case: found.probability(case) for case in known}
    chance_bars([ChanceBar(case, values[case], awards[case].funded) for case in known], _drawn(values, awards))
    _sureness(found)
    kept = _kept(here)
    if not found.exact and kept is not None and kept.run.finished:
        _offer_exact(here, scenario, run, found)
    table(
        t("Probability of each project along the ranking"),
        [
            Column(t("Rank"), figures=True),
            Column(t("Case number")),
            Column(t("Project")),
            Column(t("Score"), figures=True),
            Column(t("Proposed"), figures=True),
            Column(t("Result")),
            Column(t("Probability"), figures=True),
            Column(t("Margin"), figures=True),
        ],
        [
            [
                ranks[case],
                case_link(here.call_id, case),
                names[case],
                score(awards[case].score),
                money(awards[case].granted),
                Badge(t("Funded"), "good") if awards[case].funded else Badge(t("Not funded")),
                probability(values[case]),
                _margin(found.margin(case)),
            ]
            for case in known
        ],
    )
    left_out = len(names) - len(known)
    if left_out:
        notices.caption(t("Applications without a score are left out here: {n}.", n=number(left_out)))


def _margin(value: float) -> str:
    """A margin in percentage points, rounded up."""
    return f"±\u00a0{number(Fraction(ceil(1000 * value), 10), 1)}"


def _drawn(values: Mapping[str, float], awards: Mapping[str, Award]) -> str:
    """In words, what the chart shows."""
    doubtful = [case for case, value in values.items() if awards[case].funded and value < 0.9]
    near = [case for case, value in values.items() if not awards[case].funded and value > 0.1]
    return t(
        "Each bar is a project, the best on the left; its height is the probability of being funded. Of the projects proposed here {doubtful} have a probability below 90 %, of the others {near} one above 10 %.",
        doubtful=number(len(doubtful)),
        near=number(len(near)),
    )


def _sureness(found: Chances) -> None:
    """What the probabilities rest on, so that anybody can judge them."""
    section(t("How the probabilities come about"))
    for message in found.words:
        notices.caption(say(message))
    notices.caption(
        t(
            "The margin is what 95 % of repetitions with other draws would stay within. It took {seconds} s.",
            seconds=number(Fraction(found.seconds), 1),
        )
    )
