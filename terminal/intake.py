"""``import``, ``template`` and ``eligibility``."""

import sys
from pathlib import Path
from typing import Any

import click

from calls.eligibility import rule_label
from locales import msg, msgn
from terminal.common import (
    FAULTS,
    OK,
    REFUSED,
    Terminal,
    call_option,
    check_target,
    json_option,
    pass_terminal,
    read_file,
    refusals_as_exit,
    write_file,
    write_json,
)
from workflow.applications import list_applications
from workflow.eligibility import clear_cases, confirm_clear_cases
from workflow.intake import FileRefused, ImportPlan, execute_import, plan_import, rows_to_mend, template
from workflow.labels import STATES


@click.command("import")
@call_option
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; take nothing.")
@click.option("--take-good", is_flag=True, help="Take the good rows although others have faults.")
@click.option("--accept-changes", is_flag=True, help="Take rows that differ from what is here as new versions.")
@click.option("--bad-rows", type=click.Path(path_type=Path), help="Write the faulty rows to this workbook to mend.")
@json_option
@pass_terminal
def import_command(
    terminal: Terminal,
    call_id: str,
    file: Path | None,
    dry_run: bool,
    take_good: bool,
    accept_changes: bool,
    bad_rows: Path | None,
    json_out: str | None,
) -> None:
    """Import applications from FILE (.xlsx or .csv). Exit 0: all rows well; 1: faults; 2: refused."""
    if file is None and json_out not in (None, "-"):
        # "--json applications.xlsx": the name after the bare option is the file to read, not one to write.
        file, json_out = Path(str(json_out)), "-"
    if file is not None and json_out is not None and Path(json_out).suffix.lower() in (".xlsx", ".csv"):
        raise click.UsageError(f"--json {json_out}: give a name that ends with .json, or --json alone.")
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    with refusals_as_exit(terminal):
        check_target(json_out, file)
        check_target(bad_rows, file)
        try:
            plan = plan_import(terminal.house, terminal.actor, call_id, read_file(file), file.name)
        except FileRefused as refused:
            terminal.complain(refused.message)
            write_json(json_out, {"call": call_id, "file": file.name, "refused": terminal.words(refused.message)})
            sys.exit(REFUSED)
        saved = not dry_run and (take_good or not plan.faults)
        if saved:
            execute_import(terminal.house, terminal.actor, plan, take_good=take_good, accept_changes=accept_changes)
        if plan.faults and bad_rows is not None:
            write_file(bad_rows, rows_to_mend(terminal.house, terminal.actor, plan, terminal.lang))
        write_json(json_out, import_record(terminal, plan, saved, accept_changes))
    if json_out != "-":
        _tell(terminal, plan, saved, accept_changes)
    sys.exit(FAULTS if plan.faults or (plan.count("differs") and not accept_changes) else OK)


def import_record(terminal: Terminal, plan: ImportPlan, saved: bool, accept_changes: bool) -> dict[str, Any]:
    """What ``import --json`` says: counts of rows, whether they were taken, and every fault with its place."""
    taken = plan.count("new") + plan.count("answer") + (plan.count("differs") if accept_changes else 0)
    return {
        "call": plan.call_id,
        "file": plan.filename,
        "sha256": plan.intake.sha256,
        "sheet": plan.intake.sheet,
        "rows": len(plan.rows) + plan.faulty_rows,
        "new": plan.count("new"),
        "answers": plan.count("answer"),
        "differing": [row.application.case_number for row in plan.rows if row.change == "differs"],
        "unchanged": plan.count("unchanged"),
        "faulty": plan.faulty_rows,
        "taken": taken if saved else 0,
        "changed_nothing": not saved or taken == 0,
        "outside_window": plan.outside_window,
        "late_answers": list(plan.late_answers),
        "faults": [
            {
                "sheet": fault.sheet,
                "row": fault.row,
                "column": fault.column,
                "field": terminal.words(fault.field),
                "value": fault.value,
                "problem": terminal.words(fault.problem),
                "accepted": terminal.words(fault.accepted),
            }
            for fault in plan.faults
        ],
    }


