"""An application as a plain record for storage, its exact inverse, and what differs between two versions."""

import json
from collections.abc import Mapping
from datetime import UTC

from pydantic import TypeAdapter, ValidationError

from calls.application import COST_CATEGORIES, Application, Municipality, Partner
from locales import Message, msg

_APPLICATION = TypeAdapter(Application)


class RecordError(ValueError):
    """A record that is no application; ``message`` says where and what was found."""

    def __init__(self, place: str, value: object) -> None:
        self.message: Message = msg(
            "The stored application cannot be read: {place} holds {value}.", place=place, value=_short(value)
        )
        super().__init__(f"{place}: {_short(value)}")


def to_record(application: Application) -> dict[str, object]:
    """The application as JSON-ready values in a fixed order of keys. Moments in UTC, ISO 8601; money in euros.

    Raises ValueError when the time of arrival has no time zone.
    """
    if application.arrived_at.tzinfo is None:
        raise ValueError("the time of arrival has no time zone")
    coordinator = application.coordinator
    return {
        "case_number": application.case_number,
        "arrived_at": application.arrived_at.astimezone(UTC).isoformat(),
        "coordinator": {
            "name": coordinator.name,
            "business_id": coordinator.business_id,
            "code": coordinator.code,
        },
        "language": application.language,
        "partners": [_partner(partner) for partner in application.partners],
        "project_name": application.project_name,
        "theme": application.theme,
        "summary": application.summary,
        "process_change": application.process_change,
        "dissemination": application.dissemination,
        "consortium": application.consortium,
        "costs": {category: application.costs[category] for category in _ordered(application.costs)},
        "own_funding": application.own_funding,
        "other_public_funding": application.other_public_funding,
        "applied": application.applied,
    }


def from_record(record: dict[str, object]) -> Application:
    """The application that ``to_record`` made the record of. Raises RecordError naming the place at fault."""
    unknown = sorted(set(record) - _FIELDS)
    if unknown:
        raise RecordError(unknown[0], record[unknown[0]])
    try:
        application = _APPLICATION.validate_json(json.dumps(record), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise RecordError(".".join(str(part) for part in first["loc"]), first["input"]) from None
    if application.arrived_at.tzinfo is None:
        raise RecordError("arrived_at", record["arrived_at"])
    return application


def changed_fields(old: Application, new: Application) -> tuple[str, ...]:
    """The fields that differ, dotted (``coordinator.name``, ``costs.travel``), in the order of the form.

    A cost line of 0 euros differs from a cost line that was left empty.
    """
    before, after = _flat(old), _flat(new)
    differing = {field for field in {**before, **after} if before.get(field, ...) != after.get(field, ...)}
    known = [field for field in _LABELS if field in differing]
    return (*known, *sorted(differing.difference(known)))


def field_label(field: str) -> Message:
    """The name of a field as ``changed_fields`` gives it. Raises KeyError for a field an application has not."""
    if field not in _LABELS and field.startswith("costs."):
        return msg("Costs: {category}", category=field.removeprefix("costs."))
    return _LABELS[field]


def _partner(partner: Partner) -> dict[str, object]:
    return {
        "kind": partner.kind,
        "name": partner.name,
        "code": partner.code,
        "members": [_municipality(member) for member in partner.members],
    }


def _municipality(municipality: Municipality) -> dict[str, object]:
    return {"code": municipality.code, "name": municipality.name}


def _ordered(costs: Mapping[str, int]) -> list[str]:
    known = [category for category in COST_CATEGORIES if category in costs]
    return known + sorted(set(costs) - set(known))


def _flat(application: Application) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in to_record(application).items():
        if isinstance(value, dict):
            flat |= {f"{key}.{part}": inner for part, inner in value.items()}
        else:
            flat[key] = value
    return flat


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


_LABELS: dict[str, Message] = {
    "case_number": msg("Case number"),
    "arrived_at": msg("Time of arrival"),
    "coordinator": msg("Coordinating applicant"),
    "coordinator.name": msg("Coordinating applicant"),
    "coordinator.business_id": msg("Business ID of the coordinating applicant"),
    "coordinator.code": msg("Municipality code of the coordinating applicant"),
    "language": msg("Language of service"),
    "partners": msg("Partners"),
    "project_name": msg("Name of the project"),
    "theme": msg("Theme"),
    "summary": msg("Summary"),
    "process_change": msg("Process change"),
    "dissemination": msg("Dissemination plan"),
    "consortium": msg("Consortium"),
    "costs": msg("Eligible costs"),
    "costs.personnel": msg("Personnel costs"),
    "costs.travel": msg("Travel costs"),
    "costs.premises": msg("Rent of premises"),
    "costs.bought_services": msg("Bought services"),
    "costs.other": msg("Other costs"),
    "own_funding": msg("Own funding"),
    "other_public_funding": msg("Other public funding"),
    "applied": msg("Amount applied for"),
}
_FIELDS = {field.split(".")[0] for field in _LABELS}
