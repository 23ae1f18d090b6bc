"""A student's standing at a date: counts, rate and tier (contract 2, Standing; CGS 10-198c)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from models import percent
from models.bits import last_day
from models.level import advancing
from models.policy import DEFAULT, Policy
from models.student_year import StudentYear


class Standing(NamedTuple):
    """One row of `export standings`, as numbers. `classes` in the order of student_year.CLASS_NAMES.

    `level` is None in PK rows, `tier` blank there and where nothing is counted; `data_through` is a day of
    the year, -1 where nothing is counted.
    """

    scope: str
    school: str
    grade: str
    enrolled: int
    absent: int
    classes: tuple[int, ...]
    unreported: int
    tier: str
    level: int | None
    window: int
    window_absent: int
    data_through: int


class Bounds(NamedTuple):
    """Between which values a standing lies whatever the unreported days turn out to be.

    `days` are the counted and the unreported ones together; `lower` are the absences if the student attended
    all of the unreported days, `upper` if none of them. The tiers are blank in PK rows.
    Without an unreported day both are what is counted.
    """

    days: int
    lower: int
    upper: int
    lower_tier: str
    upper_tier: str


def bounds(standing: Standing) -> Bounds:
    """The bounds of a standing's rate: lower / days and upper / days, exact."""
    days = standing.enrolled + standing.unreported
    lower, upper = standing.absent, standing.absent + standing.unreported
    # A PK row has no level, and is not judged.
    if standing.level is None:
        return Bounds(days, lower, upper, "", "")
    return Bounds(days, lower, upper, tier_of(lower, days), tier_of(upper, days))


def tier_of(absent: int, enrolled: int) -> str:
    """III from 20 % on, II from 10 % on, else I; blank where nothing is counted."""
    if enrolled == 0:
        return ""
    return "III" if 5 * absent >= enrolled else "II" if 10 * absent >= enrolled else "I"


def rate_percent(absent: int, enrolled: int) -> str:
    """The rate with two decimals, half up; blank where nothing is counted."""
    return percent.written(absent, enrolled, 2) if enrolled else ""


def standings(year: StudentYear, policy: Policy = DEFAULT) -> Iterator[Standing]:
    """The standings of a year that was cut at the as-of date: district scope first, then each school.

    Of the policy: the days of the window, and what the level is.
    """
    if not year.membership:
        return
    k12 = year.k12_membership
    counted = advancing(year.absent & year.k12_counted, year.classes, policy)
    level = 2 if counted.bit_count() >= policy.level_2 else 1
    yield _standing(year, "district", "", year.membership, k12, level, policy.window_days)
    for school in dict.fromkeys(part.school for part in year.parts):
        owned = 0
        for part in year.parts:
            owned |= part.membership if part.school == school else 0
        yield _standing(year, "school", school, owned, k12, level, policy.window_days)


def _standing(
    year: StudentYear, scope: str, school: str, owned: int, k12: int, level: int, window_days: int
) -> Standing:
    is_k12 = owned & k12 != 0
    membership = owned & k12 if is_k12 else owned
    counted = membership & year.counted
    absent = counted & year.absent
    latest = year.owner(last_day(membership))
    window = _last(counted, window_days)
    enrolled, missed = counted.bit_count(), absent.bit_count()
    return Standing(
        scope,
        school or latest.school,
        latest.grade,
        enrolled,
        missed,
        tuple((held & counted).bit_count() for held in year.classes),
        (membership & ~counted).bit_count(),
        tier_of(missed, enrolled) if is_k12 else "",
        level if is_k12 else None,
        window.bit_count(),
        (window & absent).bit_count(),
        last_day(counted),
    )


def _last(held: int, count: int) -> int:
    """The last `count` days of a set."""
    surplus = held.bit_count() - count
    if surplus <= 0:
        return held
    for _ in range(surplus):
        held &= held - 1
    return held
