"""The sheets of the decision workbook in their order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from decisions.tables import Tables
from workbooks import (
    decision_cases,
    decision_check,
    decision_compare,
    decision_costs,
    decision_eligibility,
    decision_facts,
    decision_first_page,
    decision_list,
    decision_overrides,
    decision_ranking,
    decision_scores,
)
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_plan import Context, Plan

Top = Callable[[Book, StreamedSheet, Context], None]
"""Writes what stands above the heading of a sheet (below its title and subtitle), defined names and charts."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet. ``top``: what stands above its table. ``frozen``: columns that stay when the sheet is scrolled.

    ``pages``: how many pages wide it is printed; the frozen columns are repeated on each.
    """

    plan: Plan
    top: Top | None = None
    frozen: int = 2
    landscape: bool = True
    pages: int = 1


def parts(facts: Mapping[str, Any], tables: Tables | None = None, *, plain: bool = False) -> tuple[Part, ...]:
    """The sheets of a decision with these facts; without ``tables`` not those that depend on them
    (comparison and verification)."""
    found = [
        Part(decision_list.plan(facts), decision_first_page.top),
        Part(decision_cases.PLAN, decision_cases.top, pages=2),
        Part(decision_ranking.PLAN, decision_ranking.top, frozen=4, pages=2),
        Part(decision_scores.PLAN, decision_scores.top),
        Part(decision_costs.PLAN, decision_costs.top),
        Part(decision_facts.PLAN, decision_facts.top, frozen=0),
    ]
    if tables is not None:
        found.append(Part(decision_compare.plan(tables, plain), decision_compare.top))
    found += [
        Part(decision_overrides.PLAN, decision_overrides.top),
        Part(decision_eligibility.PLAN),
    ]
    if tables is not None:
        found.append(Part(decision_check.plan(tables), decision_check.top, frozen=0))
    return tuple(found)


def plans(facts: Mapping[str, Any]) -> tuple[Plan, ...]:
    """The tables of the sheets of a decision with these facts; a plan with the name of a table holds its values."""
    return tuple(part.plan for part in parts(facts))
