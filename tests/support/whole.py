"""The sample calls carried through to an approved decision, as people would, and the sums of each stage on the way.

``python -m tests.support.whole`` prints the sums of each stage of both calls, as the README's example shows them.
"""

import io
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from access.permissions import Actor, terminal_actor
from calls.presets import preset
from locales import format_money, format_number, render
from sample_data.chance import Chance
from sample_data.load import CALLS, build_sample
from sample_data.panel_work import hold_meeting
from storage import meetings
from tests.support.worlds import Clock
from workbooks.decision_names import field_name
from workbooks.intake import read_applications
from workflow.abstaining import declare_impartial
from workflow.accounts import list_accounts
from workflow.applications import ApplicationView, list_applications
from workflow.assignment_plan import assign_evenly
from workflow.by_hand import set_award
from workflow.costs import examine_costs, list_costs
from workflow.decision_export import export_letters, export_workbook
from workflow.decision_read import read_material
from workflow.decision_records import Decision, load_frozen
from workflow.decisions import approve_decision, propose_decision
from workflow.eligibility import confirm_eligibility, rests_on_members
from workflow.house import House, open_house
from workflow.phases import get_stage
from workflow.review_queue import my_queue
from workflow.reviewing import Draft, open_review, submit_review
from workflow.saved_scenarios import lock_scenario, save_scenario
from workflow.scenarios import Run, default_scenario, run_scenario

AFTER = {"2020": datetime(2020, 11, 25, 7, tzinfo=UTC), "2022": datetime(2022, 5, 23, 7, tzinfo=UTC)}
"""When the sample ends and what is done here begins."""
EACH = 7
"""Of every so many eligible applications one has its travel costs cut by a tenth."""
_FILES = Path(__file__).parent.parent.parent / "sample_data"
Stage = Mapping[str, int]


@dataclass(frozen=True)
class Whole:
    """A call carried through: the decision, and figures by stage (whole euros and counts)."""

    call_id: str
    officer: Actor
    decider: Actor
    decision: Decision
    scenario_id: int
    stages: Mapping[str, Stage]


def people_of(house: House) -> dict[str, Actor]:
    """Everybody by user name."""
    return {
        one.username: Actor(one.id, one.username, one.name, one.roles, one.language)
        for one in list_accounts(house.engine, terminal_actor("test"))
    }


def carry_through(house: House, clock: Clock, call_id: str) -> Whole:
    """Do what is left of a sample call, up to its approved decision."""
    clock.moment = AFTER[call_id]
    people = people_of(house)
    officer, decider = people["essi.esittelija"], people["paula.paattaja"]
    stages: dict[str, Stage] = {"import": imported(call_id)}
    confirm_the_rest(house, officer, call_id)
    if get_stage(house, officer, call_id).phase == "review":
        assign_evenly(house, officer, call_id)
        review_the_rest(house, call_id, people)
        hold_meeting(house, call_id, people)
    cut_travel(house, officer, call_id)
    views = list_applications(house, officer, call_id)
    stages["eligibility"] = Counter(view.state for view in views) | {"applied": applied(views)}
    stages["costs"] = accepted(house, officer, call_id)
    stages["reviews"], stages["consensus"] = reviewed(house, call_id)
    scenario_id, run = decide_on(house, officer, call_id)
    stages["scenario"] = of_run(run)
    proposal = propose_decision(house, officer, call_id, scenario_id, "Määräraha ei riitä kaikkiin hankkeisiin.")
    stages["proposal"] = {"granted": proposal.granted}
    decision = approve_decision(house, decider, call_id, proposal.id, proposal.proposal_hash)
    stages["decision"] = of_tables(house, call_id, decision)
    stages["workbook"] = of_workbook(house, decider, call_id, decision)
    stages["letters"] = of_letters(house, decider, call_id, decision)
    return Whole(call_id, officer, decider, decision, scenario_id, stages)


