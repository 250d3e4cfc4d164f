from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calls.application import Coordinator, Municipality, Partner
from calls.definition_file import read_call
from calls.eligibility import examine, possible_duplicates, propose, rule_label
from calls.findings import outcome_label, proposal_label
from calls.municipality_names import is_name_of
from calls.presets import preset, preset_text
from calls.register import register
from locales import HELSINKI, render
from tests.calls.samples import AUTHORITY, KAARINA, SOUND, TURKU, application, findings, outcomes, said

RULES_2020 = (
    "opening", "closing", "applicant_kinds", "joint_project", "members_stated", "municipalities_exist",
    "coordinator_is_partner", "business_id", "theme", "excluded_fields", "described_process_change",
    "described_dissemination", "cost_categories", "grant_share", "other_public_funding", "funding_balance",
    "smallest_grant", "largest_grant", "duplicate",
)  # fmt: skip


def in_2022(**changes: object) -> dict[str, str]:
    base = {"arrived_at": datetime(2022, 4, 1, 9, 0, tzinfo=UTC), "theme": "competence"}
    return outcomes(application(**{**base, **changes}), "2022")


def test_examine_sound_application_meets_every_rule_once() -> None:
    found = findings(SOUND)
    assert tuple(found) == RULES_2020
    assert {finding.outcome for finding in found.values()} == {"met"}
    assert propose(found.values()) == "eligible"
    assert in_2022() == {}


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_findings_are_said_in_every_language_with_their_basis(lang: str) -> None:
    awkward = application(
        arrived_at=datetime(2020, 10, 5, 13, 16, tzinfo=UTC), partners=(), theme="", process_change="", dissemination="-",
        costs={}, applied=0, other_public_funding=None, coordinator=Coordinator("X", "1", None),
    )  # fmt: skip
    for one in (SOUND, awkward):
        for finding in findings(one).values():
            assert render(finding.message, lang)
            assert render(finding.basis, lang)
            assert render(rule_label(finding.rule), lang)
            assert render(outcome_label(finding.outcome), lang)
            assert render(proposal_label(propose([finding])), lang)


def test_basis_says_where_the_rule_stands() -> None:
    found = findings(SOUND)
    assert render(found["grant_share"].basis, "fi") == (
        "Valtioneuvoston asetus 893/2019: Avustus on enintään 85 % hankkeen hyväksyttävistä kustannuksista."
    )
    assert render(found["joint_project"].basis, "fi").startswith("Hakuilmoitus: Avustusta myönnetään vain")
    assert render(found["smallest_grant"].basis, "sv").startswith("Antagande: ")


@pytest.mark.parametrize(
    ("arrived", "outcome"),
    [
        ("2020-10-05T16:14:59+03:00", "met"),
        ("2020-10-05T16:15:00+03:00", "met"),
        ("2020-10-05T16:15:59.999999+03:00", "met"),
        ("2020-10-05T16:16:00+03:00", "not_met"),
        ("2020-10-05T13:15:30+00:00", "met"),
        ("2020-10-05T13:16:00+00:00", "not_met"),
        ("2020-10-05T16:15:00+00:00", "not_met"),
    ],
)
def test_closing_is_kept_to_the_minute(arrived: str, outcome: str) -> None:
    assert findings(application(arrived_at=datetime.fromisoformat(arrived)))["closing"].outcome == outcome


def test_closing_in_the_repeated_autumn_hour_is_compared_as_moments() -> None:
    text = preset_text("2020").replace("2020-10-05T16:15:00", "2020-10-25T03:30:00+02:00")
    call = read_call(text)
    first = datetime(2020, 10, 25, 3, 45, tzinfo=HELSINKI, fold=0)
    second = datetime(2020, 10, 25, 3, 45, tzinfo=HELSINKI, fold=1)
    for moment, outcome in ((first, "met"), (second, "not_met"), (first.astimezone(UTC), "met")):
        found = examine(application(arrived_at=moment), call, register(2020))
        assert {one.rule: one.outcome for one in found}["closing"] == outcome


def test_closing_in_winter_and_summer_time_follow_the_local_clock() -> None:
    for day, hour in (("2020-10-23", 13), ("2020-10-26", 14)):
        call = read_call(preset_text("2020").replace("2020-10-05T16:15:00", f"{day}T16:15:00"))
        closing = datetime.fromisoformat(f"{day}T{hour}:15:59+00:00")
        for moment, outcome in ((closing, "met"), (closing + timedelta(seconds=1), "not_met")):
            found = examine(application(arrived_at=moment), call, register(2020))
            assert {one.rule: one.outcome for one in found}["closing"] == outcome


