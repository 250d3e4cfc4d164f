"""What travels between the server and the worker processes: a length, then arrays and a short text. Nothing is unpickled."""

import io
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

LONGEST = 2**31
"""Bytes; more is taken for a broken stream."""


def send(stream: IO[bytes], text: str, arrays: Arrays) -> None:
    """Write one message: ``text`` and named arrays of numbers."""
    body = io.BytesIO()
    np.savez(body, allow_pickle=False, _text=np.frombuffer(text.encode(), dtype=np.uint8), **dict(arrays))
    view = body.getbuffer()
    stream.write(len(view).to_bytes(8, "big"))
    stream.write(view)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[str, dict[str, NDArray[Any]]] | None:
    """Read one message; None at the end of the stream. Raises ValueError for what is no message."""
    length = int.from_bytes(_exactly(stream, 8) or b"", "big")
    if length == 0:
        return None
    if length > LONGEST:
        raise ValueError(f"a message of {length} bytes; at most {LONGEST} are accepted")
    body = _exactly(stream, length)
    if body is None:
        return None
    with np.load(io.BytesIO(body), allow_pickle=False) as found:
        arrays = {key: found[key] for key in found.files}
    return arrays.pop("_text").tobytes().decode(), arrays


def _exactly(stream: IO[bytes], length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = stream.read(length - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)
