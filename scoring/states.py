"""What a panel's scores cannot bear, by name, each with a sentence for the panel: never a number that pretends."""

from collections.abc import Mapping

from locales import Message, msg

FEWEST = 3
"""Applications and reviewers below which the spread between them cannot be told: with two a flat prior is improper."""
FEWEST_OF_A_REVIEWER = 3
"""Reviews below which a reviewer's severity says next to nothing."""

OUTCOMES: Mapping[str, Message] = {
    "no_scores": msg("There are no complete reviews yet, so there is nothing to compare."),
    "one_application": msg("Only one application is scored; a ranking needs at least two."),
    "one_reviewer": msg(
        "All scores are by one reviewer. Whether that reviewer is strict cannot be told; only the raw means are shown."
    ),
    "too_few_applications": msg(
        "Fewer than three applications are scored. That is too few to say how sure the ranking is; only the raw means are shown."
    ),
    "too_few_reviewers": msg(
        "Fewer than three reviewers have scored. That is too few to tell strict reviewers from weak applications; only the raw means are shown."
    ),
    "no_spread": msg(
        "All reviews give equal scores. They show no order among the applications to be more or less sure of."
    ),
    "too_few_reviews": msg(
        "Too few applications have scores by several reviewers. Chance cannot be told from real differences; only the raw means are shown."
    ),
    "perfect_fit": msg(
        "The scores follow from the applications and the reviewers without any remainder. So few or such regular scores do not show how large chance is; only the raw means are shown."
    ),
    "disconnected": msg(
        "The applications fall into groups that have no reviewer in common. The scores cannot tell a strict group from a weak one: too few to calibrate. Only the raw means are shown."
    ),
}
"""Why no adjusted figures are given; the first that holds."""

NOTES: Mapping[str, Message] = {
    "tau_zero": msg(
        "The scores show no difference between the applications beyond chance (tau = 0). The order of the adjusted means says nothing."
    ),
    "nu_zero": msg(
        "The scores show no difference between strict and lenient reviewers (nu = 0). The adjusted means are only drawn towards the common mean, the more the fewer reviews there are."
    ),
    "all_ties": msg("The mean of every application is the same: all are tied."),
    "few_reviews_of_reviewer": msg(
        "Some reviewers have fewer than three reviews; their severity is little more than a guess."
    ),
    "not_complete": msg(
        "Not every reviewer scored every application, so the measures of agreement that need a complete table are left out."
    ),
    "incomplete_reviews": msg("Reviews without a score for every criterion are left out."),
    "empty_scores": msg("Reviews without a score are left out."),
    "unscored": msg("Some applications have no complete score at all; they are listed, but they are not ranked."),
    "sections": msg(
        "Each section has a mean of its own. Ranks compare each application with the mean of its own section."
    ),
    "prior_snsf": msg(
        "Ranks follow the prior snsf, which takes the spread between reviewers as known (0.5); the adjusted means and the components are those of the fit."
    ),
    "k_takes_all": msg("K is not smaller than the number of applications, so all are among the K best."),
    "fewer_draws": msg(
        "With this many applications fewer random draws are made, so chances and intervals are coarser."
    ),
}
"""What to know about figures that are given."""
