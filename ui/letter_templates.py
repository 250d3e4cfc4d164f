"""The templates of the letters: which are in use, taking one in, what it may hold, and one letter to look at."""

from collections.abc import Mapping

import streamlit as st

from access.permissions import can_replace_letter_template
from calls.definition import CallDefinition
from locales import Message, Param, msg
from ui import notices
from ui.look import section
from ui.session import Visit, flash, refusals_shown
from ui.tables import Cell, Column, table
from ui.texts import choice, moment, say, t
from workflow.applications import list_applications
from workflow.letters import (
    LARGEST_FILE,
    MEGABYTE,
    PLACEHOLDERS,
    LetterTemplate,
    default_template,
    drop_template,
    get_template,
    list_templates,
    preview_letter,
    replace_template,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LETTERS: Mapping[str, Message] = {"fi": msg("Letters in Finnish"), "sv": msg("Letters in Swedish")}


def letters_part(here: Visit, call: CallDefinition) -> None:
    """The part of the decision's page where letters are prepared; officers also replace the templates."""
    found = list_templates(here.house, here.actor, here.call_id)
    section(t("Templates of the letters"))
    notices.caption(
        t(
            "Each applicant gets a letter in its language of service. The own template of the program has a place for the "
            "contact details of the registry: write them into it and upload it, before letters are sent."
        )
    )
    _list(found)
    _downloads(here, found)
    if can_replace_letter_template(here.actor):
        _upload(here)
        _removal(here, found)
    _placeholders()
    _preview(here, call)


def unfilled_notice(here: Visit) -> None:
    """Say which letters would go out with the places in brackets of the program's own template."""
    own: list[Param] = [
        LETTERS[one.language] for one in list_templates(here.house, here.actor, here.call_id) if not one.filename
    ]
    if own:
        notices.warning(
            t(
                "{letters}: the program's own template is in use. It has places in brackets for who gives further "
                "information and for the contact details of the registry. Write them into a template and upload it on the "
                "tab Letters before letters are sent.",
                letters=own,
            )
        )


def _list(found: tuple[LetterTemplate, ...]) -> None:
    table(
        t("Templates in use"),
        [Column(t("Letters")), Column(t("Template"), wide=True), Column(t("Uploaded by")), Column(t("Uploaded"))],
        [
            [say(LETTERS[one.language]), one.filename or t("the program's own"), one.uploaded_by or "–", moment(one.uploaded_at)]
            for one in found
        ],
    )  # fmt: skip


def _downloads(here: Visit, found: tuple[LetterTemplate, ...]) -> None:
    for column, one in zip(st.columns(len(found), gap="large"), found, strict=True):
        with column, refusals_shown():
            name, data = default_template(here.house, here.actor, here.call_id, one.language)
            own = {"fi": t("Download the program's own (Finnish)"), "sv": t("Download the program's own (Swedish)")}
            _download(own[one.language], name, data, f"letter-own-{one.language}")
            if one.filename:
                name, data = get_template(here.house, here.actor, here.call_id, one.language)
                used = {"fi": t("Download the one in use (Finnish)"), "sv": t("Download the one in use (Swedish)")}
                _download(used[one.language], name, data, f"letter-used-{one.language}")


def _download(label: str, name: str, data: bytes, key: str) -> None:
    st.download_button(label, data, file_name=name, mime=DOCX, icon=":material/download:", key=key)


def _upload(here: Visit) -> None:
    times = st.session_state.setdefault(f"letter-uploads-{here.call_id}", 0)
    limit = t("A Word document (.docx) of at most {size} MB.", size=LARGEST_FILE // MEGABYTE)
    with st.expander(t("Replace a template")), st.form(f"letter-upload-{here.call_id}-{times}", border=False):
        language = st.radio(t("Which letters"), list(LETTERS), format_func=choice(LETTERS), horizontal=True)
        given = st.file_uploader(t("Template"), max_upload_size=LARGEST_FILE // MEGABYTE, help=limit)
        notices.caption(limit)
        if st.form_submit_button(t("Check and take into use")):
            if given is None:
                notices.error(t("Choose the file of the template first."))
                return
            with refusals_shown():
                taken = replace_template(
                    here.house, here.actor, here.call_id, str(language), given.name, given.getvalue()
                )
                st.session_state[f"letter-uploads-{here.call_id}"] = times + 1
                flash(t("The template {file} is in use.", file=taken.filename))
                st.rerun()


def _removal(here: Visit, found: tuple[LetterTemplate, ...]) -> None:
    replaced = {one.language: LETTERS[one.language] for one in found if one.filename}
    if not replaced:
        return
    with st.expander(t("Return to the program's own template")), st.form(f"letter-drop-{here.call_id}", border=False):
        language = st.radio(t("Which letters"), list(replaced), format_func=choice(replaced), horizontal=True)
        sure = st.checkbox(t("The uploaded template is to be taken out of use."))
        if st.form_submit_button(t("Take out of use")):
            if not sure:
                notices.error(t("Confirm that the template is to be taken out of use. Nothing was changed."))
                return
            with refusals_shown():
                drop_template(here.house, here.actor, here.call_id, str(language))
                flash(t("Letters are written on the program's own template again."))
                st.rerun()


def _placeholders() -> None:
    with st.expander(t("Placeholders of a template")):
        notices.caption(
            t(
                "What stands in place of a placeholder has its formatting. Those that stand alone in a paragraph become "
                "paragraphs or a table; where there is nothing to say, the heading above them is left out too."
            )
        )
        rows: list[list[Cell]] = [
            [
                one.written,
                say(one.meaning),
                t("alone in a paragraph of the text") if one.alone else t("anywhere"),
                t("yes") if one.required else t("no"),
            ]
            for one in PLACEHOLDERS
        ]
        table(
            t("Placeholders of a template"),
            [
                Column(t("Placeholder")),
                Column(t("What it becomes"), wide=True),
                Column(t("Place")),
                Column(t("Needed")),
            ],
            rows,
        )


def _preview(here: Visit, call: CallDefinition) -> None:
    section(t("Look at one letter"))
    notices.caption(
        t(
            "The letter is of the newest decision or proposal. Before there is one, it is a draft by the call's own values "
            "of the distribution."
        )
    )
    kept = f"letter-preview-{call.id}"
    with st.container(), refusals_shown():
        cases = {
            one.case_number: one.application.project_name for one in list_applications(here.house, here.actor, call.id)
        }
        chosen = st.selectbox(
            t("Application"),
            list(cases),
            index=None,
            format_func=lambda case: f"{case} {cases[case]}" if case in cases else case,
            placeholder=t("Choose"),
            key=f"letter-case-{call.id}",
        )
        if st.button(t("Make the letter"), disabled=chosen is None, icon=":material/draft:") and chosen:
            st.session_state.pop(kept, None)
            with st.spinner(t("Making the letter")):
                st.session_state[kept] = (chosen, *preview_letter(here.house, here.actor, call.id, chosen))
    made = st.session_state.get(kept)
    if made is not None and made[0] == chosen:
        _download(t("Download the letter"), made[1], made[2], f"letter-made-{call.id}")
