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
_VERSIONS = f"""WITH (SELECT arraySort(groupUniqArray(school_id)) FROM relearned) AS schools
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
    ))) AS told,
    arrayReduceInRanges(
        'min', arrayMap(n -> (n + 1, length(told)), arrayEnumerate(told)),
        arrayPushBack(arrayMap(each -> toInt64(each.1 + each.2 * {_A_DAY}), told), toInt64({2**16 * _A_DAY}))
    ) AS following,
    arrayMap(
        (each, next) -> toInt64(
            if(next - each.2 * {_A_DAY} < {_A_DAY}, next - each.2 * {_A_DAY}, {_NOT_YET})
        ),
        told, following
    ) AS until,
    arrayMap(
        (each, before, ended) -> if(
            each.2 = before.2,
            before.1 < ended AND ended = each.1 AND (each.4, each.5, each.6) = (before.4, before.5, before.6),
            NOT each.4
        ),
        told, arrayPopBack(arrayPushFront(told, (0, 0, 0, 0, 0, 0, 0))),
        arrayPopBack(arrayPushFront(until, 0))
    ) AS told_before,
    arrayFill((known, again) -> NOT again, arrayMap(each -> each.1, told), told_before) AS since_when,
    arrayMap(
        (each, ended, again, first) -> (each.1, each.2, each.3, each.4, each.5, each.6, ended, again, first),
        told, until, told_before, since_when
    ) AS versions
FROM fact_history
WHERE school_year = {{year:UInt16}} AND date BETWEEN {{first:Date}} AND {{last:Date}}
    AND (district_id, school_id, student_id) IN (SELECT district_id, school_id, student_id FROM relearned)
    AND cityHash64(student_id) % {{parts:UInt32}} = {{part:UInt32}}
GROUP BY district_id, school_id, student_id"""

SINCE = """SELECT district_id, student_id, min(known_since) AS since
FROM {table}
GROUP BY district_id, student_id"""

# In the district and at each school; a day that is not after all that were counted before it is late.
_SEGMENTS = f"""SELECT
    facts.district_id AS district_id, facts.student_id AS student_id, place, any(asked.since) AS since,
    groupArrayArray(versions) AS every,
    arraySort(each -> each.2 * 65536 + each.3, arrayFilter(each -> each.4, every)) AS by_day,
    arraySort(each -> each.1 * 65536 + each.2, arrayFilter(each -> NOT each.8, every)) AS by_instant,
    arrayMap(each -> if(each.4, each.2, 0), by_instant) AS days_counted,
    arrayReduceInRanges('max', arrayMap(n -> (1, n), arrayEnumerate(by_instant)), days_counted) AS latest,
    arraySort(arrayDistinct(arrayMap(each -> each.1, arrayFilter(
        (each, before) -> each.2 <= before, by_instant, arrayPopBack(arrayPushFront(latest, 0))
    )))) AS late
FROM (SELECT *, arrayJoin(['', toString(school_id)]) AS place FROM ({_VERSIONS})) AS facts
INNER JOIN ({SINCE.format(table="relearned")}) AS asked
ON facts.district_id = asked.district_id AND facts.student_id = asked.student_id
GROUP BY district_id, student_id, place"""

# Of `enrolled` days, from which those of PK are taken where they count no more.
_BAND = f"""multiIf(
                each.5 = {_PK}, {band("enrolled", "absent")},
                {band("(enrolled - younger)", "(absent - younger_absent)")}
            )"""

# PK days count until the first K-12 day (standings.py). A point a counted day, and a step where the grade or
# the band becomes another: (day, grade, band, known). Changes are (day, grade, band, students, known); those
# of days up to `reached` are of when the segment began.
_STEPS = f"""SELECT
    district_id, student_id, place, since, segment.1 AS began, segment.2 AS ended,
    arrayMax((each, day) -> if(each.1 <= began, day, 0), by_instant, days_counted) AS reached,
    arrayFilter(each -> each.1 < ended AND ended <= each.7, by_day) AS held,
    arrayMin(each -> if(each.5 = {_PK}, 65535, each.2), arrayPushBack(held, (0, 65535, 0, 0, 0, 0, 0, 0, 0)))
        AS from_older,
    arrayFilter(each -> each.5 != {_PK} OR each.2 < from_older, held) AS days,
    arrayCount(each -> each.5 = {_PK}, days) AS younger,
    arraySum(each -> each.5 = {_PK} AND each.6, days) AS younger_absent,
    arrayMap(
        (each, enrolled, absent) -> (
            each.2, each.5,
            {_BAND},
            each.9
        ),
        days, arrayEnumerate(days), arrayCumSum(arrayMap(each -> toUInt16(each.6), days))
    ) AS points,
    arrayFilter(
        (point, before) -> point.2 != before.2 OR point.3 != before.3, points,
        arrayPopBack(arrayPushFront(points, (0, 0, 255, 0)))
    ) AS steps
FROM ({_SEGMENTS})
ARRAY JOIN arrayFilter(
    each -> each.2 >= since, arrayZip(arrayPushFront(late, 0), arrayPushBack(late, {_NOT_YET}))
) AS segment"""

# What became known when, from `since` on: (known, day, grade, band, students).
LEARNED = f"""SELECT
    district_id, student_id, place, since,
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
FROM (SELECT district_id, student_id, place, since, began, ended, reached, steps FROM ({_STEPS}))"""
