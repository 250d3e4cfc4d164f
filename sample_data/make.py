"""Writes the sample workbooks: ``python -m sample_data.make``. The same bytes every time."""

from collections.abc import Mapping
from pathlib import Path

from calls.presets import preset
from sample_data.faulty import FAULTY_CALL, faulty_workbook
from sample_data.generator import applications, sample_calls
from workbooks.template import write_applications

FOLDER = Path(__file__).parent


def workbooks() -> Mapping[str, bytes]:
    """File name -> content of every sample workbook."""
    made = {
        f"applications-{call_id}.xlsx": write_applications(applications(call_id), preset(call_id), "fi")
        for call_id in sample_calls()
    }
    return {**made, f"applications-{FAULTY_CALL}-faulty.xlsx": faulty_workbook(preset(FAULTY_CALL))}


def write(folder: Path) -> tuple[Path, ...]:
    """Write the workbooks into ``folder``, which must exist. Raises OSError. Returns what was written."""
    paths = []
    for name, content in workbooks().items():
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
    return tuple(paths)


if __name__ == "__main__":
    write(FOLDER)
