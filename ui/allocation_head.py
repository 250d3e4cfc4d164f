"""The head of the results: key figures, how far the result is proven, the tie rule and the awards set by hand."""

from collections.abc import Callable
from fractions import Fraction

from allocation import Allocation
from locales import Money
from ui import notices
from ui.allocation_words import decimals
from ui.tables import figures
from ui.texts import in_percent, money, number, percent, say, t, tn
from workflow.by_hand import SavedRun
from workflow.labels import OBJECTIVES, RULES
from workflow.scenarios import Run

MAXIMISING = ("lp", "milp")


def show_head(run: Run, saved: SavedRun | None) -> None:
    """Key figures first, then what has to be known before they are used."""
    allocation, scenario = run.allocation, run.scenario
    if allocation.status == "infeasible":
        _infeasible(run)
        return
    funded = sum(award.funded for award in allocation.awards)
    figures(
        [
            (t("Proposed"), money(allocation.spent), percent(allocation.spent, scenario.appropriation)),
            (t("Remaining"), money(allocation.remaining), _of(run)),
            (t("Projects funded"), number(funded), t("of {n} eligible", n=len(allocation.awards))),
            (t("Value reached"), number(allocation.objective, decimals(scenario)), _bound(run, saved)),
        ]
    )
    # Where awards set by hand stand beside the rule's, it is the rule's result that is proven.
    _STATUS[allocation.status](saved.by_rule if saved is not None and saved.saved.rest == "kept" else run)
    _remainder(allocation)
    for group in allocation.ties:
        notices.info(t("The tie rule decided between: {cases}.", cases=", ".join(group)), icon=":material/balance:")
    if saved is not None:
        _by_hand(saved)


def _of(run: Run) -> str:
    if run.scenario.reserve:
        return t("of which {reserve} is the reserve", reserve=Money(run.scenario.reserve))
    return t("of {euros}", euros=Money(run.scenario.appropriation))


def _bound(run: Run, saved: SavedRun | None) -> str:
    """How near the value is to the greatest that can be reached."""
    allocation = run.allocation
    if run.scenario.rule not in MAXIMISING:
        return t("this rule maximises nothing")
    if saved is not None and saved.deviations and saved.saved.rest == "kept":
        return t("by the rule alone {value}", value=number(saved.by_rule.allocation.objective, decimals(run.scenario)))
    if allocation.bound is None:
        return t("no bound is known")
    if not allocation.gap:
        return t("the greatest possible")
    return t(
        "at most {bound}; gap {gap}", bound=number(allocation.bound, decimals(run.scenario)), gap=_gap(allocation.gap)
    )


def _gap(gap: Fraction) -> str:
    """A share in per cent with as many decimals as it needs to be seen."""
    places = next((places for places in range(2, 7) if gap * 100 * 10**places >= 1), 6)
    return in_percent(number(100 * gap, places))


def _proven(run: Run) -> None:
    allocation, scenario = run.allocation, run.scenario
    seconds = number(Fraction(allocation.seconds), 2)
    if scenario.rule in MAXIMISING and allocation.bound is not None:
        said = t(
            "{rule}; maximised: {objective}. It is proven that no distribution within the rules has a greater value. Every euro was checked again after solving, which took {seconds} s.",
            rule=RULES[scenario.rule],
            objective=_inner(say(OBJECTIVES[scenario.objective])),
            seconds=seconds,
        )
        if allocation.gap:
            said = t(
                "{rule}; maximised: {objective}. Grants are rounded down to full units of {unit}, so the value stays a little below the bound. Every euro was checked again after solving, which took {seconds} s.",
                rule=RULES[scenario.rule],
                objective=_inner(say(OBJECTIVES[scenario.objective])),
                unit=Money(scenario.unit),
                seconds=seconds,
            )
        notices.caption(said)
        return
    notices.caption(
        t(
            "{rule}. The rule was followed to the end, and every euro was checked again. It took {seconds} s.",
            rule=RULES[scenario.rule],
            seconds=seconds,
        )
    )


def _inner(words: str) -> str:
    """A label within a sentence."""
    return words[:1].lower() + words[1:]


def _ties_unresolved(_: Run) -> None:
    notices.warning(
        t(
            "No distribution within the rules has a greater value, but others are equally good, and the tie rule did not separate them. This result cannot be locked as the ground of a decision."
        )
    )


def _time_limit(run: Run) -> None:
    gap = run.allocation.gap
    notices.warning(
        t(
            "The solving was stopped by the time limit of {seconds} s. A better distribution may exist; its value exceeds this one by at most {gap}. This result cannot be locked as the ground of a decision.",
            seconds=number(Fraction(run.scenario.time_limit), 0),
            gap="–" if gap is None else _gap(gap),
        )
    )


def _infeasible(_: Run) -> None:
    # Which rules collide, and the ways out, follow in a section of their own.
    notices.error(t("The rules of the scenario cannot all be met, so nobody is proposed a grant."))


_STATUS: dict[str, Callable[[Run], None]] = {
    "optimal": _proven,
    "ties_unresolved": _ties_unresolved,
    "time_limit": _time_limit,
}


def _remainder(allocation: Allocation) -> None:
    if allocation.remaining:
        notices.caption(
            t(
                "{left} of the appropriation is not distributed. That is a normal outcome: the remainder can be distributed in a later round.",
                left=Money(allocation.remaining),
            )
        )


def _by_hand(saved: SavedRun) -> None:
    if saved.ranking_changed:
        notices.warning(
            t(
                "The ranking or the accepted costs have changed since the scenario was saved. The figures here are by what stands today; save the scenario again to keep them."
            )
        )
    if not saved.deviations:
        return
    lost, places = saved.price, decimals(saved.run.scenario)
    reached = saved.by_rule.allocation.objective
    share = in_percent(number(100 * abs(lost) / reached, 2)) if reached else "–"
    if lost >= 0:
        said = tn(
            "{n} award is set by hand. It costs {price} of the value that the rule alone would reach ({share}).",
            "{n} awards are set by hand. Together they cost {price} of the value that the rule alone would reach ({share}).",
            len(saved.deviations),
            price=number(lost, places),
            share=share,
        )
    else:
        said = tn(
            "{n} award is set by hand. It goes over the limits of the rule, and the value is {price} greater than by the rule alone ({share}).",
            "{n} awards are set by hand. They go over the limits of the rule, and the value is {price} greater than by the rule alone ({share}).",
            len(saved.deviations),
            price=number(-lost, places),
            share=share,
        )
    notices.info(said, icon=":material/edit:")
