"""The partners cell: ``091 Helsinki; Vantaa; Esimerkkikuntayhtymä [005 Alajärvi, 010 Alavus]``."""

import re
from collections.abc import Iterable

from calls.application import Municipality, Partner
from calls.register import Register
from locales import Message, msg
from workbooks.columns import LONGEST_NAME

_CODE = re.compile(r"([0-9]+)(?:\s+(.*))?", re.DOTALL)
_AUTHORITY = re.compile(r"([^\[\]]*)\[([^\[\]]*)\]")


class PartnersError(ValueError):
    """A partners cell that cannot be read; ``message`` names the entry and what is wrong with it."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


def parse_partners(text: str, register: Register | None = None) -> tuple[Partner, ...]:
    """The partners in the order written.

    Codes and names are not checked against the register; it only completes the other half of the pair where one
    was left out. An authority with empty brackets states no members. Raises PartnersError.
    """
    entries = [entry for entry in (" ".join(part.split()) for part in _split(text, ";")) if entry]
    if not entries:
        raise PartnersError(msg("No partner is named."))
    return tuple(_partner(entry, register) for entry in entries)


def partners_text(partners: Iterable[Partner]) -> str:
    """The cell that reads back as ``partners``. Raises ValueError for a name that the grammar cannot hold."""
    return "; ".join(_entry(partner) for partner in partners)


def _split(text: str, mark: str) -> list[str]:
    """``text`` cut at each mark that is outside square brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == mark and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _partner(entry: str, register: Register | None) -> Partner:
    if "[" not in entry and "]" not in entry:
        found = _municipality(entry, register)
        return Partner("municipality", found.name, found.code)
    authority = _AUTHORITY.fullmatch(entry)
    if authority is None:
        raise PartnersError(msg("The square brackets of “{entry}” do not match.", entry=_short(entry)))
    head = _municipality(authority[1].strip(), None)
    if not head.name:
        raise PartnersError(msg("“{entry}” has no name before the square bracket.", entry=_short(entry)))
    members = [member.strip() for member in re.split("[,;]", authority[2])]
    return Partner(
        "joint_authority",
        head.name,
        head.code,
        tuple(_municipality(member, register) for member in members if member),
    )


def _municipality(text: str, register: Register | None) -> Municipality:
    coded = _CODE.fullmatch(text)
    code, name = (coded[1], coded[2] or "") if coded else (None, text)
    if code is not None and len(code) != 3:
        raise PartnersError(msg("The municipality code of “{entry}” is not three digits.", entry=_short(text)))
    if len(name) > LONGEST_NAME:
        raise PartnersError(msg("The name “{entry}” is too long.", entry=_short(name)))
    if register is None or (code and name):
        return Municipality(code, name)
    known = register.find(code, name)
    return Municipality(known.code, name or known.name_fi) if known else Municipality(code, name)


def _entry(partner: Partner) -> str:
    if partner.kind == "joint_authority" and not partner.name:
        raise ValueError("a joint municipal authority without a name cannot be written in a cell")
    head = _pair(partner.code, partner.name, "[];")
    if partner.kind == "municipality":
        return head
    return f"{head} [{', '.join(_pair(member.code, member.name, '[];,') for member in partner.members)}]"


def _pair(code: str | None, name: str, forbidden: str) -> str:
    text = f"{code} {name}".strip() if code else name
    try:
        same = _municipality(" ".join(text.split()), None) == Municipality(code, name)
    except PartnersError:
        same = False
    if not text or not same or set(name) & set(forbidden):
        raise ValueError(f"the partner {text!r} cannot be written in a cell so that it reads back the same")
    return text


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
