"""How sure the ranking is: the size of the band, the chart along the line, and the figures of the three groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from scoring.figures import ApplicationFigures
from scoring.funding_line import FundingLine
from ui import notices
from ui.certainty_words import (
    SIDES,
    adjusted_cell,
    case_link,
    chance,
    decimals,
    interval,
    rank_cell,
    say_partial_line,
    score_cell,
    sentence,
    show_limits,
    why_no_line,
)
from ui.look import section
from ui.rank_chart import RankRow, rank_chart
from ui.tables import Cell, Column, table
from ui.texts import in_percent, number, say, score, t
from workflow.panel_statistics import BANDS, RankingStatistics
from workflow.ranking import Ranked

_WIDEST = 90


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown: the applications with figures by rank, the interval that decides, and the line, if there is one."""

    call_id: str
    shown: tuple[Ranked, ...]
    by_case: Mapping[str, ApplicationFigures]
    band: int
    line: FundingLine | None
    above: int

    @property
    def inner(self) -> int:
        """The interval drawn within the widest one."""
        return BANDS[0] if self.band == _WIDEST else self.band

    def chance(self, found: ApplicationFigures) -> str:
        """The chance of being above the line, or a dash where there is none."""
        return "–" if self.line is None else chance(found.p_top_k)


def show_certainty(
    call_id: str, ranked: Sequence[Ranked], statistics: RankingStatistics, partial: bool = False
) -> None:
    """What the scores can bear: groups around the line, expected ranks and their intervals.

    ``partial``: applications are hidden from the reader.
    """
    sentence(
        t(
            "The official rank is by score and does not change. These figures say how sure it is: reviewers differ, and with few reviews chance plays its part, so that each application could hold any rank within its interval."
        )
    )
    show_limits(statistics.figures)
    if statistics.figures.outcome is not None:
        return
    by_case = statistics.by_case
    shown = tuple(r for r in ranked if (f := by_case.get(r.view.case_number)) and f.expected_rank is not None)
    if statistics.lines:
        if partial:
            say_partial_line()
        band = _chosen_band(call_id, statistics.lines)
        line = statistics.lines[band]
        view = _View(call_id, shown, by_case, band, line, statistics.above)
        _chart(view)
        _straddling(shown, line)
        for side, name in SIDES.items():
            group = [r for r in shown if line.sides.get(r.view.case_number) == side]
            section(t("{group} ({n})", group=name, n=len(group)))
            _figures_table(t("{group}: figures of each application", group=name), view, group)
    else:
        notices.info(why_no_line(statistics))
        view = _View(call_id, shown, by_case, BANDS[0], None, 0)
        _chart(view)
        _figures_table(t("Applications by rank"), view, shown)
    _how(statistics, len(ranked) - len(shown))


