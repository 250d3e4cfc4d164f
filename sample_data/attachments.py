"""Attachments of the sample applications: three invented documents, the same ones for several applications."""

from pathlib import Path

_HERE = Path(__file__).parent / "attachments"
_FINNISH = ("hankesuunnitelma.pdf", "kustannusarvio.pdf")
_SWEDISH = ("projektplan.pdf",)
_CASES: dict[str, dict[str, tuple[str, ...]]] = {
    "2020": {
        **{f"ESIM/2020/{number:03}": _FINNISH for number in (1, 2, 3, 9, 15, 24)},
        **{f"ESIM/2020/{number:03}": _FINNISH[:1] for number in (5, 28)},
        **{f"ESIM/2020/{number:03}": _SWEDISH for number in (4, 13)},
    },
    "2022": {
        **{f"ESIM/2022/{number:03}": _FINNISH for number in (1, 2, 4, 12, 21, 42)},
        **{f"ESIM/2022/{number:03}": _FINNISH[:1] for number in (7, 30)},
        **{f"ESIM/2022/{number:03}": _SWEDISH for number in (3, 11)},
    },
}
"""Per call: the documents of an application, in its own language."""


def sample_attachments(call_id: str) -> list[tuple[str, str, bytes]]:
    """(case number, file name, bytes) of every attachment of a call's sample applications, by case number."""
    cases = _CASES.get(call_id, {})
    return [(case, name, (_HERE / name).read_bytes()) for case in sorted(cases) for name in cases[case]]
