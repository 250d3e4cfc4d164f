import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.definition_file import MAX_BYTES, CallFileError, read_call
from calls.presets import preset, preset_ids, preset_text
from locales import Message, render

TEXT = preset_text("2020")
TIE = '["process_change", "dissemination", "consortium", "lot"]'

# What is replaced, by what, the key that must be named, the value, and words of what is accepted.
FAULTS = [
    ("value = 10_000_000", 'value = "10"', "money.appropriation.value", '"10"', "a whole number from 1"),
    ("value = 10_000_000", "value = 0", "money.appropriation.value", "0", "a whole number from 1"),
    ("value = 10_000_000", "value = 1.5", "money.appropriation.value", "1.5", "a whole number"),
    ("value = 10_000_000", "value = true", "money.appropriation.value", "true", "a whole number"),
    ("value = 10_000_000", "", "money.appropriation.value", "missing", "a whole number"),
    ("value = 8500", "value = 10001", "money.largest_share_bp.value", "10001", "from 1 to 10000"),
    ("value = false", "value = 0", "money.vat_eligible.value", "0", "true or false"),
    ("value = 20_000", "value = 20_000_000", "money.smallest_grant.value", "20000000", "at most the largest grant"),
    ("value = 1\nsource = \"assumption\"", "value = 7\nsource = \"assumption\"", "money.unit.value", "7", "1, 100, 1000"),
    ('theme_word = "theme"', 'theme_word = "topic"', "theme_word", '"topic"', '"theme", "viewpoint"'),
    ('theme_word = "theme"', "", "theme_word", "missing", '"theme", "viewpoint"'),
    ('theme_word = "theme"', 'theme_word = "theme"\ncolour = "blue"', "colour", '"blue"', "theme_word"),
    ('id = "2020"', 'id = "Haku 2020"', "id", '"Haku 2020"', "lower-case letters"),
    ('id = "archiving"', 'id = "Archiving"', "exclusions[3].id", '"Archiving"', "letter first"),
    ('id = "remote_work"', 'id = "participation"', "themes[4].id", "participation", "no other item"),
    ('id = "dissemination"', 'id = "budget"', "must_describe[2].id", "budget", "process_change"),
    ('name.sv = "Konsortium"', 'name.sv = " "', "criteria[3].name", "fi, sv, en", "each a text"),
    ('name.sv = "Konsortium"\n', "", "criteria[3].name.sv", "missing", "a text of"),
    ('name.sv = "Konsortium"', 'name.sv = "K"\nname.de = "K"', "criteria[3].name.de", '"K"', "fi, sv and en"),
    ('"sote"', '"Sote"', "exclusions[1].keywords[", "Sote", "lower case"),
    ("value = 2020-10-05T16:15:00", "value = 2020-10-05", "window.closes.value", "2020-10-05", "a moment such as"),
    ("value = 2020-10-05T16:15:00", 'value = "5.10.2020"', "window.closes.value", '"5.10.2020"', "a moment such as"),
    ("value = 2020-10-05T16:15:00", "value = 2020-06-24T00:00:00", "window.opens.value", "2020-06-24", "before"),
    ("value = 2020-10-05T16:15:00", "value = 2020-10-25T03:30:00", "window.closes.value", "2020-10-25", "offset"),
    ("value = 2020-06-24T00:00:00", "value = 2020-03-29T03:30:00", "window.opens.value", "2020-03-29", "offset"),
    ("Europe/Helsinki", "Europe/Helsingfors", "window.time_zone", "Europe/Helsingfors", "Europe/Helsinki"),
    ("register_year = 2020", "register_year = 2019", "applicants.register_year", "2019", "2020, 2022"),
    ("value = 2\n", "value = 1\n", "applicants.smallest_number_of_municipalities.value", "1", "at least 2"),
    ('["municipality", "joint_authority"]', '["firm"]', "applicants.kinds.value[1]", '"firm"', '"municipality"'),
    ('["municipality", "joint_authority"]', "[]", "applicants.kinds.value", "[]", "1 to 2 items"),
    ("value = 2.50", "value = 5.01", "scoring.threshold.value", "5.01", "1–5"),
    ("value = 2.50", "value = 0.99", "scoring.threshold.value", "0.99", "1–5"),
    ("value = 2.50", "value = nan", "scoring.threshold.value", "NaN", "a number from"),
    (TIE, '["process_change", "price", "lot"]', "scoring.tie_rule.value[2]", "price", "consortium, lot"),
    (TIE, '["lot", "consortium"]', "scoring.tie_rule.value[2]", "consortium", "lot last"),
    (TIE, '["consortium", "consortium"]', "scoring.tie_rule.value[2]", "consortium", "at most once"),
    (TIE, '["process_change", "consortium"]', "scoring.tie_rule.value:", "[process_change, consortium]", "last word is lot"),
    ("value = 2.50", "value = 2.5000001", "scoring.threshold.value", "2.5000001", "at most 6 decimals"),
    ("value = 2.50", "value = 1e-3000000", "scoring.threshold.value", "1E-3000000", "at most 6 decimals"),
    ("value = 2.50", "value = 0e3000000", "scoring.threshold.value", "0E+3000000", "at most 6 decimals"),
    ("value = 2.50", "value = 1001", "scoring.threshold.value", "1001", "from 0 to 1000, at most 6 decimals"),
    (TIE, "[]", "scoring.tie_rule.value", "[]", "1 to 21 items"),
    ("value = 40", "value = 0", "criteria[1].weight.value", "0", "from 1 to 1000"),
    ("value = 40", "value = -40", "criteria[1].weight.value", "-40", "from 1 to 1000"),
    ("value = 4\nlabel", "value = 3\nlabel", "criteria[1].levels[4].value", "3", "larger than the one before it, 3"),
    ("value = 5\nlabel", "value = 6\nlabel", "criteria[2].levels", "1–5", "1–6"),
    ("value = 5\nlabel", "value = 4.5\nlabel", "criteria[1].levels[5].value", "4.5", "a whole number"),
    ('source = "decree"', 'source = "law"', "conditions[1].source", '"law"', '"call", "decree", "assumption"'),
]  # fmt: skip


