"""A list of projects and a scenario from files: the same distribution as in the browser. Touches no database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocation import RULES, Allocation, Project, Scenario, ScenarioError, SolverError, Sum, distribute
from allocation.conflicts import Collision, collide
from allocation.engine import OutOfTimeError
from allocation.excluding import with_excluding
from allocation.scenario_record import ID, LOT
from allocation.scenario_toml import ScenarioFile, check_against, check_run, read_scenario_file, with_line
from locales import Lang, LocalText, Message, Param, msg
from scoring.ranking import lot
from workbooks.project_list import KNOWN, ProjectList, ProjectRow, read_projects
from workbooks.project_write import write_projects
from workflow.errors import Refused
from workflow.scenarios import Run

__all__ = [
    "Allocation",
    "FileRun",
    "Scenario",
    "project_file",
    "projects_file",
    "projects_of",
    "read_scenario_bytes",
    "rule_label",
    "run_files",
    "sums_of",
]

MOST_NAMED = 20
"""Project ids in one message."""


@dataclass(frozen=True, slots=True)
class FileRun:
    """What became of the two files; ``title`` is the scenario's, ``collision`` there where nothing meets all rules."""

    title: str
    scenario: Scenario
    projects: tuple[Project, ...]
    allocation: Allocation
    collision: Collision | None = None

    @property
    def conflict(self) -> tuple[Message, ...]:
        """The colliding rules and the least relaxations, in words; () where there is a distribution."""
        if self.collision is None:
            return self.allocation.conflict
        if not self.collision.rules:
            return self.collision.words
        names: list[Param] = [rule.name for rule in self.collision.rules]
        if len(names) == 1:
            together = msg("This rule cannot be met: {rule}.", rule=names[0])
        else:
            together = msg("These rules cannot all be met at once: {rules}.", rules=names)
        return (together, *(way.words for way in self.collision.ways))


def read_scenario_bytes(data: bytes, name: str, lang: Lang = "fi") -> Scenario:
    """The scenario in a TOML file. Refused with every fault, each with its line."""
    try:
        return read_scenario_file(data, lang).scenario
    except ScenarioError as error:
        raise Refused(*(msg("{file}: {fault}", file=name, fault=fault) for fault in error.problems)) from error


def run_files(data: bytes, name: str, scenario: bytes, scenario_name: str, lang: Lang = "fi") -> FileRun:
    """Distribute over the projects in ``data`` (CSV or workbook) by the TOML file ``scenario``.

    The names of the files are for the words of a refusal. Refused with every fault of both, each with its place.
    """
    given = read_projects(data, name)
    problems = [msg("{file}: {fault}", file=name, fault=fault.words()) for fault in given.faults]
    try:
        file = read_scenario_file(scenario, lang)
        if not given.faults:
            check_against(file, {row.id for row in given.rows}, given.labels, given.numbers)
    except ScenarioError as error:
        problems += [msg("{file}: {fault}", file=scenario_name, fault=fault) for fault in error.problems]
    if problems:
        raise Refused(*problems)
    return _run(given, file, scenario_name)


def projects_of(given: ProjectList, scenario: Scenario) -> tuple[Project, ...]:
    """The rows as projects, with the keys that the scenario's tie rule compares. Refused where one is not stated."""
    keys = _tie_keys(given.rows, scenario)
    return tuple(
        Project(
            row.id,
            row.score,
            row.applied,
            row.eligible_costs,
            row.min_grant,
            row.max_grant,
            row.theme,
            row.region,
            row.applicant,
            row.numbers,
            keys[row.id],
            row.labels,
        )
        for row in given.rows
    )


def project_file(run: Run) -> bytes:
    """The projects of a run as CSV: with the run's scenario as a file, a terminal gives the same awards."""
    return projects_file(run.projects, run.scenario)


def projects_file(projects: Sequence[Project], scenario: Scenario) -> bytes:
    """Projects as CSV with every column that the scenario compares, its tie rule included."""
    return write_projects([_row(project, scenario) for project in projects])


