"""Funding probability: the posterior draws of the scores that rank, through a scenario's own rule."""

from access.permissions import Actor, can_see_scenarios, require
from allocation import Scenario, ScenarioError
from allocation.chances import ChanceRun, ChancesError, begin
from locales import msg
from scoring.consensus_draws import centre_on_consensus
from scoring.posterior import Draws
from scoring.score_table import complete_scores
from scoring.states import OUTCOMES
from scoring.threads import one_thread
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.meeting_docket import Docket, load_docket
from workflow.panel_statistics import _analysis
from workflow.review_check import weights
from workflow.scenarios import Ground, load_ground, refuse_partial_view, within_call


def start_chances(house: House, actor: Actor, call_id: str, scenario: Scenario, *, every: bool = False) -> ChanceRun:
    """Start working out how probably each application is funded under ``scenario``, in processes of their own.

    The draws are those from which the chance of being among the best is worked out: agreed applications lie around
    their consensus. ``every``: each draw is solved exactly, also where else most get the best distribution found for
    others; it takes longer. Refused where the scores do not bear draws, in the words of the ranking, and with every problem
    of the scenario.
    """
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id)
        ground, docket = _load(uow, call_id)
    drawn = draws_of(docket)
    bound = within_call(ground.call, scenario)
    known = {project.id for project in ground.projects}
    ids = [case for case in drawn.applications if case in known]
    places = [place for place, case in enumerate(drawn.applications) if case in known]
    try:
        return begin(ground.projects, bound, ids, drawn.quality[:, places], seed=drawn.seed, every=every)
    except ChancesError as error:
        raise Refused(error.message) from error
    except ScenarioError as error:
        raise Refused(*error.problems) from error


def _load(uow: UnitOfWork, call_id: str) -> tuple[Ground, Docket]:
    return load_ground(uow, call_id), load_docket(uow, load_call(uow, call_id), set())


def draws_of(docket: Docket) -> Draws:
    """The draws of the scores that rank, on the scale of the levels. Refused where the scores do not bear any."""
    decided = {
        one.application: one.score
        for one in docket.standings()
        if one.score_source == "consensus" and one.score is not None
    }
    scores = complete_scores(docket.reviews, weights(docket.call))
    unscored = decided.keys() - {score.application for score in scores}
    with one_thread():
        analysis = _analysis(scores, docket.call.scoring.lot_seed.value, tuple(sorted(unscored)))
    if analysis.draws is None:
        reason = OUTCOMES.get(analysis.outcome or "")
        none = msg("The chance of being funded cannot be worked out from these scores.")
        raise Refused(none, *([reason] if reason is not None else []))
    return centre_on_consensus(analysis.draws, analysis.table, decided)
