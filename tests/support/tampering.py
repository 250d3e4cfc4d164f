"""Workbooks changed behind the program's back: single cells in the XML, and forgeries that are consistent in themselves."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, unescape

from decisions.facts import fact_rows, facts_of
from decisions.figures import complete
from decisions.solving import solve_again
from decisions.tables import Tables, make

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.S)
_FORMULA = re.compile(r"<f>(.*?)</f><v>(.*?)</v>", re.S)
_TEXT = re.compile(r"<is><t[^>]*>(.*?)</t></is>", re.S)


@dataclass(frozen=True)
class Found:
    """A cell of a sheet as it stands in the XML."""

    sheet: str
    cell: str
    attributes: str
    inside: str

    @property
    def row(self) -> int:
        """The row, from 1."""
        return int(re.sub("[A-Z]", "", self.cell))

    @property
    def formula(self) -> tuple[str, str] | None:
        """Formula and calculated value."""
        found = _FORMULA.fullmatch(self.inside)
        return None if found is None else (found[1], found[2])

    @property
    def text(self) -> str | None:
        """The text of a cell that has one in place."""
        found = _TEXT.fullmatch(self.inside)
        return None if found is None else unescape(found[1])

    @property
    def number(self) -> str | None:
        """The number of a cell without a formula."""
        found = re.fullmatch(r"<v>(.*?)</v>", self.inside)
        return None if found is None or 't="' in self.attributes else found[1]


class Opened:
    """The parts of a workbook; ``saved`` puts them together again."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        names = re.findall(r'<sheet name="([^"]*)"', self.parts["xl/workbook.xml"].decode())
        self.strings = [
            unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", one, re.S)))
            for one in re.findall(r"<si>(.*?)</si>", self.parts["xl/sharedStrings.xml"].decode(), re.S)
        ]
        self.sheets = {unescape(name): f"xl/worksheets/sheet{at}.xml" for at, name in enumerate(names, start=1)}

    def xml(self, sheet: str) -> str:
        """The XML of a sheet."""
        return self.parts[self.sheets[sheet]].decode()

    def cells(self, sheet: str) -> list[Found]:
        """The cells of a sheet that hold anything."""
        return [self._found(sheet, *found) for found in _CELL.findall(self.xml(sheet)) if found[2]]

    def _found(self, sheet: str, cell: str, attributes: str, inside: str) -> Found:
        """A shared string as if it stood in place."""
        if 't="s"' in attributes:
            text = self.strings[int(re.sub("<[^>]*>", "", inside))]
            inside, attributes = f"<is><t>{escape(text)}</t></is>", attributes.replace('t="s"', 't="inlineStr"')
        return Found(sheet, cell, attributes, inside)

    def put(self, found: Found, markup: str) -> None:
        """Another inside for a cell: the end of its opening tag and all that follows."""
        attributes = re.sub(r' t="[^"]*"', "", found.attributes)
        pattern = re.compile(rf'<c r="{found.cell}"[^>]*?(?:/>|>.*?</c>)', re.S)
        new = f'<c r="{found.cell}"{attributes}{markup}</c>'
        xml, times = pattern.subn(lambda _: new, self.xml(found.sheet), count=1)
        assert times == 1
        self.parts[self.sheets[found.sheet]] = xml.encode()

    def put_text(self, found: Found, text: str) -> None:
        """A text in place of what a cell holds."""
        self.put(found, f' t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is>')

    def put_number(self, found: Found, number: str) -> None:
        """A number in place of what a cell holds."""
        self.put(found, f"><v>{number}</v>")

    def drop_row(self, sheet: str, row: int) -> None:
        """Take one row away."""
        xml, times = re.subn(rf'<row r="{row}"[^>]*>.*?</row>', "", self.xml(sheet), count=1, flags=re.S)
        assert times == 1
        self.parts[self.sheets[sheet]] = xml.encode()

    def saved(self) -> bytes:
        """The workbook with all that was changed."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                archive.writestr(name, data)
        return out.getvalue()


def tampered(data: bytes, kind: str, seed: int) -> tuple[bytes, list[tuple[str, str]]]:
    """``data`` changed in one place by chance, and the cells that were changed."""
    dice, opened = random.Random(f"{kind} {seed}"), Opened(data)
    sheets = sorted(opened.sheets)
    dice.shuffle(sheets)
    for sheet in sheets:
        fitting = [found for found in opened.cells(sheet) if _FITTING[kind](found)]
        if fitting:
            found = dice.choice(fitting)
            _CHANGES[kind](opened, found, dice)
            return opened.saved(), [(found.sheet, found.cell)]
    raise AssertionError(f"no cell for {kind}")


def _numeric(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text) is not None


def _plus_one(text: str) -> str:
    return str(float(text) + 1) if "." in text else str(int(text) + 1)


def _another_digit(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + dice.choice([one for one in "0123456789abcdef" if one != text[at]]) + text[at + 1 :]


_FITTING: Mapping[str, Callable[[Found], bool]] = {
    "number": lambda found: found.number is not None,
    "text": lambda found: bool(found.text),
    "digest": lambda found: re.fullmatch("[0-9a-f]{64}", found.text or "") is not None,
    "formula by value": lambda found: found.formula is not None and _numeric(found.formula[1]),
    "formula": lambda found: found.formula is not None,
    "calculated": lambda found: found.formula is not None and _numeric(found.formula[1]),
    "value by formula": lambda found: found.number is not None,
    "number as text": lambda found: found.number is not None,
    "emptied": lambda found: bool(found.text) or found.number is not None,
}
_CHANGES: Mapping[str, Callable[[Opened, Found, random.Random], None]] = {
    "number": lambda opened, found, dice: opened.put_number(found, _plus_one(found.number or "")),
    "text": lambda opened, found, dice: opened.put_text(found, (found.text or "") + dice.choice(["x", " ", ".", "1"])),
    "digest": lambda opened, found, dice: opened.put_text(found, _another_digit(found.text or "", dice)),
    "formula by value": lambda opened, found, dice: opened.put_number(found, _plus_one((found.formula or ("", ""))[1])),
    "formula": lambda opened, found, dice: opened.put(
        found, _with_type(found, f"<f>{(found.formula or ('', ''))[0]}+0</f><v>{(found.formula or ('', ''))[1]}</v>")
    ),
    "calculated": lambda opened, found, dice: opened.put(
        found, f"><f>{(found.formula or ('', ''))[0]}</f><v>{_plus_one((found.formula or ('', ''))[1])}</v>"
    ),
    "value by formula": lambda opened, found, dice: opened.put(found, f"><f>{found.number}</f><v>{found.number}</v>"),
    "number as text": lambda opened, found, dice: opened.put_text(found, found.number or ""),
    "emptied": lambda opened, found, dice: opened.put(found, ">"),
}
KINDS = tuple(_CHANGES)


def _with_type(found: Found, inside: str) -> str:
    kind = ' t="str"' if 't="str"' in found.attributes else ""
    return f"{kind}>{inside}"


def reforged(
    tables: Tables, *, facts: Mapping[str, Any] | None = None, **changed: Sequence[Mapping[str, Any]]
) -> Tables:
    """Tables with other rows or facts and all that follows from them: awards, statuses, comparison, sums."""
    rows: dict[str, Any] = {**tables.rows, **changed}
    if facts is not None:
        rows["facts"] = list(fact_rows({**facts_of(tables["facts"]), **facts}))
    again = solve_again(make(rows, tables.private))
    granted = again.granted
    results = {
        "result.objective": str(again.by_rule.objective),
        "result.spent": again.decided.spent,
        "result.remaining": again.decided.remaining,
    }
    rows["facts"] = list(fact_rows({**facts_of(rows["facts"]), **results}))
    codes = {award.id: award.code for award in again.decided.awards}
    rows["applications"] = [
        dict(_with_award(row, granted[row["case_number"]], codes.get(row["case_number"])))
        for row in rows["applications"]
    ]
    stated = facts_of(rows["facts"])
    rows["scenarios"] = [
        {
            **row,
            "appropriation": stated["scenario.appropriation"],
            "status": again.decided.status,
            "remaining": again.decided.remaining,
        }
        if row["decided"]
        else row
        for row in rows["scenarios"]
    ]
    decided = {row["name"] for row in rows["scenarios"] if row["decided"]}
    rows["comparison"] = [
        {**row, "granted": granted[row["case_number"]]} if row["scenario"] in decided else row
        for row in rows["comparison"]
    ]
    return complete(make(rows, tables.private))


def _with_award(row: Mapping[str, Any], granted: int, code: str | None) -> Iterator[tuple[str, Any]]:
    yield from row.items()
    yield "granted", granted
    if code is not None:
        yield "basis", code
        yield "status", "approved" if granted else "rejected"
