"""The fields of a scenario's form: what is typed is kept as typed, read exactly, and its fault stands at the field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import streamlit as st

from locales import Message
from locales.parse import MoneyError, parse_euros
from ui import notices
from ui.scenario_numbers import NumberError, read_score, write_number
from ui.texts import language, money, say, t

T = TypeVar("T")


@dataclass(slots=True)
class Fields:
    """Fields whose widgets are named by ``key``; ``faults`` counts what could not be read."""

    key: Callable[[str], str]
    faults: int = 0

    def text(self, label: str, value: str, name: str, *, about: str = "", longest: int = 100) -> str:
        """What is typed, without the spaces around it."""
        key = self.key(name)
        # Set before the widget is made, not as its value: what is typed stays when the value behind it changes.
        st.session_state.setdefault(key, value)
        return st.text_input(label, key=key, help=about or None, max_chars=longest).strip()

    def read(
        self, label: str, value: T | None, shown: str, name: str, reader: Callable[[str], T], about: str = ""
    ) -> T | None:
        """What ``reader`` makes of the text; None for an empty field; ``value``, with the fault shown, if it cannot."""
        typed = self.text(label, shown, name, about=about)
        if not typed:
            return None
        try:
            return reader(typed)
        except MoneyError as error:
            self.fault(f"{say(error.message)} {say(error.accepted)}")
        except NumberError as error:
            self.fault(say(error.message))
        return value

    def euros(self, label: str, value: int | None, name: str, about: str = "") -> int | None:
        """Whole euros."""
        return self.read(label, value, "" if value is None else money(value), name, parse_euros, about)

    def score(self, label: str, value: Fraction | None, name: str, about: str = "") -> Fraction | None:
        """A score, exactly."""
        shown = "" if value is None else write_number(value, language())
        return self.read(label, value, shown, name, read_score, about)

    def one_of(self, label: str, options: Sequence[T], value: T, name: str, words: Callable[[T], str]) -> T:
        """One of a list."""
        key = self.key(name)
        # What was chosen may be there no more.
        if st.session_state.get(key) not in options:
            st.session_state[key] = value if value in options else options[0]
        chosen = st.selectbox(label, options, key=key, format_func=words, placeholder=t("Choose"))
        return options[0] if chosen is None else chosen

    def some_of(
        self, label: str, options: Sequence[str], value: Sequence[str], name: str, words: Callable[[str], str]
    ) -> tuple[str, ...]:
        """Any number of a list; a value that is there no more stays choosable."""
        key = self.key(name)
        offered = [*options, *(one for one in value if one not in options)]
        st.session_state[key] = [one for one in st.session_state.get(key, value) if one in offered]
        return tuple(
            st.multiselect(label, offered, key=key, format_func=words, placeholder=t("Choose"), select_all=False)
        )

    def switch(self, label: str, value: bool, name: str) -> bool:
        """A check box."""
        key = self.key(name)
        st.session_state.setdefault(key, value)
        return st.checkbox(label, key=key)

    def fault(self, words: str | Message) -> None:
        """Say what is wrong with the field above."""
        self.faults += 1
        notices.error(say(words))
