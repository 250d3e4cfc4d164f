"""The consensus form: a level and a reason per criterion, and what the levels would do to score and rank."""

import streamlit as st

from calls.definition import CallDefinition, Criterion
from locales import Message
from ui import notices
from ui.consensus_draft import drafts
from ui.look import section
from ui.meeting_view import given_levels, item_link, rank_words, recorded_facts
from ui.session import Visit, flash, refusals_shown
from ui.tables import Cell, Column, Pair, facts, figures, table
from ui.texts import number, percent, say, score, t, tn
from workflow.errors import Conflicting, Refused
from workflow.meeting_consensus import Effect, OpenItem, preview_consensus, record_consensus, remove_consensus
from workflow.review_check import weights


def _key(item: OpenItem, kind: str, criterion_id: str = "") -> str:
    return f"consensus-{kind}-{item.row.view.case_number}-{criterion_id}"


def _stored_version(item: OpenItem) -> int:
    return item.row.consensus.version if item.row.consensus else 0


def _whose(here: Visit, item: OpenItem) -> tuple[int, str, str]:
    return here.actor.id, here.call_id, item.row.view.case_number


def _keys(item: OpenItem) -> list[str]:
    of_criteria = [_key(item, kind, c.id) for kind in ("level", "reason") for c in item.call.criteria]
    return [_key(item, "version"), _key(item, "note"), *of_criteria]


def _fill(here: Visit, item: OpenItem) -> None:
    """Put what was being written, or else the recorded consensus, into the fields that hold nothing."""
    if all(key in st.session_state for key in _keys(item)):
        return
    if (draft := drafts().find(_whose(here, item))) is not None:
        st.session_state.update(draft)
        return
    st.session_state.update(_stored(item))


def _stored(item: OpenItem) -> dict[str, object]:
    """The value of each field as it is recorded; empty without a consensus."""
    agreed = item.row.consensus
    values: dict[str, object] = {
        _key(item, "version"): _stored_version(item),
        _key(item, "note"): agreed.note if agreed else "",
    }
    for criterion in item.call.criteria:
        given = agreed.scores.get(criterion.id) if agreed else None
        values[_key(item, "level", criterion.id)] = given.level if given else None
        values[_key(item, "reason", criterion.id)] = given.reason if given else ""
    return values


def _forget(here: Visit, item: OpenItem) -> None:
    """Let the fields be filled anew from what is stored."""
    drafts().drop(_whose(here, item))
    for key in _keys(item):
        st.session_state.pop(key, None)


def _keep(here: Visit, item: OpenItem) -> None:
    """Keep what is being written; what is as stored needs no keeping."""
    values = {key: st.session_state.get(key) for key in _keys(item)}
    if values == _stored(item):
        drafts().drop(_whose(here, item))
    else:
        drafts().keep(_whose(here, item), values)


def _keep_mine(item: OpenItem) -> None:
    st.session_state[_key(item, "version")] = _stored_version(item)


def _levels(item: OpenItem) -> dict[str, int]:
    chosen = {c.id: st.session_state.get(_key(item, "level", c.id)) for c in item.call.criteria}
    return {key: level for key, level in chosen.items() if isinstance(level, int)}


def consensus_form(here: Visit, item: OpenItem) -> None:
    """Choose the levels and give the reasons; the effect on score and rank is shown as levels are chosen."""
    section(t("Consensus of the panel"))
    _fill(here, item)
    for criterion in item.call.criteria:
        _criterion(item, criterion)
    st.text_area(
        t("Discussion"),
        key=_key(item, "note"),
        help=t("What was said of the application. It goes into the minutes."),
    )
    _keep(here, item)
    notices.caption(t("What you write is kept until you record it, also when you leave the page."))
    _effect(here, item)
    # Beside the buttons, where the eyes are after pressing one.
    if st.session_state[_key(item, "version")] != _stored_version(item):
        _both(here, item)
    else:
        _buttons(here, item)
    _what_stands(here, item)


def _buttons(here: Visit, item: OpenItem) -> None:
    recorded = item.row.consensus is not None
    label = t("Record the changed consensus") if recorded else t("Record the consensus")
    record, back = st.columns(2)
    if record.button(label, type="primary", icon=":material/gavel:"):
        _record(here, item)
    sure = recorded and back.checkbox(t("The recorded consensus is to be taken back."))
    if recorded and back.button(t("Take the consensus back"), disabled=not sure):
        with refusals_shown():
            case, version = item.row.view.case_number, st.session_state[_key(item, "version")]
            remove_consensus(here.house, here.actor, here.call_id, case, version)
            _forget(here, item)
            flash(t("The consensus on {case} was taken back.", case=case))
            st.rerun()


def _what_stands(here: Visit, item: OpenItem) -> None:
    """What is recorded, and the way to the next application."""
    rows = recorded_facts(item.row.consensus) if item.row.consensus else []
    if item.following:
        rows.append((t("Next"), item_link(here, item.following)))
    facts(rows)


