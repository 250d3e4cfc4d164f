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


def named_bars(x: dict[str, Any], colour: dict[str, Any]) -> list[dict[str, Any]]:
    """Layers of bars cut into parts, a label in each, the name above: rows with start, end, middle, label, ink, name."""
    return [
        {
            "mark": {"type": "bar", "height": 26, "yOffset": 8, "stroke": LINE, "strokeWidth": 0.75},
            "encoding": {"x": {"field": "start", **x}, "x2": {"field": "end"}, "color": colour},
        },
        {
            "mark": {"type": "text", "fontSize": 12, "yOffset": 8},
            "encoding": {
                "x": {"field": "middle", **x},
                "text": {"field": "label", "type": "nominal"},
                "color": {"field": "ink", "type": "nominal", "scale": None},
            },
        },
        {
            "mark": {"type": "text", "align": "left", "fontSize": 13, "yOffset": -14},
            "encoding": {"x": {"datum": 0, **x}, "text": {"field": "name", "type": "nominal"}},
        },
    ]


def show_chart(spec: dict[str, Any], alt: str) -> None:
    """Show a framed specification; ``alt`` says what is to be seen."""
    st.vega_lite_chart(spec, width="stretch", alt=alt, theme=None)
    notices.caption(alt)


def _numbers(lang: Lang) -> dict[str, Any]:
    if lang in ("fi", "sv"):
        return {"number": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0€"]}}
    return {"number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]}}
