"""What questions ask of every student of the state, as lists of a district and month: few rows.

How many do well after a bad first month, or a bad last year, is a question about single students, for any
day, grade and group. In `standings` they are rows that must be merged and joined. Here each is a place in the
lists of the district, for a span of days that meets the month.

As everywhere nothing is added up from what came (docs/adr/0023): a district's year is worked out anew from
its standings and groups, whole. So is the next one, if there is one, for which this year is the year before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from clickhouse_connect.driver.client import Client

from models.trends.scope import DIMENSIONS

# The last day that a Date can hold.
NEVER = date(2149, 6, 6)
_NEVER, _NONE = f"toDate('{NEVER}')", "toDate(0)"

_THESE = "district_id IN {districts:Array(String)}"
_FIRST = "{firsts:Array(Date)}[indexOf({districts:Array(String)}, district_id)]"

# The days on which the first month is over, of the district and of the state.
_END, _STATE_END = "own_end", "addMonths({state_first:Date}, 1)"

# More would take much memory at once; fewer, and the statements would be most of the work.
_DISTRICTS_A_CALL = 8

_LISTS = (
    "student_id", "begins", "ends", "grade", "band", "missed", "missed_of_state", "band_before",
    "grade_before", "mhw", *DIMENSIONS,
)  # fmt: skip


def _missed(end: str) -> str:
    """How much was missed before a day, at a change: 0, 1 or 2; 3 for who was not there yet."""
    reached = (f"({nth} > {_NONE} AND {nth} <= change AND {nth} < {end})" for nth in (_nth(2), _nth(5)))
    return f"if({_of_level('steps[1].1', 'k12_from')} >= {end}, 3, {' + '.join(reached)})"


def _nth(number: int) -> str:
    return _of_level(f"younger[{number}]", f"older[{number}]")


def _of_level(younger: str, older: str) -> str:
    return f"if(step.3 = 'PK', {younger}, {older})"


# What a student is can change with a step, and with the second and the fifth day missed. PK days and K-12
# days are two counts: the first one ends where the other one begins.
_SPANS = f"""SELECT
            district_id, student_id, mhw_days,
            arrayFirst(step -> step.3 != 'PK', steps).1 AS found,
            if(found = {_NONE}, {_NEVER}, found) AS k12_from,
            arrayFilter(day -> day < k12_from, absences) AS younger,
            arrayFilter(day -> day >= k12_from, absences) AS older,
            arraySort(arrayDistinct(arrayConcat(
                arrayMap(step -> step.1, steps),
                arrayFilter(
                    day -> day > {_NONE} AND day < {_END},
                    [younger[2], younger[5], older[2], older[5]]
                )
            ))) AS changes,
            arrayJoin(arrayMap(
                (change, next, step) -> (
                    change, next, step.3, step.4, toUInt8({_missed(_END)}),
                    toUInt8({_missed(_STATE_END)})
                ),
                changes, arrayPushBack(arrayPopFront(changes), {_NEVER}),
                arrayMap(change -> arrayLast(step -> step.1 <= change, steps), changes)
            )) AS span
        FROM
        (
            SELECT district_id, student_id, mhw_days, steps, absences, addMonths({_FIRST}, 1) AS own_end
            FROM standings FINAL
            WHERE school_year = {{year:UInt16}} AND scope = 'district' AND notEmpty(steps) AND {_THESE}
        )"""

_RECOMPUTE = f"""INSERT INTO district_spans
(school_year, month, district_id, first, state_first, {", ".join(_LISTS)})
SELECT
    {{year:UInt16}}, month, district_id, {_FIRST}, {{state_first:Date}},
    {", ".join(f"groupArray({name}_of)" for name in _LISTS)}
FROM
(
    SELECT
        arrayJoin(arrayFilter(
            month -> span.1 < addMonths(month, 1) AND span.2 > month,
            arrayMap(n -> addMonths(makeDate({{year:UInt16}}, 7, 1), n), range(12))
        )) AS month,
        spans.district_id AS district_id, spans.student_id AS student_id_of,
        span.1 AS begins_of, span.2 AS ends_of, span.3 AS grade_of, span.4 AS band_of, span.5 AS missed_of,
        span.6 AS missed_of_state_of,
        if(last_year.student_id = '', -1, toInt8(last_year.step.4)) AS band_before_of,
        last_year.step.3 AS grade_before_of, mhw_days AS mhw_of,
        {", ".join(f"groups.{name} AS {name}_of" for name in DIMENSIONS)}
    FROM
    (
        {_SPANS}
    ) AS spans
    LEFT JOIN
    (
        SELECT district_id, student_id, steps[-1] AS step
        FROM standings FINAL
        WHERE school_year = {{year:UInt16}} - 1 AND scope = 'district' AND notEmpty(steps) AND {_THESE}
    ) AS last_year
    ON spans.district_id = last_year.district_id AND spans.student_id = last_year.student_id
    LEFT JOIN
    (
        SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL WHERE {_THESE}
    ) AS groups
    ON spans.district_id = groups.district_id AND spans.student_id = groups.student_id
    ORDER BY district_id, month, student_id_of, begins_of
)
GROUP BY district_id, month
UNION ALL
SELECT school_year, month, district_id, {_NONE}, {_NONE}, {", ".join("[]" for _ in _LISTS)}
FROM district_spans FINAL
WHERE school_year = {{year:UInt16}} AND {_THESE} AND first > {_NONE} AND month < toStartOfMonth({_FIRST})"""

_HELD = f"""SELECT district_id, max(first), max(state_first)
FROM district_spans FINAL
WHERE school_year = {{year:UInt16}} AND first > {_NONE}
GROUP BY district_id"""

_BEGUN = """SELECT district_id, min(steps[1].1)
FROM standings FINAL
WHERE school_year = {year:UInt16} AND scope = 'district' AND notEmpty(steps)
    AND district_id IN {districts:Array(String)}
GROUP BY district_id"""


def recompute(client: Client, year: int, districts: Collection[str]) -> None:
    """Replace the lists of a year of these districts; standings and groups must have been worked out.

    And of the next year; and of all districts, where the first school day of the state is another one now.
    """
    _recompute(client, year, set(districts))
    _recompute(client, year + 1, set(districts) & _held(client, year + 1).keys())


def _recompute(client: Client, year: int, touched: set[str]) -> None:
    if not touched:
        return
    held = _held(client, year)
    given = {"year": year, "districts": sorted(touched)}
    begun = {district: first for district, (first, _) in held.items() if district not in touched}
    begun |= {district: first for district, first in client.query(_BEGUN, parameters=given).result_rows}
    of_state = min(begun.values(), default=NEVER)
    behind = {district for district, (_, other) in held.items() if other != of_state}
    these = sorted(touched | behind)
    for start in range(0, len(these), _DISTRICTS_A_CALL):
        some = these[start : start + _DISTRICTS_A_CALL]
        of_these = {
            "year": year,
            "districts": some,
            "firsts": [begun.get(district, NEVER) for district in some],
            "state_first": of_state,
        }
        client.command(_RECOMPUTE, parameters=of_these)


def _held(client: Client, year: int) -> dict[str, tuple[date, date]]:
    """By district the first day, and that of the state by which its lists were made."""
    rows = client.query(_HELD, parameters={"year": year}).result_rows
    return {district: (first, of_state) for district, first, of_state in rows}
