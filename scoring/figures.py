"""Everything that is said of a panel's scores, in plain numbers: for the terminal, the screens and the workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from scoring.agreement import IccForms, icc_forms, kendall_w
from scoring.analysis import Analysis, analyse
from scoring.calibration import Calibration, FTest, calibrate, compare_reviewers
from scoring.components import Components
from scoring.consensus_draws import centre_on_consensus
from scoring.extra_review import ExtraReview, value_of_review
from scoring.fitted_agreement import FittedAgreement, fitted_agreement
from scoring.graph import Graph
from scoring.krippendorff import interval_alpha
from scoring.posterior import Prior
from scoring.rank_draws import BANDS, RankSummary, summarise_ranks
from scoring.score_table import Floats, ScoreTable
from scoring.threads import one_thread


@dataclass(frozen=True, slots=True)
class ApplicationFigures:
    """Of one application; on the scores' scale. What the scores do not bear is None.

    ``mean`` of ``n`` composites; ``adjusted`` for the reviewers' severity and for chance, with its ``sd`` at the fitted
    components, and ``low`` and ``high``, between which 90 % of the draws lie, components that are not known included;
    ``expected_rank`` and ``pcer`` (0 to 100); ``ranks``: band in per cent -> lowest and highest rank, empty without
    draws; ``p_top_k``: the chance of being among the k best. ``calibrated``: worth in the additive fit.
    ``gain``, ``p_low``, ``p_high``: what one more review would tell, see ``extra_review``. ``decided``: the consensus.
    """

    application: str
    mean: Fraction | None
    n: int
    adjusted: float | None
    sd: float | None
    low: float | None
    high: float | None
    expected_rank: float | None
    pcer: float | None
    ranks: Mapping[int, tuple[int, int]]
    p_top_k: float | None
    calibrated: float | None
    gain: float | None
    p_low: float | None
    p_high: float | None
    decided: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """Of one reviewer: ``severity`` b and its ``se`` in the mixed model, above 0 for one who gives more than others;
    ``deviation`` from the mean of all reviewers, the median of its draws, and ``low`` and ``high``, between which 90 %
    of them lie; ``offset`` and ``offset_se`` in the additive fit. None where the scores do not bear it.
    """

    reviewer: str
    n: int
    severity: float | None
    se: float | None
    deviation: float | None
    low: float | None
    high: float | None
    offset: float | None
    offset_se: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """``forms`` and ``kendall_w``: None unless every reviewer scored every application. ``fitted``: from components."""

    forms: IccForms | None
    alpha_interval: float | None
    kendall_w: float | None
    fitted: FittedAgreement | None


@dataclass(frozen=True, slots=True)
class PanelFigures:
    """``outcome`` and ``notes`` as in ``Analysis``; ``draws``: how many; ``scores``: how many composites.

    ``consensus``: applications whose draws are centred on the panel's consensus. ``reviewers_differ``: the F test.
    """

    outcome: str | None
    notes: tuple[str, ...]
    k: int | None
    seed: int
    prior: Prior
    draws: int
    scores: int
    components: Components | None
    section_names: tuple[str, ...]
    applications: tuple[ApplicationFigures, ...]
    reviewers: tuple[ReviewerFigures, ...]
    agreement: Agreement
    graph: Graph
    reviewers_differ: FTest | None
    consensus: tuple[str, ...]


def panel_figures(
    table: ScoreTable,
    seed: int,
    prior: Prior = "flat",
    k: int | None = None,
    confidence: Sequence[float] | None = None,
    consensus: Mapping[str, Fraction] = MappingProxyType({}),
) -> PanelFigures:
    """The figures of ``table``, as ``figures_of_analysis`` gives them. Linear algebra runs on one thread."""
    with one_thread():
        return figures_of_analysis(analyse(table, seed, prior), seed, prior, k, confidence, consensus)


def figures_of_analysis(
    analysis: Analysis,
    seed: int,
    prior: Prior = "flat",
    k: int | None = None,
    confidence: Sequence[float] | None = None,
    consensus: Mapping[str, Fraction] = MappingProxyType({}),
) -> PanelFigures:
    """The figures of an analysis that is made already, with the same ``seed`` and ``prior``.

    ``confidence``: weights of the scores in the table's order, for the additive fit alone. ``consensus``: application
    -> the composite that decides in place of its reviews; the draws are centred on it, and there is no adjusted mean
    beside it. Raises as ``calibrate`` and ``centre_on_consensus``.
    """
    table, bears = analysis.table, analysis.outcome is None
    weights = None if confidence is None else np.asarray(confidence, dtype=float)
    fit = calibrate(table, weights) if bears and analysis.graph.components == 1 else None
    # Of a consensus the means of the reviews know nothing.
    notes = tuple(note for note in analysis.notes if note != "all_ties" or not consensus)
    if bears and prior == "snsf":
        notes = (*notes, "prior_snsf")
    if bears and k is not None and k >= len(table.applications):
        notes = (*notes, "k_takes_all")
    return PanelFigures(
        outcome=analysis.outcome,
        notes=notes,
        k=k,
        seed=seed,
        prior=prior,
        draws=0 if analysis.draws is None else len(analysis.draws.quality),
        scores=len(table.values),
        components=analysis.components,
        section_names=table.section_names,
        applications=_applications(analysis, fit, k, consensus),
        reviewers=_reviewers(analysis, fit),
        agreement=_agreement(analysis),
        graph=analysis.graph,
        reviewers_differ=compare_reviewers(table) if fit is not None else None,
        consensus=tuple(sorted(consensus)),
    )


def _applications(
    analysis: Analysis, fit: Calibration | None, k: int | None, consensus: Mapping[str, Fraction]
) -> tuple[ApplicationFigures, ...]:
    table, draws = analysis.table, analysis.draws
    ranks: RankSummary | None = None
    extra: ExtraReview | None = None
    ends: Floats | None = None
    if draws is not None:
        # Single precision may have nothing left for the quality of scores that are far from 0.
        alone = len(table.section_names) == 1
        ends = _ends(draws.compared) + table.values.mean() if alone else _ends(draws.quality)
        centred = centre_on_consensus(draws, table, consensus)
        ranks = summarise_ranks(centred, k)
        extra = None if k is None or analysis.components is None else value_of_review(centred, analysis.components, k)
    found = []
    for row, name in enumerate(table.applications):
        # Without a review the model knows the common mean alone, and a consensus is not the model's to adjust.
        own = analysis.effects if table.per_application[row] and name not in consensus else None
        found.append(
            ApplicationFigures(
                application=name,
                mean=table.means[row],
                n=int(table.per_application[row]),
                adjusted=_of(own, "adjusted", row),
                sd=_of(own, "adjusted_sd", row),
                low=None if own is None or ends is None else float(ends[0, row]),
                high=None if own is None or ends is None else float(ends[2, row]),
                expected_rank=_of(ranks, "expected", row),
                pcer=_of(ranks, "pcer", row),
                ranks={} if ranks is None else {b: (int(ranks.low[b][row]), int(ranks.high[b][row])) for b in BANDS},
                p_top_k=_of(ranks, "top", row),
                calibrated=_of(fit, "worth", row),
                gain=_of(extra, "gain", row),
                p_low=_of(extra, "low", row),
                p_high=_of(extra, "high", row),
                decided=consensus.get(name),
            )
        )
    return tuple(found)


def _reviewers(analysis: Analysis, fit: Calibration | None) -> tuple[ReviewerFigures, ...]:
    table, effects, draws = analysis.table, analysis.effects, analysis.draws
    ends = None if draws is None else _ends(draws.deviations)
    # At nu = 0 every severity is 0, and a standard error of 0 would be a certainty that nobody has.
    at_zero = analysis.components is not None and analysis.components.nu == 0
    return tuple(
        ReviewerFigures(
            reviewer=name,
            n=int(table.per_reviewer[position]),
            severity=_of(effects, "severity", position),
            se=None if at_zero else _of(effects, "severity_se", position),
            deviation=None if ends is None else float(ends[1, position]),
            low=None if ends is None else float(ends[0, position]),
            high=None if ends is None else float(ends[2, position]),
            offset=_of(fit, "offset", position),
            offset_se=_of(fit, "offset_se", position),
        )
        for position, name in enumerate(table.reviewers)
    )


def _ends(draws: npt.NDArray[np.float32]) -> Floats:
    """The quantiles at 5, 50 and 95 % of the draws of each column (3 x columns); column by column for memory."""
    ends = [np.quantile(column, (0.05, 0.5, 0.95)) for column in draws.T]
    return np.stack(ends, axis=1) if ends else np.empty((3, 0))


def _agreement(analysis: Analysis) -> Agreement:
    table = analysis.table
    complete = len(table.values) == table.shape[0] * table.shape[1] and min(table.shape) > 1
    return Agreement(
        forms=icc_forms(table.dense) if complete else None,
        # Of a single application alpha is 0 whatever the scores are.
        alpha_interval=interval_alpha(table) if np.count_nonzero(table.per_application > 1) > 1 else None,
        kendall_w=kendall_w(table.dense) if complete else None,
        fitted=fitted_agreement(analysis),
    )


def _of(source: object | None, name: str, position: int) -> float | None:
    """One figure of the array ``name`` of ``source``, or None where there is none."""
    values: Floats | None = None if source is None else getattr(source, name)
    return None if values is None or not np.isfinite(values[position]) else float(values[position])
