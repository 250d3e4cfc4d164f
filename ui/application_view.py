"""How an application, its findings and its confirmations are shown."""

from collections.abc import Sequence

import streamlit as st

from calls.application import COST_CATEGORIES, Application
from calls.application_record import field_label
from calls.definition import CallDefinition
from calls.eligibility import Finding
from ui import notices
from ui.labels import OUTCOMES, finding_badge, language_name, theme_name
from ui.look import section
from ui.tables import Badge, Cell, Column, facts, prose, table
from ui.texts import moment, money, percent, say, t, tn
from workflow.applications import ApplicationDetails, ApplicationView

_TEXTS = ("summary", "process_change", "dissemination", "consortium")


def show_application(call: CallDefinition, application: Application, changed: Sequence[str] = ()) -> None:
    """The whole application; fields that changed in the newest version are marked."""
    if changed:
        names = ", ".join(say(field_label(field)) for field in changed)
        notices.warning(t("Changed in the newest version: {fields}.", fields=names), icon=":material/edit_note:")
    facts(
        [
            (
                say(field_label("coordinator")),
                f"{application.coordinator.name} ({application.coordinator.business_id})",
            ),
            (say(field_label("arrived_at")), moment(application.arrived_at)),
            (say(field_label("theme")), theme_name(call, application.theme)),
            (say(field_label("language")), language_name(application.language)),
            (say(field_label("applied")), money(application.applied)),
        ]
    )
    for field in _TEXTS:
        mark = t("changed") if field in changed else ""
        prose(say(field_label(field)), str(getattr(application, field)), mark, application.language)
    _show_partners(application)
    _show_costs(application)


def _show_partners(application: Application) -> None:
    section(say(field_label("partners")))
    rows: list[list[Cell]] = []
    for partner in application.partners:
        members = ", ".join(f"{m.code or ''} {m.name}".strip() for m in partner.members)
        kind = t("Municipality") if partner.kind == "municipality" else t("Joint municipal authority")
        rows.append([partner.name, partner.code or "–", kind, members or "–"])
    table(
        t("Parties of the consortium"),
        [Column(t("Name")), Column(t("Code")), Column(t("Kind")), Column(t("Members taking part"))],
        rows,
    )


def _show_costs(application: Application) -> None:
    section(t("Costs and funding"))
    rows: list[list[Cell]] = [
        [say(field_label(f"costs.{category}")), money(application.costs[category])]
        for category in COST_CATEGORIES
        if category in application.costs
    ]
    total = application.eligible_costs
    rows += [
        [t("Eligible costs in all"), money(total)],
        [say(field_label("own_funding")), money(application.own_funding)],
        [
            say(field_label("other_public_funding")),
            t("Not stated") if application.other_public_funding is None else money(application.other_public_funding),
        ],
    ]
    table(
        t("Whole euros without value added tax"),
        [Column(t("Item")), Column(t("Euros"), figures=True)],
        rows,
        [
            t("Applied for ({share} of the eligible costs)", share=percent(application.applied, total)),
            money(application.applied),
        ],
    )


def show_findings(view: ApplicationView) -> None:
    """What an officer has to look at first; the rules that are met folded below."""
    to_look_at = [f for f in view.findings if f.outcome != "met"]
    met = [f for f in view.findings if f.outcome == "met"]
    if to_look_at:
        _findings_table(t("What the rules find; an officer confirms"), to_look_at)
    else:
        notices.success(t("Every rule is met."), icon=":material/check:")
    with st.expander(tn("{n} rule is met", "{n} rules are met", len(met))):
        _findings_table(t("Rules that are met"), met)


def _findings_table(caption: str, findings: Sequence[Finding]) -> None:
    table(
        caption,
        [Column(t("Finding")), Column(t("Outcome")), Column(t("Basis"))],
        [[say(f.message), finding_badge(f.outcome), say(f.basis)] for f in findings],
    )


def show_decisions(details: ApplicationDetails) -> None:
    """The confirmations so far, the newest first."""
    if not details.decisions:
        return
    section(t("Confirmed so far"))
    for decision in details.decisions:
        who = details.deciders.get(decision.decided_by or 0, t("unknown"))
        rows: list[tuple[str, Cell]] = [
            (t("Outcome"), Badge(say(OUTCOMES[decision.outcome]))),
            (t("Confirmed"), t("{moment}, {name}", moment=moment(decision.decided_at), name=who)),
            (t("Reason"), decision.reason),
        ]
        if decision.deadline is not None:
            rows.append((t("Deadline"), moment(decision.deadline)))
        facts(rows)
        if decision.request_text:
            st.text_area(
                t("Request to the applicant"),
                decision.request_text,
                height=180,
                disabled=True,
                key=f"request-{decision.decided_at.isoformat()}",
            )


def show_versions(details: ApplicationDetails) -> None:
    """When each version arrived and what it changed; nothing while there is only one."""
    if len(details.versions) < 2:
        return
    section(t("Versions"))
    rows: list[list[Cell]] = []
    for version in details.versions:
        changed = ", ".join(say(field_label(field)) for field in version.changed) or "–"
        mark: Cell = Badge(t("After the deadline"), "bad") if version.late else ""
        rows.append([str(version.version), moment(version.arrived_at), changed, mark])
    table(
        t("Versions of the application"),
        [Column(t("Version")), Column(t("Arrived")), Column(t("Changed")), Column(t("Deadline"))],
        rows,
    )
