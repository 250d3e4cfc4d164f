"""``review-form export|check|apply``: a reviewer's offline form, in that reviewer's name."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from access.permissions import Actor
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
from workflow.offline import (
    KINDS,
    FileRefused,
    FormPlan,
    SavedForm,
    acting_as,
    download_form,
    execute_form,
    field_words,
    plan_form,
    value_words,
)

F = TypeVar("F", bound=Callable[..., Any])
_SHOWN = 200
"""Characters of a text that is shown."""


def reviewer_option(command: F) -> F:
    """``--reviewer USER``: whose form it is."""
    return click.option("--reviewer", "username", required=True, metavar="USER")(command)


@click.group("review-form")
def review_form_group() -> None:
    """The offline review form: write it, check a filled-in one, save its good rows as drafts."""


@review_form_group.command("export")
@call_option
@reviewer_option
@click.option("--out", required=True, type=click.Path(path_type=Path))
@pass_terminal
def export(terminal: Terminal, call_id: str, username: str, out: Path) -> None:
    """Write the form of the applications that USER has left to review to OUT."""
    with refusals_as_exit(terminal):
        check_target(out)
        reviewer = acting_as(terminal.house, terminal.actor, username)
        _, data = download_form(terminal.house, reviewer, call_id, terminal.lang)
        write_file(out, data)


@review_form_group.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@call_option
@reviewer_option
@json_option
@pass_terminal
def check(terminal: Terminal, file: Path | None, call_id: str, username: str, json_out: str | None) -> None:
    """Say what saving FILE would do; nothing is saved. Exit 0: every row well; 1: something is left; 2: refused."""
    source, json_out = _source(file, json_out)
    with refusals_as_exit(terminal):
        _, plan = _planned(terminal, source, call_id, username, json_out)
        write_json(json_out, form_record(terminal, plan, None))
    if json_out != "-":
        _tell(terminal, plan)
        terminal.say(msg("Checked only; nothing was saved."))
    sys.exit(OK if plan.clean else FAULTS)


@review_form_group.command("apply")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@call_option
@reviewer_option
@click.option("--take-outdated", "taken", multiple=True, metavar="CASE", help="Save this outdated row all the same.")
@json_option
@pass_terminal
def apply(
    terminal: Terminal, file: Path | None, call_id: str, username: str, taken: tuple[str, ...], json_out: str | None
) -> None:
    """Save the good rows of FILE as drafts of USER. Exit 0: all of them; 1: some were left; 2: refused."""
    source, json_out = _source(file, json_out)
    with refusals_as_exit(terminal):
        reviewer, plan = _planned(terminal, source, call_id, username, json_out)
        stale = [row.case_number for row in plan.of("stale")]
        if unknown := [case for case in taken if case not in stale]:
            terminal.complain(msg("Not outdated in the form: {cases}. Nothing was saved.", cases=", ".join(unknown)))
            sys.exit(REFUSED)
        done = execute_form(terminal.house, reviewer, plan, taken)
        write_json(json_out, form_record(terminal, plan, done))
    if json_out != "-":
        _tell(terminal, plan)
        n = len(done.saved)
        terminal.say(msgn("{n} review was saved as a draft.", "{n} reviews were saved as drafts.", n))
    sys.exit(FAULTS if done.left or plan.form.faults else OK)


def _source(file: Path | None, json_out: str | None) -> tuple[Path, str | None]:
    """The file to read: ``--json form.xlsx`` names it after the bare option."""
    if file is None and json_out not in (None, "-"):
        file, json_out = Path(str(json_out)), "-"
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    if json_out is not None and Path(json_out).suffix.lower() == ".xlsx":
        raise click.UsageError(f"--json {json_out}: give a name that ends with .json, or --json alone.")
    return file, json_out


def _planned(
    terminal: Terminal, file: Path, call_id: str, username: str, json_out: str | None
) -> tuple[Actor, FormPlan]:
    check_target(json_out, file)
    reviewer = acting_as(terminal.house, terminal.actor, username)
    try:
        return reviewer, plan_form(terminal.house, reviewer, call_id, read_file(file), file.name)
    except FileRefused as refused:
        terminal.complain(refused.message)
        write_json(json_out, {"call": call_id, "file": file.name, "refused": terminal.words(refused.message)})
        sys.exit(REFUSED)


def form_record(terminal: Terminal, plan: FormPlan, done: SavedForm | None) -> dict[str, Any]:
    """What ``--json`` says: each row with its changes, every fault and what is missing, with their places."""
    return {
        "call": plan.call.id,
        "file": plan.filename,
        "reviewer": plan.form.stamp.reviewer_username,
        "rows": [
            {
                "case_number": row.case_number,
                "sheet": row.sheet,
                "outcome": row.kind,
                "why": [terminal.words(why) for why in row.why],
                "changes": [
                    {"field": c.field, "cell": c.cell, "before": c.before, "after": c.after} for c in row.changes
                ],
            }
            for row in plan.rows
        ],
        "without_sheet": list(plan.absent),
        "faults": [
            {
                "sheet": fault.sheet,
                "cell": fault.cell,
                "value": fault.value,
                "problem": terminal.words(fault.message),
                "accepted": terminal.words(fault.accepted),
            }
            for fault in plan.faults
        ],
        "missing": [
            {"sheet": note.sheet, "cell": note.cell, "what": terminal.words(note.message)} for note in plan.notes
        ],
        "saved": list(done.saved) if done else [],
    }


def _tell(terminal: Terminal, plan: FormPlan) -> None:
    for row in plan.rows:
        why = " ".join(terminal.words(message) for message in row.why)
        terminal.say(f"{row.case_number} ({row.sheet}): {terminal.words(KINDS[row.kind])}. {why}".rstrip())
        for change in row.changes:
            before, after = (value_words(plan.call, change.field, value) for value in (change.before, change.after))
            name = terminal.words(field_words(plan.call, change.field))
            terminal.say(f"  {change.cell} {name}: {_short(terminal.words(before))} → {_short(terminal.words(after))}")
    for fault in plan.faults:
        terminal.say(
            msg(
                "Sheet {sheet}, cell {cell}: {value} – {problem} {accepted}",
                sheet=fault.sheet,
                cell=fault.cell,
                value=fault.value or "–",
                problem=fault.message,
                accepted=fault.accepted,
            )
        )
    for note in plan.notes:
        terminal.say(
            msg(
                "Before submitting, sheet {sheet}, cell {cell}: {what}",
                sheet=note.sheet,
                cell=note.cell,
                what=note.message,
            )
        )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
