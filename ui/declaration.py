"""Before the texts of an application open: is there a conflict of interest?"""

import streamlit as st

from ui import notices
from ui.conflict_form import evidence_words, own_conflict_form
from ui.look import heading
from ui.session import Visit, flash, refusals_shown
from ui.tables import Cell, Link, facts
from ui.texts import t
from workflow.abstaining import LONGEST_REASON, abstain, declare_impartial
from workflow.declarations import list_to_declare
from workflow.reviewing import DeclarationNeeded


def show_declaration(here: Visit, needed: DeclarationNeeded) -> None:
    """Show who the parties are and what would disqualify; the texts open after "no conflict of interest"."""
    case = needed.case_number
    heading(needed.project_name, f"{case} · {needed.applicant}")
    rows: list[tuple[str, Cell]] = [
        (t("Back"), Link(t("My reviews"), "reviews", (("call", here.call_id),))),
        (t("Coordinating applicant"), needed.applicant),
        (t("Partners"), ", ".join(needed.partners) or "–"),
    ]
    facts(rows)
    st.write(
        t(
            "The application opens when you have declared that you have no conflict of interest. Look at the parties "
            "above and the grounds below: they are those of the Administrative Procedure Act (434/2003), section 28."
        )
    )
    own = next((row for row in list_to_declare(here.house, here.actor, here.call_id) if row.case_number == case), None)
    if own is not None and own.evidence:
        notices.warning(
            t("Consider a possible conflict of interest. {evidence}", evidence=evidence_words(own.evidence)),
            icon=":material/balance:",
        )
    if st.button(t("I have no conflict of interest"), type="primary", icon=":material/check:"):
        with refusals_shown():
            declare_impartial(here.house, here.actor, here.call_id, [case])
            flash(t("You have declared that you have no conflict of interest in {case}.", case=case))
            st.rerun()
    own_conflict_form(here, case, "reviews.py", unfolded=True)
    abstain_form(here, case)


def abstain_form(here: Visit, case: str) -> None:
    """Give the review back for another reason than a conflict of interest."""
    with (
        st.expander(t("Abstain for another reason")),
        st.form("abstain", border=False),
    ):
        st.write(t("The officer sees the reason and finds another reviewer. Others' scores stay hidden from you."))
        reason = st.text_input(t("Reason for abstaining"), max_chars=LONGEST_REASON)
        if st.form_submit_button(t("Abstain from this review")):
            with refusals_shown():
                abstain(here.house, here.actor, here.call_id, case, reason)
                flash(t("You have abstained from reviewing {case}.", case=case))
                st.query_params.clear()
                st.switch_page("reviews.py")
