"""Applications as the allocation sees them: labels and columns a constraint may ask for, each with its name."""

from dataclasses import replace
from fractions import Fraction

import pytest

from allocation import Constraint, Project
from calls.application import Municipality, Partner
from calls.presets import preset
from calls.register import register
from locales import LANGUAGES, LocalText, render
from tests.support.scored import agree
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, World, application
from workbooks.project_list import read_projects
from workflow.scenario_file import projects_file, projects_of
from workflow.scenario_files import export_projects
from workflow.scenario_projects import names_of, project_of, region_populations
from workflow.scenarios import default_scenario, run_scenario


def project(world: World, case: str = CASES[0]) -> Project:
    run = run_scenario(world.house, world["decider"], CALL_ID)
    return next(one for one in run.projects if one.id == case)


def test_an_application_has_its_labels_and_columns(desk: World) -> None:
    found = project(desk)
    people = {entry.code: entry.population or 0 for entry in register(2022).entries}
    levels = {CRITERIA[0]: Fraction(4), CRITERIA[1]: Fraction(4), CRITERIA[2]: Fraction(4)}
    assert (found.region, found.theme, found.applicant) == ("02", CALL.themes[0].id, "Turku")
    assert found.labels == {"partner_region": ("02",), "settlement": ("urban",), "language": ("fi",)}
    assert found.columns == {**levels, "population": people["853"] + people["202"]}
    assert project(desk, CASES[3]).columns == {"population": people["853"] + people["202"]}, "no level is no 0"


def test_every_partner_counts_with_its_region_and_its_people(world: World) -> None:
    members = (Municipality("091", "Helsinki"), Municipality("853", "Turku"))
    joint = Partner("joint_authority", "Kuntayhtymä", members=members)
    world.take(application(1, partners=(*application(1).partners, joint)))
    world.confirm(CASES[0])
    people = {entry.code: entry.population or 0 for entry in register(2022).entries}
    found = project(world)
    assert found.labels["partner_region"] == ("01", "02")
    assert found.columns == {"population": people["853"] + people["202"] + people["091"]}, "each municipality once"


def test_a_population_that_is_not_known_is_not_stated(desk: World) -> None:
    ranked = run_scenario(desk.house, desk["decider"], CALL_ID).ranked[-1]
    assert project_of(CALL, ranked).columns.keys() == {"population"}
    stated = ranked.view.application
    for stray in (Partner("municipality", "Kadonnut"), Partner("municipality", "Kadonnut", "999")):
        changed = replace(stated, partners=(*stated.partners, stray))
        found = project_of(CALL, replace(ranked, view=replace(ranked.view, application=changed)))
        assert (found.columns, found.labels["partner_region"]) == ({}, ("02",))


def test_the_levels_are_those_of_the_score_that_ranks(scored: World) -> None:
    before = project(scored).columns
    assert before[CRITERIA[0]] == Fraction(5 + 4 + 5, 3)
    agree(scored, CASES[0], 3, 4, 2)
    assert [project(scored).columns[key] for key in CRITERIA] == [3, 4, 2]


@pytest.mark.parametrize("call_id", ["2020", "2022"])
def test_every_label_value_and_column_has_a_name(call_id: str) -> None:
    call = preset(call_id)
    names = names_of(call)
    wanted = {"theme", "region", "partner_region", "settlement", "language", "applicant", "population"}
    wanted |= {criterion.id for criterion in call.criteria} | {f"theme={theme.id}" for theme in call.themes}
    wanted |= {f"region={code}" for code in region_populations(call)[0]}
    wanted |= {f"settlement={entry.settlement}" for entry in register(call.applicants.register_year).entries}
    assert wanted <= names.keys()
    assert all(render(name, lang) for name in names.values() for lang in LANGUAGES)
    assert names["region=21"] == LocalText("Ahvenanmaa", "Åland", "Åland")


def test_the_population_of_a_region_says_where_it_is_not_known() -> None:
    for year, call in ((2020, preset("2020")), (2022, preset("2022"))):
        people, names, uncertain = region_populations(call)
        entries = register(year).entries
        assert sum(people.values()) == sum(entry.population or 0 for entry in entries)
        assert uncertain == {entry.region_code for entry in entries if entry.population is None}
        assert people.keys() == names.keys()


def test_a_constraint_on_labels_holds_in_the_call(scored: World) -> None:
    call = run_scenario(scored.house, scored["decider"], CALL_ID).call
    base = default_scenario(call)
    for where, funded in (
        ((("partner_region", ("02",)), ("language", ("fi",))), 1),
        ((("partner_region", ("01",)),), 3),
        ((("settlement", ("rural",)),), 3),
    ):
        scenario = replace(base, constraints=(Constraint("Enintään yksi", "count", where, upper=1),))
        allocation = run_scenario(scored.house, scored["decider"], CALL_ID, scenario).allocation
        assert sum(award.funded for award in allocation.awards) == funded


def test_the_list_of_projects_from_the_page_is_the_one_a_terminal_runs_on(scored: World) -> None:
    run = run_scenario(scored.house, scored["decider"], CALL_ID)
    data = export_projects(scored.house, scored["decider"], CALL_ID)
    assert data == projects_file(sorted(run.projects, key=lambda one: one.id), run.scenario)
    given = read_projects(data, "projects.csv")
    assert {one.id: one.tie_keys for one in projects_of(given, run.scenario)} == {
        one.id: one.tie_keys for one in run.projects
    }
    by_criteria = replace(run.scenario, tie_rule=(CRITERIA[2], CRITERIA[0]))
    assert {one.id: one.tie_keys for one in projects_of(given, by_criteria)} == {
        one.id: (one.columns[CRITERIA[2]], one.columns[CRITERIA[0]]) for one in run.projects
    }
