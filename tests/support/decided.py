"""Fictional tables of a decision for tests without a database: a call, reviews, a ranking and a distribution of it."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from calls.definition import CallDefinition
from calls.definition_file import read_call
from calls.presets import preset_text
from calls.register import register
from decisions.facts import fact_rows
from decisions.figures import complete
from decisions.program import version
from decisions.spec import CONSENSUS
from decisions.tables import Private, Row, Tables, commitment, make
from locales import LocalText

MADE_AT = datetime(2020, 12, 11, 10, 0, tzinfo=UTC)
REVIEWERS = 6
EACH = 3
"""Reviews per application."""


def decided(
    n: int = 12, *, call_id: str = "2020", private: bool = True, stage: str = "decision", text: str = ""
) -> Tables:
    """Complete tables of ``n`` applications; every tenth is dismissed, withdrawn or not eligible.

    ``text``: put into the name of each project. The rule is rank order that skips what does not fit.
    """
    call = read_call(preset_text(call_id))
    people = _people()
    rows: dict[str, list[dict[str, Any]]] = {
        "applications": [dict(row) for row in _applications(call, n, text)],
        "scores": [dict(row) for row in _scores(call, n, people)],
        "costs": [dict(row) for row in _costs(n)],
        "eligibility": [dict(_eligibility(k)) for k in range(n)],
    }
    granted = _granted(call, rows["applications"], rows["scores"])
    for row in rows["applications"]:
        if row["status"] == "":
            given = granted.get(row["case_number"], 0)
            row |= {
                "granted": given,
                "status": "approved" if given else "rejected",
                "basis": "funded_full" if given else "not_funded_budget",
            }
    total = sum(row["granted"] for row in rows["applications"])
    facts = _facts(call, stage, call.money.appropriation.value - total)
    made = make(
        {
            **rows,
            "facts": fact_rows(facts),
            "ranking": [_ranked(k) for k in range(n) if _standing(k)],
            "reviewers": [{"reviewer": code, "commitment": commitment(one)} for code, one in people.items()],
            "scenarios": list(_scenarios(call, total)),
            "comparison": [
                {
                    "scenario": name,
                    "case_number": row["case_number"],
                    "granted": row["granted"] if name == "Jako" else 0,
                }
                for name in ("Jako", "Vertailukohta")
                for row in rows["applications"]
                if row["basis"] not in _OUTSIDE
            ],
            "overrides": [],
        },
        people if private else None,
    )
    return _with_objective(complete(made))


def _with_objective(tables: Tables) -> Tables:
    """The tables with what the distribution is worth (scores times grants) and what is below the threshold."""
    granted = {row["case_number"]: row["granted"] for row in tables["applications"]}
    worth = sum((row["score"] * granted[row["case_number"]] for row in tables["ranking"] if row["score"]), Fraction(0))
    facts = {row["key"]: row["value"] for row in tables["facts"]} | {"result.objective": str(worth)}
    least = Fraction(facts["scenario.threshold"])
    below = {row["case_number"] for row in tables["ranking"] if row["score"] is not None and row["score"] < least}
    applications = tuple(
        {**row, "basis": "below_threshold"} if row["case_number"] in below else row for row in tables["applications"]
    )
    rows = {
        **tables.rows,
        "applications": applications,
        "facts": tuple({"key": key, "value": facts[key]} for key in sorted(facts)),
    }
    return Tables(rows, tables.private)


_OUTSIDE = ("dismissed", "withdrawn", "not_eligible")


def case(k: int) -> str:
    """The case number of application ``k``."""
    return f"ESIM/2020/{k + 1:03}"


def _standing(k: int) -> bool:
    return k % 10 != 9


def _outside(k: int) -> str:
    return _OUTSIDE[(k // 10) % 3]


def _people() -> dict[str, Private]:
    drawn = [Private(f"Arvioija {chr(65 + k)} Keksitty", f"{k:032x}") for k in range(REVIEWERS)]
    return {f"R{at:02}": one for at, one in enumerate(sorted(drawn, key=commitment), start=1)}


def _applied(k: int) -> int:
    return 200_000 + (k * 37_411) % 700_000


def _applications(call: CallDefinition, n: int, text: str) -> Iterator[Row]:
    entries = register(call.applicants.register_year).entries
    for k in range(n):
        home = entries[(k * 7) % len(entries)]
        inside = _standing(k)
        yield {
            "case_number": case(k),
            "applicant": f"{home.name_fi} (keksitty hakija {k + 1})",
            "business_id": "1234567-1",
            "municipality": home.code,
            "region": home.region_code,
            "theme": call.themes[k % len(call.themes)].id,
            "project": f"Keksitty hanke {k + 1}{text}",
            "language": "sv" if k % 4 == 3 else "fi",
            "arrived_at": MADE_AT - timedelta(days=80, minutes=k),
            "status": "" if inside else {"not_eligible": "rejected"}.get(_outside(k), _outside(k)),
            "basis": "" if inside else _outside(k),
            "applied": _applied(k),
            "granted": 0,
            "own_funding": _applied(k) // 4,
            "other_funding": None if k % 5 == 0 else 0,
            "previous": None,
            "reasons": f"Keksityt perustelut hakemukselle {k + 1}.\n\nToinen kappale.",
            "by_hand": k % 11 == 3,
        }


def _level(k: int, reviewer: int, criterion: int) -> int | None:
    if k % 13 == 5 and reviewer == 0 and criterion == 0:
        return None
    return 1 + (k * 3 + reviewer * 2 + criterion * 5 + (k * reviewer) % 3) % 5


def _scores(call: CallDefinition, n: int, people: Mapping[str, Private]) -> Iterator[Row]:
    codes = list(people)
    for k in range(n):
        if not _standing(k):
            continue
        for r in range(EACH):
            for c, criterion in enumerate(call.criteria):
                yield {
                    "case_number": case(k),
                    "reviewer": codes[(k + r) % len(codes)],
                    "criterion": criterion.id,
                    "level": _level(k, r, c),
                    "reason": f"Perustelu {k + 1}.{r + 1}.{c + 1}",
                }
        if k % 6 == 1:
            for c, criterion in enumerate(call.criteria):
                yield {
                    "case_number": case(k),
                    "reviewer": CONSENSUS,
                    "criterion": criterion.id,
                    "level": 1 + (k + c) % 5,
                    "reason": "Yhteinen arvio",
                }


def _granted(call: CallDefinition, applications: list[dict[str, Any]], scores: list[dict[str, Any]]) -> dict[str, int]:
    """Rank order that skips what does not fit, reckoned apart from the program's own way; equals by the tie rule."""
    weights = {c.id: c.weight.value for c in call.criteria}
    given: dict[tuple[str, str], dict[str, Any]] = {}
    for row in scores:
        given.setdefault((row["case_number"], row["reviewer"]), {})[row["criterion"]] = row["level"]
    means: dict[str, list[Fraction]] = {}
    agreed: dict[str, Fraction] = {}
    for (number, reviewer), levels in given.items():
        if None in levels.values():
            continue
        worth = Fraction(sum(weights[c] * level for c, level in levels.items()), sum(weights.values()))
        if reviewer == CONSENSUS:
            agreed[number] = worth
        else:
            means.setdefault(number, []).append(worth)
    score = {number: Fraction(sum(found), len(found)) for number, found in means.items()} | agreed
    reviewed: dict[str, list[dict[str, Any]]] = {}
    for (number, reviewer), levels in given.items():
        if (reviewer == CONSENSUS) == (number in agreed):
            reviewed.setdefault(number, []).append(levels)

    def place(number: str) -> tuple[Fraction, ...]:
        """What separates equals: the levels that the score comes from, then the lot; larger is better."""
        levels = {c: [one[c] for one in reviewed[number] if one[c] is not None] for c in weights}
        lot = hashlib.sha256(f"{call.scoring.lot_seed.value}:{number}".encode()).digest()
        keys = {c: Fraction(sum(found), len(found)) for c, found in levels.items()} | {"lot": int.from_bytes(lot)}
        return (-score[number], *(Fraction(-keys[word]) for word in call.scoring.tie_rule.value))

    left, granted = call.money.appropriation.value, {}
    applied = {row["case_number"]: row["applied"] for row in applications}
    for number in sorted(score, key=place):
        fits = applied[number] <= left and applied[number] >= call.money.smallest_grant.value
        if score[number] >= Fraction(call.scoring.threshold.value) and fits:
            granted[number] = applied[number]
            left -= applied[number]
    return granted


