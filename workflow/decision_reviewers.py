"""Reviewers in a decision: codes in place of names, bound to them by secret numbers."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from decisions.tables import Private, Row, commitment
from workflow.decision_read import Material


@dataclass(frozen=True, slots=True)
class Panel:
    """``codes``: account id -> code, R01 onwards in the order of the commitments, which tells nothing of the names."""

    codes: Mapping[int, str]
    private: Mapping[str, Private]

    def rows(self) -> list[Row]:
        """The table of reviewers."""
        return [{"reviewer": code, "commitment": commitment(one)} for code, one in self.private.items()]


def new_secret() -> str:
    """A secret that nobody can guess, for the numbers of one decision."""
    return secrets.token_hex(32)


def number_of(secret: str, *of: str | int) -> str:
    """The secret number of something, 64 hexadecimal digits: who has not the secret cannot guess it."""
    said = "\0".join(str(one) for one in of)
    return hmac.new(secret.encode(), said.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def panel_of(material: Material, secret: str) -> Panel:
    """Everybody whose review of a ranked application counts."""
    ranked = {one.view.id for one in material.ground.ranked}
    people = {
        account: Private(
            material.name_of(account) or str(account), number_of(secret, "reviewer", material.call.id, account)
        )
        for account in {review.reviewer_id for review in material.reviews if review.application_id in ranked}
    }
    order = sorted(people, key=lambda account: commitment(people[account]))
    width = max(2, len(str(len(order))))
    codes = {account: f"R{place:0{width}}" for place, account in enumerate(order, start=1)}
    return Panel(codes, {codes[account]: people[account] for account in order})
