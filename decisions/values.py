"""Values of a decision's tables in a canonical form: the same text on every machine, whatever its clock or language.

Canonical JSON is UTF-8 with sorted keys and without spaces; it holds texts, whole numbers, yes and no, and null. A
number that is not whole is a text: a fraction as ``10/3``, a decimal as ``3.2500``. A moment is the Finnish wall time.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from locales.formats import HELSINKI

Kind = Literal["text", "code", "codes", "euros", "count", "fraction", "decimal", "moment", "yes", "record"]
"""``code``: a stable word; ``codes``: several; ``record``: anything JSON can hold without floats."""
Value: TypeAlias = Any
"""str, tuple of str, int, Fraction, Decimal, aware datetime, bool, or JSON; None: not known. A text is never None."""

LONGEST_TEXT = 32_000
"""UTF-16 units of a text: a cell of a workbook holds a little more."""
PLACES = 4
"""Decimals of a ``decimal``."""
MARK = 4
"""Characters of the mark of one value."""

_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CUT = " […]"
_STEP = Decimal(1).scaleb(-PLACES)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class CanonicalError(ValueError):
    """A value that has no canonical form."""


def cell_text(text: str) -> str:
    """``text`` as every format can hold it: line ends as \\n, what XML cannot hold as U+FFFD, at most ``LONGEST_TEXT``."""
    clean = _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) * 2 <= LONGEST_TEXT or len(clean.encode("utf-16-le")) <= 2 * LONGEST_TEXT:
        return clean
    units = clean.encode("utf-16-le")[: 2 * (LONGEST_TEXT - len(_CUT))]
    return units.decode("utf-16-le", errors="ignore") + _CUT


def normal(value: Value, kind: Kind) -> Value:
    """``value`` as a table holds it. Raises CanonicalError for one that is not of ``kind``."""
    match kind, value:
        case (("text" | "code"), None):
            return ""
        case (("text" | "code"), str()):
            return cell_text(value)
        case "codes", None:
            return ()
        case "codes", list() | tuple():
            return tuple(cell_text(one) for one in value)
        case _, None:
            return None
        case "yes", bool():
            return value
        case (("euros" | "count"), int()) if not isinstance(value, bool):
            return int(value)
        case "fraction", Fraction() | int() if not isinstance(value, bool):
            return Fraction(value)
        case "decimal", Decimal() | int() | float() | Fraction() if not isinstance(value, bool):
            return _rounded(value)
        case "moment", datetime() if value.tzinfo is not None:
            return value.astimezone(HELSINKI).replace(microsecond=0)
        case "record", _:
            canonical_json(value)
            return value
    raise CanonicalError(f"{value!r} is no {kind}")


def plain(value: Value, kind: Kind) -> Any:
    """A ``normal`` value as canonical JSON holds it."""
    match kind, value:
        case _, None:
            return None
        case (("fraction" | "decimal"), _):
            return str(value)
        case "moment", _:
            return value.replace(tzinfo=None).isoformat()
        case "codes", _:
            return list(value)
    return value


def from_plain(value: Any, kind: Kind) -> Value:
    """The value of ``plain``. Raises CanonicalError for what is none."""
    try:
        match kind, value:
            case _, None:
                return normal(None, kind)
            case "fraction", str():
                return Fraction(value)
            case "decimal", str():
                return normal(Decimal(value), kind)
            case "moment", str():
                return datetime.fromisoformat(value).replace(tzinfo=HELSINKI)
            case (("fraction" | "decimal" | "moment"), _):
                raise CanonicalError(f"{value!r} is no {kind}")
    except (ValueError, ArithmeticError) as error:
        raise CanonicalError(f"{value!r} is no {kind}") from error
    return normal(value, kind)


def canonical_json(value: Any) -> str:
    """``value`` as canonical JSON. Raises CanonicalError for floats and whatever else has no one form."""
    if value is None:
        return "null"
    if type(value) not in (str, int):
        _refuse_floats(value)
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError) as error:
        raise CanonicalError(str(error)) from error


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of ``value``, 64 hexadecimal digits."""
    return digest_of_text(canonical_json(value))


def digest_of_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def record_of(written: Mapping[str, str]) -> str:
    """The canonical JSON of a record from that of its values by their names."""
    return f"{{{','.join(f'{canonical_json(name)}:{written[name]}' for name in sorted(written))}}}"


def mark(name: str, written: str) -> str:
    """A short mark of the field ``name`` from the canonical JSON of its value: tells which value of a row changed."""
    return digest_of_text(f"{name}={written}")[:MARK]


def _rounded(value: Decimal | float | Fraction) -> Decimal:
    exact = value if isinstance(value, Fraction) else Fraction(value)
    units = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_STEP, ROUND_HALF_EVEN)
    return abs(units) if units == 0 else units


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise CanonicalError(f"{value!r} is a float")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise CanonicalError(f"{key!r} is no text")
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)
