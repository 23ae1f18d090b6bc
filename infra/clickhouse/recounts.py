"""What new facts have touched is worked out anew: by student, by district and by day, at the same time.

A correction of one day is a few hundredths of a second of work in each of twenty statements. Here is said
what has to wait for what; the rest goes on in sessions of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse import (
    day_counts,
    district_counts,
    districts,
    known_bands,
    regrouped,
    school_days,
    standings,
    touched_facts,
)
from infra.clickhouse.known_bands import News
from infra.clickhouse.temporary import Condition
from infra.clickhouse.touched_facts import TouchedDay, these_days
from infra.clickhouse.touched_students import Touched, touch, widen


class Lanes(NamedTuple):
    """Three clients of a database, each of which is used by one thread at a time."""

    students: Client
    districts: Client
    days: Client


# Of so few, each statement is worked out by one thread of the server. Three lanes that take all of its
# threads get in each other's way: a third more work, and a third more time.
_STUDENTS_A_THREAD = 1_000


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
    _set(lanes, "1" if len(touched) <= _STUDENTS_A_THREAD else "DEFAULT")
    # It waits for all of them in any case, so that nothing of a call is left when it is repeated.
    with ThreadPoolExecutor(2, "recount") as executor:
        counted = executor.submit(recount_days, lanes.days, year, days)
        touch(lanes.students, touched)
        all_of_them = widen(lanes.students, year)
        written = standings.recompute(lanes.students, year, all_of_them)
        of_districts = executor.submit(_recount_districts, lanes.districts, year, touched, news)
        known_bands.recompute(lanes.students, year, news, all_of_them)
        of_districts.result()
        counted.result()
        return Recounted(written, len(set(days)))


def _set(lanes: Lanes, threads: str) -> None:
    # Nothing is compiled: the fourth correction after a start would wait for it, longer than for all the
    # rest, and none would be faster afterwards.
    compiled = ("compile_expressions", "compile_aggregate_expressions", "compile_sort_description")
    for lane in lanes:
        lane.command(f"SET max_threads = {threads}, {', '.join(f'{name} = 0' for name in compiled)}")


def _recount_districts(client: Client, year: int, touched: Mapping[Touched, int], news: News | None) -> None:
    of = {district for district, _, _ in touched}
    if news is None:
        districts.recompute(client, year, of)
    else:
        touch(client, touched)
        students = {student for _, _, student in touched}
        districts.recompute_touched(client, year, of, students, news.dates)


def recount_days(client: Client, year: int, days: Collection[TouchedDay]) -> None:
    """Count these schools' days anew, and all that rests on their counts."""
    touched_facts.touch(client, days)
    _recount_touched_days(client, year, these_days(days))


def _recount_touched_days(client: Client, year: int, days: Condition) -> None:
    touched_facts.read(client, year)
    day_counts.recompute(client, year, days)
    district_counts.recompute_days(client, year)
    district_counts.recompute_reasons(client, year)
    school_days.recompute(client, year)
    touched_facts.empty(client)
    day_counts.empty(client)


def recount_groups(lanes: Lanes, district: str, students: Collection[str]) -> int:
    """Count all days of students who are in other groups now, in every year; how many days that were."""
    _set(lanes, "DEFAULT")
    for lane in (lanes.days, lanes.students):
        regrouped.put(lane, district, students)
    years = regrouped.years(lanes.days)
    with ThreadPoolExecutor(2, "recount") as executor:
        of_district = executor.submit(_recompute_district, lanes.districts, years, district)
        learned = executor.submit(_regroup, lanes.students, years)
        counted = _recount_regrouped(lanes.days, years)
        of_district.result()
        learned.result()
        return counted


def _recompute_district(client: Client, years: Collection[int], district: str) -> None:
    for year in years:
        districts.recompute(client, year, {district})


def _regroup(client: Client, years: Collection[int]) -> None:
    for year in years:
        known_bands.regroup(client, year)


def _recount_regrouped(client: Client, years: Collection[int]) -> int:
    counted = 0
    for year in years:
        counted += regrouped.touch(client, year)
        _recount_touched_days(client, year, these_days())
    return counted
