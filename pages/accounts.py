"""Accounts: who can sign in, in which roles; for the administrator."""

import streamlit as st

from access.permissions import ROLES
from locales import LANGUAGES
from ui.labels import language_name
from ui.look import heading, section
from ui.session import flash, refusals_shown, visit
from ui.tables import Badge, Column, Pair, table
from ui.texts import choice, say, t
from workflow.accounts import (
    AccountRow,
    add_account,
    disable_account,
    enable_account,
    list_accounts,
    list_municipalities,
    municipality_name,
    reset_password,
    set_affiliation,
)


def _affiliation_form(account: AccountRow) -> None:
    """The municipality and employer of a person, from which conflicts of interest are proposed."""
    names = list_municipalities()
    if account.municipality_code:
        names.setdefault(account.municipality_code, municipality_name(account.municipality_code))
    codes = ["", *sorted(names, key=lambda code: say(names[code]))]
    with st.form(f"affiliation-{account.id}", border=False):
        st.write(t("Conflicts of interest are proposed when one of these is among the parties of an application."))
        code = st.selectbox(
            t("Municipality the person works or holds office for"),
            codes,
            index=codes.index(account.municipality_code),
            format_func=lambda code: f"{say(names[code])} ({code})" if code else t("Not known"),
        )
        employer = st.text_input(t("Employer: name, business ID or both"), account.employer, max_chars=200)
        if st.form_submit_button(t("Save the municipality and employer")):
            with refusals_shown():
                set_affiliation(engine, here.actor, account.username, municipality=code, employer=employer)
                flash(t("The account {username} was changed.", username=account.username))
                st.rerun()


here = visit()
heading(t("Accounts"), t("Who can sign in and in which roles. Passwords are shown once, when they are made."))
engine = here.house.engine
with refusals_shown():
    found = list_accounts(engine, here.actor)
    table(
        t("Accounts"),
        [
            Column(t("User name")),
            Column(t("Name")),
            Column(t("Roles")),
            Column(t("Municipality and employer")),
            Column(t("Language")),
            Column(t("State")),
        ],
        [
            [
                a.username,
                a.name,
                ", ".join(say(ROLES[role]) for role in ROLES if role in a.roles),
                Pair(say(municipality_name(a.municipality_code)) or "–", a.employer),
                language_name(a.language),
                Badge(t("Disabled"), "bad") if a.disabled else Badge(t("In use"), "good"),
            ]
            for a in found
        ],
    )
    section(t("Add an account"))
    with st.form("add", border=False, clear_on_submit=True):
        username = st.text_input(t("User name"), max_chars=64)
        name = st.text_input(t("Name"), max_chars=200)
        roles = st.multiselect(
            t("Roles"), list(ROLES), format_func=choice(ROLES), placeholder=t("Choose"), select_all=False
        )
        lang = st.radio(t("Language"), LANGUAGES, format_func=language_name, horizontal=True)
        if st.form_submit_button(t("Add the account"), type="primary"):
            with refusals_shown():
                added, password = add_account(
                    engine, here.actor, username=username, name=name, roles=roles, language=lang
                )
                flash(
                    t(
                        "{username} was added. Password, shown only now: {password}",
                        username=added.username,
                        password=password,
                    )
                )
                st.rerun()
    section(t("Change an account"))
    chosen = st.selectbox(t("Account"), [a.username for a in found], index=None, placeholder=t("Choose"))
    if chosen is not None:
        account = next(a for a in found if a.username == chosen)
        disabled = account.disabled
        turn, renew = st.columns(2)
        if turn.button(t("Let the account sign in again") if disabled else t("Disable the account")):
            with refusals_shown():
                (enable_account if disabled else disable_account)(engine, here.actor, chosen)
                flash(t("The account {username} was changed.", username=chosen))
                st.rerun()
        if renew.button(t("Make a new password")):
            with refusals_shown():
                _, password = reset_password(engine, here.actor, chosen)
                flash(t("New password of {username}, shown only now: {password}", username=chosen, password=password))
                st.rerun()
        _affiliation_form(account)
