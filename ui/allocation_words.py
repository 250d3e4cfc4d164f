"""Words that the tabs of the results share: names of labels, measures, limits, and links to applications."""

from collections.abc import Mapping
from fractions import Fraction

from allocation import Scenario
from locales import format_number
from ui.tables import Link
from ui.texts import in_percent, language, money, number, percent, say, t
from workflow.scenarios import Run


def value_name(scenario: Scenario, label: str, value: str) -> str:
    """A value of a label in words: a region or a theme by its name."""
    if not value:
        return t("Not stated")
    return say(scenario.names.get(f"{label}={value}", value))


def measured(measure: str, value: int | Fraction | None) -> str:
    """A sum in its own measure: euros, projects or the numbers of a column; a dash where there is none."""
    if value is None:
        return "–"
    if measure == "grant" and Fraction(value).denominator == 1:
        return money(int(value))
    if Fraction(value).denominator == 1:
        return number(int(value))
    return number(Fraction(value), 2)


def measure_name(scenario: Scenario, measure: str) -> str:
    """What is added up."""
    if measure == "grant":
        return t("Euros granted")
    if measure == "count":
        return t("Projects funded")
    return say(scenario.names.get(measure, measure))


def share(part: int | Fraction, whole: int | Fraction) -> str:
    """A share in per cent of a sum that may be a fraction."""
    if not whole:
        return "–"
    exact = Fraction(part) / Fraction(whole)
    return percent(exact.numerator, exact.denominator)


def difference(euros: int) -> str:
    """Euros with their sign."""
    return f"+{money(euros)}" if euros > 0 else money(euros)


def signed(value: Fraction | int, decimals: int = 0) -> str:
    """A number with its sign; what rounds to none has none."""
    shown = format_number(value, language(), decimals)
    return f"+{shown}" if value > 0 and shown != format_number(0, language(), decimals) else shown


def decimals(scenario: Scenario) -> int:
    """With how many decimals the value that a rule maximises is shown: a sum of scores has two, score times euro none."""
    return 2 if scenario.objective == "score_of_funded" else 0


def probability(value: float) -> str:
    """A probability in per cent with one decimal; what is not certain is never shown as 0 or 100 %."""
    if 0 < value < 0.0005:
        return t("under {share}", share=in_percent(number(Fraction(1, 10), 1)))
    if 0.9995 <= value < 1:
        return t("over {share}", share=in_percent(number(Fraction(999, 10), 1)))
    return in_percent(number(100 * Fraction(value), 1))


def project_names(run: Run) -> Mapping[str, str]:
    """Project name by case number, in the order of the ranking."""
    return {r.view.case_number: r.view.application.project_name for r in run.ranked}


def rank_of(run: Run) -> Mapping[str, str]:
    """The official rank by case number, a shared one marked."""
    return {
        r.view.case_number: "–"
        if r.standing.rank is None
        else f"{r.standing.rank} ="
        if r.standing.tied_with
        else str(r.standing.rank)
        for r in run.ranked
    }


def case_link(call_id: str, case: str) -> Link:
    """The way to an application."""
    return Link(case, "application", (("call", call_id), ("case", case)))


def capital(words: str) -> str:
    """A name of a rule where it begins a cell."""
    return words[:1].upper() + words[1:]
