"""A scenario as a record and as a TOML file: the same scenario comes back, and every fault has key, line and value."""

import json
import tomllib
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import (
    Constraint,
    Dependent,
    Exclusive,
    Objective,
    Project,
    RuleName,
    Scenario,
    Tier,
)
from allocation.scenario_record import from_record, to_record
from allocation.scenario_toml import (
    check_against,
    check_run,
    read_scenario,
    read_scenario_file,
    write_scenario,
)
from allocation.scenario_values import ScenarioFileError
from allocation.toml_places import line_of, places
from locales import LANGUAGES, render

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(lambda one: one.strip())
IDS = st.sampled_from(["A", "B", "01", "in", "out", "a b", 'ä"\\', "x.y", "7"])
EUROS = st.integers(0, 10**12)
NUMBERS = st.integers(-(10**9), 10**9) | st.fractions(max_denominator=10**6)
SHARES = st.fractions(0, 1, max_denominator=1000)
MINIMAL = 'appropriation = 100\nrule = "milp"\n'


def _groups(one: st.SearchStrategy[str], least: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(one, min_size=least, max_size=4, unique=True).map(tuple)


@st.composite
def _constraints(draw: st.DrawFn) -> Constraint:
    measure = draw(st.sampled_from(["grant", "count", "population", "a b"]))
    limits = st.integers(0, 10**9) if measure in ("grant", "count") else NUMBERS.map(_simple)
    lower, upper = sorted(draw(st.tuples(limits, limits)))
    shares = draw(st.booleans()) and measure == "grant"
    return Constraint(
        name=draw(TEXTS),
        measure=measure,
        where=tuple(draw(st.dictionaries(IDS, _groups(TEXTS, 1), max_size=2)).items()),
        lower=None if shares else lower,
        upper=None if shares else draw(st.none() | st.just(upper)),
        lower_share=draw(SHARES) if shares else None,
        upper_share=Fraction(1) if shares else None,
        each=draw(st.just("") | TEXTS),
        by_grant=measure not in ("grant", "count") and draw(st.booleans()),
        on=draw(st.booleans()),
    )


def _falling(tiers: list[Tier]) -> tuple[Tier, ...]:
    return tuple(sorted(tiers, key=lambda one: -one.least))


def _simple(number: int | Fraction) -> int | Fraction:
    return int(number) if number.denominator == 1 else number


Named = TypeVar("Named", Constraint, Exclusive, Dependent)


def _unique(strategy: st.SearchStrategy[Named]) -> st.SearchStrategy[tuple[Named, ...]]:
    return st.lists(strategy, max_size=3, unique_by=lambda one: one.name).map(tuple)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    appropriation, smallest = draw(EUROS), draw(st.integers(0, 1000))
    sides = draw(st.dictionaries(IDS, st.sampled_from(["in", "out"]), max_size=4))
    fixed = draw(st.dictionaries(IDS, EUROS, max_size=2))
    told = draw(st.lists(st.sampled_from([*sides, *fixed]), unique=True)) if sides or fixed else []
    exclusive = st.builds(Exclusive, TEXTS, _groups(IDS, 2), st.integers(0, 5), st.booleans())
    dependent = st.builds(Dependent, TEXTS, st.just("P"), _groups(IDS, 1), st.booleans())
    return Scenario(
        appropriation=appropriation,
        rule=draw(st.sampled_from(get_args(RuleName))),
        reserve=draw(st.integers(0, appropriation)),
        unit=draw(st.integers(1, 1000)),
        objective=draw(st.sampled_from(get_args(Objective))),
        threshold=draw(st.none() | st.fractions(0, 100, max_denominator=10**6)),
        max_share_bp=draw(st.none() | st.integers(1, 10_000)),
        smallest_grant=smallest,
        largest_grant=draw(st.none() | st.integers(smallest, 10**12)),
        force_in=frozenset(key for key, side in sides.items() if side == "in"),
        force_out=frozenset(key for key, side in sides.items() if side == "out"),
        time_limit=draw(st.floats(1e-6, 1e6)),
        gap=draw(st.just(0.0) | st.floats(1e-9, 0.999)),
        seed=draw(st.integers(0, 2**63 - 1)),
        criterion_thresholds=tuple(draw(st.dictionaries(IDS, NUMBERS.map(Fraction), max_size=2)).items()),
        constraints=draw(_unique(_constraints())),
        exclusive=draw(_unique(exclusive)),
        dependent=draw(_unique(dependent)),
        rank_order=draw(st.sampled_from([None, "", "theme"])),
        fixed=fixed,
        tiers=_falling(
            draw(
                st.lists(
                    st.builds(Tier, st.fractions(0, 9, max_denominator=1000), SHARES),
                    max_size=3,
                    unique_by=lambda one: one.least,
                )
            )
        ),
        reasons={key: draw(TEXTS) for key in told},
        tie_rule=draw(_groups(st.sampled_from(["lot", "id", "a b", "quality"]), 0)),
    )


@settings(max_examples=40)
@given(scenarios())
def test_a_record_gives_the_scenario_back(scenario: Scenario) -> None:
    assert from_record(json.loads(json.dumps(to_record(scenario)))) == scenario


@settings(max_examples=40)
@given(scenarios(), TEXTS, st.sampled_from(LANGUAGES))
def test_a_file_gives_the_scenario_back(scenario: Scenario, title: str, lang: str) -> None:
    text = write_scenario(scenario, title, lang)
    found = read_scenario_file(text.encode())
    assert (found.scenario, found.title) == (scenario, title)
    assert write_scenario(found.scenario, title, lang) == text


def test_a_record_of_before_takes_the_rest_from_the_call() -> None:
    base = Scenario(5, "milp", unit=100, max_share_bp=8500, seed=7, tie_rule=("lot",), names={"a": "A"})
    old = {
        "rule": "lp",
        "appropriation": 1000,
        "threshold": "7/2",
        "smallest_grant": 0,
        "largest_grant": None,
        "reserve": 10,
        "objective": "score_of_funded",
    }
    assert from_record(old, base) == replace(
        base, rule="lp", appropriation=1000, threshold=Fraction(7, 2), reserve=10, objective="score_of_funded"
    )


def test_only_the_appropriation_and_the_rule_are_needed() -> None:
    assert read_scenario(MINIMAL) == Scenario(100, "milp", tie_rule=("lot",))


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("appropriation = 1_000.0", {"appropriation": 1000}),
        ("max_share = 0.85", {"max_share_bp": 8500}),
        ('max_share = "17/20"', {"max_share_bp": 8500}),
        ("threshold = 3.25", {"threshold": Fraction(13, 4)}),
        ('threshold = "10/3"', {"threshold": Fraction(10, 3)}),
        (
            "threshold = { score = 3, process_change = 2.1 }",
            {"threshold": Fraction(3), "criterion_thresholds": (("process_change", Fraction(21, 10)),)},
        ),
        ("threshold = { quality = 2 }", {"criterion_thresholds": (("quality", Fraction(2)),)}),
        ('exclusive = [["A", "B"]]', {"exclusive": (Exclusive("At most 1 of the projects A, B", ("A", "B")),)}),
        (
            'exclusive = [{ name = "n", projects = ["A", "B", "C"], most = 2, on = false }]',
            {"exclusive": (Exclusive("n", ("A", "B", "C"), 2, False),)},
        ),
        (
            'dependent = [["A", "B", "C"]]',
            {"dependent": (Dependent("Project A only together with B, C", "A", ("B", "C")),)},
        ),
        ('[[dependent]]\nname = "n"\nproject = "A"\nneeds = ["B"]', {"dependent": (Dependent("n", "A", ("B",)),)}),
        ('force = { in = ["A"], out = ["B"] }', {"force_in": frozenset("A"), "force_out": frozenset("B")}),
        (
            'force = { in = { A = "why" }, out = { B = "" } }',
            {"force_in": frozenset("A"), "force_out": frozenset("B"), "reasons": {"A": "why"}},
        ),
        ('force = { A = "in", B = "out" }', {"force_in": frozenset("A"), "force_out": frozenset("B")}),
        ('tie_rule = "none"', {"tie_rule": ()}),
        ("tie_rule = []", {"tie_rule": ()}),
        ('tie_rule = "id"', {"tie_rule": ("id",)}),
        ('tie_rule = ["quality", "lot"]', {"tie_rule": ("quality", "lot")}),
        ("rank_order = true", {"rank_order": ""}),
        ("rank_order = false", {"rank_order": None}),
        ('rank_order = "theme"', {"rank_order": "theme"}),
        ("gap = 0.001\ntime_limit = 5", {"gap": 0.001, "time_limit": 5.0}),
        ("[fixed]\nA = 500\nB = { euros = 0, reason = 'r' }", {"fixed": {"A": 500, "B": 0}, "reasons": {"B": "r"}}),
        (
            "[[tier]]\nfrom = 3\nshare = 0.7\n[[tier]]\nfrom = 4\nshare = 1",
            {"tiers": (Tier(Fraction(4), Fraction(1)), Tier(Fraction(3), Fraction(7, 10)))},
        ),
        (
            '[[constraint]]\nname = "n"\nsum = "count"\nwhere = { theme = "a", region = ["01", 6] }\nmin = 1\nmax = 2',
            {
                "constraints": (
                    Constraint("n", "count", (("theme", ("a",)), ("region", ("01", "6"))), lower=1, upper=2),
                )
            },
        ),
        (
            '[[constraint]]\nname = "n"\nmin_share = 0.1\nmax_share = "1/3"\neach = "theme"\non = false',
            {
                "constraints": (
                    Constraint("n", lower_share=Fraction(1, 10), upper_share=Fraction(1, 3), each="theme", on=False),
                )
            },
        ),
        (
            '[[constraint]]\nname = "n"\nsum = "pop"\nmin = 1.5\ntimes_grant = true',
            {"constraints": (Constraint("n", "pop", lower=Fraction(3, 2), by_grant=True),)},
        ),
    ],
)
def test_every_spelling_of_a_key_is_read(text: str, changes: dict[str, object]) -> None:
    bare = 'rule = "milp"\n' if text.startswith("appropriation") else MINIMAL
    expected = replace(Scenario(100, "milp", tie_rule=("lot",)), **changes)  # type: ignore[arg-type]
    assert read_scenario(f"{bare}{text}\n", "en") == expected


