"""The counts of a district's school days in a school year, straight from the facts."""

from __future__ import annotations

from typing import NamedTuple

from infra.clickhouse.cells import COUNTS, PAIRS, SUMS
from models.trends.scope import DIMENSIONS


class Counted(NamedTuple):
    """A table of counts: its columns but the school year and COUNTS, and in the same order the recount."""

    table: str
    key: tuple[str, ...]
    recount: str


_OF_DISTRICT = "district_id = {district:String}"


def _by_all_groups(names: tuple[str, ...], which: str) -> str:
    """Facts by some of their columns and by all groups of their students at once, which leaves few rows."""
    return f"""SELECT
    {", ".join(f"facts.{name} AS {name}" for name in names)},
    {", ".join(f"groups.{name} AS {name}" for name in DIMENSIONS)},
    count() AS counted,
    countIf(facts.class != '') AS absent,
    {", ".join(f"countIf(facts.class = '{name}') AS {name}" for name in COUNTS[2:])}
FROM
(
    SELECT student_id, class, {", ".join(names)}
    FROM student_day_facts FINAL
    WHERE school_year = {{year:UInt16}} AND {_OF_DISTRICT} AND counted AND {which}
) AS facts
LEFT JOIN
(
    SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL WHERE {_OF_DISTRICT}
) AS groups
ON facts.district_id = groups.district_id AND facts.student_id = groups.student_id
GROUP BY {", ".join((*names, *DIMENSIONS))}"""


_CELL = ("district_id", "school_id", "date", "grade")
_CODED = (*_CELL, "code", "remote")

DAYS = Counted(
    "day_counts",
    ("dimension", "value", *_CELL),
    f"""SELECT pair.1 AS dimension, pair.2 AS value, {", ".join(_CELL)}, {SUMS}
FROM
(
    {_by_all_groups(_CELL, "1")}
)
ARRAY JOIN [{PAIRS}] AS pair
GROUP BY dimension, value, {", ".join(_CELL)}""",
)
REASONS = Counted(
    "reason_counts", (*_CODED, *DIMENSIONS), _by_all_groups(_CODED, "(class != '' OR code != '')")
)
TABLES = (DAYS, REASONS)
