"""What was learned of the bands of some students, and when, worked out in SQL from all versions of their facts.

A standing as it was known at an instant is that of the versions that were known then. Nearly always a day is
learned after all days before it, and adds at most a step at the end. What else is learned (a correction, a day
that comes late) may change each step from its date on: the instants at which that happened cut a student's
history into segments, and the steps are worked out as they were at the end of each.

* A step of a day that was added in the segment became known with its day.
* The other steps became known when the segment began; then those of the segment before it were no more.

As everywhere nothing is added up from what came (docs/adr/0023): what a student's facts have taught from an
instant on is worked out anew, and what is no more is replaced by zeros. docs/adr/0032 says why it is so.
"""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from infra.clickhouse.standings import BAND, IN_TOUCHED
from models.trends.scope import DIMENSIONS

# A history is a hundred times as large as what is kept of it: a large district is taken in parts.
_STUDENTS_A_CALL = 2_000

_NOT_YET = "toInt64(9000000000000)"
"""An instant after all others; they are Unix times in milliseconds."""

_KEY = "district_id, student_id, school_id, known_at, date, grade, band"

# Of each fact what it said from when until when: (from, date, school, until, counted, grade, absent). A version
# that was learned after a newer one never held, and what does not count is not told apart.
_STATES = f"""SELECT
    district_id, school_id, student_id,
    arraySort(groupArray((
        toUnixTimestamp64Milli(known_at), version,
        toUInt8(counted), if(counted, toString(grade), ''), toUInt8(counted AND class != '')
    ))) AS came,
    arrayMap(n -> arrayMax(each -> each.2, arraySlice(came, 1, n)), arrayEnumerate(came)) AS newest,
    arrayFilter((each, n) -> n = 1 OR newest[n] > newest[n - 1], came, arrayEnumerate(came)) AS held,
    arrayFilter(
        (each, before) -> (each.3, each.4, each.5) != before, held,
        arrayPopBack(arrayPushFront(arrayMap(each -> (each.3, each.4, each.5), held), (0, '', 0)))
    ) AS changed,
    arrayMap(
        (each, until) -> (each.1, toUInt16(date), toString(school_id), until, each.3, each.4, each.5), changed,
        arrayPopFront(arrayPushBack(arrayMap(each -> each.1, changed), {_NOT_YET}))
    ) AS states
FROM fact_history
WHERE school_year = {{year:UInt16}} AND date BETWEEN {{first:Date}} AND {{last:Date}}
    AND {IN_TOUCHED} AND cityHash64(student_id) % {{parts:UInt32}} = {{part:UInt32}}
GROUP BY district_id, school_id, student_id, date
HAVING notEmpty(states)"""

_SINCE = """SELECT district_id, student_id, min(known_since) AS since
FROM touched
GROUP BY district_id, student_id"""

# The district's and each school's; a date that is not after all that were counted before it is late.
_SEGMENTS = f"""SELECT
    facts.district_id AS district_id, facts.student_id AS student_id, place, any(asked.since) AS since,
    arraySort(groupArrayArray(states)) AS events,
    arrayMap(each -> if(each.5, each.2, 0), events) AS days_counted,
    arrayReduceInRanges('max', arrayMap(n -> (1, n), arrayEnumerate(events)), days_counted) AS latest,
    arraySort(arrayDistinct(arrayMap(each -> each.1, arrayFilter(
        (each, before) -> each.2 <= before, events, arrayPopBack(arrayPushFront(latest, 0))
    )))) AS late
FROM (SELECT *, arrayJoin(['', toString(school_id)]) AS place FROM ({_STATES})) AS facts
INNER JOIN ({_SINCE}) AS asked
ON facts.district_id = asked.district_id AND facts.student_id = asked.student_id
GROUP BY district_id, student_id, place"""

# A point a counted day, as in standings.py: (date, grade, band, known).
_POINTS = f"""arrayMap(
        (day, n, a) -> (day.1, day.3, toUInt8({BAND}), day.5),
        {{days}}, arrayEnumerate({{days}}), arrayCumSum(arrayMap(day -> toUInt16(day.4), {{days}}))
    )"""

