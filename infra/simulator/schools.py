"""The district's schools: which grades each has, and how it takes attendance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from infra.simulator.school_days import (
    MAKE_UP_DAY,
    MAKE_UP_DAY_ENTERED,
    SNOW_DAY,
    SNOW_DAY_ENTERED,
    moment,
    planned,
)

ELEMENTARY, MIDDLE, HIGH = "elementary", "middle", "high"
GRADES = {
    ELEMENTARY: ("K", "1", "2", "3", "4", "5"),
    MIDDLE: ("6", "7", "8"),
    HIGH: ("9", "10", "11", "12"),
}
_TREES = ("Maple", "Oak", "Birch", "Cedar", "Elm", "Willow", "Aspen", "Beech", "Hazel", "Linden", "Spruce")
_DECIDED = date(2021, 7, 20)
_MINUTES = {"instructional": "390", "make_up": "390", "shortened": "240"}


class School(NamedTuple):
    """A school; `late` says that it falls behind with its attendance for some days."""

    school_id: str
    name: str
    level: str
    grades: tuple[str, ...]
    positive: bool
    explicit: bool
    late: bool


def plan(count: int) -> tuple[School, ...]:
    """So many schools, at least 3, in about Connecticut's proportions of levels. Raises ValueError below 3.

    The last elementary school takes positive attendance, the last middle school submits explicitly, and the
    last high school is the one that falls behind.
    """
    if count < 3:
        raise ValueError("a district needs at least 3 schools: elementary, middle and high")
    high, middle = max(1, count // 6), max(1, count // 4)
    numbers = {ELEMENTARY: count - high - middle, MIDDLE: middle, HIGH: high}
    return tuple(
        _school(level, place, number) for level, number in numbers.items() for place in range(1, number + 1)
    )


def _school(level: str, place: int, number: int) -> School:
    grades = GRADES[level]
    if level == ELEMENTARY and 2 * place <= number + 1:
        grades = ("PK", *grades)
    tree = _TREES[(place - 1) % len(_TREES)]
    return School(
        f"{level[0].upper()}{place:02d}",
        f"{tree} {level.capitalize()} School",
        level,
        grades,
        positive=level == ELEMENTARY and place == number,
        explicit=level == MIDDLE and place == number,
        late=level == HIGH and place == number,
    )


def school_records(district: str, schools: Sequence[School]) -> list[dict[str, str]]:
    """The settings of each school; blank columns are left to the defaults."""
    records = []
    for school in schools:
        given = {"district_id": district, "school_id": school.school_id, "name": school.name}
        given["recorded_at"] = moment(_DECIDED, 9 * 60 + 30)
        if school.positive:
            given["attendance_mode"] = "positive"
        if school.explicit:
            given["submission"] = "explicit"
        records.append(given)
    return records


def calendar_records(district: str, schools: Sequence[School]) -> list[dict[str, str]]:
    """The whole year's calendar as it was planned, school by school."""
    recorded = moment(_DECIDED, 10 * 60)
    days = planned()
    return [_calendar(district, school, day, kind, recorded) for school in schools for day, kind in days]


def calendar_corrections(district: str, schools: Sequence[School], day: date) -> list[dict[str, str]]:
    """What changes in the calendar on a school day: the snow day, entered late, and its make-up day."""
    changed = {SNOW_DAY_ENTERED: (SNOW_DAY, "weather"), MAKE_UP_DAY_ENTERED: (MAKE_UP_DAY, "make_up")}
    if day not in changed:
        return []
    return [_calendar(district, school, *changed[day], moment(day, 13 * 60)) for school in schools]


def _calendar(district: str, school: School, day: date, kind: str, recorded: str) -> dict[str, str]:
    given = {"district_id": district, "school_id": school.school_id, "date": day.isoformat(), "kind": kind}
    given["recorded_at"] = recorded
    if kind in _MINUTES:
        given["minutes"] = _MINUTES[kind]
    return given
