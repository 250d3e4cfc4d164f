"""Who is looking, at which call, in which language; and how a refusal looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

import streamlit as st

from access.cookies import language_from, session_token
from access.permissions import Actor, Forbidden
from ui import notices
from ui.texts import say, set_language, t
from workflow.calls import CallSummary, list_calls
from workflow.errors import Refused
from workflow.house import House, open_served_house
from workflow.sign_in import actor_for_session


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of a page: the house, who is there and which call is chosen."""

    house: House
    actor: Actor
    calls: tuple[CallSummary, ...]
    call_id: str


@st.cache_resource(show_spinner=False)
def _house() -> House:
    return open_served_house()


def visit() -> Visit:
    """The visitor of this run. Without a valid session nothing more is run."""
    house = _house()
    actor = actor_for_session(house.engine, session_token(st.context.cookies))
    if actor is None:
        set_language(language_from(st.context.cookies))
        notices.warning(t("Your session has ended. Sign in again."))
        st.html(f'<p><a href="/sign-in" target="_self">{t("Sign in")}</a></p>')
        st.stop()
    set_language(language_from(st.context.cookies, actor.language))
    calls = tuple(list_calls(house, actor))
    return Visit(house, actor, calls, _chosen_call(calls))


def _chosen_call(calls: tuple[CallSummary, ...]) -> str:
    ids = [call.id for call in calls]
    wanted = st.query_params.get("call") or st.session_state.get("call")
    chosen = wanted if wanted in ids else (ids[0] if ids else "")
    st.session_state["call"] = chosen
    if ids and chosen != ids[0] and wanted != st.query_params.get("call"):
        # A new page load begins from the address alone: without this it would fall back to the newest call.
        st.query_params["call"] = chosen
    return chosen


@contextmanager
def refusals_shown(title: str = "") -> Iterator[None]:
    """Show a refusal of a use case as a message, not as a traceback; with ``title`` under a heading of the page."""
    try:
        yield
    except Refused as refused:
        if title:
            st.html(f'<h1 class="ap-title">{escape(title)}</h1>')
        for message in refused.messages:
            notices.error(say(message), icon=":material/block:")
    except Forbidden as forbidden:
        notices.error(say(forbidden.message), icon=":material/lock:")


def flash(message: str) -> None:
    """Keep a message over the next rerun."""
    st.session_state["flash"] = message


def show_flash() -> None:
    """Show the message kept by ``flash``, once."""
    # The container is always there: what stands below it keeps its place, and open forms stay open, when it empties.
    with st.container():
        if message := st.session_state.pop("flash", None):
            notices.success(message, icon=":material/check:")
