"""Frozen files by the SHA-256 of their bytes: kept deflated, never changed, checked whenever they are read."""

import hashlib
import zlib
from collections.abc import Iterator

from sqlalchemy import insert, select

from storage.schema_decisions import decision_files
from storage.unit import UnitOfWork

LARGEST = 512 * 1024 * 1024
"""Bytes of a file: a damaged one does not fill the memory."""


class FileChanged(Exception):
    """The stored bytes are not those that were frozen, or are not there; ``sha256`` names them."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


def add_file(uow: UnitOfWork, content: bytes) -> str:
    """Keep a file; equal bytes are kept once. Returns its SHA-256, 64 hexadecimal digits. ValueError from ``LARGEST`` on."""
    if len(content) >= LARGEST:
        raise ValueError(f"{len(content)} bytes; fewer than {LARGEST} are kept")
    digest = hashlib.sha256(content).hexdigest()
    table = decision_files
    if uow.connection.execute(select(table.c.sha256).where(table.c.sha256 == digest)).first() is None:
        uow.connection.execute(insert(table).values(sha256=digest, content=zlib.compress(content, 6)))
    return digest


def read_file(uow: UnitOfWork, sha256: str) -> bytes:
    """The bytes with this SHA-256. Raises FileChanged when they are not there or are others."""
    table = decision_files
    stored = uow.connection.execute(select(table.c.content).where(table.c.sha256 == sha256)).scalar_one_or_none()
    content = None if stored is None else inflated(bytes(stored))
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise FileChanged(sha256)
    return content


def list_digests(uow: UnitOfWork) -> Iterator[tuple[str, tuple[str, int]]]:
    """(SHA-256 as stored, (SHA-256 of the bytes, their number)) of every file; of a damaged one ("", 0)."""
    table = decision_files
    for stored in uow.connection.execute(select(table.c.sha256).order_by(table.c.sha256)).scalars().all():
        # One at a time: together they may not fit in memory.
        kept = uow.connection.execute(select(table.c.content).where(table.c.sha256 == stored)).scalar_one()
        content = inflated(bytes(kept))
        found = ("", 0) if content is None else (hashlib.sha256(content).hexdigest(), len(content))
        yield stored, found


def inflated(stored: bytes, most: int = LARGEST) -> bytes | None:
    """The bytes of a file as stored; None for what is damaged, or inflates to ``most`` bytes and more."""
    inflating = zlib.decompressobj()
    try:
        content = inflating.decompress(stored, most)
    except zlib.error:
        return None
    return content if inflating.eof and not inflating.unused_data else None
