"""Eligibility: every rule of the call looks at one application and says what it found.

``examine`` gives one finding per rule, always in the same order, also when the rule is met. What the findings speak
for is ``calls.findings.propose``; what is decided is the officer's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from calls.application import Application
from calls.definition import CallDefinition
from calls.findings import Finding, Outcome, Proposal, proposal_label, propose, rule_label
from calls.register import Register
from calls.rules_applicants import (
    applicant_kinds,
    business_id,
    coordinator_is_partner,
    joint_project,
    members_stated,
    municipalities_exist,
)
from calls.rules_content import closing, described, duplicate, duplicate_key, excluded_fields, opening, theme
from calls.rules_money import (
    cost_categories,
    funding_balance,
    grant_share,
    largest_grant,
    other_public_funding,
    smallest_grant,
)

__all__ = [
    "Finding",
    "Outcome",
    "Proposal",
    "examine",
    "possible_duplicates",
    "proposal_label",
    "propose",
    "rule_label",
]


def examine(
    application: Application, call: CallDefinition, register: Register, others: Iterable[Application] = ()
) -> tuple[Finding, ...]:
    """One finding per rule. ``register``: of the call's register year. ``others``: further applications of the call.

    ``others`` may hold the application itself and its earlier versions: the same case number is never a duplicate.
    """
    return (
        opening(application, call),
        closing(application, call),
        applicant_kinds(application, call),
        joint_project(application, call, register),
        members_stated(application, call),
        municipalities_exist(application, call, register),
        coordinator_is_partner(application, call, register),
        business_id(application),
        theme(application, call),
        excluded_fields(application, call),
        *(described(application, call, item) for item in call.must_describe),
        cost_categories(application, call),
        grant_share(application, call),
        other_public_funding(application),
        funding_balance(application),
        smallest_grant(application, call),
        largest_grant(application, call),
        duplicate(application, others),
    )


def possible_duplicates(applications: Iterable[Application]) -> Mapping[str, tuple[Application, ...]]:
    """By case number the applications with the same coordinator and project name.

    Each group serves as ``others`` of its members, so that a whole call is not compared pair by pair.
    """
    groups: dict[object, list[Application]] = defaultdict(list)
    for application in applications:
        groups[duplicate_key(application)].append(application)
    return {one.case_number: tuple(group) for group in groups.values() for one in group}
