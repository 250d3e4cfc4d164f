"""The tab of reasons: one project's award in words and numbers, what would change it, and changing it by hand."""

import streamlit as st

from access.permissions import can_run_scenarios
from allocation import Scenario
from allocation.explain import Explanation
from calls.definition import CallDefinition
from ui import notices
from ui.allocation_awards import result_badge
from ui.allocation_by_hand import award_form, show_by_hand
from ui.allocation_words import case_link, difference, project_names, rank_of
from ui.look import section
from ui.phase import is_open
from ui.session import Visit, refusals_shown
from ui.tables import Cell, Column, facts, prose, table
from ui.texts import language, money, number, say, score, t
from workflow.by_hand import SavedRun
from workflow.explanations import explain_award
from workflow.scenarios import Run


def show_why(here: Visit, call: CallDefinition, scenario: Scenario, run: Run, saved: SavedRun | None) -> None:
    """Choose a project; read why; an officer may change the award of a saved scenario."""
    case = _chosen(here, run)
    with refusals_shown():
        found = explain_award(here.house, here.actor, here.call_id, scenario, case)
        _explanation(here, call, run, case, found)
    if saved is None:
        return
    changeable = not saved.saved.locked and is_open(here, can_run_scenarios)
    if changeable:
        award_form(here, run, saved, case)
    show_by_hand(here, run, saved, changeable)


def _chosen(here: Visit, run: Run) -> str:
    """The project asked about, kept in the address."""
    names = project_names(run)
    cases = list(names)
    key = f"why-case-{here.call_id}-{language()}"

    def remember() -> None:
        st.query_params["case"] = st.session_state[key]

    wanted = st.query_params.get("case", "")
    first = cases.index(wanted) if wanted in names else _first_refused(run, cases)
    # The words of a choice hold nothing that changes with the scenario: the browser sends them back as the choice.
    chosen = st.selectbox(
        t("Project"),
        cases,
        index=first,
        format_func=lambda case: f"{case} · {names.get(case, '–')}",
        key=key,
        on_change=remember,
        placeholder=t("Choose"),
    )
    return chosen if chosen in names else cases[first]


def _first_refused(run: Run, cases: list[str]) -> int:
    """The best project that is not funded: about it people ask first."""
    funded = {award.id for award in run.allocation.awards if award.funded}
    return next((place for place, case in enumerate(cases) if case not in funded), 0)


def _explanation(here: Visit, call: CallDefinition, run: Run, case: str, found: Explanation) -> None:
    award, applied = run.allocation.award(case), next(one.applied for one in run.projects if one.id == case)
    by_hand = case in run.scenario.fixed
    section(t("Why this award"))
    rows: list[tuple[str, Cell]] = [
        (t("Result"), result_badge(award, applied, by_hand)),
        (t("Application"), case_link(here.call_id, case)),
        (t("Rank"), rank_of(run)[case]),
        (t("Score"), score(award.score)),
        (t("Applied for"), money(applied)),
        (t("Proposed"), money(award.granted)),
    ]
    if by_hand and found.award.granted != award.granted:
        rows.append((t("By the rule"), money(found.award.granted)))
    if found.excluded_by is not None:
        rows.append((t("Excluded by the rule"), say(found.excluded_by.name)))
    facts(rows)
    if by_hand and found.award.code != "set_by_hand" and found.award.granted != award.granted:
        notices.info(
            t("This award is set by hand. What follows says why the rule alone gives what it gives."),
            icon=":material/edit:",
        )
    words, numbers = st.columns(2, gap="large")
    with words:
        prose(t("In words"), "\n".join(say(message) for message in found.words))
    with numbers:
        _what_would_change(call, run, case, found)
    if found.displaced:
        _displaced(here, run, found)


def _what_would_change(call: CallDefinition, run: Run, case: str, found: Explanation) -> None:
    """The smallest changes that would get the project funded, each by itself."""
    award, applied = found.award, next(one.applied for one in run.projects if one.id == case)
    rows: list[list[Cell]] = []
    if found.extra_score is not None and award.score is not None:
        reached = award.score + found.extra_score
        rows.append([t("A higher score"), f"+{number(found.extra_score, 2)}", t("score {score}", score=score(reached))])
    if found.smaller_amount is not None:
        rows.append(
            [t("A smaller amount applied for"), money(found.smaller_amount), difference(found.smaller_amount - applied)]
        )
    if found.extra_appropriation is not None:
        whole = money(run.scenario.appropriation + found.extra_appropriation)
        rows.append(
            [t("A larger appropriation"), difference(found.extra_appropriation), t("{euros} in all", euros=whole)]
        )
    if not rows:
        return
    table(
        t("The smallest change that would be enough, each by itself"),
        [Column(t("What would change it")), Column(t("Enough"), figures=True), Column(t("That is"), figures=True)],
        rows,
    )
    best = max(level.value for criterion in call.criteria for level in criterion.levels)
    if found.extra_score is not None and award.score is not None and award.score + found.extra_score > best:
        notices.caption(t("No project can reach such a score: the highest level is {best}.", best=str(best)))


def _displaced(here: Visit, run: Run, found: Explanation) -> None:
    funded = found.award.funded
    section(t("Who would get its place") if funded else t("Whom it would displace"))
    names, ranks = project_names(run), rank_of(run)
    table(
        t("Grants that would differ if this project were left out and the rest distributed anew")
        if funded
        else t("Grants that would differ if this project were funded and the rest distributed anew"),
        [
            Column(t("Rank"), figures=True),
            Column(t("Case number")),
            Column(t("Project")),
            Column(t("Now"), figures=True),
            Column(t("Then"), figures=True),
            Column(t("Difference"), figures=True),
        ],
        [
            [
                ranks[one.id],
                case_link(here.call_id, one.id),
                names[one.id],
                money(one.before),
                money(one.after),
                difference(one.difference),
            ]
            for one in found.displaced
        ],
    )
