"""Reasons of a decision: every code and state in both languages, each number that of its fact, no reviewer in them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import RULES
from allocation.types import Code
from decisions.facts import fact_rows, facts_of
from decisions.figures import complete, standings_of
from decisions.phrases import DEFAULT, PHRASES, Language, Phrases, Wording, value_name
from decisions.reason_material import apart
from decisions.reasons import HandWritten, Sentence, draft_reasons, drafts, outdated, reasons_for, text_of
from decisions.spec import CONSENSUS, LATER, SPECS
from decisions.tables import Row, Tables, hash_of, make
from decisions.words import ELIGIBILITY
from locales import format_money, render
from scoring.ranking import lot
from tests.support.decided import case, decided

CODES = get_args(Code)
STATES = tuple(ELIGIBILITY)
AT = datetime(2020, 12, 1, 12, 0, tzinfo=UTC)
TABLES = decided(31)
SMALL = decided(12)


def changed(
    tables: Tables, number: str, values: Row, facts: Mapping[str, Any] = {}, **more: list[dict[str, Any]]
) -> Tables:
    """``tables`` with other values of one application, other facts, and further or other rows (by key) of a table."""
    rows: dict[str, list[Mapping[str, Any]]] = {name: list(tables[name]) for name in SPECS}
    rows["applications"] = [{**row, **values} if row["case_number"] == number else row for row in rows["applications"]]
    rows["facts"] = list(fact_rows({**facts_of(tables["facts"]), **facts}))
    for name, new in more.items():
        key = [field.id for field in SPECS[name].key]
        kept = {tuple(row[one] for one in key): row for row in rows[name]}
        kept |= {tuple(row[one] for one in key): row for row in new}
        rows[name] = list(kept.values())
    return complete(make(rows, tables.private))


def said(tables: Tables, number: str) -> list[str]:
    """The sentences of one application."""
    return [one.text for one in draft_reasons(tables, number)]


def of(tables: Tables, number: str, fact: str) -> Sentence:
    """The one sentence that rests on a fact."""
    (found,) = [one for one in draft_reasons(tables, number) if one.fact == fact]
    return found


def override(kind: str, **values: Any) -> dict[str, Any]:
    """A row of the overrides of the first application."""
    return {"number": 1, "case_number": case(0), "kind": kind, "reason": "Syy on tämä", "at": AT} | values


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_under_every_rule_has_reasons(code: str, rule: str, language: str) -> None:
    """The code names its sentence, and no placeholder is left."""
    funded = code.startswith("funded") or code in ("forced_in", "set_by_hand")
    status = "approved" if funded else "in_progress" if code in ("not_scored", "tie_unresolved") else "rejected"
    values = {"language": language, "basis": code, "status": status, "granted": 150_000 if funded else 0}
    facts = {"scenario.rule": rule, "scenario.tier.0001": {"from": "2", "share": "1/2"}}
    tables = changed(SMALL, case(0), values, facts)
    found = draft_reasons(tables, case(0))
    text = text_of(found)
    assert code == "not_scored" or any(one.fact == f"basis:{code}" for one in found)
    assert not re.search(r"[{}]", text)
    assert all(one.text == one.text.strip() and one.fact and one.part for one in found)


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_eligibility_has_reasons(state: str, language: str) -> None:
    """What was found is said, with the rules that were not met and the officer's reason."""
    status = {
        "not_eligible": "rejected",
        "dismissed": "dismissed",
        "withdrawn": "withdrawn",
        "unconfirmed": "not_started",
    }
    checks = ("closing=not_met",) if state == "dismissed" else ("theme=not_met", "duplicate=check")
    found = {"case_number": case(9), "outcome": state, "checks": checks, "reason": "Syy on tämä", "version": 1}
    values = {"language": language, "basis": state, "status": status.get(state, "in_progress")}
    tables = changed(SMALL, case(9), values, eligibility=[found])
    texts = said(tables, case(9))
    assert not re.search(r"[{}]", " ".join(texts))
    phrases = {one.phrase for one in draft_reasons(tables, case(9))}
    assert phrases & {state, "late", "open"}
    if state in ("eligible", "not_eligible", "dismissed", "withdrawn"):
        assert "Syy on tämä." in " ".join(texts)
    assert ("rule_theme" in phrases) == (state == "not_eligible")
    assert "rule_duplicate" not in phrases


