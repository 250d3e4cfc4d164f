"""Templates of letters and tables of decisions for tests."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn

from decisions.facts import fact_rows
from decisions.figures import complete
from decisions.tables import Tables, make
from tests.support.decided import decided

NEEDED = ("{{case_number}}", "{{decision}}", "{{reasons}}", "{{rectification}}")


def read(docx: bytes) -> DocumentObject:
    return Document(io.BytesIO(docx))


def written(document: DocumentObject) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def template(*paragraphs: str) -> bytes:
    """A template with the needed placeholders and these paragraphs."""
    document = Document()
    for text in (*NEEDED, *paragraphs):
        document.add_paragraph(text)
    return written(document)


def repacked(docx: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The document with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(docx)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return file.getvalue()


def texts(document: DocumentObject) -> Iterator[str]:
    """Every paragraph of the text and of its tables, in order."""
    for paragraph in document.element.body.iter(qn("w:p")):
        yield "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


def changed(
    applications: Mapping[str, Mapping[str, Any]] | None = None,
    facts: Mapping[str, Any] | None = None,
    overrides: tuple[Mapping[str, Any], ...] = (),
    n: int = 12,
    without: str = "no such fact",
) -> Tables:
    """Tables of a decision with some applications and facts changed; ``without`` the facts that begin so."""
    tables = decided(n)
    rows = {name: [dict(row) for row in tables[name]] for name in tables.rows}
    for row in rows["applications"]:
        row |= (applications or {}).get(row["case_number"], {})
    new = {row["key"]: row for row in fact_rows(facts or {})}
    kept = [row for row in rows["facts"] if row["key"] not in new and not row["key"].startswith(without)]
    rows["facts"] = [*kept, *map(dict, new.values())]
    rows["overrides"] = [dict(row) for row in overrides]
    return complete(make(rows, tables.private))
