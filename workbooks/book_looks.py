"""The formats of the house's workbooks by name, in the form of the reader's language."""

from typing import Any

from locales import msg, render

INK, GROUND, LINE = "#1F3A5F", "#E9EEF4", "#C3CCD6"
ALARM = {"bg_color": "#B3261E", "font_color": "#FFFFFF", "bold": True}
"""What shows that something does not agree; words say the same without colour."""
WRAPPED = frozenset({"text", "text_right", "head", "head_right", "check"})
"""Formats whose text may take several lines."""


def looks(lang: str) -> dict[str, dict[str, Any]]:
    """Properties of every format by name."""
    finnish = lang in ("fi", "sv")
    euros = '#,##0\\ "€"' if finnish else '"€"#,##0'
    moment = "d.m.yyyy\\ h\\.mm" if finnish else "d\\ mmmm\\ yyyy\\ hh:mm"
    day = "d.m.yyyy" if finnish else "d\\ mmmm\\ yyyy"
    percent = "\\ %" if finnish else "%"
    shared = render(msg("tied"), lang).replace('"', "")
    cell = {"font_size": 9, "bottom": 1, "bottom_color": LINE, "text_wrap": True}
    left = {"align": "left", "indent": 1}
    right = cell | {"align": "right"}
    plain = {"font_size": 9}
    head = {
        "font_size": 9, "bold": True, "bg_color": GROUND, "font_color": INK, "text_wrap": True,
        "valign": "vcenter", "top": 1, "bottom": 1, "top_color": INK, "bottom_color": INK,
    }  # fmt: skip
    total = {"font_size": 9, "bold": True, "top": 1, "top_color": INK}
    numbers = {
        "integer": "0",
        "thousands": "#,##0",
        "shared": f'0\\ "{shared}"',
        "score": "0.00",
        "decimal": "0.0",
        "money": euros,
        "percent": f"0{percent}",
        "percent_exact": f"0.00{percent}",
        "basis_points": f"0.00{percent}",
        "moment": moment,
        "day": day,
    }
    return {
        "title": {"font_size": 16, "bold": True, "font_color": INK},
        "subtitle": {"font_size": 11},
        "plain": plain,
        "note": {"font_size": 9, "font_color": "#4A5560"},
        "label": plain | {"align": "right"},
        "sum": plain | {"bold": True, "align": "right", "num_format": euros},
        "sum_count": plain | {"bold": True, "align": "right", "num_format": "0"},
        "sum_text": plain | {"bold": True},
        "sum_check": plain | {"bold": True, "align": "right", "font_color": "#1E5B34"},
        "check": plain | left | {"bold": True, "font_color": "#1E5B34"},
        "head": head | left,
        "head_right": head | {"align": "right"},
        "text": cell | left,
        "text_right": right,
        "checked": cell | left | {"font_color": "#1E5B34"},
        "code": cell | {"font_name": "Courier New"},
        "marked": right | {"num_format": euros, "bold": True, "bg_color": GROUND},
        "marked_text": right | {"bold": True, "bg_color": GROUND},
        **{name: right | {"num_format": form} for name, form in numbers.items()},
        "row": plain | left | {"bottom": 1, "bottom_color": LINE},
        "row_head": head | left | {"text_wrap": False},
        "row_head_right": head | {"align": "right", "text_wrap": False},
        "total": total | left,
        "total_count": total | {"align": "right", "num_format": "0"},
        "total_money": total | {"align": "right", "num_format": euros},
    }


def of_sum(look: dict[str, Any]) -> dict[str, Any]:
    """The same format in a row that sums up others."""
    return look | {"bold": True, "top": 1, "top_color": INK}
