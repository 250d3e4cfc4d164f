"""``analyse``: what the scores of a file can bear."""

import hashlib
import math
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import click

from locales import format_number, msg, msgn
from scoring.figures import Agreement, ApplicationFigures
from terminal.common import (
    OK,
    REFUSED,
    Terminal,
    check_target,
    pass_terminal,
    read_file,
    refusals_as_exit,
    write_json,
)
from workflow.score_file import STATES, FileAnalysis, ScoreFault, analyse_scores, read_score_file

_ICC = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")
_APPLICATION = (
    "mean",
    "n",
    "adjusted",
    "sd",
    "expected_rank",
    "pcer",
    "rank_q05",
    "rank_q25",
    "rank_q75",
    "rank_q95",
    "p_top_k",
    "calibrated",
)
_REVIEWER = ("severity", "se", "n", "offset", "offset_se")
_SHOWN = 10
"""Faults told on the screen; the JSON file has all."""


@click.command("analyse")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "json_out", is_flag=False, flag_value="-", default=None, metavar="[FILE]")
@click.option("--k", type=click.IntRange(min=1), default=None, help="Also the chance of being among the K best.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Of the draws.")
@click.option("--prior", type=click.Choice(["flat", "snsf"]), default="flat", show_default=True)
@pass_terminal
def analyse_command(
    terminal: Terminal, file: Path, json_out: str | None, k: int | None, seed: int, prior: Literal["flat", "snsf"]
) -> None:
    """Analyse the scores in FILE, a CSV with one row per review and columns reviewer, application and score.

    A column criterion: one row per review and criterion. A column weight: of the criterion, or without criteria the
    confidence of the review, for the additive fit alone. A column section: each section has a mean of its own.

    Exit 0: analysed, and where the scores do not bear a figure, it is null and the reason is named; 2: refused, each
    fault with its line and column.
    """
    with refusals_as_exit(terminal):
        check_target(json_out, file)
        data = read_file(file)
        # The name of a file may be no text at all; its scores are read all the same.
        name = os.fsencode(file.name).decode("utf-8", "replace")
        given = read_score_file(data, name, prior)
        if given.faults:
            _tell_faults(terminal, given.faults)
            write_json(json_out, _refusal(terminal, name, given.faults))
            sys.exit(REFUSED)
        found = analyse_scores(given, k, seed, prior)
        record = {"file": name, "sha256": hashlib.sha256(data).hexdigest(), **analysis_record(terminal, found)}
        write_json(json_out, record)
    if json_out != "-":
        _tell(terminal, found)
    sys.exit(OK)


def analysis_record(terminal: Terminal, found: FileAnalysis) -> dict[str, Any]:
    """What ``analyse --json`` says; a figure that the scores do not bear is null."""
    of = found.figures
    fit = of.components
    record = {
        "outcome": of.outcome,
        "k": of.k,
        "seed": of.seed,
        "prior": of.prior,
        "draws": of.draws,
        "scores": of.scores,
        "components": {name: fit and getattr(fit, name) for name in ("tau", "nu", "sigma", "reml")},
        "means": {} if fit is None else dict(zip(of.section_names, fit.means, strict=True)),
        "applications": {figures.application: _application(figures) for figures in of.applications}
        | {name: dict.fromkeys(_APPLICATION) | {"n": 0} for name in found.given.unscored},
        "reviewers": {
            figures.reviewer: {name: getattr(figures, name) for name in _REVIEWER} for figures in of.reviewers
        }
        | {name: dict.fromkeys(_REVIEWER) | {"n": 0} for name in found.given.silent},
        "agreement": _agreement(of.agreement),
        "reviewers_differ": of.reviewers_differ and asdict(of.reviewers_differ),
        "graph": {"components": of.graph.components, "mu2": of.graph.mu2},
        "warnings": _warnings(terminal, found),
    }
    return {key: _finite(value) for key, value in record.items()}


