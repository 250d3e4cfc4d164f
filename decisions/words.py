"""Words for the codes of a decision's tables in one language, and back: what a sheet shows is read again by them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from allocation import RULES
from calls.findings import rule_ids, rule_label
from calls.register import register
from decisions.facts import in_order
from decisions.spec import CONSENSUS, LATER
from locales import LocalText, Message, msg, render
from scoring.states import OUTCOMES

Text = Message | LocalText | str

STATUS: Mapping[str, Text] = {
    "approved": msg("approved"),
    "rejected": msg("rejected"),
    "dismissed": msg("dismissed without examination"),
    "withdrawn": msg("withdrawn"),
    "possible": msg("possible"),
    "in_progress": msg("in progress"),
    "not_started": msg("not started"),
}
LANGUAGE: Mapping[str, Text] = {"fi": msg("Finnish"), "sv": msg("Swedish")}
YES_NO: Mapping[str, Text] = {"yes": msg("yes"), "no": msg("no")}
SOURCE: Mapping[str, Text] = {"consensus": msg("consensus of the panel"), "mean": msg("mean of the reviews")}
SETTLEMENT: Mapping[str, Text] = {
    "urban": msg("urban municipality"),
    "semi-urban": msg("semi-urban municipality"),
    "rural": msg("rural municipality"),
}
BASIS: Mapping[str, Text] = {
    "funded_full": msg("the whole amount applied for"),
    "funded_partial": msg("a part of the amount applied for"),
    "forced_in": msg("funded by a recorded decision"),
    "not_funded_budget": msg("the appropriation does not suffice"),
    "not_funded_tie": msg("equal score, the tie rule decided"),
    "stopped_at_cut_off": msg("below the cut-off of the ranking"),
    "tie_unresolved": msg("equal score, not separated"),
    "not_funded_rule": msg("a constraint of the distribution"),
    "not_funded_effect": msg("the whole is better without it"),
    "set_by_hand": msg("set by hand"),
    "below_threshold": msg("below the lowest score that can be funded"),
    "below_criterion_threshold": msg("below the lowest level of a criterion"),
    "not_scored": msg("not scored"),
    "ceiling_below_smallest": msg("the largest possible grant is below the smallest viable one"),
    "forced_out": msg("left out by a recorded decision"),
    "infeasible": msg("the rules cannot all be met"),
    "not_eligible": msg("not eligible"),
    "dismissed": msg("dismissed without examination"),
    "withdrawn": msg("withdrawn"),
    "unconfirmed": msg("eligibility not confirmed"),
    "changed": msg("changed, to be confirmed again"),
    "supplement_requested": msg("supplement requested"),
    "correction": msg("corrected by a later decision"),
    "rectification": msg("result of a request for rectification"),
    "further_round": msg("funded in a further round"),
}
ELIGIBILITY: Mapping[str, Text] = {
    "eligible": msg("eligible"),
    "not_eligible": msg("not eligible"),
    "dismissed": msg("dismissed without examination"),
    "supplement_requested": msg("supplement requested"),
    "unconfirmed": msg("not confirmed"),
    "changed": msg("changed, to be confirmed again"),
    "withdrawn": msg("withdrawn"),
}
SOLUTION: Mapping[str, Text] = {
    "optimal": msg("Optimal, verified in whole euros"),
    "time_limit": msg("Stopped by the time limit"),
    "infeasible": msg("No distribution satisfies every rule"),
    "ties_unresolved": msg("Optimal, but equal solutions were not separated"),
}
OVERRIDE: Mapping[str, Text] = {
    "by_hand": msg("award set by hand"),
    "forced_in": msg("forced in"),
    "forced_out": msg("forced out"),
    "withdrawal": msg("withdrawal after the decision"),
    "correction": msg("correction"),
    "rectification": msg("request for rectification"),
    "further_round": msg("further round from the remainder"),
}
OBJECTIVES: Mapping[str, Message] = {
    "score_times_grant": msg("Sum of score times euros granted"),
    "score_of_funded": msg("Sum of the scores of the funded projects"),
}
RANKING_SCORES: Mapping[str, Message] = {
    "consensus_else_mean": msg("The panel's consensus where it is recorded, else the mean of the reviews"),
    "mean": msg("Mean of the reviews"),
}
REST: Mapping[str, Message] = {
    "kept": msg("As the rule gives them"),
    "reoptimised": msg("Distributed anew around those set by hand"),
}
"""What becomes of the other awards when some are set by hand."""
PROJECT_LABELS: Mapping[str, Message] = {
    "theme": msg("theme"),
    "region": msg("region of the coordinating municipality"),
    "partner_region": msg("region of any partner"),
    "settlement": msg("settlement type of the coordinating municipality"),
    "language": msg("language of the application"),
    "applicant": msg("coordinating applicant"),
}
PROJECT_COLUMNS: Mapping[str, Message] = {
    "population": msg("population of the municipalities taking part"),
    "applied": msg("amount applied for"),
    "eligible_costs": msg("eligible costs"),
    "score": msg("score"),
}
PROJECT_WORDS: Mapping[str, Message] = {**PROJECT_LABELS, "id": msg("case number"), **PROJECT_COLUMNS}
"""What a constraint may ask of a project, beside its criteria."""
STAGE: Mapping[str, Text] = {"draft": msg("draft"), "proposal": msg("proposal"), "decision": msg("decision")}
KIND: Mapping[str, Text] = {"first": msg("first decision"), **{kind: OVERRIDE[kind] for kind in LATER}}
TOTAL = "total"
"""The category of a row that sums up the others."""


class Words:
    """The vocabularies of one decision in one language; ``facts``: those of its tables."""

    def __init__(self, facts: Mapping[str, Any], lang: str) -> None:
        self.facts = facts
        self.lang = lang

    def of(self, vocabulary: str, code: str) -> str:
        """The words of ``code``; a code without words, and the empty one, stay as they are."""
        return self._shown(vocabulary).get(code, code)

    def code(self, vocabulary: str, words: str) -> str:
        """The code of ``words``, which stay as they are when no code has them."""
        return self._read(vocabulary).get(words, words)

    def codes(self, vocabulary: str) -> tuple[str, ...]:
        """The codes of a vocabulary in their order."""
        return tuple(self._vocabularies[vocabulary])

    def missing(self) -> str:
        """What stands in place of a score that is not there."""
        return render(msg("not scored"), self.lang)

    def _shown(self, vocabulary: str) -> Mapping[str, str]:
        if vocabulary not in self._words:
            self._words[vocabulary] = self._unique(self._vocabularies[vocabulary])
        return self._words[vocabulary]

    def _read(self, vocabulary: str) -> Mapping[str, str]:
        if vocabulary not in self._back:
            self._back[vocabulary] = {words: code for code, words in self._shown(vocabulary).items()}
        return self._back[vocabulary]

    def _unique(self, texts: Mapping[str, Text]) -> dict[str, str]:
        """Words by code; two codes with the same words are told apart by the code behind them."""
        rendered = {code: " ".join(render(text, self.lang).split()) for code, text in texts.items()}
        times: dict[str, int] = {}
        for words in rendered.values():
            times[words] = times.get(words, 0) + 1
        return {code: words if times[words] == 1 else f"{words} ({code})" for code, words in rendered.items()}

    @cached_property
    def _words(self) -> dict[str, Mapping[str, str]]:
        return {}

    @cached_property
    def _back(self) -> dict[str, Mapping[str, str]]:
        return {}

    @cached_property
    def _vocabularies(self) -> Mapping[str, Mapping[str, Text]]:
        entries = register(int(self.facts["call.register_year"])).entries
        criteria, themes, categories = (
            {key: _named(value) for key, value in in_order(self.facts, prefix).items()}
            for prefix in ("criterion", "theme", "category")
        )
        return {
            "status": STATUS,
            "language": LANGUAGE,
            "yes": YES_NO,
            "source": SOURCE,
            "settlement": SETTLEMENT,
            "basis": BASIS,
            "eligibility": ELIGIBILITY,
            "solution": SOLUTION,
            "override": OVERRIDE,
            "outcome": OUTCOMES,
            "stage": STAGE,
            "kind": KIND,
            "rule": {name: rule.label for name, rule in RULES.items()},
            "municipality": {one.code: LocalText(one.name_fi, one.name_sv, one.name_fi) for one in entries},
            "region": {one.region_code: one.region for one in entries},
            "theme": themes,
            "criterion": criteria,
            "category": {**categories, TOTAL: msg("Total")},
            "reviewer": {CONSENSUS: msg("Consensus of the panel")},
        }


def _named(value: Mapping[str, Any]) -> LocalText:
    name = value["name"]
    return LocalText(str(name["fi"]), str(name["sv"]), str(name["en"]))


_OUTCOMES: Mapping[str, Text] = {"not_met": msg("not met"), "check": msg("to be checked"), "met": msg("met")}


def check_codes(lang: str) -> dict[str, str]:
    """``rule=outcome`` by its ``check_words``."""
    codes = (f"{rule}={outcome}" for rule in rule_ids() for outcome in _OUTCOMES)
    return {check_words(code, lang): code for code in codes}


def check_words(check: str, lang: str) -> str:
    """``rule=outcome`` of an eligibility check in words."""
    rule, _, outcome = check.partition("=")
    said = _OUTCOMES.get(outcome, outcome)
    try:
        name: Text = rule_label(rule)
    except KeyError:
        name = rule
    return f"{render(name, lang)}: {render(said, lang)}"
