"""Examining a call's applications, each content once: pages ask again and again, the contents seldom change."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from calls.application import Application
from calls.application_record import from_record
from calls.definition import CallDefinition
from calls.eligibility import Finding, examine, possible_duplicates
from calls.register import register

Examined = tuple[Application, tuple[Finding, ...]]


@dataclass(frozen=True, eq=False)
class _Same:
    """One definition object as a key: compared by identity, kept alive as long as it is a key."""

    call: CallDefinition

    def __hash__(self) -> int:
        return id(self.call)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.call is self.call


def examine_all(call: CallDefinition, contents: Sequence[tuple[Mapping[str, Any], bool]]) -> list[Examined]:
    """Applications and findings of ``contents``: (record, whether it still stands), in their order.

    A withdrawn application is nobody's duplicate.
    """
    texts = [(json.dumps(content, ensure_ascii=False, sort_keys=True), stands) for content, stands in contents]
    standing = {_application(text).case_number: text for text, stands in texts if stands}
    groups = possible_duplicates([_application(text) for text in standing.values()])
    key = _Same(call)
    found = []
    for text, _ in texts:
        rivals = groups.get(_application(text).case_number, ())
        found.append(_examined(key, text, tuple(standing[rival.case_number] for rival in rivals)))
    return found


@lru_cache(maxsize=12_000)
def _application(text: str) -> Application:
    return from_record(json.loads(text))


@lru_cache(maxsize=12_000)
def _examined(key: _Same, text: str, rivals: tuple[str, ...]) -> Examined:
    call, application = key.call, _application(text)
    municipalities = register(call.applicants.register_year)
    return application, examine(application, call, municipalities, [_application(rival) for rival in rivals])
