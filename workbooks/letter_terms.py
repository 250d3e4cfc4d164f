"""The conditions of a grant and the provisions applied, as a letter states them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from decisions.facts import in_order
from decisions.tables import Row
from locales import LocalText, Message, format_number, msg, render

_AGREEMENT = "coordinator"
"""The condition of a call that says what the coordinating applicant agrees with the others."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; ``lead``: what it is about, said first."""

    text: str
    lead: str = ""


def local(names: Mapping[str, Any]) -> LocalText:
    """A text of the facts."""
    return LocalText(str(names["fi"]), str(names["sv"]), str(names["en"]))


def euros(value: int | None, lang: str) -> str:
    """Whole euros without their sign: the word euros stands in the sentence."""
    return "–" if value is None else format_number(value, lang)


def percent(basis_points: int, lang: str) -> str:
    """Basis points as per cent, with as many decimals as it needs."""
    share = Fraction(basis_points, 100)
    return format_number(share, lang, 0 if share.denominator == 1 else 2)


def conditions(facts: Mapping[str, Any], row: Row, lang: str) -> tuple[Line, ...]:
    """The conditions of the grant of one application: those of the call, and those of the acts."""
    own = in_order(facts, "condition")
    said = [_of_the_call(value, lang) for value in own.values()]
    return (
        *said,
        *(Line(render(text, lang), render(lead, lang)) for lead, text in _of_the_acts(facts, row, lang, own)),
    )


def _of_the_call(value: Mapping[str, Any], lang: str) -> Line:
    name = local(value["name"]).get(lang)
    described = value.get("description")
    return Line(local(described).get(lang), name) if described else Line(name)


def _of_the_acts(
    facts: Mapping[str, Any], row: Row, lang: str, own: Mapping[str, Any]
) -> Iterator[tuple[Message, Message]]:
    yield (
        msg("Largest amount"),
        msg(
            "The grant is at most {share} % of the accepted costs that were incurred, and at most {sum} euros. If the "
            "costs are lower than estimated, less is paid.",
            share=percent(int(facts["call.largest_share_bp"]), lang),
            sum=euros(row["granted"], lang),
        ),
    )
    yield (
        msg("Value added tax"),
        msg("Value added tax is not counted among the accepted costs."),
    )
    if _AGREEMENT not in own:
        yield (
            msg("Agreement with the other participants"),
            msg("The coordinating applicant makes an agreement on the project with the other participants."),
        )
    yield (
        msg("Use of the grant"),
        msg("The grant may be used only for the project meant in this decision (Act 688/2001, section 13)."),
    )
    yield (
        msg("Other public funding"),
        msg(
            "The grant and other public funding may not together exceed the maximum laid down in law (Act 688/2001, "
            "section 6). Other public funding for the project must be reported to the authority without delay."
        ),
    )
    yield (
        msg("Duty to inform"),
        msg(
            "The recipient gives the authority correct and sufficient information for supervising the use of the "
            "grant, and reports without delay changes that affect it (Act 688/2001, section 14)."
        ),
    )
    yield (
        msg("Repayment"),
        msg(
            "A grant received erroneously, in excess or manifestly without grounds is repaid without delay (Act "
            "688/2001, section 20)."
        ),
    )


def provisions(facts: Mapping[str, Any], row: Row, lang: str) -> tuple[Line, ...]:
    """What the decision on one application rests on."""
    acts = {
        "approved": msg("Act on Discretionary Government Grants (688/2001), sections 6, 7, 11, 13, 14, 20 and 34"),
        "rejected": msg("Act on Discretionary Government Grants (688/2001), sections 7, 11 and 34"),
    }
    act = acts.get(row["status"], msg("Act on Discretionary Government Grants (688/2001), sections 11 and 34"))
    procedure = {
        "rectification": msg("Administrative Procedure Act (434/2003), sections 43–45, 47 and 49g"),
        "correction": msg("Administrative Procedure Act (434/2003), sections 43–46 and 50"),
    }.get(str(facts["decision.kind"]), msg("Administrative Procedure Act (434/2003), sections 43–46"))
    return tuple(Line(render(text, lang)) for text in (local(facts["call.decree"]), act, procedure))
