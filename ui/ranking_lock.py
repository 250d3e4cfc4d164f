"""The lock of the ranking rule on the page of the call: whether it is locked, and the officer's button."""

import streamlit as st

from access.permissions import can_lock_ranking_rule
from calls.definition import CallDefinition
from ui import notices
from ui.look import section
from ui.phase import closed_notice, is_open
from ui.session import Visit, flash, refusals_shown
from ui.tables import Badge, facts
from ui.texts import moment, t
from workflow.ranking_lock import get_ranking_lock, lock_ranking_rule, matches, too_late_to_lock


def show_ranking_lock(here: Visit, call: CallDefinition) -> None:
    """What is locked, by whom and when, with its hash; for officers before the reviews, the way to lock it."""
    section(t("Lock of the ranking rule"))
    lock = get_ranking_lock(here.house, here.actor, call.id)
    notices.caption(
        t(
            "The lock fixes the criteria, their weights and levels, the threshold, the order in which equal scores are separated, the lot's seed, the appropriation, and the limits and the rounding of a grant before any score is known. Its hash goes into the decision."
        )
    )
    if lock is None:
        facts([(t("State"), Badge(t("Not locked")))])
        if can_lock_ranking_rule(here.actor):
            _lock_or_why_not(here, call)
        return
    facts(
        [
            (t("State"), Badge(t("Locked"), "good")),
            (t("Locked by"), f"{lock.by or '–'}, {moment(lock.at)}"),
            (t("Hash (SHA-256)"), lock.hash),
        ]
    )
    if not matches(call, lock):
        notices.warning(t("The call does not say any more what was locked."))


def _lock_or_why_not(here: Visit, call: CallDefinition) -> None:
    """No button that would only be refused."""
    late = too_late_to_lock(here.house, here.actor, call.id)
    if late is not None:
        notices.info(t("The ranking rule can no longer be locked. {why}", why=late))
    elif is_open(here, can_lock_ranking_rule):
        _lock_form(here, call)
    else:
        closed_notice(here, can_lock_ranking_rule)


def _lock_form(here: Visit, call: CallDefinition) -> None:
    with st.form("ranking-lock", border=False):
        sure = st.checkbox(t("The values above are final. A locked ranking rule is not unlocked."))
        if st.form_submit_button(t("Lock the ranking rule"), icon=":material/lock:"):
            if not sure:
                notices.error(t("Confirm first that the values are final. The ranking rule was not locked."))
                return
            with refusals_shown():
                made = lock_ranking_rule(here.house, here.actor, call.id)
                flash(t("The ranking rule was locked. Its hash is {hash}.", hash=made.hash))
                st.rerun()
