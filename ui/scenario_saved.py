"""Which scenario is on the table, who saved, changed and locked it, and what can be done with it as a whole."""

from collections.abc import Sequence

import streamlit as st

from ui import notices
from ui.scenario_state import Desk, put_on_table
from ui.session import Visit, flash, refusals_shown
from ui.tables import Badge, Cell, Link, facts
from ui.texts import language, moment, t
from workflow.saved_scenarios import (
    Saved,
    change_scenario,
    copy_scenario,
    lock_scenario,
    remove_scenario,
    save_scenario,
)

LONGEST_NAME = 100


def choose_scenario(here: Visit, offered: Sequence[Saved]) -> Saved | None:
    """The saved scenario that the address names or the visitor chooses; None for the call's own values."""
    by_id = {str(one.id): one for one in offered}
    place, key = _place(here.call_id), f"scenario-{here.call_id}-{language()}"
    wanted = st.query_params.get("scenario") or st.session_state.get(place, "")
    if wanted not in by_id:
        if wanted and "scenario" in st.query_params:
            notices.warning(t("The scenario of this address is not here any more."))
        wanted = ""
    turn_to(here.call_id, wanted)
    st.session_state[key] = wanted

    def turn() -> None:
        turn_to(here.call_id, st.session_state[key] or "")

    st.selectbox(
        t("Scenario"),
        ["", *by_id],
        key=key,
        format_func=lambda one: _title(by_id[one]) if one in by_id else t("The call's own values"),
        on_change=turn,
        placeholder=t("Choose"),
    )
    return by_id.get(wanted)


def turn_to(call_id: str, scenario_id: int | str) -> None:
    """Put another scenario on the table, or with "" the call's own values; the address says which."""
    chosen = str(scenario_id)
    st.session_state[_place(call_id)] = chosen
    if chosen:
        st.query_params["scenario"] = chosen
    elif "scenario" in st.query_params:
        del st.query_params["scenario"]


def show_state(here: Visit, desk: Desk, saved: Saved | None) -> None:
    """Whether what is on the table is saved, and by whom and when it was saved, changed and locked."""
    state = Badge(t("Not saved"), "warn") if desk.changed else Badge(t("Saved"), "good")
    if saved is None and not desk.changed:
        state = Badge(t("As in the call"))
    if saved is not None and saved.locked_at is not None:
        state = Badge(t("Locked"), "good")
    rows: list[tuple[str, Cell]] = [(t("State"), state)]
    if saved is not None:
        rows.append((t("Saved"), _by(saved.created_by, moment(saved.created_at))))
        if saved.changed_at is not None:
            rows.append((t("Changed"), _by(saved.changed_by, moment(saved.changed_at))))
        if saved.locked_at is not None:
            rows.append((t("Locked"), _by(saved.locked_by, moment(saved.locked_at))))
        if saved.copied_from:
            rows.append((t("Copied from"), saved.copied_from))
    rows.append((t("See also"), Link(t("Compare scenarios"), "compare", (("call", here.call_id),))))
    facts(rows)
    if saved is not None and desk.changed and saved.version != desk.version:
        notices.warning(
            t(
                "The scenario was saved elsewhere after you began to change it. Save yours as a new one, or discard your "
                "changes to see the other."
            )
        )


def keep_forms(here: Visit, desk: Desk, saved: Saved | None, readable: bool, *, outdated: bool) -> None:
    """Save, save the changes, copy, discard, lock, remove: what the state of the scenario leaves open.

    ``outdated``: it was saved on another ranking than that of the moment.
    """
    open_to_change = saved is not None and saved.locked_at is None
    if not readable:
        notices.caption(t("Something typed below cannot be read. The scenario can be saved after it is mended."))
        return
    with st.container(horizontal=True):
        if saved is not None and open_to_change:
            if desk.changed and st.button(t("Save the changes"), type="primary", icon=":material/check:"):
                _change(here, desk, saved, t("The changes of the scenario {name} were saved.", name=saved.name))
            if outdated and st.button(t("Save on the ranking of the moment"), type="primary", icon=":material/check:"):
                _change(here, desk, saved, t("The scenario {name} was saved.", name=saved.name))
        if desk.changed and st.button(t("Discard the changes")):
            put_on_table(desk, desk.kept)
            _done(t("The changes were discarded."))
    _name_form(here, desk, saved)
    if saved is not None and open_to_change:
        _lock_or_remove(here, desk, saved)


