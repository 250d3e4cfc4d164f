"""Words for the stable codes that both pages and workbooks show."""

from locales import Message, msg

RULES: dict[str, Message] = {
    "rank_strict": msg("Rank order, stopping at the first that does not fit"),
    "rank_skip": msg("Rank order, skipping what does not fit"),
    "rank_partial": msg("Rank order with a partial last grant"),
    "lp": msg("Linear programme"),
    "milp": msg("Mixed-integer programme"),
    "proportional": msg("Proportional cut"),
    "tiers": msg("Tiers"),
}

OBJECTIVES: dict[str, Message] = {
    "score_times_grant": msg("Sum of score times euros granted"),
    "score_of_funded": msg("Sum of the scores of the funded projects"),
}

RANKING_SCORES: dict[str, Message] = {
    "consensus_else_mean": msg("The panel's consensus where it is recorded, else the mean of the reviews"),
    "mean": msg("Mean of the reviews"),
}

STATUSES: dict[str, Message] = {
    "optimal": msg("Optimal, verified in whole euros"),
    "time_limit": msg("Stopped by the time limit"),
    "infeasible": msg("No distribution satisfies every rule"),
    "ties_unresolved": msg("Optimal, but equal solutions were not separated"),
}

STATES: dict[str, Message] = {
    "unconfirmed": msg("Not started"),
    "changed": msg("Changed, to be confirmed again"),
    "eligible": msg("Eligible"),
    "not_eligible": msg("Not eligible"),
    "dismissed": msg("Dismissed without examination"),
    "supplement_requested": msg("Supplement requested"),
    "withdrawn": msg("Withdrawn"),
}

ACTIONS: dict[str, Message] = {
    "account added": msg("Account added"),
    "account disabled": msg("Account disabled"),
    "account enabled": msg("Account enabled"),
    "language changed": msg("Language changed"),
    "role given": msg("Role given"),
    "role taken": msg("Role taken"),
    "call.add": msg("Call added"),
    "call.change": msg("Call changed"),
    "setting.set": msg("Setting changed"),
    "application.import": msg("Import"),
    "application.add": msg("Application taken in"),
    "application.change": msg("Application changed"),
    "application.version": msg("Content of an application"),
    "application.withdraw": msg("Application withdrawn"),
    "eligibility.confirm": msg("Eligibility confirmed"),
    "assignment.add": msg("Reviewer assigned"),
    "assignment.remove": msg("Assignment taken back"),
    "conflict.declare": msg("Conflict of interest declared"),
    "review.save": msg("Review saved"),
    "review.submit": msg("Review submitted"),
    "scenario.add": msg("Scenario saved"),
    "scenario.award": msg("Award of a scenario"),
    "scenario.remove": msg("Scenario removed"),
}
"""What the audit log's actions are called on the screen."""

FIELDS: dict[str, Message] = {
    "key": msg("setting"),
    "value": msg("value"),
    "username": msg("user name"),
    "name": msg("name"),
    "language": msg("language"),
    "disabled": msg("disabled"),
    "role": msg("role"),
    "definition": msg("definition"),
    "filename": msg("file"),
    "new": msg("new rows"),
    "changed": msg("changed"),
    "unchanged": msg("unchanged rows"),
    "faulty": msg("faulty rows"),
    "case_number": msg("case number"),
    "withdrawn_at": msg("withdrawn"),
    "withdrawal_reason": msg("reason"),
    "content": msg("content"),
    "outcome": msg("outcome"),
    "reason": msg("reason"),
    "members_confirmed": msg("members confirmed"),
    "deadline": msg("deadline"),
    "request_text": msg("request"),
    "reviewer_id": msg("reviewer"),
    "account_id": msg("person"),
    "kind": msg("ground"),
    "note": msg("note"),
    "application_version": msg("version of the application"),
    "state": msg("state"),
    "remark": msg("remark"),
    "criterion_id": msg("criterion"),
    "level": msg("level"),
    "parameters": msg("parameters"),
    "funded": msg("funded"),
    "granted": msg("granted"),
    "code": msg("ground"),
}
"""Names of the log's fields."""
