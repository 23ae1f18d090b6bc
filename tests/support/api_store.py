"""A small made-up district in the store for the API: true counts, and a release that hides some of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from fastapi import FastAPI

from infra.clickhouse.store import Store
from infra.edsight.codes import Codes
from infra.serving.clients import Clients
from infra.serving.releases import StoreReleases
from infra.serving.trends import StoreTrends
from infra.settings import Settings
from tests.support.api import GRANTS
from web.app import make_app
from web.asking import Door
from web.rate import Rate

AS_OF = date(2024, 11, 29)

_STUDENT = """SELECT
    leftPad(toString(number), 4, '0') AS student, ['A', 'A', 'A', 'B', '=C'][1 + number % 5] AS school,
    ['PK', 'K', '1', '1', '2', '2', '3'][1 + number % 7] AS grade, number % 13 AS missed
FROM numbers(70)"""

_FACTS = """INSERT INTO {table}
(district_id, school_year, date, school_id, student_id, grade, class, counted, version{more})
SELECT 'D1', year, day, school, student, grade,
    if(cityHash64(student, toString(day), {seed}) % 40 < missed,
        ['excused', 'unexcused', 'mhw', 'unknown', 'disciplinary'][1 + cityHash64(day, {seed}) % 5], ''),
    1, 1{known}
FROM ({student}) AS students
CROSS JOIN
(
    SELECT toDate('2023-09-01') + number AS day, if(day < '2024-07-01', 2023, 2024) AS year
    FROM numbers(480)
    WHERE toDayOfWeek(day) < 6 AND number % 7 = 0 AND toMonth(day) NOT IN (7, 8)
) AS days
WHERE school != 'B' OR day < '2024-11-20'"""

_GROUPS = """INSERT INTO students
(district_id, student_id, english_learner, disability, meals, homeless, race_ethnicity, gender, version)
SELECT 'D1', student, ['yes', 'no'][1 + cityHash64(student, {seed}) % 2], ['', 'yes', 'no'][1 + missed % 3],
    ['free', 'reduced', 'paid', ''][1 + missed % 4], if(missed = 3, 'yes', 'no'),
    ['White', 'Two or more', '=1+1'][1 + missed % 3], ['F', 'M', 'X'][1 + missed % 3], 1
FROM ({student})"""

# As a release is kept: see migration `releases`, which makes the same tables where it is there.
RELEASE_TABLES = (
    """CREATE TABLE IF NOT EXISTS released_cells (district_id String, school_year UInt16, as_of Date,
    version UInt64, table_name String, school_id String, grade String, dimension String, member String,
    month String, rule String, measure String, value Nullable(UInt32), reason String)
    ENGINE = ReplacingMergeTree ORDER BY (district_id, as_of, version, table_name, school_id, grade,
    dimension, member, month, rule, measure)""",
    """CREATE TABLE IF NOT EXISTS releases (district_id String, school_year UInt16, as_of Date,
    version UInt64, made_by String, data_through Date, least_count UInt16, least_size UInt16,
    values_open UInt16, cells UInt32)
    ENGINE = ReplacingMergeTree(version) ORDER BY (district_id, school_year, as_of)""",
)
BANDS = ("enrolled", "under_5", "under_10", "under_20", "over_20", "chronic")


def fill(store: Store, seed: int = 0) -> None:
    """District D1 with schools A, B and =C in two school years; another seed is another history."""
    client = store.client
    for table, more, known in (
        ("student_day_facts", "", ""),
        ("fact_history", ", known_at", ", now64(3) - 1"),
    ):
        client.command(_FACTS.format(table=table, more=more, known=known, seed=seed, student=_STUDENT))
    client.command(_GROUPS.format(seed=seed, student=_STUDENT))
    for year in (2023, 2024):
        for column, recompute in (
            ("student_id", store.recompute_standings),
            ("toString(date)", store.recompute_days),
        ):
            rows = client.query(
                f"SELECT DISTINCT district_id, school_id, {column} FROM student_day_facts "
                f"WHERE school_year = {year}"
            ).result_rows
            recompute(year, [(row[0], row[1], row[2]) for row in rows])


def release(store: Store) -> None:
    """A release of D1 with hidden numbers, and cells of one that was replaced."""
    client = store.client
    for statement in RELEASE_TABLES:
        client.command(statement)
    places = (("", "", "all", ""), ("A", "", "all", ""), ("B", "", "all", ""), ("A", "", "meals", ""))
    rows = []
    for version, shown in ((1, 999), (2, 40)):
        for place in places:
            for measure in BANDS:
                value = shown if place[0] != "B" and measure in ("enrolled", "under_5") else None
                rows.append((version, "bands", *place, "", measure, value))
        for school, month in (("", ""), ("A", "2024-10"), ("B", "2024-10")):
            for measure in ("counted", "absent"):
                value = None if school == "B" else shown
                rows.append((version, "attendance", school, "", "all", "", month, measure, value))
    client.insert(
        "released_cells",
        [("D1", 2024, AS_OF, *row[:7], "", *row[7:], "" if row[-1] else "small_count") for row in rows],
        ["district_id", "school_year", "as_of", "version", "table_name", "school_id", "grade", "dimension",
         "member", "month", "rule", "measure", "value", "reason"],
    )  # fmt: skip
    client.insert(
        "releases",
        [("D1", 2024, AS_OF, 2, "test", AS_OF, 6, 20, 6, len(rows))],
        ["district_id", "school_year", "as_of", "version", "made_by", "data_through", "least_count",
         "least_size", "values_open", "cells"],
    )  # fmt: skip


@contextmanager
def api_of(settings: Settings, database: str = "") -> Iterator[FastAPI]:
    """The API over a store, with the tokens of tests.support.api, and as many requests as one likes."""
    if database:
        settings = settings.model_copy(update={"clickhouse_database": database})
    clients = Clients(settings)
    door = Door(lambda: GRANTS, lambda: datetime(2024, 12, 20, tzinfo=UTC), time.monotonic, Rate(1e6, 10**9))
    try:
        yield make_app(
            StoreTrends(clients, settings.clickhouse_database, Codes()), StoreReleases(clients), door, "0.0.0"
        )
    finally:
        clients.close()
