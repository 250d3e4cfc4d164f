"""Which program made a decision: said in every decision, so that it can be checked by the same one."""

import hashlib
from functools import cache
from pathlib import Path

VERSION = "0.1.0"
"""The version of the program, as in ``pyproject.toml``."""
_ROOT = Path(__file__).parent.parent
_WRITES = ("decisions/**/*.py", "workbooks/**/*.py", "locales/**/*.py", "locales/**/*.po", "calls/register.csv")
"""What the sheets are made of: code, words, and names of municipalities."""


@cache
def version() -> str:
    """``VERSION`` and eight hexadecimal digits of the SHA-256 of everything that the sheets are made of."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in _WRITES for path in _ROOT.glob(pattern)}):
        found.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{VERSION}+{found.hexdigest()[:8]}"
