"""How costs are shown: one row per application, and one application's costs by category with what they leave."""

from collections.abc import Callable, Mapping
from fractions import Fraction

import streamlit as st

from locales import Message, Money, msg
from ui import notices
from ui.labels import state_badge
from ui.session import Visit
from ui.tables import Badge, Cell, Column, Link, Pair, facts, figures, table
from ui.texts import choice, in_percent, language, moment, money, number, percent, say, t, tn
from workflow.costs import CostFigures, CostLine, CostList, CostView
from workflow.errors import Refused
from workflow.saved_scenarios import list_scenarios

MOST_ROWS = 300
FILTERS: Mapping[str, tuple[Message, Callable[[CostView], bool]]] = {
    "not_examined": (msg("Not examined"), lambda view: not view.examined and not view.closed),
    "cut": (msg("Accepted otherwise than stated"), lambda view: view.cut),
    "other": (msg("Other public funding stated"), lambda view: bool(view.other_funding)),
    "over": (msg("Funding goes over the accepted costs"), lambda view: view.figures.over > 0),
}
"""What the list can be narrowed to."""


def choose_scenario(here: Visit) -> int | None:
    """The saved scenario whose grants stand beside the costs; None without one. The address keeps it."""
    try:
        names = {str(one.id): one.name for one in list_scenarios(here.house, here.actor, here.call_id)}
    except Refused as refused:
        for message in refused.messages:
            notices.caption(say(message))
        return None
    if not names:
        return None
    asked, key = st.query_params.get("scenario", ""), f"costs-scenario-{here.call_id}-{language()}"
    st.session_state[key] = asked if asked in names else ""
    chosen = st.selectbox(
        t("Grants of the scenario"),
        ["", *names],
        key=key,
        format_func=lambda one: names.get(one) or t("None chosen"),
        on_change=lambda: _keep(st.session_state[key]),
        placeholder=t("Choose"),
    )
    return int(chosen) if chosen else None


def _keep(scenario: str | None) -> None:
    if scenario:
        st.query_params["scenario"] = scenario
    else:
        st.query_params.pop("scenario", None)


def show_rules(view: CostView) -> None:
    """How the largest possible grant and the own share are counted and rounded, in words."""
    share, unit = percent(view.limits.largest_share_bp, 10_000), view.limits.unit
    rounded = (
        t(
            "The largest possible grant is rounded down to the full euro, so that {share} is never exceeded.",
            share=share,
        )
        if unit == 1
        else t(
            "The largest possible grant is rounded down to full units of {unit}, so that {share} is never exceeded.",
            unit=Money(unit),
            share=share,
        )
    )
    least = t(
        "It is the lesser of these: the amount applied for, and {share} of the accepted costs.",
        share=share,
    )
    own = t("The own share is counted from the accepted costs and rounded down to 1/100 per cent.")
    unexamined = t("Costs that nobody has examined are accepted as stated.")
    notices.caption(" ".join((rounded, least, own, unexamined)))


def show_sums(found: CostList) -> None:
    """How many are examined, and the sums of what is stated and accepted."""
    open_views = [view for view in found.views if not view.closed]
    stated, accepted = sum(v.stated for v in open_views), sum(v.figures.accepted for v in open_views)
    figures(
        [
            (
                t("Examined"),
                t("{n} of {all}", n=sum(v.examined for v in open_views), all=len(open_views)),
                t("withdrawn and dismissed applications are not counted"),
            ),
            (t("Stated costs"), money(stated), ""),
            (t("Accepted costs"), money(accepted), _difference(accepted - stated)),
            (t("Largest possible grants in all"), money(sum(v.figures.ceiling for v in open_views)), ""),
        ]
    )


def _difference(euros: int) -> str:
    if not euros:
        return t("as stated")
    return t("{euros} less than stated", euros=Money(-euros)) if euros < 0 else t(
        "{euros} more than stated", euros=Money(euros)
    )  # fmt: skip


def show_list(here: Visit, found: CostList, scenario: int | None) -> None:
    """The applications that the search and the filters leave, one row each."""
    search, narrow = st.columns([1, 1])
    words = search.text_input(t("Search"), placeholder=t("Case number, applicant or project"))
    wanted = narrow.multiselect(
        t("Show only"),
        list(FILTERS),
        format_func=choice({key: name for key, (name, _) in FILTERS.items()}),
        placeholder=t("All"),
        select_all=False,
    )
    shown = [
        view
        for view in found.views
        if words.casefold() in f"{view.case_number} {view.applicant} {view.project}".casefold()
        and all(FILTERS[key][1](view) for key in wanted)
    ]
    stated = [] if scenario else [Column(t("Stated costs"), figures=True)]
    own = [Column(t("Proposed"), figures=True), Column(t("Own part"), figures=True)] if scenario else []
    table(
        tn("{n} application", "{n} applications", len(shown)),
        [
            Column(t("Case number")),
            Column(t("Applicant and project")),
            *stated,
            Column(t("Accepted costs"), figures=True),
            Column(t("Applied for"), figures=True),
            Column(t("Largest possible grant"), figures=True),
            *own,
            Column(t("Stated own funding"), figures=True),
            Column(t("Other public funding"), figures=True),
            Column(t("Examination")),
        ],
        [_row(here, view, scenario) for view in shown[:MOST_ROWS]],
    )
    if len(shown) > MOST_ROWS:
        notices.caption(t("The first {n} are shown. Narrow the list with the search.", n=MOST_ROWS))


