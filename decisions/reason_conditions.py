"""Which rules of a scenario held an application's grant down: caps that are full, exclusions and dependences."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from decisions.reason_material import Case, Material
from decisions.tables import Row


def conditions(case: Case) -> list[str]:
    """The names of the rules without room for the application, as their author wrote them; each once.

    A cap is full when what the application could get more (the whole of it, or under a rule that cuts grants one unit)
    goes over it. Where none of those with a known sum is full, every cap that concerns the application is named.
    """
    material, number = case.material, case.row["case_number"]
    caps = [rule for rule in material.listed("constraint") if _is_cap(rule) and _concerns(case, rule)]
    full = [rule for rule in caps if _is_full(case, rule)]
    found = [str(rule["name"]) for rule in full or caps]
    for rule in material.listed("exclusive"):
        if _on(rule) and number in rule["projects"] and _funded(material, rule["projects"], number) >= rule["most"]:
            found.append(str(rule["name"]))
    for rule in material.listed("dependent"):
        if _on(rule) and rule["project"] == number and _funded(material, rule["needs"]) < len(rule["needs"]):
            found.append(str(rule["name"]))
    named = [f"”{name}”" for name in dict.fromkeys(found)]
    if case.fact("scenario.rank_order") is not None:
        named.append(material.phrases.text("condition_rank_order", case.lang))
    return named


def _on(rule: Mapping[str, Any]) -> bool:
    return rule.get("on", True) is not False


def _is_cap(rule: Mapping[str, Any]) -> bool:
    return _on(rule) and (rule.get("max") is not None or rule.get("max_share") is not None)


def _concerns(case: Case, rule: Mapping[str, Any]) -> bool:
    return _matches(case.row, case.ranked, rule) and bool(_groups(case.row, case.ranked, rule))


def _is_full(case: Case, rule: Mapping[str, Any]) -> bool:
    measure = rule.get("sum")
    if measure not in ("grant", "count") or rule.get("times_grant"):
        return True
    if measure == "count":
        more = 0 if case.row["granted"] else 1
    elif case.row["granted"] or case.fact("scenario.rule") in ("lp", "proportional"):
        more = case.fact("scenario.unit") or 1
    else:
        more = case.row["ceiling"] or 0
    sums, most = _sums(case.material, rule), _most(case.material, rule)
    return more > 0 and any(sums.get(group, 0) + more > most for group in _groups(case.row, case.ranked, rule))


def _most(material: Material, rule: Mapping[str, Any]) -> Fraction:
    appropriation = material.facts.get("scenario.appropriation") or 0
    limits = [Fraction(rule["max"])] if rule.get("max") is not None else []
    if rule.get("max_share") is not None:
        limits.append(Fraction(rule["max_share"]) * appropriation)
    return min(limits)


def _sums(material: Material, rule: Mapping[str, Any]) -> Mapping[str, int]:
    """What the funded applications add up to under the rule: euros or projects, for each group that it counts apart."""
    key = str(rule["name"])
    if key not in material.sums:
        sums: dict[str, int] = {}
        for row, ranked in material.funded:
            if _matches(row, ranked, rule):
                for group in _groups(row, ranked, rule):
                    sums[group] = sums.get(group, 0) + (row["granted"] if rule["sum"] == "grant" else 1)
        material.sums[key] = sums
    return material.sums[key]


def _matches(row: Row, ranked: Row | None, rule: Mapping[str, Any]) -> bool:
    where = rule.get("where") or {}
    return all(set(values) & set(_labels(row, ranked, label)) for label, values in where.items())


def _groups(row: Row, ranked: Row | None, rule: Mapping[str, Any]) -> tuple[str, ...]:
    """The groups of the rule that an application counts in: one for each of its values of ``each``, else one alone."""
    return _labels(row, ranked, rule["each"]) if rule.get("each") else ("",)


def _labels(row: Row, ranked: Row | None, label: str) -> tuple[str, ...]:
    known = ranked or {}
    if label == "partner_region":
        return tuple(known.get("partner_regions", ()))
    found = {
        "id": row["case_number"],
        "theme": row["theme"],
        "region": row["region"],
        "applicant": row["applicant"],
        "language": row["language"],
        "settlement": known.get("settlement", ""),
    }.get(label)
    return (str(found),) if found else ()


def _funded(material: Material, cases: list[str], beside: str = "") -> int:
    return sum(row["case_number"] in cases and row["case_number"] != beside for row, _ in material.funded)
