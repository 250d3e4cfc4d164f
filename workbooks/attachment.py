"""Attachments of applications: which files are taken. Nothing here opens a file in a program; bytes are only read."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_UP, Decimal

from locales import Message, msg

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
"""Bytes of one attachment."""
LARGEST_TOTAL = 50 * MEGABYTE
"""Bytes of all attachments of one application."""
MOST_FILES = 20
"""Attachments of one application."""
LONGEST_NAME = 120
MEDIA_TYPE = "application/pdf"

_EDGE = 1024
"""Where a PDF's marks are looked for: mail gateways add lines before and after (ISO 32000-1, annex H, notes 13, 18)."""
_ENCRYPT = re.compile(rb"/Encrypt(?:\s+\d+\s+\d+\s+R|\s*<<)")
"""The entry of a trailer that says how the file is encrypted (ISO 32000-1, 7.6.1)."""
_SHOWN = 60


def clean_name(filename: str) -> str:
    """The file's own name: without the folders before it, control and invisible characters, and spaces at the ends."""
    own = unicodedata.normalize("NFC", re.split(r"[/\\]", filename)[-1])
    seen = "".join(" " if char.isspace() else char for char in own)
    return " ".join("".join(char for char in seen if unicodedata.category(char)[0] != "C").split())


def check_pdf(data: bytes, filename: str) -> tuple[Message, ...]:
    """Why a file is not taken, each reason with what would be accepted; empty when it is. ``filename`` as it came."""
    name = clean_name(filename)
    shown = shorten(name)
    refused = list(_name_faults(name, shown))
    if not data:
        return (*refused, msg("{file} is empty. Attach a PDF file with content.", file=shown))
    if len(data) > LARGEST_FILE:
        refused.append(
            msg(
                "{file} is {size} MB. An attachment may be at most {limit} MB.",
                file=shown,
                size=_megabytes(len(data)),
                limit=LARGEST_FILE // MEGABYTE,
            )
        )
    return (*refused, *_content_faults(data[: LARGEST_FILE + 1], shown, whole=len(data) <= LARGEST_FILE))


def _name_faults(name: str, shown: str) -> tuple[Message, ...]:
    if len(name) > LONGEST_NAME:
        return (
            msg(
                "The file name {file} has {n} characters. A name may have at most {limit}.",
                file=shown,
                n=len(name),
                limit=LONGEST_NAME,
            ),
        )
    if not re.search(r"[^.\s].*\.pdf$", name, re.IGNORECASE):
        return (msg("{file} is not named as a PDF file. The name must end with .pdf.", file=shown or "–"),)
    return ()


def _content_faults(data: bytes, shown: str, *, whole: bool) -> tuple[Message, ...]:
    if b"%PDF-" not in data[:_EDGE]:
        return (msg("{file} is not a PDF file by its content. Save the document as PDF and attach that.", file=shown),)
    if not whole:
        return ()
    if b"%%EOF" not in data[-_EDGE:]:
        return (msg("{file} is cut short: the end of the PDF file is missing. Fetch or save it again.", file=shown),)
    if _is_encrypted(data):
        return (
            msg(
                "{file} is encrypted or protected by a password. Save it as PDF without protection and attach that.",
                file=shown,
            ),
        )
    return ()


def _is_encrypted(data: bytes) -> bool:
    """Whether a trailer names an encryption. What stands inside streams is content and says nothing."""
    place = 0
    while (begin := data.find(b"stream", place)) != -1:
        end = data.find(b"endstream", begin + 6)
        if end == -1:
            break
        if _ENCRYPT.search(data, place, begin):
            return True
        place = end + len(b"endstream")
    return _ENCRYPT.search(data, place) is not None


def check_room(present: Sequence[int], size: int, filename: str) -> tuple[Message, ...]:
    """Why a file of ``size`` bytes does not fit beside attachments of the sizes ``present``; empty when it does."""
    shown = shorten(clean_name(filename))
    if len(present) >= MOST_FILES:
        return (
            msg(
                "{file} was not attached: the application has {n} attachments, which is the most it may have.",
                file=shown,
                n=len(present),
            ),
        )
    if sum(present) + size > LARGEST_TOTAL:
        return (
            msg(
                "{file} was not attached: the attachments would be {size} MB together. At most {limit} MB is accepted.",
                file=shown,
                size=_megabytes(sum(present) + size),
                limit=LARGEST_TOTAL // MEGABYTE,
            ),
        )
    return ()


def shorten(name: str) -> str:
    """A file's name as a message says it: its beginning, where it is long."""
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"


def _megabytes(size: int) -> Decimal:
    """Upwards, so that what is over a limit never reads as the limit."""
    return (Decimal(size) / MEGABYTE).quantize(Decimal("0.01"), ROUND_UP)
