"""``users add|list|disable|enable|reset|roles|affiliate``."""

import sys
from collections.abc import Iterable

import click

from access.permissions import ROLES
from locales import LANGUAGES, msg
from terminal.common import Terminal, check_target, json_option, pass_terminal, refusals_as_exit, write_json
from workflow import accounts


def role_names(terminal: Terminal, roles: Iterable[str]) -> str:
    """Roles in words, in the order of the table of roles."""
    held = set(roles)
    return ", ".join(terminal.words(ROLES[role]) for role in ROLES if role in held)


@click.group("users")
def users_group() -> None:
    """Accounts: who can sign in and in which roles."""


@users_group.command("add")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)))
@click.option("--language", type=click.Choice(LANGUAGES), default="fi", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
@pass_terminal
def add(
    terminal: Terminal, username: str, name: str, roles: tuple[str, ...], language: str, password_stdin: bool
) -> None:
    """Add an account; a password is made and shown once unless it is given on standard input."""
    given = sys.stdin.readline().rstrip("\n") if password_stdin else None
    with refusals_as_exit(terminal):
        account, password = accounts.add_account(
            terminal.house.engine,
            terminal.actor,
            username=username,
            name=name,
            roles=roles,
            language=language,
            password=given,
        )
    terminal.say(msg("The account {username} was added.", username=account.username))
    if given is None:
        terminal.say(msg("Password, shown only now: {password}", password=password))


@users_group.command("list")
@json_option
@pass_terminal
def list_command(terminal: Terminal, json_out: str | None) -> None:
    """List the accounts."""
    with refusals_as_exit(terminal):
        check_target(json_out)
        found = accounts.list_accounts(terminal.house.engine, terminal.actor)
    rows = [
        {
            "username": a.username,
            "name": a.name,
            "roles": sorted(a.roles),
            "language": a.language,
            "disabled": a.disabled,
        }
        for a in found
    ]
    with refusals_as_exit(terminal):
        write_json(json_out, rows)
    if json_out != "-":
        for account in found:
            state = terminal.words(msg("disabled")) if account.disabled else ""
            click.echo(
                f"{account.username:<20} {account.name:<30} {role_names(terminal, account.roles)} {state}".rstrip()
            )


@users_group.command("disable")
@click.argument("username")
@pass_terminal
def disable(terminal: Terminal, username: str) -> None:
    """Disable an account; its sessions end at once."""
    with refusals_as_exit(terminal):
        account = accounts.disable_account(terminal.house.engine, terminal.actor, username)
    terminal.say(msg("The account {username} is disabled.", username=account.username))


@users_group.command("enable")
@click.argument("username")
@pass_terminal
def enable(terminal: Terminal, username: str) -> None:
    """Let a disabled account sign in again."""
    with refusals_as_exit(terminal):
        account = accounts.enable_account(terminal.house.engine, terminal.actor, username)
    terminal.say(msg("The account {username} is enabled.", username=account.username))


@users_group.command("reset")
@click.argument("username")
@pass_terminal
def reset(terminal: Terminal, username: str) -> None:
    """Make a new password; it is shown once, and the account's sessions end."""
    with refusals_as_exit(terminal):
        account, password = accounts.reset_password(terminal.house.engine, terminal.actor, username)
    terminal.say(
        msg(
            "The account {username} has a new password, shown only now: {password}",
            username=account.username,
            password=password,
        )
    )


@users_group.command("roles")
@click.argument("username")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)))
@pass_terminal
def set_roles(terminal: Terminal, username: str, roles: tuple[str, ...]) -> None:
    """Give an account exactly these roles."""
    with refusals_as_exit(terminal):
        account = accounts.set_roles(terminal.house.engine, terminal.actor, username, roles)
    terminal.say(
        msg(
            "The account {username} has the roles {roles}.",
            username=account.username,
            roles=role_names(terminal, account.roles),
        )
    )


@users_group.command("affiliate")
@click.argument("username")
@click.option("--municipality", help="Name or three-digit code; an empty text clears it.")
@click.option("--employer", help="Name, business ID or both; an empty text clears it.")
@pass_terminal
def affiliate(terminal: Terminal, username: str, municipality: str | None, employer: str | None) -> None:
    """Say which municipality and employer a person has; conflicts of interest are proposed from them."""
    with refusals_as_exit(terminal):
        account = accounts.set_affiliation(
            terminal.house.engine, terminal.actor, username, municipality=municipality, employer=employer
        )
    terminal.say(
        msg(
            "The account {username}: municipality {municipality}, employer {employer}.",
            username=account.username,
            municipality=accounts.municipality_name(account.municipality_code) or "–",
            employer=account.employer or "–",
        )
    )
