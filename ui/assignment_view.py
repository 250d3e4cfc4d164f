"""What the assignment shows: the panel, a preview with loads and matches, or why there is none and what would help."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from calls.definition import CallDefinition
from scoring.assignment_types import Assignment, Impossible, Way
from ui import notices
from ui.labels import language_name, theme_name
from ui.tables import Badge, Cell, Column, figures, table
from ui.texts import say, t, tn
from workflow.assignment_plan import CHOSEN, AssignmentPlan, Options
from workflow.panel_members import PanelMember


def show_members(call: CallDefinition, members: Sequence[PanelMember]) -> None:
    """The reviewers with what the assignment goes by."""
    level = {1: t("some"), 2: t("good")}
    table(
        t("Panel members"),
        [
            Column(t("Reviewer")),
            Column(t("Takes part")),
            Column(t("Largest load"), figures=True),
            Column(t("Reads")),
            Column(t("Expertise"), wide=True),
        ],
        [
            [
                m.name,
                Badge(t("yes"), "good") if m.takes_part else Badge(t("no")),
                t("no limit") if m.largest_load is None else str(m.largest_load),
                ", ".join(language_name(code) for code in m.languages) or "–",
                "; ".join(f"{theme_name(call, key)}: {level[n]}" for key, n in sorted(m.expertise.items())) or "–",
            ]
            for m in members
        ],
    )


def show_assignment(call: CallDefinition, plan: AssignmentPlan) -> bool:
    """The preview; True when there is something to save."""
    result = plan.result
    if isinstance(result, Impossible):
        return False
    before = plan.before
    none, some, good = result.expertise
    figures(
        [
            (t("Added"), str(len(plan.added)), tn("{n} taken back", "{n} taken back", len(plan.removed))),
            (
                t("Difference between largest and smallest load"),
                str(result.spread),
                t("now {n}", n=before.spread),
            ),
            (
                t("Pairs with expertise"),
                str(some + good),
                t("good {good}, some {some}, none {none}", good=good, some=some, none=none),
            ),
            (
                t("Connected groups of reviewers"),
                str(result.components),
                t("reviewers can be compared") if result.components <= 1 else t("calibration needs one"),
            ),
        ]
    )
    if plan.partial:
        notices.info(
            t(
                "Applications closed to you are left out, also from the loads. Another officer assigns them and sees all "
                "loads."
            )
        )
    for note in (*result.broken, *result.notes):
        notices.warning(say(note))
    _loads(plan, result)
    _applications(call, plan, result)
    if not plan.added and not plan.removed:
        notices.info(t("Nothing would change."))
    return bool(plan.added or plan.removed)


def _loads(plan: AssignmentPlan, result: Assignment) -> None:
    now = {share.id: share.load for share in plan.before.reviewers}
    table(
        t("Loads in the preview"),
        [
            Column(t("Reviewer")),
            Column(t("Now"), figures=True),
            Column(t("After"), figures=True),
            Column(t("Largest load"), figures=True),
            Column(t("Good expertise"), figures=True),
            Column(t("Some expertise"), figures=True),
            Column(t("No expertise"), figures=True),
            Column(t("Reads the language"), figures=True),
        ],
        [
            [
                share.id,
                str(now.get(share.id, 0)),
                str(share.load),
                t("no limit") if share.largest_load is None else str(share.largest_load),
                *(str(n) for n in reversed(share.expertise)),
                str(share.reads),
            ]
            for share in result.reviewers
        ],
    )


def _applications(call: CallDefinition, plan: AssignmentPlan, result: Assignment) -> None:
    added = set(plan.added)
    removed: dict[str, list[str]] = {}
    for case, name in plan.removed:
        removed.setdefault(case, []).append(name)
    demands = {demand.id: demand for demand in plan.problem.demands}
    changed = {case for case, _ in plan.added} | removed.keys()
    with st.expander(
        tn("{n} application changes", "{n} applications change", len(changed)), expanded=len(changed) <= 20
    ):
        table(
            t("Applications in the preview"),
            [
                Column(t("Case number")),
                Column(t("Theme")),
                Column(t("Language")),
                Column(t("Reviewers"), wide=True),
                Column(t("Taken back")),
            ],
            [
                [
                    share.id,
                    theme_name(call, demands[share.id].theme),
                    language_name(demands[share.id].language),
                    ", ".join(f"+ {name}" if (share.id, name) in added else name for name in share.reviewers),
                    ", ".join(removed.get(share.id, ())) or "–",
                ]
                for share in result.applications
                if share.id in changed
            ],
        )


def show_impossible(plan: AssignmentPlan) -> Options | None:
    """Why there is no assignment, and the ways out; the options with the way that is tried next, if one is chosen."""
    if not isinstance(plan.result, Impossible):
        return None
    for collision in plan.result.collisions:
        notices.error(say(collision.message), icon=":material/block:")
    rows: list[list[Cell]] = [[str(place), say(way.message)] for place, way in enumerate(plan.result.ways, start=1)]
    table(
        t("Ways out, each solved and found possible"),
        [Column(t("Way"), figures=True), Column(t("What"), wide=True)],
        rows,
    )
    if plan.result.note is not None:
        notices.info(say(plan.result.note))
    for place, way in enumerate(plan.result.ways, start=1):
        if _can_be_tried(way) and st.button(t("Preview way {n}", n=place), key=f"way-{place}"):
            return replace(plan.options, changes=(*plan.options.changes, *way.changes))
    return None


def _can_be_tried(way: Way) -> bool:
    return all(change.kind in CHOSEN for change in way.changes)
