"""What a question about the whole state reads: a district's days and reasons, worked out from its facts.

As everywhere nothing is added up from what came (docs/adr/0023): what is touched is worked out anew. By
school a cell that nobody is in any more is held as zeros, and so it becomes zeros here. All cells of a
touched school's day are written, whether they differ or not: to look for them among those of all districts
takes several times as long.
"""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import LEVELS, NAMES, PAIRS, SUMS, ZEROS
from infra.clickhouse.day_counts import TOUCHED_COUNTS, TOUCHED_REASONS
from infra.clickhouse.touched_facts import TOUCHED_FACTS


def _replace(table: str, key: str, counted: str, touched: str) -> str:
    """Write the sums of what is `counted`, of those cells that are `touched` and no others."""
    return f"""INSERT INTO {table} ({key}, school_year, {NAMES})
SELECT {key}, {{year:UInt16}}, {SUMS}
FROM
(
    SELECT {key}, false AS is_touched, {NAMES} FROM ({counted})
    UNION ALL
    SELECT {key}, true, {ZEROS} FROM ({touched})
)
GROUP BY {key}
HAVING max(is_touched)"""


_DAYS = _replace(
    "district_days",
    "dimension, value, grade, district_id, date",
    f"""SELECT
            pair.1 AS dimension, pair.2 AS value, arrayJoin({LEVELS}) AS grade, district_id, date, {NAMES}
        FROM {TOUCHED_FACTS}
        ARRAY JOIN [{PAIRS}] AS pair""",
    f"SELECT * REPLACE (arrayJoin({LEVELS}) AS grade) FROM {TOUCHED_COUNTS}",
)

# By which codes students were absent or remote. The groups of one grade are left out: very many cells, each
# of a few students, and hardly ever asked for of a district as a whole.
_REASON = f"""SELECT
            pair.1 AS dimension, pair.2 AS value,
            arrayJoin(if(dimension = 'all', {LEVELS}, [{LEVELS}[1]])) AS grade,
            remote, district_id, date, code, {NAMES}
        FROM {{}}
        ARRAY JOIN [{PAIRS}] AS pair"""
_REASONS = _replace(
    "district_reasons",
    "dimension, value, grade, remote, district_id, date, code",
    _REASON.format(f"(SELECT * FROM {TOUCHED_FACTS} WHERE has_reason)"),
    _REASON.format(TOUCHED_REASONS),
)


def recompute_days(client: Client, year: int) -> None:
    """Replace what the days in `touched_days` say; the counts of their schools have been worked out."""
    client.command(_DAYS, parameters={"year": year})


def recompute_reasons(client: Client, year: int) -> None:
    """The same of reasons."""
    client.command(_REASONS, parameters={"year": year})
