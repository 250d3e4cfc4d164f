"""The decision of the call as other pages tell of it: what waits for whom, what is in force, and where it is read."""

from dataclasses import dataclass

from access.permissions import can_approve_decision, can_propose_decision, can_see_decision
from decisions.words import STATUS
from ui import notices
from ui.decision_state import begin, current_of, name_of, show_statuses
from ui.decision_told import given_back, show_given_back
from ui.look import section
from ui.session import Visit
from ui.tables import Cell, Link, facts
from ui.texts import money, say, t
from workflow.decision_summary import get_summary
from workflow.decisions import Decision, list_decisions
from workflow.errors import Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """The decisions of a call, as far as the visitor may see them; ``current``: the open proposal, else the one in force."""

    found: tuple[Decision, ...] = ()

    @property
    def current(self) -> Decision | None:
        """The proposal that waits, else the decision in force."""
        return current_of(self.found)

    @property
    def in_force(self) -> Decision | None:
        """The approved decision in force."""
        return next((one for one in reversed(self.found) if one.state == "approved"), None)


def standing(here: Visit) -> Standing:
    """The decisions of the call; none for those to whom they are closed."""
    if not here.call_id or not can_see_decision(here.actor):
        return Standing()
    try:
        return Standing(tuple(list_decisions(here.house, here.actor, here.call_id)))
    except Refused:
        # Disqualified from an application, or with a review to submit: the other figures of the page stay open.
        return Standing()


def show_waiting(here: Visit) -> None:
    """On the overview: what waits for the visitor, and the decision in force with its figures."""
    now = standing(here)
    current, back = now.current, given_back(now.found)
    if current is not None and current.state == "proposed" and can_approve_decision(here.actor):
        notices.info(t("A proposal for a decision waits for you: {decision}.", decision=name_of(current)))
        _to_decision(here, current)
    if back is not None and back.state == "returned" and can_propose_decision(here.actor):
        show_given_back(back)
        _to_decision(here, back)
    if now.in_force is not None:
        section(name_of(now.in_force))
        summary = get_summary(here.house, here.actor, here.call_id, now.in_force.id)
        show_statuses(summary, t("Granted"))
        if current is None or current.state == "approved":
            _to_decision(here, now.in_force)


def _to_decision(here: Visit, one: Decision) -> None:
    part = "decision" if one.kind == "first" or one.state != "returned" else "later"
    facts([(t("See"), Link(t("Decision"), "decide", (("call", here.call_id), ("part", part))))])


def decided_facts(here: Visit, case: str) -> list[tuple[str, Cell]]:
    """On the page of one application: what was decided on it; nothing before there is a decision."""
    in_force = standing(here).in_force
    if in_force is None:
        return []
    summary = get_summary(here.house, here.actor, here.call_id, in_force.id)
    one = next((one for one in summary.applications if one.case_number == case), None)
    if one is None:
        return []
    link = Link(name_of(in_force), "reasons", (("call", here.call_id), ("case", case)))
    return [(t("Decided"), begin(say(STATUS[one.status]))), (t("Granted"), money(one.granted)), (t("Decision"), link)]
