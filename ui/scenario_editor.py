"""Adding, changing and removing constraints, groups, dependencies and forced projects of a scenario."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from allocation import Scenario
from locales import Message, msg
from ui import notices
from ui.scenario_constraints import constraint_fields
from ui.scenario_fields import Fields
from ui.scenario_groups import dependent_fields, exclusive_fields, forced_fields
from ui.scenario_proposal import Editor, Proposal
from ui.scenario_state import Desk, note
from ui.scenario_words import cannot_hold, listed
from ui.texts import say, t
from workflow.scenarios import Run

NEW: Mapping[str, Message] = {
    "constraint": msg("New: a sum between two limits"),
    "exclusive": msg("New: projects that exclude each other"),
    "dependent": msg("New: a project that depends on others"),
    "force_in": msg("New: a project funded in any case"),
    "force_out": msg("New: a project that is not funded"),
}
_FIELDS: Mapping[str, Callable[[Editor], Proposal]] = {
    "constraint": constraint_fields,
    "exclusive": exclusive_fields,
    "dependent": dependent_fields,
    "force_in": forced_fields,
    "force_out": forced_fields,
}


def edit_constraints(desk: Desk, ground: Callable[[], Run]) -> None:
    """The editor, folded away until it is asked for; ``ground`` tells which projects and values there are."""
    place = f"editor-{desk.name}"
    with st.expander(t("Add or change a constraint"), key=f"{place}-open", on_change="rerun") as folder:
        if folder.open:
            if said := st.session_state.pop(f"{place}-said", ""):
                notices.success(said)
            _edit(desk, ground(), place)


def _edit(desk: Desk, run: Run, place: str) -> None:
    # A finished entry leaves fresh fields behind: their names count the entries.
    entry = st.session_state.setdefault(f"{place}-entry", 0)
    scenario = desk.draft
    items = {item.key: item for item in listed(scenario)}
    choices = {key: say(words) for key, words in NEW.items()} | {
        key: t("Change: {name}", name=item.name) for key, item in items.items()
    }
    chosen = Fields(lambda field: f"{place}-{entry}-{field}").one_of(
        t("What to add or change"), list(choices), "constraint", "choice", choices.__getitem__
    )
    kind, _, old = chosen.partition(":")
    fields = Fields(lambda field: desk.key(f"{place}-{entry}-{chosen}-{field}"))
    proposal = _FIELDS[kind](Editor(fields, kind, old if chosen in items else None, scenario, run))
    if proposal.sentence:
        st.markdown(notices.verbatim(proposal.sentence))
    if refused := cannot_hold(scenario, proposal.kinds):
        notices.warning(refused)
    with st.container(horizontal=True):
        add = st.button(
            t("Change the constraint") if chosen in items else t("Add to the scenario"), key=f"{place}-{entry}-add"
        )
        remove = chosen in items and st.button(t("Remove from the scenario"), key=f"{place}-{entry}-remove")
    if remove:
        _done(
            desk,
            without_item(scenario, chosen),
            place,
            t("Removed from the scenario: {name}.", name=items[chosen].name),
        )
    elif add:
        for problem in proposal.problems:
            notices.error(problem)
        if not (proposal.problems or fields.faults):
            _done(desk, proposal.scenario, place, t("The constraint is in the scenario. It is not saved yet."))


def _done(desk: Desk, scenario: Scenario, place: str, words: str) -> None:
    note(desk, scenario)
    st.session_state[f"{place}-entry"] += 1
    # Said here and not at the top of the page, which may be out of sight.
    st.session_state[f"{place}-said"] = words
    st.rerun()


def without_item(scenario: Scenario, key: str) -> Scenario:
    """``scenario`` without the entry of this key (see ``listed``)."""
    kind, _, name = key.partition(":")
    reasons = {case: reason for case, reason in scenario.reasons.items() if case != name or case in scenario.fixed}
    if kind == "force_in":
        return replace(scenario, force_in=scenario.force_in - {name}, reasons=reasons)
    if kind == "force_out":
        return replace(scenario, force_out=scenario.force_out - {name}, reasons=reasons)
    if kind == "constraint":
        return replace(scenario, constraints=tuple(one for one in scenario.constraints if one.name != name))
    if kind == "exclusive":
        return replace(scenario, exclusive=tuple(one for one in scenario.exclusive if one.name != name))
    return replace(scenario, dependent=tuple(one for one in scenario.dependent if one.name != name))
