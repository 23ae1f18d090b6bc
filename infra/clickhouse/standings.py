"""The standings of some students, worked out in SQL from their facts (contract 2, Standing).

They are never added up from what came: a replay or a correction would be counted twice. A school that a
student has facts at always has a row, so that the facts of a student are found by school, which is how they
are ordered: reading all schools of a large district takes seconds.

`steps` say since when a standing is what it is: as of a date it is that of the last step not after it. PK
days count until the first counted K-12 day, and then no more. `absences` are those of these days on which
the student was absent.
"""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from infra.clickhouse.touched_students import Widened


def band(enrolled: str, absent: str) -> str:
    """The expression for the band: 0 under 5 %, 1 under 10 %, 2 under 20 %, 3 from 20 % on."""
    return (
        f"toUInt8(multiIf(20 * {absent} < {enrolled}, 0, 10 * {absent} < {enrolled}, 1,"
        f" 5 * {absent} < {enrolled}, 2, 3))"
    )


# A point a counted day: what the standing is after it. `days` is (date, school_id, grade, absent), in order.
_POINTS = f"""arrayMap(
        (day, n, a) -> (day.1, day.2, day.3, {band("n", "a")}),
        {{days}}, arrayEnumerate({{days}}), arrayCumSum(arrayMap(day -> toUInt16(day.4), {{days}}))
    )"""

# Per student, place (blank: the district) and level of school; then of these two the one with K-12 days, for
# PK and K-12 days are never added up. `counted` 0 leaves counts of 0: the empty row that replaces another.
_RECOMPUTE = f"""INSERT INTO standings
(district_id, school_year, student_id, scope, school_id, last_school_id, grade, enrolled_days, absent_days,
 excused_days, unexcused_days, disciplinary_days, mhw_days, unknown_days, tier, data_through, steps, version,
 unreported_days, absences)
WITH
    arrayFilter(day -> empty(older) OR day.1 < older[1].1, younger) AS before,
    arrayConcat({_POINTS.format(days="before")}, {_POINTS.format(days="older")}) AS points
SELECT
    district_id, school_year, student_id, if(place = '', 'district', 'school'), place, best.1, best.2,
    best.3 AS enrolled, best.4 AS absent, best.5, best.6, best.7, best.8, best.9,
    multiIf(
        enrolled = 0 OR NOT best.11, '', 5 * absent >= enrolled, 'III', 10 * absent >= enrolled, 'II', 'I'
    ),
    best.10,
    arrayFilter(
        (point, index) -> index = 1 OR tupleElement(points[index - 1], 2) != point.2
            OR tupleElement(points[index - 1], 3) != point.3
            OR tupleElement(points[index - 1], 4) != point.4,
        points, arrayEnumerate(points)
    ),
    newest, best.12, arrayMap(day -> day.1, arrayFilter(day -> day.4, arrayConcat(before, older)))
FROM
(
    SELECT
        district_id, school_year, student_id, place, max(version) AS newest,
        argMax(
            (
                last_school, last_grade, enrolled, absent, excused, unexcused, disciplinary, mhw, unknown,
                through, k12, unreported
            ),
            (enrolled > 0, k12)
        ) AS best,
        groupArrayArrayIf(days, NOT k12) AS younger,
        groupArrayArrayIf(days, k12) AS older
    FROM
    (
        SELECT
            district_id, school_year, student_id, arrayJoin(['', school_id]) AS place, grade != 'PK' AS k12,
            argMaxIf(school_id, date, counted) AS last_school,
            argMaxIf(grade, date, counted) AS last_grade,
            countIf(counted) AS enrolled,
            countIf(counted AND class != '') AS absent,
            countIf(counted AND class = 'excused') AS excused,
            countIf(counted AND class = 'unexcused') AS unexcused,
            countIf(counted AND class = 'disciplinary') AS disciplinary,
            countIf(counted AND class = 'mhw') AS mhw,
            countIf(counted AND class = 'unknown') AS unknown,
            maxIf(toNullable(date), counted) AS through,
            countIf(NOT counted AND class = 'unreported') AS unreported,
            arraySort(groupArrayIf((date, school_id, grade, class != ''), counted)) AS days,
            max(version) AS version
        FROM student_day_facts FINAL
        WHERE school_year = {{year:UInt16}} AND date BETWEEN {{first:Date}} AND {{last:Date}}
            AND {{those}}
        GROUP BY district_id, school_year, student_id, place, k12
    )
    GROUP BY district_id, school_year, student_id, place
)"""


def recompute(client: Client, year: int, touched: Widened) -> int:
    """Replace the standings of the students in `touched` for a school year; how many rows that are."""
    those = touched.these()
    given = {"year": year, "first": f"{year}-07-01", "last": f"{year + 1}-06-30", **those.given}
    client.command(_RECOMPUTE.replace("{those}", those.text), parameters=given)
    return touched.students + touched.at_schools
