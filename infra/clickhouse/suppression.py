"""What is hidden, as SQL for views and migrations (docs/suppression.md, In the store).

The limits are written here once, from the same `Limits` as `models/suppression/limits.py`; a test holds the
two together. A release is stored as it was decided, and answered from: numbers that changed since then are
never shown through an older decision. Only identifiers of our own go into these texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.suppression.limits import CONNECTICUT, Limits, Why
from models.suppression.release import Answer, Release

SIZE = "enrolled"
"""The name under which the size of a group is stored."""

RELEASED = """CREATE TABLE IF NOT EXISTS released_cells
(
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    as_of Date,
    school_id LowCardinality(String) COMMENT 'blank: all',
    grade LowCardinality(String) COMMENT 'blank: all',
    student_group LowCardinality(String) COMMENT 'blank: all',
    measure LowCardinality(String),
    value Nullable(UInt32) COMMENT 'NULL where hidden',
    reason LowCardinality(String) COMMENT 'why hidden, for those who may see the numbers; blank where shown',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY school_year
ORDER BY (district_id, school_year, as_of, school_id, grade, student_group, measure)"""

COLUMNS = (
    "district_id",
    "school_year",
    "as_of",
    "school_id",
    "grade",
    "student_group",
    "measure",
    "value",
    "reason",
    "version",
)

REPORTED = """CREATE VIEW IF NOT EXISTS reported_cells AS
SELECT
    cells.district_id AS district_id,
    cells.school_year AS school_year,
    cells.as_of AS as_of,
    cells.school_id AS school_id,
    cells.grade AS grade,
    cells.student_group AS student_group,
    cells.measure AS measure,
    if(cells.reason = '', cells.value, NULL) AS value,
    isNull(value) AS hidden,
    if(isNull(value), '*', toString(assumeNotNull(value))) AS shown
FROM released_cells AS cells FINAL"""
"""What an analyst may read: without the reasons, which say more than a `*` should."""


def why_hidden_sql(count: str, size: str, limits: Limits = CONNECTICUT) -> str:
    """An expression that is why a count of a group is hidden for itself, blank where it is not.

    `count` and `size` are expressions of whole numbers. NULL in either of them is a hidden number.
    """
    few, small = limits.least_count, limits.least_size
    count, size = f"toInt64({count})", f"toInt64({size})"
    return (
        f"multiIf(isNull({count}) OR isNull({size}), '{Why.COMPLEMENTARY}',"
        f" {size} < {small}, '{Why.SMALL_GROUP}',"
        f" {count} = 0 OR {count} = {size}, '{Why.EXTREME}',"
        f" {count} < {few}, '{Why.SMALL_COUNT}',"
        f" {size} - {count} < {few}, '{Why.EXTREME}', '')"
    )


def why_size_hidden_sql(size: str, limits: Limits = CONNECTICUT) -> str:
    """An expression that is why the size of a group is hidden for itself, blank where it is not."""
    size = f"toInt64({size})"
    few = limits.least_count
    return f"multiIf(isNull({size}), '{Why.COMPLEMENTARY}', {size} < {few}, '{Why.SMALL_COUNT}', '')"


def rows_of_release(
    what: Release, district_id: str, school_year: int, as_of: Any, version: int
) -> Iterator[Sequence[Any]]:
    """The rows of a release in the order of COLUMNS. Its places are (school, grade, group)."""
    for answer in what.answers.values():
        for measure, value, reason in _numbers(answer):
            yield (
                district_id,
                school_year,
                as_of,
                *answer.place,
                measure,
                value,
                reason or "",
                version,
            )


def _numbers(answer: Answer) -> Iterator[tuple[str, int | None, Why | None]]:
    yield SIZE, answer.size, answer.size_why
    for measure, value in answer.counts.items():
        yield measure, value, answer.why[measure]
