"""The kinds of constraint a scenario can ask for; every rule of distribution declares which of them it enforces."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from locales import Message, msg

Kind = Literal[
    "appropriation",
    "reserve",
    "max_share",
    "largest_grant",
    "threshold",
    "criterion_threshold",
    "smallest_grant",
    "project_minimum",
    "force_in",
    "force_out",
    "fixed",
    "euro_cap",
    "euro_floor",
    "count_cap",
    "count_floor",
    "column_cap",
    "column_floor",
    "weighted_cap",
    "weighted_floor",
    "exclusive",
    "dependent",
    "rank_order",
]

KIND_LABELS: Mapping[Kind, Message] = MappingProxyType(
    {
        "appropriation": msg("the appropriation"),
        "reserve": msg("the reserve"),
        "max_share": msg("the largest share of the eligible costs"),
        "largest_grant": msg("the largest grant"),
        "threshold": msg("the score threshold"),
        "criterion_threshold": msg("a threshold of one criterion"),
        "smallest_grant": msg("the smallest grant"),
        "project_minimum": msg("a project's own smallest grant"),
        "force_in": msg("projects forced in"),
        "force_out": msg("projects forced out"),
        "fixed": msg("awards set by hand"),
        "euro_cap": msg("a cap in euros"),
        "euro_floor": msg("a floor in euros"),
        "count_cap": msg("a largest number of projects"),
        "count_floor": msg("a smallest number of projects"),
        "column_cap": msg("a cap on the sum of a column"),
        "column_floor": msg("a floor under the sum of a column"),
        "weighted_cap": msg("a cap on a column weighted by the grants"),
        "weighted_floor": msg("a floor under a column weighted by the grants"),
        "exclusive": msg("projects that exclude each other"),
        "dependent": msg("projects that depend on others"),
        "rank_order": msg("the rank order respected"),
    }
)
