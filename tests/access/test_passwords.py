"""Passwords: what is accepted, and that only the right one opens."""

import pytest
from argon2 import PasswordHasher

from access.passwords import generate_password, hash_password, needs_rehash, password_fault, verify_password


def test_only_the_right_password_matches() -> None:
    stored = hash_password("pitkä salasana 1")
    assert stored.startswith("$argon2id$")
    assert verify_password(stored, "pitkä salasana 1")
    assert not verify_password(stored, "pitkä salasana 2")
    assert not needs_rehash(stored)


def test_no_account_and_a_broken_hash_match_nothing() -> None:
    assert not verify_password(None, "pitkä salasana 1")
    assert not verify_password("not a hash", "pitkä salasana 1")


def test_a_password_beyond_the_longest_is_not_cut_to_match() -> None:
    stored = hash_password("a" * 256)
    assert verify_password(stored, "a" * 256)
    assert not verify_password(stored, "a" * 257)


def test_an_older_hash_is_recognised() -> None:
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("lyhyt-salas", False),
        ("riittävä-sal", True),
        ("a1b2" * 64, False),
        ("a1b2c" * 51, True),
        ("a1b2c" * 52, False),
        ("virve.virkamies", False),
        ("Virve.Virkamies1", False),
        ("virve.virkamies ja viisi muuta sanaa", True),
        ("aaaaaaaaaaaaaaaa", False),
    ],
)
def test_new_passwords_follow_the_rules(password: str, accepted: bool) -> None:
    assert (password_fault(password, "virve.virkamies") is None) is accepted


def test_generated_passwords_are_accepted_and_differ() -> None:
    made = {generate_password() for _ in range(200)}
    assert len(made) == 200
    assert {password_fault(password, "virve") for password in made} == {None}
