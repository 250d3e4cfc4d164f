"""The look: one style sheet, and the masthead with the state of the call on every page."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import quote, urlencode

import streamlit as st

from access.permissions import PHASES, REVIEW, ROLES
from calls.definition import CallDefinition
from locales import LANGUAGES, Money
from ui.session import Visit, show_flash
from ui.texts import language, money, say, t
from workflow.overview import Headline

_CSS = Path(__file__).with_name("look.css")
_LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


@st.cache_data(show_spinner=False)
def _style(_stamp: float) -> str:
    return f"<style>{_CSS.read_text(encoding='utf-8')}</style>"


def style() -> None:
    """Put the style sheet on the page, with the words of Streamlit's upload box and navigation in the reader's language."""
    words = {"browse": t("Choose a file"), "drop": t("or drop it here"), "pages": t("More pages")}
    variables = ";".join(f'--ap-{name}:"{_css_text(word)}"' for name, word in words.items())
    st.html(_style(_CSS.stat().st_mtime))
    st.html(f"<style>:root{{{variables}}}</style>")


def _css_text(word: str) -> str:
    return word.replace("\\", "").replace('"', "").replace("<", "")


def masthead(visit: Visit, call: CallDefinition | None, headline: Headline | None) -> None:
    """Name of the product, call and its deadline, language switch, who is signed in."""
    languages = " ".join(
        f'<a href="/language/{code}?next={quote(_here(visit.call_id))}" target="_self" lang="{code}"'
        f"{_current(code == language())}>{_LANGUAGE_NAMES[code]}</a>"
        for code in LANGUAGES
    )
    calls = " ".join(
        f'<a href="?call={escape(c.id, quote=True)}" target="_self"{_current(c.id == visit.call_id)}>'
        f"{escape(t('Call {call}', call=c.id))}</a>"
        for c in visit.calls
    )
    roles = ", ".join(say(ROLES[role]) for role in ROLES if role in visit.actor.roles)
    state = "" if call is None else f'<p class="ap-call">{_call_state(visit, call, headline)}</p>'
    st.html(
        f'<header class="ap-masthead"><div class="ap-top"><p class="ap-product">{escape(t("Grant Panel"))}</p>'
        f'<nav aria-label="{escape(t("Calls"), quote=True)}">{calls}</nav>'
        f'<nav aria-label="{escape(t("Language"), quote=True)}">{languages}</nav>'
        f'<p class="ap-who">{escape(visit.actor.name)} ({escape(roles)}) '
        f'<a href="/password" target="_self">{escape(t("Password"))}</a> '
        f'<a href="/sign-out" target="_self">{escape(t("Sign out"))}</a></p></div>{state}</header>'
    )


def _here(call_id: str) -> str:
    """The address of this page, with its call and whatever else it was asked with."""
    path = st.context.url or "/"
    page = "/" + path.split("/", 3)[3] if path.count("/") >= 3 else "/"
    query = {**({"call": call_id} if call_id else {}), **st.query_params.to_dict()}
    return page + (f"?{urlencode(query)}" if query else "")


def _current(chosen: bool) -> str:
    return ' aria-current="true"' if chosen else ""


def _call_state(visit: Visit, call: CallDefinition, headline: Headline | None) -> str:
    parts = [f"<strong>{escape(say(call.name))}</strong>"]
    if headline is not None:
        words = escape(t("phase: {phase}", phase=PHASES[headline.phase]))
        parts.append(f'<a href="/phases?call={quote(visit.call_id)}" target="_self">{words}</a>')
    parts += [
        escape(_window(call)),
        escape(t("appropriation {euros}", euros=money(call.money.appropriation.value))),
    ]
    if headline is not None:
        if headline.review_deadline is not None and headline.phase == REVIEW:
            parts.append(escape(t("reviews by {moment}", moment=headline.review_deadline)))
        parts.append(escape(t("applied for {euros}", euros=Money(headline.applied))))
        if headline.proposed is not None and headline.remaining is not None:
            named = (
                t("proposed {euros} ({scenario})", euros=Money(headline.proposed), scenario=headline.scenario)
                if headline.decision is None
                else t("granted {euros} (decision {n})", euros=Money(headline.proposed), n=headline.decision)
            )
            parts.append(escape(named))
            parts.append(escape(t("remaining {euros}", euros=Money(headline.remaining))))
    return " · ".join(parts)


def _window(call: CallDefinition) -> str:
    closes = call.window.closes.value
    if closes > datetime.now(UTC):
        return t("closes {moment}", moment=closes)
    return t("closed {moment}", moment=closes)


def heading(title: str, lead: str = "", lang: str = "") -> None:
    """A page's title and the sentence that says what it is for; ``lang`` when the title is in another language."""
    spoken = f' lang="{escape(lang, quote=True)}"' if lang else ""
    st.html(
        f'<h1 class="ap-title"{spoken}>{escape(title)}</h1>'
        + (f'<p class="ap-lead">{escape(lead)}</p>' if lead else "")
    )
    show_flash()


def section(title: str) -> None:
    """A heading inside a page."""
    st.html(f'<h2 class="ap-section">{escape(title)}</h2>')
