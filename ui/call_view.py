"""How a call is shown: every value with where it comes from."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from calls.definition import CallDefinition, Item, Sourced
from ui.labels import source_badge
from ui.look import section
from ui.tables import Cell, Column, table
from ui.texts import moment, money, number, percent, say, t
from workflow.labels import RANKING_SCORES


def show_values(call: CallDefinition) -> None:
    """The single values of the call as one table: name, value, source, note."""
    rules, points, window = call.money, call.scoring, call.window
    rows: list[list[Cell]] = [
        _row(t("Purpose"), say(call.purpose.value), call.purpose),
        *_optional(t("Focus"), call.focus),
        *_optional(t("How to apply"), call.how_to_apply),
        _row(t("Opens"), moment(window.opens.value) if window.opens else t("Not stated"), window.opens),
        _row(t("Closes"), moment(window.closes.value), window.closes),
        _row(t("Who may apply"), _applicants(call), call.applicants.kinds),
        _row(t("Joint projects only"), _yes(call.applicants.joint_only.value), call.applicants.joint_only),
        _row(
            t("Smallest number of municipalities"),
            str(call.applicants.smallest_number_of_municipalities.value),
            call.applicants.smallest_number_of_municipalities,
        ),
        _row(t("Appropriation"), money(rules.appropriation.value), rules.appropriation),
        *_optional(t("Budget item"), rules.budget_item),
        _row(
            t("Largest share of the eligible costs"),
            percent(rules.largest_share_bp.value, 10_000),
            rules.largest_share_bp,
        ),
        _row(t("Value added tax eligible"), _yes(rules.vat_eligible.value), rules.vat_eligible),
        _row(t("Smallest viable grant"), money(rules.smallest_grant.value), rules.smallest_grant),
        _largest_grant(call),
        _row(t("Grants are rounded down to"), money(rules.unit.value), rules.unit),
        _row(t("Lowest score that can be funded"), number(_fraction(call), 2), points.threshold),
        _row(
            t("Reviews for each application"), str(points.reviews_per_application.value), points.reviews_per_application
        ),
        _row(t("What ranks"), say(RANKING_SCORES[points.ranking_score.value]), points.ranking_score),
        _row(t("Equal scores are separated by"), _tie_rule(call), points.tie_rule),
        _row(t("Seed of the lot"), str(points.lot_seed.value), points.lot_seed),
    ]
    table(
        t("Values of the call"), [Column(t("What")), Column(t("Value")), Column(t("Source")), Column(t("Note"))], rows
    )


def _row(name: str, value: str, sourced: Sourced[Any] | None) -> list[Cell]:
    if sourced is None:
        return [name, value, "–", ""]
    return [name, value, source_badge(sourced.source), say(sourced.note) if sourced.note else ""]


def _largest_grant(call: CallDefinition) -> list[Cell]:
    largest = call.money.largest_grant
    return _row(t("Largest grant"), t("Not stated") if largest is None else money(largest.value), largest)


def _optional(name: str, sourced: Sourced[Any] | None) -> list[list[Cell]]:
    return [] if sourced is None else [_row(name, say(sourced.value), sourced)]


def _yes(value: bool) -> str:
    return t("Yes") if value else t("No")


def _applicants(call: CallDefinition) -> str:
    words = {"municipality": t("municipalities"), "joint_authority": t("joint municipal authorities")}
    return ", ".join(words[kind] for kind in call.applicants.kinds.value)


def _tie_rule(call: CallDefinition) -> str:
    names = [t("lot") if key == "lot" else say(call.criterion(key).name) for key in call.scoring.tie_rule.value]
    return " → ".join(names)


def _fraction(call: CallDefinition) -> Fraction:
    return Fraction(call.scoring.threshold.value)


def show_items(caption: str, items: Sequence[Item]) -> None:
    """Themes, exclusions and the like."""
    table(
        caption,
        [Column(t("Name")), Column(t("Description")), Column(t("Source"))],
        [[say(i.name), say(i.description) if i.description else "", source_badge(i.source)] for i in items],
    )


def show_criteria(call: CallDefinition) -> None:
    """The criteria with weight, ground in the decree, and each level in words."""
    whole = sum(criterion.weight.value for criterion in call.criteria)
    table(
        t("Criteria and weights"),
        [
            Column(t("Criterion")),
            Column(t("Question")),
            Column(t("Weight"), figures=True),
            Column(t("Source of the weight")),
            Column(t("Ground in the decree")),
        ],
        [
            [
                say(c.name),
                say(c.question),
                percent(c.weight.value, whole),
                source_badge(c.weight.source),
                say(c.ground.value),
            ]
            for c in call.criteria
        ],
    )
    for criterion in call.criteria:
        section(say(criterion.name))
        table(
            t("Levels of the criterion {criterion}", criterion=criterion.name),
            [Column(t("Level")), Column(t("Label")), Column(t("Description")), Column(t("Source"))],
            [
                [str(rung.value), say(rung.label), say(rung.description), source_badge(criterion.levels_source)]
                for rung in criterion.levels
            ],
        )
