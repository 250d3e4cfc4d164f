"""What the commands share: the open house, words, JSON, exit codes."""

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click

from access.permissions import Actor, Forbidden, terminal_actor
from locales import Lang, LocalText, Message, format_money, msg, render
from workflow.calls import add_presets
from workflow.errors import Refused
from workflow.house import House, house_file, open_house

LARGEST_FILE = 64 * 1024 * 1024
"""More than any file that is accepted; what is larger is not read to its end."""
OK, FAULTS, REFUSED = 0, 1, 2
"""Exit codes: all well; done or checked with faults to look at; refused, nothing done."""

_DATABASE_ENDS = ("", "-wal", "-shm", "-journal")
"""The files that SQLite keeps beside a database are the database as well."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Terminal:
    """The session of one command: database, language and who acts."""

    url: str | None
    lang: Lang

    @cached_property
    def house(self) -> House:
        """The database, migrated, with the calls that the program ships with."""
        house = open_house(self.url)
        add_presets(house)
        return house

    def close(self) -> None:
        """Let go of the database."""
        if "house" in self.__dict__:
            self.house.engine.dispose()

    @cached_property
    def actor(self) -> Actor:
        """Whoever can open the database: named after the operating system's user in the log."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):
            user = "?"
        return terminal_actor(f"manage.py ({user})")

    def say(self, text: Message | LocalText | str) -> None:
        """Print words in the chosen language."""
        click.echo(render(text, self.lang))

    def complain(self, text: Message | LocalText | str) -> None:
        """Print words to the error stream."""
        click.echo(render(text, self.lang), err=True)

    def money(self, euros: int) -> str:
        """Euros in the chosen language."""
        return format_money(euros, self.lang)

    def words(self, text: Message | LocalText | str) -> str:
        """The words of a text in the chosen language."""
        return render(text, self.lang)


pass_terminal = click.make_pass_decorator(Terminal)


def json_option(command: F) -> F:
    """``--json`` alone prints JSON, ``--json FILE`` writes it to a file."""
    option = click.option("--json", "json_out", is_flag=False, flag_value="-", default=None, metavar="[FILE]")
    return option(command)


def call_option(command: F) -> F:
    """``--call ID``: which call."""
    return click.option("--call", "call_id", required=True, metavar="ID")(command)


def write_json(target: str | None, value: Any) -> None:
    """Write ``value`` where ``--json`` says; nothing when it was not given."""
    if target is None:
        return
    text = json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n"
    if target == "-":
        click.echo(text, nl=False)
    else:
        # A file name of the command line may be no text at all; that is no reason to lose what was done.
        write_file(Path(target), text.encode("utf-8", "replace"))


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it: fractions as the nearest double, moments in ISO 8601."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, (Fraction, Decimal)):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def check_target(target: Path | str | None, source: Path | None = None) -> None:
    """Refused when a file cannot be written at ``target``, or would overwrite ``source``; asked before the work."""
    if target is None or target == "-":
        return
    path = Path(target)
    if not path.parent.is_dir():
        raise Refused(msg("The folder {folder} does not exist.", folder=str(path.parent)))
    _spare_database(path)
    if path.is_dir():
        raise Refused(msg("{file} is a folder. Give the name of a file to write.", file=str(path)))
    if not _in_place(path):
        try:
            part = _part(path)
            part.touch(exist_ok=False)
            part.unlink()
        except OSError as error:
            raise Refused(
                msg("The file {file} cannot be written: {why}.", file=str(path), why=error.strerror or "?")
            ) from error
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        raise Refused(msg("{file} is the file that is read. Give another name to write to.", file=str(path)))


def _spare_database(path: Path) -> None:
    """Refused where ``path`` is the embedded database that this command has open, or a file beside it."""
    terminal = click.get_current_context().find_object(Terminal)
    database = None if terminal is None else house_file(terminal.url)
    if database is None or not path.exists():
        return
    if any(path.samefile(own) for end in _DATABASE_ENDS if (own := database.with_name(database.name + end)).exists()):
        raise Refused(msg("{file} is the database. Give another name to write to.", file=str(path)))


def _in_place(path: Path) -> bool:
    """Devices and links (/dev/stdout is one) are written to, never replaced by a file."""
    return path.is_symlink() or (path.exists() and not path.is_file())


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name[:200]}.{os.getpid()}.part")


def write_file(path: Path, data: bytes) -> None:
    """Write whole or not at all: a half-written file is never left under the name asked for."""
    check_target(path)
    part = _part(path)
    try:
        if _in_place(path):
            path.write_bytes(data)
            return
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Refused(
            msg("The file {file} cannot be written: {why}.", file=str(path), why=error.strerror or "?")
        ) from error


def read_file(path: Path, most: int = LARGEST_FILE) -> bytes:
    """The file's bytes, at most one more than ``most``; Refused in words when it cannot be read."""
    try:
        with path.open("rb") as file:
            # One byte over the limit is enough for whoever reads it to refuse the file.
            return file.read(most + 1)
    except OSError as error:
        raise Refused(
            msg("The file {file} cannot be read: {why}.", file=str(path), why=error.strerror or "?")
        ) from error


@contextmanager
def refusals_as_exit(terminal: Terminal) -> Iterator[None]:
    """Turn a refusal into words and exit code 2."""
    try:
        yield
    except Refused as refused:
        for message in refused.messages:
            terminal.complain(message)
        sys.exit(REFUSED)
    except Forbidden as forbidden:
        terminal.complain(forbidden.message)
        sys.exit(REFUSED)
    except UnicodeEncodeError:
        # Bytes of the command line that are no text reach Python as lone surrogates, which no database takes.
        terminal.complain(msg("A value given on the command line is not UTF-8 text."))
        sys.exit(REFUSED)