def test_late_application_is_dismissed_whatever_else_is_wrong() -> None:
    late = findings(application(arrived_at=datetime(2020, 10, 5, 16, 16, tzinfo=HELSINKI), partners=(TURKU,)))
    assert propose(late.values()) == "dismissed"
    assert said(late["closing"], "fi") == "Saapunut 5.10.2020 klo 16.16, haun päätyttyä 5.10.2020 klo 16.15."


def test_early_application_is_for_the_officer_to_check() -> None:
    early = application(arrived_at=datetime(2020, 6, 23, 23, 59, tzinfo=HELSINKI))
    assert outcomes(early) == {"opening": "check"}
    assert outcomes(replace(early, arrived_at=datetime(2020, 6, 24, 0, 0, tzinfo=HELSINKI))) == {}


def test_joint_project_of_one_municipality_is_not_eligible() -> None:
    alone = findings(application(partners=(TURKU,)))
    assert alone["joint_project"].outcome == "not_met"
    assert propose(alone.values()) == "not_eligible"
    assert said(alone["joint_project"], "sv") == (
        "För få kommuner deltar i projektet: Åbo. Kommunerna ska vara minst 2."
    )
    twice = (TURKU, Partner("municipality", "Åbo", None), replace(AUTHORITY, members=(Municipality(None, "turku"),)))
    assert outcomes(application(partners=twice)) == {"joint_project": "not_met"}


def test_joint_project_carried_by_members_of_a_joint_authority_is_for_the_officer_to_confirm() -> None:
    led = application(partners=(AUTHORITY,), coordinator=Coordinator("Esimerkin kuntayhtymä", "1234567-1"))
    assert outcomes(led) == {"joint_project": "check"}
    assert findings(led)["joint_project"].needs == "members"
    assert propose(findings(led).values()) == "eligible"
    assert outcomes(application(partners=(TURKU, KAARINA, AUTHORITY))) == {}


def test_joint_project_that_depends_on_details_to_be_corrected_needs_no_confirmed_members() -> None:
    unknown = Partner("municipality", "Atlantis", None)
    for partners in ((TURKU, unknown), (TURKU, unknown, replace(AUTHORITY, members=(Municipality("853", "Turku"),)))):
        found = findings(application(partners=partners))["joint_project"]
        assert (found.outcome, found.needs) == ("check", None)


def test_joint_project_that_takes_both_members_and_corrections_needs_the_members() -> None:
    call = read_call(
        preset_text("2020").replace(
            "[applicants.smallest_number_of_municipalities]\nvalue = 2",
            "[applicants.smallest_number_of_municipalities]\nvalue = 3",
        )
    )
    partners = (
        TURKU,
        Partner("municipality", "Atlantis", None),
        replace(AUTHORITY, members=(Municipality("202", "Kaarina"),)),
    )
    found = {one.rule: one for one in examine(application(partners=partners), call, register(2020))}["joint_project"]
    assert (found.outcome, found.needs) == ("check", "members")


def test_joint_authority_without_members_is_asked_to_state_them() -> None:
    bare = application(partners=(TURKU, replace(AUTHORITY, members=())))
    assert outcomes(bare) == {"joint_project": "check", "members_stated": "not_met"}
    assert propose(findings(bare).values()) == "supplement_requested"


def test_municipality_of_2020_is_reported_in_2022() -> None:
    partners = (TURKU, KAARINA, Partner("municipality", "Honkajoki", "099"))
    assert outcomes(application(partners=partners)) == {}
    assert in_2022(partners=partners) == {"municipalities_exist": "not_met"}
    assert in_2022(partners=(TURKU, partners[2])) == {"joint_project": "check", "municipalities_exist": "not_met"}
    found = findings(application(partners=partners, theme="competence"), "2022")["municipalities_exist"]
    assert said(found, "fi") == "Vuoden 2022 kuntarekisterissä ei ole kuntaa: Honkajoki (099)."


