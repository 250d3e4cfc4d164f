"""What the tables and the fields of a decision are called, and which vocabulary has the words of a field's codes."""

from collections.abc import Mapping

from locales import Message, msg

TABLES: Mapping[str, Message] = {
    "facts": msg("Parameters and results of the decision"),
    "applications": msg("Applications and decisions"),
    "ranking": msg("Ranking"),
    "scores": msg("Scores"),
    "reviewers": msg("Reviewers"),
    "costs": msg("Costs by category"),
    "scenarios": msg("Scenarios"),
    "comparison": msg("Awards in each scenario"),
    "overrides": msg("Deviations from the rule"),
    "eligibility": msg("Eligibility"),
}
_SHARED: Mapping[str, Message] = {
    "key": msg("Identifier"),
    "value": msg("Value"),
    "case_number": msg("Case number"),
    "applicant": msg("Applicant"),
    "business_id": msg("Business ID"),
    "municipality": msg("Municipality"),
    "region": msg("Region"),
    "theme": msg("Theme"),
    "project": msg("Project"),
    "language": msg("Language of service"),
    "arrived_at": msg("Arrived"),
    "status": msg("Decision"),
    "basis": msg("Basis of the decision"),
    "applied": msg("Applied for"),
    "accepted_costs": msg("Accepted costs"),
    "ceiling": msg("Largest possible grant"),
    "granted": msg("Granted"),
    "own_funding": msg("Own funding stated"),
    "other_funding": msg("Other public funding"),
    "own_part": msg("Own funding"),
    "own_share": msg("Own funding share"),
    "previous": msg("Granted in the previous decision"),
    "reasons": msg("Reasons"),
    "by_hand": msg("Reasons written by hand"),
    "rank": msg("Rank"),
    "tied": msg("Tied rank"),
    "score": msg("Score"),
    "source": msg("What ranks"),
    "mean": msg("Mean of the reviews"),
    "median": msg("Median of the reviews"),
    "spread": msg("Spread of the reviews"),
    "reviews": msg("Complete reviews"),
    "adjusted": msg("Calibrated score"),
    "adjusted_low": msg("Calibrated score, lower limit"),
    "adjusted_high": msg("Calibrated score, upper limit"),
    "expected_rank": msg("Expected rank"),
    "rank_low": msg("Rank, lower limit"),
    "rank_high": msg("Rank, upper limit"),
    "chance": msg("Chance of being among the best that the appropriation reaches"),
    "settlement": msg("Type of settlement"),
    "partner_regions": msg("Regions of the partners"),
    "population": msg("Population"),
    "reviewer": msg("Reviewer"),
    "criterion": msg("Criterion"),
    "level": msg("Level"),
    "counted": msg("Counted in the mean"),
    "reason": msg("Reason"),
    "commitment": msg("Commitment to the name"),
    "category": msg("Cost category"),
    "accepted": msg("Accepted costs"),
    "comment": msg("Comment on the costs"),
    "name": msg("Scenario"),
    "scenario": msg("Scenario"),
    "decided": msg("The decided scenario"),
    "rule": msg("Rule of distribution"),
    "appropriation": msg("Appropriation"),
    "remaining": msg("Remaining"),
    "number": msg("No."),
    "kind": msg("Kind of deviation"),
    "before": msg("By the rule or before"),
    "after": msg("Now"),
    "price": msg("Price in the value reached"),
    "broken": msg("Rules that it goes against"),
    "by": msg("Decided by"),
    "at": msg("Moment"),
    "decision": msg("Number of the decision"),
    "outcome": msg("Outcome"),
    "version": msg("Version of the application"),
    "members_confirmed": msg("Members confirmed"),
    "checks": msg("Rules looked at"),
}
_OWN: Mapping[tuple[str, str], Message] = {
    ("costs", "applied"): msg("Costs in the application"),
    ("scenarios", "status"): msg("Status of the solution"),
    ("eligibility", "by"): msg("Confirmed by"),
}
"""Fields that are called otherwise in one table than in the others."""

_VOCABULARIES: Mapping[str, str] = {
    "municipality": "municipality",
    "region": "region",
    "partner_regions": "region",
    "theme": "theme",
    "language": "language",
    "status": "status",
    "basis": "basis",
    "source": "source",
    "settlement": "settlement",
    "reviewer": "reviewer",
    "criterion": "criterion",
    "category": "category",
    "rule": "rule",
    "kind": "override",
    "outcome": "eligibility",
}


def field_name(table: str, field: str) -> Message:
    """What a field is called. Raises KeyError for one that has no name."""
    return _OWN.get((table, field)) or _SHARED[field]


def vocabulary(table: str, field: str) -> str:
    """The vocabulary of ``Words`` that has the field's codes; empty for a field without codes."""
    return "solution" if (table, field) == ("scenarios", "status") else _VOCABULARIES.get(field, "")
