"""Calls: which there are, what they say, and adding one from its file."""

from dataclasses import dataclass
from functools import lru_cache

from access.permissions import Actor, can_change_call, can_see_call, require
from calls.definition import CallDefinition
from calls.definition_file import CallFileError, read_call
from calls.presets import preset_ids, preset_text
from locales import LocalText, msg
from storage import calls as stored
from storage.unit import UnitOfWork
from workflow.errors import Refused
from workflow.house import House


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call in a list of calls."""

    id: str
    name: LocalText


@lru_cache(maxsize=32)
def _parsed(text: str) -> CallDefinition:
    return read_call(text)


def load_call(uow: UnitOfWork, call_id: str) -> CallDefinition:
    """The definition inside a unit of work; Refused when there is no such call. For other use cases."""
    found = stored.find_call(uow, call_id)
    if found is None:
        known: list[str] = [call.id for call in stored.list_calls(uow)]
        raise Refused(
            msg("There is no call {call}. The calls here are: {known}.", call=call_id, known=", ".join(known) or "–")
        )
    return _parsed(found.definition)


def list_calls(house: House, actor: Actor) -> list[CallSummary]:
    """The calls, the newest first."""
    require(actor, can_see_call)
    with house.reading() as uow:
        return [CallSummary(call.id, _parsed(call.definition).name) for call in stored.list_calls(uow)]


def get_call(house: House, actor: Actor, call_id: str) -> CallDefinition:
    """One call's definition."""
    require(actor, can_see_call)
    with house.reading() as uow:
        return load_call(uow, call_id)


def call_file(house: House, actor: Actor, call_id: str) -> str:
    """The call's TOML file as it was given."""
    require(actor, can_see_call)
    with house.reading() as uow:
        load_call(uow, call_id)
        found = stored.find_call(uow, call_id)
        return "" if found is None else found.definition


def add_call(house: House, actor: Actor, text: str | bytes) -> CallDefinition:
    """Add a call from its TOML text; Refused with every problem when the text is not one."""
    require(actor, can_change_call)
    try:
        definition = read_call(text)
    except CallFileError as error:
        raise Refused(*error.problems) from error
    with house.writing(actor, definition.id) as uow:
        if stored.find_call(uow, definition.id) is not None:
            raise Refused(msg("The call {call} is here already. Give the new call another id.", call=definition.id))
        stored.add_call(uow, definition.id, text if isinstance(text, str) else text.decode("utf-8-sig"))
    return definition


def add_presets(house: House) -> None:
    """See that the calls the program ships with are there (at start-up, in the system's name)."""
    with house.writing(None) as uow:
        for call_id in preset_ids():
            if stored.find_call(uow, call_id) is None:
                uow.call_id = call_id
                stored.add_call(uow, call_id, preset_text(call_id))
