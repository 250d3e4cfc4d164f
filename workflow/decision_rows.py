"""The tables of a decision, row by row: stated values only; what follows from them is worked out elsewhere."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from allocation import Award, Project
from decisions.spec import CONSENSUS, DECIDED, OUTSIDE, UNDECIDED
from decisions.tables import Row
from locales import render
from scoring.figures import ApplicationFigures, PanelFigures
from workflow.applications import ApplicationView
from workflow.decision_facts import BAND
from workflow.decision_read import Material
from workflow.decision_reviewers import Panel
from workflow.decision_solved import Solved


def table_rows(
    material: Material, solved: Solved, people: Panel, figures: PanelFigures, number: int | None
) -> dict[str, Iterable[Row]]:
    """Every table but the facts and the comparison, without reasons. ``number``: of the decision."""
    return {
        "applications": _applications(material, solved),
        "ranking": _ranking(material, figures),
        "scores": _scores(material, people),
        "reviewers": people.rows(),
        "costs": _costs(material),
        "overrides": _overrides(solved, number),
        "eligibility": _eligibility(material),
    }


def _applications(material: Material, solved: Solved) -> Iterator[Row]:
    awards = {award.id: award for award in solved.run.allocation.awards}
    for view in material.views:
        application, award = view.application, awards.get(view.case_number)
        status = status_of(view, award)
        yield {
            "case_number": view.case_number,
            "applicant": application.coordinator.name,
            "business_id": application.coordinator.business_id,
            "municipality": view.home.code if view.home else "",
            "region": view.home.region_code if view.home else "",
            "theme": application.theme,
            "project": application.project_name,
            "language": application.language,
            "arrived_at": application.arrived_at,
            "status": status,
            "basis": view.state if award is None else award.code,
            "applied": application.applied,
            "granted": granted_of(status, award),
            "own_funding": application.own_funding,
            "other_funding": application.other_public_funding,
        }


def status_of(view: ApplicationView, award: Award | None) -> str:
    """The status of an application: by its award if it is in the ranking, else by its eligibility."""
    if award is None:
        return OUTSIDE[view.state]
    if award.code in UNDECIDED:
        return "in_progress"
    return "approved" if award.funded else "rejected"


def granted_of(status: str, award: Award | None) -> int | None:
    """Euros granted; None as long as nothing is decided of the application."""
    if status not in DECIDED:
        return None
    return 0 if award is None else award.granted


def _ranking(material: Material, figures: PanelFigures) -> Iterator[Row]:
    known = {one.application: one for one in figures.applications}
    for project in material.ground.projects:
        yield {"case_number": project.id, **_statistics(known.get(project.id)), **_labels(project)}


def _statistics(one: ApplicationFigures | None) -> dict[str, Any]:
    """What the scores bear of one application; None where they do not."""
    if one is None:
        return {}
    low, high = one.ranks.get(BAND, (None, None))
    return {
        "adjusted": one.adjusted,
        "adjusted_low": one.low,
        "adjusted_high": one.high,
        "expected_rank": one.expected_rank,
        "rank_low": low,
        "rank_high": high,
        "chance": one.p_top_k,
    }


def _labels(project: Project) -> dict[str, Any]:
    """What the distribution knows of a project beside its scores and money."""
    population = project.columns.get("population")
    return {
        "settlement": next(iter(project.labels.get("settlement", ())), ""),
        "partner_regions": project.labels.get("partner_region", ()),
        "population": None if population is None else int(population),
    }


def _scores(material: Material, people: Panel) -> Iterator[Row]:
    """Reviews that count and consensus of the ranked applications; a review has a row for every criterion."""
    ranked = {one.view.id: one.view.case_number for one in material.ground.ranked}
    for review in material.reviews:
        for criterion in material.call.criteria if review.application_id in ranked else ():
            score = review.scores.get(criterion.id)
            yield {
                "case_number": ranked[review.application_id],
                "reviewer": people.codes[review.reviewer_id],
                "criterion": criterion.id,
                "level": None if score is None else score.level,
                "reason": "" if score is None else score.reason,
            }
    for found in material.consensus.values():
        for key, agreed in found.scores.items() if found.application_id in ranked else ():
            yield {
                "case_number": ranked[found.application_id],
                "reviewer": CONSENSUS,
                "criterion": key,
                "level": agreed.level,
                "reason": agreed.reason,
            }


def _costs(material: Material) -> Iterator[Row]:
    for view in material.views:
        stated, examined = view.application.costs, view.examined
        accepted = {} if examined is None else examined.accepted
        for category in sorted({*stated, *accepted}):
            yield {
                "case_number": view.case_number,
                "category": category,
                "applied": stated.get(category),
                "accepted": accepted.get(category),
                "comment": "" if examined is None else examined.comments.get(category, ""),
            }


def _overrides(solved: Solved, number: int | None) -> Iterator[Row]:
    for place, row in enumerate((*_by_hand(solved), *_forced(solved)), start=1):
        yield {"number": place, "decision": number, **row}


def _by_hand(solved: Solved) -> Iterator[dict[str, Any]]:
    """Awards set by hand, with what the rule gave and what each costs in the objective."""
    if solved.saved is None:
        return
    recorded = {one.case_number: one for one in solved.saved.saved.by_hand}
    for one in solved.saved.deviations:
        yield {
            "case_number": one.case_number,
            "kind": "by_hand",
            "before": one.by_rule,
            "after": one.by_hand,
            "reason": one.reason,
            "price": None if one.price is None else Fraction(one.price),
            "broken": "; ".join(render(rule, "fi") for rule in one.broken),
            "by": recorded[one.case_number].by,
            "at": recorded[one.case_number].at,
        }


def _forced(solved: Solved) -> Iterator[dict[str, Any]]:
    """Awards that the scenario forces; one set by hand goes over it."""
    scenario, saved = solved.run.scenario, solved.saved
    given = {award.id: award.granted for award in solved.run.allocation.awards}
    for kind, cases in (("forced_in", scenario.force_in), ("forced_out", scenario.force_out)):
        for case in sorted(cases - scenario.fixed.keys()):
            yield {
                "case_number": case,
                "kind": kind,
                "after": given.get(case),
                "reason": scenario.reasons.get(case, ""),
                "by": "" if saved is None else (saved.saved.changed_by or saved.saved.created_by),
                "at": None if saved is None else (saved.saved.changed_at or saved.saved.created_at),
            }


def _eligibility(material: Material) -> Iterator[Row]:
    for view in material.views:
        decision = view.decision
        withdrawn = view.withdrawn_at is not None
        yield {
            "case_number": view.case_number,
            "outcome": view.state,
            "version": None if decision is None else decision.application_version,
            "members_confirmed": None if decision is None else decision.members_confirmed,
            "checks": tuple(
                dict.fromkeys(f"{one.rule}={one.outcome}" for one in view.findings if one.outcome != "met")
            ),
            "reason": view.withdrawal_reason if withdrawn else "" if decision is None else decision.reason,
            "by": "" if withdrawn or decision is None else material.name_of(decision.decided_by),
            "at": view.withdrawn_at if withdrawn else None if decision is None else decision.decided_at,
        }
