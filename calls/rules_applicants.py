"""Eligibility rules about who applies: municipalities, joint municipal authorities and the coordinating applicant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calls.application import Application, Municipality, Partner
from calls.business_id import is_valid_business_id
from calls.definition import CallDefinition
from calls.findings import Finding, describe, stands
from calls.municipality_names import is_name_of
from calls.register import Register
from locales import LocalText, Message, Param, msg


def applicant_kinds(application: Application, call: CallDefinition) -> Finding:
    """Only the kinds of applicant that the call names."""
    rule = call.applicants.kinds
    basis = stands(call, rule.source, rule.note)
    foreign: list[Param] = [partner.name for partner in application.partners if partner.kind not in rule.value]
    coordinating_kind = "municipality" if application.coordinator.code else "joint_authority"
    if coordinating_kind not in rule.value and application.coordinator.name not in foreign:
        foreign.insert(0, application.coordinator.name)
    if foreign:
        return Finding("applicant_kinds", "not_met", msg("May not apply in this call: {names}.", names=foreign), basis)
    text = msg("All applicants are municipalities or joint municipal authorities that may apply.")
    return Finding("applicant_kinds", "met", text, basis)


@dataclass(frozen=True, slots=True)
class _Count:
    """Municipalities taking part, by how sure it is that they count. The first two: code to name."""

    direct: Mapping[str, LocalText]
    """Those that take part themselves and are in the register."""
    through: Mapping[str, LocalText]
    """Further ones that take part as members of a joint authority."""
    open: frozenset[str]
    """Not in the register, a coordinator left out of the partners, or a joint authority without stated members."""


def _count(application: Application, register: Register) -> _Count:
    direct: dict[str, LocalText] = {}
    through: dict[str, LocalText] = {}
    unsure = {partner.name for partner in _members_missing(application)}
    for partner in application.partners:
        group = through if partner.kind == "joint_authority" else direct
        for municipality in partner.municipalities:
            entry = register.find(municipality.code, municipality.name)
            if entry is None:
                unsure.add(municipality.name)
            else:
                group[entry.code] = LocalText(entry.name_fi, entry.name_sv, entry.name_fi)
    if not _is_partner(application, register):
        unsure.add(application.coordinator.name)
    further = {code: name for code, name in through.items() if code not in direct}
    return _Count(direct, further, frozenset(unsure))


def joint_project(application: Application, call: CallDefinition, register: Register) -> Finding:
    """Enough municipalities take part. One that counts twice (itself and as a member) counts once.

    ``check`` where it takes members of a joint authority (``needs`` is then ``members``), or names that can still be
    corrected, to reach the number.
    """
    rule = call.applicants.smallest_number_of_municipalities
    basis = stands(call, rule.source, call.applicants.joint_only.note or rule.note)
    if not call.applicants.joint_only.value:
        return Finding("joint_project", "met", msg("The call does not require a joint project."), basis)
    count = _count(application, register)
    least = str(rule.value)
    sure, with_members = len(count.direct), len(count.direct) + len(count.through)
    if sure >= rule.value:
        text = msg(
            "{count} municipalities take part: {names}. At least {least} are needed.",
            count=str(sure),
            names=_by_code(count.direct),
            least=least,
        )
        return Finding("joint_project", "met", text, basis)
    if with_members >= rule.value:
        text = msg(
            "{count} municipalities take part when the stated members of a joint municipal authority are counted: "
            "{names}. Confirm that they take part. At least {least} are needed.",
            count=str(with_members),
            names=_by_code({**count.direct, **count.through}),
            least=least,
        )
        return Finding("joint_project", "check", text, basis, needs="members")
    if with_members + len(count.open) >= rule.value or _members_missing(application):
        text = msg(
            "Whether at least {least} municipalities take part depends on details to be corrected: {names}.",
            least=least,
            names=_listed(count.open),
        )
        members = bool(count.through) and sure + len(count.open) < rule.value
        return Finding("joint_project", "check", text, basis, needs="members" if members else None)
    return Finding("joint_project", "not_met", _too_few(count, least), basis)


def _too_few(count: _Count, least: str) -> Message:
    known = {**count.direct, **count.through}
    if not known:
        return msg("No municipality takes part. At least {least} are needed.", least=least)
    return msg(
        "Too few municipalities take part: {names}. At least {least} are needed.",
        names=_by_code(known),
        least=least,
    )


def _members_missing(application: Application) -> list[Partner]:
    return [partner for partner in application.partners if partner.kind == "joint_authority" and not partner.members]


def members_stated(application: Application, call: CallDefinition) -> Finding:
    """Every joint authority says which of its members take part."""
    rule = call.applicants.smallest_number_of_municipalities
    basis = stands(call, rule.source, rule.note)
    missing = _listed(partner.name for partner in _members_missing(application))
    if missing:
        return Finding(
            "members_stated",
            "not_met",
            msg("The members taking part are not stated: {names}.", names=missing),
            basis,
            ask=msg("State which member municipalities of {names} take part in the project.", names=missing),
        )
    if any(partner.kind == "joint_authority" for partner in application.partners):
        return Finding("members_stated", "met", msg("The joint municipal authorities state their members."), basis)
    return Finding("members_stated", "met", msg("No joint municipal authority takes part."), basis)


def municipalities_exist(application: Application, call: CallDefinition, register: Register) -> Finding:
    """Every municipality stated is in the register of the year; a code and a name that disagree are to be checked.

    The code and the name of the coordinating applicant are compared as well.
    """
    basis = msg("Municipal register of {year} (Statistics Finland)", year=str(register.year))
    stated = [municipality for partner in application.partners for municipality in partner.municipalities]
    if call.applicants.register_year != register.year:
        raise ValueError(f"register of {register.year} for a call of {call.applicants.register_year}")
    missing = _listed(_named(one) for one in stated if register.find(one.code, one.name) is None)
    if missing:
        return Finding(
            "municipalities_exist",
            "not_met",
            msg("Not a municipality in {year}: {names}.", year=str(register.year), names=missing),
            basis,
            ask=msg(
                "Correct the municipalities that take part. Not a municipality in {year}: {names}.",
                year=str(register.year),
                names=missing,
            ),
        )
    coordinator = application.coordinator
    crossed = _crossed([Municipality(coordinator.code, coordinator.name), *stated], register)
    if crossed:
        text = msg("The municipality code and the name do not agree: {names}.", names=crossed)
        return Finding(
            "municipalities_exist",
            "check",
            text,
            basis,
            ask=msg("Correct code and name: {names}.", names=crossed),
        )
    return Finding(
        "municipalities_exist",
        "met",
        msg("All municipalities exist in {year}.", year=str(register.year)),
        basis,
    )


def _crossed(stated: Iterable[Municipality], register: Register) -> list[Param]:
    found: dict[tuple[str, str], Param] = {}
    for one in stated:
        entry = register.by_code.get(one.code or "")
        if entry is not None and not is_name_of(one.name, entry, register):
            name = LocalText(entry.name_fi, entry.name_sv, entry.name_fi)
            found[entry.code, one.name] = msg(
                "{stated} ({code} is the code of {name})", stated=one.name, code=entry.code, name=name
            )
    return [found[key] for key in sorted(found)]


def _named(municipality: Municipality) -> str:
    return f"{municipality.name} ({municipality.code})" if municipality.code else municipality.name


def coordinator_is_partner(application: Application, call: CallDefinition, register: Register) -> Finding:
    """The coordinating applicant is one of the partners: by municipality code where both have one, else by name."""
    condition = next((item for item in call.conditions if item.id == "coordinator"), None)
    rule = call.applicants.kinds
    basis = stands(call, condition.source, describe(condition)) if condition else stands(call, rule.source, rule.note)
    name = application.coordinator.name
    if _is_partner(application, register):
        return Finding("coordinator_is_partner", "met", msg("{name} is one of the partners.", name=name), basis)
    return Finding(
        "coordinator_is_partner",
        "not_met",
        msg("The coordinating applicant {name} is not among the partners.", name=name),
        basis,
        ask=msg("Correct the coordinating applicant or the partners: {name} is not among the partners.", name=name),
    )


def _is_partner(application: Application, register: Register) -> bool:
    coordinator = application.coordinator
    return any(
        _same(partner, coordinator.code, coordinator.name, register)
        for partner in application.partners
        if (partner.kind == "municipality") or not coordinator.code
    )


def _same(partner: Partner, code: str | None, name: str, register: Register) -> bool:
    if partner.kind == "municipality":
        entry = register.find(partner.code, partner.name)
        known = entry.code if entry else partner.code
        if code and known:
            return code == known
    return " ".join(partner.name.split()).casefold() == " ".join(name.split()).casefold()


def business_id(application: Application) -> Finding:
    """The coordinating applicant's business ID has seven digits, a hyphen and the right check digit."""
    basis = msg("Business ID: seven digits, a hyphen and a check digit (modulo 11).")
    text = application.coordinator.business_id
    if is_valid_business_id(text):
        return Finding("business_id", "met", msg("The business ID {id} is valid.", id=text), basis)
    ask = msg("State the business ID of {name} in the form 1234567-8.", name=application.coordinator.name)
    if not text.strip():
        return Finding("business_id", "not_met", msg("The business ID is missing."), basis, ask)
    found = msg("{id} is not a business ID: its form or check digit is wrong.", id=text)
    return Finding("business_id", "not_met", found, basis, ask)


def _listed(names: Iterable[str]) -> list[Param]:
    return list(dict.fromkeys(sorted(names)))


def _by_code(names: Mapping[str, LocalText]) -> list[Param]:
    return [names[code] for code in sorted(names)]
