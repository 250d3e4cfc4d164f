"""The sheet Kelpoisuus: what was confirmed of each application's eligibility, why, by whom and when."""

from locales import msg
from workbooks.decision_cells import CHECKS
from workbooks.decision_columns import application_column, field_column
from workbooks.decision_names import field_name
from workbooks.decision_plan import Plan, PlannedColumn

PLAN = Plan(
    "eligibility",
    msg("Eligibility"),
    "eligibility",
    (
        field_column("eligibility", "case_number", 14),
        application_column("applicant", 22),
        application_column("project", 25),
        field_column("eligibility", "outcome", 18),
        field_column("eligibility", "version", 10),
        field_column("eligibility", "members_confirmed", 11),
        PlannedColumn("checks", field_name("eligibility", "checks"), 28, words=CHECKS),
        field_column("eligibility", "reason", 42),
        field_column("eligibility", "by", 15),
        field_column("eligibility", "at", 14),
    ),
)
