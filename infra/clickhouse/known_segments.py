"""What all versions of the facts of some students say of their bands, by segments of their history.

Nearly always a day is learned after all days before it, and adds at most a step at the end. What else is
learned (a correction, a day that comes late) may change each step from its date on: the instants at which
that happened cut a student's history into segments, and the steps are worked out as they were at the end of
each.

* A step of a day that was added in the segment became known with its day.
* The other steps became known when the segment began; then those of the segment before it were no more.
"""

from __future__ import annotations

from infra.clickhouse.standings import band

_NOT_YET = "toInt64(9000000000000)"
"""An instant after all others; they are Unix times in milliseconds."""

# All is numbers: texts in arrays take several times as long. A grade is read as one, and a school is its
# place among those in question.
_PK = "reinterpretAsUInt32('PK')"
_A_DAY = 2**44

# Of a student at a school the versions by date and version: (known, day, school, counted, grade, absent).
# What a version said holds until a newer one of the day is known, `until`; the smallest of all that follow it
# is found at once, because a day weighs more than any instant. A version that says what was said already is
# `told_before`, and counts since the first that said it.
_TOLD = """WITH {schools} AS schools
SELECT
    district_id, school_id, student_id,
    arraySort(each -> (bitShiftLeft(toUInt64(each.2), 48) + each.7), groupArray((
        toUnixTimestamp64Milli(known_at),
        toUInt16(date),
        transform(toString(school_id), schools, arrayMap(n -> toUInt16(n), arrayEnumerate(schools)), 0),
        toUInt8(counted),
        if(counted, reinterpretAsUInt32(toString(grade)), 0),
        toUInt8(counted AND class != ''),
        version
    ))) AS told
FROM fact_history
WHERE school_year = {year:UInt16} AND date BETWEEN {first:Date} AND {last:Date}
    AND {those}
    AND cityHash64(student_id) % {parts:UInt32} = {part:UInt32}
GROUP BY district_id, school_id, student_id"""

_OF_STUDENT = "district_id, school_id, student_id"

_UNTIL = f"""SELECT
    {_OF_STUDENT}, told,
    arrayMap(
        (each, next) -> toInt64(
            if(next - each.2 * {_A_DAY} < {_A_DAY}, next - each.2 * {_A_DAY}, {_NOT_YET})
        ),
        told, following
    ) AS until
FROM
(
    SELECT
        {_OF_STUDENT}, told,
        arrayReduceInRanges(
            'min', arrayMap(n -> (n + 1, length(told)), arrayEnumerate(told)),
            arrayPushBack(
                arrayMap(each -> toInt64(each.1 + each.2 * {_A_DAY}), told), toInt64({2**16 * _A_DAY})
            )
        ) AS following
    FROM ({_TOLD})
)"""

VERSIONS = f"""INSERT INTO versions
SELECT
    {_OF_STUDENT},
    arrayMap(
        (each, ended, again, first) -> (each.1, each.2, each.3, each.4, each.5, each.6, ended, again, first),
        told, until, told_before,
        arrayFill((known, again) -> NOT again, arrayMap(each -> each.1, told), told_before)
    ) AS versions
FROM
(
    SELECT
        {_OF_STUDENT}, told, until,
        arrayMap(
            (each, before, ended) -> if(
                each.2 = before.2,
                before.1 < ended AND ended = each.1
                    AND (each.4, each.5, each.6) = (before.4, before.5, before.6),
                NOT each.4
            ),
            told, arrayPopBack(arrayPushFront(told, (0, 0, 0, 0, 0, 0, 0))),
            arrayPopBack(arrayPushFront(until, 0))
        ) AS told_before
    FROM ({_UNTIL})
)"""

SINCE = """SELECT district_id, student_id, min(known_since) AS since
FROM {table}
GROUP BY district_id, student_id"""

# A statement is planned by the texts of all that it rests on, which double from level to level: so there are
# several, with what is between them in tables that live as long as the client's session.
_EVENTS = "Array(Tuple(Int64, UInt16, UInt16, UInt8, UInt32, UInt8, Int64, UInt8, Int64))"
_OF_SEGMENT = "district_id, student_id, place, since, began, ended, reached"
_SEGMENT = (
    "district_id String, student_id String, place String, since Int64, began Int64, ended Int64,"
    " reached UInt16"
)
TABLES = {
    "versions": f"district_id String, school_id String, student_id String, versions {_EVENTS}",
    "segments": f"{_SEGMENT}, held {_EVENTS}",
    "steps": f"{_SEGMENT}, steps Array(Tuple(UInt16, UInt32, UInt8, Int64))",
    "learned": "district_id String, student_id String, school_id String, since Int64, known Int64,"
    " day UInt16, grade String, band UInt8, students Int64",
}

# In the district, and at each school.
_PLACES = f"""SELECT
    facts.district_id AS district_id, facts.student_id AS student_id, place, any(asked.since) AS since,
    groupArrayArray(versions) AS every
FROM (SELECT *, arrayJoin(['', school_id]) AS place FROM versions) AS facts
INNER JOIN ({SINCE.format(table="relearned")}) AS asked
ON facts.district_id = asked.district_id AND facts.student_id = asked.student_id
GROUP BY district_id, student_id, place"""

