"""Reasons that say what was decided, what was found of the eligibility, what was changed later, and by which law."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from decisions.phrases import PHRASES
from decisions.reason_material import Case, Sentence, Share, Value
from decisions.spec import DECIDED
from decisions.tables import Row
from decisions.values import CanonicalError
from locales import Money

_CLOSING = "closing"


def outcome(case: Case) -> Iterator[Sentence]:
    """What was decided."""
    status, granted, applied = case.row["status"], case.row["granted"], case.row["applied"]
    if status == "approved" and granted is not None:
        whole = applied is None or granted >= applied
        if whole:
            yield case.say("granted", "approved_full", granted=Money(granted))
        else:
            yield case.say("granted", "approved_part", granted=Money(granted), applied=Money(applied))
    elif status == "rejected":
        yield case.say("status", "rejected", applied=_money(applied))
    elif status == "withdrawn":
        later = any(row["kind"] == "withdrawal" for row in case.overrides)
        yield case.say("status", "withdrawn_later" if later else "withdrawn")
    else:
        yield case.say("status", status if status == "dismissed" else "open")


def eligibility(case: Case) -> Iterator[Sentence]:
    """What was found of the eligibility, with its basis; of a withdrawn application only how it was."""
    row, status, basis = case.eligibility, case.row["status"], case.row["basis"]
    if status == "withdrawn":
        # An applicant that gave up an award after the decision is told so by the later decision.
        if row is not None and row["outcome"] == "withdrawn":
            yield from case.because("eligibility:reason", row["reason"])
        return
    if case.changed is not None and not _agrees(case):
        return
    if basis in ("unconfirmed", "changed", "supplement_requested"):
        yield case.say(f"eligibility:{basis}", basis)
        return
    if row is None:
        if status == "dismissed":
            yield from _late(case)
        return
    unmet = [check.partition("=")[0] for check in row["checks"] if check.endswith("=not_met")]
    match row["outcome"]:
        case "eligible":
            yield case.say("eligibility:eligible", "eligible")
            reason = row["reason"] if unmet else ""
        case "dismissed":
            if _CLOSING in unmet:
                yield from _late(case)
            reason = row["reason"]
        case "not_eligible":
            yield case.say("eligibility:not_eligible", "not_eligible")
            for rule in unmet:
                yield _unmet(case, rule)
            reason = row["reason"]
        case _:
            return
    yield from case.because("eligibility:reason", reason)


def later(case: Case) -> Iterator[Sentence]:
    """What the decision before the last one was, what the last one changes, and why; nothing where none changed it."""
    row = case.changed
    if row is None:
        return
    fact = f"override:{row['number']}"
    before, after = _money(row["before"]), _money(row["after"])
    yield case.say(f"{fact}:earlier", f"earlier_{_earlier(case, row)}")
    number = case.fact("decision.first") if case.changed_before is None else case.changed_before["decision"]
    if number is not None:
        yield case.say(f"{fact}:number", "earlier_number", number=str(number))
    yield case.say(fact, f"later_{row['kind']}", before=before, after=after)
    yield from case.because(f"{fact}:reason", row["reason"])


def _earlier(case: Case, row: Row) -> str:
    """What the application was before the change ``row``, as far as the tables tell: a status, or ``nothing``."""
    if row["before"]:
        return "approved"
    if case.changed_before is not None:
        return "withdrawn" if case.changed_before["kind"] == "withdrawal" else "nothing"
    found = "" if case.eligibility is None else case.eligibility["outcome"]
    if case.ranked is not None or found == "not_eligible":
        return "rejected"
    return found if found in ("dismissed", "withdrawn") else "nothing"


def provisions(case: Case) -> Iterator[Sentence]:
    """The provisions applied; none before it is decided."""
    status = case.row["status"]
    if status in DECIDED:
        kind = status if status in ("dismissed", "withdrawn") else "decided"
        yield case.say("provisions", f"provisions_{kind}", decree=case.decree())


def _agrees(case: Case) -> bool:
    """Whether what was found of the eligibility goes with what a later decision made of the application."""
    found = None if case.eligibility is None else case.eligibility["outcome"]
    return (found, case.row["status"]) in (
        ("eligible", "approved"),
        ("not_eligible", "rejected"),
        ("dismissed", "dismissed"),
    )


def _late(case: Case) -> Iterator[Sentence]:
    arrived = case.row["arrived_at"]
    yield case.say("arrived_at", "late", arrived="–" if arrived is None else arrived)
    closes = _moment(case.fact("call.closes"))
    if closes is not None:
        yield case.say("call:closes", "closed", closes=closes)


def _unmet(case: Case, rule: str) -> Sentence:
    key = f"rule_{rule}"
    if key not in PHRASES or rule == "other":
        return case.say(f"eligibility:{rule}", "rule_other", rule=rule)
    values: dict[str, Value] = {
        "decree": case.decree(),
        "share": Share(case.fact("call.largest_share_bp") or 0),
        "smallest": _money(case.fact("call.smallest_grant")),
        "largest": _money(case.fact("call.largest_grant")),
    }
    return case.say(f"eligibility:{rule}", key, **{name: values[name] for name in PHRASES[key].values})


def _money(euros: int | None) -> Value:
    return "–" if euros is None else Money(euros)


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise CanonicalError(f"call.closes: {value!r} is no moment") from error
    return found if found.tzinfo is not None else None
