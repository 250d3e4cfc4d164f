"""What the phase of the call leaves open on a page: no form is shown that would only be refused at the last click."""

from access.permissions import PHASES, Permission
from ui import notices
from ui.session import Visit
from ui.texts import t
from workflow.phases import get_stage


def is_open(here: Visit, permission: Permission) -> bool:
    """Whether the visitor has the permission and the phase of the call leaves it open."""
    return permission(here.actor) and get_stage(here.house, here.actor, here.call_id).is_open(permission)


def closed_notice(here: Visit, permission: Permission) -> None:
    """Say that the phase keeps closed what the page is for."""
    phase = get_stage(here.house, here.actor, here.call_id).phase
    notices.info(
        t(
            "The call is in the phase {phase}, which does not allow this: {what}.",
            phase=PHASES[phase],
            what=permission.text,
        )
    )
