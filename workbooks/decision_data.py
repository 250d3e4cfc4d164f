"""What a decision workbook is made of, and the check that it is consistent in itself."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

from locales import LocalText, Message, Money, msg, render

StatusCode = Literal["approved", "rejected", "dismissed", "withdrawn", "possible", "in_progress", "not_started"]
"""Statuses of an application, in the order in which the workbook counts them."""

STATUSES: tuple[StatusCode, ...] = get_args(StatusCode)
MAX_APPLICATIONS = 20_000
MAX_SCORES = 500_000


@dataclass(frozen=True, slots=True)
class BasisPoints:
    """A share, 8500 = 85 %."""

    value: int


ParameterValue: TypeAlias = (
    "Message | LocalText | str | Money | int | bool | Fraction | Decimal | BasisPoints | datetime | date | None"
)
"""A typed value of the scenario sheet; None is written as not set."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One application of the list. Money is whole euros; ``score`` and ``rank`` None: not scored.

    ``score_source`` "mean": the score is the mean of the composites of ``DecisionData.scores`` and is written as a
    formula; "stated": it was recorded otherwise (a consensus) and is written as a number.
    ``ceiling`` is the largest grant the application could get; a str ``reason`` is data and stays as it is.
    """

    case_number: str
    rank: int | None
    applicant: str
    business_id: str
    municipality: str
    region: str
    project: str
    language: Literal["fi", "sv"]
    score: Fraction | None
    reviews: int
    applied: int
    ceiling: int | None
    granted: int
    status: StatusCode
    reason: Message | str
    score_source: Literal["mean", "stated"] = "mean"


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One criterion in one submitted review; ``level`` None: not scored.

    ``reviewer`` is the name shown, which two people may share; ``reviewer_id`` tells them apart and is not shown. Empty:
    the name alone does.
    """

    case_number: str
    criterion: str
    criterion_name: LocalText
    weight: int
    reviewer: str
    level: int | None
    reason: str
    reviewer_id: str = ""

    @property
    def reviewer_key(self) -> str:
        """What identifies the reviewer."""
        return self.reviewer_id or self.reviewer


@dataclass(frozen=True, slots=True)
class DecisionData:
    """Everything the workbook shows, without language. ``remaining`` is what the allocation says remains of the
    whole appropriation (a reserve included); the workbook compares it with its own sum. ``made_at`` is aware.
    """

    call_id: str
    call_name: LocalText | str
    made_at: datetime
    appropriation: int
    remaining: int
    rows: tuple[DecisionRow, ...]
    scores: tuple[ScoreRow, ...] = ()
    parameters: tuple[tuple[Message | LocalText, ParameterValue], ...] = ()
    authority: LocalText | str = ""
    scenario_name: str = ""
    stage: Literal["proposal", "decision"] = "proposal"

    @property
    def granted(self) -> int:
        """Sum of the grants, euros."""
        return sum(row.granted for row in self.rows)

    @property
    def applied(self) -> int:
        """Sum of the amounts applied for, euros."""
        return sum(row.applied for row in self.rows)


class DecisionDataError(ValueError):
    """The data contradicts itself; ``message`` says where, with the value and what would be accepted."""

    def __init__(self, message: Message) -> None:
        super().__init__(render(message, "en"))
        self.message = message


def check_decision(data: DecisionData) -> None:
    """Raise DecisionDataError unless ``data`` is consistent: a workbook that contradicts itself is never written."""
    if data.made_at.tzinfo is None:
        raise DecisionDataError(msg("The moment of the decision list has no time zone; it needs one."))
    for count, limit in ((len(data.rows), MAX_APPLICATIONS), (len(data.scores), MAX_SCORES)):
        if count > limit:
            raise DecisionDataError(
                msg("The decision list has {count} rows; at most {limit} fit.", count=count, limit=limit)
            )
    repeated = [case for case, times in Counter(row.case_number for row in data.rows).items() if times > 1]
    if repeated:
        raise DecisionDataError(msg("Case number {case} is on the decision list twice.", case=min(repeated)))
    for row in data.rows:
        _check_row(row)
    if data.granted + data.remaining != data.appropriation:
        raise DecisionDataError(
            msg(
                "Granted {granted} and remaining {remaining} do not make the appropriation {appropriation}.",
                granted=Money(data.granted),
                remaining=Money(data.remaining),
                appropriation=Money(data.appropriation),
            )
        )


def _check_row(row: DecisionRow) -> None:
    if row.status not in STATUSES:
        raise DecisionDataError(
            msg(
                "Application {case}: status {value} is not known; accepted: {accepted}.",
                case=row.case_number,
                value=str(row.status),
                accepted=list(STATUSES),
            )
        )
    if not 0 <= row.granted <= row.applied:
        raise DecisionDataError(
            msg(
                "Application {case}: granted {granted} is not between 0 and the amount applied for, {applied}.",
                case=row.case_number,
                granted=Money(row.granted),
                applied=Money(row.applied),
            )
        )
    if row.granted and row.status not in ("approved", "possible"):
        raise DecisionDataError(
            msg(
                "Application {case}: {granted} is granted although the application is not approved.",
                case=row.case_number,
                granted=Money(row.granted),
            )
        )
