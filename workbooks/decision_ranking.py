"""The sheet Järjestys: every application in the ranking, its score worked out from the levels, and how sure it is."""

from collections.abc import Iterable

from decisions.tables import Row, Tables
from locales import msg
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_columns import NO_RANK, NOT_SCORED, NUMBER, application_column, field_column, in_words
from workbooks.decision_plan import Context, Plan
from workbooks.decision_scores import live, panel

_EQUAL = "0.0000000005"
"""Scores nearer than this are equal: exact scores of one call differ by more, rounding of a program by less."""
_INK = "#1F3A5F"


def _cell(context: Context, name: str, at: int) -> str:
    return context.layout["ranking"].cell(name, at)


def _yes(context: Context, *, no: bool = False) -> str:
    return in_words(context, context.words.of("yes", "no" if no else "yes"))


def _source_words(context: Context, source: str) -> str:
    return in_words(context, context.words.of("source", source))


def _reviews_of(context: Context, at: int) -> str:
    """The conditions by which sums find the counted reviews of the row's application."""
    scores = context.layout["scores"]
    return (
        f"{scores.range('number')},{_cell(context, 'number', at)},"
        f'{scores.range("reviewer")},"<>"&{panel(context)},{scores.range("counted")},{_yes(context)}'
    )


def _reviews(context: Context, _row: Row, at: int) -> str:
    criteria = sum(key.startswith("criterion.") for key in context.words.facts)
    return f"=COUNTIFS({_reviews_of(context, at)})/{criteria}"


def _mean(context: Context, _row: Row, at: int) -> str:
    points, weight = (context.layout["scores"].range(name) for name in ("points", "weight"))
    found = _reviews_of(context, at)
    mean = f"SUMIFS({points},{found})/SUMIFS({weight},{found})"
    return f"=IF({_cell(context, 'reviews', at)}>0,{mean},{in_words(context, NOT_SCORED)})"


def _aggregate(context: Context, at: int, function: int, argument: str) -> str:
    """A function over the scores of the reviews of one application; each stands once per criterion, which it ignores."""
    scores = context.layout["scores"]
    ours = f"({scores.range('number')}={_cell(context, 'number', at)})*({scores.range('reviewer')}<>{panel(context)})"
    return f"_xlfn.AGGREGATE({function},6,{scores.range('of_review')}/({ours}),{argument})"


def _median(context: Context, _row: Row, at: int) -> str:
    if not live(context):
        return ""
    median = _aggregate(context, at, 16, "0.5")
    return f"=IF({_cell(context, 'reviews', at)}>0,{median},{in_words(context, NOT_SCORED)})"


def _spread(context: Context, _row: Row, at: int) -> str:
    if not live(context):
        return ""
    spread = f"{_aggregate(context, at, 14, '1')}-{_aggregate(context, at, 15, '1')}"
    return f'=IF({_cell(context, "reviews", at)}>1,{spread},"")'


def _source(context: Context, _row: Row, at: int) -> str:
    scores = context.layout["scores"]
    agreed = (
        f"COUNTIFS({scores.range('number')},{_cell(context, 'number', at)},"
        f"{scores.range('reviewer')},{panel(context)},{scores.range('counted')},{_yes(context)})"
    )
    by_reviews = f'IF({_cell(context, "reviews", at)}>0,{_source_words(context, "mean")},"")'
    return f"=IF({agreed}>0,{_source_words(context, 'consensus')},{by_reviews})"


def _score(context: Context, _row: Row, at: int) -> str:
    scores = context.layout["scores"]
    found = f"{scores.range('number')},{_cell(context, 'number', at)},{scores.range('reviewer')},{panel(context)}"
    agreed = f"SUMIFS({scores.range('points')},{found})/SUMIFS({scores.range('weight')},{found})"
    consensus = _source_words(context, "consensus")
    return f"=IF({_cell(context, 'source', at)}={consensus},{agreed},{_cell(context, 'mean', at)})"


