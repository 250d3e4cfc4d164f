"""What the parts of a call must be to each other: the checks that no single key can make."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from calls.definition import CallDefinition, Criterion
from calls.register import register_years
from locales import Message, Money, Param, msg

DESCRIBABLE = ("summary", "process_change", "dissemination", "consortium")
"""The text fields of an application that a call may require to be described."""
LOT = "lot"


def cross_check(call: CallDefinition) -> list[Message]:
    """The faults of a call whose keys are each acceptable by themselves, in the order of the file."""
    return [
        *_window(call),
        *_applicants(call),
        *_unique_ids(call),
        *_keywords(call),
        *_must_describe(call),
        *_money(call),
        *_levels(call.criteria),
        *_scoring(call),
    ]


def _fault(key: str, value: object, accepted: Message) -> Message:
    return msg("{key}: {value} is not accepted. Accepted: {accepted}.", key=key, value=str(value), accepted=accepted)


def _texts(items: Iterable[object]) -> list[Param]:
    return [str(item) for item in items]


def _window(call: CallDefinition) -> Iterator[Message]:
    window = call.window
    if window.opens is not None and window.opens.value.timestamp() >= window.closes.value.timestamp():
        yield _fault(
            "window.opens.value",
            window.opens.value.isoformat(),
            msg("a moment before window.closes.value ({closes})", closes=window.closes.value.isoformat()),
        )


def _applicants(call: CallDefinition) -> Iterator[Message]:
    applicants = call.applicants
    if applicants.register_year not in register_years():
        yield _fault(
            "applicants.register_year",
            applicants.register_year,
            msg("a year with a municipal register: {years}", years=_texts(register_years())),
        )
    if applicants.joint_only.value and applicants.smallest_number_of_municipalities.value < 2:
        yield _fault(
            "applicants.smallest_number_of_municipalities.value",
            applicants.smallest_number_of_municipalities.value,
            msg("at least 2, because applicants.joint_only is true"),
        )


def _unique_ids(call: CallDefinition) -> Iterator[Message]:
    groups = {
        "themes": [item.id for item in call.themes],
        "exclusions": [item.id for item in call.exclusions],
        "must_describe": [item.id for item in call.must_describe],
        "conditions": [item.id for item in call.conditions],
        "cost_categories": [item.id for item in call.cost_categories],
        "criteria": [item.id for item in call.criteria],
    }
    for name, ids in groups.items():
        for number, item_id in enumerate(ids, 1):
            if item_id in ids[: number - 1]:
                yield _fault(f"{name}[{number}].id", item_id, msg("an id that no other item of the list has"))


def _keywords(call: CallDefinition) -> Iterator[Message]:
    for number, exclusion in enumerate(call.exclusions, 1):
        for place, word in enumerate(exclusion.keywords, 1):
            if word != word.lower() or word != word.strip():
                yield _fault(
                    f"exclusions[{number}].keywords[{place}]",
                    word,
                    msg("the beginning of a word in lower case, without spaces around it"),
                )


def _must_describe(call: CallDefinition) -> Iterator[Message]:
    for number, item in enumerate(call.must_describe, 1):
        if item.id not in DESCRIBABLE:
            yield _fault(
                f"must_describe[{number}].id",
                item.id,
                msg("a text field of the application: {fields}", fields=_texts(DESCRIBABLE)),
            )


def _money(call: CallDefinition) -> Iterator[Message]:
    money = call.money
    ceiling = money.largest_grant.value if money.largest_grant else money.appropriation.value
    if money.largest_grant is not None and money.largest_grant.value > money.appropriation.value:
        yield _fault(
            "money.largest_grant.value",
            money.largest_grant.value,
            msg("at most the appropriation, {limit}", limit=Money(money.appropriation.value)),
        )
    if money.smallest_grant.value > ceiling:
        yield _fault(
            "money.smallest_grant.value",
            money.smallest_grant.value,
            msg("at most the largest grant or the appropriation, {limit}", limit=Money(ceiling)),
        )


def _levels(criteria: Iterable[Criterion]) -> Iterator[Message]:
    first: list[int] | None = None
    for number, criterion in enumerate(criteria, 1):
        values = [level.value for level in criterion.levels]
        for place, (lower, higher) in enumerate(pairwise(values), 2):
            if higher <= lower:
                yield _fault(
                    f"criteria[{number}].levels[{place}].value",
                    higher,
                    msg("a level larger than the one before it, {before}", before=str(lower)),
                )
        first = first or values
        if (min(values), max(values)) != (min(first), max(first)):
            yield _fault(
                f"criteria[{number}].levels",
                f"{min(values)}–{max(values)}",
                msg(
                    "the same lowest and highest level as the first criterion, {scale}",
                    scale=f"{min(first)}–{max(first)}",
                ),
            )


def _scoring(call: CallDefinition) -> Iterator[Message]:
    scoring = call.scoring
    values = [level.value for criterion in call.criteria for level in criterion.levels]
    if not min(values) <= scoring.threshold.value <= max(values):
        yield _fault(
            "scoring.threshold.value",
            scoring.threshold.value,
            msg("a number within the levels, {scale}", scale=f"{min(values)}–{max(values)}"),
        )
    names = [criterion.id for criterion in call.criteria]
    rule = scoring.tie_rule.value
    for place, name in enumerate(rule, 1):
        if name not in (*names, LOT) or name in rule[: place - 1] or LOT in rule[: place - 1]:
            yield _fault(
                f"scoring.tie_rule.value[{place}]",
                name,
                msg("each at most once, lot last: {names}", names=_texts((*names, LOT))),
            )
    if LOT not in rule:
        yield _fault(
            "scoring.tie_rule.value",
            "[" + ", ".join(rule) + "]",
            msg("a list whose last word is lot, which separates applications that are equal in all else"),
        )
