"""A small made-up district in the store for the API: true counts, and a release that hides some of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from fastapi import FastAPI

from infra.clickhouse.code_labels import CodeLabels, Label
from infra.clickhouse.store import Store
from infra.edsight.codes import Codes
from infra.releases.rows import COLUMNS
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
(district_id, school_year, date, school_id, student_id, grade, class, counted, version, code, remote{more})
SELECT 'D1', year, day, school, student, grade,
    if(cityHash64(student, toString(day), {seed}) % 40 < missed,
        ['excused', 'unexcused', 'mhw', 'unknown', 'disciplinary'][1 + cityHash64(day, {seed}) % 5], ''
    ) AS class,
    1, 1, multiIf(class = '' AND remote, 'RM', class = 'excused', 'EX', class = 'unexcused', '=UN',
        class = 'mhw', 'MH', ''),
    cityHash64(student, day, {seed}) % 9 = 0 AS remote{known}
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

# Opened with the first fact known; some recovered, and of some that was known only later.
_ALERTS = """INSERT INTO alert_history
(district_id, alert_id, sequence, change, condition, scope, school_id, opening_school_id, student_id,
school_year, rule, opened_on, recovered_on, enrolled_days, absent_days, version, known_at)
SELECT 'D1', student, sequence, ['opened', 'recovered', 'withdrawn'][sequence + 1],
    ['standing', 'recovered', 'withdrawn'][sequence + 1], if(missed % 2 = 0, 'district', 'school') AS of,
    if(of = 'school', school, ''), school, student, 2024, ['tier_2', 'chronic'][1 + missed % 2], '2024-10-01',
    if(sequence = 1, toDate('2024-11-04'), NULL), 20, missed, 1,
    toDateTime64(['2024-10-02', '2024-11-05', '2024-12-02'][sequence + 1], 3, 'UTC')
FROM ({student})
ARRAY JOIN range(1 + cityHash64(student, {seed}) % 3) AS sequence
WHERE missed > 4"""

_PUBLISHED = """INSERT INTO published_rates
(school_year, level, district, school, dimension, value, district_code, district_name, school_code,
school_name, chronic, rate, version)
SELECT year, level, if(level = 'state', '', '0010011'), if(level = 'school', '0010111', ''), of.1, of.2,
    '', '', '', '', if(year = 2022, NULL, {seed} + 40), if(year = 2022, NULL, 1250), 1
FROM (SELECT 2021 + number AS year FROM numbers(3)) AS years
ARRAY JOIN ['state', 'district', 'school'] AS level
ARRAY JOIN [('all', ''), ('meals', 'Free'), ('grade', 'PK')] AS of"""

CODES = Codes({"D1": "0010011"}, {("D1", "A"): "0010111"})
"""EdSight's codes of the made-up district and of one of its schools."""

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
    client.command(_ALERTS.format(seed=seed, student=_STUDENT))
    client.command(_PUBLISHED.format(seed=seed))
    labels = (Label("EX", "", "Excused"), Label("=UN", "", "=Unexcused"), Label("MH", "", "Wellness"))
    store.put_labels([CodeLabels("D1", 1, labels)])
    for year in (2023, 2024):
        students, days = (
            client.query(
                f"SELECT DISTINCT district_id, school_id, {column} FROM student_day_facts "
                f"WHERE school_year = {year}"
            ).result_rows
            for column in ("student_id", "toString(date)")
        )
        touched = {(row[0], row[1], row[2]): 0 for row in students}
        store.recount(year, touched, [(row[0], row[1], row[2]) for row in days])


def release(store: Store) -> None:
    """A release of D1 with hidden numbers, and cells of one that was replaced."""
    places = (("", "", "all", ""), ("A", "", "all", ""), ("B", "", "all", ""), ("A", "", "meals", ""))
    rows = []
    for version, shown in ((1, 999), (2, 40)):
        for place in places:
            for measure in BANDS:
                value = shown if place[0] != "B" and measure in ("enrolled", "under_5") else None
                rows.append((version, "bands", *place, "", "", measure, value))
        for rule in ("chronic", "tier_2"):
            for measure in ("standing", "recovered", "withdrawn"):
                value = shown if rule == "chronic" and measure != "withdrawn" else None
                rows.append((version, "alerts", "", "", "all", "", "", rule, measure, value))
        for school, month in (("", ""), ("A", "2024-10"), ("B", "2024-10")):
            for measure in ("counted", "absent"):
                value = None if school == "B" else shown
                rows.append((version, "attendance", school, "", "all", "", month, "", measure, value))
    store.insert(
        "released_cells",
        COLUMNS,
        [("D1", 2024, AS_OF, *row, "" if row[-1] else "small_count") for row in rows],
    )
    store.insert(
        "releases",
        ("district_id", "school_year", "as_of", "version", "made_by", "data_through", "least_count",
         "least_size", "values_open", "cells"),
        [("D1", 2024, AS_OF, 2, "test", AS_OF, 6, 20, 6, len(rows))],
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
            StoreTrends(clients, settings.clickhouse_database, CODES), StoreReleases(clients), door, "0.0.0"
        )
    finally:
        clients.close()
