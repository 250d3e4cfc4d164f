"""Overview: the numbers of the call, the progress, the appropriation against what is applied for."""

import streamlit as st

from ui import notices
from ui.charts import appropriation_chart
from ui.decision_now import show_waiting
from ui.labels import state_badge, theme_name
from ui.look import heading, section
from ui.session import visit
from ui.tables import Column, figures, table
from ui.texts import money, percent, say, t, tn
from workflow.overview import get_overview

here = visit()
heading(t("Overview"), t("How far the call is, and how the amounts applied for compare with the appropriation."))
if not here.call_id:
    notices.info(t("There is no call yet. An officer adds one on the page Call."))
    st.stop()
seen = get_overview(here.house, here.actor, here.call_id)
appropriation = seen.call.money.appropriation.value

figures(
    [
        (t("Applications"), str(seen.applications), tn("{n} eligible", "{n} eligible", seen.states.get("eligible", 0))),
        (
            t("Applied for"),
            money(seen.applied),
            t("{share} of the appropriation", share=percent(seen.applied, appropriation)),
        ),
        (
            t("Appropriation"),
            money(appropriation),
            say(seen.call.money.budget_item.value) if seen.call.money.budget_item else "",
        ),
        (
            t("Reviews submitted"),
            f"{seen.reviews_submitted} / {seen.reviews_assigned}",
            tn("{n} draft", "{n} drafts", seen.reviews_draft),
        ),
    ]
)
show_waiting(here)
if not seen.applications:
    notices.info(t("There are no applications yet. An officer brings them in on the page Import."))
    st.stop()

section(t("Appropriation and amounts applied for"))
appropriation_chart(appropriation, seen.applied, seen.applied_eligible)

left, right = st.columns(2)
with left:
    section(t("Handling"))
    table(
        t("Applications by state of handling"),
        [Column(t("State")), Column(t("Applications"), figures=True)],
        [[state_badge(state), str(count)] for state, count in sorted(seen.states.items())],
    )
with right:
    section(t("Themes"))
    table(
        t("Applications and amounts by theme"),
        [Column(t("Theme")), Column(t("Applications"), figures=True), Column(t("Applied for"), figures=True)],
        [
            [theme_name(seen.call, theme), str(count), money(euros)]
            for theme, (count, euros) in sorted(seen.themes.items())
        ],
    )
if seen.reviewers:
    section(t("Reviewers"))
    table(
        t("Progress of the reviews"),
        [
            Column(t("Reviewer")),
            Column(t("Assigned"), figures=True),
            Column(t("Reviews submitted"), figures=True),
            Column(t("Drafts"), figures=True),
        ],
        [[r.name, str(r.assigned), str(r.submitted), str(r.drafts)] for r in seen.reviewers],
    )
