"""What the minutes of a panel meeting are made of, and the check that they are consistent in themselves.

There is no field for panel-only remarks: they do not go into the minutes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from locales import LocalText, Message, msg, render

MAX_ITEMS = 500
"""Applications handled at one meeting; as many take some seconds to write."""
MAX_APPLICATIONS = 2_000
"""Applications named in all."""
MAX_PEOPLE = 200
MAX_CRITERIA = 40
MAX_TEXT = 20_000
"""Characters of one text; the longest a person can type on a screen is shorter."""


@dataclass(frozen=True, slots=True)
class MinutesCriterion:
    """A criterion of the call with the labels of its levels."""

    id: str
    name: LocalText | str
    labels: Mapping[int, LocalText | str]


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person at the meeting and in what role (member, presenting officer, secretary, ...)."""

    name: str
    role: Message | LocalText | str


@dataclass(frozen=True, slots=True)
class Absence:
    """Who left the room while an application was handled; ``ground`` None is written as disqualified."""

    name: str
    ground: Message | LocalText | str | None = None


@dataclass(frozen=True, slots=True)
class ReviewerLevels:
    """The levels one reviewer gave before the meeting; ``composite`` None: the review is not complete.

    Reviews by disqualified people are left out by the caller, as everywhere.
    """

    reviewer: str
    levels: Mapping[str, int | None]
    composite: Fraction | None


@dataclass(frozen=True, slots=True)
class ConsensusLevel:
    """The panel's level of one criterion and its reason."""

    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class MinutesApplication:
    """An application as the minutes name it."""

    case_number: str
    project: str
    applicant: str


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """One application that was handled. Scores are on the scale of the levels, None: not scored.

    ``mean``: of the composites. ``consensus``: by criterion id; empty: none was recorded. ``chair``: who led while the
    chair of the meeting was out; empty: the chair did.
    """

    application: MinutesApplication
    absent: tuple[Absence, ...] = ()
    reviews: tuple[ReviewerLevels, ...] = ()
    criterion_means: Mapping[str, Fraction | None] = field(default_factory=dict)
    mean: Fraction | None = None
    consensus: Mapping[str, ConsensusLevel] = field(default_factory=dict)
    score_before: Fraction | None = None
    score_after: Fraction | None = None
    rank_before: int | None = None
    rank_after: int | None = None
    note: str = ""
    chair: str = ""


@dataclass(frozen=True, slots=True)
class MinutesData:
    """Everything the minutes say, without language. Times are aware; ``ended_at`` None: the meeting goes on.

    ``remarks``: what was said of the meeting as a whole and belongs in the minutes.
    """

    call_name: LocalText | str
    authority: LocalText | str
    meeting_title: LocalText | str
    started_at: datetime
    ended_at: datetime | None
    chair: str
    criteria: tuple[MinutesCriterion, ...]
    present: tuple[Attendee, ...] = ()
    items: tuple[MinutesItem, ...] = ()
    not_handled: tuple[MinutesApplication, ...] = ()
    remarks: str = ""
    place: str = ""
    secretary: str = ""
    case_number: str = ""
    """Of the meeting or the call in the authority's register; empty: not written."""


class MinutesDataError(ValueError):
    """The data contradicts itself; ``message`` says where, with the value and what would be accepted."""

    def __init__(self, message: Message) -> None:
        super().__init__(render(message, "en"))
        self.message = message


