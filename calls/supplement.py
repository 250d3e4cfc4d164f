"""The request for supplement: what is asked, by when, in the applicant's language of service."""

from collections.abc import Iterable
from datetime import datetime

from calls.application import Application
from calls.definition import CallDefinition
from calls.findings import Finding
from locales import Message, msg, render


def supplement_items(findings: Iterable[Finding]) -> tuple[Message, ...]:
    """What the findings ask of the applicant, in the order of the rules; also what is merely to be checked."""
    return tuple(finding.ask for finding in findings if finding.ask is not None and finding.outcome != "met")


def supplement_request(
    application: Application, call: CallDefinition, findings: Iterable[Finding], deadline: datetime
) -> str:
    """The text of the request in the application's language, for the officer to complete and send.

    Raises ValueError when nothing is to be asked or the deadline has no time zone.
    """
    items = supplement_items(findings)
    if not items:
        raise ValueError("no finding asks the applicant for anything")
    if deadline.tzinfo is None:
        raise ValueError("the deadline has no time zone")
    lang = application.language
    numbered = [f"{number}. {render(item, lang)}" for number, item in enumerate(items, 1)]
    paragraphs = [
        render(msg("Request for supplement"), lang),
        render(
            msg(
                "Case {case}: {project}",
                case=application.case_number,
                project=application.project_name,
            ),
            lang,
        ),
        render(
            msg(
                "The application arrived {arrived} in the call {call}. {authority} asks {applicant} to supplement "
                "it as follows:",
                arrived=application.arrived_at,
                call=call.name,
                authority=call.authority,
                applicant=application.coordinator.name,
            ),
            lang,
        ),
        "\n".join(numbered),
        render(
            msg(
                "The supplement must arrive by {deadline}. If it does not, the application is decided on the "
                "information at hand.",
                deadline=deadline,
            ),
            lang,
        ),
        render(msg("The request is based on section 22 of the Administrative Procedure Act (434/2003)."), lang),
    ]
    return "\n\n".join(paragraphs) + "\n"
