"""Invariants of accounts and sessions, and of everything that points to another table."""

from collections import Counter
from collections.abc import Iterator

from access.permissions import ROLES
from locales import LANGUAGES, Message, msg
from storage.accounts import fold
from storage.inspection import REFERENCES, key_of
from workflow.invariants_facts import Facts, Row, at_row
from workflow.invariants_types import Collection, Finding, found, instead, missing

OF_ACCOUNTS = Collection()


def _at_account(account: Row) -> Message:
    return msg("account {username}", username=account["username"])


@OF_ACCOUNTS("account_has_a_known_role", msg("Every account has a role, and only known roles."))
def _roles(facts: Facts) -> Iterator[Finding]:
    roles = facts.grouped("account_roles", "account_id")
    for row in facts.rows("accounts"):
        held = [given["role"] for given in roles.get(row["id"], ())]
        if not held or set(held) - ROLES.keys():
            yield Finding(_at_account(row), found(", ".join(held) or None))


@OF_ACCOUNTS("username_folded", msg("User names are stored in lower case without spaces around them."))
def _folded(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("accounts"):
        if row["username"] != fold(row["username"]) or not row["username"]:
            yield Finding(_at_account(row), instead(row["username"], fold(row["username"])))


@OF_ACCOUNTS("username_once", msg("A user name stands for one account."))
def _once(facts: Facts) -> Iterator[Finding]:
    counts = Counter(fold(row["username"]) for row in facts.rows("accounts"))
    for username, n in counts.items():
        if n > 1:
            yield Finding(msg("account {username}", username=username), instead(n, 1))


@OF_ACCOUNTS("account_language_known", msg("Every account has one of the languages of the service."))
def _language(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("accounts"):
        if row["language"] not in LANGUAGES:
            yield Finding(_at_account(row), found(row["language"]))


@OF_ACCOUNTS("account_has_a_secret", msg("Every account has a password, and its failed attempts are counted from 0."))
def _secret(facts: Facts) -> Iterator[Finding]:
    failed = {row["account_id"]: row["failed"] for row in facts.rows("account_secrets")}
    for row in facts.rows("accounts"):
        if failed.get(row["id"], -1) < 0:
            yield Finding(_at_account(row), missing("account_secrets"))


@OF_ACCOUNTS("no_session_of_a_disabled_account", msg("A disabled account has no session."))
def _disabled(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("sessions"):
        account = facts.accounts.get(row["account_id"])
        if account is not None and account["disabled"]:
            yield Finding(_at_account(account), found(row["created_at"]))


@OF_ACCOUNTS("session_times_go_forward", msg("A session is opened before it is used, and used before it expires."))
def _session_times(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("sessions"):
        times = [row["created_at"], row["last_seen_at"], row["expires_at"]]
        if times != sorted(times):
            where = msg("session of {person}", person=facts.person(row["account_id"]))
            yield Finding(where, found(", ".join(map(str, times))))


@OF_ACCOUNTS("references_exist", msg("What a row points to in another table exists."))
def _references(facts: Facts) -> Iterator[Finding]:
    known: dict[tuple[str, str], set[object]] = {}
    for table, column, target, target_column in REFERENCES:
        if (target, target_column) not in known:
            known[target, target_column] = {row[target_column] for row in facts.rows(target)}
        for row in facts.rows(table):
            if row[column] is not None and row[column] not in known[target, target_column]:
                # A session's key is a secret, which is not read.
                key = () if table == "sessions" else key_of(table, row)
                yield Finding(at_row(table, key), found(f"{column} = {row[column]}"))
