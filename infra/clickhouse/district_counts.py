"""What a question about the whole state reads: a district's days and reasons, worked out from what is by
school.

As everywhere nothing is added up from what came (docs/adr/0023): what is touched is worked out anew from the
tables below, which have just been. There a cell that nobody is in any more is held as zeros, and so it
becomes zeros here. All cells of a touched school's day are written, whether they differ or not: to look for
them among those of all districts takes several times as long.
"""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from infra.clickhouse.day_counts import COUNTS, IN_TOUCHED_DAYS, PAIRS

K12 = "K-12"
"""The grade of cells that are about all grades but PK."""

LEVELS = f"if(grade = 'PK', ['PK'], ['{K12}', grade])"
_TOUCHED = "(district_id, date) IN (SELECT district_id, date FROM touched_days)"

# The counts of touched districts' days, which are read once: they lie in many places of their table. It lives
# as long as the client's session.
TOUCHED_COUNTS = "touched_counts"
_MAKE_COUNTS = f"CREATE TEMPORARY TABLE IF NOT EXISTS {TOUCHED_COUNTS} AS day_counts ENGINE = Memory"
_READ_COUNTS = f"""INSERT INTO {TOUCHED_COUNTS}
SELECT * FROM day_counts FINAL WHERE school_year = {{year:UInt16}} AND {_TOUCHED}"""

_SUMS = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)


def _replace(table: str, key: str, cells: str) -> str:
    """Write the sums of those cells that a touched school is in, as `of_school` says of each."""
    return f"""INSERT INTO {table} ({key}, school_year, {", ".join(COUNTS)})
SELECT {key}, {{year:UInt16}}, {_SUMS}
FROM ({cells})
GROUP BY {key}
HAVING max(of_school)"""


_DAYS = _replace(
    "district_days",
    "dimension, value, grade, district_id, date",
    f"""SELECT
        dimension, value, arrayJoin({LEVELS}) AS grade, district_id, date, {IN_TOUCHED_DAYS} AS of_school,
        {", ".join(COUNTS)}
    FROM {TOUCHED_COUNTS}""",
)

# By which codes students were absent or remote. The groups of one grade are left out: very many cells, each
# of a few students, and hardly ever asked for of a district as a whole.
_REASONS = _replace(
    "district_reasons",
    "dimension, value, grade, remote, district_id, date, code",
    f"""SELECT
        pair.1 AS dimension, pair.2 AS value,
        arrayJoin(if(dimension = 'all', {LEVELS}, [{LEVELS}[1]])) AS grade,
        remote, district_id, date, code, {IN_TOUCHED_DAYS} AS of_school, {", ".join(COUNTS)}
    FROM (SELECT * FROM reason_counts FINAL WHERE school_year = {{year:UInt16}} AND {_TOUCHED})
    ARRAY JOIN [{PAIRS}] AS pair""",
)


def read_touched(client: Client, year: int) -> None:
    """Put the counts of the districts' days in `touched_days` into `touched_counts`, zeros too."""
    client.command(_MAKE_COUNTS)
    client.command(f"TRUNCATE TABLE {TOUCHED_COUNTS}")
    client.command(_READ_COUNTS, parameters={"year": year})


def recompute_days(client: Client, year: int) -> None:
    """Replace the cells of the days in `touched_days`, whose counts are in `touched_counts`."""
    client.command(_DAYS, parameters={"year": year})


def recompute_reasons(client: Client, year: int) -> None:
    """The same of reasons; `reason_counts` must have been worked out."""
    client.command(_REASONS, parameters={"year": year})
