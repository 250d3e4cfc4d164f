"""What every chart is shown with: the numbers of the language, an alternative text, and the same sentence below."""

from typing import Any

import streamlit as st

from locales import Lang
from ui import notices

GROUND, INK, QUIET, LINE = "#ffffff", "#1b2733", "#4a5a68", "#8a97a3"
"""A chart is a figure on white paper on a dark screen too: fills that are told apart in print need that ground."""


def framed(spec: dict[str, Any], lang: Lang) -> dict[str, Any]:
    """``spec`` with the configuration that all charts share."""
    # The alternative text says it all; Vega's own name for every single mark would be read out in English.
    config = {
        "aria": False,
        "mark": {"aria": False},
        "locale": _numbers(lang),
        "font": '"Source Sans", sans-serif',
        "view": {"stroke": None},
        "text": {"color": INK},
        "axis": {
            "labelColor": INK,
            "titleColor": QUIET,
            "titleFontWeight": "normal",
            "domainColor": LINE,
            "tickColor": LINE,
            "gridColor": "#e6eaee",
        },
        "legend": {"labelColor": INK, "titleColor": INK, "symbolType": "square", "symbolStrokeColor": LINE},
    }
    # Each side by itself: Streamlit writes into it.
    padding = dict.fromkeys(("left", "right", "top", "bottom"), 6)
    return {**spec, "background": GROUND, "padding": padding, "config": config}


def show_chart(spec: dict[str, Any], alt: str) -> None:
    """Show a framed specification; ``alt`` says what is to be seen."""
    st.vega_lite_chart(spec, width="stretch", alt=alt, theme=None)
    notices.caption(alt)


def _numbers(lang: Lang) -> dict[str, Any]:
    if lang in ("fi", "sv"):
        return {"number": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0€"]}}
    return {"number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]}}
