"""The rules of distribution behind one interface; each declares the kinds of constraint it enforces."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from allocation.linear import linear
from allocation.mixed import mixed
from allocation.problem import Kind, Outcome, Problem
from allocation.proportional import proportional
from allocation.rank import rank
from allocation.types import RuleName
from locales import Message, msg

_MONEY: frozenset[Kind] = frozenset(
    {"appropriation", "reserve", "max_share", "largest_grant", "threshold", "force_out"}
)
_ALL: frozenset[Kind] = _MONEY | {"smallest_grant", "project_minimum", "force_in"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to distribute.

    ``whole``: a project without a minimum of its own is all or nothing. ``continuous``: grants go down to
    zero, and there is no on or off. ``solve`` None: not available.
    """

    name: RuleName
    label: Message
    enforces: frozenset[Kind]
    solve: Callable[[Problem], Outcome] | None
    whole: bool = False
    continuous: bool = False


_RULES = (
    Rule(
        "rank_strict",
        msg("rank order, stopping at the cut-off"),
        _ALL,
        partial(rank, miss="stop"),
        whole=True,
    ),
    Rule(
        "rank_skip",
        msg("rank order, skipping what does not fit"),
        _ALL,
        partial(rank, miss="skip"),
        whole=True,
    ),
    Rule("rank_partial", msg("rank order, the last grant in part"), _ALL, partial(rank, miss="partial")),
    Rule("lp", msg("linear programme"), _MONEY, linear, continuous=True),
    Rule("milp", msg("mixed-integer programme"), _ALL, mixed, whole=True),
    Rule("proportional", msg("proportional cut"), _ALL, proportional),
    Rule("tiers", msg("tiers"), frozenset(), None),
)
RULES: Mapping[RuleName, Rule] = MappingProxyType({rule.name: rule for rule in _RULES})

KIND_LABELS: Mapping[Kind, Message] = MappingProxyType(
    {
        "appropriation": msg("the appropriation"),
        "reserve": msg("the reserve"),
        "max_share": msg("the largest share of the eligible costs"),
        "largest_grant": msg("the largest grant"),
        "threshold": msg("the score threshold"),
        "smallest_grant": msg("the smallest grant"),
        "project_minimum": msg("a project's own smallest grant"),
        "force_in": msg("projects forced in"),
        "force_out": msg("projects forced out"),
    }
)
