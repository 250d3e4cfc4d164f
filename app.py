"""The web application: ``streamlit run app.py`` (or ``uvicorn app:app`` behind a proxy)."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from access.documents import document_routes
from access.gate import Gate
from access.headers import SecurityHeaders
from access.loopback import LoopbackOnly, require_loopback
from access.page_language import PageLanguage
from access.routes import failure, routes
from access.serving import answer_at_once, listening_addresses
from storage.accounts import is_sample_database
from storage.engine import make_engine, serving_url
from storage.migrate import upgrade
from ui.failures import show_failure
from workflow.accounts import SignIn, limits_from_environment
from workflow.attachments import Documents
from workflow.calls import add_presets
from workflow.house import House

engine = make_engine(serving_url())
accounts = SignIn(engine, limits_from_environment())


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Before the first visitor: the schema is the newest, the sample data stays at home, memory is settled."""
    upgrade(engine)
    add_presets(House(engine))
    if is_sample_database(engine):
        LoopbackOnly.on = True
        require_loopback(listening_addresses())
    answer_at_once()
    _settle_memory()
    yield
    engine.dispose()


def _settle_memory() -> None:
    # A full collection runs after every page run. What is loaded now never goes away: frozen, it is not walked.
    import altair  # noqa: F401
    import pandas  # noqa: F401
    import scipy.optimize
    import scipy.sparse  # noqa: F401

    gc.collect()
    gc.freeze()


# The script lies in pages/ and not beside it: Streamlit would otherwise serve every file of a sibling pages/
# directory by its name, past the router.
app = st.App(
    Path(__file__).parent / "pages" / "_router.py",
    routes=[*routes(accounts), *document_routes(Documents(House(engine)))],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(LoopbackOnly),
        Middleware(Gate, accounts=accounts),
        Middleware(PageLanguage),
    ],
    exception_handlers={Exception: failure},
    on_script_error=show_failure,
    lifespan=lifespan,
)