def check_minutes(data: MinutesData) -> None:
    """Raise MinutesDataError unless ``data`` is consistent and of a size that a document can hold."""
    if data.started_at.tzinfo is None or (data.ended_at is not None and data.ended_at.tzinfo is None):
        raise MinutesDataError(msg("A moment of the minutes has no time zone; it needs one."))
    if data.ended_at is not None and data.ended_at < data.started_at:
        raise MinutesDataError(
            msg(
                "The meeting ends {end}, before it begins; accepted: {start} or later.",
                end=data.ended_at,
                start=data.started_at,
            )
        )
    _check_sizes(data)
    handled = [item.application for item in data.items]
    counts = Counter(application.case_number for application in (*handled, *data.not_handled))
    repeated = [case for case, times in counts.items() if times > 1]
    if repeated:
        raise MinutesDataError(msg("Case number {case} is in the minutes twice.", case=min(repeated)))
    labels = {criterion.id: criterion.labels for criterion in data.criteria}
    for item in data.items:
        _check_item(item, labels)


def _check_sizes(data: MinutesData) -> None:
    people = len(data.present) + max((len(item.reviews) + len(item.absent) for item in data.items), default=0)
    applications = len(data.items) + len(data.not_handled)
    longest = max(map(len, _texts(data)))
    criteria = len(data.criteria)
    if len(data.items) > MAX_ITEMS:
        raise MinutesDataError(
            msg("The minutes have {n} applications handled; at most {limit} fit.", n=len(data.items), limit=MAX_ITEMS)
        )
    if applications > MAX_APPLICATIONS:
        raise MinutesDataError(
            msg("The minutes have {n} applications; at most {limit} fit.", n=applications, limit=MAX_APPLICATIONS)
        )
    if people > MAX_PEOPLE:
        raise MinutesDataError(msg("The minutes have {n} people; at most {limit} fit.", n=people, limit=MAX_PEOPLE))
    if criteria > MAX_CRITERIA:
        raise MinutesDataError(
            msg("The minutes have {n} criteria; at most {limit} fit.", n=criteria, limit=MAX_CRITERIA)
        )
    if longest > MAX_TEXT:
        raise MinutesDataError(
            msg("The minutes have a text of {n} characters; at most {limit} fit.", n=longest, limit=MAX_TEXT)
        )


def _texts(data: MinutesData) -> Iterator[str]:
    """Every text of the data that a person typed or that was imported."""
    yield from (data.remarks, data.place, data.secretary, data.chair, data.case_number)
    yield from _plain((data.call_name, data.authority, data.meeting_title))
    for attendee in data.present:
        yield attendee.name
        yield from _plain((attendee.role,))
    for application in (*(item.application for item in data.items), *data.not_handled):
        yield from (application.case_number, application.project, application.applicant)
    for item in data.items:
        yield from (item.note, item.chair)
        yield from (absence.name for absence in item.absent)
        yield from _plain(absence.ground for absence in item.absent)
        yield from (review.reviewer for review in item.reviews)
        yield from (agreed.reason for agreed in item.consensus.values())


def _plain(texts: Iterable[Message | LocalText | str | None]) -> Iterator[str]:
    return (text for text in texts if isinstance(text, str))


def _check_item(item: MinutesItem, labels: Mapping[str, Mapping[int, LocalText | str]]) -> None:
    case = item.application.case_number
    given = [(key, level) for review in item.reviews for key, level in review.levels.items()]
    given += [(key, agreed.level) for key, agreed in item.consensus.items()]
    for key, level in (*given, *((key, None) for key in item.criterion_means)):
        if key not in labels:
            raise MinutesDataError(
                msg(
                    "Application {case}: criterion {value} is not known; accepted: {accepted}.",
                    case=case,
                    value=key,
                    accepted=list(labels),
                )
            )
        if level is not None and level not in labels[key]:
            raise MinutesDataError(
                msg(
                    "Application {case}, criterion {criterion}: level {value} is not known; accepted: {accepted}.",
                    case=case,
                    criterion=key,
                    value=level,
                    accepted=[*labels[key]],
                )
            )
    if item.consensus and len(item.consensus) < len(labels):
        missing = [key for key in labels if key not in item.consensus]
        raise MinutesDataError(
            msg(
                "Application {case}: the consensus has no level for {missing}; every criterion needs one.",
                case=case,
                missing=[*missing],
            )
        )
