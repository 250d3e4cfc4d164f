"""What the facts of a decision are called, in which order they stand, and in which form each is shown."""

from collections.abc import Callable, Mapping

from decisions.words import OBJECTIVES, RANKING_SCORES, REST
from locales import Message, msg

GROUPS: Mapping[str, Message] = {
    "decision": msg("Decision"),
    "scenario": msg("Scenario"),
    "result": msg("Result of the distribution"),
    "call": msg("Call"),
    "criterion": msg("Criteria"),
    "theme": msg("Themes"),
    "category": msg("Cost categories"),
    "condition": msg("Conditions of the grant"),
    "ranking": msg("Uncertainty of the ranking"),
    "material": msg("Material"),
    "program": msg("Program"),
}
"""What the first part of a key tells, in the order in which the groups stand."""
LABELS: Mapping[str, Message] = {
    "decision.stage": msg("Stage"),
    "decision.number": msg("Number of the decision"),
    "decision.kind": msg("Kind of decision"),
    "decision.previous": msg("Hash of the previous decision"),
    "decision.first": msg("Number of the first decision"),
    "decision.grounds": msg("Grounds of the decision"),
    "decision.made_at": msg("List made (Finnish time)"),
    "decision.presenter": msg("Presenting officer"),
    "decision.proposed_at": msg("Proposed (Finnish time)"),
    "decision.decision_maker": msg("Decision maker"),
    "decision.decided_at": msg("Decided (Finnish time)"),
    "decision.proposal_hash": msg("Hash of the proposal"),
    "scenario.name": msg("Name of the scenario"),
    "scenario.rest": msg("Other awards"),
    "scenario.appropriation": msg("Appropriation"),
    "scenario.reserve": msg("Reserve"),
    "scenario.unit": msg("Grants are rounded down to"),
    "scenario.rule": msg("Rule of distribution"),
    "scenario.objective": msg("What is maximised"),
    "scenario.max_share": msg("Largest share of the accepted costs"),
    "scenario.threshold": msg("Lowest score that can be funded"),
    "scenario.smallest_grant": msg("Smallest viable grant"),
    "scenario.largest_grant": msg("Largest grant"),
    "scenario.rank_order": msg("Rank order respected"),
    "scenario.time_limit": msg("Time limit, seconds"),
    "scenario.gap": msg("Largest gap accepted"),
    "scenario.seed": msg("Seed of the lot"),
    "scenario.tie_rule": msg("Equal scores are separated by"),
    "result.status": msg("Status of the solution"),
    "result.objective": msg("Value reached"),
    "result.bound": msg("Bound of the value"),
    "result.gap": msg("Gap to the bound"),
    "result.spent": msg("Distributed in all"),
    "result.remaining": msg("Remaining"),
    "result.reached": msg("Value reached with the awards set by hand"),
    "result.rest_status": msg("Status of the other awards, distributed anew"),
    "result.ties": msg("Awards that the tie rule decided"),
    "result.ranking_changed": msg("Ranking or accepted costs changed since the scenario was saved"),
    "result.gone": msg("Set by hand, but not in the ranking any more"),
    "call.id": msg("Call identifier"),
    "call.name": msg("Name of the call"),
    "call.authority": msg("Authority"),
    "call.decree": msg("Decree"),
    "call.register_year": msg("Year of the municipal register"),
    "call.theme_word": msg("Word for a theme"),
    "call.appropriation": msg("Appropriation of the call"),
    "call.unit": msg("Grants of the call are rounded down to"),
    "call.largest_share_bp": msg("Largest share of the accepted costs in the call"),
    "call.smallest_grant": msg("Smallest grant of the call"),
    "call.largest_grant": msg("Largest grant of the call"),
    "call.ranking_score": msg("What ranks"),
    "call.tie_rule": msg("Equal scores are separated in the call by"),
    "call.lot_seed": msg("Seed of the lot of the call"),
    "call.closes": msg("End of the time for applications"),
    "call.lock": msg("Lock of the ranking rule"),
    "ranking.k": msg("Best ranks counted in the simulation"),
    "ranking.band": msg("Width of the intervals, %"),
    "ranking.draws": msg("Draws of the uncertainty"),
    "ranking.seed": msg("Seed of the draws"),
    "ranking.outcome": msg("Outcome of the calculation"),
    "program.version": msg("Version of the program"),
}
ORDER: Mapping[str, int] = {key: at for at, key in enumerate(LABELS)}
"""Where a known fact stands in its group."""
OF_EACH: Mapping[str, Callable[[str], Message]] = {
    "theme": lambda rest: msg("Theme {id}", id=rest),
    "category": lambda rest: msg("Cost category {id}", id=rest),
    "condition": lambda rest: msg("Condition {id}", id=rest),
    "material": lambda rest: msg("SHA-256 of the material: {part}", part=_MATERIAL.get(rest, rest)),
}
_MATERIAL: Mapping[str, Message] = {
    "call": msg("call"),
    "applications": msg("applications"),
    "reviews": msg("reviews"),
    "consensus": msg("consensus of the panel"),
    "conflicts": msg("conflicts of interest"),
    "scenario": msg("scenario"),
    "ranking_lock": msg("lock of the ranking rule"),
}
NOT_SET = msg("not set")
NOTHING: Mapping[str, Message] = {
    "call.lock": msg("not locked"),
    "decision.previous": msg("no earlier decision"),
    "decision.grounds": msg("not stated"),
    "decision": msg("not yet"),
    "result": msg("not calculated"),
    "ranking": msg("not calculated"),
    "ranking.outcome": msg("calculated"),
}
"""What stands for null or an empty text, by key or group."""
MONEY = frozenset(
    f"{group}.{name}"
    for group, names in {
        "scenario": ("appropriation", "reserve", "unit", "smallest_grant", "largest_grant"),
        "result": ("spent", "remaining"),
        "call": ("appropriation", "unit", "smallest_grant", "largest_grant"),
    }.items()
    for name in names
)
SHARES = frozenset(("scenario.max_share", "scenario.gap", "result.gap"))
NUMBERS = frozenset(("scenario.threshold", "scenario.time_limit", "result.objective", "result.bound", "result.reached"))
MOMENTS = frozenset(("call.closes", "decision.made_at", "decision.proposed_at", "decision.decided_at"))
CODES: Mapping[str, str] = {
    "decision.stage": "stage",
    "decision.kind": "kind",
    "scenario.rule": "rule",
    "result.status": "solution",
    "result.rest_status": "solution",
    "ranking.outcome": "outcome",
}
WORDS: Mapping[str, Mapping[str, Message]] = {
    "scenario.rest": REST,
    "scenario.objective": OBJECTIVES,
    "call.ranking_score": RANKING_SCORES,
    "call.theme_word": {"theme": msg("Theme"), "viewpoint": msg("Viewpoint")},
}
