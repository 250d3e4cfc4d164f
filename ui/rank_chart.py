"""Charts of how sure the ranking is: expected ranks along the line of the appropriation, and what one review would tell.

Built once for the same content and language. Groups differ in shape, colour and lightness, so that grey print works too.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import streamlit as st

from locales import Lang, msg, render
from scoring.funding_line import Side
from ui import notices
from ui.certainty_words import SIDES
from ui.chart_frame import framed, show_chart
from ui.charts import ACCENT
from ui.texts import language, tn

Spec = dict[str, Any]
_ROW = 19
"""Pixels of a row: its label is read without crowding, and 60 rows fit on a printed page or two."""
MOST_ROWS, _TALLEST = 200, 3_000
"""No chart has more rows or is taller, in pixels: a label still has its line."""
_INK = "#1b2733"
_TWO_AXES = {"axis": {"x": "independent"}}
"""A long chart has its scale at the top and at the bottom."""
_AXIS: Spec = {
    "domain": False,
    "ticks": False,
    "labelColor": _INK,
    "labelFontSize": 11,
    "titleColor": _INK,
    "titleFontWeight": "normal",
    "gridColor": "#e6eaee",
}
_LOOKS: dict[Side | Literal["none"], tuple[str, str, str]] = {
    "above": ("triangle-up", ACCENT, ACCENT),
    "open": ("circle", "#b3640a", "#ffffff"),
    "below": ("square", "#67727d", "#67727d"),
    "none": ("circle", ACCENT, ACCENT),
}
"""Shape, colour and filling of a group's mark; "none" where no line divides them."""


@dataclass(frozen=True, slots=True)
class RankRow:
    """One application: its expected rank within a wide and a narrow interval of ranks, and its side of the line.

    ``about``: what is said when it is pointed at, name and value.
    """

    case: str
    side: Side | Literal["none"]
    expected: float
    low: int
    high: int
    wide_low: int
    wide_high: int
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChanceRow:
    """One application: its chance of being above the line now, and between which chances one more review would put it."""

    case: str
    now: float
    low: float
    high: float
    about: tuple[tuple[str, str], ...] = ()


def rank_chart(rows: Sequence[RankRow], line: float | None, above: int, alt: str) -> None:
    """One row per application as given: thin line the wide interval, thick line the narrow one, mark the expected rank.

    ``line``: the expected rank at which the appropriation ends, after ``above`` applications; None draws none. Of more
    than ``MOST_ROWS`` those nearest the line are drawn, or the best where there is none, and the rest counted below.
    """
    drawn = nearest(rows, line)
    show_chart(_rank_spec(drawn, len(rows), line, above, language()), alt)
    if len(drawn) == len(rows):
        return
    left = len(rows) - len(drawn)
    if line is None:
        told = tn(
            "{n} application with the worst expected rank is not drawn. The table has them all.",
            "{n} applications with the worst expected ranks are not drawn. The table has them all.",
            left,
        )
    else:
        told = tn(
            "{n} application farthest from the line is not drawn. The tables have them all.",
            "{n} applications farthest from the line are not drawn. The tables have them all.",
            left,
        )
    notices.caption(told)


def nearest(rows: Sequence[RankRow], line: float | None) -> tuple[RankRow, ...]:
    """At most ``MOST_ROWS`` of ``rows``, in their order: those with the expected rank nearest the line, or the best."""
    place = 0.0 if line is None else line
    by_distance = sorted(range(len(rows)), key=lambda position: abs(rows[position].expected - place))
    return tuple(rows[position] for position in sorted(by_distance[:MOST_ROWS]))


def chance_chart(rows: Sequence[ChanceRow], alt: str) -> None:
    """One row per application as given: mark the chance now, thick line what one more review would make of it."""
    show_chart(_chance_spec(tuple(rows), language()), alt)


