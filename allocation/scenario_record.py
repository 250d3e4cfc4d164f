"""A scenario as a record of plain values: what the database keeps, and the keys of a scenario's file.

Everything is exact: numbers that are not whole are texts, "3.25" or "10/3".
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from allocation import scenario_parts as parts
from allocation.scenario_values import (
    MOST_PROBLEMS,
    NUMBER,
    Faults,
    Place,
    ScenarioFileError,
    euros,
    exact,
    number,
    table,
    text,
    texts,
    whole,
)
from allocation.types import Constraint, Objective, RuleName, Scenario
from locales import Lang, Message, msg

KEYS = (
    "appropriation",
    "reserve",
    "unit",
    "rule",
    "objective",
    "max_share",
    "threshold",
    "smallest_grant",
    "largest_grant",
    "rank_order",
    "time_limit",
    "gap",
    "seed",
    "tie_rule",
    "force",
    "exclusive",
    "dependent",
    "fixed",
    "tier",
    "constraint",
)
"""The keys of a record, in the order in which a file is written."""
LOT, ID, NOBODY = "lot", "id", "none"
"""Words of a tie rule that are no columns: the lot drawn with ``seed``, the ids, and nothing at all."""
_MISSING: Mapping[str, Message] = {
    "appropriation": msg("whole euros"),
    "rule": msg("one of {words}", words=", ".join(get_args(RuleName))),
}


def to_record(scenario: Scenario) -> dict[str, Any]:
    """``scenario`` as JSON can hold it, all ``KEYS``; ``names`` are left out, as they are the call's."""
    share = scenario.max_share_bp
    return {
        "appropriation": scenario.appropriation,
        "reserve": scenario.reserve,
        "unit": scenario.unit,
        "rule": scenario.rule,
        "objective": scenario.objective,
        "max_share": None if share is None else written(Fraction(share, 10_000)),
        "threshold": _thresholds(scenario),
        "smallest_grant": scenario.smallest_grant,
        "largest_grant": scenario.largest_grant,
        "rank_order": True if scenario.rank_order == "" else scenario.rank_order,
        "time_limit": scenario.time_limit,
        "gap": scenario.gap,
        "seed": scenario.seed,
        "tie_rule": list(scenario.tie_rule),
        "force": {
            side: _with_reasons(ids, scenario.reasons)
            for side, ids in (("in", scenario.force_in), ("out", scenario.force_out))
            if ids
        },
        "exclusive": [
            {"name": one.name, "projects": list(one.members), "most": one.most} | _off(one.on)
            for one in scenario.exclusive
        ],
        "dependent": [
            {"name": one.name, "project": one.project, "needs": list(one.needs)} | _off(one.on)
            for one in scenario.dependent
        ],
        "fixed": {
            key: {"euros": given, "reason": scenario.reasons[key]} if scenario.reasons.get(key) else given
            for key, given in sorted(scenario.fixed.items())
        },
        "tier": [{"from": written(one.least), "share": written(one.share)} for one in scenario.tiers],
        "constraint": [_constraint(one) for one in scenario.constraints],
    }


def from_record(record: Mapping[str, Any], base: Scenario | None = None, lang: Lang = "fi") -> Scenario:
    """The scenario of a record; what it does not say is as in ``base``, its ``names`` included.

    ``lang``: of the names of rules that have none. Raises ScenarioFileError with every fault and its key.
    """
    faults = Faults()
    scenario = read_record(record, faults, base, lang)
    if scenario is None:
        raise ScenarioFileError(tuple(fault.words() for fault in faults.found[:MOST_PROBLEMS]))
    return scenario


def read_record(
    record: Mapping[str, Any], faults: Faults, base: Scenario | None, lang: Lang, further: tuple[str, ...] = ()
) -> Scenario | None:
    """The scenario of a record, None when there are ``faults``; ``further`` keys are known and passed over."""
    faults.refuse_unknown((), record, (*further, *KEYS))
    fields: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for key, value in record.items():
        if key not in KEYS:
            continue
        found = _nothing(key, faults) if value is None else _read(key, value, faults, lang)
        reasons |= found.pop("reasons", {})
        fields |= found
    if "force" in record or "fixed" in record:
        fields["reasons"] = reasons
    if base is None:
        for key, accepted in _MISSING.items():
            if key not in record:
                faults.missing((key,), accepted)
    if faults.found:
        return None
    return Scenario(**({"tie_rule": (LOT,)} | fields)) if base is None else replace(base, **fields)


def written(number_: int | Fraction) -> int | str:
    """A number as a record holds it: whole, or a text that is exact."""
    if number_.denominator == 1:
        return int(number_)
    rest = number_.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    places = max(number_.denominator.bit_length(), 1)
    if rest == 1 and places <= 30:
        shift = next(k for k in range(1, places + 1) if 10**k % number_.denominator == 0)
        return str(Decimal(int(number_ * 10**shift)).scaleb(-shift))
    return str(number_)


