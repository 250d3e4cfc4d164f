"""How the figures beside the ranking are written: chances, intervals of ranks, groups, and why something is missing."""

from collections.abc import Iterable, Mapping
from html import escape

import streamlit as st

from locales import Message, format_number, msg
from scoring.figures import ApplicationFigures, PanelFigures
from scoring.funding_line import Side
from scoring.states import NOTES, OUTCOMES
from scoring.types import Standing
from ui import notices
from ui.tables import Cell, Link, Pair
from ui.texts import in_percent, language, number, say, score, t
from workflow.panel_statistics import RankingStatistics

SIDES: Mapping[Side, Message] = {
    "above": msg("Surely above the line"),
    "open": msg("Open"),
    "below": msg("Surely below the line"),
}
"""The groups around the line of the appropriation, in their order."""
_NOT_HERE = ("not_complete", "k_takes_all")
"""Notes on the coefficients of agreement, which are on another page, and on what ``why_no_line`` says in other words."""


def decimals(value: float | None, places: int) -> str:
    """A figure of the model, or a dash where the scores do not bear one."""
    return "–" if value is None else format_number(value, language(), places)


def chance(value: float | None) -> str:
    """A chance in whole per cent. What is not certain is never shown as 0 or 100 %."""
    if value is None:
        return "–"
    percent = int(100 * value + 0.5)
    if percent >= 100:
        return t("over {share}", share=in_percent("99"))
    return t("under {share}", share=in_percent("1")) if percent <= 0 else in_percent(number(percent))


def chances(low: float | None, high: float | None) -> str:
    """Between which chances something lies."""
    first, last = chance(low), chance(high)
    if first == last:
        return first
    if first[0].isdigit() and last[0].isdigit():
        return f"{first.removesuffix(in_percent(''))}–{last}"
    return t("{low} to {high}", low=first, high=last)


def interval(ends: tuple[int, int] | None) -> str:
    """From which rank to which, or a dash."""
    if ends is None:
        return "–"
    # The word joiner keeps both ends on one line.
    return f"{ends[0]}" if ends[0] == ends[1] else f"{ends[0]}\u2060–\u2060{ends[1]}"


def adjusted_cell(found: ApplicationFigures | None) -> Cell:
    """The adjusted mean, below it between which values 90 % of the draws lie."""
    if found is None or found.adjusted is None:
        return "–"
    shown = decimals(found.adjusted, 2)
    if found.low is None or found.high is None:
        return shown
    return Pair(shown, f"{decimals(found.low, 2)}\u2060–\u2060{decimals(found.high, 2)}")


def rank_cell(standing: Standing) -> str:
    """The official rank, a shared one marked."""
    if standing.rank is None:
        return "–"
    return f"{standing.rank} =" if standing.tied_with else str(standing.rank)


def score_cell(standing: Standing) -> Cell:
    """What ranks, with the mean of the reviews where a consensus takes its place."""
    if standing.score_source == "consensus":
        return Pair(score(standing.score), t("consensus; mean of the reviews {mean}", mean=score(standing.mean)))
    return score(standing.score)


def case_link(call_id: str, case: str) -> Link:
    """The way to an application."""
    return Link(case, "application", (("call", call_id), ("case", case)))


def some_of(names: Iterable[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    found = list(names)
    if len(found) <= most + 1:
        return ", ".join(found)
    return t("{names} and {n} more", names=", ".join(found[:most]), n=len(found) - most)


def show_limits(figures: PanelFigures) -> None:
    """In words, what withholds or limits the figures."""
    if figures.outcome is not None:
        notices.info(say(OUTCOMES[figures.outcome]))
    for note in figures.notes:
        if note not in _NOT_HERE:
            notices.info(say(NOTES[note]))


def say_partial_line() -> None:
    """Where the line lies for a reader from whom applications are hidden."""
    notices.info(
        t(
            "The line is drawn as if the whole appropriation were for the applications shown here, so it usually lies lower than in the whole ranking. Whether an application is above or below the line, and how surely, holds only among these applications."
        )
    )


def why_no_line(statistics: RankingStatistics) -> str:
    """Why there is no line between some applications and others."""
    if statistics.line is None:
        return t("With the values of the call the appropriation reaches no scored application, so there is no line.")
    return t("With the values of the call the appropriation reaches every scored application, so there is no line.")


def sentence(text: str) -> None:
    """A paragraph to read first."""
    st.html(f'<p class="ap-lead">{escape(text)}</p>')


def way_to(link: Link) -> None:
    """A link on a line of its own."""
    st.html(f'<p class="ap-facts"><a href="{escape(link.href, quote=True)}" target="_self">{escape(link.text)}</a></p>')