def test_finnish_approval_in_full_reads_as_a_decision() -> None:
    """The whole text of one application, word for word."""
    assert text_of(draft_reasons(TABLES, case(1))) == (
        "Hakemus hyväksytään. Valtionavustus myönnetään haetun suuruisena: 237\u00a0411\u00a0€.\n\n"
        "Hakemus on haun ehtojen mukainen.\n\n"
        "Pistemäärä: 2,90 (asteikko 1–5). Pistemäärä perustuu arviointiryhmän yhteiseen arvioon. "
        "Sija paremmuusjärjestyksessä: 17. Pisteytettyjä hakemuksia: 28. Hakemus saavuttaa pisterajan. "
        "Pisteraja: 2,50.\n\n"
        "Toimintatapojen muutos (painoarvo 40\u00a0%): ”toteutuu osittain”, taso 2.\n"
        "Levittämissuunnitelma (painoarvo 30\u00a0%): ”toteutuu”, taso 3.\n"
        "Konsortio (painoarvo 30\u00a0%): ”toteutuu hyvin”, taso 4.\n\n"
        "Jaettava määräraha: 10\u00a0000\u00a0000\u00a0€. Avustukset myönnetään paremmuusjärjestyksessä. Hanke, jolle "
        "avustusta ei voida myöntää jäljellä olevasta määrärahasta tai jaon ehtojen vuoksi, ohitetaan. "
        "Määräraha riittää hankkeen rahoittamiseen.\n\n"
        "Sovelletut säännökset: valtioneuvoston asetus 893/2019; valtionavustuslaki (688/2001) 7 ja 11 §; "
        "hallintolaki (434/2003) 45 §."
    )


def test_swedish_mean_between_two_levels_names_both() -> None:
    """3,67 is said to lie between its two levels, in the applicant's language."""
    assert of(TABLES, case(3), "score:process_change").text == (
        "Förändring av verksamhetssätt (vikt 40\u00a0%): bedömningarnas medelvärde 3,67, mellan nivåerna ”uppfylls” och "
        "”uppfylls väl”."
    )


def test_late_application_says_when_it_arrived_and_when_the_call_closed() -> None:
    """Dismissed without examination, without a score."""
    values = {"status": "dismissed", "basis": "dismissed"}
    tables = changed(TABLES, case(9), values, {"call.closes": "2020-10-05T13:15:00+00:00"})
    assert said(tables, case(9))[:3] == [
        "Hakemus jätetään tutkimatta.",
        "Hakemus on saapunut hakuajan päättymisen jälkeen. Saapunut: 22.9.2020 klo 12.51.",
        "Hakuaika päättyi 5.10.2020 klo 16.15.",
    ]


def numbers(text: str) -> list[str]:
    """The numbers of a text, thousands and decimals as they are written."""
    return re.findall(r"\d+(?:[\u00a0 .,:/]\d+)*", text)


@pytest.mark.parametrize("number", [row["case_number"] for row in TABLES["applications"]])
def test_every_number_of_a_sentence_is_of_its_fact(number: str) -> None:
    """What is not fixed in the phrase is one of the values that the sentence names beside its fact."""
    for one in draft_reasons(TABLES, number):
        lang: Language = "sv" if PHRASES[one.phrase].wording.sv[:8] == one.text[:8] else "fi"
        fixed = numbers(re.sub(r"\{\w+\}", "|", PHRASES[one.phrase].wording.of(lang)))
        given = [found for _, value in one.values for found in numbers(value)]
        assert set(numbers(one.text)) <= {*fixed, *given}


def test_values_are_those_of_the_tables() -> None:
    """Granted, rank, count, score, level and threshold as the tables have them."""
    facts = facts_of(TABLES["facts"])
    standings = {one.application: one for one in standings_of(TABLES, facts)}
    ranked = {row["case_number"]: row for row in TABLES["ranking"]}
    for row in TABLES["applications"]:
        number, lang = row["case_number"], "sv" if row["language"] == "sv" else "fi"
        for one in draft_reasons(TABLES, number):
            values = dict(one.values)
            if one.fact == "granted":
                assert values["granted"] == format_money(row["granted"], lang)
            elif one.fact == "rank":
                assert (values["rank"], values["count"]) == (str(ranked[number]["rank"]), "28")
            elif one.fact == "score":
                assert abs(Fraction(values["score"].replace(",", ".")) - ranked[number]["score"]) <= Fraction(1, 200)
            elif one.fact.startswith("score:"):
                criterion, found = one.fact.removeprefix("score:"), standings[number]
                agreed = found.score_source == "consensus"
                level = found.consensus_levels[criterion] if agreed else found.criterion_means[criterion]
                assert level is not None
                assert abs(Fraction(values["level"].replace(",", ".")) - level) <= Fraction(1, 200)


