"""The files of a decision: made when asked for, then downloaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from locales import Message, msg
from ui import notices
from ui.decision_state import name_of
from ui.labels import language_name
from ui.look import section
from ui.session import Visit, refusals_shown
from ui.texts import choice, language, t
from workflow.decision_export import export_csv, export_json, export_letters, export_snapshot, export_workbook
from workflow.decisions import Decision
from workflow.saved_scenarios import Saved

FORMS: Mapping[str, Message] = {
    "xlsx": msg("Decision workbook (Excel)"),
    "letters": msg("Letters to the applicants (zip of Word files and a list)"),
    "json": msg("Tables as JSON"),
    "csv": msg("Tables as CSV (zip)"),
    "snapshot": msg("Frozen decision (JSON), with the names of the reviewers"),
}
VARIANTS: Mapping[str, Message] = {
    "full": msg("Full, with the names of the reviewers"),
    "pseudonymised": msg("Reviewers under pseudonyms"),
    "plain": msg("Plain, for further processing"),
}
_MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "letters": "application/zip",
    "csv": "application/zip",
    "json": "application/json",
    "snapshot": "application/json",
}
_ENDS = {"xlsx": "xlsx", "letters": "zip", "csv": "zip", "json": "json", "snapshot": "json"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: of a decision, or of a draft by a saved scenario."""

    decision: int | None
    scenario: int | None
    form: str
    variant: str
    lang: str


def files_part(here: Visit, found: Sequence[Decision], scenario: Saved | None) -> None:
    """Choose the file, make it, download it."""
    section(t("Files of the decision"))
    decisions = {one.id: one for one in reversed(found) if one.state in ("proposed", "approved")}
    offered: list[int] = [*decisions, *([0] if scenario is not None else [])]
    if not offered:
        notices.info(t("There is no decision and no saved scenario to make files of."))
        return
    wish = _wish(here, decisions, offered, scenario)
    place = f"decision-file-{here.call_id}"
    if st.button(t("Make the file"), type="primary", icon=":material/draft:"):
        st.session_state.pop(place, None)
        with refusals_shown(), st.spinner(t("Making the file")):
            st.session_state[place] = (wish, _made(here, wish))
    kept = st.session_state.get(place)
    if kept is not None and kept[0] == wish:
        st.download_button(
            t("Download the file"),
            kept[1],
            file_name=_name(here, wish, decisions),
            mime=_MIME[wish.form],
            icon=":material/download:",
        )


def _wish(here: Visit, decisions: Mapping[int, Decision], offered: Sequence[int], scenario: Saved | None) -> Wish:
    draft = "" if scenario is None else t("Draft by the scenario {name}", name=scenario.name)
    of = st.selectbox(
        t("Of which decision"),
        offered,
        format_func=lambda one: _title(decisions[one]) if one in decisions else draft,
        placeholder=t("Choose"),
        key=f"file-of-{here.call_id}-{language()}",
    )
    form = st.radio(t("File"), list(FORMS), format_func=choice(FORMS))
    variant, lang = "full", "fi"
    if form in ("xlsx", "json", "csv"):
        variants = [one for one in VARIANTS if one != "plain" or form == "xlsx"]
        variant = st.radio(t("Variant"), variants, format_func=choice(VARIANTS), horizontal=True)
    if form in ("xlsx", "csv", "letters"):
        words = t("Language of the list") if form == "letters" else t("Language of the file")
        known = ["fi", "sv", "en"]
        lang = st.radio(words, known, index=known.index(language()), format_func=language_name, horizontal=True)
    return Wish(of or None, None if of or scenario is None else scenario.id, form, variant, lang)


def _title(decision: Decision) -> str:
    return name_of(decision) if decision.state == "approved" else t("{decision} (proposed)", decision=name_of(decision))


def _made(here: Visit, wish: Wish) -> bytes:
    house, actor, call_id = here.house, here.actor, here.call_id
    of, scenario = wish.decision, wish.scenario
    match wish.form:
        case "xlsx":
            return export_workbook(
                house, actor, call_id, wish.lang, variant=wish.variant, decision_id=of, scenario_id=scenario
            )
        case "json":
            return export_json(house, actor, call_id, variant=wish.variant, decision_id=of, scenario_id=scenario)
        case "csv":
            return export_csv(
                house, actor, call_id, wish.lang, variant=wish.variant, decision_id=of, scenario_id=scenario
            )
        case "letters":
            return export_letters(house, actor, call_id, wish.lang, decision_id=of, scenario_id=scenario)
    return export_snapshot(house, actor, call_id, decision_id=of, scenario_id=scenario)


def _name(here: Visit, wish: Wish, decisions: Mapping[int, Decision]) -> str:
    number = t("draft") if wish.decision is None else str(decisions[wish.decision].number)
    what = t("letters") if wish.form == "letters" else t("decision")
    return f"{what}-{here.call_id}-{number}-{wish.variant}-{wish.lang}.{_ENDS[wish.form]}"
