"""The reasons for a decision on each application, in the applicant's language, every sentence resting on a named fact.

Nothing of a single review enters them: only the consensus or the mean of all, and what officials themselves wrote.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from decisions.phrases import DEFAULT, Phrases
from decisions.reason_assessment import assessment, criteria, least_unmet
from decisions.reason_distribution import costs, distribution
from decisions.reason_finding import eligibility, later, outcome, provisions
from decisions.reason_material import Case, Material
from decisions.reason_material import Sentence as Sentence
from decisions.tables import Tables
from decisions.values import cell_text

_UNASSESSED = ("dismissed", "withdrawn")
_LINES = "criteria"
"""The part whose sentences stand on a line of their own."""


@dataclass(frozen=True, slots=True)
class HandWritten:
    """Reasons written by hand, with the draft that they were written over. ``by``: the account, None: the terminal."""

    drafted: str
    text: str
    by: int | None
    at: datetime
    version: int


def draft_reasons(tables: Tables, case_number: str, phrases: Phrases = DEFAULT) -> tuple[Sentence, ...]:
    """The reasons for one application of complete ``tables``, sentence by sentence. KeyError if there is none."""
    return tuple(_sentences(Material(tables, phrases).case(case_number)))


def drafts(tables: Tables, phrases: Phrases = DEFAULT) -> dict[str, tuple[Sentence, ...]]:
    """``draft_reasons`` of every application, by case number."""
    material = Material(tables, phrases)
    return {row["case_number"]: tuple(_sentences(material.case(row["case_number"]))) for row in tables["applications"]}


def text_of(sentences: Iterable[Sentence]) -> str:
    """The sentences as one text, a paragraph for each part; each criterion stands on a line of its own."""
    parts = (
        ("\n" if name == _LINES else " ").join(one.text for one in part)
        for name, part in groupby(sentences, key=lambda one: one.part)
    )
    return cell_text("\n\n".join(parts))


def reasons_for(
    tables: Tables,
    phrases: Phrases,
    hand_written: Mapping[str, HandWritten],
    only: Collection[str] | None = None,
) -> Tables:
    """Complete ``tables`` with the reasons filled in: those by hand, else the drafts; ``only``: of these cases alone."""
    material = Material(tables, phrases)

    def filled() -> Iterator[dict[str, object]]:
        for row in tables["applications"]:
            number = row["case_number"]
            if only is not None and number not in only:
                yield dict(row)
            elif (by_hand := hand_written.get(number)) is not None:
                yield {**row, "reasons": cell_text(by_hand.text), "by_hand": True}
            else:
                yield {**row, "reasons": text_of(_sentences(material.case(number))), "by_hand": False}

    return Tables({**tables.rows, "applications": tuple(filled())}, tables.private)


def outdated(tables: Tables, phrases: Phrases, hand_written: Mapping[str, HandWritten]) -> tuple[str, ...]:
    """Case numbers whose reasons by hand were written over another draft than complete ``tables`` give."""
    material = Material(tables, phrases)
    return tuple(
        row["case_number"]
        for row in tables["applications"]
        if (by_hand := hand_written.get(row["case_number"])) is not None
        and by_hand.drafted != text_of(_sentences(material.case(row["case_number"])))
    )


def _sentences(case: Case) -> Iterator[Sentence]:
    assessed = _assessed(case)
    parts = {
        "outcome": (*outcome(case), *later(case)),
        "eligibility": tuple(eligibility(case)),
        "assessment": tuple(assessment(case)) if assessed else (),
        _LINES: tuple(criteria(case)) if assessed else (),
        "distribution": tuple(distribution(case)) if assessed else (),
        "costs": tuple(costs(case)) if assessed and case.ranked is not None else (),
        "provisions": tuple(provisions(case)),
    }
    for part, sentences in parts.items():
        yield from (replace(one, part=part) for one in sentences)


def _assessed(case: Case) -> bool:
    """Whether the assessment is a ground of what is decided now: a later decision may rest on other grounds."""
    if case.row["status"] in _UNASSESSED:
        return False
    if case.changed is None:
        return True
    eligible = case.eligibility is None or case.eligibility["outcome"] == "eligible"
    return case.row["status"] == "approved" and eligible and case.score is not None and not any(least_unmet(case))