def _costs(n: int) -> Iterator[Row]:
    for k in range(n):
        needed = -(-_applied(k) * 10_000 // 8_500)
        for category, share in (("personnel", 60), ("travel", 10), ("bought_services", 30)):
            yield {
                "case_number": case(k),
                "category": category,
                "applied": needed * share // 100 + 1,
                "accepted": needed * share // 100 + 1 if k % 3 == 0 else None,
                "comment": "Hyväksytään haetun mukaisena." if k % 3 == 0 and category == "travel" else "",
            }


def _ranked(k: int) -> Row:
    return {
        "case_number": case(k),
        "adjusted": Fraction(300 + k % 200, 100),
        "adjusted_low": Fraction(250 + k % 200, 100),
        "adjusted_high": Fraction(350 + k % 200, 100),
        "expected_rank": Fraction(k * 10 + 15, 10),
        "rank_low": max(k - 3, 1),
        "rank_high": k + 4,
        "chance": Fraction(k % 100, 100),
        "settlement": ("urban", "semi-urban", "rural")[k % 3],
        "partner_regions": ("01", "02"),
        "population": None if k % 8 == 7 else 10_000 + k * 311,
    }


def _eligibility(k: int) -> Row:
    inside = _standing(k)
    return {
        "case_number": case(k),
        "outcome": "eligible" if inside else _outside(k),
        "version": 1,
        "members_confirmed": k % 5 == 2,
        "checks": () if inside else ("closing=not_met",),
        "reason": "Kaikki ehdot täyttyvät." if inside else "Hakemus saapui määräajan jälkeen.",
        "by": "Essi Esittelijä",
        "at": MADE_AT - timedelta(days=60),
    }


def _scenarios(call: CallDefinition, total: int) -> Iterator[Row]:
    for name, spent in (("Jako", total), ("Vertailukohta", 0)):
        yield {
            "name": name,
            "decided": name == "Jako",
            "rule": "rank_skip",
            "appropriation": call.money.appropriation.value,
            "status": "optimal",
            "remaining": call.money.appropriation.value - spent,
        }


def _text(text: LocalText) -> dict[str, str]:
    return {"fi": text.fi, "sv": text.sv, "en": text.en}


def _facts(call: CallDefinition, stage: str, remaining: int) -> dict[str, Any]:
    money, scoring = call.money, call.scoring
    closed = stage == "decision"
    return {
        "call.id": call.id,
        "call.name": _text(call.name),
        "call.authority": _text(call.authority),
        "call.decree": _text(call.decree),
        "call.register_year": call.applicants.register_year,
        "call.theme_word": call.theme_word,
        "call.appropriation": money.appropriation.value,
        "call.unit": money.unit.value,
        "call.largest_share_bp": money.largest_share_bp.value,
        "call.smallest_grant": money.smallest_grant.value,
        "call.largest_grant": None if money.largest_grant is None else money.largest_grant.value,
        "call.ranking_score": scoring.ranking_score.value,
        "call.tie_rule": list(scoring.tie_rule.value),
        "call.lot_seed": scoring.lot_seed.value,
        "call.closes": call.window.closes.value.isoformat(),
        "call.lock": None,
        **{
            f"criterion.{one.id}": {
                "order": at,
                "name": _text(one.name),
                "weight": one.weight.value,
                "levels": [{"value": level.value, "label": _text(level.label)} for level in one.levels],
            }
            for at, one in enumerate(call.criteria)
        },
        **{f"theme.{one.id}": {"order": at, "name": _text(one.name)} for at, one in enumerate(call.themes)},
        **{f"category.{one.id}": {"order": at, "name": _text(one.name)} for at, one in enumerate(call.cost_categories)},
        **{
            f"condition.{one.id}": {
                "order": at,
                "name": _text(one.name),
                "description": None if one.description is None else _text(one.description),
            }
            for at, one in enumerate(call.conditions)
        },
        **_scenario(call),
        "result.status": "optimal",
        "result.objective": "1",
        "result.bound": None,
        "result.gap": None,
        "result.spent": money.appropriation.value - remaining,
        "result.remaining": remaining,
        "ranking.k": 5,
        "ranking.band": 90,
        "ranking.draws": 20_000,
        "ranking.seed": scoring.lot_seed.value,
        "ranking.outcome": None,
        "decision.stage": stage,
        "decision.number": 1,
        "decision.kind": "first",
        "decision.previous": "",
        "decision.grounds": "",
        "decision.made_at": MADE_AT.isoformat(),
        "decision.presenter": "Essi Esittelijä" if stage != "draft" else "",
        "decision.proposed_at": MADE_AT.isoformat() if stage != "draft" else None,
        "decision.decision_maker": "Paula Päättäjä" if closed else "",
        "decision.decided_at": (MADE_AT + timedelta(hours=3)).isoformat() if closed else None,
        "decision.proposal_hash": "0" * 64 if closed else "",
        "program.version": version(),
    }


def _scenario(call: CallDefinition) -> dict[str, Any]:
    money, scoring = call.money, call.scoring
    return {
        "scenario.name": "Jako",
        "scenario.rest": "kept",
        "scenario.appropriation": money.appropriation.value,
        "scenario.reserve": 0,
        "scenario.unit": money.unit.value,
        "scenario.rule": "rank_skip",
        "scenario.objective": "score_times_grant",
        "scenario.max_share": str(Fraction(money.largest_share_bp.value, 10_000)),
        "scenario.threshold": str(Fraction(scoring.threshold.value)),
        "scenario.smallest_grant": money.smallest_grant.value,
        "scenario.largest_grant": None,
        "scenario.rank_order": None,
        "scenario.time_limit": "60.0",
        "scenario.gap": "0.0",
        "scenario.seed": scoring.lot_seed.value,
        "scenario.tie_rule": list(scoring.tie_rule.value),
    }