def test_municipality_code_of_another_municipality_is_to_be_checked() -> None:
    partners = (TURKU, Partner("municipality", "Kaarina", "049"))
    assert outcomes(application(partners=partners)) == {"municipalities_exist": "check"}
    inflected = (Partner("municipality", "Turun kaupunki", "853"), KAARINA)
    assert outcomes(application(partners=inflected)) == {}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Helsinki", "049"),
        ("Helsingin kaupunki", "049"),
        ("Atlantis", "091"),
        ("Kemijärven kaupunki", "240"),
        ("Kemin kaupunki", "320"),
        ("Vasa stad", "091"),
        ("Esimerkkikuntayhtymä", "853"),
    ],
)
def test_code_and_name_that_do_not_agree_are_to_be_checked_wherever_they_stand(name: str, code: str) -> None:
    partners = (Partner("municipality", name, code), TURKU, KAARINA)
    member = replace(AUTHORITY, members=(*AUTHORITY.members, Municipality(code, name)))
    for one in (
        application(coordinator=Coordinator(name, "1234567-1", code), partners=partners),
        application(coordinator=Coordinator(name, "1234567-1", code), partners=(replace(partners[0], name=""), TURKU)),
        application(partners=partners),
        application(partners=(TURKU, KAARINA, member)),
    ):
        found = findings(one)["municipalities_exist"]
        assert found.outcome == "check"
        for text in (found.message, found.ask):
            assert text is not None
            shown = render(text, "sv")
            assert (name in shown, code in shown, register(2020).by_code[code].name_sv in shown) == (True,) * 3


def test_coordinator_and_code_of_another_municipality_are_said_with_the_registers_name() -> None:
    one = application(coordinator=Coordinator("Helsinki", "1234567-1", "049"))
    assert said(findings(one)["municipalities_exist"], "fi") == (
        "Kuntakoodi ja kunnan nimi eivät vastaa toisiaan: Helsinki (koodi 049 on Espoo)."
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Helsingin kaupunki", "091"),
        ("HELSINGFORS  STAD", "091"),
        ("Helsingin kaupunki, kasvatuksen ja koulutuksen toimiala", "091"),
        ("Espoon kaupunki", "049"),
        ("Esbo", "049"),
        ("Vasa stad", "905"),
        ("Kunta Rusko", "704"),
        ("Turun kaupunki", "853"),
        ("Lahden kaupunki", "398"),
        ("Hangon kaupunki", "078"),
        ("Iin kunta", "139"),
        ("Kemin kaupunki", "240"),
        ("Uudenkaupungin kaupunki", "895"),
        ("Isonkyrön kunta", "152"),
        ("Huittisten kaupunki", "102"),
        ("Virtain kaupunki", "936"),
        ("Pedersöre kommun", "599"),
        ("S:t Michels stad", "491"),
        ("Kosken Tl kunta", "284"),
        ("", "091"),
    ],
)
def test_inflected_and_swedish_names_agree_with_their_code(name: str, code: str) -> None:
    coordinator = Coordinator(name, "1234567-1", code)
    partners = (Partner("municipality", name, code), TURKU, KAARINA)
    assert "municipalities_exist" not in outcomes(application(coordinator=coordinator, partners=partners))


def test_every_name_of_the_register_agrees_with_its_own_code_alone() -> None:
    known = register(2022)
    for entry in known.entries:
        for name in (entry.name_fi, entry.name_sv, f"{entry.name_fi}n kunta", f"{entry.name_sv}s kommun"):
            assert is_name_of(name, entry, known), name
        others = [other for other in known.entries if is_name_of(entry.name_fi, other, known)]
        assert others == [entry]


def test_register_of_another_year_is_refused() -> None:
    with pytest.raises(ValueError, match="2022"):
        examine(SOUND, preset("2020"), register(2022))


@pytest.mark.parametrize(
    "coordinator",
    [
        Coordinator("Turun kaupunki", "1234567-1", "853"),
        Coordinator("Åbo", "1234567-1", "853"),
        Coordinator("  TURKU", "1234567-1", None),
    ],
)
def test_coordinator_among_the_partners_is_found_by_code_or_name(coordinator: Coordinator) -> None:
    assert outcomes(application(coordinator=coordinator)) == {}


@pytest.mark.parametrize(
    "coordinator",
    [
        Coordinator("Turku", "1234567-1", "049"),
        Coordinator("Espoo", "1234567-1", "049"),
        Coordinator("Toinen kuntayhtymä", "1234567-1", None),
    ],
)
def test_coordinator_outside_the_partners_is_to_be_corrected(coordinator: Coordinator) -> None:
    found = findings(application(coordinator=coordinator))
    assert found["coordinator_is_partner"].outcome == "not_met"
    assert propose(found.values()) == "supplement_requested"


@pytest.mark.parametrize("text", ["", " ", "1234567-8", "1234567"])
def test_business_id_that_is_wrong_is_asked_for(text: str) -> None:
    found = findings(application(coordinator=Coordinator("Turku", text, "853")))
    assert found["business_id"].outcome == "not_met"
    assert propose(found.values()) == "supplement_requested"


def test_theme_of_the_other_call_is_not_eligible_and_an_empty_one_is_asked_for() -> None:
    assert propose(findings(application(theme="competence")).values()) == "not_eligible"
    assert propose(findings(application(theme=" ")).values()) == "supplement_requested"
    assert said(findings(application(theme="x"), "2022")["theme"], "fi").startswith("x ei ole haun näkökulma.")


