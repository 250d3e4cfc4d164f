"""Export: the files of a decision, or of a draft of it, made when they are asked for."""

import streamlit as st

from ui.export_form import choose, made_for, make, offer
from ui.look import heading
from ui.notices import caption
from ui.session import refusals_shown, visit
from ui.texts import t

here = visit()
heading(
    t("Export"), t("The decision workbook, its tables and the letters: of a decision, or of a draft by a scenario.")
)
with refusals_shown():
    choice = choose(here)
    if choice.form == "snapshot":
        caption(
            t(
                "This file holds the names of the reviewers and their remarks to the panel. It is for the authority alone."
            )
        )
    done = made_for(choice)
    if done is None and st.button(t("Make the file"), type="primary", icon=":material/draft:"):
        with st.spinner(t("Making the file")):
            make(here, choice)
        st.rerun()
    if done is not None:
        offer(choice, *done)
        if st.button(t("Make the file again"), icon=":material/refresh:"):
            make(here, choice)
            st.rerun()