def _chosen_band(call_id: str, lines: Mapping[int, FundingLine]) -> int:
    """The sizes of all bands first, then which of them is shown."""
    section(t("How many applications are open"))
    with st.container(width=640):
        table(
            t("Groups by the width of the interval"),
            [
                Column(t("Interval"), figures=True),
                *(Column(say(name), figures=True) for name in SIDES.values()),
                Column(t("Surely means at least"), figures=True),
            ],
            # Half of what the interval leaves out lies on the other side of it; the chance has to bear that out.
            [
                [_percent(band), *(number(lines[band].count(side)) for side in SIDES), _percent((100 + band) // 2)]
                for band in lines
            ],
        )
    notices.caption(
        t(
            "An application is surely above the line only when its whole interval of ranks lies above the line and its chance of being above the line is at least that of the last column; surely below in the same way. All others are open."
        )
    )
    band = st.radio(
        t("Interval by which the applications are grouped"),
        list(lines),
        index=list(lines).index(_WIDEST),
        format_func=lambda width: t("{width}: {n} open", width=_percent(width), n=lines[width].count("open")),
        horizontal=True,
        key=f"band-{call_id}",
        persist_state="session",
    )
    return int(band)


def _percent(value: int) -> str:
    return in_percent(number(value))


def _chart(view: _View) -> None:
    names = {r.view.case_number: r.view.application.project_name for r in view.shown}
    found = sorted((view.by_case[case] for case in names), key=lambda f: (f.expected_rank or 0.0, f.application))
    rows = [
        RankRow(
            case=f.application,
            side="none" if view.line is None else view.line.sides[f.application],
            expected=f.expected_rank or 0.0,
            low=f.ranks[view.inner][0],
            high=f.ranks[view.inner][1],
            wide_low=f.ranks[_WIDEST][0],
            wide_high=f.ranks[_WIDEST][1],
            about=_about(names[f.application], f, view),
        )
        for f in found
    ]
    section(t("Expected ranks"))
    rank_chart(rows, None if view.line is None else view.line.rank, view.above, _drawn(view))


def _drawn(view: _View) -> str:
    """In words, what the chart shows."""
    drawn = t(
        "Each row is one application, the best expected rank at the top. The mark is the expected rank, the thick line its {band} interval, the thin line its 90 % interval.",
        band=_percent(view.inner),
    )
    if view.line is None:
        return drawn
    divided = t(
        "The vertical line is where the appropriation ends, at the expected rank {rank}: {above} applications lie surely above it, {below} surely below, and {open} are open.",
        rank=decimals(view.line.rank, 1),
        above=view.line.count("above"),
        below=view.line.count("below"),
        open=view.line.count("open"),
    )
    return f"{drawn} {divided}"


def _about(name: str, found: ApplicationFigures, view: _View) -> tuple[tuple[str, str], ...]:
    return (
        (t("Case number"), found.application),
        (t("Project"), name),
        (t("Expected rank"), decimals(found.expected_rank, 1)),
        *((t("{band} interval", band=_percent(band)), interval(found.ranks[band])) for band in (view.inner, _WIDEST)),
        (t("Chance of being above the line"), view.chance(found)),
    )


def _straddling(shown: Sequence[Ranked], line: FundingLine) -> None:
    """Ties whose members are in different groups: the same score, and still not equally sure."""
    seen: set[int] = set()
    for r in shown:
        standing = r.standing
        tied = sorted({r.view.case_number, *standing.tied_with} & line.sides.keys())
        if standing.rank is None or standing.rank in seen or len({line.sides[case] for case in tied}) < 2:
            continue
        seen.add(standing.rank)
        notices.caption(
            t(
                "Equal scores, different groups: {cases} share the rank {rank}; the reviews behind them differ.",
                cases=", ".join(f"{case} ({say(SIDES[line.sides[case]]).lower()})" for case in tied),
                rank=rank_cell(standing),
            )
        )


def _figures_table(caption: str, view: _View, group: Sequence[Ranked]) -> None:
    if not group:
        notices.caption(t("No application is in this group."))
        return
    bands = sorted({BANDS[0], view.band, _WIDEST})
    table(
        caption,
        [
            Column(t("Rank"), figures=True),
            Column(t("Case number")),
            Column(t("Project")),
            Column(t("Score"), figures=True),
            Column(t("Adjusted mean"), figures=True),
            Column(t("Expected rank"), figures=True),
            *(Column(t("{band} interval", band=_percent(width)), figures=True) for width in bands),
            Column(t("Chance above the line"), figures=True),
            Column(t("PCER"), figures=True),
        ],
        [_row(view, r, bands) for r in group],
    )


def _row(view: _View, r: Ranked, bands: Sequence[int]) -> list[Cell]:
    found = view.by_case[r.view.case_number]
    return [
        rank_cell(r.standing),
        case_link(view.call_id, r.view.case_number),
        r.view.application.project_name,
        score_cell(r.standing),
        adjusted_cell(found),
        decimals(found.expected_rank, 1),
        *(interval(found.ranks.get(width)) for width in bands),
        view.chance(found),
        decimals(found.pcer, 1),
    ]


def _how(statistics: RankingStatistics, left_out: int) -> None:
    """How the figures come about, so that anybody can work them out again."""
    figures = statistics.figures
    section(t("How the figures come about"))
    said = [
        t(
            "The mark = after a rank means that the score is shared; equal scores stand one after another. PCER is the expected share of the applications that are better, in per cent. Below the adjusted mean is the interval that holds it in 90 % of the draws."
        ),
        t(
            "{draws} draws with the seed {seed}, from {scores} complete reviews: the same scores and the same seed give the same figures.",
            draws=number(figures.draws),
            seed=str(figures.seed),
            scores=number(figures.scores),
        ),
    ]
    if statistics.lines:
        said.append(
            t(
                "The line is where the appropriation ends when it is distributed in rank order with the values of the call, skipping what does not fit: it reaches {n} projects, so the line lies after the {n} best. The last of these has the score {score}.",
                n=number(statistics.above),
                score=score(statistics.line),
            )
        )
    if figures.consensus:
        said.append(
            t(
                "A consensus of the panel takes the place of the reviews' mean as the centre of the draws: {cases}. It is taken at face value, while the other applications are drawn towards the mean, so that the two do not compare fully.",
                cases=", ".join(figures.consensus),
            )
        )
    if left_out:
        said.append(t("Applications without a score are left out here: {n}.", n=number(left_out)))
    said.append(
        t(
            "With two to four reviews for each application, an interval of 50 % can leave a third of the applications open. To be open is no ground for a lot: lots are drawn only between recorded ties, with the seed published."
        )
    )
    for text in said:
        notices.caption(text)
