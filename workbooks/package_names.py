"""The names of elements and attributes in a part of a workbook: those of the format itself, and all others."""

from collections.abc import Mapping

_MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE = (
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://schemas.openxmlformats.org/package/2006/content-types",
)
_LINKS_OF: Mapping[str, str] = dict(zip(_MAIN, _LINKS, strict=True))
"""Transitional and strict: a part is of one of them throughout."""
_OWN = frozenset((*_MAIN, *_PACKAGE))
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_RELATED = (*_LINKS, "http://schemas.openxmlformats.org/package/2006/relationships")
MOST_NAMES = 500
"""Names of elements that are remembered."""


class Names:
    """Tells of each element of one part, given as ``namespace local``, whether it belongs to the format.

    The namespace of the first element is that of the part. ``outside``: within an element of another namespace.
    """

    process_content = f"{_COMPATIBLE} ProcessContent"
    """The attribute by which elements of other namespaces would be looked into."""

    def __init__(self) -> None:
        self._own: str | None = None
        self._links = ""
        self._known: dict[str, str | None] = {}
        self.outside = 0

    def opens(self, tag: str) -> str | None:
        """The local name of an element that opens, None if it does not count."""
        if self.outside:
            self.outside += 1
            return None
        name = self._local(tag)
        if name is None:
            self.outside = 1
        return name

    def closes(self, tag: str) -> str | None:
        """The local name of an element that closes, None if it does not count."""
        if self.outside:
            self.outside -= 1
            return None
        return self._local(tag)

    def attributes(self, given: dict[str, str]) -> dict[str, str]:
        """The attributes that count: without a namespace by name, and those that lead to other parts as ``r:name``."""
        for key in given:
            if " " in key:
                break
        else:
            return given
        found = {}
        for key, value in given.items():
            space, _, name = key.rpartition(" ")
            if not space:
                found[name] = value
            elif space == self._links:
                found[f"r:{name}"] = value
        return found

    def _local(self, tag: str) -> str | None:
        if tag in self._known:
            return self._known[tag]
        space, _, local = tag.rpartition(" ")
        if self._own is None:
            self._own = space if space in _OWN else ""
            self._links = _LINKS_OF.get(space, "")
        name = local if space and space == self._own else None
        if len(self._known) < MOST_NAMES:
            self._known[tag] = name
        return name


def relation_kind(kind: str) -> str:
    """The last word of the type of a relation that the format knows; empty for others."""
    space, _, word = kind.rpartition("/")
    return word if space in _RELATED else ""


__all__ = ["MOST_NAMES", "Names", "relation_kind"]
