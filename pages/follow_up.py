"""Follow-up: who has what left, days to the deadline, and reminders to copy."""

import streamlit as st

from ui import notices
from ui.labels import language_name
from ui.look import heading, section
from ui.session import visit
from ui.tables import Column, figures, table
from ui.texts import moment, t, tn
from workflow.follow_up import get_follow_up

here = visit()
heading(t("Follow-up"), t("Who has reviews left, how much time there is, and a reminder to copy."))
seen = get_follow_up(here.house, here.actor, here.call_id)
if not seen.reviewers:
    notices.info(t("No reviews are assigned in this call yet."))
    st.stop()

left = sum(len(person.open_cases) for person in seen.reviewers)
days = "–" if seen.days_left is None else str(max(seen.days_left, 0))
over = seen.days_left is not None and seen.days_left <= 0
figures(
    [
        (
            t("Reviews left"),
            str(left),
            tn("{n} reviewer", "{n} reviewers", sum(bool(p.open_cases) for p in seen.reviewers)),
        ),
        (t("Reviews submitted"), str(sum(p.submitted for p in seen.reviewers)), ""),
        (t("Days to the deadline"), days, t("the deadline has passed") if over else moment(seen.deadline)),
    ]
)
table(
    t("What each reviewer has left"),
    [
        Column(t("Reviewer")),
        Column(t("Assigned"), figures=True),
        Column(t("Submitted"), figures=True),
        Column(t("Drafts"), figures=True),
        Column(t("Texts not opened"), figures=True),
        Column(t("Waiting for submission"), wide=True),
        Column(t("Returned")),
        Column(t("Abstained")),
        Column(t("Last saved")),
    ],
    [
        [
            person.name,
            str(person.assigned),
            str(person.submitted),
            str(person.drafts),
            str(person.undeclared),
            ", ".join(person.open_cases) or "–",
            ", ".join(person.returned) or "–",
            ", ".join(person.abstained) or "–",
            moment(person.last_saved),
        ]
        for person in seen.reviewers
    ],
)
if seen.lacking:
    section(t("Applications that lack reviewers"))
    table(
        t("Fewer reviewers than the call asks for, conflicts and abstentions left out"),
        [Column(t("Case number")), Column(t("Reviewers"), figures=True)],
        [[case, str(count)] for case, count in seen.lacking],
    )

reminded = {person.account_id: person for person in seen.reviewers if person.reminder}
if reminded:
    section(t("Reminder"))
    st.write(t("The program sends no mail. Choose a reviewer, copy the text and send it yourself."))
    who = st.selectbox(
        t("Reviewer"),
        list(reminded),
        format_func=lambda i: t(
            "{name}, in {language}", name=reminded[i].name, language=language_name(reminded[i].language)
        ),
        placeholder=t("Choose"),
    )
    st.code(reminded[who].reminder, language=None, wrap_lines=True)
