"""The tables of a decision: what each holds, what identifies a row, and what is worked out from the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from decisions.values import Kind


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table. ``derived``: worked out from other values (``figures.complete``), so no part of a digest."""

    id: str
    kind: Kind
    key: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """A table: its fields in their order."""

    id: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> tuple[Field, ...]:
        """The fields that identify a row."""
        return tuple(field for field in self.fields if field.key)

    @property
    def stated(self) -> tuple[Field, ...]:
        """The fields that digests cover."""
        return tuple(field for field in self.fields if not field.derived)

    def field(self, name: str) -> Field:
        """The field ``name``; KeyError if there is none."""
        for field in self.fields:
            if field.id == name:
                return field
        raise KeyError(name)


def _key(name: str, kind: Kind = "text") -> Field:
    return Field(name, kind, key=True)


def _derived(name: str, kind: Kind) -> Field:
    return Field(name, kind, derived=True)


_ALL = (
    # What is true of the decision as a whole: see ``facts``.
    Spec("facts", (_key("key"), Field("value", "record"))),
    # Every application of the call. ``basis``: code of what decided (of the award, or of the eligibility).
    Spec(
        "applications",
        (
            _key("case_number"),
            Field("applicant", "text"),
            Field("business_id", "text"),
            Field("municipality", "code"),
            Field("region", "code"),
            Field("theme", "code"),
            Field("project", "text"),
            Field("language", "code"),
            Field("arrived_at", "moment"),
            Field("status", "code"),
            Field("basis", "code"),
            Field("applied", "euros"),
            _derived("accepted_costs", "euros"),
            _derived("ceiling", "euros"),
            Field("granted", "euros"),
            Field("own_funding", "euros"),
            Field("other_funding", "euros"),
            _derived("own_part", "euros"),
            _derived("own_share", "count"),
            Field("previous", "euros"),
            Field("reasons", "text"),
            Field("by_hand", "yes"),
        ),
    ),
    # Every application in the ranking, with what the distribution knows of it.
    Spec(
        "ranking",
        (
            _key("case_number"),
            _derived("rank", "count"),
            _derived("tied", "yes"),
            _derived("score", "fraction"),
            _derived("source", "code"),
            _derived("mean", "fraction"),
            _derived("median", "fraction"),
            _derived("spread", "fraction"),
            _derived("reviews", "count"),
            Field("adjusted", "decimal"),
            Field("adjusted_low", "decimal"),
            Field("adjusted_high", "decimal"),
            Field("expected_rank", "decimal"),
            Field("rank_low", "count"),
            Field("rank_high", "count"),
            Field("chance", "decimal"),
            Field("settlement", "code"),
            Field("partner_regions", "codes"),
            Field("population", "count"),
        ),
    ),
    # One row per application, reviewer and criterion; the reviewer CONSENSUS is the panel.
    Spec(
        "scores",
        (
            _key("case_number"),
            _key("reviewer", "code"),
            _key("criterion", "code"),
            Field("level", "count"),
            _derived("counted", "yes"),
            Field("reason", "text"),
        ),
    ),
    # Who reviewed, without names: the commitment is the SHA-256 of a secret number and the name.
    Spec("reviewers", (_key("reviewer", "code"), Field("commitment", "code"))),
    # ``accepted`` None: not examined, so accepted as stated.
    Spec(
        "costs",
        (
            _key("case_number"),
            _key("category", "code"),
            Field("applied", "euros"),
            Field("accepted", "euros"),
            Field("comment", "text"),
        ),
    ),
    Spec(
        "scenarios",
        (
            _key("name"),
            Field("decided", "yes"),
            Field("rule", "code"),
            Field("appropriation", "euros"),
            Field("status", "code"),
            Field("remaining", "euros"),
        ),
    ),
    Spec("comparison", (_key("scenario"), _key("case_number"), Field("granted", "euros"))),
    # Awards that are not what the rule gave, and what later decisions changed.
    Spec(
        "overrides",
        (
            _key("number", "count"),
            Field("case_number", "text"),
            Field("kind", "code"),
            Field("before", "euros"),
            Field("after", "euros"),
            Field("reason", "text"),
            Field("price", "decimal"),
            Field("broken", "text"),
            Field("by", "text"),
            Field("at", "moment"),
            Field("decision", "count"),
        ),
    ),
    # ``checks``: rules that were not met or were looked at, as ``rule=outcome``.
    Spec(
        "eligibility",
        (
            _key("case_number"),
            Field("outcome", "code"),
            Field("version", "count"),
            Field("members_confirmed", "yes"),
            Field("checks", "codes"),
            Field("reason", "text"),
            Field("by", "text"),
            Field("at", "moment"),
        ),
    ),
)
SPECS: Mapping[str, Spec] = {spec.id: spec for spec in _ALL}
"""The tables by id, in the order in which the hash takes them."""

CONSENSUS = "consensus"
"""The reviewer of a row that is the panel's consensus."""
STATUSES = ("approved", "rejected", "dismissed", "withdrawn", "possible", "in_progress", "not_started")
"""Statuses of an application, in the order in which they are counted; the first four are decided."""
DECIDED = STATUSES[:4]
OUTSIDE: Mapping[str, str] = {
    "withdrawn": "withdrawn",
    "dismissed": "dismissed",
    "not_eligible": "rejected",
    "unconfirmed": "not_started",
    "changed": "in_progress",
    "supplement_requested": "in_progress",
}
"""Statuses of applications that are not in the ranking, by the outcome of their eligibility."""
UNDECIDED = ("not_scored", "tie_unresolved")
"""Codes of awards of which nothing is decided yet."""
OVERRIDES = ("by_hand", "forced_in", "forced_out", "withdrawal", "correction", "rectification", "further_round")
"""Kinds of override: the first three are of the scenario, the others are changes by a later decision."""
LATER = OVERRIDES[3:]
"""Kinds of a decision that follows another, and of what it changes."""
STAGES = ("draft", "proposal", "decision")
