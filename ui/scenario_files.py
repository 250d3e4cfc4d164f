"""A scenario as a file: downloaded as TOML, the projects as CSV, and a scenario taken in from TOML."""

from dataclasses import replace

import streamlit as st

from allocation import Scenario, ScenarioError
from allocation.scenario_toml import ScenarioFile, check_against, read_scenario_file, write_scenario
from calls.definition import CallDefinition
from ui import notices
from ui.scenario_saved import turn_to
from ui.scenario_state import desk_for, put_on_table
from ui.scenario_words import listed, rule_name
from ui.session import Visit, flash, refusals_shown
from ui.tables import facts
from ui.texts import language, money, say, t
from workflow.scenario_files import export_projects
from workflow.scenario_projects import COLUMNS, LABELS
from workflow.scenarios import default_scenario, run_scenario

LARGEST_MB = 1


def scenario_files(here: Visit, call: CallDefinition, scenario: Scenario, title: str, editable: bool) -> None:
    """Downloads for everybody who sees the scenario, and for an officer taking one in."""
    with st.expander(t("Files"), key=f"files-{call.id}", on_change="rerun") as folder:
        # What is folded away is not worked out.
        if not folder.open:
            return
        out, taken = st.columns(2, gap="large")
        with out:
            _downloads(here, call, scenario, title)
        if editable:
            with taken:
                _take_in(here, call)


def _downloads(here: Visit, call: CallDefinition, scenario: Scenario, title: str) -> None:
    st.write(t("The scenario and the projects can be run again from the terminal, without this program's database."))
    st.download_button(
        t("Download the scenario (TOML)"),
        write_scenario(scenario, title, language()).encode(),
        file_name=f"{t('scenario')}-{call.id}.toml",
        mime="application/toml",
        icon=":material/download:",
    )
    with refusals_shown():
        st.download_button(
            t("Download the projects (CSV)"),
            export_projects(here.house, here.actor, here.call_id),
            file_name=f"{t('projects')}-{call.id}.csv",
            mime="text/csv",
            icon=":material/download:",
        )


def _take_in(here: Visit, call: CallDefinition) -> None:
    times = st.session_state.setdefault(f"taken-{call.id}", 0)
    given = st.file_uploader(
        t("Take in a scenario (.toml, at most 1 MB)"),
        type=["toml"],
        max_upload_size=LARGEST_MB,
        key=f"take-{call.id}-{times}",
    )
    if given is None:
        return
    try:
        with refusals_shown():
            file = read_scenario_file(given.getvalue(), language())
            _fits(here, file)
            _show(file)
            if st.button(t("Put it on the table"), icon=":material/input:"):
                desk = desk_for(here, None, default_scenario(call))
                put_on_table(desk, _named(file.scenario, desk.kept))
                st.session_state[f"title-{desk.name}"] = file.title
                st.session_state[f"taken-{call.id}"] = times + 1
                turn_to(call.id, "")
                flash(t("The scenario of the file {name} is on the table. It is not saved yet.", name=given.name))
                st.rerun()
    except ScenarioError as error:
        notices.error(t("The file {name} was refused, and nothing was changed.", name=given.name))
        for problem in error.problems:
            notices.error(say(problem))


def _fits(here: Visit, file: ScenarioFile) -> None:
    """Every project, label and column that the file names is there."""
    projects = run_scenario(here.house, here.actor, here.call_id).projects
    labels = {*LABELS, *(label for project in projects for label in project.labels)}
    numbers = {*COLUMNS, *(column for project in projects for column in project.columns)}
    check_against(file, {project.id for project in projects}, labels, numbers)


def _show(file: ScenarioFile) -> None:
    facts(
        [
            (t("Name in the file"), file.title or "–"),
            (t("Rule of distribution"), rule_name(file.scenario)),
            (t("Appropriation"), money(file.scenario.appropriation)),
            (t("Constraints"), str(len(listed(file.scenario)))),
        ]
    )


def _named(scenario: Scenario, own: Scenario) -> Scenario:
    """The scenario under the call's names for things, with what the file leaves to the call."""
    share = own.max_share_bp if scenario.max_share_bp is None else scenario.max_share_bp
    return replace(scenario, names=own.names, max_share_bp=share, seed=own.seed, tie_rule=own.tie_rule)
