"""What new facts have touched is worked out anew: by student, by district and by day, at the same time.

A correction of one day is a few hundredths of a second of work in each of twenty statements. Here is said
what has to wait for what; the rest goes on in sessions of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, NamedTuple

import orjson
from clickhouse_connect.driver.client import Client

from infra.clickhouse import day_counts, district_counts, districts, known_bands, school_days, standings
from infra.clickhouse.known_bands import News
from infra.clickhouse.rows import Columns
from models.school_year import first_day

Touched = tuple[str, str, str]
"""district_id, school_id, student_id."""

TouchedDay = tuple[str, str, str]
"""district_id, school_id, date as written."""


class Lanes(NamedTuple):
    """Three clients of a database, each of which is used by one thread at a time."""

    students: Client
    districts: Client
    days: Client


class Recounted(NamedTuple):
    """How many rows of standings were written, and how many schools' days were counted anew."""

    standings: int
    days: int


def recount(
    lanes: Lanes,
    year: int,
    touched: Mapping[Touched, int],
    days: Collection[TouchedDay],
    news: News | None,
) -> Recounted:
    """Work out all that rests on the facts of some students, and of some schools' days, of a school year.

    Of each student the Unix time in milliseconds at which the first of the new facts was known. The facts
    must have been inserted, and their versions. `news` spares work where facts came in order; without it none
    is taken to have.
    """
    # It waits for all of them in any case, so that nothing of a call is left when it is repeated.
    with ThreadPoolExecutor(2, "recount") as executor:
        counted = executor.submit(recount_days, lanes.days, year, days)
        touch(lanes.students, touched)
        written = standings.recompute(lanes.students, year)
        of_districts = executor.submit(_recount_districts, lanes.districts, year, touched, news)
        known_bands.recompute(lanes.students, year, news)
        of_districts.result()
        return Recounted(written, counted.result())


def _recount_districts(client: Client, year: int, touched: Mapping[Touched, int], news: News | None) -> None:
    touch(client, touched)
    first = first_day(year) if news is None else date.fromisoformat(news.first)
    districts.recompute_touched(client, year, {district for district, _, _ in touched}, first)


def recount_days(client: Client, year: int, days: Collection[TouchedDay]) -> int:
    """Count these schools' days anew, and all that rests on their counts; how many days that were."""
    fill(client, "touched_days", day_counts.TOUCHED_DAYS, day_counts.TOUCHED_COLUMNS, days)
    return recount_touched_days(client, year)


def recount_touched_days(client: Client, year: int) -> int:
    """The same of the days in `touched_days`."""
    counted = day_counts.recompute(client, year)
    district_counts.read_touched(client, year)
    district_counts.recompute_days(client, year)
    district_counts.recompute_reasons(client, year)
    school_days.recompute(client, year)
    return counted


def recount_groups(client: Client, district: str, students: Collection[str]) -> int:
    """Count all days of students who are in other groups now, in every year; how many days that were."""
    rows = {(district, student) for student in students}
    fill(client, "regrouped", day_counts.REGROUPED, ("district_id", "student_id"), rows)
    days = 0
    for year in day_counts.years_of_regrouped(client):
        fill(client, "touched_days", day_counts.TOUCHED_DAYS, day_counts.TOUCHED_COLUMNS, ())
        day_counts.touch_regrouped(client, year)
        days += recount_touched_days(client, year)
        known_bands.regroup(client, year)
        districts.recompute(client, year, {district})
    return days


def touch(client: Client, touched: Mapping[Touched, int]) -> None:
    """Put the students into `touched`."""
    rows = [(*student, since) for student, since in touched.items()]
    fill(client, "touched", standings.TOUCHED, standings.TOUCHED_COLUMNS, rows)


def fill(
    client: Client, table: str, made: str, names: Sequence[str], rows: Collection[tuple[Any, ...]]
) -> None:
    """Make a temporary table hold just these rows."""
    client.command(made)
    client.command(f"TRUNCATE TABLE {table}")
    if rows:
        insert(client, table, names, tuple(map(list, zip(*rows, strict=True))))


def insert(client: Client, table: str, names: Sequence[str], columns: Columns) -> None:
    """Insert rows; the names are the caller's own."""
    # The client's own `insert` is as fast, but hands its rows to chDB in a file in the system's temporary
    # folder, where a process that is killed leaves them: records outside of ROLLCALL_HOME.
    statement = f"INSERT INTO {table} ({', '.join(names)}) FORMAT JSONCompactColumns"
    client.command(statement, data=orjson.dumps(columns))
