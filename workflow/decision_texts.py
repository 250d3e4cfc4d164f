"""What a proposal says in words is looked at before it is frozen: no reviewer is named, and no reasons are outdated."""

from collections.abc import Collection, Iterator, Mapping

from decisions.tables import Row, Tables
from locales import Message, Param, msg
from workflow.decision_records import some_of
from workflow.naming import reviewers_named


def of_texts(tables: Tables, reviewers: Collection[str], grounds: str) -> Iterator[Message]:
    """Why reasons and grounds that name a reviewer are not frozen, with where each is mended. For other use cases.

    ``reviewers``: names of those who review; the names in ``tables`` are looked for too.
    """
    names = {*reviewers, *(one.name for one in tables.private.values())}
    if said := reviewers_named(names, grounds):
        people: list[Param] = [*said]
        yield msg("The grounds name a reviewer: {names}. They speak of the panel, never of one reviewer.", names=people)
    places: dict[str, list[str]] = {}
    quoted = _quoted(tables)
    for row in tables["applications"]:
        case = row["case_number"]
        if found := reviewers_named(names, row["reasons"]):
            places.setdefault(_place(row, quoted.get(case, ()), set(found)), []).append(case)
    for place, cases in places.items():
        yield _named(place, cases)


def _quoted(tables: Tables) -> Mapping[str, list[tuple[str, str]]]:
    """By case number the texts of officials that reasons quote, each with what it is."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in tables["costs"]:
        found.setdefault(row["case_number"], []).append(("comment", row["comment"]))
    for row in tables["overrides"]:
        found.setdefault(row["case_number"], []).append(("award", row["reason"]))
    for row in tables["eligibility"]:
        found.setdefault(row["case_number"], []).append(("eligibility", row["reason"]))
    return found


def _place(row: Row, quoted: Collection[tuple[str, str]], names: set[str]) -> str:
    """Where a name in the reasons comes from."""
    if row["by_hand"]:
        return "by_hand"
    return next((place for place, text in quoted if text and reviewers_named(names, text)), "")


def _named(place: str, cases: list[str]) -> Message:
    n, some = len(cases), some_of(cases)
    match place:
        case "by_hand":
            return msg(
                "Reasons written by hand name a reviewer ({n}): {cases}. Mend them on the page Reasons.",
                n=n,
                cases=some,
            )
        case "comment":
            return msg(
                "A comment of the costs that the reasons quote names a reviewer ({n}): {cases}. Mend it on the page Costs.",
                n=n,
                cases=some,
            )
        case "award":
            return msg(
                "The reason of an award set by hand that the reasons quote names a reviewer ({n}): {cases}. Mend it in a copy of the scenario and lock the copy.",
                n=n,
                cases=some,
            )
        case "eligibility":
            return msg(
                "The reason given for the eligibility that the reasons quote names a reviewer ({n}): {cases}. Mend it on the page of the application, or write the reasons by hand on the page Reasons.",
                n=n,
                cases=some,
            )
    return msg("The reasons name a reviewer ({n}): {cases}. Write them by hand on the page Reasons.", n=n, cases=some)


def of_outdated(cases: tuple[str, ...]) -> Iterator[Message]:
    """Why reasons by hand whose facts changed since are not frozen. For other use cases."""
    if cases:
        yield msg(
            "The facts have changed since these reasons were written by hand ({n}): {cases}. Write them anew on the page Reasons, or go back to the draft there.",
            n=len(cases),
            cases=some_of(cases),
        )
