"""Who may do what: the one table of permissions, asked by every workflow function before anything is looked up.

A rule is a plain predicate over the actor; rules are combined (``is_officer | is_chair``), never rewritten.
Whatever no rule allows is denied.
"""

from collections.abc import Callable
from dataclasses import dataclass

from locales import Message, msg

REVIEWER = "reviewer"
CHAIR = "chair"
OFFICER = "officer"
DECISION_MAKER = "decision_maker"
ADMINISTRATOR = "administrator"

ROLES: dict[str, Message] = {
    REVIEWER: msg("Reviewer"),
    CHAIR: msg("Chair"),
    OFFICER: msg("Officer"),
    DECISION_MAKER: msg("Decision maker"),
    ADMINISTRATOR: msg("Administrator"),
}
"""Stable id of each role and its name on the screen."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or terminal) that acts. ``id`` is the account's; 0 is no account: the terminal."""

    id: int
    username: str
    name: str
    roles: frozenset[str]
    language: str = "fi"


def terminal_actor(name: str) -> Actor:
    """Who acts through manage.py: whoever can open the database file. ``name`` goes to the audit log."""
    return Actor(0, "", name, frozenset({OFFICER, ADMINISTRATOR}))


class Forbidden(Exception):
    """The actor may not do this; ``message`` says what was refused."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


@dataclass(frozen=True, slots=True)
class Rule:
    """A predicate over the actor that can be combined with ``|`` and ``&``."""

    holds: Callable[[Actor], bool]

    def __call__(self, actor: Actor) -> bool:
        """Whether the rule holds for ``actor``."""
        return self.holds(actor)

    def __or__(self, other: "Rule") -> "Rule":
        return Rule(lambda actor: self(actor) or other(actor))

    def __and__(self, other: "Rule") -> "Rule":
        return Rule(lambda actor: self(actor) and other(actor))


@dataclass(frozen=True, slots=True)
class Permission:
    """A named thing to do, the rule that allows it and its name in a refusal."""

    rule: Rule
    text: Message

    def __call__(self, actor: Actor | None) -> bool:
        """Whether ``actor`` may; nobody signed in may nothing."""
        return actor is not None and self.rule(actor)


def has_role(role: str) -> Rule:
    """The rule that the actor has ``role``."""
    return Rule(lambda actor: role in actor.roles)


is_reviewer = has_role(REVIEWER)
is_chair = has_role(CHAIR)
is_officer = has_role(OFFICER)
is_decision_maker = has_role(DECISION_MAKER)
is_administrator = has_role(ADMINISTRATOR)

takes_part = is_reviewer | is_chair | is_officer | is_decision_maker
oversees = is_officer | is_chair | is_decision_maker

can_see_call = Permission(takes_part | is_administrator, msg("seeing the call"))
can_change_call = Permission(is_officer, msg("changing the call"))
can_import = Permission(is_officer, msg("importing applications"))
can_see_applications = Permission(takes_part, msg("seeing applications"))
can_see_all_applications = Permission(oversees, msg("seeing all applications"))
can_confirm_eligibility = Permission(is_officer, msg("confirming eligibility"))
can_assign = Permission(is_officer, msg("assigning reviewers"))
can_see_progress = Permission(is_officer | is_chair, msg("seeing the progress of the reviews"))
can_review = Permission(is_reviewer, msg("reviewing applications"))
can_return_review = Permission(is_officer | is_chair, msg("returning a review for completion"))
can_see_all_scores = Permission(oversees, msg("seeing all scores"))
can_see_ranking = Permission(oversees, msg("seeing the ranking"))
can_lead_meeting = Permission(is_chair, msg("leading the panel meeting"))
can_see_scenarios = Permission(oversees, msg("seeing allocation scenarios"))
can_run_scenarios = Permission(is_officer, msg("running allocation scenarios"))
can_export = Permission(is_officer | is_decision_maker, msg("exporting workbooks"))
can_see_audit = Permission(is_officer | is_decision_maker | is_administrator, msg("seeing the audit log"))
can_manage_accounts = Permission(is_administrator, msg("managing accounts"))


def require(actor: Actor | None, permission: Permission) -> Actor:
    """``actor`` if it has ``permission``; raises Forbidden otherwise."""
    if actor is None or not permission(actor):
        raise Forbidden(msg("Your role does not allow this: {what}.", what=permission.text))
    return actor


def require_own(actor: Actor | None, permission: Permission, account_id: int) -> Actor:
    """``actor`` if it has ``permission`` and the thing is its own (assigned to ``account_id``); else Forbidden."""
    allowed = require(actor, permission)
    if allowed.id != account_id:
        raise Forbidden(msg("This belongs to another person: {what}.", what=permission.text))
    return allowed
