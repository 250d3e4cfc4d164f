"""``verify``: a decision workbook checked from itself alone."""

import sys
from pathlib import Path

import click

from locales import Message, msg, msgn
from terminal.common import FAULTS, OK, Terminal, check_target, json_option, pass_terminal, read_file, write_json
from workflow.errors import Refused
from workflow.verification import Finding, Report, verify

LARGEST_SNAPSHOT = 64 * 1024 * 1024
"""Bytes of a snapshot; a larger one is none."""


class ZeroOrOne(click.Command):
    """A command whose only exit codes are 0 and 1, also for a command line that is none."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As of every command, but for the exit code."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.show()
            ctx.exit(FAULTS)


@click.command("verify", cls=ZeroOrOne)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--expect", metavar="HASH", default=None, help="The hash that was published with the decision.")
@click.option("--snapshot", type=click.Path(path_type=Path), metavar="FILE", default=None, help="The frozen decision.")
@json_option
@pass_terminal
def verify_command(
    terminal: Terminal, /, file: Path, expect: str | None, snapshot: Path | None, json_out: str | None
) -> None:
    """Check a decision workbook. Exit 0 when everything agrees, else 1."""
    try:
        check_target(json_out, file)
        check_target(json_out, snapshot)
        frozen = None if snapshot is None else read_file(snapshot, LARGEST_SNAPSHOT)
        report = verify(read_file(file), file.name, expect, frozen)
        write_json(json_out, _record(terminal, file, report))
    except Refused as refused:
        for message in refused.messages:
            terminal.complain(message)
        sys.exit(FAULTS)
    except UnicodeError:
        # Bytes of the command line that are no text reach Python as lone surrogates.
        terminal.complain(msg("A value given on the command line is not UTF-8 text."))
        sys.exit(FAULTS)
    if json_out != "-":
        _tell(terminal, report)
    sys.exit(OK if report.ok else FAULTS)


def _tell(terminal: Terminal, report: Report) -> None:
    if report.ok:
        terminal.say(
            msg("Everything agrees: values, digests, formulas, number formats, ranks and every euro solved again.")
        )
        terminal.say(
            msg(
                "Not checked: fonts, colours, column widths and what the charts show; the other scenarios of the "
                "comparison; without the published hash, whether this is the decision that was made."
            )
        )
    for finding in report.findings:
        terminal.say(_line(finding))
    if report.further:
        terminal.say(msgn("{n} further finding is not listed.", "{n} further findings are not listed.", report.further))
    if report.hash:
        terminal.say(msg("Hash: {hash}", hash=report.hash))


def _line(finding: Finding) -> Message:
    said = finding.message
    if finding.stated and finding.expected:
        said = msg(
            "{problem} Stated: {stated}; expected: {expected}.",
            problem=said,
            stated=finding.stated,
            expected=finding.expected,
        )
    elif finding.stated:
        said = msg("{problem} Stated: {stated}.", problem=said, stated=finding.stated)
    elif finding.expected:
        said = msg("{problem} Expected: {expected}.", problem=said, expected=finding.expected)
    if not finding.sheet:
        return said
    return msg("Sheet {sheet}, cell {cell}: {said}", sheet=finding.sheet, cell=finding.cell, said=said)


def _record(terminal: Terminal, file: Path, report: Report) -> dict[str, object]:
    return {
        "file": str(file),
        "ok": report.ok,
        "hash": report.hash,
        "findings": [
            {
                "sheet": finding.sheet,
                "cell": finding.cell,
                "stated": finding.stated,
                "expected": terminal.words(finding.expected),
                "problem": terminal.words(finding.message),
            }
            for finding in report.findings
        ],
        "further": report.further,
    }
