"""A handful of rows as offices really send them, which no system can use; each with why it is refused."""

from __future__ import annotations

from typing import NamedTuple

from infra.simulator.school_days import SCHOOL_DAYS, moment
from models.columns import Kind
from models.refusal import Reason


class BadRow(NamedTuple):
    """A row that is refused for `reason` in the column `field`."""

    kind: Kind
    given: dict[str, str]
    reason: Reason
    field: str


class _Slip(NamedTuple):
    day: int
    kind: Kind
    field: str
    value: str
    reason: Reason


# An empty value leaves the column out.
_SLIPS = (
    _Slip(3, Kind.PRIOR_YEAR, "absent_days", "212", Reason.BAD_VALUE),
    _Slip(8, Kind.ATTENDANCE, "date", "9/13/2021", Reason.BAD_DATE),
    _Slip(17, Kind.ATTENDANCE, "code", "", Reason.MISSING_VALUE),
    _Slip(24, Kind.ENROLLMENT, "grade", "13", Reason.BAD_VALUE),
    _Slip(39, Kind.ATTENDANCE, "student_id", "S 00412", Reason.BAD_ID),
    _Slip(52, Kind.ATTENDANCE, "date", "2121-11-17", Reason.DATE_OUT_OF_RANGE),
    _Slip(70, Kind.ATTENDANCE, "recorded_at", "2021-12-16 08:40", Reason.BAD_TIME),
    _Slip(88, Kind.ATTENDANCE, "absent_fraction", "1.5", Reason.BAD_VALUE),
    _Slip(101, Kind.ATTENDANCE, "date", "2022-02-30", Reason.BAD_DATE),
    _Slip(104, Kind.ATTENDANCE, "code", "", Reason.MISSING_VALUE),
)


def arriving(district: str, school: str, day: int) -> list[BadRow]:
    """The bad rows that arrive on a school day, from one of the schools."""
    return [_row(district, school, slip) for slip in _SLIPS if slip.day == day]


def _row(district: str, school: str, slip: _Slip) -> BadRow:
    date = SCHOOL_DAYS[slip.day]
    given = {"district_id": district, "student_id": f"S{slip.day:05d}", "recorded_at": moment(date, 11 * 60)}
    match slip.kind:
        case Kind.ATTENDANCE:
            given |= {"school_id": school, "date": date.isoformat(), "code": "E"}
        case Kind.ENROLLMENT:
            given |= {"school_id": school, "grade": "9", "entry_date": date.isoformat()}
        case _:
            given |= {"school_year": "2020-21", "enrolled_days": "177", "absent_days": "9"}
    given[slip.field] = slip.value
    return BadRow(slip.kind, {name: value for name, value in given.items() if value}, slip.reason, slip.field)
