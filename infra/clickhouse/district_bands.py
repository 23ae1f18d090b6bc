"""What a question about the whole state reads of bands: how many came into each and left it, by district and
day, from the steps of the students.

As everywhere nothing is added up from what came (docs/adr/0023): what is touched is worked out anew. Only
cells that become others are written.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import LEVELS, PAIRS
from infra.clickhouse.district_students import STUDENTS
from models.trends.answers import BANDS
from models.trends.scope import DIMENSIONS

CHANGES = """arrayConcat(
            arrayMap(step -> (step.1, step.3, step.4, toInt8(1)), steps),
            arrayMap(
                (step, next) -> (next.1, step.3, step.4, toInt8(-1)),
                arrayPopBack(steps), arrayPopFront(steps)
            )
        )"""
"""Of the column `steps` of standings, a step into a band on its day, and one out of it on the day of the
next: (date, grade, band, students)."""

# The groups of the students in `touched`, also of one who has no day left. It lives as long as the client's
# session.
_GROUPS = "touched_groups"
_MAKE_GROUPS = f"CREATE TEMPORARY TABLE IF NOT EXISTS {_GROUPS} (dimension String, value String)"
_READ_GROUPS = f"""INSERT INTO {_GROUPS}
SELECT DISTINCT pair.1, pair.2
FROM (SELECT DISTINCT district_id, student_id FROM touched) AS these
LEFT JOIN
(
    SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL
    WHERE (district_id, student_id) IN (SELECT district_id, student_id FROM touched)
) AS groups
ON these.district_id = groups.district_id AND these.student_id = groups.student_id
ARRAY JOIN [{PAIRS}] AS pair"""

_KEY = "dimension, value, grade, district_id, date"


def _replace(among: str) -> str:
    """The statement for the cells of some groups, from a date on; those that are no more become zeros."""
    return f"""INSERT INTO district_bands ({_KEY}, school_year, {", ".join(BANDS)})
SELECT {_KEY}, {{year:UInt16}}, {", ".join(f"sum(new_{name}) AS {name}" for name in BANDS)}
FROM
(
    SELECT
        pair.1 AS dimension, pair.2 AS value, arrayJoin({LEVELS}) AS grade, district_id, date,
        {", ".join(f"toInt64((band = {n}) * students) AS new_{name}" for n, name in enumerate(BANDS))},
        {", ".join(f"toInt64(0) AS old_{name}" for name in BANDS)}
    FROM
    (
        SELECT
            district_id, change.1 AS date, change.2 AS grade, change.3 AS band, {", ".join(DIMENSIONS)},
            sum(change.4) AS students
        FROM {STUDENTS}
        ARRAY JOIN arrayFilter(change -> change.1 >= {{first:Date}}, {CHANGES}) AS change
        GROUP BY district_id, date, grade, band, {", ".join(DIMENSIONS)}
    )
    ARRAY JOIN [{PAIRS}] AS pair
    WHERE {among}
    UNION ALL
    SELECT
        {_KEY}, {", ".join("0" for _ in BANDS)}, {", ".join(f"toInt64({name})" for name in BANDS)}
    FROM district_bands FINAL
    WHERE school_year = {{year:UInt16}} AND district_id IN {{districts:Array(String)}}
        AND date >= {{first:Date}} AND {among}
)
GROUP BY {_KEY}
HAVING {" OR ".join(f"{name} != sum(old_{name})" for name in BANDS)}"""


_OF_ALL = _replace("1")
_OF_GROUPS = _replace(f"(dimension, value) IN {_GROUPS}")


def recompute(client: Client, year: int, districts: Collection[str]) -> None:
    """Replace what differs of a year of these districts, whose students have been read."""
    given = {"year": year, "districts": sorted(districts), "first": date(year, 7, 1)}
    client.command(_OF_ALL, parameters=given)


def recompute_touched(client: Client, year: int, districts: Collection[str], first: date) -> None:
    """The same where only facts of the students in `touched` are new, and none is of a date before `first`.

    Nothing before it is another one then, nor of groups that none of these students is in.
    """
    client.command(_MAKE_GROUPS)
    client.command(f"TRUNCATE TABLE {_GROUPS}")
    client.command(_READ_GROUPS)
    client.command(_OF_GROUPS, parameters={"year": year, "districts": sorted(districts), "first": first})
