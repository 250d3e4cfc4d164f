"""The first page of Päätöslista: who decided what and when, and sums per status, theme and region that reconcile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from decisions.spec import DECIDED, STATUSES
from decisions.tables import Row
from locales import HELSINKI, LocalText, Message, format_moment, msg, render
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book, Text, quoted
from workbooks.decision_cells import fact_cell
from workbooks.decision_columns import in_words, text_key
from workbooks.decision_names import field_name
from workbooks.decision_plan import Context, Placed

_LABEL, _COUNT, _APPLIED, _GRANTED, _SIDE = 0, 3, 4, 5, 6
_TOP, _SUMS_ROW, _BLOCKS = 2, 3, 9
_INK, _PALE = "#1F3A5F", "#9FB3C8"
_PAGE_WIDTH, _PAGE_HEIGHT = 784, 516
"""Points of an A4 page on its side within the margins."""
_TITLE, _UNUSED = 41, 2
"""Points of the title with the line below it, and of a row that is not used."""
_DIGITS = 16
_SPECIAL = "~*?<>="
_AGREE, _DISAGREE = msg("The sums agree"), msg("The sums do not agree")


@dataclass(frozen=True, slots=True)
class _Block:
    """Sums by the codes of one field: its heading row and the row of its sum (from 0)."""

    field: str
    heading: Text
    codes: tuple[str, ...]
    head: int

    @property
    def total(self) -> int:
        return self.head + len(self.codes) + 1


def top(book: Book, sheet: StreamedSheet, context: Context) -> None:
    """The whole first page; the list follows on the next one."""
    place = context.layout["list"]
    _particulars(book, sheet, context)
    blocks = _blocks(context)
    for block in blocks:
        _write_block(book, sheet, context, block)
    _sums(book, sheet, context, blocks)
    _charts(book, sheet, context, blocks)
    _set_up(sheet, place, blocks[-1].total)


def _particulars(book: Book, sheet: StreamedSheet, context: Context) -> None:
    for at, (label, value) in enumerate(particulars(context), start=_TOP):
        book.text(sheet, at, _LABEL, label, "note")
        book.text(sheet, at, 2, value, "plain")
    _hash(book, sheet, context, at + 1)


def particulars(context: Context) -> list[tuple[Message, Text]]:
    """Who, when and what, as label and value."""
    facts, words, lang = context.words.facts, context.words, context.lang
    stage, kind = (words.of(name, str(facts[f"decision.{name}"])) for name in ("stage", "kind"))
    numbered = msg("{stage} {number}, {kind}", stage=stage, number=str(facts["decision.number"]), kind=kind)
    lines: list[tuple[Message, Text]] = [
        (msg("Authority"), LocalText(*(str(facts["call.authority"][one]) for one in ("fi", "sv", "en")))),
        (msg("Stage"), numbered),
        (msg("Prepared"), format_moment(moment(facts["decision.made_at"]), lang)),
        (msg("Presenting officer"), _by(facts.get("decision.presenter"), facts.get("decision.proposed_at"), lang)),
        (msg("Decision maker"), _by(facts.get("decision.decision_maker"), facts.get("decision.decided_at"), lang)),
    ]
    return lines


def _hash(book: Book, sheet: StreamedSheet, context: Context, at: int) -> None:
    """The first digits of the hash, as the sheet of the verification has it."""
    check = context.layout["check"]
    first = next(iter(check.plan.listed(context.tables)))
    book.text(sheet, at, _LABEL, msg("Hash of the decision"), "note")
    formula = f"=LEFT({check.cell('value', check.first, elsewhere=True)},{_DIGITS})"
    book.formula(sheet, at, 2, formula, first["value"][:_DIGITS], "plain")


def moment(text: str) -> datetime:
    """A moment of the facts, Finnish time."""
    return datetime.fromisoformat(text).astimezone(HELSINKI)


def _by(name: str | None, at: str | None, lang: str) -> Text:
    if not name:
        return msg("not yet")
    return f"{name}, {format_moment(moment(at), lang)}" if at else name


def _blocks(context: Context) -> tuple[_Block, ...]:
    words, rows = context.words, context.tables["applications"]
    blocks: list[_Block] = []
    at = _BLOCKS
    for field, heading, known in (
        ("status", msg("Applications by decision"), DECIDED),
        ("theme", field_name("applications", "theme"), words.codes("theme")),
        ("region", field_name("applications", "region"), words.codes("region")),
    ):
        present = {row[field] for row in rows}
        order = STATUSES if field == "status" else tuple(sorted(known) if field == "region" else known)
        codes = tuple(code for code in order if code in known or code in present)
        blocks.append(_Block(field, heading, (*codes, *sorted(present - set(order))), at))
        at = blocks[-1].total + 2
    return tuple(blocks)


def _write_block(book: Book, sheet: StreamedSheet, context: Context, block: _Block) -> None:
    for col in range(_GRANTED + 1):
        book.text(sheet, block.head, col, block.heading if col == _LABEL else "", "row_head")
    headings = ((_COUNT, msg("Applications")), (_APPLIED, field_name("applications", "applied")), (_GRANTED, field_name("applications", "granted")))  # fmt: skip
    for col, text in headings:
        book.text(sheet, block.head, col, text, "row_head_right")
    for at, code in enumerate(block.codes, start=block.head + 1):
        _write_line(book, sheet, context, block.field, code, at)
    for col in range(_GRANTED + 1):
        book.text(sheet, block.total, col, msg("Total") if col == _LABEL else "", "total")
    for col, value in zip((_COUNT, _APPLIED, _GRANTED), _of(context.tables["applications"]), strict=True):
        letter = "ABCDEF"[col]
        formula = f"=SUM({letter}{block.head + 2}:{letter}{block.total})"
        book.formula(sheet, block.total, col, formula, value, "total_count" if col == _COUNT else "total_money")


def _write_line(book: Book, sheet: StreamedSheet, context: Context, field: str, code: str, at: int) -> None:
    cases = context.layout["applications"]
    label = context.words.of(field, code) or render(msg("not known"), context.lang)
    book.text(sheet, at, _LABEL, label, "row")
    for col in (1, 2):
        book.text(sheet, at, col, "", "row")
    criterion = '"="' if not code else f"$A{at + 1}"
    if code and any(mark in label for mark in _SPECIAL):
        criterion = f'"="&{text_key(criterion, label)}'
    count, applied, granted = _of([row for row in context.tables["applications"] if row[field] == code])
    codes = cases.range(field)
    book.formula(sheet, at, _COUNT, f"=COUNTIFS({codes},{criterion})", count, "integer")
    for col, name, value in ((_APPLIED, "applied", applied), (_GRANTED, "granted", granted)):
        book.formula(sheet, at, col, f"=SUMIFS({cases.range(name)},{codes},{criterion})", value, "money")


def _of(rows: Sequence[Row]) -> tuple[int, int, int]:
    return len(rows), sum(row["applied"] or 0 for row in rows), sum(row["granted"] or 0 for row in rows)


def _sums(book: Book, sheet: StreamedSheet, context: Context, blocks: Sequence[_Block]) -> None:
    """The appropriation, what is applied for, granted and left, and whether every way of adding up agrees."""
    place, cases, facts = context.layout["list"], context.layout["applications"], context.words.facts
    key = "scenario.appropriation" if "scenario.appropriation" in facts else "call.appropriation"
    _, applied, granted = _of(context.tables["applications"])
    appropriation = int(facts[key])
    cell = [f"$F${_SUMS_ROW + at}" for at in range(1, 5)]
    lines = (
        ("Appropriation", msg("Appropriation"), f"={fact_cell(context, key)}", appropriation),
        ("Applied", msg("Applied for in all"), f"=SUM({cases.range('applied')})", applied),
        ("Granted", msg("Granted in all"), f"=SUM({cases.range('granted')})", granted),
        ("Remaining", msg("Remaining"), f"={cell[0]}-{cell[2]}", appropriation - granted),
    )
    for at, (name, label, formula, value) in enumerate(lines, start=_SUMS_ROW):
        book.text(sheet, at, _APPLIED, label, "label")
        book.formula(sheet, at, _GRANTED, formula, value, "sum")
        book.define(name, f"{_sheet(place)}!$F${at + 1}")
    tests = [f"{cell[2]}<={cell[0]}"]
    for block in blocks:
        row = block.total + 1
        tests += [f"$D${row}=ROWS({cases.range('number')})" if context.tables["applications"] else f"$D${row}=0"]
        tests += [f"$E${row}={cell[1]}", f"$F${row}={cell[2]}"]
    granted_in_list = f"SUM({place.range('granted')})"
    tests.append(f"{granted_in_list}={cell[2]}")
    good = granted <= appropriation
    if facts.get("decision.kind") == "first" and facts.get("result.remaining") is not None:
        tests.append(f"{cell[3]}={fact_cell(context, 'result.remaining')}")
        good = good and appropriation - granted == facts["result.remaining"]
    agree, disagree = (in_words(context, text) for text in (_AGREE, _DISAGREE))
    said = render(_AGREE if good else _DISAGREE, context.lang)
    at = _SUMS_ROW + len(lines)
    book.formula(sheet, at, _GRANTED, f"=IF(AND({','.join(tests)}),{agree},{disagree})", said, "sum_check")
    book.alarm(sheet, at, _GRANTED, f"$F${at + 1}<>{quoted(render(_AGREE, context.lang))}")
    book.define("SumsAgree", f"{_sheet(place)}!$F${at + 1}")


def _sheet(place: Placed) -> str:
    return place.range("granted").partition("!")[0]


def _charts(book: Book, sheet: StreamedSheet, context: Context, blocks: Sequence[_Block]) -> None:
    """Beside the sums: what was applied for and granted by theme, and by region."""
    place = context.layout["list"]
    _, themes, regions = blocks
    pixels = _points(place, regions.total) / 0.75
    _chart(book, sheet, place, themes, _TOP, (regions.head - 1 - _TOP) * pixels)
    _chart(book, sheet, place, regions, regions.head, (regions.total + 1 - regions.head) * pixels)


def _chart(book: Book, sheet: StreamedSheet, place: Placed, block: _Block, at: int, height: float) -> None:
    """A bar per code of ``block`` for what was applied for and what was granted, ``height`` pixels high."""
    chart = book.chart("bar")
    small, name = {"size": 8, "bold": False}, place.sheet
    for col, color in ((_APPLIED, _PALE), (_GRANTED, _INK)):
        chart.add_series(
            {
                "name": [name, block.head, col],
                "categories": [name, block.head + 1, _LABEL, block.total - 1, _LABEL],
                "values": [name, block.head + 1, col, block.total - 1, col],
                "fill": {"color": color},
                "gap": 40,
            }
        )
    title = msg("{field}, millions of euros", field=book.words(block.heading))
    chart.set_title({"name": book.words(title), "name_font": {"size": 10, "bold": True}})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 7}, "interval_unit": 1, "line": {"color": _PALE}})
    chart.set_x_axis(
        {
            "num_font": small,
            "num_format": "0.0,,",
            # The axis of the codes runs downwards, so its foot is at the high end.
            "label_position": "high",
            "major_gridlines": {"visible": True, "line": {"color": "#DDE3EA"}},
        }
    )
    chart.set_legend({"position": "bottom", "font": small})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": sum(7 * one.width + 5 for one in place.plan.columns[_SIDE:]) - 20, "height": int(height)})
    sheet.insert_chart(at, _SIDE, chart, {"x_offset": 10, "object_position": 3})


def _points(place: Placed, last: int) -> float:
    """Height of the rows above the list, so low that those down to ``last`` fit one page."""
    width = sum((7 * column.width + 5) * 0.75 for column in place.plan.columns)
    room = _PAGE_HEIGHT * width / _PAGE_WIDTH - _TITLE
    return min(15.0, round(room / (last + 1 - _TOP) * 0.95, 1))


def _set_up(sheet: StreamedSheet, place: Placed, last: int) -> None:
    """The first page, and the list on the next one; rows between that no sum needed are only as high as a line."""
    for row in range(_TOP, place.plan.head):
        sheet.set_row(row, _points(place, last) if row <= last else _UNUSED)
    sheet.set_h_pagebreaks([place.plan.head])
