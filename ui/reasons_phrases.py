"""The phrases of the reasons: all of them by group, and one with its form and a preview."""

from collections.abc import Mapping

import streamlit as st

from decisions.phrases import GROUPS, LONGEST_PHRASE, PHRASES, Phrase, Wording, value_name
from ui import notices
from ui.look import section
from ui.reasons_view import address
from ui.session import Visit, flash, refusals_shown
from ui.spoken import Spoken, spoken_table
from ui.tables import Badge, Link, facts
from ui.texts import language, moment, say, t, tn
from workflow.errors import Conflicting
from workflow.reasons import StoredPhrase, change_phrase, reset_phrase
from workflow.reasons_list import ReasonsList, preview_phrase

PART = "phrases"
"""The part of the page that lists them, in the address."""
_EXAMPLES = 4
"""Sentences of a preview."""


def show_phrases(here: Visit, found: ReasonsList, stored: Mapping[str, StoredPhrase], scenario: int | None) -> None:
    """Every phrase in both languages, by group, with whether it was worded anew."""
    notices.caption(
        t(
            "The drafts are made of these phrases. A phrase can be worded anew for this call; values in braces are filled in."
        )
    )
    notices.caption(tn("{n} phrase is worded anew.", "{n} phrases are worded anew.", len(stored)))
    for group, name in GROUPS.items():
        with st.expander(say(name)):
            spoken_table(
                say(name),
                [t("In Finnish"), t("In Swedish"), t("Wording")],
                [
                    _row(here, key, found, key in stored, scenario)
                    for key, phrase in PHRASES.items()
                    if phrase.group == group
                ],
            )


def _row(here: Visit, key: str, found: ReasonsList, own: bool, scenario: int | None) -> list[Spoken | Badge]:
    wording = found.phrases.wording(key)
    href = Link("", "reasons", address(here, scenario, phrase=key)).href
    return [
        Spoken(wording.fi, "fi", href),
        Spoken(wording.sv, "sv"),
        Badge(t("Worded anew"), "good") if own else Badge(t("Standard form")),
    ]


def show_phrase(
    here: Visit, found: ReasonsList, key: str, stored: StoredPhrase | None, scenario: int | None, editable: bool
) -> None:
    """One phrase: its values, its default, what it makes of the applications, and the form."""
    if key not in PHRASES:
        notices.error(t("There is no phrase {key}.", key=key[:60]))
        return
    phrase, wording = PHRASES[key], found.phrases.wording(key)
    rows: list[tuple[str, str | Link | Badge]] = [
        (t("Group"), say(GROUPS[phrase.group])),
        (t("Wording"), Badge(t("Standard form")) if stored is None else Badge(t("Worded anew"), "good")),
        (t("Values that the phrase must name"), _values(key, phrase.required)),
        (t("Values that it may name"), _values(key, phrase.optional)),
    ]
    if stored is not None:
        rows.append((t("Changed"), moment(stored.changed_at)))
    facts([*rows, (t("List"), Link(t("Phrases"), "reasons", address(here, scenario, part=PART)))])
    typed = _form(here, key, stored, wording) if editable else wording
    if typed is not None:
        _preview(found, key, typed)
    if stored is not None:
        section(t("Default wording"))
        default = phrase.wording
        spoken_table(
            t("Default wording"),
            [t("In Finnish"), t("In Swedish")],
            [[Spoken(default.fi, "fi"), Spoken(default.sv, "sv")]],
        )
        if editable:
            _reset(here, phrase, stored)


def _values(key: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}} {say(value_name(key, name))}" for name in names) or "–"


def _form(here: Visit, key: str, stored: StoredPhrase | None, wording: Wording) -> Wording | None:
    """The wording as it is typed; None when it was refused, with the reasons on the screen."""
    section(t("Word the phrase anew"))
    kept, times = _kept(here, key)
    version = st.session_state.setdefault(kept, 0 if stored is None else stored.version)
    with st.form(f"{kept}-form", border=False):
        typed = tuple(
            st.text_area(label, text, key=f"{kept}-{lang}-{times}", max_chars=LONGEST_PHRASE, height=110)
            for lang, label, text in (("fi", t("In Finnish"), wording.fi), ("sv", t("In Swedish"), wording.sv))
        )
        save, look = st.columns(2)
        saved = save.form_submit_button(t("Save the phrase"), type="primary", icon=":material/save:")
        look.form_submit_button(t("Preview"), icon=":material/visibility:")
    if saved:
        with refusals_shown():
            try:
                change_phrase(here.house, here.actor, here.call_id, key, *typed, expected_version=version)
            except Conflicting:
                st.session_state[kept] = 0 if stored is None else stored.version
                raise
            _forget(here, key)
            flash(t("The phrase was saved."))
            st.rerun()
        return None
    return Wording(*typed)


def _preview(found: ReasonsList, key: str, wording: Wording) -> None:
    section(t("The phrase in the reasons"))
    with refusals_shown():
        made = preview_phrase(found, key, wording.fi, wording.sv)
        if not made:
            notices.info(t("No application has this phrase in its reasons under the scenario."))
            return
        languages = {one.case_number: one.language for one in found.applications}
        first = [one for one in made if languages[one[0]] == language()][: _EXAMPLES // 2]
        shown = [*first, *(one for one in made if one not in first)][:_EXAMPLES]
        spoken_table(
            t("Sentences of the phrase"),
            [t("Case number"), t("Sentence")],
            [[case, Spoken(text, languages[case])] for case, text in shown],
        )
        n = len({case for case, _ in made})
        notices.caption(tn("The phrase stands in {n} application.", "The phrase stands in {n} applications.", n))


def _reset(here: Visit, phrase: Phrase, stored: StoredPhrase) -> None:
    if st.button(t("Take the default wording again"), icon=":material/undo:"):
        with refusals_shown():
            reset_phrase(here.house, here.actor, here.call_id, phrase.key, expected_version=stored.version)
            _forget(here, phrase.key)
            flash(t("The phrase is the default again."))
            st.rerun()


def _kept(here: Visit, key: str) -> tuple[str, int]:
    """Where the session keeps the version that the form began from, and how many times the form was done with."""
    kept = f"phrase-{here.call_id}-{key}"
    return kept, st.session_state.setdefault(f"{kept}-times", 0)


def _forget(here: Visit, key: str) -> None:
    """Begin anew from what is stored: the browser keeps what was typed into fields of the same key."""
    kept, times = _kept(here, key)
    st.session_state[f"{kept}-times"] = times + 1
    st.session_state.pop(kept, None)