def _finite(value: Any) -> Any:
    """``value`` without the floats that JSON has no number for."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _application(of: ApplicationFigures) -> dict[str, Any]:
    (q05, q95), (q25, q75) = (of.ranks.get(band, (None, None)) for band in (90, 50))
    mean = None if of.mean is None else float(of.mean)
    ranks = {"mean": mean, "rank_q05": q05, "rank_q25": q25, "rank_q75": q75, "rank_q95": q95}
    return {name: ranks[name] if name in ranks else getattr(of, name) for name in _APPLICATION}


def _agreement(of: Agreement) -> dict[str, Any]:
    forms, fitted = of.forms, of.fitted
    return {
        **{name: forms and getattr(forms, name).value for name in _ICC},
        "alpha_interval": of.alpha_interval,
        "kendall_w": of.kendall_w,
        "limits": {name: forms and [getattr(forms, name).low, getattr(forms, name).high] for name in _ICC},
        "fitted": fitted
        and {
            **{name: asdict(getattr(fitted, name)) for name in ("single", "consistency", "mean")},
            "reviews": fitted.reviews,
        },
    }


def _warnings(terminal: Terminal, found: FileAnalysis) -> list[str]:
    """Code and sentence of everything that limits the figures."""
    return [f"{code}: {terminal.words(STATES[code])}" for code in found.warnings]


def _refusal(terminal: Terminal, name: str, faults: tuple[ScoreFault, ...]) -> dict[str, Any]:
    return {
        "file": name,
        "refused": terminal.words(_count(faults)),
        "faults": [
            {"line": f.line, "column": f.column, "value": f.value, "problem": terminal.words(f.problem)} for f in faults
        ],
    }


def _count(faults: tuple[ScoreFault, ...]) -> Any:
    return msgn("{n} fault; nothing was analysed.", "{n} faults; nothing was analysed.", len(faults))


def _tell_faults(terminal: Terminal, faults: tuple[ScoreFault, ...]) -> None:
    for fault in faults[:_SHOWN]:
        text = msg(
            "Line {line}, column {column}: {value} – {problem}",
            line=str(fault.line),
            column=fault.column,
            value=fault.value or "–",
            problem=fault.problem,
        )
        # What a broken file holds may be commands to a terminal.
        terminal.complain("".join(sign if sign.isprintable() else "\ufffd" for sign in terminal.words(text)))
    terminal.complain(_count(faults))


def _tell(terminal: Terminal, found: FileAnalysis) -> None:
    """The components, then the applications from the best expected rank, or mean, on."""
    fit = found.figures.components
    if fit is not None:
        terminal.say(
            msg(
                "Standard deviations: applications (tau) {tau}, reviewers (nu) {nu}, residual (sigma) {sigma}. "
                "REML criterion {reml}.",
                tau=format_number(fit.tau, terminal.lang, 4),
                nu=format_number(fit.nu, terminal.lang, 4),
                sigma=format_number(fit.sigma, terminal.lang, 4),
                reml=format_number(fit.reml, terminal.lang, 4),
            )
        )
    terminal.say(msg("Application: mean, adjusted mean, expected rank [90 % interval]"))
    for of in sorted(found.figures.applications, key=_place):
        shown = ["–" if of.mean is None else format_number(of.mean, terminal.lang, 2)]
        if of.adjusted is not None and of.expected_rank is not None:
            low, high = of.ranks[90]
            shown.append(format_number(of.adjusted, terminal.lang, 2))
            shown.append(f"{format_number(of.expected_rank, terminal.lang, 1)} [{low}–{high}]")
        click.echo(f"{of.application:<24}{'  '.join(f'{text:>8}' for text in shown)}")
    for warning in _warnings(terminal, found):
        click.echo(warning, err=True)


def _place(of: ApplicationFigures) -> tuple[bool, float, str]:
    best = of.expected_rank if of.expected_rank is not None else -(of.mean or 0)
    return of.mean is None and of.expected_rank is None, float(best), of.application
