"""Distributing the appropriation over the sample calls: our exact rule beside one plain call of scipy's milp.

The plain call gives one optimum; ours also proves it in integers and separates equal optima by the tie rule.
Run: python -m benchmarks.distribute_sample_calls
"""

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from allocation import Project, Scenario, distribute
from calls.presets import preset
from sample_data.decisions import eligible_applications
from sample_data.panel import panel
from scoring.ranking import rank, tie_keys
from scoring.types import Review

ROUNDS = 7


def main() -> None:
    """Print, per call, the median seconds of both and the ratio round by round."""
    for call_id in ("2020", "2022"):
        projects, scenario = sample(call_id)
        ours: list[float] = []
        peer: list[float] = []
        for _ in range(ROUNDS):
            ours.append(_seconds(partial(distribute, projects, scenario)))
            peer.append(_seconds(partial(plain, projects, scenario)))
        ratio = statistics.median(a / b for a, b in zip(ours, peer, strict=True))
        print(
            f"{call_id}: {len(projects)} projects, median of {ROUNDS}: exact with tie rule "
            f"{statistics.median(ours) * 1000:.0f} ms, one plain milp {statistics.median(peer) * 1000:.0f} ms, "
            f"ratio {ratio:.1f}"
        )


def sample(call_id: str) -> tuple[list[Project], Scenario]:
    """The scored projects of a sample call and the call's own mixed-integer scenario."""
    call = preset(call_id)
    weights = {criterion.id: criterion.weight.value for criterion in call.criteria}
    found = {a.case_number: a for a in eligible_applications(call_id)}
    reviews = [Review(r.case_number, r.reviewer, r.levels) for r in panel(call_id).reviews if r.submitted]
    rule, seed = call.scoring.tie_rule.value, call.scoring.lot_seed.value
    projects = [
        Project(
            id=s.application,
            score=s.score,
            applied=found[s.application].applied,
            eligible_costs=found[s.application].eligible_costs,
            tie_keys=tie_keys(s, rule, seed),
        )
        for s in rank(reviews, weights, list(found))
        if s.score is not None
    ]
    scenario = Scenario(
        appropriation=call.money.appropriation.value,
        rule="milp",
        max_share_bp=call.money.largest_share_bp.value,
        smallest_grant=call.money.smallest_grant.value,
    )
    return projects, scenario


def plain(projects: list[Project], scenario: Scenario) -> float:
    """All or nothing under the appropriation with one call of the solver: no tie rule, no check afterwards."""
    euros = np.array([min(p.applied, (p.eligible_costs or 0) * 85 // 100) for p in projects], dtype=float)
    scores = np.array([float(p.score or 0) for p in projects])
    result = milp(
        -(scores * euros),
        constraints=LinearConstraint(euros[np.newaxis, :], -np.inf, scenario.appropriation),
        integrality=np.ones(len(projects), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return -float(result.fun or 0)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
