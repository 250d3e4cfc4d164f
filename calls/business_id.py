"""The Finnish business ID (Y-tunnus, FO-nummer): seven digits, a hyphen and a check digit."""

import re

_FORM = re.compile(r"[0-9]{7}-[0-9]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def check_digit(digits: str) -> int | None:
    """The check digit of seven digits: weighted sum modulo 11; None where the remainder 1 rules the number out."""
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11
    if remainder == 1:
        return None
    return 0 if remainder == 0 else 11 - remainder


def is_valid_business_id(text: str) -> bool:
    """True for a business ID such as 1234567-1 whose check digit is right; the text is taken as it stands."""
    return bool(_FORM.fullmatch(text)) and check_digit(text[:7]) == int(text[8])