def _rank(context: Context, _row: Row, at: int) -> str:
    score, scores = _cell(context, "score", at), context.layout["ranking"].range("score")
    larger = f'COUNTIF({scores},">"&({score}+{_EQUAL}))'
    return f"=IF(ISNUMBER({score}),{larger}+1,{in_words(context, NO_RANK)})"


def _tied(context: Context, _row: Row, at: int) -> str:
    rank, ranks = _cell(context, "rank", at), context.layout["ranking"].range("rank")
    tied = f"AND(ISNUMBER({rank}),COUNTIF({ranks},{rank})>1)"
    return f"=IF({tied},{_yes(context)},{_yes(context, no=True)})"


def by_rank(tables: Tables) -> Iterable[Row]:
    """The ranking from the first rank; those without a rank last, then by case number."""
    return sorted(tables["ranking"], key=lambda row: (row["rank"] is None, row["rank"] or 0, row["case_number"]))


PLAN = Plan(
    "ranking",
    msg("Order of the applications"),
    "ranking",
    (
        NUMBER,
        field_column("ranking", "rank", 7, missing=NO_RANK, formula=_rank),
        field_column("ranking", "tied", 8, formula=_tied),
        field_column("ranking", "case_number", 16),
        application_column("applicant", 24),
        application_column("project", 28),
        field_column("ranking", "score", 9, missing=NOT_SCORED, formula=_score),
        field_column("ranking", "source", 15, formula=_source),
        field_column("ranking", "mean", 9, missing=NOT_SCORED, formula=_mean),
        field_column("ranking", "median", 9, missing=NOT_SCORED, formula=_median),
        field_column("ranking", "reviews", 9, formula=_reviews),
        field_column("ranking", "spread", 9, formula=_spread),
        field_column("ranking", "adjusted", 10),
        field_column("ranking", "adjusted_low", 10),
        field_column("ranking", "adjusted_high", 10),
        field_column("ranking", "expected_rank", 9, "decimal"),
        field_column("ranking", "rank_low", 8),
        field_column("ranking", "rank_high", 8),
        field_column("ranking", "chance", 12, "percent"),
        field_column("ranking", "settlement", 15),
        field_column("ranking", "partner_regions", 18),
        field_column("ranking", "population", 11, "thousands"),
    ),
    by_rank,
)


def top(book: Book, sheet: StreamedSheet, context: Context) -> None:
    """What ranks, and the chart of the scores along the ranking beside the table."""
    book.text(sheet, 2, 0, msg("The rank is one more than the number of applications with a larger score; equal scores share a rank."), "note")  # fmt: skip
    book.text(sheet, 3, 0, msg("The calibrated score, the expected rank and the probability come from a statistical model and are values."), "note")  # fmt: skip
    scored = [row for row in by_rank(context.tables) if row["score"] is not None]
    if scored:
        _chart(book, sheet, context, [float(row["score"]) for row in scored])


def _chart(book: Book, sheet: StreamedSheet, context: Context, scores: list[float]) -> None:
    place, last = context.layout["ranking"], context.layout["ranking"].first + len(scores) - 1
    col = PLAN.column("score")
    chart = book.chart("line")
    chart.add_series(
        {
            "name": book.words(msg("Score")),
            "values": [place.sheet, place.first, col, last, col],
            "values_data": scores,
            "line": {"color": _INK, "width": 1.5},
            "marker": {"type": "circle", "size": 4, "fill": {"color": _INK}, "border": {"color": _INK}},
        }
    )
    chart.set_title({"name": book.words(msg("Score along the ranking")), "name_font": {"size": 11}})
    chart.set_x_axis(
        {"name": book.words(msg("Applications from the first rank")), "interval_unit": max(len(scores) // 20, 1)}
    )
    chart.set_y_axis({"name": book.words(msg("Score")), "num_format": "0.0", "major_gridlines": {"visible": True, "line": {"color": "#C3CCD6"}}})  # fmt: skip
    chart.set_legend({"none": True})
    chart.set_size({"width": 720, "height": 360})
    sheet.insert_chart(place.first, len(PLAN.columns) + 1, chart)
