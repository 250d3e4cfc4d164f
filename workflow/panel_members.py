"""Panel members: what is known of each reviewer in a call, which the assignment goes by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from access.permissions import Actor, can_assign, require
from locales import msg
from storage import accounts as stored_accounts
from storage import panel
from storage.panel import StoredMember
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.phases import require_open

LARGEST_LOAD = 1_000
EXPERTISE = (1, 2)
"""Some and good knowledge of a theme; none is not listed."""
READING = ("fi", "sv")


@dataclass(frozen=True, slots=True)
class PanelMember:
    """A reviewer in a call. ``largest_load`` None: no limit. ``languages``: those in which texts can be read."""

    account_id: int
    name: str
    takes_part: bool
    largest_load: int | None
    expertise: Mapping[str, int]
    languages: Sequence[str]


def load_members(uow: UnitOfWork, call_id: str) -> list[PanelMember]:
    """The active reviewers. Of whom nothing was set: takes part, no limit, reads Finnish and the own language.

    For other use cases.
    """
    known = panel.list_members(uow, call_id)
    found = []
    for account in stored_accounts.list_accounts(uow.connection):
        if "reviewer" not in account.roles or account.disabled:
            continue
        usual = [language for language in READING if language in ("fi", account.language)]
        member = known.get(account.id) or StoredMember(call_id, account.id, True, None, {}, usual)
        found.append(
            PanelMember(
                account.id, account.name, member.takes_part, member.largest_load, member.expertise, member.languages
            )
        )
    return found


def list_members(house: House, actor: Actor, call_id: str) -> list[PanelMember]:
    """The reviewers of a call with what is known of them, by user name."""
    require(actor, can_assign)
    with house.reading() as uow:
        load_call(uow, call_id)
        return load_members(uow, call_id)


def save_member(
    house: House,
    actor: Actor,
    call_id: str,
    account_id: int,
    *,
    takes_part: bool,
    largest_load: int | None,
    expertise: Mapping[str, int],
    languages: Sequence[str],
) -> None:
    """Set what the assignment goes by. Refused for somebody who is no active reviewer, and for unknown values."""
    require(actor, can_assign)
    with house.writing(actor, call_id) as uow:
        call = load_call(uow, call_id)
        require_open(uow, call_id, can_assign)
        if account_id not in {member.account_id for member in load_members(uow, call_id)}:
            raise Refused(msg("There is no active reviewer with the number {id}.", id=str(account_id)))
        if largest_load is not None and not 0 <= largest_load <= LARGEST_LOAD:
            raise Refused(msg("The largest load is from 0 to {most}, or empty for no limit.", most=LARGEST_LOAD))
        themes = {theme.id for theme in call.themes}
        if unknown := sorted(expertise.keys() - themes):
            raise Refused(msg("The call has no theme {theme}.", theme=", ".join(unknown)))
        if any(level not in EXPERTISE for level in expertise.values()) or set(languages) - set(READING):
            raise Refused(msg("Expertise is some or good; languages are Finnish and Swedish."))
        panel.save_member(
            uow, StoredMember(call_id, account_id, takes_part, largest_load, dict(expertise), sorted(set(languages)))
        )
