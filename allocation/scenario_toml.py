"""A scenario as a TOML file: read with every fault at once, each with its key and line."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from allocation.checks import check
from allocation.kinds import KIND_LABELS
from allocation.rules import RULES
from allocation.scenario_record import read_record
from allocation.scenario_sense import cannot_hold, contradictions, misfits
from allocation.scenario_values import (
    LONGEST_TEXT,
    MOST_PROBLEMS,
    Faults,
    Place,
    ScenarioFileError,
    dotted,
    shown,
)
from allocation.scenario_write import write_scenario
from allocation.toml_places import line_of, places
from allocation.types import Constraint, Dependent, Exclusive, Project, Scenario, ScenarioError
from locales import Lang, Message, Param, msg

MAX_BYTES = 1_000_000
MAX_LINE = 200_000
"""Characters on one line."""
MAX_PARTS = 50
"""Parts of one dotted key: many thousand would keep the parser busy for minutes."""
_BETWEEN_DOTS = re.compile(r"[A-Za-z0-9_\-\"' \t]+")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_HUGE = re.compile(r"[0-9_]{40,}|[eE][+-]?[0-9_]{7,}")


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario with its title in the file and the lines on which its keys stand."""

    scenario: Scenario
    title: str
    lines: Mapping[Place, int]


def read_scenario(data: str | bytes, lang: Lang = "fi") -> Scenario:
    """The scenario of a TOML text in UTF-8; rules without a name get one in words of ``lang``.

    Without tie_rule the lot of ``seed`` separates equals. Raises ScenarioFileError: too large, not UTF-8, not TOML
    (line and column), or faults in keys and values, all at once.
    """
    return read_scenario_file(data, lang).scenario


def read_scenario_file(data: str | bytes, lang: Lang = "fi") -> ScenarioFile:
    """As ``read_scenario``, with the title and the lines."""
    text = _decode(data)
    record = _parse(text)
    lines = places(text)
    faults = Faults()
    title = record.get("title", "")
    if not isinstance(title, str) or len(title) > LONGEST_TEXT:
        faults.wrong(("title",), title, msg("a text of at most {most} characters", most=str(LONGEST_TEXT)))
        title = ""
    scenario = read_record(record, faults, None, lang, ("title",))
    if scenario is not None:
        contradictions(scenario, faults)
    if scenario is None or faults.found:
        raise _refused(faults, lines)
    return ScenarioFile(scenario, str(title), lines)


def check_against(file: ScenarioFile, ids: Collection[str], labels: Collection[str], numbers: Collection[str]) -> None:
    """Raise ScenarioFileError with every project id, label and numeric column of the file that the projects lack."""
    faults = Faults()
    misfits(file.scenario, ids, labels, numbers, faults)
    if faults.found:
        raise _refused(faults, file.lines)


def check_run(file: ScenarioFile, projects: Sequence[Project]) -> None:
    """Raise ScenarioFileError with every fault of the scenario over ``projects``, with its line.

    Among them each constraint that the rule of the file cannot hold, both named.
    """
    problems: list[Message] = []
    try:
        check(projects, file.scenario)
    except ScenarioError as error:
        problems += (_with_line(file, problem) for problem in error.problems)
    for place, name, kind in cannot_hold(projects, file.scenario):
        able: list[Param] = [other for other, rule in RULES.items() if kind in rule.enforces]
        said = msg(
            "{key}: the rule {rule} ({words}) cannot hold {name}: {kind}. Rules that can: {able}.",
            key=dotted(place),
            rule=file.scenario.rule,
            words=RULES[file.scenario.rule].label,
            name=name,
            kind=KIND_LABELS[kind],
            able=able,
        )
        problems.append(_on_line(said, line_of(file.lines, place)))
    if problems:
        raise ScenarioFileError(tuple(problems[:MOST_PROBLEMS]))


_SPELLED = {"criterion_thresholds": "threshold", "max_share_bp": "max_share"}
"""Keys of a file that a scenario calls otherwise."""


def with_line(file: ScenarioFile, place: Place, problem: Message) -> Message:
    """The problem with the line of ``place`` in the file, if it is there."""
    return _on_line(problem, line_of(file.lines, place))