def _change(here: Visit, desk: Desk, saved: Saved, words: str) -> None:
    with refusals_shown():
        change_scenario(here.house, here.actor, here.call_id, saved.id, desk.scenario, expected_version=desk.version)
        _done(words)


def _name_form(here: Visit, desk: Desk, saved: Saved | None) -> None:
    """Save under a new name; an unchanged saved scenario is copied with its awards set by hand."""
    copied = saved is not None and not desk.changed
    if copied:
        label = t("Copy the scenario")
    else:
        label = t("Save the scenario") if saved is None else t("Save as a new scenario")
    with st.form(f"keep-{desk.name}-{copied}", border=False):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        proposed = st.session_state.get(f"title-{desk.name}", "")
        label_of_name = t("Name of the copy") if copied else t("Name of the scenario")
        name = row.text_input(label_of_name, proposed, max_chars=LONGEST_NAME, width=420)
        if row.form_submit_button(label, type="primary" if saved is None else "secondary"):
            with refusals_shown():
                if saved is not None and copied:
                    kept = copy_scenario(here.house, here.actor, here.call_id, saved.id, name)
                else:
                    source = None if saved is None else saved.id
                    kept = save_scenario(here.house, here.actor, here.call_id, name, desk.scenario, begun_from=source)
                    # The one it began from is left as it is kept.
                    put_on_table(desk, desk.kept)
                st.session_state.pop(f"title-{desk.name}", None)
                turn_to(here.call_id, kept.id)
                _done(t("The scenario {name} was saved.", name=name.strip()))


def _lock_or_remove(here: Visit, desk: Desk, saved: Saved) -> None:
    with st.expander(t("Lock or remove")):
        if desk.changed:
            notices.caption(t("Save or discard the changes first."))
            return
        lock, remove = st.columns(2, gap="large")
        with lock:
            st.write(t("A locked scenario is not changed or removed any more. It can be copied."))
            final = st.checkbox(
                t("I understand that {name} cannot be unlocked.", name=notices.verbatim(saved.name)),
                key=f"final-{saved.id}",
            )
            seen = f"lock-seen-{saved.id}"
            if st.button(t("Lock the scenario"), icon=":material/lock:", on_click=_note, args=(seen, saved.version)):
                # The page has read the scenario anew: only what was on the screen is locked.
                version = int(st.session_state.pop(seen, saved.version))
                if not final:
                    notices.error(t("Confirm first that the scenario is locked for good. It is not locked yet."))
                    return
                with refusals_shown():
                    lock_scenario(here.house, here.actor, here.call_id, saved.id, expected_version=version)
                    _done(t("The scenario {name} is locked.", name=saved.name))
        with remove:
            st.write(t("A removed scenario is left in the log only."))
            sure = st.checkbox(t("Remove {name}", name=notices.verbatim(saved.name)), key=f"sure-{saved.id}")
            read = f"remove-seen-{saved.id}"
            if st.button(
                t("Remove the scenario"), icon=":material/delete:", on_click=_note, args=(read, saved.version)
            ):
                version = int(st.session_state.pop(read, saved.version))
                if not sure:
                    notices.error(t("Confirm first that the scenario is removed. It is still here."))
                    return
                with refusals_shown():
                    remove_scenario(here.house, here.actor, here.call_id, saved.id, expected_version=version)
                    turn_to(here.call_id, "")
                    _done(t("The scenario {name} was removed.", name=saved.name))


def _note(key: str, version: int) -> None:
    """Called with the version that was on the screen when the button was pressed."""
    st.session_state[key] = version


def _done(words: str) -> None:
    flash(words)
    st.rerun()


def _title(saved: Saved) -> str:
    return t("{name} (locked)", name=saved.name) if saved.locked_at is not None else saved.name


def _by(who: str | None, when: str) -> str:
    return f"{who}, {when}" if who else when


def _place(call_id: str) -> str:
    return f"scenario-on-table-{call_id}"