@st.cache_data(show_spinner=False, max_entries=64)
def _rank_spec(rows: tuple[RankRow, ...], count: int, line: float | None, above: int, lang: Lang) -> Spec:
    found = [side for side in _LOOKS if any(row.side == side for row in rows)]
    names = {side: "" if side == "none" else render(SIDES[side], lang) for side in found}
    values = [{**_values(row), "group": names[row.side]} for row in rows]
    # Of a part of the rows only the ranks that they may hold.
    low, high = (1, count) if len(rows) == count else (min(r.wide_low for r in rows), max(r.wide_high for r in rows))
    x = {"type": "quantitative", "scale": {"domain": [low - 1, high + 1], "nice": False}}
    axis = {
        **_AXIS,
        "title": render(msg("Rank; 1 is the best"), lang),
        "values": _ticks(low, high),
        "grid": True,
        "format": "d",
    }
    group = {"field": "group", "type": "nominal", "legend": None if found == ["none"] else _legend()}
    colour = {**group, "scale": {"domain": list(names.values()), "range": [_LOOKS[s][1] for s in found]}}
    shape = {**group, "scale": {"domain": list(names.values()), "range": [_LOOKS[s][0] for s in found]}}
    filling = {**group, "scale": {"domain": list(names.values()), "range": [_LOOKS[s][2] for s in found]}}
    below = {"x": {"field": "wide_low", **x, "axis": {**axis, "orient": "bottom"}}, "x2": {"field": "wide_high"}}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "strokeWidth": 1.4}, "encoding": {**below, "color": colour}},
        {
            "mark": {"type": "rule", "strokeWidth": 6, "opacity": 0.42},
            "encoding": {
                "x": {"field": "low", **x, "axis": {**axis, "orient": "top", "title": None, "grid": False}},
                "x2": {"field": "high"},
                "color": colour,
            },
        },
        *(
            []
            if line is None
            else _line(
                x,
                line,
                (line - low) / max(high - low, 1),
                render(msg("Line of the appropriation: {n} above", n=above), lang),
            )
        ),
        {
            "mark": {"type": "point", "size": 62, "strokeWidth": 1.8, "opacity": 1},
            "encoding": {
                "x": {"field": "expected", **x, "axis": None},
                "color": colour,
                "shape": shape,
                "fill": filling,
            },
        },
    ]
    return _spec(
        values,
        layers,
        _rows_axis(rows),
        min(len(rows) * _ROW, _TALLEST),
        rows[0].about if rows else (),
        lang,
        resolve=_TWO_AXES,
    )


def _line(x: Spec, line: float, share: float, words: str) -> list[Spec]:
    """The rule where the appropriation ends, ``share`` of the width from the left, named at its top where there is room."""
    at = {"x": {"datum": line, **x, "axis": None}}
    # On a narrow screen the labels of the rows leave more room on the left.
    room: Spec = {"align": "center"} if share > 0.2 else {"align": "left", "dx": 6}
    if share > 0.55:
        room = {"align": "right", "dx": -6}
    name = {"type": "text", "text": words, "fontSize": 12, "fontWeight": 600, "color": _INK, "baseline": "bottom"}
    return [
        {"data": {"values": [{}]}, "mark": {"type": "rule", "color": _INK, "strokeWidth": 1.6}, "encoding": at},
        {"data": {"values": [{}]}, "mark": {**name, **room}, "encoding": {**at, "y": {"value": -24}}},
    ]


@st.cache_data(show_spinner=False, max_entries=64)
def _chance_spec(rows: tuple[ChanceRow, ...], lang: Lang) -> Spec:
    x = {"type": "quantitative", "scale": {"domain": [0, 1], "nice": False}}
    ticks = [0, 0.25, 0.5, 0.75, 1]
    axis = {
        **_AXIS,
        "title": render(msg("Chance of being above the line"), lang),
        "values": ticks,
        "labelExpr": "datum.value * 100 + ' %'",
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 7, "opacity": 0.4, "color": ACCENT},
            "encoding": {"x": {"field": "low", **x, "axis": axis}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "size": 62, "filled": True, "color": ACCENT, "opacity": 1},
            "encoding": {"x": {"field": "now", **x, "axis": axis}},
        },
    ]
    values = [_values(row) for row in rows]
    return _spec(values, layers, _rows_axis(rows), len(rows) * 24, rows[0].about if rows else (), lang)


def _values(row: RankRow | ChanceRow) -> Spec:
    values = asdict(row)
    return {
        **{k: v for k, v in values.items() if k != "about"},
        **{f"about{i}": v for i, (_, v) in enumerate(row.about)},
    }


def _spec(
    values: list[Spec],
    layers: list[Spec],
    y: Spec,
    height: int,
    about: tuple[tuple[str, str], ...],
    lang: Lang,
    **more: Any,
) -> Spec:
    tooltip = [{"field": f"about{place}", "type": "nominal", "title": name} for place, (name, _) in enumerate(about)]
    for layer in layers:
        layer["mark"]["aria"] = False
        if "data" not in layer:
            layer["encoding"] = {"y": y, "tooltip": tooltip, **layer["encoding"]}
    return framed(
        {
            "data": {"values": values},
            "height": height,
            "layer": layers,
            **more,
        },
        lang,
    )


def _rows_axis(rows: Sequence[RankRow | ChanceRow]) -> Spec:
    return {
        "field": "case",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": [row.case for row in rows]},
        "axis": {**_AXIS, "title": None, "grid": True, "labelLimit": 260},
    }


def _legend() -> Spec:
    columns = {"expr": "width < 420 ? 1 : 3"}
    # The offset leaves room for the name of the line below the legend.
    look = {
        "labelFontSize": 12,
        "labelLimit": 0,
        "labelColor": _INK,
        "symbolSize": 80,
        "symbolOpacity": 1,
        "offset": 24,
    }
    return {"title": None, "orient": "top", "columns": columns, **look}


def _ticks(low: int, high: int) -> list[int]:
    steps = (5, 10, 20, 50, 100, 200, 500, 1000)
    step = next(step for step in steps if (high - low + 1) / step <= 9 or step == steps[-1])
    first = max(-(-low // step), 1) * step
    return [*([1] if low <= 1 else []), *range(first, high + 1, step)]
