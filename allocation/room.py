"""How much the rows of a problem still hold, beside the grants that are already given."""

from collections.abc import Sequence
from fractions import Fraction

from allocation.parts import Note, Row
from allocation.problem import Problem
from allocation.verify import row_value
from locales import Message, Money, Param, msg

APPROPRIATION = "appropriation"


class Room:
    """The sums of all rows for growing grants. ``entries``: per candidate its row, per project and per unit."""

    def __init__(self, problem: Problem, units: Sequence[int]) -> None:
        self.problem = problem
        self.sums = [row_value(row, units) for row in problem.rows]
        self.entries: list[list[tuple[int, int, int]]] = [[] for _ in problem.candidates]
        for place, row in enumerate(problem.rows):
            for j, once, each in zip(row.members, row.per_project, row.per_unit, strict=True):
                if once or each:
                    self.entries[j].append((place, once, each))

    def left(self, place: int) -> int | None:
        """What row ``place`` can still take on, in units of the row; None without an upper limit."""
        upper = self.problem.rows[place].upper
        return None if upper is None else upper - self.sums[place]

    def needs(self, j: int, units: int) -> list[tuple[int, int]]:
        """What candidate ``j`` with these units takes of each of its rows that have an upper limit."""
        return [
            (place, once + each * units)
            for place, once, each in self.entries[j]
            if self.problem.rows[place].upper is not None
        ]

    def without_room(self, j: int, units: int) -> list[Row]:
        """The rows whose upper limit does not hold ``j`` with these units. What takes nothing always has room."""
        found = []
        for place, need in self.needs(j, units):
            left = self.left(place)
            if left is not None and need > max(left, 0):
                found.append(self.problem.rows[place])
        return found

    def most(self, j: int, lower: int, upper: int) -> int | None:
        """The most units from ``lower`` to ``upper`` that all rows hold for ``j``, None if there are none."""
        for place, once, each in self.entries[j]:
            left = self.left(place)
            if left is None:
                continue
            if each > 0:
                upper = min(upper, (left - once) // each)
            elif each < 0:
                lower = max(lower, -((left - once) // -each))
            elif once > max(left, 0):
                return None
        return upper if upper >= lower else None

    def put(self, j: int, units: int) -> None:
        """Grant ``units`` to ``j``, who had none."""
        for place, once, each in self.entries[j]:
            self.sums[place] += once + each * units


def amount(row: Row, units: int | Fraction) -> Money | int | Fraction:
    """``units`` of the row in its own measure: money, projects or a sum of the column."""
    value = units * row.scale
    if row.measure == "grant":
        return Money(int(value))
    return int(value) if Fraction(value).denominator == 1 else Fraction(value)


def turned_away(room: Room, j: int, units: int) -> Note:
    """Why there was no room for ``j`` with ``units`` at its turn: the rules by name, else the appropriation."""
    problem, score = room.problem, room.problem.candidates[j].score
    missing = room.without_room(j, units)
    named = [row for row in missing if row.key != APPROPRIATION]
    if not named:
        left = room.left(0)
        return "not_funded_budget", msg(
            "Not funded: {left} was left of the appropriation when the project's turn came, and it needs {needed}. "
            "Score {score}.",
            left=problem.euros(left or 0),
            needed=problem.euros(units),
            score=score,
        )
    return "not_funded_rule", _also(_no_room(room, named[0], j, units), [row for row in missing if row is not named[0]])


def _no_room(room: Room, row: Row, j: int, units: int) -> Message:
    place = next(place for place, one in enumerate(room.problem.rows) if one is row)
    left = room.left(place) or 0
    needed = dict(room.needs(j, units))[place]
    score = room.problem.candidates[j].score
    if row.measure == "count":
        return msg(
            "Not funded: the rule “{rule}” allows no further project; {most} is its limit. Score {score}.",
            rule=row.name,
            most=row.upper or 0,
            score=score,
        )
    if row.measure == "grant":
        return msg(
            "Not funded: the rule “{rule}” left {left} when the project's turn came, and it needs {needed}. "
            "Score {score}.",
            rule=row.name,
            left=amount(row, left),
            needed=amount(row, needed),
            score=score,
        )
    return msg(
        "Not funded: the rule “{rule}” left {left} of {column} when the project's turn came, and it needs {needed}. "
        "Score {score}.",
        rule=row.name,
        left=amount(row, left),
        column=room.problem.scenario.names.get(row.measure, row.measure),
        needed=amount(row, needed),
        score=score,
    )


def _also(reason: Message, others: Sequence[Row]) -> Message:
    if not others:
        return reason
    return msg("{reason} There is no room under these either: {rules}.", reason=reason, rules=names(others))


def names(rows: Sequence[Row]) -> list[Param]:
    """The names of ``rows``, each once; what people called a rule may hold commas, so it stands in quotation marks."""
    found: list[Param] = []
    for row in rows:
        name = msg("“{name}”", name=row.name) if isinstance(row.name, str) else row.name
        if name not in found:
            found.append(name)
    return found