def _run(given: ProjectList, file: ScenarioFile, scenario_name: str) -> FileRun:
    try:
        projects = projects_of(given, file.scenario)
    except Refused as refused:
        problems = [with_line(file, ("tie_rule",), problem) for problem in refused.messages]
        raise Refused(*(msg("{file}: {fault}", file=scenario_name, fault=fault) for fault in problems)) from None
    try:
        check_run(file, projects)
        allocation = with_excluding(projects, file.scenario, distribute(projects, file.scenario))
        collision = _collision(projects, file.scenario) if allocation.status == "infeasible" else None
    except ScenarioError as error:
        raise Refused(*(msg("{file}: {fault}", file=scenario_name, fault=fault) for fault in error.problems)) from error
    except SolverError as error:
        raise Refused(
            msg("The solver gave no distribution that holds in whole euros: {why}", why=str(error))
        ) from error
    return FileRun(file.title, file.scenario, projects, allocation, collision)


def _collision(projects: Sequence[Project], scenario: Scenario) -> Collision | None:
    """The smallest set of rules that collide; None when the time limit does not allow to find it."""
    try:
        return collide(projects, scenario)
    except OutOfTimeError:
        return None


def sums_of(allocation: Allocation, scenario: Scenario) -> tuple[tuple[Sum, bool], ...]:
    """What the named rules hold together, each beside whether it is at one of its limits."""
    return tuple((one, _at_limit(one, scenario.unit)) for one in allocation.sums)


def _at_limit(one: Sum, unit: int) -> bool:
    """Whether one unit of euros, one project or anything at all of a column more would break a limit."""
    step = unit if one.measure == "grant" else 1 if one.measure == "count" else Fraction(0)
    above = one.upper is not None and (one.value + step > one.upper or one.value == one.upper)
    return above or (one.lower is not None and (one.value - step < one.lower or one.value == one.lower))


def _tie_keys(rows: Sequence[ProjectRow], scenario: Scenario) -> Mapping[str, tuple[Fraction | int, ...]]:
    places = {key: -at for at, key in enumerate(sorted(row.id for row in rows))}
    problems: list[Message] = []
    for word in scenario.tie_rule:
        if word in (LOT, ID):
            continue
        missing: list[Param] = [row.id for row in rows if row.score is not None and _number(row, word) is None]
        if missing:
            problems.append(
                msg(
                    "The tie rule compares {column}, which is not stated for {ids}.",
                    column=word,
                    ids=[*missing[:MOST_NAMED], *(["…"] if len(missing) > MOST_NAMED else [])],
                )
            )
    if problems:
        raise Refused(*problems)

    def keys(row: ProjectRow) -> Iterator[Fraction | int]:
        for word in scenario.tie_rule:
            if word == LOT:
                yield lot(row.id, scenario.seed)
            elif word == ID:
                yield places[row.id]
            elif (number := _number(row, word)) is not None:
                yield number

    return {row.id: () if row.score is None else tuple(keys(row)) for row in rows}


def _number(row: ProjectRow, column: str) -> int | Fraction | None:
    own = {
        "score": row.score,
        "applied": row.applied,
        "eligible_costs": row.eligible_costs,
        "min_grant": row.min_grant,
        "max_grant": row.max_grant,
    }
    return own[column] if column in own else row.numbers.get(column)


def _row(project: Project, scenario: Scenario) -> ProjectRow:
    words = scenario.tie_rule if len(scenario.tie_rule) == len(project.tie_keys) else ()
    compared = {word: key for word, key in zip(words, project.tie_keys, strict=False) if word not in (LOT, ID, *KNOWN)}
    return ProjectRow(
        project.id,
        project.score,
        project.applied,
        project.eligible_costs,
        project.min_grant,
        project.max_grant,
        project.theme,
        project.region,
        project.applicant,
        {key: number for key, number in {**project.columns, **compared}.items() if key not in KNOWN},
        {key: values for key, values in project.labels.items() if key not in KNOWN},
    )


def rule_label(scenario: Scenario) -> Message | LocalText | str:
    """The rule of distribution in words."""
    return RULES[scenario.rule].label
