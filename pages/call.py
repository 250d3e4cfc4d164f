"""The call: everything its text, the decree and the panel's assumptions say, each with its source."""

import streamlit as st

from access.permissions import can_change_call
from ui.call_view import show_criteria, show_items, show_values
from ui.look import heading, section
from ui.ranking_lock import show_ranking_lock
from ui.session import flash, refusals_shown, visit
from ui.texts import say, t
from workflow.calls import add_call, call_file, get_call

here = visit()
heading(t("Call"), t("What is applied for and how it is judged. Each value says where it comes from."))
if here.call_id:
    call = get_call(here.house, here.actor, here.call_id)
    section(say(call.name))
    show_values(call)
    section(t("Themes") if call.theme_word == "theme" else t("Viewpoints"))
    show_items(t("Themes") if call.theme_word == "theme" else t("Viewpoints"), call.themes)
    section(t("Excluded"))
    show_items(t("What a grant cannot be applied for"), call.exclusions)
    section(t("To be described in the application"))
    show_items(t("To be described in the application"), call.must_describe)
    if call.conditions:
        section(t("Conditions of the grant"))
        show_items(t("Conditions of the grant"), call.conditions)
    section(t("Cost categories"))
    show_items(t("Cost categories"), call.cost_categories)
    section(t("Criteria"))
    show_criteria(call)
    show_ranking_lock(here, call)
    st.download_button(
        t("Download the call's file"),
        call_file(here.house, here.actor, here.call_id),
        file_name=f"{call.id}.toml",
        mime="application/toml",
        icon=":material/download:",
    )

if can_change_call(here.actor):
    section(t("Another call"))
    st.write(t("A new call is given as a TOML file. Download the file above, change it and give the call a new id."))
    given = st.file_uploader(t("Call file (TOML)"), type=["toml"], max_upload_size=1)
    if given is not None and st.button(t("Add the call"), type="primary"):
        with refusals_shown():
            added = add_call(here.house, here.actor, given.getvalue().decode("utf-8", errors="replace"))
            flash(t("Call {call} was added.", call=added.id))
            st.query_params["call"] = added.id
            st.rerun()
