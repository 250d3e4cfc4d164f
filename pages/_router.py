"""The way in: who is there, what their role opens, and the page they asked for."""

from typing import Literal

import streamlit as st

from access.permissions import (
    Permission,
    can_assign,
    can_declare_conflict,
    can_export,
    can_import,
    can_manage_accounts,
    can_review,
    can_see_all_applications,
    can_see_audit,
    can_see_call,
    can_see_decision,
    can_see_meeting,
    can_see_progress,
    can_see_ranking,
    can_see_reviewer_statistics,
    can_see_scenarios,
    require,
)
from ui.look import heading, masthead, style
from ui.session import refusals_shown, visit
from ui.texts import t
from workflow.calls import get_call
from workflow.overview import get_headline

here = visit()

PAGES: list[tuple[str, str, Permission, Literal["visible", "hidden"]]] = [
    ("overview", t("Overview"), can_see_call, "hidden"),
    ("call", t("Call"), can_see_call, "visible"),
    ("phases", t("Phases"), can_see_call, "hidden"),
    ("reviews", t("My reviews"), can_review, "visible"),
    ("review", t("Review"), can_review, "hidden"),
    ("offline", t("Offline form"), can_review, "visible"),
    ("conflicts", t("Conflicts of interest"), can_declare_conflict, "visible"),
    ("applications", t("Applications"), can_see_all_applications, "visible"),
    ("application", t("Application"), can_see_all_applications, "hidden"),
    ("follow_up", t("Follow-up"), can_see_progress, "visible"),
    ("intake", t("Import"), can_import, "visible"),
    ("assignment", t("Assignment"), can_assign, "visible"),
    ("meeting", t("Panel meeting"), can_see_meeting, "visible"),
    ("ranking", t("Ranking"), can_see_ranking, "visible"),
    ("reviewers", t("Reviewers"), can_see_reviewer_statistics, "hidden"),
    ("agreement", t("Agreement"), can_see_ranking, "hidden"),
    ("allocate", t("Allocation"), can_see_scenarios, "visible"),
    ("compare", t("Compare scenarios"), can_see_scenarios, "hidden"),
    ("costs", t("Costs"), can_see_all_applications, "visible"),
    ("reasons", t("Reasons"), can_see_decision, "visible"),
    ("decide", t("Decision"), can_see_decision, "visible"),
    ("export", t("Export"), can_export, "hidden"),
    ("trail", t("Log"), can_see_audit, "visible"),
    ("accounts", t("Accounts"), can_manage_accounts, "visible"),
]

st.set_page_config(page_title=t("Grant Panel"), page_icon=":material/account_balance:", layout="wide")
style()


def _page(name: str, title: str, permission: Permission, visibility: Literal["visible", "hidden"]) -> st.Page:
    """The page, or for another role's page a refusal in our own words at the same address."""
    if permission(here.actor):
        return st.Page(f"{name}.py", title=title, url_path=name, visibility=visibility)

    def refuse() -> None:
        heading(title)
        require(here.actor, permission)

    return st.Page(refuse, title=title, url_path=name, visibility="hidden")


# The front page answers at "/" only; "overview" keeps an address of its own for links and bookmarks.
front = st.Page("overview.py", title=t("Overview"), url_path="front", default=True)
chosen = st.navigation([front, *(_page(*page) for page in PAGES)], position="top")
if here.call_id:
    call = get_call(here.house, here.actor, here.call_id)
    masthead(here, call, get_headline(here.house, here.actor, here.call_id))
else:
    masthead(here, None, None)
with refusals_shown():
    chosen.run()
