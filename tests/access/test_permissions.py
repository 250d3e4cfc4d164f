"""The table of permissions, whole."""

import pytest

from access import permissions
from access.permissions import ROLES, Actor, Forbidden, Permission, require, require_own, terminal_actor

NAMED = {name: value for name, value in vars(permissions).items() if isinstance(value, Permission)}
EVERYBODY = {"reviewer", "chair", "officer", "decision_maker", "administrator"}
OVERSEERS = {"chair", "officer", "decision_maker"}
TABLE = {
    "can_see_call": EVERYBODY,
    "can_change_call": {"officer"},
    "can_change_phase": {"officer", "decision_maker"},
    "can_decide": {"decision_maker"},
    "can_set_deadline": {"officer", "chair"},
    "can_attach": {"officer"},
    "can_declare_conflict": {"reviewer", *OVERSEERS},
    "can_record_conflict": {"officer"},
    "can_open_texts": {"reviewer"},
    "can_see_reviews": {"reviewer", *OVERSEERS},
    "can_see_meeting": OVERSEERS,
    "can_import": {"officer"},
    "can_see_applications": {"reviewer", *OVERSEERS},
    "can_see_all_applications": OVERSEERS,
    "can_confirm_eligibility": {"officer"},
    "can_assign": {"officer"},
    "can_see_progress": {"officer", "chair"},
    "can_review": {"reviewer"},
    "can_return_review": {"officer", "chair"},
    "can_see_all_scores": OVERSEERS,
    "can_see_ranking": OVERSEERS,
    "can_see_reviewer_statistics": {"officer", "chair"},
    "can_lead_meeting": {"chair"},
    "can_see_scenarios": OVERSEERS,
    "can_run_scenarios": {"officer"},
    "can_see_decision": OVERSEERS,
    "can_examine_costs": {"officer"},
    "can_lock_ranking_rule": {"officer"},
    "can_write_reasons": {"officer"},
    "can_propose_decision": {"officer"},
    "can_approve_decision": {"decision_maker"},
    "can_replace_letter_template": {"officer"},
    "can_export": {"officer", "decision_maker"},
    "can_see_audit": {"officer", "decision_maker", "administrator"},
    "can_manage_accounts": {"administrator"},
}


def actor(*roles: str) -> Actor:
    return Actor(7, "virve", "Virve Virkamies", frozenset(roles))


def test_each_permission_belongs_to_exactly_its_roles() -> None:
    held = {name: {role for role in ROLES if NAMED[name](actor(role))} for name in NAMED}
    assert held == TABLE


def test_two_roles_give_what_either_gives() -> None:
    both = actor("reviewer", "chair")
    assert {name for name in NAMED if NAMED[name](both)} == {
        name for name, roles in TABLE.items() if roles & {"reviewer", "chair"}
    }


@pytest.mark.parametrize("stranger", [None, actor(), actor("auditor")])
def test_nothing_is_allowed_without_a_known_role(stranger: Actor | None) -> None:
    assert not any(permission(stranger) for permission in NAMED.values())


def test_require_names_what_was_refused() -> None:
    with pytest.raises(Forbidden) as refused:
        require(actor("reviewer"), permissions.can_import)
    assert refused.value.message.params["what"] == permissions.can_import.text
    assert require(actor("officer"), permissions.can_import) == actor("officer")


def test_require_own_refuses_what_is_assigned_to_another() -> None:
    assert require_own(actor("reviewer"), permissions.can_review, 7) == actor("reviewer")
    with pytest.raises(Forbidden):
        require_own(actor("reviewer"), permissions.can_review, 8)
    with pytest.raises(Forbidden):
        require_own(actor("officer"), permissions.can_review, 7)


def test_the_terminal_manages_accounts_and_prepares_but_reviews_nothing() -> None:
    terminal = terminal_actor("root")
    assert permissions.can_manage_accounts(terminal)
    assert permissions.can_import(terminal)
    assert not permissions.can_review(terminal)
