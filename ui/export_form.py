"""What is exported: of which decision or scenario, as which file, in which variant and language."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from decisions.words import STAGE
from locales import Message, msg
from ui import notices
from ui.labels import language_name
from ui.session import Visit
from ui.tables import facts
from ui.texts import language, moment, say, t
from workflow.calls import get_call
from workflow.decision_export import Exported, Source, export_file
from workflow.decisions import list_decisions
from workflow.labels import RULES, STATUSES
from workflow.saved_scenarios import list_scenarios
from workflow.scenarios import RULES as RULE_NAMES
from workflow.scenarios import default_scenario

FORMS: Mapping[str, Message] = {
    "xlsx": msg("Decision workbook (Excel)"),
    "letters": msg("Letters to the applicants (zip of Word files and a list)"),
    "csv": msg("Tables as CSV (zip)"),
    "json": msg("Tables as JSON"),
    "snapshot": msg("Frozen decision (JSON), with the names of the reviewers"),
}
VARIANTS: Mapping[str, Message] = {
    "full": msg("Full, with the names of the reviewers"),
    "pseudonymised": msg("Reviewers under pseudonyms"),
    "plain_pseudonymised": msg("Plain for further processing, reviewers under pseudonyms"),
    "plain": msg("Plain for further processing, with the names of the reviewers"),
}
_OFFERED = {
    "xlsx": ("full", "pseudonymised", "plain_pseudonymised", "plain"),
    "csv": ("full", "pseudonymised"),
    "json": ("full", "pseudonymised"),
}
_IN_NAMES: Mapping[str, Message] = {
    "full": msg("reviewers named"),
    "pseudonymised": msg("pseudonymised"),
    "plain": msg("plain, reviewers named"),
    "plain_pseudonymised": msg("plain, pseudonymised"),
}
"""The variants in the names of files."""
_LONGEST_PART = 60
"""Characters of a part of a file name."""
_SPOKEN = ("xlsx", "csv", "letters")
"""Files with words of a language of their own; a letter is in the applicant's."""
_FILES = {"xlsx": "xlsx", "letters": "zip", "csv": "zip", "json": "json", "snapshot": "json"}
_MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "json": "application/json",
}
_MADE = "exported"
"""Where the session keeps the file that was made last."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen. ``source``: ``decision``, ``scenario`` (saved) or ``rule``, with its id or name.

    ``stage``: the decision or the draft in words, for the name of the file.
    """

    call_id: str
    source: tuple[str, int | str]
    form: str
    variant: str
    lang: str
    stage: str

    @property
    def filename(self) -> str:
        """The name of the file: of which decision, in which variant and language. Files of a decision never share one."""
        kind = {"letters": t("letters"), "snapshot": t("snapshot")}.get(self.form, t("decision-list"))
        variant = say(_IN_NAMES[self.variant]) if self.form in _OFFERED else ""
        lang = self.lang if self.form in _SPOKEN else ""
        parts = (kind, self.call_id, self.stage, variant, lang)
        return "-".join(safe for part in parts if (safe := _safe(part))) + f".{_FILES[self.form]}"


def choose(here: Visit) -> Choice:
    """The choices, the newest decision first, then the saved scenarios, then each rule with the call's own values."""
    sources = _sources(here)
    source = st.selectbox(
        t("Decision or scenario"),
        list(sources),
        format_func=sources.__getitem__,
        help=t("Decisions and proposals first, then saved scenarios, then each rule with the call's own values."),
        placeholder=t("Choose"),
    )
    what, how = st.columns(2, gap="large")
    with what:
        form = st.radio(t("File"), list(FORMS), format_func=lambda one: say(FORMS[one]))
    with how:
        offered = _OFFERED.get(form, ())
        variant = st.radio(t("Variant"), offered, format_func=lambda one: say(VARIANTS[one])) if offered else "full"
        lang = _language(form)
    return Choice(here.call_id, source, form, variant or "full", lang, _stage(source, sources[source]))


def _stage(source: tuple[str, int | str], name: str) -> str:
    return name if source[0] == "decision" else t("draft {name}", name=name)


def _safe(text: str) -> str:
    """``text`` as a part of a file name that every system can keep."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_PART].strip("-")


def _language(form: str) -> str:
    if form not in _SPOKEN:
        return "fi"
    known = ["fi", "sv", "en"]
    found = st.radio(
        t("Language of the list") if form == "letters" else t("Language of the file"),
        known,
        index=known.index(language()) if language() in known else 0,
        format_func=language_name,
        horizontal=True,
    )
    return found or "fi"


def _sources(here: Visit) -> dict[tuple[str, int | str], str]:
    frozen = [
        one for one in list_decisions(here.house, here.actor, here.call_id) if one.state in ("proposed", "approved")
    ]
    found: dict[tuple[str, int | str], str] = {
        ("decision", one.id): t("Decision {number}", number=str(one.number))
        if one.state == "approved"
        else t("Proposal of decision {number}", number=str(one.number))
        for one in reversed(frozen)
    }
    found |= {("scenario", one.id): one.name for one in list_scenarios(here.house, here.actor, here.call_id)}
    if not found:
        notices.info(t("No scenario is saved yet. The rules below use the call's own values."))
    names = set(found.values())
    return found | {("rule", rule): say(RULES[rule]) for rule in RULE_NAMES if say(RULES[rule]) not in names}


def make(here: Visit, choice: Choice) -> None:
    """Make the file that was chosen, and keep it for the session in place of the one before."""
    made = export_file(
        here.house,
        here.actor,
        here.call_id,
        choice.form,
        choice.lang,
        variant=choice.variant,
        **_of(here, choice.source),
    )
    st.session_state[_MADE] = (choice, made, here.house.clock())


def made_for(choice: Choice) -> tuple[Exported, datetime] | None:
    """The file that was made last and when, if it is what is chosen now."""
    kept = st.session_state.get(_MADE)
    return (kept[1], kept[2]) if kept is not None and kept[0] == choice else None


def offer(choice: Choice, made: Exported, at: datetime) -> None:
    """The file to download, with what identifies it."""
    if made.ranking_changed:
        notices.warning(
            t(
                "The ranking or the accepted costs have changed since the scenario was saved. The file shows the awards by "
                "what stands today and says so."
            )
        )
    if made.status != "optimal":
        notices.warning(say(STATUSES[made.status]))
    facts(
        [
            (t("Stage"), say(STAGE[made.stage])),
            (t("Hash of the decision"), made.hash),
            (t("Made"), moment(at)),
        ]
    )
    st.download_button(
        t("Download the decision workbook") if choice.form == "xlsx" else t("Download the file"),
        made.data,
        file_name=choice.filename,
        mime=_MIMES[_FILES[choice.form]],
        type="primary",
        icon=":material/download:",
    )


def _of(here: Visit, source: tuple[str, int | str]) -> Source:
    kind, which = source
    if kind == "decision":
        return {"decision_id": int(which)}
    if kind == "scenario":
        return {"scenario_id": int(which)}
    rule = next(rule for rule in RULE_NAMES if rule == which)
    return {"scenario": default_scenario(get_call(here.house, here.actor, here.call_id), rule)}
