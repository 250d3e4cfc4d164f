"""``export``: the files of a decision, or of a draft of it."""

import sys
from pathlib import Path

import click

from locales import msg
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
from terminal.distribution import parameters, scenario_options
from workflow.decision_export import FORMS, VARIANTS, Source, export_file
from workflow.decisions import list_decisions
from workflow.errors import Refused
from workflow.labels import STATUSES
from workflow.saved_scenarios import list_scenarios


@click.command("export")
@call_option
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option("--decision", "number", type=int, metavar="N", default=None, help="The decision or proposal of number N.")
@click.option("--scenario", metavar="NAME", default=None, help="A saved scenario; without it the options below.")
@click.option("--format", "form", type=click.Choice(FORMS), default="xlsx", show_default=True)
@click.option("--variant", type=click.Choice(VARIANTS), default="full", show_default=True)
@scenario_options
@json_option
@pass_terminal
def export_command(
    terminal: Terminal,
    /,
    call_id: str,
    out: Path,
    number: int | None,
    scenario: str | None,
    form: str,
    variant: str,
    rule: str | None,
    json_out: str | None,
    **given: str | None,
) -> None:
    """Write a file of a decision to OUT: of a frozen one, of a saved scenario, or of the call's own values.

    xlsx: the decision workbook. json, csv: the same tables, csv as a zip. snapshot: the tables with all that they rest
    on, panel-only remarks included. letters: a zip of the letters to the applicants. Variants: full has the names of
    the reviewers, pseudonymised codes in their place. plain is a workbook without formats and formulas, with the names,
    and plain_pseudonymised the same with codes.

    Exit 1 when the distribution is not optimal or not final.
    """
    with refusals_as_exit(terminal):
        check_target(out)
        check_target(json_out)
        options = {"--rule": rule, **{f"--{key.replace('_', '-')}": text for key, text in given.items()}}
        of = _source(terminal, call_id, number, scenario, [name for name, text in options.items() if text is not None])
        if not of:
            of = {"scenario": parameters(terminal, call_id, rule or "milp", given)}
        made = export_file(terminal.house, terminal.actor, call_id, form, terminal.lang, variant=variant, **of)
        write_file(out, made.data)
        facts = {"hash": made.hash, "stage": made.stage, "status": made.status}
        write_json(json_out, {"call": call_id, "file": str(out), "bytes": len(made.data), **facts})
    if made.status != "optimal":
        terminal.complain(STATUSES[made.status])
    sys.exit(OK if made.status == "optimal" else FAULTS)


def _source(terminal: Terminal, call_id: str, number: int | None, scenario: str | None, further: list[str]) -> Source:
    """Of what a file is written; nothing: of the values on the command line."""
    options = [*(["--scenario"] if scenario is not None and number is not None else []), *further]
    if options and (number is not None or scenario is not None):
        chosen = "--scenario" if number is None else "--decision"
        raise Refused(msg("{options} cannot be given with {chosen}.", options=", ".join(options), chosen=chosen))
    if number is not None:
        return {"decision_id": _decision(terminal, call_id, number)}
    return {} if scenario is None else {"scenario_id": _scenario(terminal, call_id, scenario)}


def _decision(terminal: Terminal, call_id: str, number: int) -> int:
    every = list_decisions(terminal.house, terminal.actor, call_id)
    # Several proposals may have had a number: the one in force or waiting is meant, else the newest.
    standing = [one for one in every if one.state in ("proposed", "approved")]
    found = {one.number: one.id for one in (*every, *standing)}
    if number not in found:
        known = ", ".join(str(one) for one in sorted(found))
        raise Refused(msg("There is no decision {number}. Known: {known}.", number=str(number), known=known or "–"))
    return found[number]


def _scenario(terminal: Terminal, call_id: str, name: str) -> int:
    found = {one.name: one.id for one in list_scenarios(terminal.house, terminal.actor, call_id)}
    if name not in found:
        known = ", ".join(sorted(found))
        raise Refused(msg("There is no scenario {name}. Saved: {known}.", name=name, known=known or "–"))
    return found[name]