def problems(text: str | bytes, lang: str = "en") -> list[str]:
    with pytest.raises(CallFileError) as raised:
        read_call(text)
    return [render(problem, lang) for problem in raised.value.problems]


def faults(text: str) -> tuple[Message, ...]:
    try:
        read_call(text)
    except CallFileError as error:
        return error.problems
    return ()


@pytest.mark.parametrize(("old", "new", "key", "value", "accepted"), FAULTS)
def test_call_file_with_a_fault_names_key_value_and_what_is_accepted(
    old: str, new: str, key: str, value: str, accepted: str
) -> None:
    assert old in TEXT
    found = [line for line in problems(TEXT.replace(old, new, 1)) if line.startswith(key)]
    assert len(found) == 1, found
    assert value in found[0]
    assert accepted in found[0]


@pytest.mark.parametrize(("old", "new", "key", "value", "accepted"), FAULTS)
def test_call_file_with_a_fault_is_explained_in_every_language(
    old: str, new: str, key: str, value: str, accepted: str
) -> None:
    text = TEXT.replace(old, new, 1)
    said = {lang: problems(text, lang) for lang in ("fi", "sv", "en")}
    assert len({tuple(lines) for lines in said.values()}) == 3
    assert all("Accepted" not in line for lang in ("fi", "sv") for line in said[lang])


@pytest.mark.parametrize("threshold", ["3", "2.5", "2.500000", "1.000001", "5e0", "25e-1"])
def test_call_file_takes_a_threshold_with_few_decimals(threshold: str) -> None:
    call = read_call(TEXT.replace("value = 2.50", f"value = {threshold}", 1))
    assert call.scoring.threshold.value == Decimal(threshold)


@pytest.mark.parametrize("call_id", preset_ids())
def test_call_file_with_windows_line_ends_or_mark_reads_the_same(call_id: str) -> None:
    text = preset_text(call_id)
    assert read_call(text.replace("\n", "\r\n").encode("utf-8-sig")) == preset(call_id)
    assert read_call("\ufeff" + text) == preset(call_id)


def test_call_file_lists_all_faults_at_once() -> None:
    text = TEXT.replace("value = 8500", "value = 0").replace('theme_word = "theme"', "").replace("value = 40", "")
    assert [line.split()[0].rstrip(":") for line in problems(text)] == [
        "theme_word", "money.largest_share_bp.value", "criteria[1].weight.value",
    ]  # fmt: skip


def test_call_file_moment_with_offset_is_taken_as_it_stands() -> None:
    text = TEXT.replace("2020-10-05T16:15:00", "2020-10-25T03:30:00+02:00")
    assert read_call(text).window.closes.value.isoformat() == "2020-10-25T03:30:00+02:00"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ('id = "2020"\nname = = 3\n', 'Line 2, column 8: "name = = 3"'),
        ('id = "2020\n', "Line 1, column 11"),
        ("[a]\n[a]\n", "Line 2, column 3"),
        ("a = 1\na = 2\n", "Line 2, column 6"),
        ("a = [1,\n", "Line 2, column 1"),
        ("a = " + "9" * 6000, "Line 1, column 5"),
        ("a = 1e99999999999999999999", "Line 1, column 6"),
        ("\x00", "Line 1, column 1"),
        ("a = 2020-13-45T00:00:00", "Line 1, column 9"),
    ],
)
def test_call_file_that_is_not_toml_names_line_and_column(text: str, start: str) -> None:
    found = problems(text)
    assert len(found) == 1
    assert found[0].startswith(start), found
    assert "Accepted:" in found[0]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        b"PK\x03\x04 not a text",
        "x = 1\n".encode("utf-16"),
        b"a" * (MAX_BYTES + 1),
        b"a = " + b"[" * 5000,
        b"a" + b".a" * 200_000 + b" = 1",
        b"",
    ],
)
def test_call_file_that_is_something_else_is_refused_quickly(data: bytes) -> None:
    started = time.monotonic()
    assert problems(data)
    assert time.monotonic() - started < 5


def test_call_file_full_of_faults_reports_a_bounded_number() -> None:
    assert len(problems("\n".join(f"key{number} = {number}" for number in range(20_000)))) == 100


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_call_file_cut_or_changed_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TEXT)))
    length = data.draw(st.integers(0, 40))
    text = TEXT[:place] + data.draw(st.text(max_size=5)) + TEXT[place + length :]
    assert all(render(problem, "sv") for problem in faults(text))
