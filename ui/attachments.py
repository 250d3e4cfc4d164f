"""The attachments of an application: to read in the page, to download, and for officers to add and remove."""

from collections.abc import Sequence
from fractions import Fraction
from html import escape

import streamlit as st

from access.documents import attachment_address
from locales import Message
from ui import notices
from ui.look import section
from ui.session import Visit, flash, refusals_shown
from ui.tables import Column, Link, table
from ui.texts import moment, number, say, t, tn
from workflow.attachments import (
    LARGEST_FILE,
    LARGEST_TOTAL,
    MEGABYTE,
    MOST_FILES,
    Attachment,
    add_attachment,
    list_attachments,
    remove_attachment,
)
from workflow.errors import Refused

_KILOBYTE = 1024


def show_attachments(here: Visit, case: str, *, change: bool = False) -> None:
    """List the attachments of an application, each read when asked for; ``change`` lets officers add and remove."""
    section(t("Attachments"))
    found = list_attachments(here.house, here.actor, here.call_id, case)
    # One place, however much it holds: what is open below it stays open.
    with st.container():
        if found:
            _list(here, found)
        else:
            notices.caption(t("The application has no attachments."))
        _show_refused(case)
    if change:
        _adding_form(here, case, len(found))
        _removal_form(here, case, found)


def _list(here: Visit, found: Sequence[Attachment]) -> None:
    table(
        t("Attachments of the application (PDF)"),
        [Column(t("File")), Column(t("Size"), figures=True), Column(t("Added")), Column(t("To keep"))],
        [[a.filename, file_size(a.size), moment(a.added_at), _download(here, a)] for a in found],
    )
    for attachment in found:
        if st.toggle(
            notices.verbatim(t("Show in the page: {file}", file=attachment.filename)),
            key=f"attachment-shown-{attachment.sha256}",
        ):
            _viewer(here, attachment)
    notices.caption(t("If your browser does not show the file in the page, download it."))


def _download(here: Visit, attachment: Attachment) -> Link:
    address = attachment_address(here.call_id, attachment.sha256)
    return Link(t("Download"), address.removeprefix("/"), (("download", "1"),))


def _viewer(here: Visit, attachment: Attachment) -> None:
    """The file in the browser's own reader, which can search, enlarge, print and be read aloud.

    Streamlit's frames are sandboxed, and Chromium shows no PDF in such a one: therefore a frame of our own. It stays
    as it is over reruns, so that the place where one was reading is not lost.
    """
    address = attachment_address(here.call_id, attachment.sha256)
    frame = (
        f'<iframe src="{escape(address, quote=True)}#navpanes=0&amp;view=FitH"'
        f' title="{escape(attachment.filename, quote=True)}"'
        ' style="width:100%;height:min(80vh,60rem);border:1px solid #8a96a3"></iframe>'
    )
    show = st.components.v2.component(f"attachment-{here.call_id}-{attachment.sha256}", html=frame)
    show(key=f"attachment-view-{attachment.sha256}")


def _adding_form(here: Visit, case: str, attached: int) -> None:
    limits = t(
        "At most {largest} MB each, {n} files and {total} MB together.",
        largest=LARGEST_FILE // MEGABYTE,
        n=MOST_FILES,
        total=LARGEST_TOTAL // MEGABYTE,
    )
    with st.expander(t("Add attachments")), st.form(f"attach-{case}-{attached}", border=False):
        # No filter of types: the browser's refusal would be in English and would not say what to do.
        given = st.file_uploader(
            t("PDF files"), accept_multiple_files=True, max_upload_size=20, help=limits, key=f"files-{case}-{attached}"
        )
        notices.caption(limits)
        if st.form_submit_button(t("Attach the files")):
            _add(here, case, [(file.name, file.getvalue()) for file in given])


def _add(here: Visit, case: str, files: Sequence[tuple[str, bytes]]) -> None:
    if not files:
        notices.error(t("Choose at least one PDF file first."))
        return
    refused: list[Message] = []
    attached = 0
    for name, data in files:
        try:
            add_attachment(here.house, here.actor, here.call_id, case, name, data)
            attached += 1
        except Refused as refusal:
            refused += refusal.messages
    st.session_state[f"attachments-refused-{case}"] = refused
    if attached:
        flash(tn("{n} file was attached.", "{n} files were attached.", attached))
    st.rerun()


def _show_refused(case: str) -> None:
    """Why files were not taken, over the rerun that shows those that were."""
    refused: list[Message] = st.session_state.pop(f"attachments-refused-{case}", [])
    for message in refused:
        notices.error(say(message))


def _removal_form(here: Visit, case: str, found: Sequence[Attachment]) -> None:
    if not found:
        return
    names = {a.sha256: a.filename for a in found}
    with st.expander(t("Remove an attachment")), st.form("detach", border=False):
        chosen = st.selectbox(
            t("File"), list(names), index=None, format_func=lambda i: names.get(i, ""), placeholder=t("Choose")
        )
        sure = st.checkbox(t("The file is to be removed. Readers no longer see it; the log keeps that it was here."))
        if st.form_submit_button(t("Remove the file")):
            if chosen is None or not sure:
                notices.error(t("Choose the file and confirm that it is to be removed. Nothing was removed."))
                return
            with refusals_shown():
                gone = remove_attachment(here.house, here.actor, here.call_id, case, chosen)
                flash(t("The attachment {file} was removed.", file=gone.filename))
                st.rerun()


def file_size(size: int) -> str:
    """Bytes as people say them: whole kilobytes, or megabytes with one decimal."""
    if size < MEGABYTE:
        return t("{n} kB", n=number(max(1, round(size / _KILOBYTE))))
    return t("{n} MB", n=number(Fraction(size, MEGABYTE), 1))
