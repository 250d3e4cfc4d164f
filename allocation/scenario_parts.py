"""The tables of a scenario's record or file: constraints, groups, forced projects, awards by hand and tiers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

from allocation.scenario_names import constraint_name, dependent_name, exclusive_name
from allocation.scenario_values import (
    IDS,
    NUMBER,
    WHOLE,
    Faults,
    Place,
    euros,
    exact,
    number,
    share,
    simple,
    switch,
    table,
    text,
    texts,
    whole,
)
from allocation.types import Constraint, Dependent, Exclusive, Tier
from locales import Lang, Message, msg

CONSTRAINT_KEYS = (
    "name",
    "sum",
    "where",
    "each",
    "min",
    "max",
    "min_share",
    "max_share",
    "times_grant",
    "on",
)
MOST_PARTS = 10_000
"""Constraints, groups or links of one kind."""
_VALUES = msg("a text or a list of texts, for example {example}", example='["01", "06"]')
_FORCE = msg(
    "in and out with lists of project ids, or with tables of ids and reasons; for example {example}",
    example='{ in = ["A"], out = { B = "reason" } }',
)
EUROS_OR_PROJECTS = msg("a whole number of euros or projects, at least 0")
_REASON = msg("the reason as a text")

Fields = dict[str, Any]
Named = TypeVar("Named", Constraint, Exclusive, Dependent)


def constraints(faults: Faults, place: Place, value: object, lang: Lang) -> tuple[Constraint, ...]:
    """The list of ``[[constraint]]`` tables; one without a name gets one in words of ``lang``."""
    found = []
    for at, given in _tables(faults, place, value, msg("tables headed [[constraint]]")):
        faults.refuse_unknown(at, given, CONSTRAINT_KEYS)
        found.append(_constraint(faults, at, given, lang))
    return _distinct(found)


def _constraint(faults: Faults, place: Place, given: Mapping[str, object], lang: Lang) -> Constraint:
    def of(key: str, read: Any, otherwise: Any = None) -> Any:
        return read(faults, (*place, key), given[key]) if given.get(key) is not None else otherwise

    measure = of("sum", text, "grant")
    limit = _sum if measure in ("grant", "count") else _limit
    constraint = Constraint(
        name=of("name", _name, ""),
        measure=measure,
        where=of("where", _where, ()),
        lower=of("min", limit),
        upper=of("max", limit),
        lower_share=of("min_share", share),
        upper_share=of("max_share", share),
        each=of("each", text, ""),
        by_grant=of("times_grant", switch, False),
        on=of("on", switch, True),
    )
    return constraint if constraint.name else replace(constraint, name=constraint_name(constraint, lang))


def _sum(faults: Faults, place: Place, value: object) -> int | Fraction | None:
    """Euros or projects: whole, or as an exact text what a share of the appropriation came to."""
    found = exact(value) if isinstance(value, str) else None
    return simple(found) if found is not None and found >= 0 else whole(faults, place, value, EUROS_OR_PROJECTS)


def _limit(faults: Faults, place: Place, value: object) -> int | Fraction | None:
    found = number(faults, place, value, NUMBER)
    return None if found is None else simple(found)


def _name(faults: Faults, place: Place, value: object) -> str:
    return "" if value == "" else text(faults, place, value)


def _where(faults: Faults, place: Place, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    accepted = msg(
        "a table of columns and their values, for example {example}",
        example='{ theme = "a", region = ["01", "06"] }',
    )
    given = table(faults, place, value, accepted) or {}
    return tuple(
        (key, texts(faults, (*place, key), values, _VALUES, 1))
        if isinstance(values, (list, tuple))
        else (key, (text(faults, (*place, key), values, _VALUES),))
        for key, values in given.items()
    )


def exclusive(faults: Faults, place: Place, value: object, lang: Lang) -> tuple[Exclusive, ...]:
    """Lists of ids, or tables with name, projects, most and on."""
    accepted = msg(
        "lists of project ids, for example {example}, or tables with projects, most and name", example='[["A", "B"]]'
    )
    found = []
    for at, given in _groups(faults, place, value, accepted):
        if isinstance(given, dict):
            faults.refuse_unknown(at, given, ("name", "projects", "most", "on"))
            members = texts(faults, (*at, "projects"), given.get("projects"), IDS, 2)
            name = _name(faults, (*at, "name"), given.get("name", ""))
            most = whole(faults, (*at, "most"), given.get("most", 1), WHOLE)
            on = switch(faults, (*at, "on"), given.get("on", True))
        else:
            members, name, most, on = texts(faults, at, given, IDS, 2), "", 1, True
        found.append(Exclusive(name or exclusive_name(members, most, lang), members, most, on))
    return _distinct(found)


def dependent(faults: Faults, place: Place, value: object, lang: Lang) -> tuple[Dependent, ...]:
    """Lists whose first project needs all the others, or tables with name, project, needs and on."""
    accepted = msg(
        "lists of project ids, the first needs the others, for example {example}, or tables with project, needs and "
        "name",
        example='[["A", "B"]]',
    )
    found = []
    for at, given in _groups(faults, place, value, accepted):
        if isinstance(given, dict):
            faults.refuse_unknown(at, given, ("name", "project", "needs", "on"))
            project = text(faults, (*at, "project"), given.get("project"))
            needs = texts(faults, (*at, "needs"), given.get("needs"), IDS, 1)
            name = _name(faults, (*at, "name"), given.get("name", ""))
            on = switch(faults, (*at, "on"), given.get("on", True))
        else:
            members = texts(faults, at, given, IDS, 2)
            # A project beside itself only is one text once; that it needs itself is said where the sense is looked at.
            project, needs, name, on = (members or ("",))[0], members[1:] or members, "", True
        found.append(Dependent(name or dependent_name(project, needs, lang), project, needs, on))
    return _distinct(found)


def force(faults: Faults, place: Place, value: object) -> Fields:
    """``{ in = ["A"], out = { B = "reason" } }`` or ``{ A = "in", B = "out" }``: force_in, force_out, reasons."""
    sides: dict[str, set[str]] = {"in": set(), "out": set()}
    reasons: dict[str, str] = {}
    for key, given in (table(faults, place, value, _FORCE) or {}).items():
        if key in sides and isinstance(given, (list, tuple)):
            sides[key] |= set(texts(faults, (*place, key), given))
        elif key in sides and isinstance(given, dict):
            sides[key] |= set(given)
            reasons |= _reasons(faults, (*place, key), given)
        elif isinstance(given, str) and given in sides:
            sides[given].add(key)
        else:
            faults.wrong((*place, key), given, _FORCE if key in sides else msg("one of {words}", words='"in", "out"'))
    return {"force_in": frozenset(sides["in"]), "force_out": frozenset(sides["out"]), "reasons": reasons}


def _reasons(faults: Faults, place: Place, given: Mapping[str, object]) -> dict[str, str]:
    return {
        key: text(faults, (*place, key), reason, _REASON) for key, reason in given.items() if reason not in ("", None)
    }


def fixed(faults: Faults, place: Place, value: object) -> Fields:
    """``A = 5000`` or ``A = { euros = 5000, reason = "…" }``: fixed and reasons."""
    awards: dict[str, int] = {}
    reasons: dict[str, str] = {}
    for key, given in (
        table(faults, place, value, msg("project ids and their euros, for example A = 5000")) or {}
    ).items():
        if isinstance(given, dict):
            faults.refuse_unknown((*place, key), given, ("euros", "reason"))
            awards[key] = euros(faults, (*place, key, "euros"), given.get("euros"))
            if given.get("reason"):
                reasons[key] = text(faults, (*place, key, "reason"), given["reason"], _REASON)
        else:
            awards[key] = euros(faults, (*place, key), given)
    return {"fixed": awards, "reasons": reasons}


def tiers(faults: Faults, place: Place, value: object) -> tuple[Tier, ...]:
    """The list of ``[[tier]]`` tables: from this score on, this share of the amount applied for; the best first."""
    found = []
    for at, given in _tables(faults, place, value, msg("tables headed [[tier]]")):
        faults.refuse_unknown(at, given, ("from", "share"))
        least = number(faults, (*at, "from"), given.get("from"))
        part = share(faults, (*at, "share"), given.get("share"))
        found.append(Tier(least or Fraction(0), part or Fraction(0)))
    return tuple(sorted(found, key=lambda tier: -tier.least))


def _distinct(found: Sequence[Named]) -> tuple[Named, ...]:
    """Rules are told apart by their names: the second of a name becomes "name (2)"."""
    taken: set[str] = set()
    named: list[Named] = []
    for one in found:
        name, number_ = one.name, 1
        while name in taken:
            number_ += 1
            name = f"{one.name} ({number_})"
        taken.add(name)
        named.append(one if name == one.name else replace(one, name=name))
    return tuple(named)


def _tables(
    faults: Faults, place: Place, value: object, accepted: Message
) -> Iterator[tuple[Place, dict[str, object]]]:
    for at, given in _groups(faults, place, value, accepted):
        if isinstance(given, dict):
            yield at, given
        else:
            faults.wrong(at, given, accepted)


def _groups(faults: Faults, place: Place, value: object, accepted: Message) -> Iterator[tuple[Place, object]]:
    if not isinstance(value, (list, tuple)) or len(value) > MOST_PARTS:
        faults.wrong(place, value, accepted)
        return
    for at, given in enumerate(value):
        yield (*place, at), given
