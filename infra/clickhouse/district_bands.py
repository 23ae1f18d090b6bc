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
from infra.clickhouse.touched_cells import PLACES, touched_cells
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

_KEY = "dimension, value, grade, district_id, date"


def _replace(new: str, among: str) -> str:
    """The statement for cells from a date on, which are what `new` says; others of them become zeros."""
    return f"""INSERT INTO district_bands ({_KEY}, school_year, {", ".join(BANDS)})
SELECT {_KEY}, {{year:UInt16}}, {", ".join(f"sum(new_{name}) AS {name}" for name in BANDS)}
FROM
(
    {new}
    UNION ALL
    SELECT
        {_KEY}, {", ".join("0" for _ in BANDS)}, {", ".join(f"toInt64({name})" for name in BANDS)}
    FROM district_bands FINAL
    WHERE school_year = {{year:UInt16}} AND district_id IN {{districts:Array(String)}}
        AND date >= {{first:Date}} AND {among}
)
GROUP BY {_KEY}
HAVING {" OR ".join(f"{name} != sum(old_{name})" for name in BANDS)}"""


_CHANGES_FROM = f"arrayFilter(change -> change.1 >= {{first:Date}}, {CHANGES})"
_NOTHING_BEFORE = ", ".join(f"toInt64(0) AS old_{name}" for name in BANDS)
_BANDS = ", ".join(f"sumIf(students, band = {n}) AS {name}" for n, name in enumerate(BANDS))
_NEW = ", ".join(f"toInt64({name}) AS new_{name}" for name in BANDS)

_OF_ALL = _replace(
    f"""SELECT
        pair.1 AS dimension, pair.2 AS value, arrayJoin({LEVELS}) AS grade, district_id, date, {_NEW},
        {_NOTHING_BEFORE}
    FROM
    (
        SELECT district_id, date, grade, {", ".join(DIMENSIONS)}, {_BANDS}
        FROM
        (
            SELECT
                district_id, {", ".join(DIMENSIONS)}, change.1 AS date, change.2 AS grade,
                change.3 AS band, change.4 AS students
            FROM {STUDENTS}
            ARRAY JOIN {_CHANGES_FROM} AS change
        )
        GROUP BY district_id, date, grade, {", ".join(DIMENSIONS)}
    )
    ARRAY JOIN [{PAIRS}] AS pair""",
    "1",
)

_OF_CELLS = _replace(
    f"""SELECT
        {{groups:Array(Tuple(String, String))}}[place].1 AS dimension,
        {{groups:Array(Tuple(String, String))}}[place].2 AS value,
        grade, district_id, date, {_NEW}, {_NOTHING_BEFORE}
    FROM
    (
        SELECT
            district_id, date, places, {_BANDS},
            arrayJoin(arrayFilter(level -> has({{grades:Array(String)}}, level), {LEVELS})) AS grade
        FROM
        (
            SELECT
                district_id, places, change.1 AS date, change.2 AS grade, change.3 AS band,
                change.4 AS students
            FROM (SELECT district_id, steps, {PLACES} AS places FROM {STUDENTS})
            ARRAY JOIN {_CHANGES_FROM} AS change
        )
        GROUP BY district_id, date, places, grade
    )
    ARRAY JOIN places AS place""",
    """(dimension, value) IN {groups:Array(Tuple(String, String))} AND grade IN {grades:Array(String)}""",
)


def recompute(client: Client, year: int, districts: Collection[str]) -> None:
    """Replace what differs of a year of these districts, whose students have been read."""
    given = {"year": year, "districts": sorted(districts), "first": date(year, 7, 1)}
    client.command(_OF_ALL, parameters=given)


def recompute_touched(client: Client, year: int, districts: Collection[str], dates: Collection[str]) -> None:
    """The same where only facts of the students in `touched` are new, and all of them are of these dates.

    Nothing before the first of them is another one then, nor in cells that none of these students is in.
    """
    cells = touched_cells(client, year, dates)
    given = {"year": year, "districts": sorted(districts), "first": min(dates), **cells.parameters()}
    client.command(_OF_CELLS, parameters=given)
