"""Names in words for rules of a scenario that were given none, made of what they say."""

from fractions import Fraction

from allocation.types import Constraint
from locales import Lang, Message, Money, format_number, msg, render


def constraint_name(constraint: Constraint, lang: Lang) -> str:
    """Such as ``Euros granted (theme: a): at most 100 000 €``."""
    what = _measure(constraint)
    where = "; ".join(f"{key}: {', '.join(values)}" for key, values in constraint.where)
    if where:
        what = msg("{what} ({where})", what=what, where=where)
    if constraint.each:
        what = msg("{what}, for each {label}", what=what, label=constraint.each)
    lower, upper = (
        _limit(constraint, constraint.lower, constraint.lower_share, lang),
        _limit(constraint, constraint.upper, constraint.upper_share, lang),
    )
    if lower is not None and upper is not None:
        what = msg("{what}: at least {lower}, at most {upper}", what=what, lower=lower, upper=upper)
    elif lower is not None:
        what = msg("{what}: at least {limit}", what=what, limit=lower)
    elif upper is not None:
        what = msg("{what}: at most {limit}", what=what, limit=upper)
    return render(what, lang)


def exclusive_name(members: tuple[str, ...], most: int, lang: Lang) -> str:
    """Such as ``At most 1 of the projects A, B``."""
    return render(msg("At most {n} of the projects {ids}", n=most, ids=_listed(members)), lang)


def dependent_name(project: str, needs: tuple[str, ...], lang: Lang) -> str:
    """Such as ``Project A only together with B``."""
    return render(msg("Project {id} only together with {needs}", id=project, needs=_listed(needs)), lang)


def _measure(constraint: Constraint) -> Message:
    if constraint.measure == "grant":
        return msg("Euros granted")
    if constraint.measure == "count":
        return msg("Projects funded")
    if constraint.by_grant:
        return msg("Sum of {column} times the grants", column=constraint.measure)
    return msg("Sum of {column}", column=constraint.measure)


def _limit(
    constraint: Constraint, limit: int | Fraction | None, share: Fraction | None, lang: Lang
) -> Message | Money | str | None:
    if share is not None:
        return msg("{percent} % of the appropriation", percent=_plain(share * 100, lang))
    if limit is None:
        return None
    return Money(limit) if constraint.measure == "grant" and limit.denominator == 1 else _plain(limit, lang)


def _plain(number: int | Fraction, lang: Lang) -> str:
    return format_number(number, lang, 0 if number.denominator == 1 else 2)


def _listed(ids: tuple[str, ...]) -> str:
    return ", ".join(ids[:5]) + ("…" if len(ids) > 5 else "")
