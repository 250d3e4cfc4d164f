"""What an editor of a scenario works on, and what it proposes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from allocation import Kind, Scenario
from ui import notices
from ui.scenario_fields import Fields
from ui.texts import t
from workflow.scenarios import Run

LONGEST_NAME = 100


class Named(Protocol):
    """An entry of a scenario with a name of its own."""

    @property
    def name(self) -> str:
        """Unique among those of its kind."""
        ...


N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True)
class Editor:
    """The fields, the kind of entry, the name of the one that is changed (None: a new one), and what it stands in."""

    fields: Fields
    kind: str
    old: str | None
    scenario: Scenario
    run: Run

    def cases(self) -> dict[str, str]:
        """The projects by case number, as the lists show them."""
        return {
            one.view.case_number: f"{one.view.case_number} {one.view.application.project_name}"
            for one in sorted(self.run.ranked, key=lambda one: one.view.case_number)
        }

    def name(self, proposed: str, old: str) -> str:
        """The name as typed, else the proposed one."""
        typed = self.fields.text(t("Name of the constraint"), old, "name", longest=LONGEST_NAME)
        if not typed and proposed:
            notices.caption(t("Left empty, its name is: {name}", name=proposed))
        return typed or proposed

    def taken(self, name: str, others: Sequence[Named]) -> list[str]:
        """The fault, if another one has this name."""
        if name != self.old and name in {one.name for one in others}:
            return [t("There is a constraint named {name} already. Choose another name.", name=name)]
        return []

    def put(self, found: N, among: Sequence[N]) -> tuple[N, ...]:
        """``among`` with ``found`` in the place of the one that is changed, or at the end."""
        if self.old is None:
            return (*among, found)
        return tuple(found if one.name == self.old else one for one in among)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The scenario as it would be, the entry in words, what a rule must hold for it, and what is still wrong."""

    scenario: Scenario
    sentence: str
    kinds: frozenset[Kind]
    problems: Sequence[str]
