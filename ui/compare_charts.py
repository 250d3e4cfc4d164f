"""Charts of scenarios side by side: what share each theme gets in each, and what each region gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from locales import Lang, msg, render
from ui.chart_frame import GROUND, INK, framed, named_bars, show_chart
from ui.charts import ACCENT, SECOND
from ui.texts import language

Spec = dict[str, Any]
_FILLS = ("#0d2740", "#cfdcea", "#336a98", "#edf3f9", "#94b7d5", "#163a5b", "#b7cfe4", "#4d82af")
"""One hue; neighbours differ in lightness, so that grey print keeps the parts apart. Names and figures stand beside."""
_DARK = frozenset({"#0d2740", "#336a98", "#163a5b", "#4d82af"})
_PER_CHARACTER = 0.018
"""Share of a bar that a character takes; a figure that would not fit is in the table alone."""
_MARKS = (
    ("circle", "#aab6c0"),
    ("square", ACCENT),
    ("triangle-up", SECOND),
    ("diamond", "#67727d"),
    ("cross", "#0d2740"),
)
MOST_MARKS = len(_MARKS)


@dataclass(frozen=True, slots=True)
class ShareBar:
    """One scenario: its name, the shares of the parts (together 1, or all 0) and the shares as they are written."""

    name: str
    shares: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region: what it gets in each scenario, in euros."""

    name: str
    euros: tuple[int, ...]


def share_chart(parts: Sequence[str], bars: Sequence[ShareBar], alt: str) -> None:
    """A bar per scenario, split by ``parts``."""
    show_chart(_share_spec(tuple(parts), tuple(bars), language()), alt)


def region_chart(names: Sequence[str], rows: Sequence[RegionRow], alt: str) -> None:
    """A row per region with a mark of its own shape for each of at most ``MOST_MARKS`` scenarios."""
    show_chart(_region_spec(tuple(names), tuple(rows), language()), alt)


@st.cache_data(show_spinner=False, max_entries=64)
def _share_spec(parts: tuple[str, ...], bars: tuple[ShareBar, ...], lang: Lang) -> Spec:
    fills = [_FILLS[place % len(_FILLS)] for place in range(len(parts))]
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    y = {"field": "row", "type": "nominal", "sort": None, "axis": None}
    colour = {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": list(parts), "range": fills},
        "legend": _legend(2),
    }
    layers = named_bars(x, colour)
    values = [row for place, bar in enumerate(bars) for row in _segments(place, bar, parts, fills)]
    return _layered(values, layers, y, {"step": 56}, lang)


def _segments(place: int, bar: ShareBar, parts: Sequence[str], fills: Sequence[str]) -> list[Spec]:
    start, found = 0.0, []
    for number, (part, share, label, fill) in enumerate(zip(parts, bar.shares, bar.labels, fills, strict=True)):
        found.append(
            {
                "row": str(place),
                "name": "" if number else bar.name,
                "part": part,
                "start": start,
                "end": start + share,
                "middle": start + share / 2,
                "label": label if share >= _PER_CHARACTER * len(label) else "",
                "ink": GROUND if fill in _DARK else INK,
            }
        )
        start += share
    return found


@st.cache_data(show_spinner=False, max_entries=64)
def _region_spec(names: tuple[str, ...], rows: tuple[RegionRow, ...], lang: Lang) -> Spec:
    marks = _MARKS[: len(names)]
    values = [
        {"row": row.name, "scenario": name, "euros": euros}
        for row in rows
        for name, euros in zip(names, row.euros, strict=True)
    ]
    domain = {"domain": list(names)}
    legend = {**_legend(1), "symbolSize": 90, "symbolStrokeColor": INK}
    key = {"field": "scenario", "type": "nominal", "legend": legend}
    y = {
        "field": "row",
        "type": "nominal",
        "sort": None,
        "scale": {"type": "band", "paddingInner": 0.25},
        "axis": {
            "title": None,
            "grid": True,
            "ticks": False,
            "domain": False,
            "labelFontSize": 12,
            "labelLimit": 190,
            "labelPadding": 12,
        },
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "point", "size": 75, "stroke": INK, "strokeWidth": 1.2, "opacity": 1},
            "encoding": {
                # Below each other, so that equal amounts do not cover each other.
                "yOffset": {"field": "scenario", "type": "nominal", "scale": domain},
                "x": {
                    "field": "euros",
                    "type": "quantitative",
                    "axis": {"title": render(msg("euros"), lang), "format": ",.0f", "tickCount": 5, "orient": "top"},
                },
                "shape": {**key, "scale": {**domain, "range": [shape for shape, _ in marks]}},
                "fill": {**key, "scale": {**domain, "range": [fill for _, fill in marks]}},
            },
        }
    ]
    return _layered(values, layers, y, {"step": 10, "for": "offset"}, lang)


def _legend(columns: int) -> Spec:
    return {
        "title": None,
        "orient": "top",
        "columns": {"expr": f"width < 420 ? 1 : {columns}"},
        "labelLimit": {"expr": "width < 420 ? 170 : 480"},
        "labelFontSize": 12,
    }


def _layered(values: list[Spec], layers: list[Spec], y: Spec, height: Spec, lang: Lang) -> Spec:
    for layer in layers:
        layer["mark"]["aria"] = False
        layer["encoding"] = {"y": y, **layer["encoding"]}
    return framed({"data": {"values": values}, "height": height, "layer": layers}, lang)
