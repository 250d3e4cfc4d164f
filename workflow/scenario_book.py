"""What the workbook of a distribution over files shows."""

from collections.abc import Iterator
from fractions import Fraction

from allocation import Scenario
from locales import Lang, Message, Money, Param, msg
from workbooks.allocation_book import AllocationData, AwardLine, SumLine, allocation_workbook
from workbooks.parameter_values import BasisPoints
from workflow.labels import OBJECTIVES, RULES, STATUSES
from workflow.scenario_file import FileRun, sums_of
from workflow.scenario_lines import Line, rule_lines


def file_workbook(run: FileRun, lang: Lang) -> bytes:
    """The workbook of ``run`` in ``lang`` as the bytes of an xlsx file."""
    allocation, scenario = run.allocation, run.scenario
    projects = {project.id: project for project in run.projects}
    awards = tuple(
        AwardLine(one.id, projects[one.id].score, projects[one.id].applied, one.granted, one.funded, one.reason)
        for one in allocation.awards
    )
    sums = tuple(
        SumLine(one.name, one.measure, one.value, one.lower, one.upper, at_limit)
        for one, at_limit in sums_of(allocation, scenario)
    )
    data = AllocationData(
        run.title,
        STATUSES[allocation.status],
        scenario.appropriation,
        awards,
        tuple(_lines(run)),
        sums,
        allocation.ties,
        run.conflict,
    )
    return allocation_workbook(data, lang)


def _lines(run: FileRun) -> Iterator[Line]:
    """Every parameter, and what came of it."""
    scenario, allocation = run.scenario, run.allocation
    share, largest = scenario.max_share_bp, scenario.largest_grant
    yield msg("Rule of distribution"), RULES[scenario.rule]
    yield msg("What is maximised"), OBJECTIVES[scenario.objective]
    yield msg("Reserve"), Money(scenario.reserve)
    yield msg("Lowest score that can be funded"), scenario.threshold
    yield msg("Smallest viable grant"), Money(scenario.smallest_grant)
    yield msg("Largest grant"), None if largest is None else Money(largest)
    yield msg("Largest share of the eligible costs"), None if share is None else BasisPoints(share)
    yield msg("Grants are rounded down to"), Money(scenario.unit)
    yield msg("Equal scores are separated by"), _tie_rule(scenario)
    yield msg("Seed of the lot"), scenario.seed
    yield from rule_lines(scenario)
    for key, euros in sorted(scenario.fixed.items()):
        said: Message | Money = Money(euros)
        if scenario.reasons.get(key):
            said = msg("{euros}. Reason: {reason}", euros=Money(euros), reason=scenario.reasons[key])
        yield msg("Set by hand, {case}", case=key), said
    yield msg("Time limit, seconds"), Fraction(scenario.time_limit)
    yield msg("Largest gap accepted"), Fraction(scenario.gap)
    yield msg("Status of the solution"), STATUSES[allocation.status]
    yield msg("Value reached"), allocation.objective
    yield msg("Gap to the bound"), allocation.gap


def _tie_rule(scenario: Scenario) -> Message:
    if not scenario.tie_rule:
        return msg("nothing")
    names: list[Param] = [msg("lot") if word == "lot" else word for word in scenario.tie_rule]
    return msg("in this order: {order}", order=names)
