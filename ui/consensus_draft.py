"""A consensus that is being written and not recorded yet: kept on the server over reloads, other pages and languages."""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

import streamlit as st

Draft = Mapping[str, object]
"""Value by the key of its widget, with the version of the consensus that it was begun from."""
MOST = 200
"""Drafts kept at once in this process; the one not touched for longest goes first."""


class _Drafts:
    """The drafts by who writes and on which application. One for all sessions of the process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str, str], Draft] = OrderedDict()
        self._lock = Lock()

    def keep(self, whose: tuple[int, str, str], draft: Draft) -> None:
        with self._lock:
            self._kept[whose] = draft
            self._kept.move_to_end(whose)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def find(self, whose: tuple[int, str, str]) -> Draft | None:
        with self._lock:
            return self._kept.get(whose)

    def drop(self, whose: tuple[int, str, str]) -> None:
        with self._lock:
            self._kept.pop(whose, None)


@st.cache_resource(show_spinner=False)
def drafts() -> _Drafts:
    """The drafts of this process. Somebody's own only: the key begins with the account."""
    return _Drafts()
