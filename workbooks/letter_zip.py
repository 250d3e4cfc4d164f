"""All letters of a decision in one archive, with a list of them. The same tables and templates give the same bytes."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook

from decisions.spec import DECIDED, LATER
from decisions.tables import Row, Tables
from decisions.words import Words
from locales import Message, msg, render
from workbooks.letter_fill import entry
from workbooks.letters import LetterWriter

LIST = msg("letters/list.xlsx")
"""Folder and name of the list, in the list's language; the letters stand in the same folder."""
LONGEST = 80
"""Characters of a case number in a file name."""
_HEADINGS: tuple[tuple[Message, float], ...] = (
    (msg("Case number"), 20),
    (msg("Applicant"), 44),
    (msg("Language of service"), 14),
    (msg("State of the application"), 24),
    (msg("Amount granted"), 16),
    (msg("File of the letter"), 34),
    (msg("SHA-256 of the file"), 68),
)
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list; ``file`` and ``sha256`` are empty for an application that is not decided."""

    row: Row
    file: str = ""
    sha256: str = ""


def letters_zip(tables: Tables, templates: Mapping[str, bytes], lang: str = "fi") -> bytes:
    """Every letter of a decision and a list of them; ``lang`` is the list's language.

    A first decision has a letter for every application that is decided; a later one for those that it changes.
    ``templates``: by language, else our own. Raises TemplateRefused for a template that is none.
    """
    writer, listing = LetterWriter(tables, templates), render(LIST, lang)
    folder = listing.partition("/")[0]
    archive, listed, taken = io.BytesIO(), [], set[str]()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as target:
        for row in addressed(tables, writer.letters.facts):
            if row["status"] not in DECIDED:
                listed.append(Listed(row))
                continue
            written, data = writer.write(row["case_number"])
            name = file_name(row["case_number"], written.lang, taken)
            # A letter is packed already.
            target.writestr(entry(f"{folder}/{name}", packed=False), data)
            listed.append(Listed(row, name, hashlib.sha256(data).hexdigest()))
        target.writestr(entry(listing, packed=False), _list(listed, writer, lang))
    return archive.getvalue()


def addressed(tables: Tables, facts: Mapping[str, Any]) -> Iterator[Row]:
    """The applications whose applicants a decision is sent to."""
    if facts.get("decision.kind") not in LATER:
        yield from tables["applications"]
        return
    number = facts.get("decision.number")
    changed = {row["case_number"] for row in tables["overrides"] if row["decision"] == number}
    yield from (row for row in tables["applications"] if row["case_number"] in changed)


def file_name(case_number: str, lang: str, taken: set[str]) -> str:
    """A name for a letter that every system can keep; ``taken`` are those in use, to which it is added."""
    safe = re.sub(r"[^\w.-]+", "-", case_number, flags=re.ASCII).strip("-.")[:LONGEST] or "letter"
    if _RESERVED.match(safe.split(".", 1)[0]):
        safe = f"_{safe}"
    name, number = f"{safe}.{lang}.docx", 1
    while name.lower() in taken:
        number += 1
        name = f"{safe}_{number}.{lang}.docx"
    taken.add(name.lower())
    return name


def _list(listed: Sequence[Listed], writer: LetterWriter, lang: str) -> bytes:
    data, made_at = io.BytesIO(), writer.letters.made_at.replace(tzinfo=None)
    book = Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = render(msg("Letters"), lang)
    book.set_properties({"title": title, "created": made_at})
    head = book.add_format({"bold": True, "bg_color": "#E9EEF4", "bottom": 1, "text_wrap": True, "valign": "top"})
    text, euros = book.add_format({"valign": "top"}), book.add_format({"num_format": "#,##0\\ €", "valign": "top"})
    sheet = book.add_worksheet(title[:31])
    for at, (heading, width) in enumerate(_HEADINGS):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, render(heading, lang), head)
    words = Words(writer.letters.facts, lang)
    for at, one in enumerate(listed, start=1):
        row = one.row
        values = (
            row["case_number"], row["applicant"], words.of("language", row["language"]),
            words.of("status", row["status"]), row["granted"], one.file, one.sha256,
        )  # fmt: skip
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(at, column, value, euros)
            elif value:
                sheet.write_string(at, column, value, text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(listed), 1), len(_HEADINGS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return data.getvalue()
