"""A chart of what tells scores apart: applications, reviewers and the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from locales import Lang, msg, render
from ui.chart_frame import GROUND, INK, framed, named_bars, show_chart
from ui.charts import ACCENT, SECOND
from ui.texts import language

_FILLS = (ACCENT, SECOND, "#dfe5ea")
"""Dark, middle and light, so that grey print keeps the parts apart."""
_INKS = (GROUND, INK, INK)
_PER_CHARACTER = 0.026
"""Share of a bar that a character takes on a narrow screen; a figure that would not fit is in the table alone."""
SOURCES = (msg("Differences between applications"), msg("Severity of the reviewers"), msg("The rest"))
"""What tells two scores apart, in the order of the parts."""


@dataclass(frozen=True, slots=True)
class VarianceBar:
    """One bar: its name, the variances of the three sources, and their shares as written."""

    name: str
    parts: tuple[float, float, float]
    labels: tuple[str, str, str]


def variance_chart(bars: Sequence[VarianceBar], alt: str) -> None:
    """A bar for the composite and for each criterion, split by what tells scores apart."""
    show_chart(_variance_spec(tuple(bars), language()), alt)


@st.cache_data(show_spinner=False, max_entries=64)
def _variance_spec(bars: tuple[VarianceBar, ...], lang: Lang) -> dict[str, Any]:
    sources = [render(source, lang) for source in SOURCES]
    y = {"field": "row", "type": "nominal", "sort": None, "axis": None}
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    colour = {
        "field": "source",
        "type": "nominal",
        "scale": {"domain": sources, "range": list(_FILLS)},
        "legend": {
            "title": None,
            "orient": "top",
            "columns": 1,
            "labelLimit": 300,
            "labelFontSize": 12,
        },
    }
    spec = {
        "data": {"values": [row for position, bar in enumerate(bars) for row in _segments(position, bar, sources)]},
        # Names stand above their bars, so that long ones fit a narrow screen.
        "height": {"step": 56},
        "encoding": {"y": y},
        "layer": named_bars(x, colour),
    }
    return framed(spec, lang)


def _segments(position: int, bar: VarianceBar, sources: Sequence[str]) -> list[dict[str, Any]]:
    total, start, found = sum(bar.parts), 0.0, []
    for part, label, source, ink in zip(bar.parts, bar.labels, sources, _INKS, strict=True):
        share = part / total
        found.append(
            {
                "row": str(position),
                "name": bar.name if start == 0 and source == sources[0] else "",
                "source": source,
                "start": start,
                "end": start + share,
                "middle": start + share / 2,
                "label": label if share >= _PER_CHARACTER * len(label) else "",
                "ink": ink,
            }
        )
        start += share
    return found