def _with_line(file: ScenarioFile, problem: Message) -> Message:
    """The problem with the line of the key or rule that it names."""
    key, name, column = (problem.params.get(param) for param in ("key", "rule", "column"))
    place: Place = ()
    if isinstance(key, str):
        place = (_SPELLED.get(key, key),)
    elif isinstance(name, str):
        scenario = file.scenario
        named: dict[str, Sequence[Constraint | Exclusive | Dependent]] = {
            "constraint": scenario.constraints,
            "exclusive": scenario.exclusive,
            "dependent": scenario.dependent,
        }
        hits = ((kind, at) for kind, rules in named.items() for at, one in enumerate(rules) if one.name == name)
        place = next(hits, ())
    elif isinstance(column, str) and column in dict(file.scenario.criterion_thresholds):
        place = ("threshold", column)
    elif "ids" in problem.params and problem.msgid.startswith("The largest share of the eligible costs"):
        place = ("max_share",)
    return _on_line(problem, line_of(file.lines, place))


def _on_line(problem: Message, line: int | None) -> Message:
    return problem if line is None else msg("Line {line}: {fault}", line=str(line), fault=problem)


def _refused(faults: Faults, lines: Mapping[Place, int]) -> ScenarioFileError:
    placed = [(line_of(lines, fault.place), fault) for fault in faults.found]
    # A key that is missing from the file as a whole has no line; it is told first.
    placed.sort(key=lambda pair: pair[0] or 0)
    return ScenarioFileError(tuple(fault.words(line) for line, fault in placed[:MOST_PROBLEMS]))


def _refusal(problem: Message) -> ScenarioFileError:
    return ScenarioFileError((problem,))


def _decode(data: str | bytes) -> str:
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _refusal(
            msg(
                "The scenario file is {size} bytes. Accepted: at most {limit} bytes.",
                size=str(size),
                limit=str(MAX_BYTES),
            )
        )
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1 if isinstance(data, bytes) else 1
        raise _refusal(
            msg(
                "Line {line} of the scenario file is not UTF-8 text (byte {position}). Accepted: TOML saved as UTF-8.",
                line=str(line),
                position=str(error.start + 1),
            )
        ) from None
    for number, line_text in enumerate(text.split("\n"), 1):
        if len(line_text) > MAX_LINE:
            raise _refusal(
                msg(
                    "Line {line} of the scenario file has {size} characters. Accepted: at most {limit} on one line.",
                    line=str(number),
                    size=str(len(line_text)),
                    limit=str(MAX_LINE),
                )
            )
        if "." * MAX_PARTS in _BETWEEN_DOTS.sub("", line_text):
            raise _refusal(
                msg(
                    "Line {line} of the scenario file has a key of more than {limit} parts. Accepted: {example}.",
                    line=str(number),
                    limit=str(MAX_PARTS),
                    example="where.region",
                )
            )
    return text


def _parse(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise _refusal(
            msg("The scenario file has lists or tables too deep inside each other. Accepted: at most three levels.")
        ) from None
    except (ValueError, ArithmeticError) as error:  # also numbers that Python refuses, such as 5,000 digits
        raise _refusal(_syntax(text, str(error))) from None


def _syntax(text: str, reason: str) -> Message:
    lines = text.replace("\r\n", "\n").split("\n")
    place = _PLACE.search(reason)
    if not place and "end of document" not in reason:
        hit = next(((row, found) for row, line in enumerate(lines, 1) if (found := _HUGE.search(line))), None)
        return msg(
            "Line {line}, column {column}: {found}. The number is too large. Accepted: numbers of at most 18 digits.",
            line=str(hit[0]) if hit else "?",
            column=str(hit[1].start() + 1) if hit else "?",
            found=shown(lines[hit[0] - 1].strip()) if hit else "",
        )
    row, column = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
    where = {
        "line": str(row),
        "column": str(column),
        "found": shown(lines[row - 1].strip()) if row <= len(lines) else "",
    }
    if any(word in reason for word in ("twice", "overwrite", "mutate", "redefine", "declare")):
        return msg(
            "Line {line}, column {column}: {found}. The same key or table is given twice. Accepted: each key once.",
            **where,
        )
    return msg(
        "Line {line}, column {column}: {found}. This is not TOML. "
        "Accepted: key = value, [table] or [[list of tables]], texts in quotation marks.",
        **where,
    )


__all__ = [
    "ScenarioFile",
    "check_against",
    "check_run",
    "read_scenario",
    "read_scenario_file",
    "write_scenario",
]
