"""The reasons of every application as they stand under a scenario: drafts, and those written by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from access.permissions import Actor, can_see_decision, require
from decisions.phrases import Phrases, fill
from decisions.reasons import HandWritten, Sentence, drafts, text_of
from workflow.decision_material import read_material, snapshot_of
from workflow.house import House
from workflow.naming import reviewers_named
from workflow.reasons import load_reviewers, sound_wording
from workflow.scenarios import refuse_partial_view


@dataclass(frozen=True, slots=True)
class ApplicationReasons:
    """The reasons of one application.

    ``status``, ``basis``, ``granted``: as the scenario would decide, euros None as long as it decides nothing.
    ``sentences``: today's draft. ``writer``: the name of who wrote ``by_hand``; empty for the terminal. ``named``:
    reviewers whose names stand in the reasons in force.
    """

    case_number: str
    applicant: str
    project: str
    language: str
    status: str
    basis: str
    granted: int | None
    sentences: tuple[Sentence, ...]
    by_hand: HandWritten | None
    writer: str
    named: tuple[str, ...]

    @property
    def draft(self) -> str:
        """Today's draft as one text."""
        return text_of(self.sentences)

    @property
    def text(self) -> str:
        """The reasons in force."""
        return self.draft if self.by_hand is None else self.by_hand.text

    @property
    def outdated(self) -> bool:
        """The facts have changed since the reasons were written by hand: the draft is no longer the one of then."""
        return self.by_hand is not None and self.by_hand.drafted != self.draft


@dataclass(frozen=True, slots=True)
class ReasonsList:
    """The reasons of a call under a scenario, by case number.

    ``rule``: of distribution. ``phrases``: those in force.
    """

    scenario: str
    rule: str
    made_at: datetime | None
    applications: tuple[ApplicationReasons, ...]
    phrases: Phrases


def list_reasons(house: House, actor: Actor, call_id: str, scenario_id: int | None = None) -> ReasonsList:
    """The reasons of every application under a saved scenario, or without one under the call's own values.

    Solves. Refused for those who may not see every score, and when the scenario gives no distribution.
    """
    require(actor, can_see_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=scenario_id is not None)
        material = read_material(uow, call_id, scenario_id)
        reviewers = load_reviewers(uow, call_id)
    tables = snapshot_of(material).tables
    made = drafts(tables, material.phrases)
    facts = {row["key"]: row["value"] for row in tables["facts"]}
    return ReasonsList(
        scenario=str(facts["scenario.name"]),
        rule=str(facts["scenario.rule"]),
        made_at=material.changed_at,
        applications=tuple(
            _of(row, made[row["case_number"]], material.hand_written.get(row["case_number"]), reviewers, material.names)
            for row in tables["applications"]
        ),
        phrases=material.phrases,
    )


def preview_phrase(listed: ReasonsList, key: str, fi: str, sv: str) -> tuple[tuple[str, str], ...]:
    """Case number and sentence wherever the phrase stands in a draft, as the wording would make it. Writes nothing.

    Refused with every fault of the wording, and when there is no such phrase.
    """
    wording = sound_wording(key, fi, sv)
    return tuple(
        (one.case_number, fill(wording.of("sv" if one.language == "sv" else "fi"), dict(sentence.values)))
        for one in listed.applications
        for sentence in one.sentences
        if sentence.phrase == key
    )


def _of(
    row: Mapping[str, object],
    sentences: tuple[Sentence, ...],
    by_hand: HandWritten | None,
    reviewers: set[str],
    names: Mapping[int, str],
) -> ApplicationReasons:
    text = text_of(sentences) if by_hand is None else by_hand.text
    granted = row["granted"]
    return ApplicationReasons(
        case_number=str(row["case_number"]),
        applicant=str(row["applicant"]),
        project=str(row["project"]),
        language=str(row["language"]),
        status=str(row["status"]),
        basis=str(row["basis"]),
        granted=granted if isinstance(granted, int) else None,
        sentences=sentences,
        by_hand=by_hand,
        writer="" if by_hand is None or by_hand.by is None else names.get(by_hand.by, ""),
        named=tuple(reviewers_named(reviewers, text)),
    )
