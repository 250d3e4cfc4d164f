"""The rules of distribution behind one interface; each declares the kinds of constraint it enforces."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from allocation.kinds import KIND_LABELS, Kind
from allocation.linear import linear
from allocation.mixed import mixed
from allocation.problem import Outcome, Problem
from allocation.proportional import proportional
from allocation.rank import rank
from allocation.tiers import tiers
from allocation.types import RuleName
from locales import Message, msg

_MONEY: frozenset[Kind] = frozenset(
    {
        "appropriation",
        "reserve",
        "max_share",
        "largest_grant",
        "threshold",
        "criterion_threshold",
        "force_out",
        "fixed",
    }
)
_SINGLE: frozenset[Kind] = _MONEY | {"smallest_grant", "project_minimum", "force_in"}
"""All that concerns one project at a time, and the appropriation."""
_CAPS: frozenset[Kind] = frozenset({"euro_cap", "count_cap", "column_cap", "weighted_cap", "exclusive"})
"""What a project that is served in its turn can be checked against."""
_SUMS: frozenset[Kind] = frozenset({"euro_cap", "euro_floor", "weighted_cap", "weighted_floor"})
"""What is linear in the euros granted."""
_ALL: frozenset[Kind] = frozenset(KIND_LABELS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to distribute.

    ``whole``: a project without a minimum of its own is all or nothing. ``continuous``: grants go down to
    zero, and there is no on or off.
    """

    name: RuleName
    label: Message
    enforces: frozenset[Kind]
    solve: Callable[[Problem], Outcome]
    whole: bool = False
    continuous: bool = False


_RULES = (
    Rule(
        "rank_strict",
        msg("rank order, stopping at the cut-off"),
        _SINGLE | _CAPS | {"rank_order"},
        partial(rank, miss="stop"),
        whole=True,
    ),
    Rule(
        "rank_skip",
        msg("rank order, skipping what does not fit"),
        _SINGLE | _CAPS,
        partial(rank, miss="skip"),
        whole=True,
    ),
    Rule(
        "rank_partial",
        msg("rank order, the last grant in part"),
        _SINGLE | _CAPS | {"rank_order"},
        partial(rank, miss="partial"),
    ),
    Rule("lp", msg("linear programme"), _MONEY | _SUMS, linear, continuous=True),
    Rule("milp", msg("mixed-integer programme"), _ALL, mixed, whole=True),
    Rule("proportional", msg("proportional cut"), _SINGLE, proportional),
    Rule("tiers", msg("tiers"), _SINGLE, tiers),
)
RULES: Mapping[RuleName, Rule] = MappingProxyType({rule.name: rule for rule in _RULES})
