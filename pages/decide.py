"""Decision: from the draft to the proposal and the decision, what follows it, and the files that are made of it."""

import streamlit as st

from access.permissions import can_export
from ui import notices
from ui.decision_acts import proposal_part, propose_form
from ui.decision_checklist import choose_scenario, show_checklist
from ui.decision_files import files_part
from ui.decision_later import later_part
from ui.decision_state import copy_hash, current_of, show_awards, show_chain, show_summary
from ui.decision_told import given_back, show_changes, show_given_back, show_told
from ui.letter_templates import letters_part
from ui.look import heading, section
from ui.session import refusals_shown, visit
from ui.tables import prose
from ui.texts import language, t
from workflow.calls import get_call
from workflow.decision_readiness import get_readiness
from workflow.decision_summary import get_draft, get_summary
from workflow.decisions import Decision, list_decisions
from workflow.saved_scenarios import list_scenarios

here = visit()
heading(
    t("Decision"),
    t("The officer proposes the decision, and the decision maker approves it. What is approved is never changed."),
)
PARTS = {
    "decision": t("Decision"),
    "later": t("Later decisions"),
    "files": t("Files"),
    "letters": t("Letters"),
}
NAMES = list(PARTS.values())
KEY = f"decide-part-{language()}"


def _remember() -> None:
    """Keep the part in the address: a reload, a link and another language come back to it."""
    st.query_params["part"] = list(PARTS)[NAMES.index(st.session_state[KEY])]


def first_part() -> None:
    """Before the first decision: what it would be, what is still missing, and proposing it."""
    back = given_back(found)
    if back is not None:
        show_given_back(back)
    chosen = choose_scenario(here, list_scenarios(here.house, here.actor, here.call_id))
    show_chain(None, chosen if chosen and chosen.locked else None)
    if chosen is not None:
        with refusals_shown():
            draft = get_draft(here.house, here.actor, here.call_id, chosen.id)
            show_summary(draft, approved=False)
            show_awards(draft, approved=False)
    section(t("What the proposal needs"))
    readiness = get_readiness(here.house, here.actor, here.call_id, None if chosen is None else chosen.id)
    show_checklist(here, readiness, chosen)
    propose_form(here, chosen, back.grounds if back is not None else "")


def frozen_part(shown: Decision) -> None:
    """A proposal with what the visitor can do with it, or the decision in force with its hash."""
    show_chain(shown, None)
    if shown.grounds:
        prose(t("Grounds of the decision"), shown.grounds)
    with refusals_shown():
        summary = get_summary(here.house, here.actor, here.call_id, shown.id)
        if summary.changes:
            section(t("What the decision changes"))
            show_changes(summary)
        approved = shown.state == "approved"
        show_summary(summary, approved=approved)
        show_awards(summary, approved=approved)
        show_told(here, summary)
        if shown.state == "proposed":
            proposal_part(here, shown)
        else:
            copy_hash(shown)


with refusals_shown():
    call = get_call(here.house, here.actor, here.call_id)
    found = list_decisions(here.house, here.actor, here.call_id)
    current = current_of(found)
    first = PARTS.get(st.query_params.get("part", ""), NAMES[0])
    decision, later, files, letters = st.tabs(NAMES, default=first, key=KEY, on_change=_remember)
    # Only what is open is worked out.
    if decision.open:
        with decision, refusals_shown():
            if current is None:
                first_part()
            else:
                frozen_part(current)
    if later.open:
        with later, refusals_shown():
            later_part(here, found)
    if files.open:
        with files, refusals_shown():
            if can_export(here.actor):
                files_part(here)
            else:
                notices.info(t("Officers and the decision maker make the files."))
    if letters.open:
        with letters, refusals_shown():
            letters_part(here, call)
