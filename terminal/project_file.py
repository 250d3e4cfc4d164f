"""``allocate`` over files: a list of projects and a scenario in, JSON and a workbook out, no database."""

import os
from pathlib import Path
from typing import Any

import click

from locales import msg
from terminal.common import OK, REFUSED, Terminal, check_target, read_file, write_file, write_json
from workflow.errors import Refused
from workflow.labels import STATUSES
from workflow.scenario_book import file_workbook
from workflow.scenario_file import Allocation, FileRun, Scenario, run_files, sums_of

INFEASIBLE = 3
"""Exit code: no distribution meets all rules."""
_SPACES = "\u00a0\u202f"


def allocate_files(terminal: Terminal, file: Path, scenario: Path, json_out: str | None, out: Path | None) -> int:
    """Run the scenario over the projects and write what was asked for; the exit code. Refusals are said here."""
    try:
        for target in (json_out, out):
            check_target(target, file)
            check_target(target, scenario)
        if out is not None and json_out not in (None, "-") and out.absolute() == Path(json_out or "").absolute():
            raise Refused(msg("--json and --out need two files."))
        data, rules = read_file(file), read_file(scenario)
        run = run_files(data, shown_name(file), rules, shown_name(scenario), terminal.lang)
        record = allocation_record(terminal, run.allocation, run.scenario)
        if run.allocation.status == "infeasible":
            record["conflict"] = _conflict(terminal, run)
        workbook = file_workbook(run, terminal.lang) if out is not None else b""
        write_json(json_out, record)
        if out is not None:
            write_file(out, workbook)
    except Refused as refused:
        for message in refused.messages:
            _complain(terminal.words(message))
        return REFUSED
    except UnicodeEncodeError:
        terminal.complain(msg("A value given on the command line is not UTF-8 text."))
        return REFUSED
    if json_out != "-":
        tell_allocation(terminal, run.allocation)
    return _end(terminal, run)


def shown_name(path: Path) -> str:
    """The name of a file for words; it may be no text at all, and is used all the same."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def allocation_record(terminal: Terminal, allocation: Allocation, scenario: Scenario) -> dict[str, Any]:
    """What ``allocate --json`` says of a distribution."""
    return {
        "status": allocation.status,
        "objective": allocation.objective,
        "bound": allocation.bound,
        "gap": allocation.gap,
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
        "sums": [
            {
                "name": terminal.words(one.name),
                "rule": one.policy,
                "sum": one.measure,
                "value": one.value,
                "lower": one.lower,
                "upper": one.upper,
                "binding": binding,
            }
            for one, binding in sums_of(allocation, scenario)
        ],
        "seconds": round(allocation.seconds, 3),
    }


def tell_allocation(terminal: Terminal, allocation: Allocation) -> None:
    """The status, each award with its reason, and the sums, on the screen."""
    terminal.say(STATUSES[allocation.status])
    for award in allocation.awards:
        click.echo(_clean(f"{award.id}  {terminal.money(award.granted):>14}  {terminal.words(award.reason)}"))
    terminal.say(
        msg(
            "Granted {spent}, remaining {left}.",
            spent=terminal.money(allocation.spent),
            left=terminal.money(allocation.remaining),
        )
    )


def _end(terminal: Terminal, run: FileRun) -> int:
    status = run.allocation.status
    if status != "optimal":
        terminal.complain(STATUSES[status])
    if status != "infeasible":
        return OK
    for fault in run.conflict:
        _complain(terminal.words(fault))
    return INFEASIBLE


def _conflict(terminal: Terminal, run: FileRun) -> dict[str, Any]:
    """Which rules collide, and by how much each must give at least."""
    found = run.collision
    return {
        "words": [terminal.words(fault) for fault in run.conflict],
        "rules": [{"rule": rule.key, "name": terminal.words(rule.name)} for rule in (found.rules if found else ())],
        "ways": [
            {
                "rule": way.policy.key,
                "words": terminal.words(way.words),
                "euros": way.euros,
                "amount": way.amount,
                "enough": way.enough,
            }
            for way in (found.ways if found else ())
        ],
    }


def _complain(words: str) -> None:
    click.echo(_clean(words), err=True)


def _clean(words: str) -> str:
    """What a broken file holds may be commands to a terminal."""
    return "".join(sign if sign.isprintable() or sign in _SPACES else "\ufffd" for sign in words)
