"""What the ranking hangs on: one reviewer, one criterion, or the weights of the criteria."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import streamlit as st

from calls.definition import CallDefinition
from scoring.sensitivity import RankRange
from scoring.weight_range import WeightRange
from ui import notices
from ui.certainty_words import case_link, interval, rank_cell, say_partial_line, sentence, some_of
from ui.look import section
from ui.tables import Badge, Cell, Column, Pair, figures, table
from ui.texts import in_percent, number, say, t, tn
from workflow.panel_sensitivity import MOST_APPLICATIONS, Sensitivity
from workflow.ranking import Ranked

Names = Callable[[str], str]


def show_what_it_hangs_on(
    call: CallDefinition, ranked: Sequence[Ranked], found: Sensitivity, partial: bool = False
) -> None:
    """Ranks without one reviewer and without one criterion, and the weights that keep each application on its side.

    ``partial``: applications are hidden from the reader.
    """
    sentence(
        t(
            "The official ranking worked out again without each reviewer and without each criterion in turn: an application that would change sides hangs on a single view."
        )
    )
    if found.too_many:
        notices.info(
            t("This is not worked out for more than {n} applications.", n=number(MOST_APPLICATIONS)),
        )
        return
    reviewers = {r.application: r for r in found.reviewers}
    criteria = {r.application: r for r in found.criteria}
    scored = [r for r in ranked if r.view.case_number in reviewers]
    if not scored:
        notices.info(t("No application is scored yet."))
        return
    divides = 0 < found.above < len(scored)
    moved = [
        r
        for r in scored
        if divides and any(_changes(of.get(r.view.case_number), found.above) for of in (reviewers, criteria))
    ]
    by_weight = _by_weight(found.shares) if divides else {}
    if divides:
        if partial:
            say_partial_line()
        _counts(found, by_weight, len(scored))
    else:
        notices.info(t("No line divides the applications, so no application can change sides; only ranks are shown."))
    _without(call, divides, found, moved, [r for r in scored if r not in moved], reviewers, criteria)
    if divides:
        _weights(call, scored, by_weight)


def _changes(found: RankRange | None, above: int) -> bool:
    """Whether leaving one out can take the application over the line."""
    return found is not None and found.best <= above < found.worst


def _by_weight(shares: Sequence[WeightRange]) -> dict[str, dict[str, WeightRange]]:
    """Application -> criterion -> range, of the applications that some weight takes over the line."""
    moved = {share.application for share in shares if not share.always}
    return {name: {s.criterion: s for s in shares if s.application == name} for name in sorted(moved)}


def _counts(found: Sensitivity, by_weight: Mapping[str, object], scored: int) -> None:
    of = t("of {n} applications", n=number(scored))
    figures(
        [
            (title, number(count), of)
            for title, count in (
                (t("Change sides without one reviewer"), sum(_changes(r, found.above) for r in found.reviewers)),
                (t("Change sides without one criterion"), sum(_changes(r, found.above) for r in found.criteria)),
                (t("Change sides at another weight of a criterion"), len(by_weight)),
            )
        ]
    )


def _without(
    call: CallDefinition,
    divides: bool,
    found: Sensitivity,
    moved: Sequence[Ranked],
    others: Sequence[Ranked],
    reviewers: Mapping[str, RankRange],
    criteria: Mapping[str, RankRange],
) -> None:
    section(t("Without one reviewer or one criterion"))
    labels = {c.id: say(c.name) for c in call.criteria}

    def rows(group: Sequence[Ranked]) -> list[list[Cell]]:
        return [
            [
                rank_cell(r.standing),
                case_link(call.id, r.view.case_number),
                r.view.application.project_name,
                _range(reviewers.get(r.view.case_number), lambda key: found.names.get(key, key)),
                _range(criteria.get(r.view.case_number), lambda key: labels.get(key, key)),
            ]
            for r in group
        ]

    columns = [
        Column(t("Rank"), figures=True),
        Column(t("Case number")),
        Column(t("Project")),
        Column(t("Ranks without one reviewer"), wide=True),
        Column(t("Ranks without one criterion"), wide=True),
    ]
    if moved:
        table(t("Applications that change sides: best and worst rank"), columns, rows(moved))
    elif divides:
        notices.caption(t("No application changes sides without one reviewer or without one criterion."))
    if not others:
        return
    title = (
        t("The other applications, which stay on their side: {n}", n=number(len(others)))
        if divides
        else t("Ranks of all applications: {n}", n=number(len(others)))
    )
    with st.expander(title, expanded=not divides):
        table(t("Best and worst rank without one reviewer or criterion"), columns, rows(others))


def _range(found: RankRange | None, name: Names) -> Cell:
    """Best and worst rank, and without whom or what."""
    if found is None:
        return "–"
    notes = []
    if found.best_without:
        notes.append(t("{rank} without {names}", rank=str(found.best), names=_names(found.best_without, name)))
    if found.worst_without:
        notes.append(t("{rank} without {names}", rank=str(found.worst), names=_names(found.worst_without, name)))
    if found.unranked_without:
        notes.append(t("no score without {names}", names=_names(found.unranked_without, name)))
    ranks = interval((found.best, found.worst))
    return Pair(ranks, "; ".join(notes)) if notes else ranks


def _names(keys: Sequence[str], name: Names) -> str:
    return some_of(sorted(map(name, keys)))


def _weights(
    call: CallDefinition, scored: Sequence[Ranked], by_weight: Mapping[str, Mapping[str, WeightRange]]
) -> None:
    if len(call.criteria) < 2:
        return
    section(t("Weights of the criteria"))
    shown = [r for r in scored if r.view.case_number in by_weight]
    total = sum(c.weight.value for c in call.criteria)
    if shown:
        table(
            t("Share of all weight over which the application keeps its side, the other weights in their proportions"),
            [
                Column(t("Rank"), figures=True),
                Column(t("Case number")),
                Column(t("Project")),
                Column(t("Side of the line")),
                *(
                    Column(
                        t("{criterion}, now {share}", criterion=c.name, share=_share(Fraction(c.weight.value, total))),
                        figures=True,
                    )
                    for c in call.criteria
                ),
            ],
            [_weights_row(call, r, by_weight[r.view.case_number]) for r in shown],
        )
    rest = len(scored) - len(shown)
    if rest:
        notices.caption(
            tn(
                "{n} application keeps its side at any weight of any one criterion.",
                "{n} applications keep their side at any weight of any one criterion.",
                rest,
            )
        )


def _weights_row(call: CallDefinition, r: Ranked, ranges: Mapping[str, WeightRange]) -> list[Cell]:
    above = next(iter(ranges.values())).above
    return [
        rank_cell(r.standing),
        case_link(call.id, r.view.case_number),
        r.view.application.project_name,
        Badge(t("above"), "good") if above else Badge(t("below")),
        *(_kept(ranges.get(c.id)) for c in call.criteria),
    ]


def _kept(found: WeightRange | None) -> Cell:
    if found is None or found.always:
        return t("at any weight")
    if found.low == found.high:
        return t("only at {share}", share=_share(found.low))
    return f"{_percent(found.low)}–{_share(found.high)}"


def _share(value: Fraction) -> str:
    return in_percent(_percent(value))


def _percent(value: Fraction) -> str:
    return number(100 * value, 0 if (100 * value).denominator == 1 else 1)
