"""No distribution meets every rule: which of them collide, and the smallest way out of each, to be applied by a button."""

from dataclasses import replace

import streamlit as st

from allocation import Scenario
from ui import notices
from ui.look import section
from ui.scenario_state import Desk, put_on_table
from ui.session import Visit, refusals_shown
from ui.texts import say, t
from workflow.explanations import scenario_collision

_SAID = "scenario-way-out"


def show_applied() -> None:
    """Say once which way out was applied."""
    if said := st.session_state.pop(_SAID, ""):
        notices.success(said)


def show_collision(here: Visit, desk: Desk, scenario: Scenario, editable: bool) -> None:
    """Name the colliding rules; each way out is said, and an officer puts it on the table with its button."""
    section(t("Rules that collide"))
    with refusals_shown(), st.spinner(t("Looking for the rules that collide and for ways out")):
        collision = scenario_collision(here.house, here.actor, here.call_id, scenario)
        if not collision.rules:
            for said in collision.words:
                notices.info(say(said))
            return
        st.write(t("These rules cannot all hold at once. Without any one of them the others can:"))
        st.markdown("\n".join(f"* {notices.verbatim(say(rule.name))}" for rule in collision.rules))
        if not collision.ways:
            st.write(
                t("No single change of these rules would be enough. Switch one of them off or choose another rule.")
            )
            return
        if all(way.enough for way in collision.ways):
            st.write(t("Smallest ways out, one for each rule. Each was solved and found possible."))
        else:
            st.write(t("Smallest ways out of this collision. Another one is left after it, which is shown then."))
        for number, way in enumerate(collision.ways):
            with st.container(horizontal=True, vertical_alignment="center"):
                words = say(way.words)
                # An award set by hand is taken back where it was set; the call allows no larger share of the costs.
                elsewhere = way.policy.kind == "max_share" or (way.policy.kind == "fixed" and not desk.draft.fixed)
                if (
                    editable
                    and not elsewhere
                    and st.button(
                        t("Apply way out {n}", n=str(number + 1)), key=desk.key(f"way-{number}-{way.policy.key}")
                    )
                ):
                    put_on_table(
                        desk, replace(way.scenario, fixed=_fixed(desk.draft, way.scenario), reasons=desk.draft.reasons)
                    )
                    # Said beside the result and not at the top of the page, which may be out of sight.
                    st.session_state[_SAID] = t("Applied, not saved yet: {words}", words=words)
                    st.rerun()
                st.markdown(notices.verbatim(words))
        if len(collision.ways) < len(collision.rules):
            notices.caption(t("For the other rules, no change of their limit alone was found to be enough."))


def _fixed(draft: Scenario, applied: Scenario) -> dict[str, int]:
    """The awards fixed in the draft that are left; those that a saved scenario adds when it is run stay beside it."""
    return {case: euros for case, euros in draft.fixed.items() if case in applied.fixed}
