"""The terminal way in: ``python manage.py --help``."""

import os
import sys

import click

from locales import LANGUAGES
from terminal.analysis import analyse_command
from terminal.attachments import attach_command
from terminal.check import check_command
from terminal.common import Terminal
from terminal.distribution import allocate_command, rank_command
from terminal.export import export_command
from terminal.intake import eligibility_command, import_command, template_command
from terminal.meeting import minutes_command
from terminal.review_form import review_form_group
from terminal.upkeep import call_group, replay_command, sample_command
from terminal.users import users_group
from terminal.verification import verify_command


@click.group()
@click.option("--database", metavar="URL", help="Default: DATABASE_URL, else sqlite:///data/avustuspaneeli.db.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="fi", show_default=True, envvar="AVUSTUSPANEELI_LANG")
@click.pass_context
def main(context: click.Context, database: str | None, lang: str) -> None:
    """Avustuspaneeli from the terminal: the same work as in the browser, with exit codes 0 to 3."""
    terminal = Terminal(database, lang)
    context.obj = terminal
    context.call_on_close(terminal.close)


for command in (
    import_command,
    template_command,
    eligibility_command,
    attach_command,
    analyse_command,
    rank_command,
    allocate_command,
    export_command,
    verify_command,
    minutes_command,
    review_form_group,
    users_group,
    call_group,
    sample_command,
    replay_command,
    check_command,
):
    main.add_command(command)


def run() -> None:
    """The terminal's door: a full or closed output ends with one line, not with a traceback."""
    try:
        main()
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}\n")
        os._exit(1)


if __name__ == "__main__":
    run()
