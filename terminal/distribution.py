"""``rank``, ``allocate`` and ``export``."""

import re
import sys
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
    refusals_as_exit,
    write_file,
    write_json,
)
from workflow.calls import get_call
from workflow.decision import export_decision
from workflow.errors import Refused
from workflow.labels import STATUSES
from workflow.ranking import get_ranking
from workflow.scenarios import RULES, Parameters, Run, defaults, from_record, list_scenarios, run_scenario


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
    click.option("--rule", type=click.Choice(RULES), default="milp", show_default=True),
    click.option("--appropriation", metavar="EUROS", default=None),
    click.option("--threshold", metavar="SCORE", default=None),
    click.option("--smallest-grant", metavar="EUROS", default=None),
    click.option("--largest-grant", metavar="EUROS", default=None),
    click.option("--objective", type=click.Choice(["score_times_grant", "score_of_funded"]), default=None),
)


def _parameters(terminal: Terminal, call_id: str, rule: str, given: dict[str, str | None]) -> Parameters:
    base = defaults(get_call(terminal.house, terminal.actor, call_id), rule)  # type: ignore[arg-type]
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
@call_option
@scenario_options
@json_option
@pass_terminal
def allocate_command(terminal: Terminal, /, call_id: str, rule: str, json_out: str | None, **given: str | None) -> None:
    """Distribute the appropriation over the ranking. Exit 1 when the result is not optimal or not final."""
    with refusals_as_exit(terminal):
        check_target(json_out)
        parameters = _parameters(terminal, call_id, rule, given)
        run = run_scenario(terminal.house, terminal.actor, call_id, parameters)
        write_json(json_out, _record(terminal, run))
    if json_out != "-":
        terminal.say(STATUSES[run.allocation.status])
        for award in run.allocation.awards:
            click.echo(f"{award.id}  {terminal.money(award.granted):>14}  {terminal.words(award.reason)}")
        terminal.say(
            msg(
                "Granted {spent}, remaining {left}.",
                spent=terminal.money(run.allocation.spent),
                left=terminal.money(run.allocation.remaining),
            )
        )
    sys.exit(OK if run.allocation.status == "optimal" else FAULTS)


def _record(terminal: Terminal, run: Run) -> dict[str, object]:
    allocation = run.allocation
    return {
        "call": run.call.id,
        "rule": run.scenario.rule,
        "status": allocation.status,
        "objective": allocation.objective,
        "bound": allocation.bound,
        "gap": allocation.gap,
        "appropriation": run.scenario.appropriation,
        "spent": allocation.spent,
        "remaining": allocation.remaining,
        "awards": [
            {
                "id": award.id,
                "granted": award.granted,
                "funded": award.funded,
                "code": award.code,
                "reason": terminal.words(award.reason),
            }
            for award in allocation.awards
        ],
        "ties": [list(group) for group in allocation.ties],
        "duals": dict(allocation.duals),
        "seconds": round(allocation.seconds, 3),
    }


@click.command("export")
@call_option
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option("--scenario", metavar="NAME", default=None, help="A saved scenario; without it the options below.")
@scenario_options
@json_option
@pass_terminal
def export_command(
    terminal: Terminal,
    /,
    call_id: str,
    out: Path,
    scenario: str | None,
    rule: str,
    json_out: str | None,
    **given: str | None,
) -> None:
    """Write the decision workbook of a scenario to OUT. Exit 1 when the distribution is not optimal or not final."""
    with refusals_as_exit(terminal):
        check_target(out)
        check_target(json_out)
        parameters = _parameters(terminal, call_id, rule, given)
        if scenario is not None:
            saved = {s.name: s for s in list_scenarios(terminal.house, terminal.actor, call_id)}
            if scenario not in saved:
                names: list[str] = sorted(saved)
                raise Refused(
                    msg("There is no scenario {name}. Saved: {known}.", name=scenario, known=", ".join(names) or "–")
                )
            parameters = from_record(saved[scenario].parameters)
        status = run_scenario(terminal.house, terminal.actor, call_id, parameters).allocation.status
        data = export_decision(terminal.house, terminal.actor, call_id, terminal.lang, parameters, scenario or rule)
        write_file(out, data)
        write_json(json_out, {"call": call_id, "file": str(out), "bytes": len(data), "status": status})
    if status != "optimal":
        terminal.complain(STATUSES[status])
    sys.exit(OK if status == "optimal" else FAULTS)