_ORDERED = f"""SELECT
    district_id, student_id, place, since, by_day, by_instant,
    arrayMap(each -> if(each.4, each.2, 0), by_instant) AS days_counted
FROM
(
    SELECT
        district_id, student_id, place, since,
        arraySort(each -> each.2 * 65536 + each.3, arrayFilter(each -> each.4, every)) AS by_day,
        arraySort(each -> each.1 * 65536 + each.2, arrayFilter(each -> NOT each.8, every)) AS by_instant
    FROM ({_PLACES})
)"""

# A day that is not after all that were counted before it is late.
_SEGMENTS = f"""SELECT
    district_id, student_id, place, since, by_day, by_instant, days_counted,
    arraySort(arrayDistinct(arrayMap(each -> each.1, arrayFilter(
        (each, before) -> each.2 <= before, by_instant, arrayPopBack(arrayPushFront(latest, 0))
    )))) AS late
FROM
(
    SELECT
        district_id, student_id, place, since, by_day, by_instant, days_counted,
        arrayReduceInRanges(
            'max', arrayMap(n -> (1, n), arrayEnumerate(by_instant)), days_counted
        ) AS latest
    FROM ({_ORDERED})
)"""

# Of `enrolled` days, from which those of PK are taken where they count no more.
_BAND = f"""multiIf(
                each.5 = {_PK}, {band("enrolled", "absent")},
                {band("(enrolled - younger)", "(absent - younger_absent)")}
            )"""

HELD = f"""INSERT INTO segments
SELECT
    district_id, student_id, place, since, segment.1 AS began, segment.2 AS ended,
    arrayMax((each, day) -> if(each.1 <= began, day, 0), by_instant, days_counted) AS reached,
    arrayFilter(each -> each.1 < ended AND ended <= each.7, by_day) AS held
FROM ({_SEGMENTS})
ARRAY JOIN arrayFilter(
    each -> each.2 >= since, arrayZip(arrayPushFront(late, 0), arrayPushBack(late, {_NOT_YET}))
) AS segment"""

# PK days count until the first K-12 day (standings.py).
_DAYS = f"""SELECT {_OF_SEGMENT}, arrayFilter(each -> each.5 != {_PK} OR each.2 < from_older, held) AS days
FROM
(
    SELECT
        {_OF_SEGMENT}, held,
        arrayMin(
            each -> if(each.5 = {_PK}, 65535, each.2), arrayPushBack(held, (0, 65535, 0, 0, 0, 0, 0, 0, 0))
        ) AS from_older
    FROM segments
)"""

# A point a counted day, and a step where the grade or the band becomes another: (day, grade, band, known).
_POINTS = f"""SELECT
    {_OF_SEGMENT},
    arrayMap(
        (each, enrolled, absent) -> (each.2, each.5, {_BAND}, each.9),
        days, arrayEnumerate(days), arrayCumSum(arrayMap(each -> toUInt16(each.6), days))
    ) AS points
FROM
(
    SELECT
        {_OF_SEGMENT}, days, arrayCount(each -> each.5 = {_PK}, days) AS younger,
        arraySum(each -> each.5 = {_PK} AND each.6, days) AS younger_absent
    FROM ({_DAYS})
)"""

STEPS = f"""INSERT INTO steps
SELECT
    {_OF_SEGMENT},
    arrayFilter(
        (point, before) -> point.2 != before.2 OR point.3 != before.3, points,
        arrayPopBack(arrayPushFront(points, (0, 0, 255, 0)))
    ) AS steps
FROM ({_POINTS})"""

# (day, grade, band, students, known).
_CHANGES = f"""SELECT
    {_OF_SEGMENT},
    arrayConcat(
        arrayMap(step -> (step.1, step.2, step.3, toInt8(1), step.4), steps),
        arrayMap(
            (step, next) -> (next.1, step.2, step.3, toInt8(-1), next.4),
            arrayPopBack(steps), arrayPopFront(steps)
        )
    ) AS changes
FROM steps"""

# What became known when, from `since` on; changes of days up to `reached` when the segment began.
LEARNED = f"""INSERT INTO learned
SELECT
    district_id, student_id, place, since, each.1 AS known, each.2, reinterpretAsString(each.3), each.4,
    each.5
FROM
(
    SELECT
        district_id, student_id, place, since,
        arrayConcat(
            arrayMap(each -> (if(each.1 <= reached, began, each.5), each.1, each.2, each.3, each.4), changes),
            arrayMap(
                each -> (ended, each.1, each.2, each.3, toInt8(-each.4)),
                if(ended = {_NOT_YET}, arrayResize(changes, 0), changes)
            )
        ) AS learned
    FROM ({_CHANGES})
)
ARRAY JOIN learned AS each
WHERE known >= since"""