def test_no_reviewer_is_in_any_reasons() -> None:
    """Neither name nor code nor the reason of a single review; the consensus's own reasons stay out as well."""
    text = "\n".join(text_of(found) for found in drafts(TABLES).values())
    for code, person in TABLES.private.items():
        assert code not in text
        assert person.name not in text
    for row in TABLES["scores"]:
        assert row["reason"] not in text
    assert CONSENSUS not in text


def test_score_just_below_the_threshold_never_looks_equal_to_it() -> None:
    """2,496 beside a threshold of 2,50 is written with the decimals that it takes."""
    score = next(row["score"] for row in TABLES["ranking"] if row["case_number"] == case(0))
    close = score + Fraction(1, 1_000_000)
    values = {"basis": "below_threshold", "status": "rejected", "granted": 0}
    tables = changed(TABLES, case(0), values, {"scenario.threshold": str(close)})
    assert dict(of(tables, case(0), "score").values)["score"] == "3,000000"
    assert dict(of(tables, case(0), "threshold").values)["threshold"] == "3,000001"


@given(st.fractions(0, 6, max_denominator=4_000), st.fractions(0, 6, max_denominator=4_000))
def test_decimals_tell_a_value_from_its_limit(value: Fraction, limit: Fraction) -> None:
    """Two to six decimals; two where the values are equal and short."""
    places = apart(value, limit)
    assert 2 <= places <= 6
    if places < 6 and value != limit:
        assert int(value * 10**places + Fraction(1, 2)) != int(limit * 10**places + Fraction(1, 2))


def test_threshold_of_a_criterion_that_is_not_met_is_named() -> None:
    """The criterion, its level and the least value."""
    values = {"basis": "below_criterion_threshold", "status": "rejected", "granted": 0}
    least = {"score": "5/2", "process_change": 4, "population": 999_999}
    tables = changed(TABLES, case(1), values, {"scenario.threshold": least})
    assert of(tables, case(1), "threshold:process_change").text == (
        "Toimintatapojen muutos: vähimmäisvaatimus ei täyty. Arvo: 2,00. Vähimmäisarvo: 4,00."
    )
    assert of(tables, case(1), "threshold:population").text == (
        "Osallistuvien kuntien asukasluku: vähimmäisvaatimus ei täyty. Arvo: 10\u00a0311. Vähimmäisarvo: 999\u00a0999."
    )


def test_award_set_by_hand_says_both_sums_and_the_reason() -> None:
    """What the distribution gave, what was set, and why."""
    values = {"basis": "set_by_hand", "status": "approved", "granted": 150_000}
    tables = changed(TABLES, case(0), values, overrides=[override("by_hand", before=200_000, after=150_000)])
    texts = said(tables, case(0))
    assert "Avustus jaon mukaan: 200\u00a0000\u00a0€. Vahvistettu avustus: 150\u00a0000\u00a0€." in texts
    assert "Perustelu: Syy on tämä." in texts
    assert of(tables, case(0), "override:1:reason").quoted


