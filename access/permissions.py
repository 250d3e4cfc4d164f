"""Who may do what: the one table of permissions, asked by every workflow function before anything is looked up.

A rule is a plain predicate over the actor; rules are combined (``is_officer | is_chair``), never rewritten.
Whatever no rule allows is denied. What changes something names the phases of the call in which it is open.
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


PREPARATION = "preparation"
INTAKE = "intake"
REVIEW = "review"
MEETING = "meeting"
ALLOCATION = "allocation"
DECIDED = "decided"

PHASES: dict[str, Message] = {
    PREPARATION: msg("Preparation"),
    INTAKE: msg("Intake"),
    REVIEW: msg("Review"),
    MEETING: msg("Panel meeting"),
    ALLOCATION: msg("Distribution of the appropriation"),
    DECIDED: msg("Decided"),
}
"""Stable id of each phase of a call, in their order, and its name on the screen."""
ALWAYS = frozenset(PHASES)
UNTIL_DECIDED = ALWAYS - {DECIDED}
UNTIL_ALLOCATION = UNTIL_DECIDED - {ALLOCATION}
WHILE_REVIEWED = frozenset({REVIEW, MEETING})
FROM_REVIEW_ON = ALWAYS - {PREPARATION, INTAKE}


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
    """A named thing to do, the rule that allows it, its name in a refusal, and the phases in which it is open."""

    rule: Rule
    text: Message
    phases: frozenset[str] = ALWAYS

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
can_change_call = Permission(is_officer, msg("changing the call"), frozenset({PREPARATION}))
can_change_phase = Permission(is_officer | is_decision_maker, msg("changing the phase of the call"), UNTIL_DECIDED)
can_decide = Permission(is_decision_maker, msg("closing the call as decided"), frozenset({ALLOCATION}))
can_set_deadline = Permission(is_officer | is_chair, msg("setting the deadline of the reviews"), UNTIL_ALLOCATION)
can_import = Permission(is_officer, msg("importing applications"), UNTIL_ALLOCATION)
can_attach = Permission(is_officer, msg("adding and removing attachments"), UNTIL_ALLOCATION)
can_see_applications = Permission(takes_part, msg("seeing applications"))
can_see_all_applications = Permission(oversees, msg("seeing all applications"))
can_confirm_eligibility = Permission(is_officer, msg("confirming eligibility"), UNTIL_DECIDED)
can_assign = Permission(is_officer, msg("assigning reviewers"), UNTIL_ALLOCATION)
can_declare_conflict = Permission(takes_part, msg("declaring a conflict of interest"))
can_record_conflict = Permission(is_officer, msg("recording and lifting conflicts of interest"))
can_see_progress = Permission(is_officer | is_chair, msg("seeing the progress of the reviews"))
can_open_texts = Permission(is_reviewer, msg("reading the applications to review"), FROM_REVIEW_ON)
can_review = Permission(is_reviewer, msg("reviewing applications"), WHILE_REVIEWED)
can_return_review = Permission(is_officer | is_chair, msg("returning a review for completion"), WHILE_REVIEWED)
can_see_reviews = Permission(takes_part, msg("seeing others' reviews"))
can_see_all_scores = Permission(oversees, msg("seeing all scores"))
can_see_ranking = Permission(oversees, msg("seeing the ranking"))
can_see_reviewer_statistics = Permission(is_officer | is_chair, msg("seeing how reviewers score"))
can_see_meeting = Permission(oversees, msg("seeing the panel meeting"))
can_lead_meeting = Permission(is_chair, msg("leading the panel meeting"), frozenset({MEETING}))
can_see_scenarios = Permission(oversees, msg("seeing allocation scenarios"))
can_run_scenarios = Permission(is_officer, msg("saving allocation scenarios"), UNTIL_DECIDED & FROM_REVIEW_ON)
can_see_decision = Permission(oversees, msg("seeing the decision and the reasons"))
can_examine_costs = Permission(is_officer, msg("examining the costs of an application"), UNTIL_DECIDED)
can_lock_ranking_rule = Permission(is_officer, msg("locking the ranking rule"), frozenset({PREPARATION, INTAKE}))
can_write_reasons = Permission(is_officer, msg("writing reasons and their phrases"), UNTIL_DECIDED)
can_propose_decision = Permission(is_officer, msg("proposing a decision"), frozenset({ALLOCATION, DECIDED}))
can_approve_decision = Permission(is_decision_maker, msg("approving a decision"), frozenset({ALLOCATION, DECIDED}))
can_replace_letter_template = Permission(is_officer, msg("replacing the template of the letters"))
can_export = Permission(is_officer | is_decision_maker, msg("exporting workbooks"))
can_see_audit = Permission(is_officer | is_decision_maker | is_administrator, msg("seeing the audit log"))
can_manage_accounts = Permission(is_administrator, msg("managing accounts"))

OF_A_CALL: tuple[Permission, ...] = (
    can_see_call,
    can_change_call,
    can_change_phase,
    can_decide,
    can_set_deadline,
    can_import,
    can_attach,
    can_see_all_applications,
    can_confirm_eligibility,
    can_assign,
    can_declare_conflict,
    can_record_conflict,
    can_see_progress,
    can_open_texts,
    can_review,
    can_return_review,
    can_see_reviews,
    can_see_all_scores,
    can_see_ranking,
    can_see_reviewer_statistics,
    can_see_meeting,
    can_lead_meeting,
    can_see_scenarios,
    can_run_scenarios,
    can_see_decision,
    can_examine_costs,
    can_lock_ranking_rule,
    can_write_reasons,
    can_propose_decision,
    can_approve_decision,
    can_replace_letter_template,
    can_export,
    can_see_audit,
)
"""The permissions that the page of phases lists."""


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
