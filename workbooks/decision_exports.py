"""The tables of a decision for further processing: one JSON file, or a zip of one CSV file per table."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from decisions.facts import facts_of
from decisions.spec import SPECS, Field, Spec
from decisions.tables import FORMAT, Row, Tables, hash_of
from decisions.values import Value, canonical_json, plain
from decisions.words import Words, check_words
from locales import Message, msg, render
from workbooks.decision_names import TABLES, field_name, vocabulary

README = "README.txt"
_MADE = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip: the same tables give the same bytes."""
_PLACES = 6
"""Decimals of a number that is not whole; the exact one stands in the JSON file."""

_SHARES = ("own_share",)
"""Counts of basis points, written as per cent."""

_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_BEGINS = re.compile(rf"[\t\r\n'|%]|[\s\u200b\ufeff\"'“”]*[{_FORMULA}]")
_INSIDE = re.compile(
    rf"(?P<before>[,;\t\r\n][\s\u200b\ufeff\"'“”]*)(?=[=@\uff1d\uff20]|[{_FORMULA}][^\n]*(?:\||[A-Za-z]\())"
)
"""A formula after what another program may take for the end of a cell."""


def tables_json(tables: Tables) -> bytes:
    """Every value of every table with its field's name, exact, and the hash; names of reviewers in the full variant."""
    record = {
        "format": FORMAT,
        "hash": hash_of(tables),
        "tables": {
            name: [{field.id: plain(row.get(field.id), field.kind) for field in spec.fields} for row in tables[name]]
            for name, spec in SPECS.items()
        },
        "reviewers": {code: {"name": one.name, "nonce": one.nonce} for code, one in sorted(tables.private.items())},
    }
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    # Half of a pair of UTF-16 cannot be UTF-8; as an escape it is JSON.
    return f"{text}\n".encode("utf-8", "backslashreplace")


def tables_csv(tables: Tables, lang: str) -> bytes:
    """A zip of one CSV file per table, with names of columns and words for codes in ``lang``, and a README.

    UTF-8 with BOM, semicolons, every cell in quotation marks. What a spreadsheet could take for a formula is made text
    by an apostrophe before it; the README says so.
    """
    words = Words(facts_of(tables["facts"]), lang)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, spec in SPECS.items():
            _add(archive, f"{name}.csv", _table(spec, tables, words))
        _add(archive, README, _readme(tables, lang))
    return out.getvalue()


def defused(text: str) -> str:
    """``text`` as no spreadsheet takes it for a formula, also not when it parts the cells at commas."""
    inside = _INSIDE.sub(r"\g<before>'", text)
    return f"'{inside}" if _BEGINS.match(text) else inside


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode("utf-8-sig", "replace"))


def _table(spec: Spec, tables: Tables, words: Words) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(_lines(spec, tables, words))
    return out.getvalue()


def _lines(spec: Spec, tables: Tables, words: Words) -> Iterator[list[str]]:
    heads = [
        render(field_name(spec.id, field.id), words.lang) + (" (%)" if field.id in _SHARES else "")
        for field in spec.fields
    ]
    named = spec.id == "reviewers" and bool(tables.private)
    yield [*heads, *(render(one, words.lang) for one in (msg("Name"), msg("Secret number")) if named)]
    for row in tables[spec.id]:
        cells = [_cell(spec.id, field, row.get(field.id), words) for field in spec.fields]
        yield [*cells, *(_names(tables, row) if named else ())]


def _names(tables: Tables, row: Row) -> tuple[str, str]:
    one = tables.private.get(row["reviewer"])
    return ("", "") if one is None else (defused(one.name), defused(one.nonce))


def _cell(table: str, field: Field, value: Value, words: Words) -> str:
    """A number of ours stays a number; whatever people wrote is text."""
    if value is None and field.kind != "record":
        return ""
    match field.kind:
        case "count" if field.id in _SHARES:
            return _decimal(Fraction(value, 100), words.lang)
        case "euros" | "count":
            return str(value)
        case "fraction" | "decimal":
            return _decimal(value, words.lang)
        case "moment":
            return str(value.replace(tzinfo=None).isoformat(sep=" "))
        case "yes":
            return words.of("yes", "yes" if value else "no")
        case "record":
            return defused(canonical_json(value))
        case "codes":
            return defused("; ".join(_word(table, field.id, code, words) for code in value))
        case "code":
            return defused(_word(table, field.id, value, words))
    return defused(str(value))


def _word(table: str, field: str, code: str, words: Words) -> str:
    if field == "checks":
        return check_words(code, words.lang)
    name = vocabulary(table, field)
    return words.of(name, code) if name else code


def _decimal(value: Fraction | Decimal, lang: str) -> str:
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    # Half to even, as every decimal of the tables.
    units = round(exact * 10**_PLACES)
    written = f"{Decimal(units).scaleb(-_PLACES):f}".rstrip("0").rstrip(".")
    return written.replace(".", ",") if lang in ("fi", "sv") else written


def _readme(tables: Tables, lang: str) -> str:
    notes: tuple[Message, ...] = (
        msg("The tables of a decision on government grants, one CSV file for each."),
        msg("Hash of the decision (SHA-256): {hash}", hash=hash_of(tables)),
        msg("UTF-8; the cells are parted by semicolons and stand in quotation marks. An empty cell: not known."),
        msg("Euros are whole. A number that is not whole is rounded to {places} decimals.", places=_PLACES),
        msg("Moments are Finnish time."),
        msg(
            "Text that a spreadsheet could take for a formula (it begins with = + - @, a tab, a line end or an "
            "apostrophe, or such a character follows a separator inside the text) has an apostrophe before that "
            "place. The apostrophe is not part of the text."
        ),
        msg("The JSON file of the same decision holds every value exactly as it was decided."),
    )
    lines = [render(note, lang) for note in notes]
    lines += ["", *(f"{name}.csv: {render(TABLES[name], lang)}" for name in SPECS), ""]
    return "\r\n".join(lines)
