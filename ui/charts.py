"""Charts as ready Vega-Lite specifications: colour-blind-safe, readable in grey print, labelled directly.

Every chart is given an alternative text that says what is to be seen, and its page shows the figures as a table.
"""

from ui.chart_frame import framed, show_chart
from ui.texts import language, money, t

ACCENT, SECOND, GROUND = "#1f4e79", "#c77c11", "#9aa7b2"
"""Blue and orange differ in hue and in lightness; grey is for what is only context."""


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
