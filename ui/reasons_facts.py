"""What a sentence of the reasons rests on, in words: the fact and its value."""

from collections.abc import Mapping

from calls.definition import CallDefinition
from calls.findings import rule_label
from decisions.phrases import value_name
from decisions.reasons import Sentence
from decisions.words import BASIS, ELIGIBILITY, STATUS
from locales import Message, msg
from ui.spoken import Spoken
from ui.texts import say, t
from workflow.labels import OBJECTIVES, RULES
from workflow.reasons_list import ApplicationReasons

_FACTS: Mapping[str, Message] = {
    "status": msg("Status of the application"),
    "granted": msg("Amount granted"),
    "eligibility": msg("Eligibility"),
    "arrived_at": msg("Arrival"),
    "call": msg("Closing of the call"),
    "score": msg("Score"),
    "rank": msg("Rank"),
    "threshold": msg("Threshold"),
    "appropriation": msg("Appropriation"),
    "reserve": msg("Reserve"),
    "rule": msg("Rule of distribution"),
    "objective": msg("Objective"),
    "tier": msg("Tier"),
    "basis": msg("Basis of the award"),
    "remaining": msg("Remainder of the appropriation"),
    "conditions": msg("Constraints of the distribution"),
    "tie": msg("Tie rule"),
    "costs": msg("Accepted costs"),
    "ceiling": msg("Largest possible grant"),
    "override": msg("Award changed by a recorded decision"),
    "provisions": msg("Provisions applied"),
}


def fact_name(call: CallDefinition, sentence: Sentence) -> str:
    """The fact that a sentence rests on, in words."""
    what, _, which = sentence.fact.partition(":")
    name = say(_FACTS[what]) if what in _FACTS else what
    detail = _detail(call, what, which.removesuffix(":reason").removesuffix(":comment"))
    whole = f"{name}: {detail}" if detail else name
    return t("{fact}, as the officer wrote it", fact=whole) if sentence.quoted else whole


def fact_value(one: ApplicationReasons, rule: str, sentence: Sentence) -> str | Spoken:
    """The value of that fact as the tables of the decision have it; of the provisions what the sentence cites."""
    what, _, which = sentence.fact.partition(":")
    if what == "provisions":
        return Spoken((sentence.text.partition(": ")[2] or sentence.text).rstrip("."), one.language)
    if sentence.values:
        return " · ".join(f"{say(value_name(sentence.phrase, name))}: {value}" for name, value in sentence.values)
    words = {
        "status": say(STATUS.get(one.status, one.status)),
        "basis": say(BASIS.get(which, which)),
        "eligibility": say(ELIGIBILITY.get(which, which)),
        "rule": say(RULES[rule]) if rule in RULES else rule,
        "objective": say(OBJECTIVES.get(sentence.phrase.removeprefix("total_"), "–")),
        "score": t("not scored"),
    }
    return words.get(what, "–")


def _detail(call: CallDefinition, what: str, which: str) -> str:
    if what in ("score", "threshold"):
        return next((say(one.name) for one in call.criteria if one.id == which), which)
    if what == "costs":
        return next((say(one.name) for one in call.cost_categories if one.id == which), which)
    if what == "basis" and which in BASIS:
        return say(BASIS[which])
    if what == "eligibility":
        return _finding(which)
    return ""


def _finding(which: str) -> str:
    if which == "reason":
        return t("reason of the officer")
    if which in ELIGIBILITY:
        return say(ELIGIBILITY[which])
    try:
        return say(rule_label(which))
    except KeyError:
        return which
