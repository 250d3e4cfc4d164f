"""Messages in boxes. Streamlit reads their text as Markdown; what a value holds is shown as it is written."""

import re

import streamlit as st

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$<>:-])")
_ADDRESS = re.compile(r"(?:https?|ftp):|www(?=\.)|(?<=\S)(?=@)", re.IGNORECASE)
"""What would become a link by itself; a word joiner, which is not seen, keeps it text."""


def verbatim(text: str) -> str:
    """``text`` so that Markdown shows it as written."""
    unlinked = _ADDRESS.sub("\\g<0>\u2060", text)
    return _MARKDOWN.sub(r"\\\1", unlinked)


def error(text: str, icon: str = ":material/block:") -> None:
    """Something was refused or failed."""
    st.error(verbatim(text), icon=icon)


def warning(text: str, icon: str = ":material/warning:") -> None:
    """Something to look at."""
    st.warning(verbatim(text), icon=icon)


def info(text: str, icon: str = ":material/info:") -> None:
    """Something to know."""
    st.info(verbatim(text), icon=icon)


def success(text: str, icon: str = ":material/check:") -> None:
    """Something was done."""
    st.success(verbatim(text), icon=icon)


def caption(text: str) -> None:
    """A quiet sentence."""
    st.caption(verbatim(text))