def _read(key: str, value: Any, faults: Faults, lang: Lang) -> dict[str, Any]:
    place: Place = (key,)
    match key:
        case "appropriation" | "reserve" | "smallest_grant" | "largest_grant":
            return {key: euros(faults, place, value)}
        case "unit":
            return {key: euros(faults, place, value, 1)}
        case "rule":
            return {key: _word(faults, place, value, get_args(RuleName))}
        case "objective":
            return {key: _word(faults, place, value, get_args(Objective))}
        case "max_share":
            return {"max_share_bp": _basis_points(faults, place, value)}
        case "threshold":
            return _read_thresholds(faults, place, value)
        case "rank_order":
            flag = {True: "", False: None}
            return {key: flag[value] if isinstance(value, bool) else text(faults, place, value, _RANK_ORDER)}
        case "time_limit":
            return {key: _seconds(faults, place, value)}
        case "gap":
            return {key: _gap(faults, place, value)}
        case "seed":
            return {key: whole(faults, place, value, msg("a whole number from 0 to 2^63 − 1"), most=2**63 - 1)}
        case "tie_rule":
            words = [value] if isinstance(value, str) else value
            return {key: tuple(word for word in texts(faults, place, words, _TIE_RULE) if word != NOBODY)}
        case "exclusive":
            return {key: parts.exclusive(faults, place, value, lang)}
        case "dependent":
            return {key: parts.dependent(faults, place, value, lang)}
        case "force":
            return parts.force(faults, place, value)
        case "fixed":
            return parts.fixed(faults, place, value)
        case "tier":
            return {"tiers": parts.tiers(faults, place, value)}
    return {"constraints": parts.constraints(faults, place, value, lang)}


_RANK_ORDER = msg(
    "true, or the label in whose every value the order is respected, for example {example}", example='"theme"'
)
_TIE_RULE = msg(
    "a list of numeric columns and of the words {words}; an empty list separates nobody", words=f"{LOT}, {ID}"
)


def _nothing(key: str, faults: Faults) -> dict[str, Any]:
    """A key that is said to have no value."""
    optional: dict[str, dict[str, Any]] = {
        "max_share": {"max_share_bp": None},
        "threshold": {"threshold": None, "criterion_thresholds": ()},
        "largest_grant": {"largest_grant": None},
        "rank_order": {"rank_order": None},
    }
    if key not in optional:
        faults.wrong((key,), None, _MISSING.get(key, msg("a value")))
    return dict(optional.get(key, {}))


def _word(faults: Faults, place: Place, value: object, words: Iterable[str]) -> str:
    accepted = list(words)
    if not isinstance(value, str) or value not in accepted:
        faults.wrong(place, value, msg("one of {words}", words=", ".join(accepted)))
    return str(value)


def _basis_points(faults: Faults, place: Place, value: object) -> int:
    found = exact(value)
    if found is None or not 0 < found <= 1 or (found * 10_000).denominator != 1:
        faults.wrong(place, value, msg("a share above 0 and up to 1 with at most four decimals, for example 0.85"))
        return 1
    return int(found * 10_000)


def _read_thresholds(faults: Faults, place: Place, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        accepted = msg(
            "a number, or a table of score and columns, for example {example}",
            example="{ score = 3, process_change = 2 }",
        )
        return {"threshold": number(faults, place, value, accepted), "criterion_thresholds": ()}
    given = table(faults, place, value, NUMBER) or {}
    found = {key: number(faults, (*place, key), least) for key, least in given.items()}
    score = found.pop("score", None)
    return {"threshold": score, "criterion_thresholds": tuple(found.items())}


def _seconds(faults: Faults, place: Place, value: object) -> float:
    found = None if isinstance(value, str) else exact(value)
    if found is None or not 0 < found <= 1_000_000:
        faults.wrong(place, value, msg("seconds above 0, at most 1000000"))
        return 1.0
    return float(found)


def _gap(faults: Faults, place: Place, value: object) -> float:
    found = None if isinstance(value, str) else exact(value)
    if found is None or not 0 <= found < 1:
        faults.wrong(place, value, msg("a share from 0 to below 1, for example 0.001"))
        return 0.0
    return float(found)


def _thresholds(scenario: Scenario) -> Any:
    score = None if scenario.threshold is None else written(scenario.threshold)
    if not scenario.criterion_thresholds:
        return score
    own = {} if score is None else {"score": score}
    return own | {column: written(least) for column, least in scenario.criterion_thresholds}


def _with_reasons(ids: Iterable[str], reasons: Mapping[str, str]) -> Any:
    known = sorted(ids)
    return {key: reasons.get(key, "") for key in known} if any(reasons.get(key) for key in known) else known


def _off(on: bool) -> dict[str, bool]:
    return {} if on else {"on": False}


def _constraint(one: Constraint) -> dict[str, Any]:
    limits = {"min": one.lower, "max": one.upper, "min_share": one.lower_share, "max_share": one.upper_share}
    return {
        "name": one.name,
        "sum": one.measure,
        **({"where": {key: list(values) for key, values in one.where}} if one.where else {}),
        **({"each": one.each} if one.each else {}),
        **{key: written(limit) for key, limit in limits.items() if limit is not None},
        **({"times_grant": True} if one.by_grant else {}),
        **_off(one.on),
    }
