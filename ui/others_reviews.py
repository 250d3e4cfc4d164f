"""Others' reviews beside each other, what changed since they were revealed, and every version of one."""

import streamlit as st

from access.permissions import can_return_review
from calls.definition import CallDefinition
from ui.labels import CONFIDENCES, review_badge
from ui.look import section
from ui.phase import is_open
from ui.session import Visit, flash, refusals_shown
from ui.tables import Badge, Cell, Column, Pair, table
from ui.texts import moment, say, score, t
from workflow.review_reading import ReadReview, ReviewVersion, read_reviews, return_review, review_history


def show_reviews(here: Visit, call: CallDefinition, case: str) -> list[ReadReview]:
    """All submitted reviews of an application: levels and reasons side by side, remarks below."""
    reviews = read_reviews(here.house, here.actor, here.call_id, case)
    names = [r.reviewer for r in reviews]
    table(
        t("Levels and reasons, reviewer by reviewer"),
        [Column(t("Criterion")), *(Column(name, wide=True) for name in names)],
        [
            *([say(c.name), *(_level(call, c.id, r) for r in reviews)] for c in call.criteria),
            [t("Score"), *(_total(r) for r in reviews)],
            [t("Own confidence"), *(confidence(r.confidence) for r in reviews)],
            [t("Remark for the panel only"), *(r.remark or "–" for r in reviews)],
            [t("Submitted"), *(moment(r.submitted_at) for r in reviews)],
        ]
        if reviews
        else [],
    )
    return reviews


def _level(call: CallDefinition, criterion_id: str, review: ReadReview) -> Cell:
    given = review.scores.get(criterion_id)
    if given is None or given.level is None:
        return t("not scored")
    labels = {rung.value: say(rung.label) for rung in call.criterion(criterion_id).levels}
    return Pair(f"{given.level} – {labels.get(given.level, '')}", given.reason)


def _total(review: ReadReview) -> Cell:
    if review.changed:
        return Pair(score(review.composite), t("was {score} when the reviews opened", score=score(review.at_reveal)))
    return score(review.composite)


def confidence(value: int | None) -> str:
    """Own confidence in words."""
    return say(CONFIDENCES[value]) if value in CONFIDENCES else t("not stated")


def history(here: Visit, call: CallDefinition, case: str, reviewer_id: int, name: str) -> None:
    """Every version of one review, the newest first; two of them can be compared."""
    versions = review_history(here.house, here.actor, here.call_id, case, reviewer_id)
    if len(versions) < 2:
        return
    with st.expander(t("Versions of the review, {name} ({n})", name=name, n=len(versions))):
        table(
            t("Versions"),
            [
                Column(t("Version"), figures=True),
                Column(t("Saved")),
                Column(t("State")),
                Column(t("By")),
                Column(t("What changed"), wide=True),
            ],
            [
                [str(v.version), moment(v.saved_at), review_badge(v.state), v.saved_by, _changed(call, v)]
                for v in versions
            ],
        )
        _compare(call, versions, f"{case}-{reviewer_id}")


def _changed(call: CallDefinition, version: ReviewVersion) -> str:
    names = {c.id: say(c.name) for c in call.criteria} | {
        "remark": t("Remark for the panel only"),
        "confidence": t("Own confidence"),
        "state": t("State"),
    }
    parts = [names.get(key, key) for key in version.changed]
    if version.revealed:
        parts.append(t("others' reviews opened"))
    if version.state == "returned" and version.return_reason:
        parts.append(t("to be completed: {reason}", reason=version.return_reason))
    return "; ".join(parts) or "–"


def _compare(call: CallDefinition, versions: list[ReviewVersion], key: str) -> None:
    numbers = {v.version: v for v in versions}
    one, other = st.columns(2)
    choose = t("Choose")
    old = numbers[one.selectbox(t("Compare version"), list(numbers), index=1, key=f"old-{key}", placeholder=choose)]
    new = numbers[other.selectbox(t("with version"), list(numbers), index=0, key=f"new-{key}", placeholder=choose)]

    def shown(version: ReviewVersion, criterion_id: str) -> Cell:
        given = version.scores.get(criterion_id)
        level = None if given is None else given.level
        return Pair(t("not scored") if level is None else str(level), "" if given is None else given.reason)

    rows: list[list[Cell]] = [
        [say(c.name), shown(old, c.id), shown(new, c.id), _mark(old.scores.get(c.id) != new.scores.get(c.id))]
        for c in call.criteria
    ]
    rows.append([t("Remark for the panel only"), old.remark or "–", new.remark or "–", _mark(old.remark != new.remark)])
    rows.append(
        [
            t("Own confidence"),
            confidence(old.confidence),
            confidence(new.confidence),
            _mark(old.confidence != new.confidence),
        ]
    )
    titles = [t("Version {n}", n=old.version), t("Version {n}", n=new.version)]
    table(
        t("The two versions beside each other"),
        [Column(t("Field")), Column(titles[0], wide=True), Column(titles[1], wide=True), Column(t("Differs"))],
        rows,
    )


def _mark(differs: bool) -> Cell:
    return Badge(t("differs"), "warn") if differs else "–"


def return_form(here: Visit, case: str, reviews: list[ReadReview]) -> None:
    """Return somebody's submitted review for completion, for chair and officers in the phases that allow it."""
    others = {r.reviewer_id: r.reviewer for r in reviews if r.reviewer_id != here.actor.id}
    if not others or not is_open(here, can_return_review):
        return
    with st.expander(t("Return a review for completion")), st.form("return", border=False):
        who = st.selectbox(
            t("Whose review"), list(others), index=None, format_func=lambda i: others[i], placeholder=t("Choose")
        )
        reason = st.text_area(t("What is to be completed"))
        if st.form_submit_button(t("Return the review")):
            with refusals_shown():
                return_review(here.house, here.actor, here.call_id, case, who or 0, reason)
                flash(t("The review was returned."))
                st.rerun()


def reviews_section(here: Visit, call: CallDefinition, case: str) -> None:
    """The whole section: reviews, the versions of others' ones (one's own are beside its form), returning one."""
    section(t("Reviews of the application"))
    with refusals_shown():
        reviews = show_reviews(here, call, case)
        for review in reviews:
            if review.reviewer_id != here.actor.id:
                history(here, call, case, review.reviewer_id, review.reviewer)
        return_form(here, case, reviews)
