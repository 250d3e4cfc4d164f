"""Draws of applications on which the panel agreed: around the consensus, as far apart as their reviews leave open."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from scoring.posterior import Draws
from scoring.score_table import ScoreTable


def centre_on_consensus(draws: Draws, table: ScoreTable, consensus: Mapping[str, Fraction]) -> Draws:
    """``draws`` with those of each application in ``consensus`` shifted, so that their median is the consensus.

    The median, since with three reviewers the common mean has a posterior without a mean.

    ``consensus``: application -> composite that the panel recorded, for applications of ``table``. An application
    without any review keeps the spread between applications. For a table of a single section, where what is compared
    is the quality itself; raises ValueError for several.
    """
    if not consensus:
        return draws
    if len(table.section_names) > 1:
        raise ValueError("a consensus cannot be placed among the means of several sections")
    shift = np.zeros(len(draws.applications))
    for position, name in enumerate(draws.applications):
        if name in consensus:
            shift[position] = float(consensus[name]) - float(np.median(draws.quality[:, position]))
    kept = (draws.quality + shift).astype(np.float32), (draws.compared + shift).astype(np.float32)
    return replace(draws, quality=kept[0], compared=kept[1])