@pytest.mark.parametrize(
    ("lang", "granted", "share", "said_as"),
    [
        (
            "fi",
            126_560,
            "3/4",
            "Avustus ennen alentamista: 150\u00a0000\u00a0€. Siitä myönnettävä osuus: 84,37\u00a0%.",
        ),
        (
            "sv",
            75_000,
            "3/4",
            "Understöd före sänkningen: 150\u00a0000\u00a0€. Andel av detta som beviljas: 50\u00a0%.",
        ),
        (
            "fi",
            149_999,
            "3/4",
            "Avustus ennen alentamista: 150\u00a0000\u00a0€. Siitä myönnettävä osuus: 99,99\u00a0%.",
        ),
        ("fi", 180_000, "1", "Avustus ennen alentamista: 190\u00a0000\u00a0€. Siitä myönnettävä osuus: 94,74\u00a0%."),
        ("fi", 150_000, "3/4", ""),
    ],
)
def test_tier_that_was_cut_says_to_what_part(lang: str, granted: int, share: str, said_as: str) -> None:
    """Beside the share of the tier; nothing of a cut where the grant is that of the tier. Every number is of its fact."""
    values = {"language": lang, "basis": "funded_partial", "status": "approved", "granted": granted, "applied": 200_000}
    facts = {
        "scenario.rule": "tiers",
        "scenario.tier.0001": {"from": "1", "share": share},
        "scenario.largest_grant": 190_000,
    }
    costs = [{"case_number": case(0), "category": "salaries", "applied": 400_000, "accepted": None, "comment": ""}]
    found = draft_reasons(changed(SMALL, case(0), values, facts, costs=costs), case(0))
    cut = [one for one in found if one.fact == "tier:cut"]
    assert [one.text.endswith(said_as) for one in cut] == ([True] if said_as else [])
    assert all({*numbers(one.text)} == {n for _, value in one.values for n in numbers(value)} for one in cut)
    assert of(changed(SMALL, case(0), values, facts, costs=costs), case(0), "tier")


def test_stated_costs_are_not_named_the_amount_applied_for() -> None:
    """One value's name, two meanings: of the grant, and of the costs."""
    assert render(value_name("costs", "applied"), "en") == "stated costs"
    assert render(value_name("costs_of_category", "applied"), "en") == "stated costs"
    assert render(value_name("approved_part", "applied"), "en") == "amount applied for"


@pytest.mark.parametrize("kind", ["forced_in", "forced_out"])
def test_forced_application_says_the_recorded_reason(kind: str) -> None:
    """Why it was taken in or left out."""
    values = {"basis": kind, "status": "approved" if kind == "forced_in" else "rejected"}
    tables = changed(TABLES, case(0), values, overrides=[override(kind, after=0)])
    assert "Perustelu: Syy on tämä." in said(tables, case(0))


@pytest.mark.parametrize("kind", LATER)
def test_later_decision_says_what_it_changed_and_leaves_the_distribution_out(kind: str) -> None:
    """Kind, sums before and after, reason; the basis of the first decision is no longer the ground."""
    withdrawn = kind == "withdrawal"
    values = {"basis": "withdrawn" if withdrawn else kind, "status": "withdrawn" if withdrawn else "approved"}
    after = 0 if withdrawn else 180_000
    tables = changed(
        TABLES, case(0), {**values, "granted": after}, overrides=[override(kind, before=200_000, after=after)]
    )
    found = draft_reasons(tables, case(0))
    assert {"before": "200\u00a0000\u00a0€"}.items() <= dict(of(tables, case(0), "override:1").values).items()
    assert "Perustelu: Syy on tämä." in [one.text for one in found]
    assert not any(one.part == "distribution" for one in found)
    assert withdrawn == any(one.phrase == "withdrawn_later" for one in found)


@pytest.mark.parametrize(
    ("number", "status", "kind", "phrases", "absent"),
    [
        (case(9), "approved", "rectification", {"earlier_dismissed", "later_rectification"}, {"late", "closed"}),
        (case(29), "approved", "rectification", {"earlier_rejected", "later_rectification"}, {"not_eligible"}),
        (case(0), "dismissed", "correction", {"earlier_approved", "later_correction"}, {"eligible", "threshold_met"}),
        (case(0), "rejected", "correction", {"earlier_approved", "later_correction"}, {"eligible", "threshold_met"}),
        (case(0), "approved", "correction", {"earlier_approved", "eligible", "threshold_met"}, set[str]()),
    ],
)
def test_reasons_of_a_later_decision_do_not_contradict_it(
    number: str, status: str, kind: str, phrases: set[str], absent: set[str]
) -> None:
    """What was found before is said only where it goes with the new status; what the earlier decision was, always."""
    after = 100_000 if status == "approved" else 0
    before = next(row["granted"] for row in TABLES["applications"] if row["case_number"] == number)
    tables = changed(
        TABLES,
        number,
        {"status": status, "basis": kind, "granted": after},
        {"decision.first": 3},
        overrides=[override(kind, case_number=number, before=before, after=after, decision=4)],
    )
    found = draft_reasons(tables, number)
    said_phrases = {one.phrase for one in found}
    assert phrases <= said_phrases
    assert not absent & said_phrases
    assert "provisions" in {one.fact for one in found}
    assert of(tables, number, "override:1:number").text == "Aiemman päätöksen numero: 3."


