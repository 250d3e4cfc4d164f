"""What was found of how probably each project is funded, and how sure it is, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from locales import Message, msg

WAYS: Mapping[str, Message] = MappingProxyType(
    {
        "ranking": msg("Every draw was put in rank order and served by the rule, without a solver."),
        "bands": msg("Every draw was distributed by the rule, without a solver."),
        "line": msg(
            "In every draw the greatest total was found and proven, by trying all choices near the funding line and by "
            "dynamic programming."
        ),
        "vertex": msg("The linear programme was solved for every draw."),
        "each": msg("The rule was applied to every draw by itself, as some of its limits depend on the scores."),
        "pool": msg(
            "The programme was solved exactly for a part of the draws. Every other draw got the best of the "
            "distributions that were found, and the result was checked with exact solves of further draws."
        ),
        "every": msg("The programme was solved exactly for every draw."),
    }
)
"""How the draws were distributed, in words."""


class ChancesError(RuntimeError):
    """There is no result; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


@dataclass(frozen=True, slots=True)
class Chances:
    """In how many of ``draws`` each project is funded, and how sure that is.

    ``portfolios``: how many different sets of funded projects there are in the draws. ``missing_mass``: only where a
    pool was used, the estimated share of draws whose best distribution the pool lacks (Good 1953: those found once
    among those solved). ``audited``: draws of the last audit, solved exactly and not used for the pool before;
    ``audit_misses``: in how many of them the pool had no distribution as good. ``solved``: draws solved one by one.
    ``impossible``: draws in which the rules cannot all be met; nobody is funded in them. ``exact``: every draw was
    decided exactly. ``steps``: into how many steps per point the scores were rounded. ``per_solve``: seconds that one
    exact solve took by the clock, all processes together; 0 where none was timed.
    """

    draws: int
    seed: int
    funded: Mapping[str, int]
    way: Message
    portfolios: int
    missing_mass: float | None
    audited: int
    audit_misses: int
    solved: int
    impossible: int
    exact: bool
    steps: int
    seconds: float = field(compare=False)
    per_solve: float = field(default=0.0, compare=False)

    @property
    def seconds_to_solve_all(self) -> float:
        """How long it would take to solve every draw exactly, as measured on those that were."""
        return self.per_solve * self.draws

    def probability(self, project_id: str) -> float:
        """The share of draws in which the project is funded, 0 to 1. KeyError for an unknown project."""
        return self.funded[project_id] / self.draws if self.draws else 0.0

    def margin(self, project_id: str) -> float:
        """Within how much of the probability 95 % of repetitions with other draws would lie: 1.96 standard errors."""
        p = self.probability(project_id)
        return float(1.96 * np.sqrt(p * (1 - p) / self.draws)) if self.draws else 0.0

    @property
    def words(self) -> tuple[Message, ...]:
        """How the chances were worked out and how sure they are; where they are known to be inexact, that first."""
        found = [
            msg(
                "{draws} draws of the scores with the seed {seed}, {portfolios} different sets of funded projects.",
                draws=self.draws,
                seed=self.seed,
                portfolios=self.portfolios,
            ),
            self.way,
        ]
        share = Fraction(round(1000 * (self.missing_mass or 0.0)), 10)
        if self.audit_misses:
            inexact = msg(
                "These probabilities are not exact: of {audited} draws checked, {misses} had a better distribution "
                "than the one that was counted.",
                audited=self.audited,
                misses=self.audit_misses,
            )
            rest = msg("Estimated share of draws whose best distribution was not found: {share} %.", share=share)
            found = [inexact, *found, rest]
        elif self.audited:
            found.append(
                msg(
                    "Of {audited} draws checked, {misses} had a better distribution than was found without solving. "
                    "Estimated share of draws whose best distribution was not found: {share} %.",
                    audited=self.audited,
                    misses=0,
                    share=share,
                )
            )
        if self.impossible:
            found.append(
                msg(
                    "In {count} draws the rules of the scenario cannot all be met; nobody is funded in them.",
                    count=self.impossible,
                )
            )
        return tuple(found)
