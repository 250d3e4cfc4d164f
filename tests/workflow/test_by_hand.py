"""Awards set by hand: only with a reason, within the law, with the price in sight, alone or with the rest around them."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from access.permissions import Forbidden
from allocation import Constraint, Scenario
from decisions.facts import facts_of
from decisions.snapshot import Snapshot
from decisions.solving import granted_again
from decisions.values import normal
from locales import render
from storage import scenarios as stored
from tests.support.worlds import CALL_ID, CASES, World
from workflow.by_hand import Deviation, drop_award, run_saved, set_award, set_rest
from workflow.calls import get_call
from workflow.conflicts import record_conflict
from workflow.decision_export import export_workbook
from workflow.decision_material import read_material, snapshot_of
from workflow.eligibility import withdraw_application
from workflow.errors import Refused
from workflow.saved_scenarios import Saved, change_scenario, copy_scenario, lock_scenario, save_scenario
from workflow.scenarios import default_scenario
from workflow.verification import verify


def scenario_of(world: World, rule: str = "milp", **changes: object) -> Scenario:
    call = get_call(world.house, world["officer"], CALL_ID)
    return replace(default_scenario(call, rule), **changes)  # type: ignore[arg-type]


def saved_in(world: World, rule: str = "milp", **changes: object) -> Saved:
    return save_scenario(world.house, world["officer"], CALL_ID, "Perus", scenario_of(world, rule, **changes))


def set_(world: World, saved: Saved, case: str, granted: int, reason: str = "Syy.") -> Saved:
    return set_award(world.house, world["officer"], CALL_ID, saved.id, case, granted, reason)


def granted(world: World, saved: Saved) -> dict[str, int]:
    """By case number, as stored."""
    ids = {view.id: case for case, view in world.views("colleague").items()}
    with world.house.reading() as uow:
        return {ids[a.application_id]: a.granted for a in stored.list_awards(uow, saved.id)}


def run_of(world: World, saved: Saved, who: str = "decider") -> dict[str, int]:
    found = run_saved(world.house, world[who], CALL_ID, saved.id)
    return {award.id: award.granted for award in found.run.allocation.awards}


FULL = 85_000


def test_only_the_award_that_is_set_changes_and_its_price_is_told(scored: World) -> None:
    saved = saved_in(scored)
    by_rule = {CASES[0]: FULL, CASES[1]: FULL, CASES[2]: 0, CASES[3]: 0, CASES[4]: 0, CASES[5]: 0}
    third = next(case for case in CASES[2:4] if granted(scored, saved)[case])
    by_rule[third] = FULL
    assert granted(scored, saved) == by_rule
    changed = set_(scored, saved, CASES[1], 40_000, " Alkaa vasta syksyllä. ")
    [hand] = changed.by_hand
    assert (hand.case_number, hand.granted, hand.reason, hand.by) == (
        CASES[1],
        40_000,
        "Alkaa vasta syksyllä.",
        "Officer",
    )
    assert hand.at.tzinfo is not None
    assert granted(scored, saved) == {**by_rule, CASES[1]: 40_000} == run_of(scored, saved)
    found = run_saved(scored.house, scored["decider"], CALL_ID, saved.id)
    score = next(one.standing.score for one in found.run.ranked if one.view.case_number == CASES[1])
    assert score is not None
    assert found.price == score * (FULL - 40_000)
    assert found.deviations == (Deviation(CASES[1], FULL, 40_000, "Alkaa vasta syksyllä.", found.price, ()),)
    assert {award.id: award.granted for award in found.by_rule.allocation.awards} == by_rule
    assert (found.ranking_changed, found.gone, changed.outcome["spent"]) == (False, (), 2 * FULL + 40_000)


def test_the_rest_is_distributed_around_it_when_asked(scored: World) -> None:
    saved = set_(scored, saved_in(scored), CASES[1], 40_000)
    assert sum(run_of(scored, saved).values()) == 2 * FULL + 40_000
    anew = set_rest(scored.house, scored["officer"], CALL_ID, saved.id, "reoptimised")
    assert (anew.rest, granted(scored, anew)[CASES[1]], anew.outcome["status"]) == ("reoptimised", 40_000, "optimal")
    set_(scored, anew, CASES[1], 0, "Peruuntui.")
    assert granted(scored, anew) == {**dict.fromkeys(CASES, 0), **dict.fromkeys((CASES[0], *CASES[2:4]), FULL)}
    found = run_saved(scored.house, scored["decider"], CALL_ID, saved.id)
    gained = found.by_rule.allocation.objective - found.run.allocation.objective
    assert found.price == found.deviations[0].price == gained > 0
    assert found.run.scenario.fixed == {CASES[1]: 0}
    back = set_rest(scored.house, scored["officer"], CALL_ID, saved.id, "kept")
    assert sum(granted(scored, back).values()) == 2 * FULL


def test_an_award_taken_back_is_the_rules_again(scored: World) -> None:
    saved = saved_in(scored)
    before = granted(scored, saved)
    set_(scored, saved, CASES[0], 0)
    set_(scored, saved, CASES[4], 30_000)
    assert granted(scored, saved) == {**before, CASES[0]: 0, CASES[4]: 30_000}
    with pytest.raises(Refused, match="would come to"):
        drop_award(scored.house, scored["officer"], CALL_ID, saved.id, CASES[0])
    drop_award(scored.house, scored["officer"], CALL_ID, saved.id, CASES[4])
    with pytest.raises(Refused, match="No award is set"):
        drop_award(scored.house, scored["officer"], CALL_ID, saved.id, CASES[4])
    left = drop_award(scored.house, scored["officer"], CALL_ID, saved.id, CASES[0])
    assert (left.by_hand, granted(scored, left), left.version) == ((), before, 5)


def test_the_rules_that_an_award_breaks_are_named(scored: World) -> None:
    cap = Constraint("Enintään yksi hanke", "count", (("region", ("02",)),), upper=1)
    saved = saved_in(scored, constraints=(cap,))
    assert sorted(run_of(scored, saved).values()) == [0, 0, 0, 0, 0, FULL]
    saved = set_(scored, saved, CASES[5], 10_000, "Harvaan asuttu alue.")
    [found] = run_saved(scored.house, scored["decider"], CALL_ID, saved.id).deviations
    names = [render(name, "en") for name in found.broken]
    assert names == ["the smallest grant €20,000", "the threshold 2.50", "Enintään yksi hanke"]
    assert found.price is not None
    assert found.price < 0, "it adds to the value, against the rules"


@pytest.mark.parametrize(
    ("case", "euros", "reason"),
    [
        (CASES[0], FULL + 1, "Yli haetun."),
        (CASES[0], -1, "Alle nollan."),
        (CASES[5], FULL, "Yli määrärahan."),
        (CASES[0], 40_000, " "),
        (CASES[0], 40_000, "x" * 2_001),
        ("VN/404/2022", 0, "Ei ole."),
    ],
    ids=["above applied", "negative", "above the appropriation", "no reason", "endless reason", "no application"],
)
def test_what_cannot_be_set_is_refused(scored: World, case: str, euros: int, reason: str) -> None:
    saved = saved_in(scored)
    before = scored.counts()
    with pytest.raises(Refused):
        set_(scored, saved, case, euros, reason)
    assert scored.counts() == before


def test_an_award_of_an_application_outside_the_ranking_stays_until_it_is_taken_back(scored: World) -> None:
    saved = set_(scored, saved_in(scored), CASES[1], 40_000)
    withdraw_application(scored.house, scored["officer"], CALL_ID, CASES[1], "Kirje.")
    with pytest.raises(Refused, match="not confirmed eligible"):
        set_(scored, saved, CASES[1], 50_000)
    found = run_saved(scored.house, scored["decider"], CALL_ID, saved.id)
    assert (found.gone, found.deviations, found.ranking_changed) == ((CASES[1],), (), True)
    renewed = set_(scored, saved, CASES[0], 50_000)
    assert renewed.hands == {CASES[0]: 50_000, CASES[1]: 40_000}
    anew = set_rest(scored.house, scored["officer"], CALL_ID, saved.id, "reoptimised")
    assert anew.hands == renewed.hands
    changed = change_scenario(scored.house, scored["officer"], CALL_ID, saved.id, scenario_of(scored, reserve=1_000))
    assert changed.hands == renewed.hands
    assert CASES[1] not in granted(scored, changed)
    copy = copy_scenario(scored.house, scored["officer"], CALL_ID, saved.id, "Kopio")
    assert copy.hands == renewed.hands
    with pytest.raises(Refused, match="Take them back"):
        lock_scenario(scored.house, scored["officer"], CALL_ID, saved.id)
    back = drop_award(scored.house, scored["officer"], CALL_ID, saved.id, CASES[1])
    assert back.hands == {CASES[0]: 50_000}
    assert lock_scenario(scored.house, scored["officer"], CALL_ID, saved.id).locked


def test_nothing_can_be_granted_to_what_is_not_scored(desk: World) -> None:
    saved = saved_in(desk)
    with pytest.raises(Refused, match="not scored"):
        set_(desk, saved, CASES[3], 20_000)
    assert set_(desk, saved, CASES[3], 0, "Ei arvioitu.").hands == {CASES[3]: 0}


def test_an_award_around_which_nothing_holds_is_refused(scored: World) -> None:
    reasons = dict.fromkeys(CASES[:3], "Jatkohanke.")
    saved = saved_in(scored, force_in=frozenset(reasons), reasons=reasons)
    set_rest(scored.house, scored["officer"], CALL_ID, saved.id, "reoptimised")
    before = scored.counts()
    with pytest.raises(Refused, match="cannot all be met"):
        set_(scored, saved, CASES[4], 50_000)
    with pytest.raises(Refused, match="not accepted"):
        set_rest(scored.house, scored["officer"], CALL_ID, saved.id, "other")  # type: ignore[arg-type]
    assert scored.counts() == before
    over = set_(scored, saved, CASES[0], 0, "Peruuntui.")
    assert granted(scored, over)[CASES[0]] == 0, "what is set by hand goes over what is forced"


def test_nobody_else_sets_awards(scored: World) -> None:
    saved = saved_in(scored)
    for who in ("chair", "decider", "arvi"):
        with pytest.raises(Forbidden):
            set_award(scored.house, scored[who], CALL_ID, saved.id, CASES[0], 0, "Syy.")
    record_conflict(scored.house, scored["colleague"], CALL_ID, CASES[5], scored["officer"].id, "other", "")
    before = scored.counts()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: set_(scored, saved, CASES[0], 0),
        lambda: drop_award(scored.house, scored["officer"], CALL_ID, saved.id, CASES[0]),
        lambda: set_rest(scored.house, scored["officer"], CALL_ID, saved.id, "reoptimised"),
        lambda: run_saved(scored.house, scored["officer"], CALL_ID, saved.id),
        lambda: export_workbook(scored.house, scored["officer"], CALL_ID, "fi", scenario_id=saved.id),
    )
    for attempt in attempts:
        with pytest.raises(Refused, match="disqualified"):
            attempt()
    assert scored.counts() == before


def snapshot(world: World, saved: Saved) -> Snapshot:
    with world.house.reading() as uow:
        material = read_material(uow, CALL_ID, saved.id)
    return snapshot_of(material)


def facts(world: World, saved: Saved) -> dict[str, object]:
    return facts_of(snapshot(world, saved).tables["facts"])


def test_a_decision_lists_what_was_set_by_hand_with_reason_price_and_broken_rules(scored: World) -> None:
    cap = Constraint("Enintään kolme hanketta", "count", upper=3)
    saved = set_(scored, saved_in(scored, constraints=(cap,)), CASES[5], 5_000, "Harvaan asuttu alue.")
    found = run_saved(scored.house, scored["decider"], CALL_ID, saved.id)
    tables = snapshot(scored, saved).tables
    assert facts_of(tables["facts"])["scenario.name"] == "Perus"
    [row] = [row for row in tables["applications"] if row["case_number"] == CASES[5]]
    assert (row["granted"], row["status"], row["basis"]) == (5_000, "approved", "set_by_hand")
    assert sum(row["granted"] for row in tables["applications"]) == 3 * FULL + 5_000
    [override] = tables["overrides"]
    [by_hand] = saved.by_hand
    assert override == {
        "number": 1,
        "case_number": CASES[5],
        "kind": "by_hand",
        "before": 0,
        "after": 5_000,
        "reason": "Harvaan asuttu alue.",
        "price": normal(found.price, "decimal"),
        "broken": "; ".join(render(rule, "fi") for rule in found.deviations[0].broken),
        "by": "Officer",
        "at": normal(by_hand.at, "moment"),
        "decision": 1,
    }
    assert "Enintään kolme hanketta" in override["broken"]
    assert granted_again(tables) == {row["case_number"]: row["granted"] for row in tables["applications"]}


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_workbook_tells_what_was_set_by_hand(scored: World, lang: str) -> None:
    cap = Constraint("Enintään kolme hanketta", "count", upper=3)
    saved = set_(scored, saved_in(scored, constraints=(cap,)), CASES[5], 5_000, "Harvaan asuttu alue.")
    data = export_workbook(scored.house, scored["decider"], CALL_ID, lang, scenario_id=saved.id)
    report = verify(data, "x.xlsx")
    assert (report.ok, report.findings) == (True, ())
    book = load_workbook(io.BytesIO(data))
    values = [cell.value for sheet in book.worksheets for cells in sheet.iter_rows() for cell in cells]
    assert any("Harvaan asuttu alue." in str(value) for value in values)
    assert 5_000 in values


def test_what_is_proven_is_said_of_the_rule_and_not_of_awards_set_by_hand(scored: World) -> None:
    saved = saved_in(scored)
    plain = facts(scored, saved)
    assert (plain["result.status"], plain["result.reached"], plain["result.rest_status"]) == ("optimal", None, None)
    saved = set_(scored, saved, CASES[1], 40_000)
    found = run_saved(scored.house, scored["decider"], CALL_ID, saved.id)
    said = facts(scored, saved)
    same = ("result.status", "result.objective", "result.bound", "result.gap")
    assert [said[key] for key in same] == [plain[key] for key in same]
    assert (said["result.reached"], said["result.rest_status"]) == (str(found.run.allocation.objective), None)
    anew = set_rest(scored.house, scored["officer"], CALL_ID, saved.id, "reoptimised")
    around = facts(scored, anew)
    assert (around["scenario.rest"], around["result.rest_status"]) == ("reoptimised", "optimal")
    tables = snapshot(scored, anew).tables
    assert granted_again(tables) == {row["case_number"]: row["granted"] for row in tables["applications"]}


def test_the_ceiling_of_an_award_set_by_hand_is_the_same_whatever_becomes_of_the_rest(scored: World) -> None:
    saved = set_(scored, saved_in(scored), CASES[1], 40_000)
    saved = set_(scored, saved, CASES[2], 0)
    ceilings = []
    for rest in ("kept", "reoptimised"):
        saved = set_rest(scored.house, scored["officer"], CALL_ID, saved.id, rest)
        rows = snapshot(scored, saved).tables["applications"]
        ceilings.append({row["case_number"]: row["ceiling"] for row in rows if row["case_number"] in CASES[1:3]})
    assert ceilings == [dict.fromkeys(CASES[1:3], FULL)] * 2


def test_a_draft_of_a_scenario_of_an_earlier_ranking_says_so(scored: World) -> None:
    saved = set_(scored, saved_in(scored), CASES[1], 40_000)
    before = facts(scored, saved)
    assert (before["result.ranking_changed"], before["result.gone"]) == (False, [])
    withdraw_application(scored.house, scored["officer"], CALL_ID, CASES[1], "Kirje.")
    said = facts(scored, saved)
    assert (said["result.ranking_changed"], said["result.gone"]) == (True, [CASES[1]])


def test_a_changed_scenario_kept_under_another_name_keeps_the_awards_set_by_hand(scored: World) -> None:
    saved = set_(scored, saved_in(scored), CASES[1], 40_000, "Alkaa syksyllä.")
    house, officer = scored.house, scored["officer"]
    saved = set_rest(house, officer, CALL_ID, saved.id, "reoptimised")
    other = save_scenario(house, officer, CALL_ID, "Toinen", scenario_of(scored, reserve=1_000), begun_from=saved.id)
    assert (other.copied_from, other.hands, other.reasons, other.rest) == (
        "Perus",
        {CASES[1]: 40_000},
        {CASES[1]: "Alkaa syksyllä."},
        "reoptimised",
    )
    assert granted(scored, other)[CASES[1]] == 40_000
    assert save_scenario(house, officer, CALL_ID, "Kolmas", scenario_of(scored)).copied_from is None