def test_second_later_decision_names_the_one_before_it_and_its_own_change_alone() -> None:
    """A withdrawn grant that a correction gives back."""
    rows = [
        override("withdrawal", before=100_000, after=0, decision=2),
        override("correction", number=2, before=0, after=90_000, decision=5),
    ]
    tables = changed(TABLES, case(0), {"status": "approved", "basis": "correction", "granted": 90_000}, overrides=rows)
    texts = said(tables, case(0))
    assert "Hakemus on aiemmin peruutettu tai avustuksesta on luovuttu." in texts
    assert "Aiemman päätöksen numero: 2." in texts
    assert "override:1" not in {one.fact for one in draft_reasons(tables, case(0))}


def test_remainder_beside_an_award_lowered_by_hand_is_that_of_the_rule() -> None:
    """What was freed by hand is not said to be there; that it was not distributed anew, is."""
    values = {"basis": "not_funded_budget", "status": "rejected", "granted": 0}
    left = next(row["remaining"] for row in TABLES["scenarios"] if row["decided"])
    rows = [override("by_hand", before=200_000, after=50_000)]
    for rest, remaining in (("kept", left - 150_000), ("reoptimised", left)):
        tables = changed(TABLES, case(1), values, {"scenario.rest": rest}, overrides=rows)
        assert of(tables, case(1), "remaining").values == (("remaining", format_money(remaining, "fi")),)
        told = {one.phrase for one in draft_reasons(tables, case(1))}
        assert ("remaining_kept" in told) == (rest == "kept")


def test_one_review_is_said_as_the_assessment_without_a_count() -> None:
    """A mean of one would be that reviewer's own levels."""
    number = case(3)
    own = next(row["reviewer"] for row in TABLES["scores"] if row["case_number"] == number)
    scores = tuple(row for row in TABLES["scores"] if row["case_number"] != number or row["reviewer"] == own)
    text = text_of(draft_reasons(complete(replace(TABLES, rows={**TABLES.rows, "scores": scores})), number))
    assert "Poäng enligt bedömningen:" in text
    assert "Antal bedömningar" not in text
    assert "medelvärde" not in text


def test_cut_costs_are_said_with_the_comment_and_the_ceiling() -> None:
    """Stated and accepted costs, the category, why, and what 85 % of them is."""
    cut = {"case_number": case(0), "category": "travel", "applied": 23_531, "accepted": 3_531, "comment": "Liian suuri"}
    values = {"basis": "funded_partial", "status": "approved", "granted": 183_000}
    tables = changed(TABLES, case(0), values, costs=[cut])
    row = next(row for row in tables["applications"] if row["case_number"] == case(0))
    texts = said(tables, case(0))
    assert "Matkakustannukset: ilmoitettu 23\u00a0531\u00a0€, hyväksytty 3\u00a0531\u00a0€." in texts
    assert "Perustelu: Liian suuri." in texts
    assert of(tables, case(0), "ceiling").text == (
        f"Avustus on enintään 85\u00a0% hyväksyttävistä kustannuksista. Hyväksytyt kustannukset: "
        f"{format_money(row['accepted_costs'], 'fi')}. Suurin mahdollinen avustus: {format_money(row['ceiling'], 'fi')}."
    )


def test_limits_of_the_call_are_said_where_they_hold_a_grant_down() -> None:
    """The largest grant of the scenario and the unit of the call, beside the share."""
    values = {"basis": "funded_partial", "status": "approved", "granted": 150_000}
    tables = changed(TABLES, case(0), values, {"scenario.largest_grant": 150_500, "call.unit": 1_000})
    texts = said(tables, case(0))
    assert "Yhden avustuksen enimmäismäärä jaossa: 150\u00a0500\u00a0€." in texts
    assert "Avustus pyöristetään alaspäin täyteen yksikköön. Yksikkö: 1\u00a0000\u00a0€." in texts
    assert not any(text.startswith("Avustus on enintään") for text in texts)


