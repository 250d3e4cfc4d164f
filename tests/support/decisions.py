"""A decision of 49 fictional applications, as the decision workbook takes it."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from locales import LocalText, Message, Money, msg
from workbooks.decision_data import BasisPoints, DecisionData, DecisionRow, ScoreRow

MADE_AT = datetime(2022, 6, 16, 9, 0, tzinfo=UTC)
APPROPRIATION = 10_000_000
CRITERIA = (
    ("process_change", LocalText("Toimintatapojen muutos", "Förändring av verksamhetssätt", "Process change"), 50),
    ("dissemination", LocalText("Levittämissuunnitelma", "Spridningsplan", "Dissemination plan"), 30),
    ("consortium", LocalText("Konsortio", "Konsortium", "Consortium"), 20),
)
PLACES = (
    ("Espoo", "Uusimaa"), ("Janakkala", "Kanta-Häme"), ("Joensuu", "Pohjois-Karjala"), ("Kerava", "Uusimaa"),
    ("Mustasaari", "Pohjanmaa"), ("Kouvola", "Kymenlaakso"), ("Kuusamo", "Pohjois-Pohjanmaa"),
    ("Lahti", "Päijät-Häme"), ("Lestijärvi", "Keski-Pohjanmaa"), ("Liminka", "Pohjois-Pohjanmaa"),
    ("Lohja", "Uusimaa"), ("Pedersören kunta", "Pohjanmaa"), ("Nurmijärvi", "Uusimaa"),
)  # fmt: skip
PROJECTS = (
    "Tiedon laadun arviointi ja kehittäminen osana kuntien yhteistä tiedonhallintaa",
    "Osaamisen varmistaminen digitalisoituvassa kunnassa",
    "Gemensam modell för datakvalitet i kommunerna",
    "Laatu haltuun: perustiedot kuntoon seutukunnassa",
    "Digiosaamisen polku",
)
REASONS = (
    "Toimintatapojen muutos on kuvattu selkeästi ja tulosten levittäminen on suunniteltu toteuttamiskelpoisesti.",
    "Förändringen av verksamhetssätt beskrivs väl; spridningsplanen omfattar hela landskapet.",
    "Hanke toteuttaa haun painopistettä hyvin. Konsortion työnjako jää osin yleiselle tasolle, mutta hankkeen "
    "vaikuttavuus ja yleinen merkittävyys kuntien kannalta puoltavat avustuksen myöntämistä.",
)
REVIEWERS = tuple(f"Arvioija {letter}" for letter in "ABCDEFGHI")


def decision(applications: int = 49, seed: int = 2022, **changes: Any) -> DecisionData:
    """A consistent decision: three reviews for each, a few without a complete review, late, or withdrawn."""
    dice = random.Random(seed)
    rows, scores = [], []
    for number in range(1, applications + 1):
        case, place = f"VN/{11_000 + 37 * number}/2022", dice.choice(PLACES)
        given = _reviews(case, dice, complete=number % 16 != 5)
        scores += given
        rows.append(_row(case, place, dice, number, _mean(given)))
    data = DecisionData(
        call_id="2022",
        call_name=LocalText(
            "Avustus kuntien digitalisaation edistämiseen 2022",
            "Understöd för främjande av digitaliseringen i kommunerna 2022",
            "Grant for promoting digitalisation in municipalities 2022",
        ),
        authority=LocalText("Valtiovarainministeriö", "Finansministeriet", "Ministry of Finance"),
        made_at=MADE_AT,
        appropriation=APPROPRIATION,
        remaining=0,
        rows=_granted(_ranked(rows)),
        scores=tuple(scores),
        parameters=PARAMETERS,
        scenario_name="Perusvaihtoehto",
    )
    return replace(data, **({"remaining": APPROPRIATION - data.granted} | changes))


PARAMETERS: tuple[tuple[Message, Any], ...] = (
    (msg("Appropriation"), Money(APPROPRIATION)),
    (msg("Weight"), 50),
    (msg("Rank"), Fraction(5, 2)),
    (msg("Granted"), BasisPoints(8500)),
    (msg("Applied for"), BasisPoints(8550)),
    (msg("Reasons"), None),
    (msg("Count"), 2**80),
    (msg("Decision"), True),
    (msg("Value"), MADE_AT),
    (msg("Project"), "scipy 1.17"),
    (msg("Level"), msg("possible")),
)


def _reviews(case: str, dice: random.Random, *, complete: bool) -> list[ScoreRow]:
    rows = []
    for reviewer in sorted(dice.sample(REVIEWERS, 3)):
        for criterion, name, weight in CRITERIA:
            scored = complete or criterion != "consortium"
            rows.append(
                ScoreRow(
                    case_number=case,
                    criterion=criterion,
                    criterion_name=name,
                    weight=weight,
                    reviewer=reviewer,
                    level=dice.choice((2, 3, 3, 4, 4, 5)) if scored else None,
                    reason=dice.choice(REASONS) if scored else "",
                )
            )
    return rows


def _mean(scores: list[ScoreRow]) -> Fraction | None:
    if any(score.level is None for score in scores):
        return None
    return Fraction(sum(s.weight * (s.level or 0) for s in scores), sum(s.weight for s in scores))


def _row(case: str, place: tuple[str, str], dice: random.Random, number: int, score: Fraction | None) -> DecisionRow:
    costs = dice.randrange(60_000, 1_200_000, 500)
    return DecisionRow(
        case_number=case,
        rank=None,
        applicant=f"{place[0]}n kaupunki" if number % 7 else "Päijänteen itäisten kuntien kuntayhtymä",
        business_id=f"01{number:05}-{number % 10}",
        municipality=place[0],
        region=place[1],
        project=dice.choice(PROJECTS),
        language="sv" if number % 9 == 0 else "fi",
        score=score,
        reviews=3 if score is not None else 0,
        applied=costs * 85 // 100,
        ceiling=costs * 85 // 100,
        granted=0,
        status="withdrawn" if number == 13 else "dismissed" if number == 29 else "rejected",
        reason=dice.choice(REASONS),
    )


def _ranked(rows: list[DecisionRow]) -> list[DecisionRow]:
    scores = [row.score for row in rows if row.score is not None]
    return [
        row if row.score is None else replace(row, rank=1 + sum(score > row.score for score in scores)) for row in rows
    ]


def _granted(rows: list[DecisionRow]) -> tuple[DecisionRow, ...]:
    left, decided = APPROPRIATION, []
    for row in sorted(rows, key=lambda row: (row.rank or 1_000, row.case_number)):
        funded = row.status == "rejected" and row.rank is not None and row.applied <= left
        left -= row.applied if funded else 0
        decided.append(replace(row, status="approved", granted=row.applied) if funded else row)
    return tuple(sorted(decided, key=lambda row: row.case_number))
