"""What a question about the whole state reads: a district's days, reasons and bands, worked out from what
is by school and by student.

As everywhere nothing is added up from what came (docs/adr/0023): what is touched is worked out anew from the
tables below, which have just been. Only cells that become others are written.
"""

from __future__ import annotations

from collections.abc import Collection

from clickhouse_connect.driver.client import Client

from infra.clickhouse.day_counts import COUNTS, PAIRS
from models.trends.answers import BANDS
from models.trends.scope import DIMENSIONS

K12 = "K-12"
"""The grade of cells that are about all grades but PK."""

LEVELS = f"if(grade = 'PK', ['PK'], ['{K12}', grade])"
_KEY = "dimension, value, grade, district_id, date"
_TOUCHED = "(district_id, date) IN (SELECT district_id, date FROM touched_days)"

# The counts of touched districts' days, which are read once: they lie in many places of their table. It lives
# as long as the client's session.
TOUCHED_COUNTS = "touched_counts"
_MAKE_COUNTS = f"CREATE TEMPORARY TABLE IF NOT EXISTS {TOUCHED_COUNTS} AS day_counts ENGINE = Memory"
_READ_COUNTS = f"""INSERT INTO {TOUCHED_COUNTS}
SELECT * FROM day_counts FINAL WHERE school_year = {{year:UInt16}} AND counted > 0 AND {_TOUCHED}"""


def _new(names: tuple[str, ...], cells: str, stored: str, key: str = _KEY) -> str:
    """The cells of a query that the table has not, or otherwise; those that are no more as zeros."""
    return f"""SELECT {key}, {{year:UInt16}}, {", ".join(f"sum(new_{n}) AS {n}" for n in names)}
FROM
(
    SELECT {key}, {", ".join(f"toInt64({n}) AS new_{n}, 0 AS old_{n}" for n in names)} FROM ({cells})
    UNION ALL
    SELECT {key}, {", ".join(f"0 AS new_{n}, toInt64({n}) AS old_{n}" for n in names)} FROM {stored}
)
GROUP BY {key}
HAVING {" OR ".join(f"{n} != sum(old_{n})" for n in names)}"""


_DAYS = f"""INSERT INTO district_days ({_KEY}, school_year, {", ".join(COUNTS)})
{
    _new(
        COUNTS,
        f'''SELECT dimension, value, arrayJoin({LEVELS}) AS grade, district_id, date, {", ".join(COUNTS)}
        FROM {TOUCHED_COUNTS}''',
        f"district_days FINAL WHERE school_year = {{year:UInt16}} AND {_TOUCHED}",
    )
}"""

# By which codes students were absent or remote. The groups of one grade are left out: very many cells, each
# of a few students, and hardly ever asked for of a district as a whole.
_CODES = "dimension, value, grade, remote, district_id, date, code"
_REASONS = f"""INSERT INTO district_reasons ({_CODES}, school_year, {", ".join(COUNTS)})
{
    _new(
        COUNTS,
        f'''SELECT
            pair.1 AS dimension, pair.2 AS value,
            arrayJoin(if(dimension = 'all', {LEVELS}, [{LEVELS}[1]])) AS grade,
            remote, district_id, date, code, {", ".join(COUNTS)}
        FROM
        (
            SELECT * FROM reason_counts FINAL
            WHERE school_year = {{year:UInt16}} AND counted > 0 AND {_TOUCHED}
        )
        ARRAY JOIN [{PAIRS}] AS pair''',
        f"district_reasons FINAL WHERE school_year = {{year:UInt16}} AND {_TOUCHED}",
        _CODES,
    )
}"""

# A step into a band on its day, and on the day of the next step out of it.
CHANGES = """arrayConcat(
            arrayMap(step -> (step.1, step.3, step.4, toInt8(1)), steps),
            arrayMap(
                (step, next) -> (next.1, step.3, step.4, toInt8(-1)),
                arrayPopBack(steps), arrayPopFront(steps)
            )
        )"""
"""Of the column `steps` of standings: (date, grade, band, students)."""

_BANDS = f"""INSERT INTO district_bands ({_KEY}, school_year, {", ".join(BANDS)})
{
    _new(
        BANDS,
        f'''SELECT
            pair.1 AS dimension, pair.2 AS value, arrayJoin({LEVELS}) AS grade, district_id, date,
            {", ".join(f"(band = {n}) * students AS {name}" for n, name in enumerate(BANDS))}
        FROM
        (
            SELECT
                changed.district_id AS district_id, change.1 AS date, change.2 AS grade, change.3 AS band,
                {", ".join(f"groups.{name} AS {name}" for name in DIMENSIONS)}, sum(change.4) AS students
            FROM
            (
                SELECT district_id, student_id, arrayJoin({CHANGES}) AS change
                FROM standings FINAL
                WHERE school_year = {{year:UInt16}} AND scope = 'district'
                    AND district_id IN {{districts:Array(String)}}
            ) AS changed
            LEFT JOIN
            (
                SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL
                WHERE district_id IN {{districts:Array(String)}}
            ) AS groups
            ON changed.district_id = groups.district_id AND changed.student_id = groups.student_id
            GROUP BY district_id, date, grade, band, {", ".join(DIMENSIONS)}
        )
        ARRAY JOIN [{PAIRS}] AS pair''',
        "district_bands FINAL WHERE school_year = {year:UInt16} AND district_id IN {districts:Array(String)}",
    )
}"""


def read_touched(client: Client, year: int) -> None:
    """Put the counts of the districts' days in `touched_days` into `touched_counts`."""
    client.command(_MAKE_COUNTS)
    client.command(f"TRUNCATE TABLE {TOUCHED_COUNTS}")
    client.command(_READ_COUNTS, parameters={"year": year})


def recompute_days(client: Client, year: int) -> None:
    """Replace what differs of the days in `touched_days`, whose counts are in `touched_counts`."""
    client.command(_DAYS, parameters={"year": year})


def recompute_reasons(client: Client, year: int) -> None:
    """The same of reasons; `reason_counts` must have been worked out."""
    client.command(_REASONS, parameters={"year": year})


def recompute_bands(client: Client, year: int, districts: Collection[str]) -> None:
    """Replace what differs of a year of these districts; standings and groups must have been worked out."""
    client.command(_BANDS, parameters={"year": year, "districts": sorted(districts)})
