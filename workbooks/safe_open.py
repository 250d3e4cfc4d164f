"""Opening a file that a stranger made: bounded in size before and while unpacking, plain refusals.

Accepted are .xlsx workbooks without macros (also saved by LibreOffice) and CSV in UTF-8. Only the parts that hold
cells are unpacked, and they are counted as they are: nothing a header says is trusted.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath

from locales import msg
from workbooks.intake_cells import LARGEST_ROWS, Book, FileRefused
from workbooks.intake_csv import open_csv
from workbooks.intake_xlsx import open_parts

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of a file."""
LARGEST_UNPACKED = 150 * 1024 * 1024
"""Bytes of all parts read from one workbook, unpacked."""
UNSUSPECTED = 20 * 1024 * 1024
"""Up to this many unpacked bytes the ratio does not matter."""
LARGEST_RATIO = 200
LARGEST_PARTS = 2_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_CHUNK = 64 * 1024
_CSV = (".csv", ".tsv", ".txt")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises on damaged or strange archives."""


def open_workbook(data: bytes, filename: str, *, most_rows: int = LARGEST_ROWS, values: bool = False) -> Book:
    """The workbook in ``data``; ``filename`` is only used to tell CSV and to name it. Raises FileRefused.

    ``most_rows`` of a sheet are read; with ``values`` a formula is the value last calculated, if it has one.
    """
    name = PurePath(filename).name or "?"
    if not data:
        raise FileRefused(msg("The file {name} is empty.", name=name))
    if len(data) > LARGEST_FILE:
        raise FileRefused(msg("The file {name} is larger than {size} megabytes.", name=name, size="20"))
    if data.startswith(_OLE):
        raise _ole(data, name)
    if data.startswith(b"PK"):
        return open_parts(Parts(data, name), name, most_rows=most_rows, values=values)
    if name.lower().endswith(_CSV):
        return open_csv(data, name)
    raise FileRefused(
        msg("The file {name} is not a workbook. Accepted: an Excel workbook (.xlsx) or CSV in UTF-8.", name=name)
    )


def _ole(data: bytes, name: str) -> FileRefused:
    if any(mark in data for mark in _ENCRYPTED):
        return FileRefused(
            msg("The workbook {name} is protected with a password. Save it without the password.", name=name)
        )
    return FileRefused(
        msg("The file {name} is in the old format of Excel (.xls). Save it as an Excel workbook (.xlsx).", name=name)
    )


class Parts:
    """The parts of a zip archive, read in pieces with a common limit on what they unpack to."""

    def __init__(self, data: bytes, name: str, *, unpacked: int = LARGEST_UNPACKED) -> None:
        """``unpacked``: most bytes of all parts that are read.

        Raises FileRefused for an archive that is broken or holds too many or repeated parts.
        """
        self.name = name
        self._left = min(unpacked, max(UNSUSPECTED, LARGEST_RATIO * len(data)))
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise self.corrupt() from error
        names = self._archive.namelist()
        if len(names) > LARGEST_PARTS:
            raise self.bomb()
        if len(set(names)) != len(names):
            raise self.corrupt()
        self.names = frozenset(names)

    def read(self, part: str) -> Iterator[bytes]:
        """The bytes of one part in pieces. Raises FileRefused: missing, damaged, or unpacking to too much."""
        if part not in self.names:
            raise self.missing(part)
        try:
            if self._archive.getinfo(part).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self.corrupt()
            with self._archive.open(part) as stream:
                while piece := stream.read(_CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise self.bomb()
                    yield piece
        except FileRefused:
            raise
        except _BROKEN as error:
            raise self.corrupt() from error

    def bomb(self) -> FileRefused:
        """The refusal of an archive that unpacks to too much."""
        return FileRefused(
            msg(
                "The workbook {name} unpacks to more than what is read. Copy the rows as values to a new workbook and "
                "give that file.",
                name=self.name,
            )
        )

    def corrupt(self) -> FileRefused:
        """The refusal of an archive or part that cannot be read."""
        return FileRefused(
            msg("The workbook {name} is damaged. Open it in Excel, save it again and give that file.", name=self.name)
        )

    def missing(self, part: str) -> FileRefused:
        """The refusal of an archive that lacks a part of a workbook."""
        return FileRefused(
            msg(
                "The file {name} is not an Excel workbook: its part {part} is missing. Accepted: .xlsx or CSV in "
                "UTF-8.",
                name=self.name,
                part=part,
            )
        )


__all__ = ["Book", "FileRefused", "Parts", "open_workbook"]
