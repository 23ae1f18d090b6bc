"""Which days must be counted anew of students who are in other groups now: all of theirs, in every year."""

from __future__ import annotations

from collections.abc import Collection

from clickhouse_connect.driver.client import Client

from infra.clickhouse import touched_facts
from infra.clickhouse.temporary import fill

_MAKE = "CREATE TEMPORARY TABLE IF NOT EXISTS regrouped (district_id String, student_id String)"
_THESE = "(district_id, student_id) IN (SELECT district_id, student_id FROM regrouped)"

_YEARS = f"""SELECT DISTINCT school_year
FROM standings
WHERE scope = 'school' AND {_THESE}
ORDER BY school_year"""

# The standings know at which schools a student has facts, which are ordered by school.
_DAYS = f"""INSERT INTO touched_days
SELECT DISTINCT district_id, school_id, date
FROM student_day_facts
WHERE school_year = {{year:UInt16}} AND (district_id, school_id, student_id) IN (
        SELECT district_id, school_id, student_id
        FROM standings
        WHERE school_year = {{year:UInt16}} AND scope = 'school' AND {_THESE}
    )"""


def put(client: Client, district: str, students: Collection[str]) -> None:
    """Put these students, and no others, into `regrouped`."""
    fill(client, "regrouped", _MAKE, ("district_id", "student_id"), {(district, each) for each in students})


def years(client: Client) -> list[int]:
    """The school years in which the students in `regrouped` have facts."""
    return [year for (year,) in client.query(_YEARS).result_rows]


def touch(client: Client, year: int) -> int:
    """Put all of their days of a school year, and no others, into `touched_days`; how many these are."""
    touched_facts.touch(client, ())
    client.command(_DAYS, parameters={"year": year})
    return int(client.query("SELECT count() FROM touched_days").result_rows[0][0])
