"""What questions ask of every student of the state, as lists of a district, month and bucket: few rows.

How many do well after a bad first month, or a bad last year, is a question about single students, for any
day, grade and group. In `standings` they are rows that must be merged and joined. Here each is a place in the
lists of the district, for a span of days that meets the month.

As everywhere nothing is added up from what came (docs/adr/0023): the months of a bucket are worked out anew
from all its students, from the first one of which anything is new. What a month holds ends with the month, so
that nothing later makes it another; but for the first day of the year, and for the year before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.district_students import BUCKETS, NEVER, STUDENTS
from models.trends.scope import DIMENSIONS

_NONE = "toDate(0)"

_THESE = "district_id IN {districts:Array(String)}"
_FIRST = "{firsts:Array(Date)}[indexOf({districts:Array(String)}, district_id)]"

_LISTS = (
    "student_id", "begins", "ends", "grade", "band", "missed", "missed_of_state", "band_before",
    "grade_before", "mhw", *DIMENSIONS,
)  # fmt: skip


def _missed(end: str) -> str:
    """How much was missed before a day, at a change: 0, 1 or 2; 3 for who was not there yet."""
    days = (f"missed[{n} + 2 * (step.3 != 'PK')]" for n in (1, 2))
    reached = (f"({day} > {_NONE} AND {day} <= change AND {day} < {end})" for day in days)
    return f"if(if(step.3 = 'PK', steps[1].1, k12_from) >= {end}, 3, {' + '.join(reached)})"


# What a student is can change with a step, and with the second and the fifth day missed. PK days and K-12
# days are two counts: the first one ends where the other one begins.
_SPANS = f"""SELECT
            district_id, bucket, student_id, mhw, band_before, grade_before, {", ".join(DIMENSIONS)},
            arrayJoin(arrayMap(
                (change, next, step) -> (
                    change, next, step.3, step.4, toUInt8({_missed("own_end")}),
                    toUInt8({_missed("addMonths({state_first:Date}, 1)")})
                ),
                changes, arrayPushBack(arrayPopFront(changes), toDate('{NEVER}')),
                arrayMap(change -> arrayLast(step -> step.1 <= change, steps), changes)
            )) AS span
        FROM
        (
            SELECT
                *, addMonths({_FIRST}, 1) AS own_end,
                arraySort(arrayDistinct(arrayConcat(
                    arrayMap(step -> step.1, steps),
                    arrayFilter(day -> day > {_NONE} AND day < own_end, missed)
                ))) AS changes
            FROM {STUDENTS}
            WHERE bucket IN {{buckets:Array(UInt8)}}
        )"""

_OF_SPAN = ("begins", "ends", "grade", "band", "missed", "missed_of_state")
_OF_MONTH = {
    "ends": "arrayMap(day -> least(day, addMonths(month, 1)), {})",
    "mhw": "arrayMap(days -> days * (month = makeDate({{year:UInt16}} + 1, 6, 1)), {})",
}


def _every(name: str) -> str:
    return f"span.{_OF_SPAN.index(name) + 1}" if name in _OF_SPAN else name


def _of_month(name: str) -> str:
    return _OF_MONTH.get(name, "{}").format(f"arrayFilter((each, is_of) -> is_of, every_{name}, of_month)")


# The spans are sorted once, and not again for each month. A bucket of no one has lists too, which are empty.
_RECOMPUTE = f"""INSERT INTO district_spans
(school_year, month, district_id, bucket, first, state_first, {", ".join(_LISTS)})
SELECT
    {{year:UInt16}}, month, district_id, bucket, {_FIRST}, {{state_first:Date}},
    {", ".join(map(_of_month, _LISTS))}
FROM
(
    SELECT
        *, month,
        arrayMap((b, e) -> b < addMonths(month, 1) AND e > month, every_begins, every_ends) AS of_month
    FROM
    (
        SELECT
            arrayJoin({{districts:Array(String)}}) AS district_id,
            arrayJoin({{buckets:Array(UInt8)}}) AS bucket
    ) AS every
    LEFT JOIN
    (
        SELECT
            district_id, bucket, {", ".join(f"groupArray({_every(name)}) AS every_{name}" for name in _LISTS)}
        FROM
        (
            {_SPANS}
            ORDER BY district_id, student_id, span.1
        )
        GROUP BY district_id, bucket
    ) AS held
    ON every.district_id = held.district_id AND every.bucket = held.bucket
    ARRAY JOIN arrayFilter(
        month -> month >= greatest({{month:Date}}, toStartOfMonth({_FIRST})),
        arrayMap(n -> addMonths(makeDate({{year:UInt16}}, 7, 1), n), range(12))
    ) AS month
)"""

# Months before the first day, which was an earlier one once.
_EMPTY = f"""INSERT INTO district_spans
(school_year, month, district_id, bucket, first, state_first, {", ".join(_LISTS)})
SELECT school_year, month, district_id, bucket, {_NONE}, {_NONE}, {", ".join("[]" for _ in _LISTS)}
FROM district_spans FINAL
WHERE school_year = {{year:UInt16}} AND {_THESE} AND first > {_NONE} AND month < toStartOfMonth({_FIRST})"""

# The last month is written whenever any other one is, and after it.
_HELD = f"""SELECT district_id, groupUniqArray(first), groupUniqArray(state_first)
FROM district_spans FINAL
WHERE school_year = {{year:UInt16}} AND month = makeDate({{year:UInt16}} + 1, 6, 1) AND first > {_NONE}
GROUP BY district_id"""

_BEGUN = """SELECT district_id, min(steps[1].1)
FROM standings FINAL
WHERE school_year = {year:UInt16} AND scope = 'district' AND notEmpty(steps)
    AND district_id IN {districts:Array(String)}
GROUP BY district_id"""

EVERY_BUCKET = range(BUCKETS)


class Begun(NamedTuple):
    """When a school year began: by district, and for the state.

    Of the districts in `moved` the lists do not say so, and of those in `behind` not of the state.
    """

    districts: dict[str, date]
    state: date
    moved: set[str]
    behind: set[str]


def begun(client: Client, year: int, touched: Collection[str]) -> Begun:
    """When the year began, of the touched districts by their standings, and of the others by the lists."""
    rows = client.query(_HELD, parameters={"year": year}).result_rows
    held = {district: (firsts, of_state) for district, firsts, of_state in rows}
    firsts = {district: min(first) for district, (first, _) in held.items() if district not in touched}
    if touched:
        given = {"year": year, "districts": sorted(touched)}
        rows = client.query(_BEGUN, parameters=given).result_rows
        firsts |= {district: first for district, first in rows}
    state = min(firsts.values(), default=NEVER)
    moved = {each for each in touched if each not in held or held[each][0] != [firsts.get(each)]}
    return Begun(firsts, state, moved, {each for each, (_, other) in held.items() if other != [state]})


def recompute(
    client: Client,
    year: int,
    districts: Collection[str],
    since: Begun,
    first: date,
    buckets: Collection[int] = EVERY_BUCKET,
) -> None:
    """Replace the lists of these districts, whose students have been read, from the month of `first` on.

    Before it, and in other buckets, nothing may have become another.
    """
    some = sorted(districts)
    given = {
        "year": year,
        "districts": some,
        "firsts": [since.districts.get(district, NEVER) for district in some],
        "state_first": since.state,
        "month": first.replace(day=1),
        "buckets": sorted(buckets),
    }
    if since.moved & set(some):
        client.command(_EMPTY, parameters=given)
    client.command(_RECOMPUTE, parameters=given)
