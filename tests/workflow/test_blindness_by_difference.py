"""Blindness by difference: what is hidden from somebody makes no difference to anything that they are told.

Stories at random, each played in two databases that differ only in what is hidden from the viewer. Whatever the viewer
then asks for or tries, on every application and in every phase, is answered the same: values, order, counts, files and
refusals. The seed of a story is its number, so a leak comes back at every run.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from access.permissions import Actor
from locales import msg
from storage import reviews as stored_reviews
from tests.support.twin_actions import ACTIONS, UseCases, an_action
from tests.support.twin_chooser import Chooser
from tests.support.twin_people import DEPUTY, Bond, Viewer, a_draft, consensus, fill_more, meeting, review, take_roles
from tests.support.twin_secrets import of_content, of_reviews
from tests.support.twins import SIDES, Leak, Step, Twins
from tests.support.worlds import CALL_ID, CASES, NEXT_DAY, World
from tests.support.worlds import _open as open_world
from tests.workflow.test_permissions import TABLE, USE_CASES
from workflow.abstaining import abstain
from workflow.conflicts import record_conflict
from workflow.eligibility import withdraw_application
from workflow.errors import Refused
from workflow.house import House
from workflow.review_queue import my_queue
from workflow.review_reading import return_review

STORIES = {"unread": 7, "conflict": 7, "apart": 2, "stranger": 1}
"""By what ties the viewer to the application: how often the databases begin to differ."""
SEQUENCES = 6
"""Sequences of actions after each beginning."""
OF_NO_APPLICATION = {
    "accounts.list_accounts",
    "accounts.add_account",
    "accounts.disable_account",
    "accounts.enable_account",
    "accounts.own_affiliation",
    "accounts.reset_password",
    "accounts.set_affiliation",
    "accounts.set_roles",
    "calls.add_call",
    "calls.add_presets",
    "calls.call_file",
    "calls.get_call",
    "calls.list_calls",
    "intake.rows_to_mend",
    "intake.template",
    "invariants.check_database",
    "offline.acting_as",
    "sign_in.actor_for_session",
    "sign_in.session_of",
    "upkeep.rebuild",
}
"""Use cases that look at no application, and those of whoever runs the program."""


CLOSED: dict[Bond, tuple[str, ...]] = {
    "unread": CASES[2:5],
    "conflict": (CASES[0], *CASES[2:5]),
    "apart": (CASES[0], CASES[4]),
    "stranger": CASES,
    "none": CASES,
}
"""What arvi has still to review; that and what he has reviewed; what daavid does not review."""


def viewer(bond: Bond, username: str, *roles: str) -> Viewer:
    """A viewer by what closes applications to them."""
    return Viewer(username, frozenset(roles), bond, CLOSED[bond])


VIEWERS = [
    viewer("unread", "arvi", "reviewer"),
    viewer("unread", "arvi", "reviewer", "chair"),
    viewer("unread", "arvi", "reviewer", "officer"),
    viewer("unread", "arvi", "reviewer", "decision_maker"),
    viewer("unread", "arvi", "reviewer", "officer", "administrator"),
    viewer("conflict", "arvi", "reviewer"),
    viewer("conflict", "arvi", "reviewer", "chair"),
    viewer("conflict", "arvi", "reviewer", "officer"),
    viewer("conflict", "chair", "chair"),
    viewer("conflict", "officer", "officer"),
    viewer("conflict", "decider", "decision_maker"),
    viewer("conflict", "decider", "decision_maker", "officer", "chair"),
    viewer("apart", "daavid", "reviewer"),
    viewer("stranger", "arvi"),
]
SEES_ALL = viewer("none", "colleague", "officer")


def name_of(one: Viewer) -> str:
    return "-".join((one.bond, *sorted(one.roles)))


def own_beginning(rng: Random, one: Viewer, case: str) -> list[Step]:
    """How far the viewer's own review is: nothing, a draft, given back, or submitted and returned."""
    begun = rng.choice(("nothing", "draft", "abstained", "returned"))
    if begun == "nothing":
        return []
    text = a_draft(rng, whole=True)

    def given_back(world: World) -> None:
        abstain(world.house, world[one.username], CALL_ID, case, "Kiire.")

    def returned(world: World) -> None:
        return_review(world.house, world[DEPUTY], CALL_ID, case, world[one.username].id, "Täydennä.")

    steps = [Step(f"own review of {case}", review(one.username, case, text, submitting=begun == "returned"))]
    if begun == "abstained":
        steps.append(Step(f"abstains from {case}", given_back))
    if begun == "returned":
        steps.append(Step(f"own review of {case} is returned", returned))
    return steps


