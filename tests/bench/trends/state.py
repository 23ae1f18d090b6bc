"""A made-up state of any size: districts, schools, days and students, from numbers and a seed alone.

A tenth of the state has a tenth of the districts, which are as large as those of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.trends.scope import GRADES

CONNECTICUT = 513_000
YEAR = 2024
_STUDENTS_A_DISTRICT = 2_565
_STUDENTS_A_SCHOOL = 513
# The largest district has three in a hundred of all students, as in Connecticut.
_SKEW = 1.5


@dataclass(frozen=True, slots=True)
class State:
    """So many students on so many school days."""

    students: int = CONNECTICUT
    days: int = 180
    seed: int = 1

    @property
    def districts(self) -> int:
        """How many: at least three."""
        return max(3, round(self.students / _STUDENTS_A_DISTRICT))

    @property
    def dates(self) -> list[date]:
        """The school days, from the end of August on, without two weeks of winter and one of spring."""
        found: list[date] = []
        day = date(YEAR, 8, 28)
        while len(found) < self.days:
            winter = date(YEAR, 12, 23) <= day <= date(YEAR + 1, 1, 1)
            spring = date(YEAR + 1, 4, 14) <= day <= date(YEAR + 1, 4, 18)
            if day.weekday() < 5 and not winter and not spring:
                found.append(day)
            day += timedelta(days=1)
        return found


def students_sql(state: State) -> str:
    """The rows of `made_students`: where a student is, in which groups, and how often absent in 10,000."""
    number, districts = state.students, state.districts
    edge = f"{number} * pow({{0}} / {districts}, 1 / {_SKEW})"
    return f"""
WITH
    cityHash64({state.seed}, number) AS h,
    toUInt32(floor({districts} * pow(h / 18446744073709551616., {_SKEW}))) AS d,
    {edge.format("(d + 1)")} - {edge.format("d")} AS size,
    greatest(3, toUInt32(round(size / {_STUDENTS_A_SCHOOL}))) AS schools,
    cityHash64(h, 1) % 27 AS g,
    if(g = 0, 0, 1 + intDiv(g - 1, 2)) AS level,
    multiIf(level <= 6, 'E', level <= 9, 'M', 'H') AS kind,
    multiIf(kind = 'E', intDiv(schools + 1, 2), greatest(1, intDiv(schools, 4))) AS alike,
    concat(leftPad(toString(d + 1), 4, '0')) AS district,
    cityHash64(h, 2) AS dice,
    cityHash64(h, 3) % 100 AS luck,
    multiIf(luck < 36, 'free', luck < 42, 'reduced', luck < 97, 'paid', '') AS meals,
    multiIf(dice % 100 < 5, 2600, dice % 100 < 20, 1250, 350) AS often
SELECT
    number, district, concat(district, '-', kind, leftPad(toString(cityHash64(h, 4) % alike), 2, '0')),
    concat(district, '-', kind, leftPad(toString(cityHash64(h, 5) % alike), 2, '0')),
    toString(100000000 + number * 7919 % 900000000), {list(GRADES)}[level + 1],
    toUInt16(if(cityHash64(h, 6) % 50 = 0, cityHash64(h, 7) % {state.days}, 65535)) AS moves,
    toUInt16(if(cityHash64(h, 8) % 33 = 0, cityHash64(h, 9) % {state.days}, 65535)) AS leaves,
    if(meals = 'free', often * 3 / 2, often),
    if(cityHash64(h, 10) % 100 < 8, 'yes', 'no'), if(cityHash64(h, 11) % 100 < 17, 'yes', 'no'), meals,
    if(cityHash64(h, 12) % 100 < 1, 'yes', 'no'),
    ['White', 'Hispanic', 'Black', 'Asian', 'Two or more', 'American Indian', 'Pacific Islander'][
        arrayFirstIndex(p -> cityHash64(h, 13) % 1000 < p, [460, 770, 895, 948, 994, 997, 1000])],
    ['F', 'M', 'X'][1 + (cityHash64(h, 14) % 1000 >= 495) + (cityHash64(h, 14) % 1000 >= 998)]
FROM numbers({number})"""


MADE_STUDENTS = """CREATE TABLE made_students
(
    number UInt32, district_id LowCardinality(String), school LowCardinality(String),
    school_after LowCardinality(String), student_id String, grade LowCardinality(String), moves UInt16,
    leaves UInt16, often UInt16, english_learner LowCardinality(String), disability LowCardinality(String),
    meals LowCardinality(String), homeless LowCardinality(String), race_ethnicity LowCardinality(String),
    gender LowCardinality(String)
)
ENGINE = MergeTree ORDER BY (district_id, school, student_id)"""

_CLASS = """multiIf(
        cityHash64(number, day, {what}) % 10000 >= often, '',
        ['excused', 'excused', 'excused', 'excused', 'unexcused', 'unexcused', 'unknown', 'unknown', 'mhw',
         'disciplinary'][1 + cityHash64(number, day, 2) % 10]
    )"""


def facts_sql(state: State, days: list[int]) -> str:
    """The facts of some school days (by their places), as they came first."""
    return _facts(state, days, _CLASS.format(what=1), "day", "1")


def corrections_sql(state: State, days: list[int]) -> str:
    """Two in a hundred of them, by other classes and a later version."""
    return _facts(state, days, _CLASS.format(what=3), "1000 + day", "cityHash64(number, day, 4) % 50 = 0")


def _facts(state: State, days: list[int], class_: str, version: str, which: str) -> str:
    dates = ", ".join(f"toDate('{on}')" for on in state.dates)
    # Three schools in a hundred have not reported the last two days.
    away = "cityHash64(number, day, 5) % 100 = 0"
    late = f"cityHash64(school_id) % 33 = 0 AND day >= {state.days - 2}"
    return f"""
SELECT
    district_id, {YEAR}, [{dates}][day + 1] AS date, if(day < moves, school, school_after) AS school_id,
    student_id, grade, {class_} AS class, 1, {version},
    multiIf(class != '', upper(substring(class, 1, 2)), {away}, 'REMOTE', ''), class = '' AND {away}
FROM (SELECT *, arrayJoin(CAST({days}, 'Array(UInt16)')) AS day FROM made_students)
WHERE day < leaves AND {which} AND NOT ({late})"""


def alerts_sql() -> str:
    """An alert of Tier II for whoever is absent often, as it opened: the rows of `alert_events`, and when."""
    return f"""
SELECT
    district_id, lower(hex(MD5(student_id))), 0, 'opened', 'standing', 'district', '', school, student_id,
    {YEAR}, 'tier_2', toDate('{YEAR}-09-10') + number % 100 AS opened, NULL, 30, 4, [], 'made', NULL, 1, 0,
    addHours(toDateTime64(opened, 3, 'UTC'), 15)
FROM made_students
WHERE often > 1000"""
