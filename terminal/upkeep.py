"""``call``, ``sample`` and ``replay``."""

import sys
from pathlib import Path

import click

from locales import msg
from sample_data.load import PASSWORD, SAMPLE_URL, build_sample, sample_exists
from sample_data.people import accounts
from terminal.common import FAULTS, OK, Terminal, pass_terminal, read_file, refusals_as_exit
from terminal.users import role_names
from workflow.calls import add_call, list_calls
from workflow.upkeep import rebuild


@click.group("call")
def call_group() -> None:
    """Calls: which there are, and adding one from its file."""


@call_group.command("list")
@pass_terminal
def list_command(terminal: Terminal) -> None:
    """List the calls."""
    with refusals_as_exit(terminal):
        calls = list_calls(terminal.house, terminal.actor)
    for call in calls:
        click.echo(f"{call.id}  {terminal.words(call.name)}")


@call_group.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@pass_terminal
def add(terminal: Terminal, file: Path) -> None:
    """Add a call from a TOML file; every problem is named with its key."""
    with refusals_as_exit(terminal):
        added = add_call(terminal.house, terminal.actor, read_file(file))
    terminal.say(msg("Call {call} was added.", call=added.id))


@click.command("sample")
@click.option("--if-missing", is_flag=True, help="Build it only where it is missing.")
@pass_terminal
def sample_command(terminal: Terminal, if_missing: bool) -> None:
    """Build the sample database (data/sample.db unless --database says otherwise) and tell who can sign in."""
    url = terminal.url or SAMPLE_URL
    with refusals_as_exit(terminal):
        if not (if_missing and sample_exists(url)):
            terminal.say(msg("Building the sample database. Everything in it is invented."))
            build_sample(url)
    terminal.say(msg("Who can sign in (password of all: {password}):", password=PASSWORD))
    for account in accounts():
        roles = role_names(terminal, account.roles)
        click.echo(f"  {account.username:<14} {account.name:<28} {roles}")


@click.command("replay")
@click.argument("target")
@pass_terminal
def replay_command(terminal: Terminal, target: str) -> None:
    """Rebuild every table from the audit log into the empty database TARGET and compare. Exit 1 if they differ."""
    with refusals_as_exit(terminal):
        count, same = rebuild(terminal.house, target)
    terminal.say(
        msg("{n} entries replayed; every table is the same.", n=count)
        if same
        else msg("{n} entries replayed; the tables differ.", n=count)
    )
    sys.exit(OK if same else FAULTS)
