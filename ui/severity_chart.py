"""Charts of reviewers: how far each deviates from their mean, and how often each level was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from locales import Lang, msg, render
from ui.chart_frame import GROUND, INK, LINE, framed, show_chart
from ui.charts import ACCENT
from ui.texts import language

_SHADES = ("#edf3f9", "#d5e3f0", "#b7cfe4", "#94b7d5", "#6f9cc4", "#4d82af", "#336a98", "#1f4e79", "#163a5b", "#0d2740")
"""One hue from light to dark, so that the order of the levels shows in grey print as well."""
_WHITE_ON = 6
"""From this shade on, white figures are read better than dark ones."""
_LONG_NAME = 18
_PER_DIGIT = 0.04
"""Share of a bar that a digit takes on a narrow screen; a figure that would not fit is in the table alone."""


@dataclass(frozen=True, slots=True)
class SeverityBar:
    """One reviewer: deviation with the ends of its interval on the scores' scale, and the deviation in words."""

    name: str
    value: float
    low: float
    high: float
    label: str

    @property
    def clear(self) -> bool:
        """The interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class UseBar:
    """One reviewer: how often each level was given, lowest level first."""

    name: str
    counts: tuple[int, ...]


def severity_chart(bars: Sequence[SeverityBar], alt: str) -> None:
    """A dot with its interval for each reviewer, around the zero of the reviewers' mean."""
    show_chart(_severity_spec(tuple(bars), language()), alt)


def use_chart(levels: Sequence[int], bars: Sequence[UseBar], alt: str) -> None:
    """A bar for each reviewer, split by the levels given."""
    show_chart(_use_spec(tuple(levels), tuple(bars), language()), alt)


@st.cache_data(show_spinner=False, max_entries=64)
def _severity_spec(bars: tuple[SeverityBar, ...], lang: Lang) -> dict[str, Any]:
    rows = [
        {
            "row": _row(position, bar.name),
            "value": bar.value,
            "low": bar.low,
            "high": bar.high,
            "label": bar.label,
            "fill": ACCENT if bar.clear else GROUND,
        }
        for position, bar in enumerate(bars)
    ]
    ends = [0.0, *(end for bar in bars for end in (bar.low, bar.high))]
    # Room for the figures beyond the ends, on a narrow screen as well.
    room = 0.3 * (max(ends) - min(ends)) or 1.0
    y = {"field": "row", "type": "nominal", "sort": None, "axis": _names()}
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(ends) - room, max(ends) + room], "nice": False},
        "axis": {
            "title": [
                render(msg("fewer points than average (−)"), lang),
                render(msg("and more than average (+)"), lang),
            ],
            "format": "+.1f",
            "labelExpr": "datum.value === 0 ? '0' : datum.label",
            "tickCount": 5,
        },
    }
    spec = {
        "data": {"values": rows},
        "height": {"step": 34},
        "layer": [
            {
                # A row of its own, so that the line is drawn once.
                "data": {"values": [{}]},
                "mark": {"type": "rule", "color": LINE, "strokeWidth": 2},
                "encoding": {"x": {"datum": 0, **x}},
            },
            {
                "mark": {"type": "rule", "color": ACCENT, "strokeWidth": 2.5},
                "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "stroke": ACCENT, "strokeWidth": 2},
                "encoding": {
                    "y": y,
                    "x": {"field": "value", **x},
                    "fill": {"field": "fill", "type": "nominal", "scale": None},
                },
            },
            *(
                {
                    "transform": [{"filter": f"datum.value {side} 0"}],
                    "mark": {"type": "text", "align": align, "dx": shift, "fontSize": 12},
                    "encoding": {"y": y, "x": {"field": end, **x}, "text": {"field": "label", "type": "nominal"}},
                }
                # Away from zero, so that the line there does not cross the figure.
                for side, align, shift, end in ((">=", "left", 7, "high"), ("<", "right", -7, "low"))
            ),
        ],
    }
    return framed(spec, lang)


@st.cache_data(show_spinner=False, max_entries=64)
def _use_spec(levels: tuple[int, ...], bars: tuple[UseBar, ...], lang: Lang) -> dict[str, Any]:
    shades = [round(i * (len(_SHADES) - 1) / max(len(levels) - 1, 1)) for i in range(len(levels))]
    rows = [
        row
        for position, bar in enumerate(bars)
        for row in _segments(_row(position, bar.name), bar.counts, levels, shades)
    ]
    y = {"field": "row", "type": "nominal", "sort": None, "axis": _names()}
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    colour = {
        "field": "level",
        "type": "ordinal",
        "scale": {"domain": list(levels), "range": [_SHADES[shade] for shade in shades]},
        "legend": {
            "title": render(msg("Level"), lang),
            "orient": "top",
            "symbolType": "square",
            "symbolStrokeColor": LINE,
        },
    }
    spec = {
        "data": {"values": rows},
        "height": {"step": 34},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "bar", "height": 24, "stroke": LINE, "strokeWidth": 0.75},
                "encoding": {"x": {"field": "start", **x}, "x2": {"field": "end"}, "color": colour},
            },
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "x": {"field": "middle", **x},
                    "text": {"field": "label", "type": "nominal"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
        ],
    }
    return framed(spec, lang)


def _segments(row: str, counts: Sequence[int], levels: Sequence[int], shades: Sequence[int]) -> list[dict[str, Any]]:
    given, start, found = sum(counts), 0, []
    for level, count, shade in zip(levels, counts, shades, strict=True):
        if count:
            found.append(
                {
                    "row": row,
                    "level": level,
                    "start": start / given,
                    "end": (start + count) / given,
                    "middle": (start + count / 2) / given,
                    "label": str(count) if count / given >= _PER_DIGIT * len(str(count)) else "",
                    "ink": GROUND if shade >= _WHITE_ON else INK,
                }
            )
        start += count
    return found


def _row(position: int, name: str) -> str:
    """A key that keeps namesakes apart, then the lines of the label: a long name goes on two."""
    written = name.replace("|", "/")
    if len(written) > _LONG_NAME and " " in written:
        written = "|".join(written.rsplit(" ", 1))
    return f"{position}|{written}"


def _names() -> dict[str, Any]:
    return {
        "title": None,
        "labelExpr": "slice(split(datum.label, '|'), 1)",
        "labelFontSize": 12,
        "labelLimit": 150,
        "labelPadding": 8,
        "ticks": False,
        "domain": False,
    }
