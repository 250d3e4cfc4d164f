"""Eligibility rules about time, theme, excluded fields and what must be described."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from calls.application import Application
from calls.definition import CallDefinition, Item
from calls.findings import CLOSING, DESCRIBED, Finding, describe, stands
from locales import LocalText, Param, msg

_FEW_WORDS = 3
_SHOWN_WORDS = 8


def _minute(moment: datetime) -> datetime:
    # Compared in UTC: two local times of one zone compare by the clock, which is wrong in the repeated autumn hour.
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def opening(application: Application, call: CallDefinition) -> Finding:
    """Not before the opening. Early loses no right, so the officer looks: often the time was recorded wrongly."""
    opens = call.window.opens
    if opens is None:
        return Finding("opening", "met", msg("The call does not state when it opened."), stands(call, "call", None))
    basis = stands(call, opens.source, opens.note or msg("the call opens {moment}", moment=opens.value))
    if _minute(application.arrived_at) >= _minute(opens.value):
        return Finding("opening", "met", msg("The call opened {opens}, before the arrival.", opens=opens.value), basis)
    return Finding(
        "opening",
        "check",
        msg("Arrived {arrived}; the call opened {opens}.", arrived=application.arrived_at, opens=opens.value),
        basis,
    )


def closing(application: Application, call: CallDefinition) -> Finding:
    """Inside the window to the minute: an arrival during the closing minute (16:15:00 to 16:15:59) is in time."""
    closes = call.window.closes
    late = _minute(application.arrived_at) > _minute(closes.value)
    text = (
        msg(
            "Arrived {arrived}, after the closing {closes}.",
            arrived=application.arrived_at,
            closes=closes.value,
        )
        if late
        else msg(
            "Arrived {arrived}, in time for the closing {closes}.",
            arrived=application.arrived_at,
            closes=closes.value,
        )
    )
    basis = stands(call, closes.source, closes.note or msg("the call closes {moment}", moment=closes.value))
    return Finding(CLOSING, "not_met" if late else "met", text, basis)


def theme(application: Application, call: CallDefinition) -> Finding:
    """The theme is one of the call's. An empty one can be supplied; another one is outside the call."""
    names: list[Param] = [item.name for item in call.themes]
    viewpoint = call.theme_word == "viewpoint"
    chosen = call.theme(application.theme)
    if chosen is not None:
        text = (
            msg("The viewpoint is one of the call's: {theme}.", theme=chosen.name)
            if viewpoint
            else msg("The theme is one of the call's: {theme}.", theme=chosen.name)
        )
        return Finding("theme", "met", text, stands(call, chosen.source, describe(chosen)))
    basis = stands(call, call.themes[0].source, names)
    if application.theme.strip():
        text = (
            msg(
                "{theme} is not a viewpoint of the call. Accepted: {themes}.",
                theme=application.theme,
                themes=names,
            )
            if viewpoint
            else msg(
                "{theme} is not a theme of the call. Accepted: {themes}.",
                theme=application.theme,
                themes=names,
            )
        )
        return Finding("theme", "not_met", text, basis)
    if viewpoint:
        text = msg("The viewpoint is not stated. Accepted: {themes}.", themes=names)
        ask = msg("State which viewpoint of the call the project stresses: {themes}.", themes=names)
    else:
        text = msg("The theme is not stated. Accepted: {themes}.", themes=names)
        ask = msg("State which theme of the call the project belongs to: {themes}.", themes=names)
    return Finding("theme", "not_met", text, basis, ask)


def excluded_fields(application: Application, call: CallDefinition) -> Finding:
    """Words of an excluded field in name, summary or process change make the officer look; they never decide."""
    text = "\n".join((application.project_name, application.summary, application.process_change))
    hits = {item.id: words for item in call.exclusions if (words := _words(text, item))}
    items = [item for item in call.exclusions if item.id in hits] or list(call.exclusions)
    if not items:
        return Finding("excluded_fields", "met", msg("The call excludes no field."), stands(call, "call", None))
    source = items[0].source
    basis = stands(call, source, _sentences([describe(item) for item in items if item.source == source]))
    if not hits:
        return Finding("excluded_fields", "met", msg("No words of an excluded field were found."), basis)
    found: list[Param] = [
        msg("{field} ({words})", field=item.name, words=list(hits[item.id])) for item in items if item.id in hits
    ]
    return Finding(
        "excluded_fields",
        "check",
        msg("Words of an excluded field were found: {found}. Check whether the project is in it.", found=found),
        basis,
    )


def _sentences(texts: list[LocalText]) -> LocalText:
    fi, sv, en = (" ".join(text.get(lang) for text in texts) for lang in ("fi", "sv", "en"))
    return LocalText(fi, sv, en)


def _words(text: str, item: Item) -> tuple[str, ...]:
    if not item.keywords:
        return ()
    found = (" ".join(hit.group().lower().split()) for hit in _pattern(item.keywords).finditer(text))
    return tuple(dict.fromkeys(found))[:_SHOWN_WORDS]


@cache
def _pattern(keywords: tuple[str, ...]) -> re.Pattern[str]:
    """Words that begin with one of the keywords, whole; a space in a keyword is any white space."""
    stems = (r"\s+".join(map(re.escape, word.split())) for word in sorted(keywords, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(stems)})\w*", re.IGNORECASE)


def described(application: Application, call: CallDefinition, item: Item) -> Finding:
    """A text that the call requires is there. A text of one or two words is for the officer to look at."""
    text = {
        "summary": application.summary,
        "process_change": application.process_change,
        "dissemination": application.dissemination,
        "consortium": application.consortium,
    }[item.id]
    basis = stands(call, item.source, describe(item))
    ask = msg("Add to the application: {name}. {description}", name=item.name, description=describe(item))
    words = re.findall(r"\w+", text)
    if not words:
        return Finding(DESCRIBED + item.id, "not_met", msg("{name}: nothing is described.", name=item.name), basis, ask)
    if len(words) < _FEW_WORDS:
        found = msg("{name}: the whole text is “{text}”.", name=item.name, text=text.strip()[:60])
        return Finding(DESCRIBED + item.id, "check", found, basis, ask)
    return Finding(DESCRIBED + item.id, "met", msg("{name}: described.", name=item.name), basis)


def duplicate_key(application: Application) -> tuple[str, str]:
    """What makes two applications look like one: the coordinator's business ID (or name) and the project's name."""
    coordinator = application.coordinator
    return _fold(coordinator.business_id or coordinator.name), _fold(application.project_name)


def duplicate(application: Application, others: Iterable[Application]) -> Finding:
    """Another case number with the same coordinating applicant and project name is for the officer to look at."""
    key = duplicate_key(application)
    twins = {other.case_number for other in others if duplicate_key(other) == key} - {application.case_number}
    basis = msg("Discretionary Government Grants Act 688/2001: the same costs are not supported twice.")
    if not twins:
        return Finding("duplicate", "met", msg("No other application has the same applicant and project name."), basis)
    text = msg("Same coordinating applicant and project name as in {cases}.", cases=[*sorted(twins)])
    return Finding("duplicate", "check", text, basis)


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
