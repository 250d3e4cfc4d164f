"""What is looked at before accepted costs are recorded."""

from collections.abc import Iterator, Mapping, Sequence

from calls.definition import CallDefinition
from locales import LocalText, Message, Money, Param, msg
from workflow.blank import is_blank

LONGEST_COMMENT = 2_000
MOST_EUROS = 1_000_000_000_000


def categories_of(call: CallDefinition, stated: Mapping[str, int]) -> dict[str, LocalText | str]:
    """The cost categories of an application with their names: the call's, then others that it states."""
    own: dict[str, LocalText | str] = {item.id: item.name for item in call.cost_categories}
    return own | {category: category for category in sorted(stated) if category not in own}


def problems_of(
    call: CallDefinition, stated: Mapping[str, int], accepted: Mapping[str, int], comments: Mapping[str, str]
) -> tuple[Message, ...]:
    """Why ``accepted`` cannot stand for the ``stated`` costs, euros by category; nothing when it can. For other use cases."""
    found = tuple(_of_categories(call, stated, accepted, comments))
    return found or tuple(_more_than_stated(stated, accepted))


def _of_categories(
    call: CallDefinition, costs: Mapping[str, int], accepted: Mapping[str, int], comments: Mapping[str, str]
) -> Iterator[Message]:
    categories = categories_of(call, costs)
    names: Sequence[Param] = [*categories.values()]
    for unknown in sorted({*accepted, *comments} - set(categories)):
        yield msg("The application has no cost category {category}. It has: {known}.", category=unknown, known=[*names])
    for category, name in categories.items():
        euros, comment = accepted.get(category), comments.get(category, "")
        if euros is None:
            yield msg("{category}: the accepted amount is missing. State it, 0 included.", category=name)
        elif type(euros) is not int or not 0 <= euros <= MOST_EUROS:
            yield msg(
                "{category}: {value} is not accepted; whole euros from 0 to {most} are.",
                category=name,
                value=str(euros)[:60],
                most=Money(MOST_EUROS),
            )
        elif euros != costs.get(category, 0) and is_blank(comment):
            yield msg(
                "{category}: {accepted} differs from the stated {stated}. Write a comment for the applicant.",
                category=name,
                accepted=Money(euros),
                stated=Money(costs.get(category, 0)),
            )
        if len(comment) > LONGEST_COMMENT:
            yield msg("{category}: the comment is too long: at most {n} characters.", category=name, n=LONGEST_COMMENT)


def _more_than_stated(stated: Mapping[str, int], accepted: Mapping[str, int]) -> Iterator[Message]:
    """What one category gains another loses: the largest grant rests on no costs that nobody stated."""
    most, whole = sum(stated.values()), sum(accepted.values())
    if whole > most:
        yield msg(
            "Accepted in all {accepted}, stated in all {stated}. At most what was stated in all can be accepted.",
            accepted=Money(whole),
            stated=Money(most),
        )