def confirm_the_rest(house: House, officer: Actor, call_id: str) -> None:
    """Confirm what nobody has confirmed: as the rules propose; an unanswered request for supplement is against it."""
    for view in list_applications(house, officer, call_id):
        if view.state not in ("unconfirmed", "supplement_requested"):
            continue
        outcome = view.proposal if view.state == "unconfirmed" else "not_eligible"
        wanting = outcome in ("supplement_requested", "not_eligible")
        confirm_eligibility(
            house,
            officer,
            call_id,
            view.case_number,
            version=view.version,
            outcome="not_eligible" if wanting else outcome,
            reason="Pyydettyä täydennystä ei toimitettu." if wanting else "Edellytykset täyttyvät.",
            members_confirmed=rests_on_members(view) and not wanting,
            deadline=None,
            request_text="",
        )


def review_the_rest(house: House, call_id: str, people: Mapping[str, Actor]) -> None:
    """Every review that is still asked for is submitted: what a draft has stays, the rest is made up."""
    call = preset(call_id)
    for name, actor in people.items():
        if "reviewer" not in actor.roles:
            continue
        open_ = [one for one in my_queue(house, actor, call_id) if one.state in ("not_started", "draft", "returned")]
        declare_impartial(house, actor, call_id, [one.case_number for one in open_ if not one.declared])
        for item in open_:
            form, chance = open_review(house, actor, call_id, item.case_number), Chance(f"{name} {item.case_number}")
            own = form.review
            said = {} if own is None else {key: (score.level, score.reason) for key, score in own.scores.items()}
            levels = {c.id: said.get(c.id, (None, ""))[0] or chance.between(2, 4) for c in call.criteria}
            reasons = {key: said.get(key, (None, ""))[1] or "Kuvaus on riittävä." for key in levels}
            done = Draft(levels, reasons, "" if own is None else own.remark)
            submit_review(house, actor, call_id, item.case_number, done, form.version)


