"""Running manage.py as a person at a terminal does, without a new process for each command."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import sample_data
from manage import main

SAMPLES = Path(sample_data.__file__).parent
APPLICATIONS = SAMPLES / "applications-2022.xlsx"
FAULTY = SAMPLES / "applications-2022-faulty.xlsx"


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output read as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Manage:
    """manage.py on one database."""

    url: str

    def __call__(self, *words: object, lang: str = "en", stdin: str | None = None) -> Answer:
        """Run a command. An exception that is no exit is an error of the test."""
        given = ["--database", self.url, "--lang", lang, *map(str, words)]
        result = CliRunner().invoke(main, given, input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return Answer(result.exit_code, result.stdout, result.stderr)
