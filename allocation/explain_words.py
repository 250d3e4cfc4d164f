"""The sentences of an explanation."""

from collections.abc import Sequence
from fractions import Fraction

from allocation.flips import Flips, is_cut
from allocation.policies import Policy
from allocation.types import Award, Change
from locales import Message, Money, Param, msg

_NAMED = 5
"""Of how many displaced projects the ids stand in the sentence; the rest are counted."""


def words_of(
    award: Award,
    excluded_by: Policy | None,
    regret: Fraction | None,
    displaced: Sequence[Change],
    found: Flips,
) -> tuple[Message, ...]:
    """The award's reason, the rule that excludes the project, what would change it, and whom it would displace."""
    sentences = [award.reason]
    if excluded_by is not None and award.funded:
        sentences.append(msg("Without the rule “{rule}” the project would get all it could.", rule=excluded_by.name))
    elif excluded_by is not None:
        sentences.append(msg("Excluded by the rule “{rule}”.", rule=excluded_by.name))
    sentences += _flips(award, found)
    if regret is not None and not (award.funded and is_cut(award)):
        sentences += _forced(award, regret, displaced)
    return tuple(sentences)


def _flips(award: Award, found: Flips) -> list[Message]:
    cut = award.funded and is_cut(award)
    sentences = []
    if found.extra_score is not None and award.score is not None:
        score = award.score + found.extra_score
        if cut:
            text = msg(
                "With a score of {score} ({more} higher) it would not be cut.", score=score, more=found.extra_score
            )
        else:
            text = msg(
                "With a score of {score} ({more} higher) it would be funded.", score=score, more=found.extra_score
            )
        sentences.append(text)
    if found.smaller_amount is not None:
        sentences.append(msg("Had it applied for {amount}, it would be funded.", amount=Money(found.smaller_amount)))
    if found.extra_appropriation is not None:
        more, step = Money(found.extra_appropriation), Money(found.appropriation_step)
        if cut:
            text = msg(
                "If the appropriation were {more} larger, it would not be cut (sought in steps of {step}).",
                more=more,
                step=step,
            )
        else:
            text = msg(
                "If the appropriation were {more} larger, it would be funded (sought in steps of {step}).",
                more=more,
                step=step,
            )
        sentences.append(text)
    if not award.funded and not sentences and award.code not in ("forced_out", "set_by_hand", "not_scored"):
        sentences.append(
            msg("Neither a higher score, a smaller amount nor a larger appropriation alone would fund it.")
        )
    return sentences


def _forced(award: Award, regret: Fraction, displaced: Sequence[Change]) -> list[Message]:
    if award.funded:
        if regret >= 0:
            sentences = [msg("Without the project the total would be {regret} smaller.", regret=regret)]
        else:
            sentences = [msg("Without the project the total would be {gain} larger.", gain=-regret)]
        moved = [change.id for change in displaced if change.difference > 0]
        if moved:
            sentences.append(msg("More would then go to: {ids}.", ids=_listed(moved)))
        return sentences
    if regret >= 0:
        sentences = [msg("Forcing the project in would lessen the total by {regret}.", regret=regret)]
    else:
        sentences = [msg("Forcing the project in would raise the total by {gain}.", gain=-regret)]
    moved = [change.id for change in displaced if change.difference < 0]
    if moved:
        sentences.append(msg("Less would then go to: {ids}.", ids=_listed(moved)))
    return sentences


def _listed(ids: Sequence[str]) -> list[Param]:
    """At most so many ids, and how many more there are."""
    if len(ids) <= _NAMED:
        return list(ids)
    return [*ids[:_NAMED], f"+{len(ids) - _NAMED}"]
