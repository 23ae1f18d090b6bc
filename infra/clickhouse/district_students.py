"""All students of some districts in a school year with what they are, from standings and groups, read once.

What is by district needs each of them, and a large district is read in tens of milliseconds.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import date

from clickhouse_connect.driver.client import Client

from models.trends.scope import DIMENSIONS

# More would take much memory at once; fewer, and the statements would be most of the work.
DISTRICTS_A_CALL = 8

BUCKETS = 16
"""What is written of a district's students is in so many parts, so that one of them can be written alone."""

STUDENTS = "district_students"
"""It lives as long as the client's session. Of each student `steps` as in standings, `k12_from` the first
K-12 day (NEVER: none), `missed` on which days the second and the fifth day was missed, of PK and of K-12
(0: none), band and grade at the end of the year before (-1: none), and groups."""

NEVER = date(2149, 6, 6)
"""The last day that a Date can hold."""

_NO_STEP = f"(toDate('{NEVER}'), '', '', 0)"
_MAKE = f"""CREATE TEMPORARY TABLE IF NOT EXISTS {STUDENTS} (
    district_id String, student_id String, bucket UInt8, mhw UInt16,
    steps Array(Tuple(Date, String, String, UInt8)), k12_from Date, missed Array(Date),
    band_before Int8, grade_before LowCardinality(String),
    {", ".join(f"{name} LowCardinality(String)" for name in DIMENSIONS)}
)"""

_THESE = "district_id IN {districts:Array(String)}"
_READ = f"""INSERT INTO {STUDENTS}
SELECT
    now.district_id, now.student_id, CRC32(now.student_id) % {BUCKETS}, mhw_days, steps, k12_from,
    [younger[2], younger[5], older[2], older[5]],
    if(before.student_id = '', -1, toInt8(before.step.4)), before.step.3,
    {", ".join(f"groups.{name}" for name in DIMENSIONS)}
FROM
(
    SELECT
        district_id, student_id, mhw_days, steps, k12_from,
        arrayFilter(day -> day < k12_from, absences) AS younger,
        arrayFilter(day -> day >= k12_from, absences) AS older
    FROM
    (
        SELECT
            district_id, student_id, mhw_days, steps, absences,
            arrayFirst(step -> step.3 != 'PK', arrayPushBack(steps, {_NO_STEP})).1 AS k12_from
        FROM standings FINAL
        WHERE school_year = {{year:UInt16}} AND scope = 'district' AND notEmpty(steps) AND {_THESE}
    )
) AS now
LEFT JOIN
(
    SELECT district_id, student_id, steps[-1] AS step
    FROM standings FINAL
    WHERE school_year = {{year:UInt16}} - 1 AND scope = 'district' AND notEmpty(steps) AND {_THESE}
) AS before
ON now.district_id = before.district_id AND now.student_id = before.student_id
LEFT JOIN
(
    SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL WHERE {_THESE}
) AS groups
ON now.district_id = groups.district_id AND now.student_id = groups.student_id"""


def bucket_of(student: str) -> int:
    """In which of the parts a student is."""
    return zlib.crc32(student.encode()) % BUCKETS


def read(client: Client, year: int, districts: Collection[str]) -> None:
    """Put the students of these districts, and of no other, into the table."""
    empty(client)
    client.command(_READ, parameters={"year": year, "districts": sorted(districts)})


def empty(client: Client) -> None:
    """Leave nobody in the table, which is in memory."""
    client.command(_MAKE)
    client.command(f"TRUNCATE TABLE {STUDENTS}")
