"""``check``: does everything hold that holds in every database?"""

import sys

import click

from locales import msg, msgn
from terminal.common import (
    FAULTS,
    OK,
    Terminal,
    check_target,
    json_option,
    pass_terminal,
    refusals_as_exit,
    write_json,
)
from workflow.errors import Refused
from workflow.house import house_file, open_house
from workflow.invariants import INVARIANTS, REPLAY, TEXTS, check_database


@click.command("check")
@json_option
@click.option("--replay", is_flag=True, help="Also rebuild every table from the audit log, in a database of its own.")
@pass_terminal
def check_command(terminal: Terminal, json_out: str | None, replay: bool) -> None:
    """Check every invariant of the database. Exit 1 when one does not hold, 2 when the database cannot be read."""
    with refusals_as_exit(terminal):
        check_target(json_out)
        file = house_file(terminal.url)
        if file is not None and not file.is_file():
            raise Refused(msg("The file {file} is not there.", file=str(file)))
        # Not the terminal's house: that one adds the shipped calls, and a check adds nothing.
        house = open_house(terminal.url)
        try:
            broken = check_database(house, replay=replay)
        finally:
            house.engine.dispose()
        checked = (*INVARIANTS, REPLAY) if replay else INVARIANTS
        rows = [
            {"name": b.name, "text": terminal.words(TEXTS[b.name]), "where": terminal.words(b.where)}
            | {"what": terminal.words(b.what)}
            for b in broken
        ]
        write_json(json_out, {"checked": [invariant.name for invariant in checked], "broken": rows})
    if json_out != "-":
        _print(terminal, rows, len(checked))
    sys.exit(FAULTS if broken else OK)


def _print(terminal: Terminal, rows: list[dict[str, str]], checked: int) -> None:
    """Each broken invariant once with its sentence, and under it every place."""
    for name in dict.fromkeys(row["name"] for row in rows):
        click.echo(f"{name}: {terminal.words(TEXTS[name])}")
        for row in rows:
            if row["name"] == name:
                click.echo(f"  {row['where']}; {row['what']}")
    broken = len({row["name"] for row in rows})
    if not broken:
        terminal.say(msgn("{n} invariant was checked; it holds.", "{n} invariants were checked; all hold.", checked))
        return
    terminal.say(
        msgn("{n} invariant of {all} does not hold.", "{n} invariants of {all} do not hold.", broken, all=str(checked))
    )
