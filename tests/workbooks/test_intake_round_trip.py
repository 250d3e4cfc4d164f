"""What is written reads back the same, whatever the texts look like."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.application import COST_CATEGORIES, Application, Coordinator, Municipality, Partner
from calls.case_number import is_unseen, same_case
from calls.register import register
from locales import LANGUAGES, PSEUDO
from tests.workbooks.intake_samples import CALL, FIRST, THEME
from workbooks.intake import read_applications
from workbooks.intake_fields import theme_id
from workbooks.intake_partners import parse_partners, partners_text
from workbooks.template import write_applications

STRANGE = "\x7f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff\r"
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=STRANGE, include_characters="\t\n")
STARTS = st.sampled_from(
    ["", "=", "+", "-", "@", "=1+1", "{=1}", "'", "_x0041_", "_x0041_x0042_", "<r>", "#REF!", "1e5", "TRUE"]
)


def plain(text: str) -> str:
    return text.strip()


TEXTS = st.builds(lambda start, text, end: plain(start + text + end), STARTS, st.text(LETTERS, max_size=30),
                  st.sampled_from(["", "</r>", "_x000D_", "\nrivi"]))  # fmt: skip
FILLED = TEXTS.filter(bool)
NUMBERS = TEXTS.map(lambda text: plain("".join(char for char in text if not is_unseen(char)))).filter(bool)
CODES = st.none() | st.from_regex(r"[0-9]{3}", fullmatch=True)


def names(forbidden: str) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=("Cs", "Cc", "Nd"), exclude_characters=STRANGE + forbidden)
    return st.text(letters, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)


MEMBERS = st.builds(Municipality, CODES, names("[];,"))
PARTNERS = st.one_of(
    st.builds(lambda name, code: Partner("municipality", name, code), names("[];"), CODES),
    st.builds(
        lambda name, members: Partner("joint_authority", name, None, tuple(members)),
        names("[];"),
        st.lists(MEMBERS, max_size=4),
    ),
)
EARLIEST, LATEST = datetime.fromisoformat("2000-01-02"), datetime.fromisoformat("2099-12-30")
EUROS = st.integers(0, 10**12)
APPLICATIONS = st.builds(
    Application,
    case_number=NUMBERS,
    arrived_at=st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    coordinator=st.builds(Coordinator, FILLED, st.from_regex(r"[0-9]{7}-[0-9]", fullmatch=True), CODES),
    language=st.sampled_from(["fi", "sv"]),
    partners=st.lists(PARTNERS, min_size=1, max_size=4).map(tuple),
    project_name=FILLED,
    theme=st.sampled_from([theme.id for theme in CALL.themes])
    | FILLED.filter(lambda text: theme_id(text, CALL) == text),
    summary=TEXTS,
    process_change=TEXTS,
    dissemination=TEXTS,
    consortium=TEXTS,
    costs=st.dictionaries(st.sampled_from(COST_CATEGORIES), EUROS, min_size=1),
    own_funding=EUROS,
    other_public_funding=st.none() | EUROS,
    applied=EUROS,
)


def folded(application: Application) -> str:
    return same_case(application.case_number)


@settings(max_examples=40, deadline=None)
@given(st.lists(APPLICATIONS, min_size=1, max_size=4, unique_by=folded), st.sampled_from([*LANGUAGES, PSEUDO]))
def test_applications_written_read_back_the_same(applications: list[Application], lang: str) -> None:
    intake = read_applications(write_applications(applications, CALL, lang), "a.xlsx", CALL)
    assert intake.faults == ()
    assert intake.applications == tuple(applications)


@given(st.lists(PARTNERS, min_size=1, max_size=5))
def test_partners_written_read_back_the_same(partners: list[Partner]) -> None:
    assert parse_partners(partners_text(partners)) == tuple(partners)


@pytest.mark.parametrize("name", ["A;B", "A [B]", "12 kylää", "", " A", "A  B"])
def test_partner_whose_name_the_cell_cannot_hold_is_not_written(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        partners_text([Partner("municipality", name)])


def test_partner_is_completed_from_the_register() -> None:
    read = parse_partners("091; vantaa; 999; Olematon; Kymppi [Alajärvi, 010]; 049 Toinen", register(2022))
    assert read == (
        Partner("municipality", "Helsinki", "091"),
        Partner("municipality", "vantaa", "092"),
        Partner("municipality", "", "999"),
        Partner("municipality", "Olematon"),
        Partner("joint_authority", "Kymppi", None, (Municipality("005", "Alajärvi"), Municipality("010", "Alavus"))),
        Partner("municipality", "Toinen", "049"),
    )


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2021, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2021, 10, 31, 1, 30, tzinfo=UTC),
        datetime(2022, 3, 27, 1, 0, tzinfo=UTC),
        datetime(2022, 4, 1, 9, 0, 0, 1, tzinfo=UTC),
        datetime(2022, 4, 1, 9, 0, 59, 999_999, tzinfo=UTC),
        datetime(2022, 4, 19, 21, 0, tzinfo=UTC),
        datetime(2022, 1, 14, 22, 0, tzinfo=UTC),
    ],
)
def test_moment_that_a_local_time_cannot_tell_reads_back_the_same(moment: datetime) -> None:
    application = Application(**{**{name: getattr(FIRST, name) for name in FIRST.__slots__}, "arrived_at": moment})
    assert read_applications(write_applications([application], CALL, "fi"), "a.xlsx", CALL).applications == (
        application,
    )


def test_application_with_a_cost_outside_the_form_is_not_written() -> None:
    strange = Application(**{**{name: getattr(FIRST, name) for name in FIRST.__slots__}, "costs": {"cars": 1}})
    with pytest.raises(ValueError, match="cars"):
        write_applications([strange], CALL, "fi")


def test_theme_is_known_by_id_by_name_and_by_both() -> None:
    named = [THEME.id, THEME.name.fi, THEME.name.sv.upper(), THEME.name.en, f"{THEME.id} – {THEME.name.sv}", "Muu"]
    assert [theme_id(text, CALL) for text in named] == [*[THEME.id] * 5, "Muu"]
