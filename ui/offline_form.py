"""The offline review form on the screen: what uploading it would change, what is faulty, and what to do about it."""

import streamlit as st

from ui import notices
from ui.look import section
from ui.session import Visit, refusals_shown
from ui.tables import Badge, Cell, Column, Link, facts, figures, table
from ui.texts import language, say, t, tn
from workflow.offline import (
    KINDS,
    FieldChange,
    FileRefused,
    FormOffer,
    FormPlan,
    Kind,
    PlannedReview,
    download_form,
    field_words,
    form_filename,
    nothing_to_download,
    plan_form,
    value_words,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAN = "offline-plan"
_TONES: dict[Kind, str] = {"change": "good", "stale": "warn", "faulty": "bad", "submitted": "warn", "not_yours": "bad"}
_SHOWN = 240
"""Characters of a text in the table of changes."""
_MOST = 500
"""Rows of a table."""


def show_download(here: Visit, offer: FormOffer) -> None:
    """The button that makes the form at the moment it is pressed, or why there is nothing to download."""
    if not offer.cases:
        notices.info(say(nothing_to_download(offer)))
    else:
        lang = language()
        st.download_button(
            tn("Download the form of {n} application", "Download the form of {n} applications", len(offer.cases)),
            # Made when it is asked for: the versions in its stamp are then those of that moment.
            lambda: download_form(here.house, here.actor, here.call_id, lang)[1],
            file_name=form_filename(here.actor, here.call_id, lang),
            mime=XLSX,
            icon=":material/download:",
        )
    if offer.undeclared:
        left = tn(
            "{n} application is left out: you have not declared whether you have a conflict of interest in it.",
            "{n} applications are left out: you have not declared whether you have a conflict of interest in them.",
            offer.undeclared,
        )
        facts([(left, Link(t("My reviews"), "reviews", (("call", here.call_id),)))])


def checked_plan(here: Visit, name: str, data: bytes, upload: str) -> FormPlan | None:
    """The dry run of an uploaded file, made once for each upload, so that what is saved is what was shown."""
    key = (upload, here.call_id, here.actor.id)
    kept = st.session_state.get(PLAN)
    if kept is not None and kept[0] == key:
        plan: FormPlan = kept[1]
        return plan
    try:
        with refusals_shown(), st.spinner(t("Checking the file")):
            plan = plan_form(here.house, here.actor, here.call_id, data, name)
            st.session_state[PLAN] = (key, plan)
            return plan
    except FileRefused as refused:
        notices.error(t("The file was refused, and nothing was changed. {why}", why=refused.message))
    return None


def show_plan(plan: FormPlan, call_id: str) -> None:
    """What would become of each application, and each field that would change."""
    figures(
        [
            (t("To be saved"), str(len(plan.of("change"))), t("as drafts")),
            (t("Unchanged"), str(len(plan.of("unchanged"))), t("saved already as in the form")),
            (t("Outdated"), str(len(plan.of("stale"))), t("saved only if you choose so")),
            (t("Faulty"), str(len(plan.of("faulty"))), tn("{n} fault", "{n} faults", len(plan.faults))),
            (t("Not to be saved"), str(len(plan.of("submitted", "closed", "not_yours"))), t("submitted or not open")),
        ]
    )
    table(
        t("Applications of the form"),
        [Column(t("Case number")), Column(t("Sheet")), Column(t("What happens")), Column(t("Explanation"), wide=True)],
        [_row(row, call_id) for row in plan.rows[:_MOST]],
    )
    if plan.absent:
        cases = ", ".join(plan.absent[:_MOST])
        notices.caption(t("No sheet in the file; these reviews stay as they are: {cases}", cases=cases))
    changing = [(row, change) for row in plan.of("change", "stale") for change in row.changes]
    if changing:
        table(
            tn("{n} change", "{n} changes", len(changing)),
            [
                Column(t("Case number")),
                Column(t("Field")),
                Column(t("Cell")),
                Column(t("Saved now"), wide=True),
                Column(t("In the form"), wide=True),
            ],
            [
                [row.case_number, say(field_words(plan.call, change.field)), change.cell, *excerpts(plan, change)]
                for row, change in changing[:_MOST]
            ],
        )


def _row(row: PlannedReview, call_id: str) -> list[Cell]:
    own = row.kind not in ("not_yours", "closed")
    case: Cell = (
        Link(row.case_number, "review", (("call", call_id), ("case", row.case_number))) if own else row.case_number
    )
    said = " ".join(say(why) for why in row.why)
    if row.kind == "faulty":
        said = tn(
            "{n} fault, listed below. The saved review stays.",
            "{n} faults, listed below. The saved review stays.",
            len(row.faults),
        )
    elif row.kind in ("change", "stale"):
        count = tn("{n} field changes.", "{n} fields change.", len(row.changes))
        said = f"{said} {count}".strip()
    return [case, row.sheet, Badge(say(KINDS[row.kind]), _TONES.get(row.kind, "calm")), said or "–"]


def excerpts(plan: FormPlan, change: FieldChange) -> tuple[str, str]:
    """A change as it is shown: long texts from a little before the place where they begin to differ."""
    before, after = (say(value_words(plan.call, change.field, value)) for value in (change.before, change.after))
    if max(len(before), len(after)) <= _SHOWN:
        return before, after
    same = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    same = min(len(before), len(after)) if same is None else same
    start = max(0, same - 60)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    part = text[start : start + _SHOWN]
    return ("…" if start else "") + part + ("…" if start + _SHOWN < len(text) else "")


def show_faults(plan: FormPlan) -> None:
    """Every fault: sheet, cell, value, what is wrong and what would be accepted."""
    if not plan.faults:
        return
    section(t("Faults"))
    table(
        tn("{n} fault", "{n} faults", len(plan.faults)),
        [
            Column(t("Sheet")),
            Column(t("Cell")),
            Column(t("Value")),
            Column(t("What is wrong"), wide=True),
            Column(t("What is accepted"), wide=True),
        ],
        [
            [fault.sheet, fault.cell, fault.value or "–", say(fault.message), say(fault.accepted)]
            for fault in plan.faults[:_MOST]
        ],
    )


def show_notes(plan: FormPlan) -> None:
    """What the drafts lack before they can be submitted; it does not keep them from being saved."""
    if not plan.notes:
        return
    section(t("Still missing"))
    notices.caption(t("Drafts may be unfinished. These are needed before the reviews can be submitted."))
    table(
        tn("{n} thing missing", "{n} things missing", len(plan.notes)),
        [Column(t("Sheet")), Column(t("Cell")), Column(t("What is missing"), wide=True)],
        [[note.sheet, note.cell, say(note.message)] for note in plan.notes[:_MOST]],
    )


def choose_stale(plan: FormPlan, upload: str) -> list[str]:
    """Case numbers of the outdated rows whose content the reviewer takes from the form."""
    stale = plan.of("stale")
    if not stale:
        return []
    notices.warning(
        t(
            "The reviews below were saved elsewhere, or their applications changed, after the form was downloaded. "
            "Choose those that are saved as they stand in the form. What is saved now is kept as an earlier version."
        )
    )
    return [
        row.case_number
        for row in stale
        if st.checkbox(
            t("{case}: save the content of the form", case=row.case_number), key=f"offline-{upload}-{row.case_number}"
        )
    ]
