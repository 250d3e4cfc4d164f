"""Everything that is said of a panel's scores, in plain numbers: for the terminal, the screens and the workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from scoring.agreement import IccForms, icc_forms, kendall_w
from scoring.analysis import Analysis, analyse
from scoring.calibration import Calibration, FTest, calibrate, compare_reviewers
from scoring.components import Components
from scoring.consensus_draws import centre_on_consensus
from scoring.extra_review import ExtraReview, value_of_review
from scoring.fitted_agreement import FittedAgreement, fitted_agreement
from scoring.graph import Graph
from scoring.krippendorff import interval_alpha
from scoring.posterior import Draws, Prior
from scoring.rank_draws import BANDS, RankSummary, summarise_ranks
from scoring.score_table import Floats, ScoreTable
from scoring.threads import one_thread


@dataclass(frozen=True, slots=True)
class ApplicationFigures:
    """Of one application; on the scores' scale. What the scores do not bear is None.

    ``mean`` of ``n`` composites; ``adjusted`` for the reviewers' severity and for chance, with its ``sd``;
    ``expected_rank`` and ``pcer`` (0 to 100); ``ranks``: band in per cent -> lowest and highest rank, empty without
    draws; ``p_top_k``: the chance of being among the k best. ``calibrated``: worth in the additive fit.
    ``gain``, ``p_low``, ``p_high``: what one more review would tell, see ``extra_review``.
    """

    application: str
    mean: Fraction | None
    n: int
    adjusted: float | None
    sd: float | None
    expected_rank: float | None
    pcer: float | None
    ranks: Mapping[int, tuple[int, int]]
    p_top_k: float | None
    calibrated: float | None
    gain: float | None
    p_low: float | None
    p_high: float | None


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """Of one reviewer: ``severity`` b and its ``se`` in the mixed model, above 0 for one who gives more than others;
    ``offset`` and ``offset_se`` the same in the additive fit. None where the scores do not bear it.
    """

    reviewer: str
    n: int
    severity: float | None
    se: float | None
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
    """The figures of ``table``. ``confidence``: weights of the scores in the table's order, for the additive fit alone.

    ``consensus``: application -> the composite that decides in place of its reviews; the draws are centred on it.
    Raises as ``calibrate`` and ``centre_on_consensus``. Linear algebra runs on one thread.
    """
    with one_thread():
        analysis = analyse(table, seed, prior)
        draws = analysis.draws and centre_on_consensus(analysis.draws, table, consensus)
        connected = analysis.graph.components == 1
        fit = (
            calibrate(table, None if confidence is None else np.asarray(confidence, dtype=float)) if connected else None
        )
        return PanelFigures(
            outcome=analysis.outcome,
            notes=analysis.notes,
            k=k,
            seed=seed,
            prior=prior,
            draws=0 if draws is None else len(draws.quality),
            scores=len(table.values),
            components=analysis.components,
            section_names=table.section_names,
            applications=_applications(analysis, draws, fit, k),
            reviewers=_reviewers(analysis, fit),
            agreement=_agreement(analysis),
            graph=analysis.graph,
            reviewers_differ=compare_reviewers(table) if connected else None,
            consensus=tuple(sorted(consensus)),
        )


def _applications(
    analysis: Analysis, draws: Draws | None, fit: Calibration | None, k: int | None
) -> tuple[ApplicationFigures, ...]:
    table, effects = analysis.table, analysis.effects
    ranks: RankSummary | None = None
    extra: ExtraReview | None = None
    if draws is not None:
        ranks = summarise_ranks(draws, k)
        extra = None if k is None or analysis.components is None else value_of_review(draws, analysis.components, k)
    return tuple(
        ApplicationFigures(
            application=name,
            mean=table.means[row],
            n=int(table.per_application[row]),
            # Without a review the model knows the common mean alone.
            adjusted=_of(effects, "adjusted", row) if table.per_application[row] else None,
            sd=_of(effects, "adjusted_sd", row) if table.per_application[row] else None,
            expected_rank=_of(ranks, "expected", row),
            pcer=_of(ranks, "pcer", row),
            ranks={} if ranks is None else {b: (int(ranks.low[b][row]), int(ranks.high[b][row])) for b in BANDS},
            p_top_k=_of(ranks, "top", row),
            calibrated=_of(fit, "worth", row),
            gain=_of(extra, "gain", row),
            p_low=_of(extra, "low", row),
            p_high=_of(extra, "high", row),
        )
        for row, name in enumerate(table.applications)
    )


def _reviewers(analysis: Analysis, fit: Calibration | None) -> tuple[ReviewerFigures, ...]:
    table, effects = analysis.table, analysis.effects
    return tuple(
        ReviewerFigures(
            reviewer=name,
            n=int(table.per_reviewer[position]),
            severity=_of(effects, "severity", position),
            se=_of(effects, "severity_se", position),
            offset=_of(fit, "offset", position),
            offset_se=_of(fit, "offset_se", position),
        )
        for position, name in enumerate(table.reviewers)
    )


def _agreement(analysis: Analysis) -> Agreement:
    table = analysis.table
    complete = len(table.values) == table.shape[0] * table.shape[1] and min(table.shape) > 1
    return Agreement(
        forms=icc_forms(table.dense) if complete else None,
        alpha_interval=interval_alpha(table),
        kendall_w=kendall_w(table.dense) if complete else None,
        fitted=fitted_agreement(analysis),
    )


def _of(source: object | None, name: str, position: int) -> float | None:
    """One figure of the array ``name`` of ``source``, or None where there is none."""
    values: Floats | None = None if source is None else getattr(source, name)
    return None if values is None or not np.isfinite(values[position]) else float(values[position])