def cut_travel(house: House, officer: Actor, call_id: str) -> None:
    """Examine the costs of some applications: of their travel costs a tenth is not accepted."""
    eligible = [one for one in list_costs(house, officer, call_id).views if one.state == "eligible"]
    for view in eligible[::EACH]:
        stated = {line.category: line.applied or 0 for line in view.lines}
        cut = {**stated, "travel": stated["travel"] - stated["travel"] // 10}
        why = {"travel": "Matkakuluista hyväksytään 90 prosenttia."} if cut != stated else {}
        examine_costs(house, officer, call_id, view.case_number, cut, why, version=view.version, expected=view.recorded)


def decide_on(house: House, officer: Actor, call_id: str) -> tuple[int, Run]:
    """Save and lock the scenario: the call's own values; in 2022 one award is set a little lower by hand."""
    scenario = default_scenario(preset(call_id))
    saved = save_scenario(house, officer, call_id, "Päätös", scenario)
    run = run_scenario(house, officer, call_id, scenario)
    if call_id == "2022":
        first = next(award for award in run.allocation.awards if award.granted)
        lower = first.granted - 5_000
        set_award(house, officer, call_id, saved.id, first.id, lower, "Päällekkäinen hankinta jää pois.")
    lock_scenario(house, officer, call_id, saved.id)
    return saved.id, run


def imported(call_id: str) -> Stage:
    """What the file of the applicants says."""
    found = read_applications(
        (_FILES / f"applications-{call_id}.xlsx").read_bytes(), f"applications-{call_id}.xlsx", preset(call_id)
    )
    known = [row.application for row in found.rows]
    return {
        "applications": len(known),
        "applied": sum(one.applied for one in known),
        "costs": sum(one.eligible_costs for one in known),
    }


def applied(views: list[ApplicationView]) -> int:
    """Euros applied for by the eligible."""
    return sum(view.application.applied for view in views if view.eligible)


def accepted(house: House, officer: Actor, call_id: str) -> Stage:
    """What is accepted of the costs, of the eligible."""
    views = [one for one in list_costs(house, officer, call_id).views if one.state == "eligible"]
    return {
        "examined": sum(one.recorded is not None for one in views),
        "costs": sum(one.stated for one in views),
        "accepted": sum(one.figures.accepted for one in views),
        "ceiling": sum(one.figures.ceiling for one in views),
    }


def reviewed(house: House, call_id: str) -> tuple[Stage, Stage]:
    """Reviews that count and the levels in them, and the agreed ones."""
    with house.reading() as uow:
        material = read_material(uow, call_id, None)
        agreed = meetings.list_consensus(uow, call_id)
    ranked = {one.view.id for one in material.ground.ranked}
    counted = [one for one in material.reviews if one.application_id in ranked]
    return (
        {"reviews": len(counted), "levels": sum(s.level or 0 for one in counted for s in one.scores.values())},
        {"agreed": len(agreed), "levels": sum(s.level for one in agreed.values() for s in one.scores.values())},
    )


def of_run(run: Run) -> Stage:
    """What the rule alone distributes."""
    allocation = run.allocation
    return {
        "funded": sum(award.funded for award in allocation.awards),
        "granted": allocation.spent,
        "remaining": allocation.remaining,
    }


def of_tables(house: House, call_id: str, decision: Decision) -> Stage:
    """What is frozen."""
    with house.reading() as uow:
        tables = load_frozen(uow, call_id, decision.id).tables
    rows = tables["applications"]
    return Counter(row["status"] for row in rows) | {
        "applications": len(rows),
        "applied": sum(row["applied"] for row in rows),
        "costs": sum(row["applied"] or 0 for row in tables["costs"]),
        "accepted": sum(row["accepted_costs"] for row in rows),
        "granted": sum(row["granted"] for row in rows),
        "levels": sum(row["level"] or 0 for row in tables["scores"]),
        "reviews": len({(row["case_number"], row["reviewer"]) for row in tables["scores"]}),
    }


def of_workbook(house: House, actor: Actor, call_id: str, decision: Decision) -> Stage:
    """What the cells of the plain workbook add up to, read apart from the program's own reader."""
    data = export_workbook(house, actor, call_id, "fi", variant="plain", decision_id=decision.id)
    book = load_workbook(io.BytesIO(data), read_only=True)
    heads, *rows = book.worksheets[1].iter_rows(values_only=True)
    found = {}
    for key in ("applied", "accepted_costs", "granted"):
        column = heads.index(render(field_name("applications", key), "fi"))
        found[key] = sum(int(str(row[column])) for row in rows)
    return {"applications": len(rows), **found}


def of_letters(house: House, actor: Actor, call_id: str, decision: Decision) -> Stage:
    """What the list in the archive of the letters adds up to."""
    with zipfile.ZipFile(io.BytesIO(export_letters(house, actor, call_id, decision_id=decision.id))) as archive:
        names = archive.namelist()
        [listed] = [name for name in names if name.endswith(".xlsx")]
        _, *rows = load_workbook(io.BytesIO(archive.read(listed))).worksheets[0].iter_rows(values_only=True)
    letters = Counter(name.split(".")[-2] for name in names if name.endswith(".docx"))
    return {"fi": letters["fi"], "sv": letters["sv"], "granted": sum(int(str(row[4] or 0)) for row in rows)}


_EUROS = frozenset(["applied", "costs", "accepted", "accepted_costs", "ceiling", "granted", "remaining"])


def _print(write: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/sample.db"
        build_sample(url)
        clock = Clock()
        house = open_house(url, clock)
        for call_id in CALLS:
            whole = carry_through(house, clock, call_id)
            write(f"{call_id} {whole.decision.hash}\n")
            for stage, figures in whole.stages.items():
                said = (
                    f"{k} {format_money(v, 'en') if k in _EUROS else format_number(v, 'en')}"
                    for k, v in figures.items()
                )
                write(f"  {stage:12}{', '.join(said)}\n")
        house.engine.dispose()


if __name__ == "__main__":
    _print(sys.stdout.write)
