"""Eligibility rules about money. Whole euros and basis points, compared as integers."""

from decimal import Decimal

from calls.application import Application
from calls.definition import CallDefinition
from calls.findings import Finding, stands
from locales import LocalText, Message, Money, Param, msg


def largest_amount(costs: int, share_bp: int) -> int:
    """The most whole euros that are at most ``share_bp`` basis points of ``costs`` euros."""
    return costs * share_bp // 10_000


def cost_categories(application: Application, call: CallDefinition) -> Finding:
    """Every cost line belongs to a category of the call."""
    known = {item.id for item in call.cost_categories}
    foreign: list[Param] = [name for name in sorted(application.costs) if name not in known]
    names: list[Param] = [item.name for item in call.cost_categories]
    basis = stands(call, call.cost_categories[0].source, names)
    if not foreign:
        return Finding("cost_categories", "met", msg("All costs are in the categories of the call."), basis)
    return Finding(
        "cost_categories",
        "check",
        msg("Costs outside the categories of the call: {categories}.", categories=foreign),
        basis,
        ask=msg("Divide the costs into the categories of the call: {categories}.", categories=names),
    )


def grant_share(application: Application, call: CallDefinition) -> Finding:
    """Applied for at most the largest share of the eligible costs. Too much can be corrected by the applicant."""
    rule = call.money.largest_share_bp
    share: int | Decimal = rule.value // 100 if rule.value % 100 == 0 else Decimal(rule.value) / 100
    basis = stands(call, rule.source, rule.note or msg("the grant is at most {share} % of the costs", share=share))
    applied, costs = application.applied, application.eligible_costs
    if applied <= 0 or costs <= 0:
        return Finding(
            "grant_share",
            "not_met",
            msg(
                "The share cannot be counted: applied for {applied}, eligible costs {costs}.",
                applied=Money(applied),
                costs=Money(costs),
            ),
            basis,
            ask=msg("State the amount applied for and the costs of the project by category, in euros without VAT."),
        )
    limit = largest_amount(costs, rule.value)
    values: dict[str, Param] = {
        "applied": Money(applied),
        "costs": Money(costs),
        "share": share,
        "limit": Money(limit),
    }
    if applied * 10_000 <= rule.value * costs:
        text = msg("Applied for {applied}; {share} % of the eligible costs {costs} is {limit}.", **values)
        return Finding("grant_share", "met", text, basis)
    values["excess"] = Money(applied - limit)
    return Finding(
        "grant_share",
        "not_met",
        msg(
            "Applied for {applied}, which is {excess} more than {share} % of the eligible costs {costs} ({limit}).",
            **values,
        ),
        basis,
        ask=msg(
            "The amount applied for, {applied}, is more than {share} % of the eligible costs {costs}. "
            "Correct the amount to at most {limit}, or correct the costs.",
            **values,
        ),
    )


def other_public_funding(application: Application) -> Finding:
    """Other public funding is stated, 0 included; whether funding that there is overlaps is for the officer."""
    basis = msg("Discretionary Government Grants Act 688/2001: other public support for the same purpose is checked.")
    stated = application.other_public_funding
    if stated is None:
        return Finding(
            "other_public_funding",
            "not_met",
            msg("Other public funding is not stated."),
            basis,
            ask=msg("State what other public funding the project has or has applied for; if there is none, state 0."),
        )
    if stated == 0:
        return Finding("other_public_funding", "met", msg("The applicant states no other public funding."), basis)
    text = msg(
        "Other public funding is stated: {amount}. Check that it does not cover the same costs.",
        amount=Money(stated),
    )
    return Finding("other_public_funding", "check", text, basis)


def funding_balance(application: Application) -> Finding:
    """Amount applied for, own and other public funding together equal the costs; a difference is for the officer."""
    basis = msg("Discretionary Government Grants Act 688/2001: the applicant gives correct and sufficient information.")
    funding = application.applied + application.own_funding + (application.other_public_funding or 0)
    costs = application.eligible_costs
    if funding == costs:
        text = msg("The funding {funding} equals the costs.", funding=Money(funding))
        return Finding("funding_balance", "met", text, basis)
    values = {"funding": Money(funding), "costs": Money(costs), "difference": Money(abs(funding - costs))}
    return Finding(
        "funding_balance",
        "check",
        msg("The funding {funding} and the costs {costs} differ by {difference}.", **values),
        basis,
        ask=msg(
            "The funding stated, {funding}, and the costs, {costs}, differ by {difference}. Correct or explain this.",
            **values,
        ),
    )


def smallest_grant(application: Application, call: CallDefinition) -> Finding:
    """Applied for at least the smallest viable grant."""
    rule = call.money.smallest_grant
    enough = application.applied >= rule.value
    basis = stands(call, rule.source, rule.note)
    text = _limit_text(application.applied, rule.value, enough)
    return Finding("smallest_grant", "met" if enough else "check", text, basis)


def largest_grant(application: Application, call: CallDefinition) -> Finding:
    """Applied for at most the largest grant, or the appropriation where the call sets none."""
    rule = call.money.largest_grant or call.money.appropriation
    note: LocalText | None = rule.note
    fits = application.applied <= rule.value
    text: Message = (
        msg(
            "Applied for {applied}; the most is {limit}.",
            applied=Money(application.applied),
            limit=Money(rule.value),
        )
        if fits
        else msg(
            "Applied for {applied}, more than the largest possible grant {limit}.",
            applied=Money(application.applied),
            limit=Money(rule.value),
        )
    )
    return Finding("largest_grant", "met" if fits else "check", text, stands(call, rule.source, note))


def _limit_text(applied: int, limit: int, enough: bool) -> Message:
    values = {"applied": Money(applied), "limit": Money(limit)}
    if enough:
        return msg("Applied for {applied}; the smallest grant is {limit}.", **values)
    return msg("Applied for {applied}, less than the smallest grant {limit}.", **values)