def _row(here: Visit, view: CostView, scenario: int | None) -> list[Cell]:
    made = view.figures
    query = [("call", here.call_id), ("case", view.case_number)] + ([("scenario", str(scenario))] if scenario else [])
    own: list[Cell] = [money(view.granted), Pair(money(made.own_part), _share(made))] if scenario else []
    return [
        Link(view.case_number, "costs", tuple(query)),
        Pair(view.applicant, view.project),
        *([] if scenario else [money(view.stated)]),
        Pair(money(made.accepted), _difference(made.accepted - view.stated)) if view.cut else money(made.accepted),
        money(view.applied),
        money(made.ceiling),
        *own,
        money(view.own_funding),
        t("Not stated") if view.other_funding is None else money(view.other_funding),
        examination(view),
    ]


def _share(made: CostFigures) -> str:
    return "" if made.own_share is None else in_percent(number(Fraction(made.own_share, 100), 2))


def examination(view: CostView) -> Badge:
    """Whether the costs are examined, in words."""
    if view.closed:
        return state_badge(view.state)
    if view.outdated:
        return Badge(t("Out of date"), "warn")
    return Badge(t("Examined"), "good") if view.examined else Badge(t("Not examined"))


def show_heads(here: Visit, view: CostView, scenario: int | None) -> None:
    """Where the application stands, who examined its costs, and the ways on."""
    back = (("call", here.call_id), *((("scenario", str(scenario)),) if scenario else ()))
    rows: list[tuple[str, Cell]] = [(t("Examination"), examination(view))]
    if view.examined_at is not None:
        rows.append((t("Examined by"), f"{view.examined_by or '–'}, {moment(view.examined_at)}"))
    facts(
        [
            *rows,
            (t("Application"), Link(view.case_number, "application", (("call", here.call_id), ("case", view.case_number)))),
            (t("List"), Link(t("Costs"), "costs", back)),
        ]
    )  # fmt: skip
    if view.outdated:
        notices.warning(
            t(
                "The content of the application changed after its costs were examined, so they count as stated until they are examined again."
            )
        )


def show_lines(view: CostView) -> None:
    """The stated and the accepted costs by category, with the comments for the applicant."""
    earlier = [Column(t("Accepted on the earlier version"), figures=True)] if view.outdated else []
    table(
        t("Costs by category, whole euros without value added tax"),
        [
            Column(t("Cost category")),
            Column(t("Stated"), figures=True),
            Column(t("Accepted amount"), figures=True),
            Column(t("Difference"), figures=True),
            *earlier,
            Column(t("Comment to the applicant"), wide=True),
        ],
        [_line(line, earlier=view.outdated) for line in view.lines],
        [
            t("Total"),
            money(view.stated),
            money(view.figures.accepted),
            _signed(view.figures.accepted - view.stated),
            *([money(sum(line.earlier or 0 for line in view.lines))] if earlier else []),
            "",
        ],
    )


def _line(line: CostLine, *, earlier: bool) -> list[Cell]:
    return [
        say(line.name),
        money(line.applied),
        money(line.accepted),
        _signed(-line.cut),
        *([money(line.earlier)] if earlier else []),
        line.comment or line.earlier_comment,
    ]


def _signed(euros: int) -> str:
    return money(euros) if euros <= 0 else f"+{money(euros)}"


def show_figures(view: CostView, made: CostFigures, found: CostList) -> None:
    """What the accepted costs leave for the grant, with a warning where the funding goes over them."""
    rows = [
        (t("Accepted costs"), money(made.accepted), _difference(made.accepted - view.stated)),
        (t("Largest possible grant"), money(made.ceiling), t("applied for {euros}", euros=Money(view.applied))),
        (t("Stated own funding"), money(view.own_funding), ""),
        (t("Other public funding"), t("Not stated") if view.other_funding is None else money(view.other_funding), ""),
    ]
    if found.scenario:
        rows += [
            (t("Proposed"), money(view.granted), found.scenario),
            (t("Own part"), money(made.own_part), _own_words(made)),
        ]
    figures(rows)
    if made.over:
        notices.warning(_over(view, made))
    if view.granted is not None and view.granted > made.ceiling:
        notices.warning(
            t(
                "The scenario {scenario} grants {granted}, more than these costs allow. Run it again.",
                scenario=found.scenario,
                granted=Money(view.granted),
            )
        )


def _own_words(made: CostFigures) -> str:
    return "" if made.own_share is None else t("{share} of the accepted costs", share=_share(made))


def _over(view: CostView, made: CostFigures) -> str:
    values: dict[str, Money] = {
        "own": Money(view.own_funding),
        "other": Money(view.other_funding or 0),
        "over": Money(made.over),
    }
    if view.granted is None:
        return t(
            "The largest possible grant {grant}, own funding {own} and other public funding {other} together go {over} over the accepted costs. Check that no cost is paid for twice.",
            grant=Money(made.ceiling),
            **values,
        )
    return t(
        "The grant {grant}, own funding {own} and other public funding {other} together go {over} over the accepted costs. Check that no cost is paid for twice.",
        grant=Money(view.granted),
        **values,
    )
