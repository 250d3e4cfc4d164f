"""Agreement: how far reviewers give the same applications the same scores, as a whole and by criterion."""

from access.permissions import can_see_reviewer_statistics
from ui import notices
from ui.agreement_view import Told, show_coefficients, show_in_words, show_reading, show_sources, show_whole
from ui.look import heading
from ui.session import visit
from ui.tables import Cell, Link, facts
from ui.texts import say, t
from workflow.calls import get_call
from workflow.panel_reviewers import get_agreement
from workflow.ranking import is_partial

here = visit()
heading(t("Agreement"), t("How far reviewers give the same scores to the same applications."))
agreement = get_agreement(here.house, here.actor, here.call_id)
call = get_call(here.house, here.actor, here.call_id)
way = (("call", here.call_id),)
ways: list[tuple[str, Cell]] = [(t("Back"), Link(t("Ranking"), "ranking", way))]
if can_see_reviewer_statistics(here.actor):
    ways.append((t("See also"), Link(t("Reviewers"), "reviewers", way)))
facts(ways)
if is_partial(here.house, here.actor, here.call_id):
    notices.info(
        t(
            "Applications with a conflict of interest of yours, or a review you have still to submit, are left out. The figures are those of the others."
        )
    )
whole = Told(t("Whole score"), agreement.whole)
told = [whole, *(Told(say(c.name), agreement.criteria[c.id]) for c in call.criteria)]
show_whole(whole)
if any(one.fitted for one in told):
    show_reading()
    show_sources(told)
    show_coefficients(told)
elif len({one.figures.outcome for one in told}) > 1:
    show_in_words(told)
