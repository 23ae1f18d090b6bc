"""On which school day a school's attendance of a day arrives, and when it was written down."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from infra.simulator.school_days import INDEX, SCHOOL_DAYS, SNOW_DAY, SNOW_DAY_ENTERED
from infra.simulator.schools import School

DAYS = len(SCHOOL_DAYS)
LATEST = 3  # school days
# The share of all school-days whose attendance arrives late, the storm and the slow school included.
LATE_SHARE = 0.0225
# The days on which one school falls behind, with the day on which it catches up.
SLOW = {34: 37, 35: 37, 36: 37, 106: 108, 107: 108}
# The days that the cast's stories need on time (docs/cast.md): the last of the history, the first live ones.
_ON_TIME = range(92, 106)


class Delivery(NamedTuple):
    """School day numbers: the day's attendance arrives on one, and was written down on the other."""

    arrives: int
    written: int


def plan(rng: Random, schools: Sequence[School]) -> dict[tuple[int, int], Delivery]:
    """The late ones of the year by school (its place) and school day; all others arrive on their day.

    A file that comes late was written on its day; a school that falls behind writes when it catches up.
    """
    late = {
        (place, day): Delivery(arrives, arrives)
        for place, school in enumerate(schools)
        if school.late
        for day, arrives in SLOW.items()
    }
    storm = next(day for day, date in enumerate(SCHOOL_DAYS) if date > SNOW_DAY)
    assert storm < INDEX[SNOW_DAY_ENTERED]
    for place in rng.sample(range(len(schools)), len(schools) // 2):
        late[place, storm] = Delivery(storm + 1, storm)
    wanted = round(LATE_SHARE * DAYS * len(schools))
    others = [
        (place, day)
        for place in range(len(schools))
        for day in range(DAYS - 5)
        if (place, day) not in late and day not in _ON_TIME
    ]
    for place, day in sorted(rng.sample(others, max(0, wanted - len(late)))):
        late[place, day] = Delivery(day + rng.choice((1, 1, 1, 2, 3)), day)
    return late
