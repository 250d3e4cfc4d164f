"""Worlds in which reviews are in: a whole panel on a call with money for three, and panels of a few reviews."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from access.permissions import Actor
from calls.presets import preset_text
from scoring.composite import composite
from scoring.score_table import Score
from tests.support.worlds import (
    CALL,
    CALL_ID,
    CASES,
    CRITERIA,
    NEXT_DAY,
    REVIEWERS,
    SOUND,
    TERMINAL,
    World,
    _create,
    _open,
    application,
    broken_invariants,
    fill_people,
)
from workflow.calls import add_call
from workflow.meeting import list_meetings, start_meeting
from workflow.meeting_consensus import record_consensus
from workflow.review_reading import ReadReview, read_reviews

Levels = tuple[int, int, int]
GIVEN: Mapping[str, Mapping[str, Levels]] = {
    CASES[0]: {"arvi": (5, 4, 4), "britta": (4, 5, 4), "celia": (5, 5, 4)},
    CASES[1]: {"britta": (4, 4, 5), "celia": (4, 3, 4), "daavid": (5, 4, 4)},
    CASES[2]: {"celia": (3, 4, 4), "daavid": (4, 4, 3), "arvi": (3, 3, 4)},
    CASES[3]: {"daavid": (4, 4, 3), "arvi": (3, 3, 4), "britta": (3, 4, 4)},
    CASES[4]: {"arvi": (3, 2, 3), "britta": (2, 3, 3), "celia": (4, 3, 3)},
    CASES[5]: {"britta": (2, 2, 3), "celia": (3, 3, 2), "daavid": (1, 2, 3)},
}
"""Levels per criterion of every review of the scored panel. The third and the fourth application have the same score."""
WEIGHTS = {criterion.id: criterion.weight.value for criterion in CALL.criteria}
MONEY_FOR_THREE = 260_000
"""Three applications of 85,000 euros each, and less left over than the smallest grant."""


def of_levels(*levels: int) -> dict[str, int]:
    """Level per criterion, in the call's order."""
    return dict(zip(CRITERIA, levels, strict=True))


def call_with(ranking_score: str) -> str:
    """The call of 2022 with money for three, and what is to rank."""
    text = preset_text(CALL_ID).replace("value = 10_000_000", f"value = {MONEY_FOR_THREE}")
    text = text.replace('value = "consensus_else_mean"', f'value = "{ranking_score}"')
    assert str(MONEY_FOR_THREE) in text
    assert f'"{ranking_score}"' in text
    return text


def begin_scored(url: str, ranking_score: str = "consensus_else_mean", large: Iterable[str] = ()) -> World:
    """A new database: the people, the call with money for three, six applications and all of their reviews.

    ``large``: cases that apply for twice the amount of the others.
    """
    world = _create(url)
    add_call(world.house, TERMINAL, call_with(ranking_score))
    fill_people(world)
    fill_scores(world, GIVEN, large)
    return world


def fill_scores(world: World, given: Mapping[str, Mapping[str, Levels]], large: Iterable[str] = ()) -> None:
    """Take and confirm the applications, assign them, and submit exactly these reviews."""
    twice = {name: 2 * costs for name, costs in SOUND.costs.items()}
    changed = {case: {"costs": twice, "own_funding": 30_000, "applied": 170_000} for case in large}
    world.take(*(application(int(case.split("/")[1]), **changed.get(case, {})) for case in given))
    world.confirm(*given)
    for case, reviews in given.items():
        world.assign(case, reviews)
        for who, levels in reviews.items():
            world.review(who, case, *levels)


def agree(world: World, case: str, *levels: int) -> None:
    """Record the panel's consensus, at a meeting that is opened with the first."""
    if not list_meetings(world.house, world["chair"], CALL_ID):
        world.turn_to("meeting")
        present = [world[name].id for name in REVIEWERS]
        start_meeting(world.house, world["chair"], CALL_ID, "Kokous", "Helsinki", present)
    reasons = dict.fromkeys(CRITERIA, "Yhdessä sovittu.")
    record_consensus(world.house, world["chair"], CALL_ID, case, of_levels(*levels), reasons, "", 0)


def read(world: World, cases: Iterable[str], reader: Actor | None = None) -> dict[str, list[ReadReview]]:
    """The counted reviews of each case, as the decision maker reads them one application at a time."""
    who = reader or world["decider"]
    return {case: read_reviews(world.house, who, CALL_ID, case) for case in cases}


def scores_of(reads: Mapping[str, Iterable[ReadReview]]) -> list[Score]:
    """The composites of the reviews, worked out anew."""
    found = []
    for case, reviews in reads.items():
        for review in reviews:
            value = composite({key: score.level for key, score in review.scores.items()}, WEIGHTS)
            if value is not None:
                found.append(Score(str(review.reviewer_id), case, value))
    return found


@pytest.fixture(scope="session")
def scored_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file to copy: the scored panel."""
    file = tmp_path_factory.mktemp("scored") / "scored.db"
    begin_scored(f"sqlite:///{file}").house.engine.dispose()
    return file


@pytest.fixture
def scored(scored_template: Path, tmp_path: Path) -> Iterator[World]:
    """Six applications with all of their reviews, and money for three; the test may change everything."""
    shutil.copy(scored_template, tmp_path / "scored.db")
    world = _open(f"sqlite:///{tmp_path / 'scored.db'}", NEXT_DAY)
    yield world
    broken = broken_invariants(world.house) if world.sound else []
    world.house.engine.dispose()
    assert not broken, "after the test these invariants do not hold:\n" + "\n".join(broken)