def test_tie_says_the_order_what_separated_and_the_published_seed() -> None:
    """Two of equal levels: the lot decided, and both are told so."""
    levels = [
        {"case_number": number, "reviewer": CONSENSUS, "criterion": criterion, "level": 3}
        for number in (case(0), case(1))
        for criterion in ("process_change", "dissemination", "consortium")
    ]
    seed = facts_of(TABLES["facts"])["call.lot_seed"]
    first, second = sorted((case(0), case(1)), key=lambda number: -lot(number, seed))
    tables = changed(TABLES, first, {"basis": "funded_full"}, {"result.ties": [[case(0), case(1)]]}, scores=levels)
    tables = changed(tables, second, {"basis": "not_funded_tie", "status": "rejected", "granted": 0})
    for number, phrase in ((first, "funded_tie"), (second, "not_funded_tie")):
        found = [one for one in draft_reasons(tables, number) if one.phrase.startswith("tie") or one.phrase == phrase]
        assert [one.phrase for one in found] == [phrase, "tie_order", "tie_by", "tie_lot"]
        assert found[1].text.endswith("Toimintatapojen muutos, Levittämissuunnitelma, Konsortio, arvonta.")
        assert dict(found[2].values) == {"by": "arvonta"}
        assert dict(found[3].values) == {"seed": str(seed)}


def test_tie_that_a_criterion_separates_names_no_lot() -> None:
    """Equal scores, the first criterion differs: the lot was not drawn."""
    given = {case(0): (3, 3, 3), case(1): (3, 2, 4)}
    levels = [
        {"case_number": number, "reviewer": CONSENSUS, "criterion": criterion, "level": level}
        for number, three in given.items()
        for criterion, level in zip(("process_change", "dissemination", "consortium"), three, strict=True)
    ]
    tables = changed(TABLES, case(0), {}, {"result.ties": [[case(0), case(1)]]}, scores=levels)
    tables = changed(tables, case(1), {"basis": "not_funded_tie", "status": "rejected", "granted": 0})
    assert of(tables, case(1), "tie:by").text == "Järjestyksen ratkaissut peruste: Levittämissuunnitelma."
    assert "tie:lot" not in {one.fact for one in draft_reasons(tables, case(1))}


def test_conditions_are_the_full_ones_that_concern_the_application() -> None:
    """By theme, region and named projects; a rule that is off, a floor, one with room and one of others stay out."""
    theme = next(row["theme"] for row in TABLES["applications"] if row["case_number"] == case(0))
    facts = {
        "scenario.constraint.0001": {"name": "Teeman katto", "sum": "grant", "where": {"theme": [theme]}, "max": 1},
        "scenario.constraint.0002": {"name": "Muu teema", "sum": "grant", "where": {"theme": ["other"]}, "max": 1},
        "scenario.constraint.0003": {"name": "Pois päältä", "sum": "grant", "max": 1, "on": False},
        "scenario.constraint.0004": {"name": "Joka maakunta", "sum": "count", "each": "partner_region", "max": 2},
        "scenario.constraint.0005": {"name": "Väljä", "sum": "grant", "max_share": "1"},
        "scenario.constraint.0006": {"name": "Lattia", "sum": "grant", "min": 1},
        "scenario.constraint.0007": {"name": "Asukkaat", "sum": "population", "max": 1},
        "scenario.exclusive.0001": {"name": "Vain toinen", "projects": [case(0), case(1)], "most": 1},
        "scenario.exclusive.0002": {"name": "Molemmat", "projects": [case(0), case(1)], "most": 2},
        "scenario.dependent.0001": {"name": "Vasta sitten", "project": case(0), "needs": [case(9)]},
        "scenario.dependent.0002": {"name": "Jo rahoitettu", "project": case(0), "needs": [case(1)]},
        "scenario.rank_order": True,
    }
    tables = changed(TABLES, case(0), {"basis": "not_funded_rule", "status": "rejected", "granted": 0}, facts)
    assert of(tables, case(0), "conditions").text == (
        "Hanketta koskevat jaon ehdot: ”Teeman katto”; ”Joka maakunta”; ”Asukkaat”; ”Vain toinen”; ”Vasta sitten”; "
        "paremmuusjärjestystä noudatetaan."
    )
    assert of(tables, case(0), "conditions").quoted


