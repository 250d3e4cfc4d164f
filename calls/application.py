"""What an application is: immutable, typed, without knowledge of where it came from or is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Language = Literal["fi", "sv"]
COST_CATEGORIES = ("personnel", "travel", "premises", "bought_services", "other")
"""Cost categories of decree 893/2019, section 5, as the application form groups them."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality as the application states it; whether it exists that year is an eligibility question."""

    code: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A party of the consortium: a municipality, or a joint authority with the member municipalities taking part."""

    kind: Literal["municipality", "joint_authority"]
    name: str
    code: str | None = None
    members: tuple[Municipality, ...] = ()

    @property
    def municipalities(self) -> tuple[Municipality, ...]:
        """The municipalities this partner counts as."""
        return self.members if self.kind == "joint_authority" else (Municipality(self.code, self.name),)


@dataclass(frozen=True, slots=True)
class Coordinator:
    """The coordinating applicant. ``code`` is the municipality code, None for a joint municipal authority."""

    name: str
    business_id: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """One application as it was submitted. Money: whole euros without VAT. ``arrived_at``: aware, UTC.

    A text that is empty was left empty; ``other_public_funding`` None was not stated (0 was stated as none).
    """

    case_number: str
    arrived_at: datetime
    coordinator: Coordinator
    language: Language
    partners: tuple[Partner, ...]
    project_name: str
    theme: str
    summary: str
    process_change: str
    dissemination: str
    consortium: str
    costs: Mapping[str, int] = field(default_factory=dict)
    own_funding: int = 0
    other_public_funding: int | None = None
    applied: int = 0

    @property
    def eligible_costs(self) -> int:
        """Sum of the stated cost lines, euros without VAT."""
        return sum(self.costs.values())
