"""The accepted costs and the own funding of one application, as a letter states them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decisions.facts import in_order
from decisions.tables import Row
from decisions.values import cell_text
from locales import Message, format_money, msg, render
from workbooks.letter_terms import Line, euros, local, percent


@dataclass(frozen=True, slots=True)
class CostTable:
    """Costs by category, with a row of sums at the end; the figures stand in the columns 1 and 2 of each row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def cost_table(facts: Mapping[str, Any], costs: Sequence[Row], lang: str) -> CostTable:
    """Applied and accepted costs of one application, in the call's order of the categories.

    What was not examined is accepted as stated.
    """
    names = {key: local(value["name"]).get(lang) for key, value in in_order(facts, "category").items()}
    order = {key: at for at, key in enumerate(names)}
    listed = sorted(costs, key=lambda row: (order.get(row["category"], len(order)), row["category"]))
    rows: list[tuple[str, ...]] = [
        (
            names.get(str(row["category"]), str(row["category"])),
            _money(row["applied"], lang),
            _money(_accepted(row), lang),
            " ".join(cell_text(row["comment"]).split()),
        )
        for row in listed
    ]
    totals = (sum(row["applied"] or 0 for row in listed), sum(_accepted(row) or 0 for row in listed))
    return CostTable(
        render(msg("Accepted costs and own funding"), lang),
        tuple(
            render(text, lang)
            for text in (msg("Cost category"), msg("In the application"), msg("Accepted amount"), msg("Remark"))
        ),
        (*rows, (render(msg("All together"), lang), *(_money(total, lang) for total in totals), "")),
    )


def cost_lines(row: Row, lang: str) -> tuple[Line, ...]:
    """What the grant leaves to be paid otherwise, and from what."""
    return tuple(Line(render(text, lang)) for text in _said(row, lang))


def _said(row: Row, lang: str) -> Iterator[Message]:
    if row["own_part"] is not None and row["own_share"] is not None:
        yield msg(
            "Own funding and other funding have to cover {sum} euros, which is {share} % of the accepted costs (rounded "
            "down to a hundredth of a per cent).",
            sum=euros(row["own_part"], lang),
            share=percent(row["own_share"], lang),
        )
    if row["own_funding"] is not None:
        yield msg("Own funding stated in the application: {sum} euros.", sum=euros(row["own_funding"], lang))
    match row["other_funding"]:
        case None:
            yield msg("The application does not say whether the project has other public funding.")
        case 0:
            yield msg("According to the application the project has no other public funding.")
        case other:
            yield msg(
                "According to the application the project has {sum} euros of other public funding.",
                sum=euros(other, lang),
            )


def _accepted(row: Row) -> int | None:
    accepted: int | None = row["applied"] if row["accepted"] is None else row["accepted"]
    return accepted


def _money(value: int | None, lang: str) -> str:
    return "–" if value is None else format_money(value, lang)
