"""``rank`` and ``allocate``."""

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import click

from locales import format_number, msg, render
from locales.parse import MoneyError, parse_euros
from terminal.common import (
    FAULTS,
    OK,
    Terminal,
    call_option,
    check_target,
    json_option,
    pass_terminal,
    read_file,
    refusals_as_exit,
    write_json,
)
from terminal.project_file import allocate_files, allocation_record, shown_name, tell_allocation
from workflow.calls import get_call
from workflow.errors import Refused
from workflow.ranking import get_ranking
from workflow.scenario_file import Scenario, read_scenario_bytes
from workflow.scenarios import RULES, default_scenario, run_scenario


@click.command("rank")
@call_option
@json_option
@pass_terminal
def rank_command(terminal: Terminal, call_id: str, json_out: str | None) -> None:
    """Show the ranking of the eligible applications. Exit 1 when some are not scored."""
    with refusals_as_exit(terminal):
        check_target(json_out)
        ranked = get_ranking(terminal.house, terminal.actor, call_id)
    rows = [
        {
            "case_number": r.view.case_number,
            "rank": r.standing.rank,
            "tied_with": list(r.standing.tied_with),
            "mean": r.standing.mean,
            "median": r.standing.median,
            "spread": r.standing.spread,
            "reviews": r.standing.reviews,
            "assigned": r.assigned,
            "criteria": dict(r.standing.criterion_means),
            "applied": r.view.application.applied,
        }
        for r in ranked
    ]
    with refusals_as_exit(terminal):
        write_json(json_out, {"call": call_id, "applications": rows})
    if json_out != "-":
        for r in ranked:
            rank = "–" if r.standing.rank is None else f"{r.standing.rank}{'=' if r.standing.tied_with else ''}"
            mean = r.standing.mean
            shown = render(msg("not scored"), terminal.lang) if mean is None else format_number(mean, terminal.lang, 2)
            click.echo(f"{rank:>4}  {r.view.case_number}  {shown:>8}  {r.view.application.project_name}")
    sys.exit(FAULTS if any(r.standing.score is None for r in ranked) else OK)


_SCORE = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,6})?")
_SCENARIO_OPTIONS = (
    click.option("--rule", type=click.Choice(RULES), default=None, help="Default: milp."),
    click.option("--appropriation", metavar="EUROS", default=None),
    click.option("--threshold", metavar="SCORE", default=None),
    click.option("--smallest-grant", metavar="EUROS", default=None),
    click.option("--largest-grant", metavar="EUROS", default=None),
    click.option("--objective", type=click.Choice(["score_times_grant", "score_of_funded"]), default=None),
)


def parameters(terminal: Terminal, call_id: str, rule: str, given: Mapping[str, str | None]) -> Scenario:
    """The call's own values under ``rule`` with the options of ``scenario_options``."""
    base = default_scenario(get_call(terminal.house, terminal.actor, call_id), rule)  # type: ignore[arg-type]
    changes: dict[str, object] = {}
    for key in ("appropriation", "smallest_grant", "largest_grant"):
        if (text := given[key]) is not None:
            changes[key] = _euros(key, text)
    if (text := given["threshold"]) is not None:
        changes["threshold"] = _score(text)
    if given["objective"] is not None:
        changes["objective"] = given["objective"]
    return replace(base, **changes)  # type: ignore[arg-type]


def _euros(key: str, text: str) -> int:
    try:
        return parse_euros(text)
    except MoneyError as error:
        raise Refused(msg("{key}: {why}", key="--" + key.replace("_", "-"), why=error.message)) from error


def _score(text: str) -> Fraction:
    if not _SCORE.fullmatch(text):
        raise Refused(msg("{value} is not a score. Write a number, for example 3.25.", value=text))
    return Fraction(text.replace(",", "."))


def scenario_options(command: click.decorators.FC) -> click.decorators.FC:
    """The options that set a scenario's parameters."""
    for option in reversed(_SCENARIO_OPTIONS):
        command = option(command)
    return command


@click.command("allocate")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--call", "call_id", metavar="ID", default=None, help="The applications of a call instead of FILE.")
@click.option("--scenario", "scenario_file", type=click.Path(path_type=Path), metavar="FILE", default=None)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Also a workbook of FILE's awards.")
@scenario_options
@json_option
@pass_terminal
def allocate_command(
    terminal: Terminal,
    /,
    file: Path | None,
    call_id: str | None,
    scenario_file: Path | None,
    out: Path | None,
    rule: str | None,
    json_out: str | None,
    **given: str | None,
) -> None:
    """Distribute an appropriation: over FILE, a CSV or workbook of projects, or over the ranking of a call.

    FILE has the columns id, score and applied, and if need be eligible_costs, min_grant, max_grant, theme, region,
    applicant and columns of your own, of numbers or words. Money is whole euros; a score is a decimal or a fraction such
    as 7/2, and empty where there is none. Without min_grant a project is all or nothing.

    The keys of the scenario, a TOML file: appropriation and rule (rank_strict, rank_skip, rank_partial, lp, milp,
    proportional, tiers) are needed. Others: reserve, unit, objective (score_times_grant, score_of_funded), max_share,
    threshold, smallest_grant, largest_grant, rank_order, exclusive, dependent, force, fixed, time_limit, gap, seed,
    tie_rule (columns, "lot", "id"), [[tier]] with from and share, and [[constraint]] with name, sum ("grant", "count"
    or a numeric column), where, each, min, max, min_share, max_share, times_grant and on.

    Exit with FILE: 0 solved, the status says how; 2 refused, nothing is written, each fault with key, line and value;
    3 no distribution meets all rules, which collide is told. Exit with --call: 0 optimal and final, 1 not, 2 refused.
    """
    options = {"--rule": rule, **{f"--{key.replace('_', '-')}": text for key, text in given.items()}}
    extra = [name for name, text in options.items() if text is not None]
    with refusals_as_exit(terminal):
        _one_source(file, call_id, scenario_file, out, extra)
    if file is not None and scenario_file is not None:
        sys.exit(allocate_files(terminal, file, scenario_file, json_out, out))
    call = call_id or ""
    with refusals_as_exit(terminal):
        check_target(json_out, scenario_file)
        if scenario_file is None:
            scenario = parameters(terminal, call, rule or "milp", given)
        else:
            scenario = read_scenario_bytes(read_file(scenario_file), shown_name(scenario_file), terminal.lang)
        run = run_scenario(terminal.house, terminal.actor, call, scenario)
        record = allocation_record(terminal, run.allocation, run.scenario)
        facts = {"call": run.call.id, "rule": run.scenario.rule, "appropriation": run.scenario.appropriation}
        write_json(json_out, {**facts, **record})
    if json_out != "-":
        tell_allocation(terminal, run.allocation)
    sys.exit(OK if run.allocation.status == "optimal" else FAULTS)


def _one_source(
    file: Path | None, call_id: str | None, scenario_file: Path | None, out: Path | None, extra: list[str]
) -> None:
    """Refused unless it is clear over what to distribute, and by which values."""
    if (file is None) == (call_id is None):
        raise Refused(msg("Give either a file of projects or a call with --call."))
    if file is not None and scenario_file is None:
        raise Refused(msg("A file of projects needs a scenario: give its TOML file with --scenario."))
    if scenario_file is not None and extra:
        raise Refused(
            msg(
                "{options}: with --scenario these values stand in the file {file}.",
                options=", ".join(extra),
                file=shown_name(scenario_file),
            )
        )
    if out is not None and file is None:
        raise Refused(msg("--out goes with a file of projects. The workbook of a call is written by export."))
