import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from calls.application import COST_CATEGORIES
from calls.definition import Sourced
from calls.presets import preset, preset_ids, preset_text
from locales import LocalText


def texts(part: object) -> Iterator[LocalText]:
    if isinstance(part, LocalText):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from texts(item)


def test_preset_ids_are_the_two_calls() -> None:
    assert preset_ids() == ("2020", "2022")


def test_preset_of_unknown_id_is_refused() -> None:
    with pytest.raises(KeyError):
        preset_text("../presets/2020")


@pytest.mark.parametrize("call_id", preset_ids())
def test_preset_is_complete_in_three_languages(call_id: str) -> None:
    every = list(texts(preset(call_id)))
    assert len(every) > 80
    for text in every:
        assert all(part and part == part.strip() for part in (text.fi, text.sv, text.en))
        assert not any("!" in part for part in (text.fi, text.sv, text.en))
        if len(text.fi) > 25:
            assert len({text.fi, text.sv, text.en}) == 3


def test_preset_2020_holds_what_the_call_text_says() -> None:
    call = preset("2020")
    assert [theme.id for theme in call.themes] == [
        "e_decision_making", "electronic_meetings", "participation", "remote_work", "digital_services",
    ]  # fmt: skip
    assert [item.id for item in call.exclusions] == ["social_and_health_care", "built_environment", "archiving"]
    assert call.theme_word == "theme"
    assert call.window.opens is not None
    assert call.window.opens.value.astimezone(UTC) == datetime(2020, 6, 23, 21, 0, tzinfo=UTC)
    assert call.window.closes.value.astimezone(UTC) == datetime(2020, 10, 5, 13, 15, tzinfo=UTC)
    assert call.window.closes.source == "call"


def test_preset_2022_holds_what_the_call_text_says() -> None:
    call = preset("2022")
    assert [theme.id for theme in call.themes] == ["data_quality", "competence"]
    assert [item.id for item in call.exclusions] == ["social_and_health_care", "digitising_only"]
    assert call.theme_word == "viewpoint"
    assert call.window.opens is None
    assert call.window.closes.value.astimezone(UTC) == datetime(2022, 4, 25, 13, 15, tzinfo=UTC)
    assert call.window.closes.source == "assumption"
    assert call.window.closes.note is not None


@pytest.mark.parametrize("call_id", preset_ids())
def test_preset_rules_are_those_of_call_and_decree(call_id: str) -> None:
    call = preset(call_id)
    money = call.money
    assert (money.appropriation.value, money.appropriation.source) == (10_000_000, "call")
    assert (money.largest_share_bp.value, money.largest_share_bp.source) == (8500, "decree")
    assert (money.vat_eligible.value, money.vat_eligible.source) == (False, "decree")
    assert call.applicants.kinds.value == ("municipality", "joint_authority")
    assert (call.applicants.joint_only.value, call.applicants.joint_only.source) == (True, "call")
    assert call.applicants.register_year == int(call_id)
    assert [item.id for item in call.must_describe] == ["process_change", "dissemination"]
    assert tuple(item.id for item in call.cost_categories) == COST_CATEGORIES
    assert {item.source for item in call.cost_categories} == {"decree"}


@pytest.mark.parametrize("call_id", preset_ids())
def test_preset_scoring_is_marked_as_assumption(call_id: str) -> None:
    call = preset(call_id)
    assert [criterion.id for criterion in call.criteria] == ["process_change", "dissemination", "consortium"]
    assert sum(criterion.weight.value for criterion in call.criteria) == 100
    for criterion in call.criteria:
        assert [level.value for level in criterion.levels] == [1, 2, 3, 4, 5]
        assert [level.label.fi for level in criterion.levels] == [
            "ei toteudu", "toteutuu osittain", "toteutuu", "toteutuu hyvin", "toteutuu erinomaisesti",
        ]  # fmt: skip
        assert (criterion.levels_source, criterion.weight.source, criterion.ground.source) == (
            "assumption", "assumption", "decree",
        )  # fmt: skip
    descriptions = [level.description.fi for criterion in call.criteria for level in criterion.levels]
    assert len(set(descriptions)) == 15
    scoring = call.scoring
    assert scoring.threshold.value == Decimal("2.5")
    assumed: list[Sourced[Any]] = [
        scoring.threshold, scoring.tie_rule, scoring.ranking_score, scoring.reviews_per_application, scoring.lot_seed,
        call.money.smallest_grant, call.money.unit,
    ]  # fmt: skip
    assert {value.source for value in assumed} == {"assumption"}
    assert all(value.note is not None for value in assumed)


@pytest.mark.parametrize("call_id", preset_ids())
def test_preset_exclusions_have_words_of_both_languages(call_id: str) -> None:
    for item in preset(call_id).exclusions:
        assert len(item.keywords) == len(set(item.keywords)) >= 6
        assert any(re.search(r"^(ark|digitis|byg|hälso)", word) for word in item.keywords)