def hidden(rng: Random, one: Viewer, case: str, most: int = 2) -> list[Step]:
    """Things that happen in one of the databases only."""
    pool = (of_content, of_reviews) if one.bond in ("conflict", "stranger", "none") else (of_reviews,)
    return [
        Step(*rng.choice(pool)(rng, one, case), sides=(side,)) for side in SIDES for _ in range(rng.randint(0, most))
    ]


def barred(one: Viewer, case: str) -> Step:
    def act(world: World) -> None:
        record_conflict(world.house, world[one.officer], CALL_ID, case, world[one.username].id, "employment", "")

    return Step(f"conflict of {one.username} in {case}", act)


def withdrawn(one: Viewer, case: str) -> Callable[[World], None]:
    return lambda w: withdraw_application(w.house, w[one.officer], CALL_ID, case, "Kirje.")


def beginning(rng: Random, one: Viewer, secret: Sequence[str]) -> list[Step]:
    """What happened before, openly or hidden: from here on the databases differ."""
    last = rng.choice(("review", "review", "meeting", "meeting", "allocation"))
    steps = [Step("roles", take_roles(one))]
    if one.username == "arvi" and rng.random() < 0.6:
        # Only what is secret is still to be done: whatever that keeps closed stays closed for its sake alone.
        done = [case for case in CASES[2:5] if case not in secret]
        steps += [
            Step(f"own review of {c}", review("arvi", c, a_draft(rng, whole=True), submitting=True)) for c in done
        ]
    for case in secret:
        if one.bond == "unread":
            steps += own_beginning(rng, one, case)
        steps += hidden(rng, one, case)
        if one.bond == "conflict":
            steps.append(barred(one, case))
    if last != "review":
        steps += [Step("meeting phase", lambda w: w.turn_to("meeting")), Step("a meeting", meeting)]
    for case in secret:
        steps += hidden(rng, one, case)
    if last != "review":
        # Kept with it is what it did to the ranks, those of hidden applications among them.
        agreed = rng.choice([case for case in CASES if case not in secret])
        steps.append(Step(f"consensus on {agreed}", consensus(DEPUTY, agreed, a_draft(rng, whole=True), "")))
    if last == "allocation":
        steps.append(Step("allocation phase", lambda w: w.turn_to("allocation")))
    if one.bond == "unread" and rng.random() < 0.4:
        steps += [Step(f"{case} is withdrawn", withdrawn(one, case)) for case in secret]
    return steps


def sequence(rng: Random, one: Viewer, chooser: Chooser, use_cases: UseCases) -> list[Step]:
    """What the viewer does, while things go on happening openly and hidden."""
    others = [case for case in CASES if case not in chooser.secret]
    steps: list[Step] = []
    for _ in range(rng.randrange(5, 8)):
        if rng.random() < 0.2:
            steps += hidden(rng, one, rng.choice(chooser.secret), 1)
        if rng.random() < 0.1:
            steps.append(Step(*of_reviews(rng, one, rng.choice(others))))
        steps.append(an_action(chooser, use_cases))
    return steps