@pytest.mark.parametrize(
    ("call_id", "changes", "words"),
    [
        ("2020", {"project_name": "Sotepalvelujen ajanvaraus"}, ["sotepalvelujen"]),
        ("2020", {"summary": "Kehitetään Terveydenhuollon\nprosesseja."}, ["terveydenhuollon"]),
        ("2020", {"summary": "sosiaali- ja\n terveyspalvelut"}, ["sosiaali- ja terveyspalvelut"]),
        ("2020", {"process_change": "Bygglov behandlas elektroniskt."}, ["bygglov"]),
        ("2020", {"process_change": "Asiakirjojen arkistointi uudistuu."}, ["arkistointi"]),
        ("2022", {"summary": "Vanhat kartat digitoidaan."}, ["digitoidaan"]),
        ("2022", {"summary": "Inom hälsovården testas."}, ["hälsovården"]),
        ("2022", {"summary": "Rakennuslupien käsittely ja arkistointi"}, []),
        ("2020", {"summary": "Palvelut digitalisoidaan ja sotilas etsii potenssia; kesoteatteri."}, []),
        ("2022", {"summary": "Palvelujen digitalisointi ja digitalisering av tjänster"}, []),
        ("2020", {"dissemination": "Tulokset esitellään terveydenhuollon päivillä."}, []),
    ],
)
def test_words_of_an_excluded_field_make_the_officer_look(
    call_id: str, changes: dict[str, str], words: list[str]
) -> None:
    found = findings(application(**changes), call_id)["excluded_fields"]
    assert found.outcome == ("check" if words else "met")
    assert all(word in said(found) for word in words)


def test_excluded_field_alone_never_decides() -> None:
    hit = application(project_name="Sosiaali- ja terveydenhuollon arkistointi ja kaavoitus")
    assert outcomes(hit) == {"excluded_fields": "check"}
    found = findings(hit)
    assert propose(found.values()) == "eligible"
    assert said(found["excluded_fields"], "fi") == (
        "Hakemuksessa on haun ulkopuolelle rajattuun alaan viittaavia sanoja: Sosiaali- ja terveydenhuolto "
        "(sosiaali- ja terveydenhuollon), Rakennettu ympäristö (kaavoitus), Arkistointi (arkistointi). "
        "Tarkista, kuuluuko hanke alaan."
    )


@pytest.mark.parametrize("field", ["process_change", "dissemination"])
@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", "not_met"),
        (" \n", "not_met"),
        ("-", "not_met"),
        ("Ks. liite", "check"),
        ("Malli julkaistaan avoimesti", "met"),
    ],
)
def test_required_description_is_there(field: str, text: str, outcome: str) -> None:
    found = findings(application(**{field: text}))
    assert found[f"described_{field}"].outcome == outcome
    assert propose(found.values()) == ("supplement_requested" if outcome == "not_met" else "eligible")


def test_duplicate_has_same_coordinator_and_project_under_another_case_number() -> None:
    twin = application(case_number="VN/9/2020", project_name="YHTEINEN  kokoustapa")
    version = application(summary="Täydennetty tiivistelmä hankkeesta.")
    assert outcomes(SOUND, others=(SOUND, version)) == {}
    assert outcomes(SOUND, others=(application(case_number="VN/8/2020", project_name="Toinen"),)) == {}
    assert outcomes(SOUND, others=(SOUND, twin)) == {"duplicate": "check"}
    assert "VN/9/2020" in said(findings(SOUND, others=(twin,))["duplicate"])
    assert possible_duplicates([SOUND, twin])["VN/1/2020"] == (SOUND, twin)


def test_joint_rule_is_not_applied_where_the_call_does_not_require_it() -> None:
    text = preset_text("2020").replace(
        "[applicants.joint_only]\nvalue = true", "[applicants.joint_only]\nvalue = false"
    )
    call = read_call(text.replace('value = ["municipality", "joint_authority"]', 'value = ["municipality"]'))
    found = {one.rule: one for one in examine(application(partners=(TURKU,)), call, register(2020))}
    assert found["joint_project"].outcome == "met"
    found = {one.rule: one for one in examine(application(partners=(TURKU, AUTHORITY)), call, register(2020))}
    assert found["applicant_kinds"].outcome == "not_met"
    assert propose(found.values()) == "not_eligible"


def test_arrival_in_another_time_zone_is_the_same_moment() -> None:
    tokyo = application(arrived_at=datetime(2020, 10, 5, 22, 15, 59, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert outcomes(tokyo) == {}