def test_rules_without_a_name_get_one_in_words_and_no_two_share_one() -> None:
    same = '[[constraint]]\nwhere = { theme = "a" }\nmax_share = 0.3\n'
    further = '[[constraint]]\nsum = "pop"\neach = "region"\nmin = 1.5\nmax = 10\n'
    names = [one.name for one in read_scenario(MINIMAL + same + same + further, "en").constraints]
    first = "Euros granted (theme: a): at most 30 % of the appropriation"
    assert names == [first, f"{first} (2)", "Sum of pop, for each region: at least 1.50, at most 10"]


BROKEN = [
    ('rule = "milp"', ["appropriation is missing. Accepted: whole euros."]),
    ("appropriation = 5", ["rule is missing. Accepted: one of rank_strict, rank_skip"]),
    (MINIMAL + "treshold = 3", ["Line 3: treshold: the key is not known (value 3). Accepted here: title, approp"]),
    (MINIMAL + "reserve = -1", ["Line 3: reserve: -1 is not accepted. Accepted: whole euros from €0"]),
    (MINIMAL + "reserve = 1.5", ["Line 3: reserve: 1.5 is not accepted."]),
    (MINIMAL + "reserve = nan", ["Line 3: reserve: NaN is not accepted."]),
    (MINIMAL + "reserve = inf", ["Line 3: reserve: Infinity is not accepted."]),
    (MINIMAL + 'reserve = "5"', ['Line 3: reserve: "5" is not accepted.']),
    (MINIMAL + "reserve = 101", ["Line 3: reserve: 101 is not accepted. Accepted: at most the appropriation €100."]),
    (MINIMAL + "unit = 0", ["Line 3: unit: 0 is not accepted. Accepted: whole euros from €1"]),
    ('appropriation = true\nrule = "best"', ["Line 1: appropriation: true is", 'Line 2: rule: "best" is not accepted']),
    (MINIMAL + 'objective = "fame"', ['Line 3: objective: "fame" is not accepted. Accepted: one of score_of_funded']),
    (MINIMAL + "max_share = 85", ["Line 3: max_share: 85 is not accepted. Accepted: a share above 0"]),
    (MINIMAL + "max_share = 0.33333", ["Line 3: max_share: 0.33333 is not accepted."]),
    (MINIMAL + 'threshold = "high"', ['Line 3: threshold: "high" is not accepted.']),
    (MINIMAL + "threshold = { score = [] }", ["Line 3: threshold.score: [] is not accepted."]),
    (MINIMAL + "threshold = 1e400", ["Line 3: threshold: 1E+400 is not accepted."]),
    (MINIMAL + "threshold = '1/0'", ['Line 3: threshold: "1/0" is not accepted.']),
    (MINIMAL + 'exclusive = [["A"]]', ['Line 3: exclusive[1]: ["A"] is not accepted.']),
    (MINIMAL + 'exclusive = [\n ["A", "B"],\n ["C",\n  3.5]]', ["Line 6: exclusive[2][2]: 3.5 is not accepted."]),
    (MINIMAL + "dependent = 5", ["Line 3: dependent: 5 is not accepted."]),
    (MINIMAL + 'dependent = [["A", "B"], { project = "C" }]', ["Line 3: dependent[2].needs is missing"]),
    (MINIMAL + "[[dependent]]\nproject='A'\nneeds=['A']", ['Line 3: dependent[1]: "A" is not accepted.']),
    (MINIMAL + 'force = { A = "maybe" }', ['Line 3: force.A: "maybe" is not accepted. Accepted: one of "in", "out".']),
    (MINIMAL + 'force = { in = ["A"], out = ["A"] }', ['Line 3: force: "A" is not accepted.']),
    (MINIMAL + "time_limit = 0", ["Line 3: time_limit: 0 is not accepted."]),
    (MINIMAL + "gap = 1", ["Line 3: gap: 1 is not accepted."]),
    (MINIMAL + "seed = -1", ["Line 3: seed: -1 is not accepted."]),
    (MINIMAL + "tie_rule = [1.5]", ["Line 3: tie_rule[1]: 1.5 is not accepted."]),
    (MINIMAL + "rank_order = 3.5", ["Line 3: rank_order: 3.5 is not accepted."]),
    (MINIMAL + "fixed = { A = -5 }", ["Line 3: fixed.A: -5 is not accepted."]),
    (MINIMAL + "smallest_grant = 5\nlargest_grant = 4", ["Line 4: largest_grant: 4 is not accepted."]),
    (MINIMAL + "[[tier]]\nfrom = 3\nshare = 2", ["Line 5: tier[1].share: 2 is not accepted."]),
    (MINIMAL + "[tier]\nfrom = 3", ["Line 3: tier: { from } is not accepted. Accepted: tables headed [[tier]]."]),
    (MINIMAL + "[[constraint]]\nsum = 'grant'", ["Line 3: constraint[1].min is missing. Accepted: at least one of"]),
    (MINIMAL + "[[constraint]]\nmin = 5\n\nmax = 3", ["Line 6: constraint[1].max: 3 is not accepted."]),
    (MINIMAL + "[[constraint]]\nmin = 5.5", ["Line 4: constraint[1].min: 5.5 is not accepted."]),
    (MINIMAL + "[[constraint]]\nmax = 5\nmax_share = 0.1", ["Line 5: constraint[1].max_share: 0.1 is not accepted."]),
    (MINIMAL + "[[constraint]]\nsum = 'count'\nmax_share = 0.1", ["Line 5: constraint[1].max_share: 0.1 is not acc"]),
    (MINIMAL + "[[constraint]]\nmax = 5\ntimes_grant = true", ["Line 5: constraint[1].times_grant: true is not acc"]),
    (MINIMAL + "[[constraint]]\nmax = 5\n[[constraint]]\nmaks = 5", ["Line 6: constraint[2].maks: the key is not"]),
    (
        MINIMAL + "[[constraint]]\nmax = 5\nwhere = { theme = [], region = 3.5 }",
        ["Line 5: constraint[1].where.theme: [] is not", "Line 5: constraint[1].where.region: 3.5 is not accepted."],
    ),
    ("rule = milp", ['Line 1, column 8: "rule = milp". This is not TOML.']),
    ("rule = 'milp'\nrule = 'lp'", ["Line 2, column 12: \"rule = 'lp'\". The same key or table is given twice."]),
    ("x = [1,", ['Line 1, column 8: "x = [1,". This is not TOML.']),
    ("x = 1" + "0" * 5000, ["Line 1, column 5: "]),
    ("x = 1e99999999999999999999", ["Line 1, column 6: "]),
    ("x = " + "[" * 5000, ["The scenario file has lists or tables too deep"]),
    (".".join("a" * 5000) + " = 1", ["Line 1 of the scenario file has a key of more than 50 parts."]),
    (b"rule = 'milp'\n\xff", ["Line 2 of the scenario file is not UTF-8 text (byte 15)."]),
    ("# " + "x" * 300_000, ["Line 1 of the scenario file has 300002 characters."]),
    ("#\n" * 600_000, ["The scenario file is 1200000 bytes. Accepted: at most 1000000 bytes."]),
    ('"a\\nb" = 1', ["rule is missing", "appropriation is missing", 'Line 1: "a b": the key is not known']),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_every_fault_is_told_with_its_line(text: str | bytes, words: list[str]) -> None:
    with pytest.raises(ScenarioFileError) as refused:
        read_scenario(text)
    said = [render(problem, "en") for problem in refused.value.problems]
    assert len(said) >= len(words)
    for start in words:
        assert any(one.startswith(start) for one in said), said


def test_all_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    with pytest.raises(ScenarioFileError) as refused:
        read_scenario("rule = 5\n\nunit = -3\nfoo = 1\n[[constraint]]\nmin = 'x'\nmax = []\n")
    said = [render(problem, "en").partition(" is ")[0].partition(" the ")[0] for problem in refused.value.problems]
    assert said == [
        "appropriation",
        "Line 1: rule: 5",
        "Line 3: unit: -3",
        "Line 4: foo:",
        'Line 6: constraint[1].min: "x"',
        "Line 7: constraint[1].max: []",
    ]


def test_what_the_projects_lack_is_told_with_its_line() -> None:
    text = (
        MINIMAL + 'force = { in = ["A", "X"] }\ntie_rule = ["quality", "lot"]\nthreshold = { depth = 1 }\n'
        'exclusive = [["A", "B"],\n["A", "Y"]]\n[[constraint]]\nsum = "pop"\nmin = 1\nwhere = { them = "a" }\n'
        'each = "pop"\n[fixed]\n"a z" = 3\n'
    )
    with pytest.raises(ScenarioFileError) as refused:
        check_against(read_scenario_file(text), {"A", "B"}, ["town"], ["quality"])
    assert [render(problem, "en").partition(" is not")[0] for problem in refused.value.problems] == [
        'Line 3: force.in.X: "X"',
        'Line 5: threshold.depth: "depth"',
        'Line 7: exclusive[2].projects: "Y"',
        'Line 9: constraint[1].sum: "pop"',
        'Line 11: constraint[1].where.them: "them"',
        'Line 12: constraint[1].each: "pop"',
        'Line 14: fixed."a z": "a z"',
    ]
    check_against(read_scenario_file(MINIMAL + 'tie_rule = ["applied", "id"]'), {"A"}, [], [])


def test_a_fault_that_the_distribution_finds_gets_the_line_of_its_rule() -> None:
    text = MINIMAL.replace("milp", "tiers") + (
        '[[constraint]]\nmax = 5\n[[constraint]]\nname = "Floor"\nsum = "pop"\nmin = 5\n[[exclusive]]\n'
        'projects = ["A", "B"]\nname = "Pair"\nmost = 0\n'
    )
    file = read_scenario_file(text)
    with pytest.raises(ScenarioFileError) as refused:
        check_run(file, [Project("A", Fraction(1), 5, columns={"pop": 3}), Project("B", Fraction(1), 5)])
    said = [render(one, "en") for one in refused.value.problems]
    assert [one for one in said if not one.startswith("Line")] == ["tier: the rule tiers needs at least one tier."]
    assert [one.partition(":")[0] for one in said if "Floor" in one] == ["Line 5", "Line 5"]
    assert [one.partition(":")[0] for one in said if "Pair" in one] == ["Line 9", "Line 9"]


def test_a_rule_that_cannot_hold_a_constraint_is_named_with_it() -> None:
    text = 'appropriation = 5\nrule = "lp"\nsmallest_grant = 2\n[[constraint]]\nname = "few"\nsum = "count"\nmax = 1\n'
    projects = [Project("A", Fraction(1), 5, min_grant=3)]
    with pytest.raises(ScenarioFileError) as refused:
        check_run(read_scenario_file(text), projects)
    said = [render(problem, "en") for problem in refused.value.problems]
    assert [one.partition(". Rules that can: ")[0] for one in said] == [
        "Line 3: smallest_grant: the rule lp (linear programme) cannot hold the smallest grant: the smallest grant",
        "min_grant: the rule lp (linear programme) cannot hold a project's own smallest grant: a project's own "
        "smallest grant",
        "Line 4: constraint[1]: the rule lp (linear programme) cannot hold few: a largest number of projects",
    ]
    assert said[0].endswith("milp, proportional, tiers.") or "milp" in said[0]
    check_run(read_scenario_file(MINIMAL), projects)


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_no_text_raises_anything_but_the_declared_error(text: str | bytes) -> None:
    for given_ in (text, MINIMAL + text if isinstance(text, str) else MINIMAL.encode() + text):
        with suppress(ScenarioFileError):
            assert isinstance(read_scenario(given_), Scenario)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | IDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(IDS | st.sampled_from(["sum", "euros"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(to_record(Scenario(1, "lp")))), VALUES, max_size=4))
def test_no_record_raises_anything_but_the_declared_error(record: dict[str, object]) -> None:
    with suppress(ScenarioFileError):
        scenario = from_record(record, Scenario(5, "milp"))
        assert from_record(json.loads(json.dumps(to_record(scenario)))) == scenario


@settings(max_examples=40)
@given(scenarios(), st.data())
def test_a_file_with_a_character_changed_is_read_or_refused(scenario: Scenario, data: st.DataObject) -> None:
    text = write_scenario(scenario)
    at = data.draw(st.integers(0, len(text) - 1))
    cut = data.draw(st.sampled_from(["", '"', "[", "]", "=", "\n", "-", "9", "{", "'"]))
    with suppress(ScenarioFileError):
        read_scenario(text[:at] + cut + text[at + 1 :])


def test_lines_are_found_wherever_a_key_stands() -> None:
    text = (
        '# comment\na = "x # no"\n\'b c\' = """\n[not]\n\\""" """\n"d\\u00e4" = { e = [1, { f = 2 }], g.h = 3 }\r\n'
        "[t.u]\nv = [\n  1, # one\n  [2,\n   3],\n]\n[[t.w]]\nx = 1\n[t.w.y]\nz = 2\n[[t.w]]\nx = '''\n'''\n"
    )
    assert tomllib.loads(text)
    found = places(text)
    lines = {
        ("a",): 2,
        ("b c",): 3,
        ("dä", "e"): 6,
        ("dä", "e", 1, "f"): 6,
        ("dä", "g", "h"): 6,
        ("t", "u", "v", 0): 9,
        ("t", "u", "v", 1): 10,
        ("t", "u", "v", 1, 1): 11,
        ("t", "w", 0, "x"): 14,
        ("t", "w", 0, "y", "z"): 16,
        ("t", "w", 1, "x"): 18,
    }
    assert {place: found[place] for place in lines} == lines
    assert line_of(found, ("t", "w", 1, "nothing", 5)) == 17
    assert line_of(found, ("nothing",)) is None
