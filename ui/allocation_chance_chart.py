"""A chart of probabilities along the ranking; filled bars are funded in the scenario, hollow ones are not."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from locales import Lang, msg, render
from ui.allocation_charts import LEGEND, Spec, along_ranking, layer_of
from ui.chart_frame import GROUND, show_chart
from ui.charts import ACCENT
from ui.texts import language


@dataclass(frozen=True, slots=True)
class ChanceBar:
    """One project along the ranking: its probability of being funded, and whether it is in this scenario."""

    label: str
    chance: float
    funded: bool


def chance_bars(bars: Sequence[ChanceBar], alt: str) -> None:
    """Along the ranking: the probability of being funded."""
    show_chart(_chance_spec(tuple(bars), language()), alt)


@st.cache_data(show_spinner=False, max_entries=64)
def _chance_spec(bars: tuple[ChanceBar, ...], lang: Lang) -> Spec:
    yes, no = render(msg("Funded in this scenario"), lang), render(msg("Not funded in this scenario"), lang)
    rows = [{"label": bar.label, "chance": bar.chance, "what": yes if bar.funded else no} for bar in bars]
    y = {
        "field": "chance",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "nice": False},
        "axis": {
            "title": render(msg("Probability of being funded"), lang),
            "values": [0, 0.25, 0.5, 0.75, 1],
            "labelExpr": "datum.value * 100 + ' %'",
            "domain": False,
            "ticks": False,
        },
    }
    scale = {"domain": [yes, no]}
    fill = {
        "field": "what",
        "type": "nominal",
        "scale": {**scale, "range": [ACCENT, GROUND]},
        "legend": {**LEGEND, "symbolStrokeColor": ACCENT},
    }
    tooltip = [
        {"field": "label", "type": "nominal", "title": render(msg("Application"), lang)},
        {"field": "chance", "type": "quantitative", "title": render(msg("Probability"), lang), "format": ".1%"},
    ]
    labels = {"title": None, "labelAngle": -90, "labelFontSize": 10, "labelOverlap": True, "ticks": False}
    layers = [layer_of({"type": "bar", "stroke": ACCENT, "strokeWidth": 1}, y=y, fill=fill)]
    return along_ranking(rows, layers, labels, tooltip, 240, lang)
