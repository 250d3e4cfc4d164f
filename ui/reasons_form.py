"""The form in which an officer writes the reasons of one application by hand over the draft."""

import streamlit as st

from decisions.phrases import LONGEST_REASONS
from ui import notices
from ui.labels import language_name
from ui.look import section
from ui.session import Visit, flash, refusals_shown
from ui.spoken import difference
from ui.texts import say, t
from workflow.errors import Conflicting
from workflow.reasons import drop_reasons, write_reasons
from workflow.reasons_list import ApplicationReasons


def reasons_form(here: Visit, one: ApplicationReasons) -> None:
    """Write the reasons, see how they differ from today's draft, or go back to the draft."""
    section(t("Write the reasons by hand"))
    notices.caption(
        t(
            "Your text goes into the decision in place of the draft, in the applicant's language. The draft is kept beside it."
        )
    )
    stored = 0 if one.by_hand is None else one.by_hand.version
    version = st.session_state.setdefault(_key(one, "version"), stored)
    if _key(one, "text") not in st.session_state:
        st.session_state[_key(one, "text")] = one.text
    with st.form(_key(one, "form"), border=False):
        text = st.text_area(
            t(
                "Reasons of {case}, language of service {language}",
                case=one.case_number,
                language=language_name(one.language),
            ),
            key=_key(one, "text"),
            height=420,
            max_chars=LONGEST_REASONS,
        )
        save, compare = st.columns(2)
        saved = save.form_submit_button(t("Save the reasons"), type="primary", icon=":material/save:")
        compared = compare.form_submit_button(t("Show the difference to the draft"), icon=":material/difference:")
    if saved:
        _save(here, one, text, version, stored)
    if compared:
        difference(t("From today's draft to your text"), one.draft, text, one.language)
    if one.by_hand is not None:
        _back(here, one, stored)


def _save(here: Visit, one: ApplicationReasons, text: str, version: int, stored: int) -> None:
    with refusals_shown():
        try:
            write_reasons(
                here.house,
                here.actor,
                here.call_id,
                one.case_number,
                text,
                drafted=one.draft,
                expected_version=version,
            )
        except Conflicting as conflict:
            # What the other wrote stands above; saving once more replaces it knowingly.
            st.session_state[_key(one, "version")] = stored
            for message in conflict.messages:
                notices.warning(say(message))
            notices.info(t("The other text stands above. If you save again, yours replaces it."))
            return
        _forget(one)
        flash(t("The reasons of {case} were saved.", case=one.case_number))
        st.rerun()


def _back(here: Visit, one: ApplicationReasons, stored: int) -> None:
    sure = st.checkbox(t("The text written by hand is to be dropped."), key=_key(one, "sure"))
    if st.button(t("Go back to the draft"), disabled=not sure, icon=":material/undo:"):
        with refusals_shown():
            drop_reasons(here.house, here.actor, here.call_id, one.case_number, expected_version=stored)
            _forget(one)
            flash(t("The reasons of {case} are the draft again.", case=one.case_number))
            st.rerun()


def _forget(one: ApplicationReasons) -> None:
    for kind in ("text", "version", "sure"):
        st.session_state.pop(_key(one, kind), None)


def _key(one: ApplicationReasons, kind: str) -> str:
    return f"reasons-{kind}-{one.case_number}"