def _criterion(item: OpenItem, criterion: Criterion) -> None:
    labels = {rung.value: f"{rung.value} – {say(rung.label)}" for rung in criterion.levels}
    weight = percent(criterion.weight.value, sum(weights(item.call).values()))
    given = ", ".join(map(str, given_levels(item, criterion.id))) or "–"
    choice, why = st.columns([2, 3], gap="large")
    with choice:
        st.radio(
            t("{criterion} (weight {weight})", criterion=criterion.name, weight=weight),
            list(labels),
            index=None,
            format_func=lambda level: labels[level],
            key=_key(item, "level", criterion.id),
            help=say(criterion.question),
        )
        notices.caption(t("The reviewers gave: {levels}", levels=given))
    why.text_area(
        t("Reason, {criterion}", criterion=criterion.name),
        key=_key(item, "reason", criterion.id),
        height=180,
        help=t("Meant for the applicant."),
    )


def _record(here: Visit, item: OpenItem) -> None:
    case, state = item.row.view.case_number, st.session_state
    try:
        record_consensus(
            here.house,
            here.actor,
            here.call_id,
            case,
            _levels(item),
            {c.id: state.get(_key(item, "reason", c.id)) or "" for c in item.call.criteria},
            state.get(_key(item, "note")) or "",
            state[_key(item, "version")],
        )
    except Conflicting:
        st.rerun()  # which shows both beside each other
    except Refused as refused:
        _say(list(refused.messages))
        return
    _forget(here, item)
    flash(t("The consensus on {case} was recorded.", case=case))
    st.rerun()


def _say(messages: list[Message]) -> None:
    for message in messages:
        notices.error(say(message), icon=":material/block:")


def _effect(here: Visit, item: OpenItem) -> None:
    """What the chosen levels do to score and rank, before anything is saved."""
    levels = _levels(item)
    if len(levels) < len(item.call.criteria):
        notices.caption(t("The effect on score and rank is shown once every criterion has a level."))
        return
    with refusals_shown():
        effect = preview_consensus(here.house, here.actor, here.call_id, item.row.view.case_number, levels)
        figures(_figures(item, effect))
        if item.call.scoring.ranking_score.value == "mean":
            notices.caption(t("In this call the mean of the reviews ranks. The consensus is recorded beside it."))
        _moved(effect)


def _figures(item: OpenItem, effect: Effect) -> list[tuple[str, str, str]]:
    before, after = effect.before, effect.after
    shown = [
        (t("Score"), score(after.score), t("now {value}", value=score(before.score))),
        (t("Rank"), rank_words(after), t("now {value}", value=rank_words(before))),
    ]
    if item.line is not None:
        reached = after.score is not None and after.score >= item.line
        place = t("the score is at the line or above it") if reached else t("the score is below the line")
        shown.append((t("Line of the appropriation"), number(item.line, 2), place))
    return shown


def _moved(effect: Effect) -> None:
    n = len(effect.moved)
    if not n:
        notices.caption(t("No other application changes its rank."))
        return
    with st.expander(tn("{n} other application changes its rank", "{n} other applications change their rank", n)):
        table(
            t("Applications whose rank changes"),
            [
                Column(t("Case number")),
                Column(t("Project"), wide=True),
                Column(t("Rank now"), figures=True),
                Column(t("Rank after"), figures=True),
            ],
            [[m.case_number, m.project, _rank(m.before), _rank(m.after)] for m in effect.moved],
        )


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _both(here: Visit, item: OpenItem) -> None:
    """Somebody stored another consensus meanwhile: both beside each other, to choose from."""
    notices.warning(
        t("Somebody changed the consensus on this application meanwhile. Choose which one to go on from."),
        icon=":material/difference:",
    )
    agreed = item.row.consensus
    stored = {key: (found.level, found.reason) for key, found in agreed.scores.items()} if agreed else {}
    rows: list[list[Cell]] = []
    for criterion in item.call.criteria:
        mine = st.session_state.get(_key(item, "level", criterion.id))
        level, reason = stored.get(criterion.id, (None, ""))
        typed = st.session_state.get(_key(item, "reason", criterion.id)) or ""
        rows.append(
            [
                say(criterion.name),
                Pair(_label(item.call, criterion.id, level), reason),
                Pair(_label(item.call, criterion.id, mine), typed),
            ]
        )
    rows.append(
        [t("Discussion"), (agreed.note if agreed else "") or "–", st.session_state.get(_key(item, "note")) or "–"]
    )
    table(
        t("The stored consensus and yours"),
        [Column(t("Criterion")), Column(t("Stored"), wide=True), Column(t("Yours"), wide=True)],
        rows,
    )
    theirs, own = st.columns(2)
    theirs.button(t("Go on from the stored one"), on_click=_forget, args=(here, item))
    own.button(t("Go on from mine"), on_click=_keep_mine, args=(item,))


def _label(call: CallDefinition, criterion_id: str, level: int | None) -> str:
    if level is None:
        return t("no level")
    labels = {rung.value: say(rung.label) for rung in call.criterion(criterion_id).levels}
    return f"{level} – {labels.get(level, '')}"
