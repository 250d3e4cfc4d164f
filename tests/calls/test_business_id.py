import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calls.business_id import check_digit, is_valid_business_id

SEVEN = st.text("0123456789", min_size=7, max_size=7)


@pytest.mark.parametrize("text", ["0245437-2", "0201256-6", "0211675-2", "0112038-9", "1234567-1", "0000000-0"])
def test_business_id_with_right_check_digit_is_valid(text: str) -> None:
    assert is_valid_business_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "0245437-3", "02454372", "245437-2", "0245437-22", " 0245437-2", "0245437-2\n", "0245437–2", "FI02454372",
        "٠٢٤٥٤٣٧-٢", "abcdefg-h",
    ],
)  # fmt: skip
def test_business_id_of_wrong_form_or_digit_is_invalid(text: str) -> None:
    assert not is_valid_business_id(text)


@given(SEVEN)
def test_business_id_has_at_most_one_valid_check_digit(digits: str) -> None:
    valid = [digit for digit in range(10) if is_valid_business_id(f"{digits}-{digit}")]
    weighted = sum(weight * int(digit) for weight, digit in zip((7, 9, 10, 5, 8, 4, 2), digits, strict=True))
    assert valid == ([] if weighted % 11 == 1 else [(11 - weighted % 11) % 11])


@given(SEVEN, st.integers(0, 6), st.integers(1, 9))
def test_business_id_with_one_digit_mistyped_is_invalid(digits: str, place: int, step: int) -> None:
    check = check_digit(digits)
    assume(check is not None)
    wrong = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    assert not is_valid_business_id(f"{wrong}-{check}")


@given(st.text())
def test_business_id_of_any_text_gives_an_answer(text: str) -> None:
    assert is_valid_business_id(text) in (True, False)
