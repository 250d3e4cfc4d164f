"""Which cell styles show a number as a date, and the moment that a number then stands for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_TIMED = frozenset((*range(18, 23), *range(32, 36), *range(45, 48)))
"""Built-in number formats that show a date or a time (ECMA-376 part 1, 18.8.30)."""
_PLAIN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)

_1900 = datetime.fromisoformat("1899-12-30")
_1904 = datetime.fromisoformat("1904-01-01")
"""Day 0 of the two date systems of Excel (right from March 1900 on); a sheet's dates have no time zone."""


@dataclass(frozen=True, slots=True)
class Styles:
    """Per cell style: whether it shows a date, and whether with the time of day."""

    dated: tuple[bool, ...] = ()
    timed: tuple[bool, ...] = ()
    epoch: datetime = _1900

    def is_date(self, style: int) -> bool:
        """Whether a number in this style is shown as a date."""
        return 0 <= style < len(self.dated) and self.dated[style]

    def is_timed(self, style: int) -> bool:
        """Whether this style shows the time of day."""
        return 0 <= style < len(self.timed) and self.timed[style]

    def moment(self, serial: Decimal) -> datetime | None:
        """The naive moment of a day number, to the millisecond; None outside the years 1 to 9999."""
        if not -1_000_000 < serial < 4_000_000:
            return None
        try:
            return self.epoch + timedelta(milliseconds=int((serial * 86_400_000).to_integral_value()))
        except OverflowError:
            return None


def read_styles(elements: Iterable[tuple[str, Mapping[str, str]]], *, epoch_1904: bool) -> Styles:
    """The styles from the elements of the styles part; ``epoch_1904``: days are counted from 1 January 1904."""
    codes: dict[int, str] = {}
    dated: list[bool] = []
    timed: list[bool] = []
    inside = False
    for tag, attributes in elements:
        if tag == "numFmt":
            codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            shape = _number(attributes.get("numFmtId"))
            code = _PLAIN.sub("", codes.get(shape, "")).lower()
            own = shape in codes
            dated.append(bool(re.search("[dmyhs]", code)) and "general" not in code if own else shape in _DATES)
            timed.append("h" in code if own else shape in _TIMED)
    return Styles(tuple(dated), tuple(timed), _1904 if epoch_1904 else _1900)


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 7 else -1
