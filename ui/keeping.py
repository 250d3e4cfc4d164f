"""Nothing typed is lost: the script that saves while typing and keeps in the browser what is not saved yet.

The page gives it places for the state and for kept texts, which never change while the form is open, and an element
with what is stored now. The script is ``access/static/keeping.js``.
"""

import json
import re
import secrets
from dataclasses import asdict, dataclass
from hashlib import sha256
from html import escape
from pathlib import Path

import streamlit as st

from ui.texts import language, t

DAYS = 7
"""How long a browser keeps a text that was never saved."""
_SCRIPT = Path(__file__).parents[1] / "access" / "static" / "keeping.js"


@dataclass(frozen=True, slots=True)
class Field:
    """A text area of the form: the key of its widget, its label, and its text as it is stored."""

    key: str
    label: str
    saved: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form whose texts are kept.

    ``name`` tells it from every other form of every person; ``user`` says whose it is; ``save_button`` is the key of the
    button that saves; ``saved`` says when it was saved. ``conflict``: a choice between two versions is open;
    ``settled`` counts the choices made.
    """

    name: str
    user: str
    fields: tuple[Field, ...]
    save_button: str
    saved: str
    closed: bool = False
    conflict: bool = False
    settled: int = 0


def offers() -> None:
    """The place, above the form, where texts that this browser has kept are offered; brings the script."""
    st.html(_places(language(), _version()), unsafe_allow_javascript=True)


def keeping(form: Form) -> None:
    """Below the form: the state of saving, in sight while the form is. ``offers`` has to stand above the form."""
    with st.container(key="keeping"):
        st.html(_LINES)
        st.html(f'<div hidden data-keeping-form="{escape(_json(_stored(form)), quote=True)}"></div>')


def css_class(key: str) -> str:
    """The class that Streamlit gives the element of a widget with this key."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key.strip())


def _stored(form: Form) -> dict[str, object]:
    return {
        **asdict(form),
        "fields": [{**asdict(field), "css": css_class(field.key)} for field in form.fields],
        "save_button": css_class(form.save_button),
        "session": _session(),
    }


def _session() -> str:
    """Tells the script whether it still talks with the session that it has been talking with."""
    name: str = st.session_state.setdefault("keeping-session", secrets.token_hex(4))
    return name


@st.cache_data(show_spinner=False)
def _places(lang: str, version: str) -> str:
    words = escape(_json(_words()), quote=True)
    return (
        f'{_STYLE}<div data-keeping-words="{words}" data-keeping-days="{DAYS}" lang="{escape(lang, quote=True)}">'
        f'<div data-keeping-offer></div></div><script src="/access/keeping.js?v={version}"></script>'
    )


def _words() -> dict[str, str]:
    return {
        "typing": t("What you typed last is not saved yet."),
        "waiting": t(
            "The server has not confirmed the saving yet. What you type is kept in this browser. "
            "If this stays, use Save now or load the page again: the text is offered to you."
        ),
        "offline": t(
            "No connection to the server. You can go on typing: the text is kept in this browser and saved when the "
            "connection is back. The levels and the buttons work again then."
        ),
        "offline_unkept": t(
            "No connection to the server, and this browser does not allow keeping texts. Do not close this page: what "
            "you type is saved from it when the connection is back."
        ),
        "conflict": t("Not saved: the review was saved elsewhere meanwhile. Choose above what is kept."),
        "offered": t("A text typed on this device was not saved. It is offered above the form."),
        "title": t("On this device there is text that was not saved"),
        "intro": t("It is kept in this browser only, for at most {days} days. Signing out removes it.", days=str(DAYS)),
        "typed": t("Typed {moment}", moment="{moment}"),
        "changed": t("The saved text has changed since. Putting this back replaces it."),
        "closed": t("The review is closed: the text can no longer be put back. It can be copied from here."),
        "empty": t("empty"),
        "go": t("Go there"),
        "back": t("Put it back"),
        "discard": t("Discard"),
    }


def _version() -> str:
    return _digest(_SCRIPT.stat().st_mtime)


@st.cache_data(show_spinner=False)
def _digest(_stamp: float) -> str:
    return sha256(_SCRIPT.read_bytes()).hexdigest()[:12]


def _json(value: object) -> str:
    # The browser side removes attributes that look like the end of an element.
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


_LINES = """<div class="ap-kept-lines" data-keeping-lines><p role="status" data-keeping-state></p>
<p data-keeping-typing></p><button type="button" data-keeping-go hidden></button></div>"""
_STYLE = """<style>
div:has(> .st-key-keeping){position:sticky;bottom:0;z-index:3}
.st-key-keeping{background:light-dark(#fff,#14181d);border-top:1px solid var(--ap-line);padding:.35rem 0;gap:0}
body:has([data-keeping-form]):has([data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])) [data-testid="stDialog"]{display:none}
[data-testid="stMain"]:has(.st-key-keeping){scroll-padding-bottom:5rem}
[data-testid="stTextArea"] [data-testid="InputInstructions"] span:first-child:not(:last-child){display:none}
[data-testid="stTextArea"] [data-testid="InputInstructions"] span::before{content:none!important}
.ap-kept-lines{display:flex;flex-wrap:wrap;gap:0 1rem;min-height:1.6rem}
.ap-kept-lines p{margin:0!important;color:var(--ap-quiet);font-size:.9rem}
.ap-kept-lines p:empty{display:none}
.ap-kept-lines[data-kind=warn] [role=status]{color:light-dark(#7a4700,#f0c069);font-weight:600}
.ap-kept{border:1px solid var(--ap-line);border-left:4px solid var(--ap-accent);border-radius:.25rem;padding:.5rem .75rem;margin:.5rem 0;max-height:60vh;overflow:auto}
.ap-kept h3{font-size:1rem;font-weight:650;padding:0;margin:0}
.ap-kept h4{font-size:.95rem;font-weight:650;padding:0;margin:.5rem 0 .2rem}
.ap-kept p{margin:.2rem 0}
.ap-kept blockquote{white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0;padding:.4rem .6rem;border:0;border-radius:.25rem;background:var(--ap-ground);color:var(--ap-ink)}
.ap-kept button,.ap-kept-lines button{font:inherit;color:var(--ap-ink);background:transparent;border:1px solid var(--ap-quiet);border-radius:3px;padding:.3rem .8rem;margin:0 .5rem .25rem 0;min-height:2.5rem;cursor:pointer}
.ap-kept button:hover,.ap-kept-lines button:hover{border-color:var(--ap-accent);color:var(--ap-accent)}
.ap-kept :focus-visible,.ap-kept:focus-visible{outline:3px solid var(--ap-accent);outline-offset:2px}
.ap-kept-lines button:focus-visible,#two-versions:focus-visible{outline:3px solid var(--ap-accent);outline-offset:2px}
.ap-kept-lines button[hidden]{display:none}
</style>"""
