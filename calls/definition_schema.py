"""What a key of the call file accepts, in words, read from the schema of ``CallDefinition``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, cast

from calls.definition import DECIMALS, CallDefinition
from locales import Message, msg

Schema = Mapping[str, Any]


def dotted(place: Sequence[int | str]) -> str:
    """``("criteria", 0, "levels", 2, "value")`` as ``criteria[1].levels[3].value``: numbers from 1, as people count."""
    key = ""
    for part in place:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return key.removeprefix(".")


def shown(value: object) -> str:
    """A value as it stood in the file, shortened to 60 characters."""
    if isinstance(value, dict):
        text = "{ " + ", ".join(str(key) for key in value) + " }" if value else "{ }"
    elif isinstance(value, list):
        text = "[" + ", ".join(shown(item) for item in value[:5]) + (", …]" if len(value) > 5 else "]")
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, str):
        text = '"' + value.replace("\n", " ") + '"'
    elif isinstance(value, (datetime, date, time)):
        text = value.isoformat()
    else:
        text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def accepted_at(place: Sequence[int | str]) -> Message:
    """What the key at ``place`` accepts; for a place that no schema knows, what its nearest known table accepts."""
    schema = _resolve(_root())
    for part in place:
        inner = _step(schema, part)
        if inner is None:
            break
        schema = _resolve(inner)
    return _words(schema)


@cache
def _root() -> Schema:
    return CallDefinition.model_json_schema()


def _resolve(schema: Schema) -> Schema:
    """Follows references and takes the non-null side of an optional value."""
    while True:
        if "$ref" in schema:
            schema = _root()["$defs"][str(schema["$ref"]).rsplit("/", 1)[-1]]
        elif "anyOf" in schema:
            schema = next(option for option in schema["anyOf"] if option.get("type") != "null")
        else:
            return schema


def _step(schema: Schema, part: int | str) -> Schema | None:
    if isinstance(part, int):
        return cast("Schema | None", schema.get("items"))
    return cast("Schema | None", schema.get("properties", {}).get(part))


def _words(schema: Schema) -> Message:
    if "enum" in schema or "const" in schema:
        options = schema.get("enum", [schema.get("const")])
        return msg("one of {options}", options=[_literal(value) for value in options])
    kind = schema.get("type")
    if kind == "object" and set(schema["properties"]) == {"fi", "sv", "en"}:
        return msg("the keys fi, sv and en, each a text of 1 to 4000 characters")
    if kind == "object":
        return msg("a table with the keys {keys}", keys=list(schema.get("properties", {})))
    if kind == "array":
        return _list_words(schema)
    if kind == "integer":
        return _number_words(schema)
    if kind == "number":
        return msg(
            "a number from {least} to {most}, at most {decimals} decimals after a decimal point",
            least=f"{schema['minimum']:g}",
            most=f"{schema['maximum']:g}",
            decimals=str(DECIMALS),
        )
    if kind == "boolean":
        return msg("true or false")
    return _text_words(schema)


def _list_words(schema: Schema) -> Message:
    return msg(
        "a list of {least} to {most} items, each {item}",
        least=str(schema.get("minItems", 0)),
        most=str(schema["maxItems"]),
        item=_words(_resolve(schema["items"])),
    )


def _number_words(schema: Schema) -> Message:
    least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
    most = schema.get("maximum", schema.get("exclusiveMaximum", 1) - 1)
    return msg("a whole number from {least} to {most}, without quotation marks", least=str(least), most=str(most))


def _text_words(schema: Schema) -> Message:
    if schema.get("format") == "date-time":
        return msg("a moment such as 2020-10-05T16:15:00, without quotation marks")
    if str(schema.get("pattern", "")).startswith("^[a-z0-9]"):
        return msg("a text of lower-case letters a–z, digits, hyphens and underscores, at most 40 characters")
    if "pattern" in schema:
        return msg("a text of lower-case letters a–z, digits and underscores, at most 40 characters, letter first")
    return msg(
        "a text of {least} to {most} characters, in quotation marks",
        least=str(schema.get("minLength", 1)),
        most=str(schema.get("maxLength", 4000)),
    )


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
