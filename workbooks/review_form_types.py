"""The offline review form as data: what is written in it, and what is read from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from calls.application import Application
from locales import Message

LONGEST_TEXT = 5_000
"""Characters of a reason or remark."""

FormState = Literal["not_started", "draft", "returned"]


@dataclass(frozen=True, slots=True)
class FormApplication:
    """One assigned application with the reviewer's own review so far.

    ``review_version``: 0, nothing is saved yet. ``levels`` and ``reasons`` by criterion id; a level None or left out
    is not scored. ``confidence``: 1 low, 2 moderate, 3 high, None not stated.
    """

    case_number: str
    application: Application
    application_version: int
    review_version: int = 0
    levels: Mapping[str, int | None] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    confidence: int | None = None
    state: FormState = "not_started"


@dataclass(frozen=True, slots=True)
class FormStamp:
    """What a form was made for. ``made_at``: aware, UTC. ``versions``: case number -> (application, own review)."""

    call_id: str
    reviewer_username: str
    made_at: datetime
    versions: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong at one cell (``D7``), with the value found there and what would be accepted."""

    sheet: str
    cell: str
    value: str
    message: Message
    accepted: Message | str


@dataclass(frozen=True, slots=True)
class FormRow:
    """What the sheet of one application says.

    ``cells``: field -> cell, with the fields ``level:<criterion>``, ``reason:<criterion>``, ``remark`` and
    ``confidence``. A field at fault is read as empty, so a row with ``faults`` is not to be saved.
    """

    case_number: str
    sheet: str
    application_version: int
    review_version: int
    levels: Mapping[str, int | None]
    reasons: Mapping[str, str]
    remark: str
    confidence: int | None
    cells: Mapping[str, str]
    faults: tuple[FormFault, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form that was read. An application whose sheet was deleted has no row: its review is left as it is.

    ``rows`` in the order of the stamp; empty when the stamp is another call's. ``faults``: of sheets that belong to
    no application of the form.
    """

    stamp: FormStamp
    rows: tuple[FormRow, ...]
    faults: tuple[FormFault, ...] = ()
