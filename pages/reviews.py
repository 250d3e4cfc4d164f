"""My reviews: the reviewer's queue with progress."""

import streamlit as st

from access.permissions import can_open_texts
from ui import notices
from ui.labels import review_badge
from ui.look import heading
from ui.session import visit
from ui.tables import Badge, Column, Link, facts, figures, table
from ui.texts import moment, score, t, tn
from workflow.phases import get_stage
from workflow.review_queue import TO_DO, my_queue, next_open

here = visit()
heading(t("My reviews"), t("The applications assigned to you. Score each criterion, give a reason, and submit."))
queue = my_queue(here.house, here.actor, here.call_id)
if not queue:
    notices.info(t("No applications are assigned to you in this call. The officer assigns them."))
    st.stop()

open_items = [item for item in queue if item.state in TO_DO]
own = [item for item in queue if item.state not in ("conflict", "abstained")]
figures(
    [
        (t("Assigned"), str(len(own)), ""),
        (t("Reviews submitted"), str(sum(item.state == "submitted" for item in own)), ""),
        (t("Left"), str(len(open_items)), tn("{n} draft", "{n} drafts", sum(i.state == "draft" for i in own))),
    ]
)
st.progress(sum(item.state == "submitted" for item in own) / len(own) if own else 1.0)
notices.caption(tn("{n} review left", "{n} reviews left", len(open_items)))
stage = get_stage(here.house, here.actor, here.call_id)
if not stage.is_open(can_open_texts):
    notices.info(
        t("The texts open when the call turns to the phase of review. Conflicts of interest are declared before.")
    )
elif following := next_open(here.house, here.actor, here.call_id):
    facts([(t("Next"), Link(following, "review", (("call", here.call_id), ("case", following))))])

table(
    t("Assigned applications"),
    [
        Column(t("Case number")),
        Column(t("Project")),
        Column(t("Coordinating applicant")),
        Column(t("Criteria scored"), figures=True),
        Column(t("Score"), figures=True),
        Column(t("State")),
        Column(t("Saved")),
    ],
    [
        [item.case_number, "–", "–", "–", "–", review_badge(item.state), "–"]
        if item.state == "conflict"
        else [
            Link(item.case_number, "review", (("call", here.call_id), ("case", item.case_number))),
            item.project_name,
            item.applicant,
            f"{item.scored} / {item.of}",
            score(item.running.composite if item.running else None),
            Badge(t("Changed since your review"), "warn") if item.changed_since else review_badge(item.state),
            moment(item.saved_at),
        ]
        for item in queue
    ],
)
