"""What a call is: read from one TOML file, checked, immutable. Nothing about a call is in code.

Every value that steers the call is ``Sourced``: it says whether it stands in the call text, in the decree,
or is an assumption of the panel's. The screen shows that source beside the value.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict

from locales import LocalText

T = TypeVar("T")
SourceKind = Literal["call", "decree", "assumption"]
ApplicantKind = Literal["municipality", "joint_authority"]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ShortText = Annotated[str, Field(min_length=1, max_length=40)]
Keyword = Annotated[str, Field(min_length=2, max_length=60)]


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("moment_needs_time_zone")
    return moment


Moment = Annotated[datetime, Strict(), AfterValidator(_aware)]
DECIMALS = 6
"""Most decimals of a number that is not whole. Bounded because exact arithmetic with a long exponent takes seconds."""


def _short(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or not -DECIMALS <= exponent <= DECIMALS:
        raise ValueError("number_has_too_many_digits")
    return number


Euros = Annotated[int, Strict(), Field(ge=0, le=1_000_000_000_000)]
PositiveEuros = Annotated[int, Strict(), Field(ge=1, le=1_000_000_000_000)]
YesNo = Annotated[bool, Strict()]


def _filled(text: LocalText) -> LocalText:
    if not all(0 < len(part.strip()) <= 4000 for part in (text.fi, text.sv, text.en)):
        raise ValueError("text_is_empty_or_too_long")
    return text


Text = Annotated[LocalText, AfterValidator(_filled)]


class Frozen(BaseModel):
    """Base of all parts: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Frozen, Generic[T]):
    """A value with where it comes from; ``note`` says more, for example which section."""

    value: T
    source: SourceKind
    note: Text | None = None


class Item(Frozen):
    """A theme, viewpoint, exclusion, cost category or required description."""

    id: Id
    name: Text
    description: Text | None = None
    source: SourceKind
    note: Text | None = None
    keywords: Annotated[tuple[Keyword, ...], Field(max_length=100)] = ()
    """Exclusions: words (lower case, fi or sv) whose presence makes the officer look."""


class Level(Frozen):
    """One labelled level of a criterion's scale."""

    value: Annotated[int, Strict(), Field(ge=0, le=1000)]
    label: Text
    description: Text


class Criterion(Frozen):
    """A criterion: weight in whole points, its levels, and the ground of the decree that it serves."""

    id: Id
    name: Text
    question: Text
    weight: Sourced[Annotated[int, Strict(), Field(gt=0, le=1000)]]
    ground: Sourced[Text]
    levels: Annotated[tuple[Level, ...], Field(min_length=2, max_length=20)]
    levels_source: SourceKind


class Window(Frozen):
    """When applications are taken in; ``opens`` None: not stated."""

    opens: Sourced[Moment] | None = None
    closes: Sourced[Moment]
    time_zone: ShortText


class Applicants(Frozen):
    """Who may apply."""

    kinds: Sourced[Annotated[tuple[ApplicantKind, ...], Field(min_length=1, max_length=2)]]
    joint_only: Sourced[YesNo]
    smallest_number_of_municipalities: Sourced[Annotated[int, Strict(), Field(ge=1, le=400)]]
    register_year: Annotated[int, Strict(), Field(ge=1900, le=2200)]


class MoneyRules(Frozen):
    """Euros are whole; shares are basis points (8500 = 85 %)."""

    budget_item: Sourced[ShortText] | None = None
    appropriation: Sourced[PositiveEuros]
    largest_share_bp: Sourced[Annotated[int, Strict(), Field(gt=0, le=10_000)]]
    vat_eligible: Sourced[YesNo]
    smallest_grant: Sourced[Euros]
    largest_grant: Sourced[PositiveEuros] | None = None
    unit: Sourced[Literal[1, 100, 1000]]


class ScoringRules(Frozen):
    """How scores become a ranking."""

    ranking_score: Sourced[Literal["consensus_else_mean", "mean"]]
    reviews_per_application: Sourced[Annotated[int, Strict(), Field(ge=1, le=10)]]
    threshold: Sourced[Annotated[Decimal, Field(ge=0, le=1000), AfterValidator(_short)]]
    """Lowest mean composite that can be funded, on the scale of the levels."""
    tie_rule: Sourced[Annotated[tuple[ShortText, ...], Field(min_length=1, max_length=21)]]
    """Order in which equal scores are separated when they must be: criterion ids, then ``lot``."""
    lot_seed: Sourced[Annotated[int, Strict(), Field(ge=0, lt=2**63)]]


class CallDefinition(Frozen):
    """Everything the call text, the decree and the panel's assumptions say about one call."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    name: Text
    authority: Text
    decree: Text
    """The name of the decree that values with the source ``decree`` come from."""
    purpose: Sourced[Text]
    focus: Sourced[Text] | None = None
    """What projects and the grant must above all be about."""
    how_to_apply: Sourced[Text] | None = None
    window: Window
    applicants: Applicants
    theme_word: Literal["theme", "viewpoint"]
    themes: Annotated[tuple[Item, ...], Field(min_length=1, max_length=50)]
    exclusions: Annotated[tuple[Item, ...], Field(max_length=50)]
    must_describe: Annotated[tuple[Item, ...], Field(max_length=10)]
    """Ids are the text fields of an application that must not be empty."""
    conditions: Annotated[tuple[Item, ...], Field(max_length=50)] = ()
    """What the decree says about the grant beyond the rules that are checked."""
    cost_categories: Annotated[tuple[Item, ...], Field(min_length=1, max_length=30)]
    money: MoneyRules
    scoring: ScoringRules
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=20)]

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion with this id; KeyError if there is none."""
        return next((c for c in self.criteria if c.id == criterion_id), None) or _missing(criterion_id)

    def theme(self, theme_id: str) -> Item | None:
        """The theme with this id, None if the call has no such theme."""
        return next((t for t in self.themes if t.id == theme_id), None)


def _missing(key: str) -> Criterion:
    raise KeyError(key)