def _tell(terminal: Terminal, plan: ImportPlan, saved: bool, accept_changes: bool) -> None:
    for fault in plan.faults:
        terminal.say(
            msg(
                "Sheet {sheet}, row {row}, column {column} ({field}): {value} – {problem} {accepted}",
                sheet=fault.sheet,
                row=fault.row,
                column=fault.column,
                field=fault.field,
                value=fault.value or "–",
                problem=fault.problem,
                accepted=fault.accepted,
            )
        )
    terminal.say(
        msg(
            "New {new}, answers to requests {answers}, differing {differs}, unchanged {unchanged}, faulty {faulty}.",
            new=plan.count("new"),
            answers=plan.count("answer"),
            differs=plan.count("differs"),
            unchanged=plan.count("unchanged"),
            faulty=plan.faulty_rows,
        )
    )
    if plan.outside_window:
        terminal.say(
            msgn(
                "{n} application arrived outside the window of this call. Is the file of this call?",
                "{n} applications arrived outside the window of this call. Is the file of this call?",
                plan.outside_window,
            )
        )
    if plan.late_answers:
        cases = ", ".join(plan.late_answers)
        terminal.say(msg("The supplement arrived after the deadline of its request: {cases}.", cases=cases))
    taken = plan.count("new") + plan.count("answer") + (plan.count("differs") if accept_changes else 0)
    if not saved and plan.faults:
        terminal.say(msg("Nothing was taken. Mend the faults, or take the good rows with --take-good."))
    elif not saved:
        terminal.say(msg("Checked only; nothing was taken."))
    elif not taken:
        terminal.say(msg("Importing changed nothing."))
    else:
        terminal.say(msgn("{n} application was taken.", "{n} applications were taken.", taken))


@click.command("template")
@call_option
@click.option("--out", required=True, type=click.Path(path_type=Path))
@pass_terminal
def template_command(terminal: Terminal, call_id: str, out: Path) -> None:
    """Write the empty application workbook of a call to OUT."""
    with refusals_as_exit(terminal):
        write_file(out, template(terminal.house, terminal.actor, call_id, terminal.lang))


@click.command("eligibility")
@call_option
@click.option("--confirm-clear", metavar="REASON", help="Confirm as eligible those in which every rule is met.")
@json_option
@pass_terminal
def eligibility_command(terminal: Terminal, call_id: str, confirm_clear: str | None, json_out: str | None) -> None:
    """Show what the rules find in each application. Exit 1 when something is still to be confirmed."""
    with refusals_as_exit(terminal):
        check_target(json_out)
        if confirm_clear is not None:
            clear = clear_cases(list_applications(terminal.house, terminal.actor, call_id))
            cases = [view.case_number for view in clear]
            confirm_clear_cases(terminal.house, terminal.actor, call_id, cases, confirm_clear)
        views = list_applications(terminal.house, terminal.actor, call_id)
    record = [
        {
            "case_number": view.case_number,
            "version": view.version,
            "state": view.state,
            "proposal": view.proposal,
            "findings": [
                {
                    "rule": finding.rule,
                    "outcome": finding.outcome,
                    "message": terminal.words(finding.message),
                    "basis": terminal.words(finding.basis),
                }
                for finding in view.findings
            ],
        }
        for view in views
    ]
    with refusals_as_exit(terminal):
        write_json(json_out, {"call": call_id, "applications": record})
    if json_out != "-":
        for view in views:
            open_findings = [f for f in view.findings if f.outcome != "met"]
            state = terminal.words(STATES[view.state])
            click.echo(f"{view.case_number}  {state}  {view.application.project_name}")
            for finding in open_findings:
                click.echo(f"    {terminal.words(rule_label(finding.rule))}: {terminal.words(finding.message)}")
    sys.exit(FAULTS if any(view.state in ("unconfirmed", "changed") for view in views) else OK)
