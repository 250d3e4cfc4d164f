"""The reasons on the screen: the list of applications, and one application's sentences with what each rests on."""

import streamlit as st

from calls.definition import CallDefinition
from decisions.words import STATUS
from ui import notices
from ui.decision_checklist import foremost_of
from ui.labels import language_name
from ui.look import section
from ui.reasons_facts import fact_name, fact_value
from ui.session import Visit
from ui.spoken import Spoken, difference, spoken_table, spoken_text
from ui.tables import Badge, Cell, Column, Link, Pair, facts, table
from ui.texts import language, moment, money, say, t, tn
from workflow.reasons_list import ApplicationReasons, ReasonsList
from workflow.saved_scenarios import list_scenarios

_TONES = {"approved": "good", "rejected": "bad", "dismissed": "bad"}


def choose_scenario(here: Visit) -> int | None:
    """The saved scenario under which the reasons stand; None for the call's own values. The address keeps it."""
    saved = list_scenarios(here.house, here.actor, here.call_id)
    names = {str(one.id): one.name for one in saved}
    if not names:
        return None
    asked, key = (
        st.query_params.get("scenario", str(foremost_of(saved).id)),
        f"reasons-scenario-{here.call_id}-{language()}",
    )
    st.session_state[key] = asked if asked in names else ""
    chosen = st.selectbox(
        t("Reasons under the scenario"),
        ["", *names],
        key=key,
        format_func=lambda one: names.get(one) or t("The call's own values"),
        on_change=lambda: st.query_params.update({"scenario": st.session_state[key]}),
        placeholder=t("Choose"),
    )
    return int(chosen) if chosen else None


def address(here: Visit, scenario: int | None, **more: str) -> tuple[tuple[str, str], ...]:
    """The query of a screen of this page."""
    return (("call", here.call_id), ("stage", "draft"), ("scenario", str(scenario or "")), *more.items())


def show_list(here: Visit, found: ReasonsList, scenario: int | None) -> None:
    """Every application with where it stands and whose words its reasons are."""
    by_hand = [one for one in found.applications if one.by_hand is not None]
    notices.caption(
        t(
            "Drafts: {drafts}. Written by hand: {by_hand}. Facts changed since: {outdated}.",
            drafts=len(found.applications) - len(by_hand),
            by_hand=len(by_hand),
            outdated=sum(one.outdated for one in by_hand),
        )
    )
    columns = [
        Column(t("Case number")),
        Column(t("Project"), wide=True),
        Column(t("Status of the application")),
        Column(t("Proposed"), figures=True),
        Column(t("Language of service")),
        Column(t("Reasons")),
    ]
    table(t("Reasons of the applications"), columns, [_row(here, one, scenario) for one in found.applications])


def _row(here: Visit, one: ApplicationReasons, scenario: int | None) -> list[Cell]:
    return [
        Link(one.case_number, "reasons", address(here, scenario, case=one.case_number)),
        Pair(one.project, one.applicant),
        Badge(say(STATUS.get(one.status, one.status)), _TONES.get(one.status, "calm")),
        money(one.granted),
        language_name(one.language),
        _whose(one),
    ]


def _whose(one: ApplicationReasons) -> Badge:
    if one.named:
        return Badge(t("Names a reviewer"), "bad")
    if one.outdated:
        return Badge(t("Written by hand, facts changed"), "warn")
    return Badge(t("Draft")) if one.by_hand is None else Badge(t("Written by hand"), "good")


def show_heads(here: Visit, one: ApplicationReasons, scenario: int | None) -> None:
    """Where the application stands, whose words its reasons are, and what to look at."""
    rows: list[tuple[str, Cell]] = [
        (
            t("Status of the application"),
            Badge(say(STATUS.get(one.status, one.status)), _TONES.get(one.status, "calm")),
        ),
        (t("Proposed"), money(one.granted)),
        (t("Language of service"), language_name(one.language)),
        (t("Reasons"), _whose(one)),
    ]
    if one.by_hand is not None:
        rows.append((t("Written by"), f"{one.writer or '–'}, {moment(one.by_hand.at)}"))
    query = (("call", here.call_id), ("case", one.case_number))
    rows.append((t("Application"), Link(one.case_number, "application", query)))
    rows.append((t("List"), Link(t("Reasons"), "reasons", address(here, scenario))))
    facts(rows)
    if one.named:
        notices.warning(
            t(
                "The reasons name a reviewer: {names}. Reasons speak of the panel, never of one reviewer.",
                names=[*one.named],
            )
        )
    if one.outdated:
        notices.warning(
            t(
                "The facts have changed since the reasons were written by hand: today's draft is not the one that they were written over."
            )
        )


def show_reasons(call: CallDefinition, found: ReasonsList, one: ApplicationReasons) -> None:
    """The reasons in force, how they differ from the draft, and today's draft sentence by sentence."""
    if one.by_hand is not None:
        section(t("Reasons in force, written by hand"))
        spoken_text(t("Reasons"), one.by_hand.text, one.language)
        with st.expander(t("Difference to the draft")):
            difference(t("From the draft to the text by hand"), one.by_hand.drafted, one.by_hand.text, one.language)
        if one.outdated:
            with st.expander(t("What has changed in the draft since"), expanded=True):
                difference(t("From the draft of then to today's"), one.by_hand.drafted, one.draft, one.language)
    section(t("Today's draft, sentence by sentence"))
    quoted = sum(sentence.quoted for sentence in one.sentences)
    spoken_table(
        t("Sentences and what they rest on"),
        [t("Sentence"), t("Rests on"), t("Value")],
        [
            [
                Spoken(sentence.text, one.language),
                fact_name(call, sentence),
                fact_value(one, found.rule, sentence),
            ]
            for sentence in one.sentences
        ],
    )
    if quoted:
        notices.caption(
            tn(
                "{n} sentence holds an officer's own words. Check that they are in the applicant's language.",
                "{n} sentences hold an officer's own words. Check that they are in the applicant's language.",
                quoted,
            )
        )
