"""Whether a page's code ran in a server: an audit hook in its process writes down every page that is executed."""

from pathlib import Path

_HOOK = """
import os, sys

def _note(event, args):
    if event == "exec" and "/pages/" in getattr(args[0], "co_filename", "").replace(os.sep, "/"):
        note = os.open({file!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(note, (args[0].co_filename + "\\n").encode())
        os.close(note)

sys.addaudithook(_note)
"""


class PageWatch:
    """Start a server with ``environment`` and ask ``ran`` which pages it has executed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "pages-that-ran.txt"
        hook = folder / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(_HOOK.format(file=str(self._file)), encoding="utf-8")
        self.environment = {"PYTHONPATH": str(hook)}

    def ran(self) -> list[str]:
        """The file names of the pages that were executed, in order."""
        if not self._file.is_file():
            return []
        return [Path(line).name for line in self._file.read_text(encoding="utf-8").splitlines()]
