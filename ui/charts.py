"""Charts as ready Vega-Lite specifications: colour-blind-safe, readable in grey print, labelled directly.

Every chart is given an alternative text that says what is to be seen, and its page shows the figures as a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.chart_frame import framed, show_chart
from ui.texts import language, money, t

ACCENT, SECOND, GROUND = "#1f4e79", "#c77c11", "#9aa7b2"
"""Blue and orange differ in hue and in lightness; grey is for what is only context."""


@dataclass(frozen=True, slots=True)
class AwardBar:
    """One project along the ranking: its label, what it applied for and what it gets."""

    label: str
    applied: int
    granted: int


def appropriation_chart(appropriation: int, applied: int, eligible: int) -> None:
    """Three bars: applied for, of which eligible, and the appropriation."""
    rows = [
        {"what": f"{name}|{money(euros)}", "euros": euros, "colour": colour}
        for name, euros, colour in (
            (t("Applied for"), applied, GROUND),
            (t("Of which eligible"), eligible, SECOND),
            (t("Appropriation"), appropriation, ACCENT),
        )
    ]
    # The amount stands under the name, not at the end of the bar: so it also fits a narrow screen.
    axis = {"title": None, "labelFontSize": 13, "labelExpr": "split(datum.label, '|')", "ticks": False, "domain": False}
    spec = {
        "data": {"values": rows},
        "height": 150,
        "mark": {"type": "bar", "height": 26, "aria": False},
        "encoding": {
            "y": {"field": "what", "type": "nominal", "sort": None, "axis": axis},
            "x": {"field": "euros", "type": "quantitative", "axis": None},
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }
    show_chart(
        framed(spec, language()),
        t(
            "{applied} is applied for, of which {eligible} in eligible applications; the appropriation is {appropriation}.",
            applied=money(applied),
            eligible=money(eligible),
            appropriation=money(appropriation),
        ),
    )


def awards_chart(bars: Sequence[AwardBar], alt: str) -> None:
    """Along the ranking: what each project applied for (grey) and what it gets (blue)."""
    rows = [
        {"label": bar.label, "applied": bar.applied, "granted": bar.granted, "order": position}
        for position, bar in enumerate(bars)
    ]
    euros = {"type": "quantitative", "axis": {"title": t("euros"), "format": ",.0f", "grid": True, "tickCount": 5}}
    x = {
        "field": "label",
        "type": "nominal",
        "sort": {"field": "order"},
        "axis": {"title": None, "labelAngle": -90, "labelFontSize": 10},
    }
    tooltip = [
        {"field": "label", "type": "nominal", "title": t("Application")},
        {"field": "applied", "type": "quantitative", "title": t("Applied for"), "format": ",.0f"},
        {"field": "granted", "type": "quantitative", "title": t("Proposed"), "format": ",.0f"},
    ]
    spec = {
        "data": {"values": rows},
        "height": 280,
        "encoding": {"x": x, "tooltip": tooltip},
        "layer": [
            {
                "mark": {"type": "bar", "color": "#d5dce2", "stroke": GROUND, "aria": False},
                "encoding": {"y": {"field": "applied", **euros}},
            },
            {"mark": {"type": "bar", "color": ACCENT, "aria": False}, "encoding": {"y": {"field": "granted", **euros}}},
        ],
    }
    show_chart(framed(spec, language()), alt)
