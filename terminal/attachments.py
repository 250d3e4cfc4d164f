"""``attach``: adding attachments to an application, and listing them."""

import sys
from pathlib import Path

import click

from locales import format_number, msg, msgn
from terminal.common import (
    FAULTS,
    OK,
    REFUSED,
    Terminal,
    call_option,
    pass_terminal,
    read_file,
    refusals_as_exit,
)
from workflow.attachments import Attachment, add_attachment, list_attachments
from workflow.errors import Refused


@click.command("attach")
@call_option
@click.argument("case_number", metavar="CASE")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--list", "listing", is_flag=True, help="List what is attached; add nothing.")
@pass_terminal
def attach_command(terminal: Terminal, call_id: str, case_number: str, files: tuple[Path, ...], listing: bool) -> None:
    """Attach each PDF FILE to the application CASE. Exit 0: all attached; 1: some were refused; 2: none was."""
    if listing and files:
        raise click.UsageError("--list takes no FILE.")
    if not listing and not files:
        raise click.UsageError("Missing argument 'FILE'.")
    with refusals_as_exit(terminal):
        if listing:
            _show(terminal, list_attachments(terminal.house, terminal.actor, call_id, case_number))
            sys.exit(OK)
        attached = sum(_attach(terminal, call_id, case_number, file) for file in files)
    if attached:
        terminal.say(msgn("{n} file was attached.", "{n} files were attached.", attached))
    sys.exit(OK if attached == len(files) else FAULTS if attached else REFUSED)


def _attach(terminal: Terminal, call_id: str, case_number: str, file: Path) -> bool:
    try:
        add_attachment(terminal.house, terminal.actor, call_id, case_number, file.name, read_file(file))
    except Refused as refused:
        for message in refused.messages:
            terminal.complain(message)
        return False
    return True


def _show(terminal: Terminal, found: list[Attachment]) -> None:
    if not found:
        terminal.say(msg("The application has no attachments."))
    for item in found:
        click.echo(f"{item.sha256[:12]}  {format_number(item.size, terminal.lang):>12} B  {item.filename}")
