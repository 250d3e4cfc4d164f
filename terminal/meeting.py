"""``minutes``: the minutes of a panel meeting as a Word document."""

import sys
from pathlib import Path

import click

from locales import Param, msg
from terminal.common import OK, Terminal, call_option, check_target, pass_terminal, refusals_as_exit, write_file
from workflow.errors import Refused
from workflow.meeting import list_meetings
from workflow.meeting_minutes import minutes


@click.command("minutes")
@call_option
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option("--meeting", "number", type=click.IntRange(1), default=None, help="1 is the first; default: the newest.")
@pass_terminal
def minutes_command(terminal: Terminal, call_id: str, out: Path, number: int | None) -> None:
    """Write the minutes of a meeting of the call to OUT (docx). Exit 0 or 2."""
    with refusals_as_exit(terminal):
        check_target(out)
        found = list_meetings(terminal.house, terminal.actor, call_id)
        if not found or (number or 1) > len(found):
            titles: list[Param] = [f"{place}: {meeting.title}" for place, meeting in enumerate(found, start=1)]
            raise Refused(msg("The call has no such meeting. Its meetings are: {known}.", known=titles or "–"))
        meeting = found[number - 1 if number else -1]
        write_file(out, minutes(terminal.house, terminal.actor, call_id, meeting.id, terminal.lang))
    sys.exit(OK)
