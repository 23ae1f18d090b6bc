"""The facts of the touched districts' days, by school and all groups at once.

They are read once for all that is counted of a day, and they lie together: those of a whole district cost
little more than those of one of its schools, and less than the counts of all its schools, which lie in very
many places.
"""

from __future__ import annotations

from collections.abc import Collection

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import COUNTS
from infra.clickhouse.temporary import Condition, among, fill
from models.trends.scope import DIMENSIONS

TouchedDay = tuple[str, str, str]
"""district_id, school_id, date as written."""

# Both live as long as the client's session.
_MAKE_DAYS = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS touched_days (district_id String, school_id String, date Date)"
)
_TOUCHED_DAYS = ("touched_days", "district_id, school_id, date", "String, String, Date")
_FEW_DAYS = 20

TOUCHED_FACTS = "touched_facts"
"""`of_school`: the school's day is in `touched_days`, not only another school's of the district.
`has_reason`: these students were absent, or a code was given."""

_PLACE = ("district_id", "school_id", "date", "grade")
_MAKE = f"""CREATE TEMPORARY TABLE IF NOT EXISTS {TOUCHED_FACTS} (
    district_id LowCardinality(String), school_id LowCardinality(String), date Date,
    grade LowCardinality(String), code LowCardinality(String), remote UInt8, has_reason Bool, of_school Bool,
    {", ".join(f"{name} LowCardinality(String)" for name in DIMENSIONS)},
    {", ".join(f"{name} UInt32" for name in COUNTS)}
)"""

_OF_SCHOOL = among(*_TOUCHED_DAYS).text
_KEY = ", ".join((*_PLACE, "code", "remote", "has_reason"))
_READ = f"""INSERT INTO {TOUCHED_FACTS}
SELECT
    {_KEY}, {_OF_SCHOOL} AS of_school, {", ".join(DIMENSIONS)}, count(), countIf(class != ''),
    {", ".join(f"countIf(class = '{name}')" for name in COUNTS[2:])}
FROM
(
    SELECT
        district_id, student_id, {", ".join(_PLACE[1:])}, code, remote, class,
        class != '' OR code != '' AS has_reason
    FROM student_day_facts FINAL
    WHERE school_year = {{year:UInt16}} AND counted
        AND (district_id, date) IN (SELECT district_id, date FROM touched_days)
) AS facts
LEFT JOIN
(
    SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL
    WHERE district_id IN (SELECT district_id FROM touched_days)
) AS groups
ON facts.district_id = groups.district_id AND facts.student_id = groups.student_id
GROUP BY {_KEY}, {", ".join(DIMENSIONS)}"""


def touch(client: Client, days: Collection[TouchedDay]) -> None:
    """Put these schools' days, and no others, into `touched_days`."""
    fill(client, "touched_days", _MAKE_DAYS, ("district_id", "school_id", "date"), days)


def these_days(days: Collection[TouchedDay] = ()) -> Condition:
    """That a row is of a day in `touched_days`; `days` are all of these, where they are known."""
    few = days if len(days) <= _FEW_DAYS else ()
    return among(*_TOUCHED_DAYS, few)


def read(client: Client, year: int) -> None:
    """Put the facts of the districts' days in `touched_days` into the table, and no others."""
    empty(client)
    client.command(_READ, parameters={"year": year})


def empty(client: Client) -> None:
    """Leave nothing in the table, which is in memory."""
    client.command(_MAKE)
    client.command(f"TRUNCATE TABLE {TOUCHED_FACTS}")
