"""A review in the widgets of one browser tab: what it began from, what is filled in, and saving it."""

from dataclasses import dataclass

import streamlit as st

from calls.definition import CallDefinition
from locales import Message
from ui.session import Visit
from workflow.errors import Conflicting, Refused
from workflow.reviewing import Draft, ReviewForm, open_review, save_draft

NOT_SCORED = "not_scored"
"""The first choice of every scale. It is a choice of its own, so that a level can be taken back; it is never 0."""
_KINDS = ("remark", "confidence", "level", "reason")


@dataclass(slots=True)
class Held:
    """What a tab holds of a review: ``base`` was stored as ``version``, ``mine`` is filled in on top of it.

    It lies beside the widgets because Streamlit drops the state of widgets that a run did not draw.
    """

    version: int
    base: Draft
    mine: Draft
    refused: tuple[Message, ...] = ()
    settled: int = 0
    """How many times the person chose between two versions here."""


def key(kind: str, form: ReviewForm, criterion_id: str = "") -> str:
    """The key of a widget of the form."""
    return f"review-{kind}-{form.application_id}-{criterion_id}"


def closed(form: ReviewForm) -> bool:
    """Whether nothing can be changed: the review is submitted, or the phase is not one of reviewing."""
    return form.submitted or not form.writable


def stored_draft(form: ReviewForm) -> Draft:
    """The stored review as a draft; an empty one when nothing is stored."""
    scores = form.review.scores if form.review else {}
    found = {criterion.id: scores.get(criterion.id) for criterion in form.call.criteria}
    return Draft(
        levels={name: score.level if score else None for name, score in found.items()},
        reasons={name: score.reason if score else "" for name, score in found.items()},
        remark=form.review.remark if form.review else "",
        confidence=form.review.confidence if form.review else None,
        application_version=form.application_version,
    )


def shown_draft(form: ReviewForm) -> Draft:
    """What the widgets hold now."""
    state = st.session_state
    confidence = state.get(key("confidence", form))
    return Draft(
        levels={c.id: level_of(state.get(key("level", form, c.id))) for c in form.call.criteria},
        reasons={c.id: state.get(key("reason", form, c.id)) or "" for c in form.call.criteria},
        remark=state.get(key("remark", form)) or "",
        confidence=level_of(confidence),
        application_version=form.application_version,
    )


def level_of(choice: object) -> int | None:
    """The level of a choice; None for "not scored" and "not stated"."""
    return choice if isinstance(choice, int) else None


def same(call: CallDefinition, one: Draft, other: Draft) -> bool:
    """Whether two drafts would be stored alike."""
    return _content(call, one) == _content(call, other)


def _content(call: CallDefinition, draft: Draft) -> tuple[object, ...]:
    scores = [(draft.levels.get(c.id), draft.reasons.get(c.id, "").strip()) for c in call.criteria]
    return (*scores, draft.remark.strip(), draft.confidence)


def held(form: ReviewForm) -> Held:
    """What this tab holds; ``fill`` has to have run."""
    found: Held = st.session_state[key("held", form)]
    return found


def fill(form: ReviewForm) -> bool:
    """Put the review into the widgets unless they hold it; True when newer saved content was taken over.

    What was filled in here and not saved stays. A tab without such changes follows what is saved elsewhere.
    """
    own: Held | None = st.session_state.get(key("held", form))
    drawn = all(name in st.session_state for name in _widgets(form))
    if own is not None and drawn and not closed(form):
        own.mine = shown_draft(form)
    if own is not None and not closed(form) and not same(form.call, own.mine, own.base):
        if not drawn:
            _show(form, own.mine)
        return False
    if own is not None and drawn and own.version == form.version:
        return False
    take(form)
    return own is not None and own.version != form.version


def take(form: ReviewForm) -> None:
    """Show what is stored, in place of everything this tab holds."""
    own: Held | None = st.session_state.get(key("held", form))
    stored = stored_draft(form)
    settled = own.settled if own else 0
    st.session_state[key("held", form)] = Held(form.version, stored, stored, settled=settled)
    _show(form, stored)


def _show(form: ReviewForm, draft: Draft) -> None:
    st.session_state[key("remark", form)] = draft.remark
    st.session_state[key("confidence", form)] = NOT_SCORED if draft.confidence is None else draft.confidence
    for criterion in form.call.criteria:
        level = draft.levels.get(criterion.id)
        st.session_state[key("level", form, criterion.id)] = NOT_SCORED if level is None else level
        st.session_state[key("reason", form, criterion.id)] = draft.reasons.get(criterion.id, "")


def _widgets(form: ReviewForm) -> list[str]:
    parts = [(kind, criterion.id) for criterion in form.call.criteria for kind in ("level", "reason")]
    return [key(kind, form, part) for kind, part in [("remark", ""), ("confidence", ""), *parts]]


def forget(form: ReviewForm) -> None:
    """Forget the form: the next run begins from what is stored."""
    prefix = tuple(f"review-{kind}-{form.application_id}-" for kind in ("held", *_KINDS))
    for name in [name for name in st.session_state if str(name).startswith(prefix)]:
        del st.session_state[name]


def in_conflict(form: ReviewForm) -> bool:
    """Whether something newer is stored than what the changes of this tab were made on."""
    own = held(form)
    return not closed(form) and own.version != form.version and not same(form.call, own.mine, own.base)


def save(here: Visit, form: ReviewForm, case: str) -> None:
    """Save what the widgets hold. Called at every change; a refusal is kept to be shown."""
    if key("held", form) not in st.session_state or not all(name in st.session_state for name in _widgets(form)):
        return  # nothing is saved from widgets that are not there
    own = held(form)
    own.mine = shown_draft(form)
    if same(form.call, own.mine, own.base):
        return
    _store(here, case, own, own.mine, own.version)


def settle(here: Visit, form: ReviewForm, case: str, chosen: Draft) -> None:
    """Save what the person chose from two versions, on top of the stored one that they saw (``form``)."""
    own = held(form)
    if same(form.call, chosen, stored_draft(form)) or _store(here, case, own, chosen, form.version):
        newest = open_review(here.house, here.actor, here.call_id, case)
        take(newest)
        held(newest).settled = own.settled + 1


def settle_by_taking(form: ReviewForm) -> None:
    """Take everything that is stored, in place of what was filled in here."""
    take(form)
    held(form).settled += 1


def _store(here: Visit, case: str, own: Held, draft: Draft, version: int) -> bool:
    try:
        saved = save_draft(here.house, here.actor, here.call_id, case, draft, version)
    except Conflicting:
        own.refused = ()  # both versions are shown beside each other
    except Refused as refused:
        own.refused = tuple(refused.messages)
    else:
        own.version, own.base, own.refused = saved.version, own.mine, ()
        return True
    return False
