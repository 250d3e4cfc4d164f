"""What the sign-in pages and the gate need from the accounts, as a protocol: app.py gives the real thing."""

from dataclasses import dataclass
from typing import Literal, Protocol

from access.permissions import Actor
from locales import Message


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: who it is, and the token that its forms must bring back."""

    actor: Actor
    csrf: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that succeeded. ``token`` goes into the cookie and is stored nowhere."""

    token: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """A sign-in that failed; ``message`` says why as far as a stranger may know."""

    reason: Literal["wrong", "locked", "disabled", "too_many"]
    message: Message


class AccountService(Protocol):
    """The accounts as the web edge sees them. Every method may wait for the database."""

    def sign_in(self, username: str, password: str, client: str) -> SignedIn | SignInRefused:
        """Try a password; ``client`` is the network address it came from."""
        ...

    def session(self, token: str) -> Session | None:
        """The open session of a token; None once it has ended or its account is disabled."""
        ...

    def sign_out(self, token: str) -> None:
        """End the session of a token, if there is one."""
        ...

    def change_password(self, token: str, current: str, new: str) -> Message | None:
        """Change one's own password; the fault, or None when done. Other sessions of the account end."""
        ...

    def is_empty(self) -> bool:
        """Whether there is no account yet, so that nobody can sign in."""
        ...

    def set_language(self, token: str, language: str) -> None:
        """Remember the language of the account, if the session is open."""
        ...
