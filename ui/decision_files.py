"""The files of a decision: chosen, made when asked for, and then downloaded."""

import streamlit as st

from ui.export_form import choose, made_for, make, offer
from ui.letter_templates import unfilled_notice
from ui.notices import caption
from ui.session import Visit
from ui.texts import t


def files_part(here: Visit) -> None:
    """Choose a file, make it, download it. Nothing heavy is made before it is asked for."""
    choice = choose(here)
    if choice.form == "snapshot":
        caption(
            t(
                "This file holds the names of the reviewers and their remarks to the panel. It is for the authority alone."
            )
        )
    if choice.form == "letters":
        caption(
            t(
                "The letters are drafts, made from the template that is in use now. Another template gives other letters "
                "of the same decision; its hash does not cover them."
            )
        )
        unfilled_notice(here)
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
