"""The calls that come with the product: one TOML file per call in this folder, nothing about them in code."""

from functools import cache
from pathlib import Path

from calls.definition import CallDefinition
from calls.definition_file import read_call

_FOLDER = Path(__file__).parent


def preset_ids() -> tuple[str, ...]:
    """The ids of the calls, in order; the id is the name of the file."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def preset_text(call_id: str) -> str:
    """The TOML text of one call. Raises KeyError when there is no such call."""
    if call_id not in preset_ids():
        raise KeyError(call_id)
    return (_FOLDER / f"{call_id}.toml").read_text(encoding="utf-8")


@cache
def preset(call_id: str) -> CallDefinition:
    """The definition of one call. Raises KeyError when there is no such call."""
    return read_call(preset_text(call_id))
