"""What leaves the house of a decision: the workbook, its tables as JSON and CSV, the snapshot, and the letters.

Of a frozen decision, or of a draft: a saved scenario, or the call's own values, on today's ranking. A draft is the same to
the byte as long as nothing changes in the call.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack, get_args

from access.permissions import Actor, can_export, require
from allocation import Scenario
from decisions.facts import facts_of
from decisions.snapshot import Snapshot, to_bytes
from decisions.tables import pseudonymised
from locales import msg
from storage.unit import UnitOfWork
from workbooks.decision_exports import tables_csv, tables_json
from workbooks.decision_write import decision_workbook
from workbooks.letter_package import TemplateRefused
from workbooks.letter_zip import letters_zip
from workflow.decision_material import Material, read_material, snapshot_of
from workflow.decision_records import load_frozen
from workflow.errors import Refused
from workflow.house import House
from workflow.letters import load_templates
from workflow.scenarios import refuse_partial_view

Form = Literal["xlsx", "json", "csv", "snapshot", "letters"]
FORMS: tuple[Form, ...] = get_args(Form)
IN_FULL: tuple[Form, ...] = ("snapshot", "letters")
"""Those made in full only."""
Variant = Literal["full", "pseudonymised", "plain", "plain_pseudonymised"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
PLAIN = ("plain", "plain_pseudonymised")
"""The workbook without formats and formulas: with the names of reviewers as in the full one, or with codes alone."""


class Source(TypedDict, total=False):
    """Of what something is exported: ``decision_id``, or ``scenario_id``, or ``scenario`` under ``name``.

    With nothing given: the call's own values.
    """

    decision_id: int | None
    scenario_id: int | None
    scenario: Scenario | None
    name: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A file, and of what it is: the hash of the decision, its stage, and the status of the distribution.

    ``ranking_changed``: since the scenario of a draft was saved.
    """

    data: bytes
    hash: str
    stage: str
    status: str
    ranking_changed: bool


def export_file(
    house: House, actor: Actor, call_id: str, form: str, lang: str, *, variant: str = "full", **of: Unpack[Source]
) -> Exported:
    """One file of a decision or a draft; ``lang``: of the workbook, the names of columns, and the list of letters.

    Refused for another variant than the full one of the snapshot, which holds the names behind the codes and the
    panel-only remarks, and of the letters; for somebody who may not see every score, when there is no such scenario or decision, when the rules of the scenario
    cannot all be met, and for a locked scenario that today's ranking no longer gives.
    """
    require(actor, can_export)
    _known("format", form, FORMS)
    _known("variant", variant, VARIANTS)
    _refuse_variant(form, variant)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        templates = load_templates(uow, call_id) if form == "letters" else {}
        found = _found(uow, call_id, of)
    # Solving and writing take their time, and hold no transaction open.
    snapshot = found if isinstance(found, Snapshot) else snapshot_of(found)
    del found
    if form != "snapshot":
        # Of thousands of applications the material is large, and only the snapshot holds it.
        snapshot = Snapshot(snapshot.tables, {})
    facts = facts_of(snapshot.tables["facts"])
    return Exported(
        _written(snapshot, form, lang, variant, templates),
        snapshot.hash,
        facts["decision.stage"],
        facts.get("result.rest_status") or facts["result.status"],
        facts["decision.stage"] == "draft" and bool(facts.get("result.ranking_changed")),
    )


def export_workbook(
    house: House, actor: Actor, call_id: str, lang: str, *, variant: str = "full", **of: Unpack[Source]
) -> bytes:
    """The decision workbook in ``lang``, as .xlsx. Refused as ``export_file``."""
    require(actor, can_export)
    return export_file(house, actor, call_id, "xlsx", lang, variant=variant, **of).data


def export_json(house: House, actor: Actor, call_id: str, *, variant: str = "full", **of: Unpack[Source]) -> bytes:
    """The tables with every value exact, as JSON. Refused as ``export_file``."""
    require(actor, can_export)
    return export_file(house, actor, call_id, "json", "fi", variant=variant, **of).data


def export_csv(
    house: House, actor: Actor, call_id: str, lang: str, *, variant: str = "full", **of: Unpack[Source]
) -> bytes:
    """A zip of one CSV file per table, with the names of columns in ``lang``. Refused as ``export_file``."""
    require(actor, can_export)
    return export_file(house, actor, call_id, "csv", lang, variant=variant, **of).data


def export_snapshot(house: House, actor: Actor, call_id: str, **of: Unpack[Source]) -> bytes:
    """The snapshot: the tables, the names behind the codes, and all that they rest on. Refused as ``export_file``."""
    require(actor, can_export)
    return export_file(house, actor, call_id, "snapshot", "fi", **of).data


def export_letters(house: House, actor: Actor, call_id: str, lang: str = "fi", **of: Unpack[Source]) -> bytes:
    """A zip of the letters, each in the language of its applicant, and a list in ``lang``. Refused as ``export_file``."""
    require(actor, can_export)
    return export_file(house, actor, call_id, "letters", lang, **of).data


def _known(key: str, value: str, accepted: Collection[str]) -> None:
    if value not in accepted:
        raise Refused(
            msg("{key}: {value} is not accepted; {accepted} are.", key=key, value=value, accepted=", ".join(accepted))
        )


def _refuse_variant(form: str, variant: str) -> None:
    """Refused for what there is in full only: nobody is to take its names for pseudonyms."""
    if variant == "full" or form not in IN_FULL:
        return
    if form == "snapshot":
        raise Refused(
            msg(
                "The frozen decision holds the names of the reviewers and their remarks to the panel. It is made in full only, without the variant {variant}.",
                variant=variant,
            )
        )
    raise Refused(msg("The letters have no variants. They are made without the variant {variant}.", variant=variant))


def _found(uow: UnitOfWork, call_id: str, of: Source) -> Snapshot | Material:
    """What is frozen, or the material of a draft."""
    if (decision_id := of.get("decision_id")) is not None:
        return load_frozen(uow, call_id, decision_id)
    return read_material(uow, call_id, of.get("scenario_id"), of.get("scenario"), of.get("name", ""))


def _written(snapshot: Snapshot, form: str, lang: str, variant: str, templates: Mapping[str, bytes]) -> bytes:
    tables = pseudonymised(snapshot.tables) if variant.endswith("pseudonymised") else snapshot.tables
    match form:
        case "xlsx":
            return decision_workbook(tables, lang, plain=variant in PLAIN)
        case "json":
            return tables_json(tables)
        case "csv":
            return tables_csv(tables, lang)
        case "letters":
            try:
                return letters_zip(tables, templates, lang)
            except TemplateRefused as refused:
                raise Refused(*refused.messages) from refused
    return to_bytes(snapshot)
