"""On which days of a school year each school counted anybody: a row a school, grade and group, not one a day.

Of each touched day it is worked out anew, from the counts of these days; the other days stay. Only rows that
become others are written.
"""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import LEVELS
from infra.clickhouse.day_counts import TOUCHED_COUNTS

_KEY = "dimension, value, grade, district_id, school_id"
_DAY = "Array(Tuple(Date, UInt32))"

# Of which cells days may be others: those of which a touched day holds any count, be it zeros.
_CELLS = f"SELECT dimension, value, arrayJoin({LEVELS}), district_id, school_id FROM {TOUCHED_COUNTS}"

_DAYS = f"""INSERT INTO school_days ({_KEY}, school_year, days, mhw)
SELECT
    {_KEY}, {{year:UInt16}},
    arrayMap(
        day -> day.1,
        arraySort(arrayConcat(arrayFilter(day -> NOT has(touched.dates, day.1), before), recounted)) AS held
    ),
    arrayMap(day -> day.2, held)
FROM
(
    SELECT {_KEY}, arrayFlatten(groupArray(new)) AS recounted, arrayFlatten(groupArray(old)) AS before
    FROM
    (
        SELECT {_KEY}, groupArray((date, taken)) AS new, CAST([], '{_DAY}') AS old
        FROM
        (
            SELECT
                dimension, value, arrayJoin({LEVELS}) AS grade, district_id, school_id, date,
                toUInt32(sum(mhw)) AS taken
            FROM {TOUCHED_COUNTS}
            WHERE counted > 0
            GROUP BY ALL
        )
        GROUP BY {_KEY}
        UNION ALL
        SELECT {_KEY}, CAST([], '{_DAY}'), arrayZip(days, mhw)
        FROM school_days FINAL
        WHERE school_year = {{year:UInt16}} AND notEmpty(days)
            AND ({_KEY}) IN ({_CELLS})
    )
    GROUP BY {_KEY}
) AS cells
INNER JOIN
(
    SELECT district_id, school_id, groupUniqArray(date) AS dates
    FROM touched_days
    GROUP BY district_id, school_id
) AS touched
ON cells.district_id = touched.district_id AND cells.school_id = touched.school_id
WHERE held != before"""


def recompute(client: Client, year: int) -> None:
    """Replace what differs of the schools in `touched_days`, whose counts are in `touched_counts`."""
    client.command(_DAYS, parameters={"year": year})
