"""How to ask for rectification of a decision: Act 688/2001, section 34, and Act 434/2003, chapter 7 a.

A decision made on a request for rectification is appealed against in an administrative court instead (808/2019).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from locales import Message, msg, render
from workbooks.letter_terms import Line, local

_COUNTED = msg(
    "The day on which the decision is received is not counted. If the last day is a public holiday, Independence Day, "
    "May Day, Christmas Eve, Midsummer Eve or a Saturday, the time ends on the next working day."
)
_RECEIVED = msg(
    "A decision sent by post reaches a municipality or joint municipal authority on the day on which the letter "
    "arrives. A decision sent as an electronic message is received on the third day after it was sent, unless "
    "something else is shown."
)
_ENCLOSED = msg(
    "Enclosed are the decision or a copy of it, an account of the day on which it was received, the documents that are "
    "referred to unless the authority has them already, and a power of attorney where one is needed."
)


def rectification_title(facts: Mapping[str, Any]) -> Message:
    """The heading of the instructions."""
    if _on_a_request(facts):
        return msg("Instructions for appeal")
    return msg("Instructions for requesting rectification")


def rectification(facts: Mapping[str, Any], case_number: str, lang: str) -> tuple[Line, ...]:
    """To whom, in what time and how counted, what to say, and what to enclose."""
    said = _appeal(case_number) if _on_a_request(facts) else _request(facts, case_number)
    return tuple(Line(render(text, lang), render(lead, lang)) for lead, text in said)


def _on_a_request(facts: Mapping[str, Any]) -> bool:
    return bool(facts.get("decision.kind") == "rectification")


def _request(facts: Mapping[str, Any], case_number: str) -> Iterator[tuple[Message, Message]]:
    yield (
        msg("Right to request rectification"),
        msg(
            "Whoever is dissatisfied with the decision may request its rectification (Act 688/2001, section 34; Act "
            "434/2003, chapter 7 a). The decision may not be appealed against."
        ),
    )
    yield (
        msg("To whom"),
        msg(
            "The request is made in writing to the authority that made the decision: {authority}.",
            authority=local(facts["call.authority"]),
        ),
    )
    yield (
        msg("Time limit"),
        msg("The request must be made within 30 days of receiving the decision. {counted}", counted=_COUNTED),
    )
    yield msg("When the decision is received"), _RECEIVED
    yield (
        msg("Content"),
        msg(
            "The request states the decision that is meant (case number {case}), what rectification is requested and on "
            "what grounds, and the name and contact details of whoever requests it.",
            case=case_number,
        ),
    )
    yield msg("Enclosures"), _ENCLOSED
    yield (
        msg("Delivery"),
        msg(
            "The request may be brought, sent by post or courier, or sent electronically. It must be at the registry of "
            "the authority on the last day before the registry closes. A late request is dismissed without examination."
        ),
    )


def _appeal(case_number: str) -> Iterator[tuple[Message, Message]]:
    yield (
        msg("Right to appeal"),
        msg(
            "This decision was made on a request for rectification. It may be appealed against in the administrative "
            "court (Act 688/2001, section 34; Administrative Judicial Procedure Act 808/2019)."
        ),
    )
    yield msg("To whom"), msg("The appeal is made in writing to the competent administrative court.")
    yield (
        msg("Time limit"),
        msg("The appeal must be made within 30 days of receiving the decision. {counted}", counted=_COUNTED),
    )
    yield msg("When the decision is received"), _RECEIVED
    yield (
        msg("Content"),
        msg(
            "The appeal states the decision that is meant (case number {case}), in which parts and how it should be "
            "changed, the grounds, and the name and contact details of the appellant.",
            case=case_number,
        ),
    )
    yield msg("Enclosures"), _ENCLOSED
    yield (
        msg("Delivery"),
        msg(
            "The appeal may be brought, sent by post or courier, or sent electronically. It must be at the court on the "
            "last day before the court's office closes. A late appeal is dismissed without examination."
        ),
    )
