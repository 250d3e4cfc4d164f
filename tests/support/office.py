"""LibreOffice without a screen: recalculates workbooks, prints them to PDF, and the PDF to pictures."""

import io
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook

SECONDS = 180
# 0 = always: without it LibreOffice trusts the cached values and nothing would be proved.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>{locale}</value></prop></item>
</oor:items>
"""


def recalculate(xlsx: bytes, tmp_path: Path) -> Workbook:
    """``xlsx`` opened and saved by LibreOffice with every formula calculated anew, as a workbook of values."""
    return recalculate_all([xlsx], tmp_path)[0]


def recalculate_all(workbooks: Sequence[bytes], tmp_path: Path) -> list[Workbook]:
    """``recalculate`` for several workbooks in one start of LibreOffice."""
    results = convert(workbooks, "xlsx", tmp_path)
    return [load_workbook(io.BytesIO(result), data_only=True) for result in results]


def open_csv(data: bytes, tmp_path: Path, separator: str = ";") -> Workbook:
    """A CSV file in UTF-8 as LibreOffice opens it, cells parted at ``separator``; with its formulas."""
    result = convert([data], "xlsx", tmp_path, source="csv", options=[f"--infilter=CSV:{ord(separator)},34,76,1"])
    return load_workbook(io.BytesIO(result[0]))


def print_pdf(xlsx: bytes, tmp_path: Path, locale: str = "fi-FI") -> bytes:
    """``xlsx`` as LibreOffice prints it on paper."""
    return convert([xlsx], "pdf", tmp_path, locale)[0]


def pictures(pdf: bytes, tmp_path: Path, dpi: int = 80) -> list[Path]:
    """The pages of ``pdf`` as PNG files in ``tmp_path``, in page order."""
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    (folder / "pages.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-png", "pages.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True, timeout=SECONDS, capture_output=True)
    return sorted(folder.glob("page*.png"))


def convert(
    workbooks: Sequence[bytes],
    target: str,
    tmp_path: Path,
    locale: str = "en-US",
    *,
    source: str = "xlsx",
    options: Sequence[str] = (),
) -> list[bytes]:
    """The workbooks in another format. Each call has a profile of its own, so that calls cannot disturb each other."""
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS.format(locale=locale), encoding="utf-8")
    sources = [folder / f"book{number}.{source}" for number in range(len(workbooks))]
    for path, content in zip(sources, workbooks, strict=True):
        path.write_bytes(content)
    command = [
        "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", *options,
        "--convert-to", target, "--outdir", str(folder / "out"), *map(str, sources),
    ]  # fmt: skip
    run = subprocess.run(command, timeout=SECONDS, capture_output=True, text=True, check=False)
    results = [folder / "out" / f"{path.stem}.{target}" for path in sources]
    if run.returncode or not all(result.exists() for result in results):
        raise RuntimeError(f"LibreOffice made no {target}: {run.stdout} {run.stderr}")
    return [result.read_bytes() for result in results]
