"""From the material of a decision to its snapshot: solved, complete, with its reasons."""

from collections.abc import Mapping
from typing import Any

from decisions.facts import fact_rows
from decisions.figures import complete
from decisions.reasons import reasons_for
from decisions.snapshot import Snapshot
from decisions.tables import Tables, make
from decisions.values import digest
from scoring.figures import PanelFigures
from storage.reviews import StoredReview
from workflow.decision_facts import call_facts, decision_facts, run_facts
from workflow.decision_parts import parts_of
from workflow.decision_read import Material, read_material
from workflow.decision_reviewers import Panel, new_secret, panel_of
from workflow.decision_rows import table_rows
from workflow.decision_solved import Solved, compared, comparison_rows, scenario_rows, solved_of
from workflow.meeting_docket import Docket
from workflow.panel_statistics import figures_of
from workflow.review_reading import ReadReview

__all__ = ["Material", "read_material", "snapshot_of"]


def snapshot_of(material: Material, stage: Mapping[str, Any] | None = None) -> Snapshot:
    """The decision of ``material``, complete and with its reasons. Solves, so it belongs outside any transaction.

    ``stage``: the facts ``decision.*`` without their prefix, moments aware; without it a draft of the moment at which
    the call last changed. The numbers that bind reviewers to their codes are drawn anew, but those of a draft: the same
    state gives the same draft. Refused when the rules cannot all be met, and for a locked scenario that today's
    ranking no longer gives.
    """
    solved = solved_of(material)
    facts = decision_facts(stage or {}, material.changed_at)
    secret = material.secret if facts["decision.stage"] == "draft" else new_secret()
    people = panel_of(material, secret)
    parts = parts_of(material, solved, people, secret)
    facts |= {f"material.{name}": digest(part) for name, part in parts.items()}
    tables = complete(_tables(material, solved, people, facts))
    return Snapshot(reasons_for(tables, material.phrases, material.hand_written), parts)


def _tables(material: Material, solved: Solved, people: Panel, facts: Mapping[str, Any]) -> Tables:
    """The tables without what is worked out from them, and without reasons."""
    options, figures = compared(material, solved), _figures(material)
    every = {**call_facts(material.call, material.lock), **run_facts(solved, figures), **facts}
    return make(
        {
            **table_rows(material, solved, people, figures, facts["decision.number"]),
            "facts": fact_rows(every),
            "scenarios": scenario_rows(options),
            "comparison": comparison_rows(material, options),
        },
        people.private,
    )


def _figures(material: Material) -> PanelFigures:
    """What the scores of the whole ranking bear."""
    views = {one.view.id: one.view for one in material.ground.ranked}
    reads: dict[str, list[ReadReview]] = {}
    for review in material.reviews:
        if review.application_id in views:
            reads.setdefault(views[review.application_id].case_number, []).append(_read(review))
    return figures_of(
        Docket(
            call=material.call,
            views={view.case_number: view for view in views.values()},
            reads={case: tuple(found) for case, found in reads.items()},
            consensus={views[key].case_number: one for key, one in material.consensus.items() if key in views},
        )
    )


def _read(review: StoredReview) -> ReadReview:
    """A review as the figures take it: they look at its levels alone."""
    return ReadReview(
        reviewer_id=review.reviewer_id,
        reviewer="",
        scores=review.scores,
        remark="",
        confidence=None,
        composite=None,
        at_reveal=None,
        changed=(),
        submitted_at=None,
        version=review.version,
    )