def play(twins: Twins, one: Viewer, stories: int, use_cases: UseCases) -> list[Leak]:
    """The leaks in sequences of the viewer's actions, a few after each of ``stories`` beginnings."""
    start = twins.keep()
    leaks = []
    people = twins.worlds["left"].people
    for number in range(stories):
        rng = Random(f"{name_of(one)} {number}")
        secret = tuple(rng.sample(one.cases, rng.choice((1, 1, 2))))
        twins.return_to(start)
        twins.play(beginning(rng, one, secret))
        while not twins.differ():
            twins.play(hidden(rng, one, rng.choice(secret)))
        begun = twins.keep()
        allowed = likely(one.actor_of(people))
        chooser = Chooser(rng, one, secret, {name: actor.id for name, actor in people.items()}, allowed)
        for _ in range(SEQUENCES):
            twins.return_to(begun)
            leak = twins.play(sequence(rng, one, chooser, use_cases))
            leaks += [leak] if leak else []
        begun.close()
    twins.return_to(start)
    start.close()
    return leaks


def likely(actor: Actor) -> dict[str, float]:
    """How often each use case is taken: seldom where the actor is refused whatever there is."""
    return {
        name: weight if name not in TABLE or TABLE[name][0](actor) else weight / 30
        for name, (weight, _) in ACTIONS.items()
    }


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory, sqlite_templates: dict[str, Path]) -> Iterator[Twins]:
    """Twins that are still the same."""
    folder = tmp_path_factory.mktemp("twins")
    shutil.copy(sqlite_templates["panel"], folder / "template.db")
    template = open_world(f"sqlite:///{folder / 'template.db'}", NEXT_DAY)
    fill_more(template)
    made = Twins.copied(template, folder)
    template.house.engine.dispose()
    yield made
    made.close()


def test_every_use_case_that_looks_at_applications_is_in_the_stories() -> None:
    assert ACTIONS.keys() | OF_NO_APPLICATION == USE_CASES.keys()
    assert not ACTIONS.keys() & OF_NO_APPLICATION


def test_there_are_enough_sequences() -> None:
    hidden_from = [one for one in VIEWERS if one.bond in ("unread", "conflict")]
    assert sum(STORIES[one.bond] for one in hidden_from) * SEQUENCES >= 500


@pytest.mark.parametrize("one", VIEWERS, ids=name_of)
def test_what_is_hidden_makes_no_difference(twins: Twins, one: Viewer) -> None:
    stories = STORIES[one.bond]
    leaks = play(twins, one, stories, USE_CASES)
    assert not leaks, f"{len(leaks)} of {stories * SEQUENCES} sequences leak\n" + "\n".join(map(str, leaks[:5]))


def test_what_is_open_makes_a_difference(twins: Twins) -> None:
    assert len(play(twins, SEES_ALL, 3, USE_CASES)) >= 15


def number_of_reviews(house: House, call_id: str) -> int:
    with house.reading() as uow:
        return len(stored_reviews.list_reviews(uow, call_id))


def counting(house: House, actor: Actor, call_id: str) -> Any:
    """The own queue, and how many reviews of the call there are."""
    return my_queue(house, actor, call_id), number_of_reviews(house, call_id)


def shuffling(house: House, actor: Actor, call_id: str) -> Any:
    """The own queue, in an order that comes of how many reviews of the call there are."""
    queue, first = my_queue(house, actor, call_id), number_of_reviews(house, call_id) % 4
    return queue[first:] + queue[:first]


def telling(house: House, actor: Actor, call_id: str) -> Any:
    """A refusal whose words come of how many reviews of the call there are."""
    raise Refused(msg("There is no call {call}.", call="x" * number_of_reviews(house, call_id)))


@pytest.mark.parametrize("leaking", [counting, shuffling, telling])
def test_a_use_case_that_tells_of_hidden_reviews_is_found(twins: Twins, leaking: Callable[..., Any]) -> None:
    leaks = play(twins, VIEWERS[0], 3, {**USE_CASES, "review_queue.my_queue": leaking})
    assert {leak.action for leak in leaks} == {"review_queue.my_queue"}
