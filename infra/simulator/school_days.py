"""The school year 2021-22 of the district: its days as planned, and as they turned out."""

from __future__ import annotations

from datetime import date, timedelta

FIRST, LAST = date(2021, 8, 30), date(2022, 6, 15)

# A Friday that was planned as a school day. It snowed, and the office wrote it down two school days later.
SNOW_DAY = date(2022, 1, 7)
SNOW_DAY_ENTERED = date(2022, 1, 11)
# Planned for teachers only; the lost day is made up on it.
MAKE_UP_DAY = date(2022, 1, 28)
MAKE_UP_DAY_ENTERED = date(2022, 1, 13)

_HOLIDAYS = (
    date(2021, 9, 6),  # Labor Day
    date(2021, 9, 7),  # Rosh Hashanah
    date(2021, 9, 16),  # Yom Kippur
    date(2021, 10, 11),  # Indigenous Peoples' Day
    date(2021, 11, 11),  # Veterans Day
    date(2021, 11, 25),  # Thanksgiving
    date(2021, 11, 26),
    date(2022, 1, 17),  # Martin Luther King Jr. Day
    date(2022, 2, 21),  # Presidents' Day
    date(2022, 4, 15),  # Good Friday
    date(2022, 5, 30),  # Memorial Day
)
_TEACHERS_ONLY = (date(2021, 11, 2), MAKE_UP_DAY, date(2022, 3, 11))
_RECESSES = (
    (date(2021, 12, 24), date(2021, 12, 31)),
    (date(2022, 2, 22), date(2022, 2, 25)),
    (date(2022, 4, 11), date(2022, 4, 14)),
)
_SHORTENED = (date(2021, 11, 24), date(2021, 12, 23), LAST)

_WINTER_TIME = (date(2021, 11, 7), date(2022, 3, 13))


def planned() -> list[tuple[date, str]]:
    """Every weekday of the year with its kind, as the board decided in July."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [(day, _kind(day)) for day in days if day.weekday() < 5]


def _kind(day: date) -> str:
    if day in _HOLIDAYS:
        return "holiday"
    if day in _TEACHERS_ONLY:
        return "teacher_only"
    if any(first <= day <= last for first, last in _RECESSES):
        return "non_instructional"
    return "shortened" if day in _SHORTENED else "instructional"


def _turned_out() -> tuple[date, ...]:
    open_days = [day for day, kind in planned() if kind in ("instructional", "shortened") and day != SNOW_DAY]
    return tuple(sorted([*open_days, MAKE_UP_DAY]))


# The days on which school was held: 180, as Connecticut asks for (CGS 10-16).
SCHOOL_DAYS = _turned_out()
INDEX = {day: index for index, day in enumerate(SCHOOL_DAYS)}


def moment(day: date, minute: int) -> str:
    """The minute of a day as a recorded_at with the offset of New York (which changes at 02:00)."""
    offset = "-05:00" if _WINTER_TIME[0] <= day < _WINTER_TIME[1] else "-04:00"
    return f"{day.isoformat()}T{minute // 60:02d}:{minute % 60:02d}:00{offset}"
