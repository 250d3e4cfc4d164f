"""Who reviews what: the demand, the candidates, the pairs that may not or must be, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from locales import Message

Pair: TypeAlias = tuple[str, str]
"""Application id, reviewer id."""

MOST_APPLICATIONS = 5_000
MOST_REVIEWERS = 500
MOST_REVIEWS = 10
"""Most reviews one application can ask for."""
MOST_WEIGHT = 100
LEVELS = (0, 1, 2)
"""Expertise in a theme: none, some, good."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One application: how many reviews it asks for, its theme and the language it is written in."""

    id: str
    reviews: int
    theme: str
    language: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reviewer. ``largest_load`` None: no limit; 0: takes no part. A theme not in ``expertise`` is level 0."""

    id: str
    largest_load: int | None = None
    smallest_load: int = 0
    expertise: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Weights:
    """What a good pair and an even load are worth; whole numbers from 0 to MOST_WEIGHT.

    A pair earns ``expertise`` x level (0 to 2) + ``language`` if the reviewer reads the application's language.
    ``fairness`` None: even loads come before any match. A number: the sum of squared loads times that number is
    weighed against the match, so 0 lets loads be as uneven as the limits allow.
    """

    expertise: int = 2
    language: int = 1
    fairness: int | None = None


@dataclass(frozen=True, slots=True)
class AssignmentProblem:
    """What is to be assigned.

    ``barred``: conflicts of interest and abstentions. ``locked``: must be in. ``present``: the pairs there are now;
    with ``keep_present`` they all stay and only what lacks is filled, except a pair that has become barred or
    whose application or reviewer is gone. Pairs that stay count as they are, over a limit too: an application or a
    reviewer over its limit gets nothing more. ``require_language``: at least one reviewer of each application
    reads its language, except for the applications ``without_reader``. ``seed`` draws between equal optima.
    """

    demands: tuple[Demand, ...]
    candidates: tuple[Candidate, ...]
    barred: frozenset[Pair] = frozenset()
    locked: frozenset[Pair] = frozenset()
    present: frozenset[Pair] = frozenset()
    keep_present: bool = False
    weights: Weights = Weights()
    require_language: bool = False
    without_reader: frozenset[str] = frozenset()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ReviewerShare:
    """What one reviewer gets. ``expertise``: pairs at level 0, 1 and 2; ``reads``: pairs in a language they read."""

    id: str
    load: int
    smallest_load: int
    largest_load: int | None
    expertise: tuple[int, int, int]
    reads: int


@dataclass(frozen=True, slots=True)
class ApplicationShare:
    """Who reviews one application. ``expertise``: each reviewer's level in its theme, in the order of reviewers."""

    id: str
    asked: int
    reviewers: tuple[str, ...]
    expertise: tuple[int, ...]
    readers: tuple[str, ...]
    """Reviewers who read the application's language."""

    @property
    def lacks(self) -> int:
        """Reviews still missing."""
        return max(0, self.asked - len(self.reviewers))


@dataclass(frozen=True, slots=True)
class Assignment:
    """A set of pairs and what it amounts to."""

    pairs: tuple[Pair, ...]
    reviewers: tuple[ReviewerShare, ...]
    applications: tuple[ApplicationShare, ...]
    spread: int
    """Largest minus smallest load among the reviewers who take part (largest load not 0)."""
    squares: int
    """Sum of squared loads: smaller is more even."""
    points: int
    """What the pairs earn by the weights."""
    expertise: tuple[int, int, int]
    """Pairs at level 0, 1 and 2."""
    parts: tuple[tuple[str, ...], ...]
    """Reviewers joined by shared applications, largest part first; a reviewer without pairs is in none."""
    connectivity: float | None
    """mu2, the second smallest eigenvalue of the Laplacian of the reviewers' graph (edge: number of shared
    applications); 0 when apart, None with fewer than two reviewers who have pairs."""
    broken: tuple[Message, ...]
    """Every rule of the problem that the pairs break, in words; after ``assign`` only limits that kept pairs exceed."""
    notes: tuple[Message, ...]
    """What to know although no rule is broken."""

    @property
    def components(self) -> int:
        """Number of parts; calibration needs one."""
        return len(self.parts)


ChangeKind: TypeAlias = Literal[
    "largest_load",
    "smallest_load",
    "reviews",
    "leave_out_applications",
    "leave_out_reviewers",
    "add_reviewers",
    "without_reader",
    "unlock",
    "move_present",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the problem, to be applied by ``apply_way``.

    ``largest_load``, ``smallest_load``: ``value`` for the reviewers ``ids``. ``reviews``: ``value`` for the
    applications ``ids``. ``add_reviewers``: ``value`` new ones with ``load`` as largest load; ``readers`` says how
    many of them read each language. ``unlock``: ``pairs``. The others: ``ids`` alone; ``move_present``: nothing.
    """

    kind: ChangeKind
    ids: tuple[str, ...] = ()
    value: int = 0
    load: int | None = None
    readers: tuple[tuple[str, int], ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A way out, solved again and found possible: ``changes`` together, and in words."""

    changes: tuple[Change, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Collision:
    """Limits that cannot hold together, with the numbers that prove it; no kind of limit is named without need."""

    applications: tuple[str, ...]
    reviewers: tuple[str, ...]
    barred: tuple[Pair, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Impossible:
    """No assignment exists: why, and up to three ways out (``note`` says so when there are fewer)."""

    collisions: tuple[Collision, ...]
    ways: tuple[Way, ...]
    note: Message | None


AssignmentResult: TypeAlias = Assignment | Impossible