# Changes are (date, grade, band, students, known); those of dates up to `reached` are of when the segment began.
_LEARNED = f"""SELECT
    district_id, student_id, place, since, segment.1 AS began, segment.2 AS ended,
    arrayMax((each, day) -> if(each.1 <= began, day, 0), events, days_counted) AS reached,
    arraySort(arrayMap(
        each -> (each.2, each.3, each.6, each.7, each.1),
        arrayFilter(each -> each.5 AND each.1 < ended AND ended <= each.4, events)
    )) AS days,
    arrayFilter(day -> day.3 != 'PK', days) AS older,
    if(empty(older), 65535, older[1].1) AS from_older,
    arrayFilter(day -> day.3 = 'PK' AND day.1 < from_older, days) AS younger,
    arrayConcat({_POINTS.format(days="younger")}, {_POINTS.format(days="older")}) AS points,
    arrayFilter(
        (point, before) -> (point.2, point.3) != (before.2, before.3), points,
        arrayPopBack(arrayPushFront(points, (0, '', 255, 0)))
    ) AS steps,
    arrayConcat(
        arrayMap(step -> (step.1, step.2, step.3, toInt8(1), step.4), steps),
        arrayMap(
            (step, next) -> (next.1, step.2, step.3, toInt8(-1), next.4),
            arrayPopBack(steps), arrayPopFront(steps)
        )
    ) AS changes,
    arrayConcat(
        arrayMap(each -> (if(each.1 <= reached, began, each.5), each.1, each.2, each.3, each.4), changes),
        arrayMap(
            each -> (ended, each.1, each.2, each.3, toInt8(-each.4)),
            if(ended = {_NOT_YET}, arrayResize(changes, 0), changes)
        )
    ) AS learned
FROM ({_SEGMENTS})
ARRAY JOIN arrayFilter(
    each -> each.2 >= since, arrayZip(arrayPushFront(late, 0), arrayPushBack(late, {_NOT_YET}))
) AS segment"""

_RECOMPUTE = f"""INSERT INTO known_bands (school_year, {_KEY}, students, {", ".join(DIMENSIONS)})
SELECT
    {{year:UInt16}}, moved.district_id, moved.student_id, moved.school_id,
    fromUnixTimestamp64Milli(moved.known, 'UTC'), toDate(moved.day), moved.grade, moved.band, moved.students,
    {", ".join(f"groups.{name}" for name in DIMENSIONS)}
FROM
(
    SELECT district_id, student_id, school_id, known, day, grade, band, sum(new) AS students
    FROM
    (
        SELECT
            district_id, student_id, place AS school_id, each.1 AS known, each.2 AS day, each.3 AS grade,
            each.4 AS band, toInt64(each.5) AS new, 0 AS old
        FROM ({_LEARNED})
        ARRAY JOIN learned AS each
        WHERE known >= since
        UNION ALL
        SELECT
            held.district_id, held.student_id, toString(held.school_id),
            toUnixTimestamp64Milli(held.known_at) AS known, toUInt16(held.date), toString(held.grade),
            held.band, 0, toInt64(held.students)
        FROM
        (
            SELECT {_KEY}, students
            FROM known_bands FINAL
            WHERE school_year = {{year:UInt16}}
                AND (district_id, student_id) IN (SELECT district_id, student_id FROM touched)
                AND cityHash64(student_id) % {{parts:UInt32}} = {{part:UInt32}}
        ) AS held
        INNER JOIN ({_SINCE}) AS asked
        ON held.district_id = asked.district_id AND held.student_id = asked.student_id
        WHERE known >= asked.since
    )
    GROUP BY district_id, student_id, school_id, known, day, grade, band
    HAVING sum(new) != sum(old)
) AS moved
LEFT JOIN
(
    SELECT district_id, student_id, {", ".join(DIMENSIONS)}
    FROM students FINAL
    WHERE (district_id, student_id) IN (SELECT district_id, student_id FROM touched)
) AS groups
ON moved.district_id = groups.district_id AND moved.student_id = groups.student_id
SETTINGS max_partitions_per_insert_block = 0"""

_REGROUP = f"""INSERT INTO known_bands (school_year, {_KEY}, students, {", ".join(DIMENSIONS)})
SELECT
    {{year:UInt16}}, {", ".join(f"held.{name}" for name in _KEY.split(", "))}, held.students,
    {", ".join(f"groups.{name}" for name in DIMENSIONS)}
FROM
(
    SELECT {_KEY}, students
    FROM known_bands FINAL
    WHERE school_year = {{year:UInt16}} AND students != 0
        AND (district_id, student_id) IN (SELECT district_id, student_id FROM regrouped)
) AS held
LEFT JOIN
(
    SELECT district_id, student_id, {", ".join(DIMENSIONS)}
    FROM students FINAL
    WHERE (district_id, student_id) IN (SELECT district_id, student_id FROM regrouped)
) AS groups
ON held.district_id = groups.district_id AND held.student_id = groups.student_id
SETTINGS max_partitions_per_insert_block = 0"""

_STUDENTS = "SELECT uniqExact(district_id, student_id) FROM touched"


def recompute(client: Client, year: int) -> None:
    """Replace what the students in `touched` have taught in a school year, from their `known_since` on.

    All schools of the students are in `touched`, as standings.recompute leaves it.
    """
    parts = 1 + int(client.query(_STUDENTS).result_rows[0][0]) // _STUDENTS_A_CALL
    for part in range(parts):
        given = {"year": year, "first": f"{year}-07-01", "last": f"{year + 1}-06-30"}
        client.command(_RECOMPUTE, parameters={**given, "parts": parts, "part": part})


def regroup(client: Client, year: int) -> None:
    """Give what the students in `regrouped` have taught the groups that they are in now."""
    client.command(_REGROUP, parameters={"year": year})
