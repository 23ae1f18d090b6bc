"""The district's codes, and the letters that stand for a student's mark of a day inside the simulator.

Connecticut has no state codes: each district maps its own. Two of these are mapped late, so that records are
set aside at first and come back: NP is known only from 13 September until the office extends it to the whole
year, and VHC has no meaning at all until December.
"""

from __future__ import annotations

from datetime import date

from infra.simulator.school_days import moment

Cells = dict[str, str]

# What a letter writes: the columns of its record, or of its two.
CELLS: dict[str, tuple[Cells, ...]] = {
    "P": ({"code": "P"},),
    "E": ({"code": "E"},),
    "U": ({"code": "U"},),
    "K": ({"code": "UNV"},),
    "S": ({"code": "OSS"},),
    "M": ({"code": "MHW", "permission": "documented"},),
    "m": ({"code": "MHW", "permission": "missing"},),
    "N": ({"code": "NP"},),
    "V": ({"code": "VHC"},),
    "T": ({"code": "T"},),
    "R": ({"code": "REM"},),
    "H": ({"code": "E", "absent_fraction": "0.5"},),
    "B": (
        {"code": "E", "record_id": "am", "absent_fraction": "0.5"},
        {"code": "U", "record_id": "pm", "absent_fraction": "0.5"},
    ),
    "X": ({"code": "EX"},),
}
# The code of "X" is a slip of the hand; nobody ever maps it.
NEVER_MAPPED = "EX"

NP_EXTENDED = date(2021, 9, 28)
VHC_MAPPED = date(2021, 12, 13)
_DECIDED = date(2021, 7, 15)

_AT_FIRST: tuple[Cells, ...] = (
    {"code": "P", "status": "in_attendance", "label": "Present"},
    {"code": "T", "status": "in_attendance", "label": "Tardy"},
    {"code": "REM", "status": "in_attendance", "remote": "yes", "label": "Remote"},
    {"code": "E", "status": "absent", "class": "excused", "label": "Excused"},
    {"code": "U", "status": "absent", "class": "unexcused", "label": "Unexcused"},
    {"code": "UNV", "status": "absent", "class": "unknown", "label": "Not yet verified"},
    {"code": "OSS", "status": "absent", "class": "disciplinary", "label": "Out-of-school suspension"},
    {"code": "MHW", "status": "absent", "class": "mhw", "label": "Mental health wellness day"},
)
_NP: Cells = {"code": "NP", "status": "absent", "class": "excused", "label": "Needs physical"}
_VHC: Cells = {"code": "VHC", "status": "absent", "class": "excused", "label": "Visit to home country"}


def at_first(district: str) -> list[Cells]:
    """The code records that the district begins the year with."""
    recorded = {"recorded_at": moment(_DECIDED, 9 * 60)}
    known = (*_AT_FIRST, {**_NP, "effective_from": "2021-09-13"})
    return [{"district_id": district, **cells, **recorded} for cells in known]


def mapped_on(district: str, day: date) -> list[Cells]:
    """The code records that the office adds on a school day."""
    added = {NP_EXTENDED: _NP, VHC_MAPPED: _VHC}.get(day)
    return [{"district_id": district, **added, "recorded_at": moment(day, 14 * 60)}] if added else []
