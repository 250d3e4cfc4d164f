"""One sheet of the review form: the application to read, and below it the cells to fill in.

Column A holds labels, B the texts and the input cells. Column C is hidden and names the field of each input row, so
that the sheet says itself what it is, whatever it is called; the columns after it hold the choices of the lists.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from calls.application import COST_CATEGORIES, Application, Partner
from calls.application_record import field_label
from calls.definition import CallDefinition, Criterion
from locales import LocalText, Message, Money, msg, render
from locales.formats import format_money, format_number
from workbooks.intake_write import write_text
from workbooks.review_form_look import Form, Page
from workbooks.review_form_stamp import CASE_KEY, FORM_KEY
from workbooks.review_form_types import LONGEST_TEXT, FormApplication
from workbooks.review_form_values import (
    CONFIDENCES,
    LABELS,
    NO_CONFIDENCE,
    NOT_SCORED,
    confidence_words,
    level_words,
    tidy,
)

WIDTHS = (27, 90)
KEYS = 2
"""Column of the keys, from 0."""
_CHOICES = 3
_TEXTS = ("summary", "process_change", "dissemination", "consortium")
_ROOM = 71.0
"""Points of an input cell for a text: five lines."""

STATES: dict[str, Message] = {
    "not_started": msg("Your review: not started."),
    "draft": msg("Your review: draft."),
    "returned": msg("Your review: returned for completion. Complete it and submit it again."),
}


def write_application(form: Form, name: str, item: FormApplication, call: CallDefinition, check: str) -> dict[str, str]:
    """Write the sheet called ``name``; returns field -> cell of its input cells."""
    page = form.page(name, WIDTHS)
    application = item.application
    page.across(f"{item.case_number} · {application.coordinator.name}", "case")
    page.across(application.project_name or "–", "title")
    page.sheet.freeze_panes(2, 0)
    page.sheet.repeat_rows(0, 1)
    page.across(STATES[item.state], "notice" if item.state == "returned" else "small")
    page.across(_versions(item), "small")
    _facts(page, application, call)
    page.across(msg("Texts of the application"), "section", above=12)
    page.gap(4)
    for field in _TEXTS:
        page.prose(field_label(field), getattr(application, field))
    inputs = _Inputs(page, len(call.criteria) + 1)
    inputs.key(0, FORM_KEY + check)
    inputs.key(1, CASE_KEY + item.case_number)
    page.new_page()
    page.across(msg("Assessment"), "section", above=12)
    page.across(msg("Fill in the bordered cells. Their content is saved only when you upload the form."), "small")
    for criterion in call.criteria:
        _criterion(page, inputs, criterion, item, call)
    first = page.row
    page.across(msg("Remark and confidence"), "section", above=14)
    page.gap(4)
    inputs.text("remark", LABELS["remark"], item.remark)
    page.gap(6)
    choices = [NO_CONFIDENCE, *map(confidence_words, CONFIDENCES)]
    chosen = item.confidence if item.confidence in CONFIDENCES else None
    given = NO_CONFIDENCE if chosen is None else confidence_words(chosen)
    inputs.choice("confidence", LABELS["confidence"], choices, given)
    page.keep(first)
    inputs.hide()
    page.finish(f"{render(call.name, form.lang)} · {item.case_number}")
    return inputs.cells


def _versions(item: FormApplication) -> Message:
    if item.review_version == 0:
        return msg(
            "Version {version} of the application. You have saved nothing yet.", version=item.application_version
        )
    return msg(
        "Version {version} of the application, version {review} of your review.",
        version=item.application_version,
        review=item.review_version,
    )


def _facts(page: Page, application: Application, call: CallDefinition) -> None:
    lang = page.form.lang
    theme = call.theme(application.theme)
    coordinator = application.coordinator
    costs = [
        f"{render(field_label(f'costs.{category}'), lang)} {format_money(application.costs[category], lang)}"
        for category in (*COST_CATEGORIES, *sorted(application.costs.keys() - set(COST_CATEGORIES)))
        if category in application.costs
    ]
    other = application.other_public_funding
    rows: list[tuple[Message, Message | LocalText | str]] = [
        (field_label("coordinator"), f"{coordinator.name} ({coordinator.business_id})"),
        (field_label("partners"), ", ".join(map(_partner, application.partners)) or "–"),
        (field_label("theme"), theme.name if theme else application.theme or "–"),
        (msg("Costs, no value added tax"), " · ".join(costs) or "–"),
        (msg("Eligible costs in all"), format_money(application.eligible_costs, lang)),
        (field_label("own_funding"), format_money(application.own_funding, lang)),
        (field_label("other_public_funding"), msg("Not stated") if other is None else format_money(other, lang)),
        (field_label("applied"), _applied(application, lang)),
    ]
    page.across(msg("Application"), "section", above=12)
    for label, value in rows:
        page.cells((label, "label"), (value, "value"))


def _partner(partner: Partner) -> str:
    members = ", ".join(member.name for member in partner.members)
    return f"{partner.name} ({members})" if members else partner.name


def _applied(application: Application, lang: str) -> Message | str:
    if not application.eligible_costs:
        return format_money(application.applied, lang)
    share = format_number(Fraction(100 * application.applied, application.eligible_costs), lang, 1)
    return msg("{euros}, {share} % of the eligible costs", euros=Money(application.applied), share=share)


def _criterion(
    page: Page, inputs: "_Inputs", criterion: Criterion, item: FormApplication, call: CallDefinition
) -> None:
    whole = sum(other.weight.value for other in call.criteria)
    first = page.row
    page.gap(10)
    weight = msg("weight {weight} of {whole}", weight=criterion.weight.value, whole=whole)
    question = f"{page.form.words(criterion.question)} ({page.form.words(weight)})"
    page.cells((criterion.name, "band"), (question, "question"))
    page.cells((msg("Levels"), "small"), (levels_guide(page.form, criterion), "small"))
    chosen = item.levels.get(criterion.id)
    known = {level.value: level_words(level) for level in criterion.levels}
    given = NOT_SCORED if chosen is None else known.get(chosen, str(chosen))
    inputs.choice(f"level:{criterion.id}", LABELS["level"], [NOT_SCORED, *known.values()], given)
    reason = item.reasons.get(criterion.id, "")
    inputs.text(f"reason:{criterion.id}", LABELS["reason"], reason)
    page.keep(first)


def levels_guide(form: Form, criterion: Criterion) -> str:
    """What each level means, one on a line."""
    return "\n".join(f"{form.words(level_words(rung))}: {form.words(rung.description)}" for rung in criterion.levels)


class _Inputs:
    """The input cells of a page, and the hidden columns beside them."""

    def __init__(self, page: Page, lists: int) -> None:
        self.page, self.cells = page, dict[str, str]()
        self._list, self._last = _CHOICES, _CHOICES + lists

    def key(self, row: int, key: str) -> None:
        """Name what a row holds in the hidden column."""
        write_text(self.page.sheet, row, KEYS, key, self.page.form.formats["key"])

    def text(self, field: str, label: Message, value: str) -> None:
        """A cell for a text."""
        title, message = msg("The text is too long"), msg("At most {n} characters fit here.", n=LONGEST_TEXT)
        rule = {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT} | self._refusal(title, message)
        self._cell(field, (label, "ask"), (tidy(value), "text"), _ROOM, rule)

    def choice(self, field: str, label: Message, choices: Sequence[Message], chosen: Message | str) -> None:
        """A cell with a list of choices, which stand in a hidden column of the same sheet: so they move with it."""
        for row, choice in enumerate(choices):
            write_text(self.page.sheet, row, self._list, self.page.form.words(choice), self.page.form.formats["key"])
        column = xl_col_to_name(self._list, col_abs=True)
        self._list += 1
        message = msg("Choose a value from the list.")
        rule = {"validate": "list", "source": f"={column}$1:{column}${len(choices)}"}
        self._cell(field, (label, "ask"), (chosen, "choice"), 20, rule | self._refusal(msg("Not in the list"), message))

    def hide(self) -> None:
        """Hide the columns of keys and choices."""
        self.page.sheet.set_column(KEYS, self._last, 12, None, {"hidden": True})

    def _cell(
        self,
        field: str,
        label: tuple[Message, str],
        value: tuple[Message | str, str],
        least: float,
        rule: dict[str, Any],
    ) -> None:
        row = self.page.cells(label, value, least=least)
        self.key(row, field)
        self.page.sheet.data_validation(row, 1, row, 1, rule)
        self.cells[field] = f"B{row + 1}"

    def _refusal(self, title: Message, message: Message) -> dict[str, str]:
        lang = self.page.form.lang
        return {"error_title": render(title, lang)[:32], "error_message": render(message, lang)[:255]}
