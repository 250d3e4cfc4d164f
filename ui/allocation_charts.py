"""Charts of a distribution: grants and the remaining appropriation along the ranking, and groups.

One colour has one meaning: dark blue is proposed, light grey applied for, orange set by hand. They differ in lightness,
so that grey print keeps them apart.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import streamlit as st

from locales import Lang, format_money, msg, render
from ui.chart_frame import INK, LINE, framed, show_chart
from ui.charts import ACCENT, SECOND
from ui.texts import language

Spec = dict[str, Any]
APPLIED = "#d5dce2"
_EXTENT = 84
"""Pixels for the labels of the euros: the same in charts that stand above each other, so that their bars do too."""
LEGEND: Spec = {
    "title": None,
    "orient": "top",
    "labelFontSize": 12,
    "labelLimit": 0,
    "columns": {"expr": "width < 420 ? 1 : 3"},
}
_LABEL_ROOM = 0.34
"""Room for the figures beside the longest bar, as a share of it, on a narrow screen as well."""

_NARROW, _WIDE = 0.2, 0.75
"""Shares of the width: left of the first a text has to go on to the right, left of the second it may."""


@dataclass(frozen=True, slots=True)
class AwardBar:
    """One project along the ranking: euros applied for, granted, and left of the appropriation after it."""

    label: str
    applied: int
    granted: int
    left: int
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class PairBar:
    """One group: its name, what was applied for, what is proposed, and the figures as they are written."""

    name: str
    applied: float
    proposed: float
    label: str


def awards_chart(bars: Sequence[AwardBar], appropriation: int, marks: tuple[int, int], alt: tuple[str, str]) -> None:
    """Grants along the ranking, and below them how the appropriation runs down.

    ``marks``: after how many projects all so far are funded, and after how many the last funded one stands. ``alt``:
    what the two charts show.
    """
    grants, left = _award_specs(tuple(bars), appropriation, marks, language())
    with st.container(gap=None):
        st.vega_lite_chart(grants, width="stretch", alt=alt[0], theme=None)
        show_chart(left, " ".join(alt))


def pair_chart(bars: Sequence[PairBar], alt: str, *, measure: Literal["euros", "share"] = "euros") -> None:
    """A row per group: light what was applied for, dark what is proposed."""
    show_chart(_pair_spec(tuple(bars), measure, language()), alt)


@st.cache_data(show_spinner=False, max_entries=64)
def _award_specs(
    bars: tuple[AwardBar, ...], appropriation: int, marks: tuple[int, int], lang: Lang
) -> tuple[Spec, Spec]:
    granted, by_hand, asked = (
        render(msg("Proposed"), lang),
        render(msg("Set by hand"), lang),
        render(msg("Applied for, not proposed"), lang),
    )
    rows = [{**asdict(bar), "what": by_hand if bar.by_hand else granted} for bar in bars]
    colours = {granted: ACCENT, **({by_hand: SECOND} if any(bar.by_hand for bar in bars) else {}), asked: APPLIED}
    colour = {
        "type": "nominal",
        "scale": {"domain": list(colours), "range": list(colours.values())},
        "legend": {**LEGEND, "offset": 40},
    }
    tooltip = [
        {"field": "label", "type": "nominal", "title": render(msg("Application"), lang)},
        *(
            {"field": field, "type": "quantitative", "title": render(title, lang), "format": ",.0f"}
            for field, title in (
                ("applied", msg("Applied for")),
                ("granted", msg("Proposed")),
                ("left", msg("Remaining after it")),
            )
        ),
    ]
    euros = {"type": "quantitative", "axis": _euros(msg("Grant, euros"), lang)}
    above: list[Spec] = [
        layer_of(
            {"type": "bar", "stroke": LINE, "strokeWidth": 0.75},
            y={"field": "applied", **euros},
            color={"datum": asked, **colour},
        ),
        layer_of({"type": "bar"}, y={"field": "granted", **euros}, color={"field": "what", **colour}),
        *_marks([bar.label for bar in bars], marks, lang, named=True),
    ]
    left = {
        "type": "quantitative",
        "axis": _euros(msg("Remaining, euros"), lang),
        "scale": {"domain": [min(0, *(bar.left for bar in bars)), appropriation]},
    }
    below: list[Spec] = [
        layer_of({"type": "bar", "color": "#a9bfd3", "width": {"band": 1}}, y={"field": "left", **left}),
        layer_of({"type": "tick", "color": ACCENT, "thickness": 2, "width": {"band": 1}}, y={"field": "left", **left}),
        *_marks([bar.label for bar in bars], marks, lang, named=False),
        *_ends(bars, left, lang),
    ]
    labels = {"title": None, "labelAngle": -90, "labelFontSize": 10, "labelOverlap": True, "ticks": False}
    return (
        along_ranking(rows, above, {"title": None, "labels": False, "ticks": False}, tooltip, 230, lang),
        along_ranking(rows, below, labels, tooltip, 240, lang),
    )


def along_ranking(
    rows: list[Spec], layers: list[Spec], axis: Spec, tooltip: list[Spec], height: int, lang: Lang
) -> Spec:
    """Layers over one horizontal axis: a place per row, by its ``label``, in the given order."""
    x = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": [row["label"] for row in rows]},
        "axis": axis,
    }
    encoding: Spec = {"x": x, **({"tooltip": tooltip} if tooltip else {})}
    for layer in layers:
        layer["mark"]["aria"] = False
        # A layer with data of its own (a line, a text) is placed by itself.
        layer["encoding"] = {**({"x": x} if "data" in layer else encoding), **layer["encoding"]}
    return framed({"data": {"values": rows}, "height": height, "layer": layers}, lang)


def layer_of(mark: Spec, **encoding: Spec) -> Spec:
    """One layer; its mark is not read out by itself."""
    return {"mark": mark, "encoding": encoding}


def _euros(title: Any, lang: Lang) -> Spec:
    return {
        "title": render(title, lang),
        "format": ",.0f",
        "tickCount": 4,
        "domain": False,
        "ticks": False,
        "minExtent": _EXTENT,
        "maxExtent": _EXTENT,
    }


def _marks(labels: Sequence[str], marks: tuple[int, int], lang: Lang, *, named: bool) -> list[Spec]:
    """Lines after the unbroken stretch of funded projects, and after the last funded one where that is another."""
    words = (msg("all of the {n} best", n=marks[0]), msg("last grant at place {n}", n=marks[1]))
    shown = [(place, text) for place, text in dict(zip(marks, words, strict=True)).items() if 0 < place < len(labels)]
    if marks[0] == marks[1]:
        shown = [(place, words[0]) for place, _ in shown]
    layers: list[Spec] = []
    for line, (place, text) in enumerate(shown):
        at = {"datum": labels[place - 1], "type": "nominal", "bandPosition": 1}
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.4, "strokeDash": [5, 3]},
                "encoding": {"x": at},
            }
        )
        if named:
            # The first name ends at its line, the second begins at its own, or stands higher where there is no room.
            align = "left" if place < _NARROW * len(labels) or (line and place < _WIDE * len(labels)) else "right"
            higher = 15 if line and align == "right" else 0
            room = {"align": align, "dx": -5 if align == "right" else 5, "baseline": "bottom", "fontSize": 12}
            layers.append(
                {
                    "data": {"values": [{}]},
                    "mark": {"type": "text", "text": _where_wide(render(text, lang)), "fontWeight": 600, **room},
                    "encoding": {"x": at, "y": {"value": -4 - higher}},
                }
            )
    return layers


def _where_wide(words: str) -> Spec:
    """A text that a narrow screen leaves out: the sentence below the chart says it as well."""
    return {"expr": f"width < 420 ? '' : {json.dumps(words)}"}


def _ends(bars: Sequence[AwardBar], left: Spec, lang: Lang) -> list[Spec]:
    """What remains in the end, written above the last bars."""
    if not bars:
        return []
    words = render(msg("remaining {euros}", euros=format_money(bars[-1].left, lang)), lang)
    return [
        {
            "data": {"values": [{}]},
            "mark": {"type": "text", "text": words, "align": "right", "dy": -9, "fontSize": 12, "fontWeight": 600},
            "encoding": {
                "x": {"datum": bars[-1].label, "type": "nominal", "bandPosition": 1},
                "y": {"datum": bars[-1].left, **left},
            },
        }
    ]


@st.cache_data(show_spinner=False, max_entries=64)
def _pair_spec(bars: tuple[PairBar, ...], measure: str, lang: Lang) -> Spec:
    share = measure == "share"
    asked = render(msg("Share of what is applied for") if share else msg("Applied for"), lang)
    given = render(msg("Share of what is proposed") if share else msg("Proposed"), lang)
    rows = [{**asdict(bar), "end": max(bar.applied, bar.proposed), "asked": asked, "given": given} for bar in bars]
    widest = max((row["end"] for row in rows), default=1) or 1
    x = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, widest * (1 + _LABEL_ROOM)], "nice": False},
    }
    colour = {
        "type": "nominal",
        "scale": {"domain": [asked, given], "range": [APPLIED, ACCENT]},
        "legend": LEGEND,
    }
    # Themes have long names, which stand above their bars; regions have short ones.
    axis = {"title": None, "labelFontSize": 12, "labelLimit": 190, "ticks": False, "domain": False}
    y = {"field": "name", "type": "nominal", "sort": None, "axis": None if share else axis}
    shift = {"yOffset": 8} if share else {}
    layers: list[Spec] = [
        layer_of(
            {"type": "bar", "height": 20, "stroke": LINE, "strokeWidth": 0.75, **shift},
            x={"field": "applied", **x},
            color={"field": "asked", **colour},
        ),
        layer_of(
            {"type": "bar", "height": 10, **shift}, x={"field": "proposed", **x}, color={"field": "given", **colour}
        ),
        layer_of(
            {"type": "text", "align": "left", "dx": 6, "fontSize": 12, **shift},
            x={"field": "end", **x},
            text={"field": "label", "type": "nominal"},
        ),
    ]
    if share:
        name = {"type": "text", "align": "left", "fontSize": 13, "yOffset": -12}
        layers.append(layer_of(name, x={"datum": 0, **x}, text={"field": "name", "type": "nominal"}))
    for layer in layers:
        layer["mark"]["aria"] = False
        layer["encoding"] = {"y": y, **layer["encoding"]}
    return framed({"data": {"values": rows}, "height": {"step": 48 if share else 28}, "layer": layers}, lang)
