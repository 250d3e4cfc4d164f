"""Awards set by hand: changing one, how the rest follows, and the list of them with what each costs."""

from collections.abc import Mapping, Sequence

import streamlit as st

from locales import LocalText, Message, Money, msg
from locales.parse import MoneyError, parse_euros
from ui import notices
from ui.allocation_words import case_link, decimals, project_names
from ui.look import section
from ui.session import Visit, flash, refusals_shown
from ui.tables import Badge, Cell, Column, Pair, table
from ui.texts import choice, language, moment, money, number, say, t
from workflow.by_hand import SavedRun, drop_award, set_award, set_rest
from workflow.hand_runs import Rest
from workflow.scenarios import Run

REST: Mapping[Rest, Message] = {
    "kept": msg("The other awards stay as the rule gave them"),
    "reoptimised": msg("The other awards are distributed anew around it"),
}
LONGEST_REASON = 2_000


def award_form(here: Visit, run: Run, saved: SavedRun, case: str) -> None:
    """Change one award of a saved scenario, with a reason."""
    section(t("Change this award by hand"))
    notices.caption(
        t(
            "What the rule gives stays visible beside what is set by hand, and so does the price. The reason is recorded in the log and in the decision workbook."
        )
    )
    _rest(here, saved)
    if saved.saved.rest == "kept":
        room = run.allocation.remaining - run.scenario.reserve
        notices.caption(t("While the other awards stay, at most {room} more can be granted.", room=Money(room)))
    present = next(award.granted for award in run.allocation.awards if award.id == case)
    with st.form(f"by-hand-{saved.saved.id}-{case}", border=False):
        left, right = st.columns([1, 2])
        typed = left.text_input(
            t("Grant in whole euros; 0 for no grant"),
            money(present),
            max_chars=40,
            key=f"by-hand-euros-{saved.saved.id}-{case}-{language()}",
        )
        reason = right.text_area(
            t("Reason"), max_chars=LONGEST_REASON, height=90, key=f"by-hand-reason-{saved.saved.id}-{case}"
        )
        if st.form_submit_button(t("Set the award by hand"), type="primary", on_click=_note, args=(saved,)):
            _set(here, saved, case, typed, reason)


def _set(here: Visit, saved: SavedRun, case: str, typed: str, reason: str) -> None:
    try:
        euros = parse_euros(typed)
    except MoneyError as error:
        notices.error(f"{say(error.message)} {say(error.accepted)}")
        return
    if not reason.strip():
        notices.error(t("The reason is missing. Say why the award differs from what the rule gives."))
        return
    with refusals_shown():
        set_award(
            here.house,
            here.actor,
            here.call_id,
            saved.saved.id,
            case,
            euros,
            reason,
            expected_version=_noted(saved),
        )
        flash(t("The award of {case} was set by hand: {euros}.", case=case, euros=Money(euros)))
        st.rerun()


def _note(saved: SavedRun) -> None:
    """Called with what was on the screen when the button was pressed; the page then reads the scenario anew."""
    st.session_state[f"by-hand-seen-{saved.saved.id}"] = saved.saved.version


def _noted(saved: SavedRun) -> int:
    """The version that was on the screen: what somebody saved since is not overwritten unseen."""
    return int(st.session_state.pop(f"by-hand-seen-{saved.saved.id}", saved.saved.version))


def show_by_hand(here: Visit, run: Run, saved: SavedRun, changeable: bool) -> None:
    """The awards set by hand with what the rule would give, the price, the broken rules, and who set them."""
    if not saved.saved.by_hand:
        return
    section(t("Awards set by hand"))
    if not changeable:
        notices.caption(say(REST[saved.saved.rest]) + ".")
    names, deviations = project_names(run), {one.case_number: one for one in saved.deviations}
    rows: list[list[Cell]] = []
    for one in saved.saved.by_hand:
        deviation = deviations.get(one.case_number)
        rows.append(
            [
                case_link(here.call_id, one.case_number),
                "–" if deviation is None else money(deviation.by_rule),
                money(one.granted),
                "–"
                if deviation is None or deviation.price is None
                else number(deviation.price, decimals(run.scenario)),
                _broken(() if deviation is None else deviation.broken),
                one.reason,
                Pair(one.by, moment(one.at)),
            ]
        )
    table(
        t("Awards set by hand, beside what the rule gives"),
        [
            Column(t("Case number")),
            Column(t("By the rule"), figures=True),
            Column(t("Set by hand"), figures=True),
            Column(t("Price"), figures=True),
            Column(t("Broken rules")),
            Column(t("Reason"), wide=True),
            Column(t("By whom and when")),
        ],
        rows,
    )
    if saved.gone:
        notices.warning(
            t(
                "These applications are in the ranking no longer, so their awards do not count: {cases}.",
                cases=", ".join(saved.gone),
            )
        )
    notices.caption(t("The price is how much of the value that the rule maximises is lost by the award."))
    if changeable:
        _drop(here, saved, names)


def _broken(rules: Sequence[Message | LocalText | str]) -> Cell:
    if not rules:
        return "–"
    return Badge(", ".join(say(rule) for rule in rules), "warn")


def _rest(here: Visit, saved: SavedRun) -> None:
    options: list[Rest] = list(REST)
    # A choice is about the version it was made on: what somebody else chose since is shown, not undone.
    place = f"rest-{saved.saved.id}-{saved.saved.version}-{language()}"
    # A refused choice is not shown as the one in force: the field begins anew.
    refused = st.session_state.setdefault(f"{place}-refused", 0)
    key = f"{place}-{refused}"
    chosen = st.radio(
        t("The rest of the awards"),
        options,
        index=options.index(saved.saved.rest),
        format_func=choice(REST),
        key=key,
    )
    if chosen != saved.saved.rest:
        st.session_state[f"{place}-refused"] = refused + 1
        with refusals_shown():
            set_rest(here.house, here.actor, here.call_id, saved.saved.id, chosen, expected_version=saved.saved.version)
            st.rerun()


def _drop(here: Visit, saved: SavedRun, names: Mapping[str, str]) -> None:
    cases = [one.case_number for one in saved.saved.by_hand]
    with st.form(f"drop-by-hand-{saved.saved.id}", border=False):
        case = st.selectbox(
            t("Award to give back to the rule"),
            cases,
            format_func=lambda key: f"{key} · {names.get(key, '–')}",
            key=f"drop-case-{saved.saved.id}-{language()}",
            placeholder=t("Choose"),
        )
        if st.form_submit_button(t("Give it back to the rule"), on_click=_note, args=(saved,)):
            with refusals_shown():
                drop_award(here.house, here.actor, here.call_id, saved.saved.id, case, expected_version=_noted(saved))
                flash(t("The award of {case} follows the rule again.", case=case))
                st.rerun()
