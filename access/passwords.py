"""Passwords: argon2id hashes, rules for what is accepted, generated passwords."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from locales import Message, msg

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 256

# Memory-hard with 46 MiB and two passes: at or above the OWASP recommendation, about 0.1 s on one core.
_HASHER = PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1)
# Each hashing takes 46 MiB; a flood of sign-ins must wait instead of exhausting the memory.
_AT_ONCE = BoundedSemaphore(4)
# Without characters that are mistaken for each other when read from paper.
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def hash_password(password: str) -> str:
    """The argon2id hash of ``password`` with its own salt."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def verify_password(stored_hash: str | None, password: str) -> bool:
    """Whether ``password`` matches; ``stored_hash`` None (no such account) costs the same work and is False."""
    candidate = password[:MAXIMUM_LENGTH]
    with _AT_ONCE:
        try:
            _HASHER.verify(stored_hash or _decoy(), candidate)
        except (VerificationError, InvalidHashError):
            return False
    return stored_hash is not None and len(password) <= MAXIMUM_LENGTH


def needs_rehash(stored_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored_hash)


def generate_password() -> str:
    """A random password of 20 characters (116 bits) in groups of five: ``xK7Tp-...``."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def password_fault(password: str, username: str) -> Message | None:
    """What is wrong with a new password, or None if it is accepted."""
    if len(password) < MINIMUM_LENGTH:
        return msg("The password is too short: use at least {minimum} characters.", minimum=MINIMUM_LENGTH)
    if len(password) > MAXIMUM_LENGTH:
        return msg("The password is too long: use at most {maximum} characters.", maximum=MAXIMUM_LENGTH)
    if len(set(password)) < 5:
        return msg("The password repeats the same few characters: use at least five different ones.")
    if username and username.casefold() in password.casefold() and len(password) - len(username) < 8:
        return msg("The password is the user name or nearly so: choose another.")
    return None


@cache
def _decoy() -> str:
    # The lock is held by the caller.
    return _HASHER.hash(secrets.token_urlsafe(32))