def test_every_cap_is_named_when_none_is_known_to_be_full() -> None:
    """Rather one too many than none."""
    facts = {"scenario.constraint.0001": {"name": "Väljä", "sum": "grant", "max_share": "1"}}
    values = {"basis": "not_funded_rule", "status": "rejected", "granted": 0}
    tables = changed(TABLES, case(0), values, facts)
    assert of(tables, case(0), "conditions").text == "Hanketta koskevat jaon ehdot: ”Väljä”."


def test_grant_at_its_ceiling_names_no_condition() -> None:
    """What held it down are its costs, not the rules of the scenario."""
    facts = {"scenario.constraint.0001": {"name": "Katto", "sum": "grant", "max": 1}}
    ceiling = next(row["ceiling"] for row in TABLES["applications"] if row["case_number"] == case(0))
    below = changed(TABLES, case(0), {"basis": "funded_partial", "granted": ceiling - 1}, facts)
    assert of(below, case(0), "conditions").text == "Hanketta koskevat jaon ehdot: ”Katto”."
    at = changed(TABLES, case(0), {"basis": "funded_partial", "granted": ceiling}, facts)
    assert "conditions" not in {one.fact for one in draft_reasons(at, case(0))}


def test_changed_phrase_is_used_in_its_language_alone() -> None:
    """A call's own wording in Swedish."""
    phrases = Phrases({"approved_full": Wording("Myönnetään: {granted}.", "Beviljas: {granted}.")})
    assert draft_reasons(TABLES, case(3), phrases)[0].text == "Beviljas: 312\u00a0233\u00a0€."


def test_reasons_by_hand_stand_in_place_of_the_draft() -> None:
    """The others are drafts; nothing else of the tables changes."""
    by_hand = {case(0): HandWritten("Luonnos.", "Omat perustelut.", 1, AT, 1)}
    made = reasons_for(TABLES, DEFAULT, by_hand)
    rows = {row["case_number"]: row for row in made["applications"]}
    assert (rows[case(0)]["reasons"], rows[case(0)]["by_hand"]) == ("Omat perustelut.", True)
    assert (rows[case(1)]["reasons"], rows[case(1)]["by_hand"]) == (text_of(draft_reasons(TABLES, case(1))), False)
    assert {name: made[name] for name in SPECS if name != "applications"} == {
        name: TABLES[name] for name in SPECS if name != "applications"
    }
    assert hash_of(make(made.rows, made.private)) == hash_of(made)


def test_reasons_of_some_applications_leave_the_others_as_they_were() -> None:
    """A later decision writes those that it changes."""
    made = reasons_for(TABLES, DEFAULT, {}, only={case(1)})
    before = {row["case_number"]: row["reasons"] for row in TABLES["applications"]}
    after = {row["case_number"]: row["reasons"] for row in made["applications"]}
    assert {number for number in after if after[number] != before[number]} == {case(1)}


def test_reasons_written_over_another_draft_are_outdated() -> None:
    """Those whose draft is today's are not, nor those that are drafts."""
    today = text_of(draft_reasons(SMALL, case(0)))
    by_hand = {case(0): HandWritten(today, "Oma.", 1, AT, 1), case(1): HandWritten(today, "Oma.", 1, AT, 1)}
    assert outdated(SMALL, DEFAULT, by_hand) == (case(1),)


def test_words_of_an_official_are_one_sentence_with_an_end() -> None:
    """Line breaks become spaces, a missing full stop is put, and braces stay as typed."""
    row = {
        "case_number": case(9),
        "outcome": "dismissed",
        "checks": (),
        "reason": "Yksi\n {score}  kaksi",
        "version": 1,
    }
    tables = changed(TABLES, case(9), {"status": "dismissed", "basis": "dismissed"}, eligibility=[row])
    assert of(tables, case(9), "eligibility:reason").text == "Perustelu: Yksi {score} kaksi."


def test_drafts_do_not_depend_on_the_order_of_the_rows() -> None:
    """The same tables in another order give the same reasons."""
    turned = replace(TABLES, rows={name: tuple(reversed(rows)) for name, rows in TABLES.rows.items()})
    assert {number: text_of(found) for number, found in drafts(turned).items()} == {
        number: text_of(found) for number, found in drafts(TABLES).items()
    }
