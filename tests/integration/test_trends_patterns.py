"""Patterns, cohorts, first months and MHW days are what counting the worker's ledger one by one gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.trends.bands import bands
from infra.trends.cohorts import cohorts
from infra.trends.first_month import first_month
from infra.trends.mhw import mhw_days, mhw_students
from infra.trends.patterns import pattern
from models.school_year import first_day, school_year_of
from models.trends.answers import Bands, Counts
from models.trends.patterns import (
    Cohorts,
    FirstMonth,
    MhwDays,
    MhwStudents,
    Tiers,
    against_mean,
    tiers_of,
)
from models.trends.scope import BadQuestion, Scope
from streams import facts_message
from streams.facts_message import Facts
from streams.topics import FACTS
from tests.integration.test_trends_questions import Told, expected_counts, in_scope, of_grade, scopes
from tests.support.chdb_store import Engine, log_in
from tests.support.pipeline import CountedDay

Student = tuple[str, str]


def due_days(days: Sequence[CountedDay], year: int, as_of: date) -> dict[Student, list[CountedDay]]:
    """The days that count of each student: those of K-12 where there is one by then."""
    held: dict[Student, list[CountedDay]] = {}
    for day in days:
        if day.year == year and day.date <= as_of:
            held.setdefault((day.district, day.student), []).append(day)
    return {
        student: sorted([day for day in of if day.grade != "PK"] or of, key=lambda day: day.date)
        for student, of in held.items()
    }


def band_of(days: Sequence[CountedDay]) -> int:
    n, a = len(days), sum(day.class_ != "" for day in days)
    return sum(share * a >= n for share in (20, 10, 5))


def as_bands(found: Counter[int]) -> Bands:
    return Bands(*(found[band] for band in range(4)))


def expected_cohorts(told: Told, scope: Scope, as_of: date) -> Cohorts:
    year = school_year_of(as_of)
    of_group = [
        day for day in told.end if in_scope(day, Scope(**place_of(scope, school=False)), told.ledgers)
    ]
    of_place = [day for day in told.end if in_scope(day, scope, told.ledgers)]
    end = date(year, 6, 30)
    now, anywhere = due_days(of_place, year, as_of), due_days(of_group, year, as_of)
    was, before = due_days(of_place, year - 1, end), due_days(of_group, year - 1, end)
    moved = [Counter[int]() for _ in range(4)]
    new, gone = Counter[int](), Counter[int]()
    for student, held in now.items():
        if of_grade(held[-1].grade, scope):
            into = moved[band_of(before[student])] if student in before else new
            into[band_of(held)] += 1
    for student, held in was.items():
        if student not in anywhere and of_grade(held[-1].grade, scope):
            gone[band_of(before[student])] += 1
    first, second, third, fourth = map(as_bands, moved)
    return Cohorts((first, second, third, fourth), as_bands(new), as_bands(gone))


def place_of(scope: Scope, school: bool) -> dict[str, object]:
    return {
        "district": scope.district, "state": scope.state, "dimension": scope.dimension, "value": scope.value,
        "school": scope.school if school else "",
    }  # fmt: skip


def a_month_on(day: date) -> date:
    """The same day of the next month, or its last day where it has none."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    end = (date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)) - timedelta(days=1)
    return date(year, month, min(day.day, end.day))


def expected_first_month(told: Told, scope: Scope, as_of: date) -> FirstMonth | None:
    year = school_year_of(as_of)
    begins = min(
        (day.date for day in told.end if day.year == year and scope.district in ("", day.district)),
        default=None,
    )
    days = [day for day in told.end if in_scope(day, scope, told.ledgers)]
    asked = {
        student: held
        for student, held in due_days(days, year, as_of).items()
        if of_grade(held[-1].grade, scope)
    }
    if begins is None or not asked:
        return None
    after = a_month_on(begins)
    found = [Counter[int]() for _ in range(4)]
    for held in asked.values():
        within = [day for day in held if day.date < after]
        missed = sum(day.class_ != "" for day in within)
        place = 3 if not within else 2 if missed >= 5 else 1 if missed >= 2 else 0
        found[place][band_of(held)] += 1
    few, some, many, later = map(as_bands, found)
    return FirstMonth(begins, after - timedelta(days=1), (few, some, many), later)


def expected_mhw(days: Sequence[CountedDay], scope: Scope, year: int) -> MhwStudents:
    taken = [
        sum(day.class_ == "mhw" for day in held)
        for held in due_days(days, year, date(year + 1, 6, 30)).values()
        if of_grade(held[-1].grade, scope)
    ]
    return MhwStudents(tuple(taken.count(number) for number in range(max(taken, default=-1) + 1)))


@pytest.mark.parametrize("seed", [1, 9, 21])
def test_patterns_are_what_counting_gives(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        told = Told(tmp_path, store, seed)
        dates = sorted({day.date for day in told.end})
        next_year = first_day(school_year_of(dates[-1]) + 1)
        asked = [dates[0], dates[len(dates) // 2], dates[-1], dates[-1] + timedelta(days=1), next_year]
        for scope in scopes(told):
            days = [day for day in told.end if in_scope(day, scope, told.ledgers)]
            graded = [day for day in days if of_grade(day.grade, scope)]
            weekdays = expected_counts(graded, lambda day: day.date.isoweekday())
            assert pattern(store.client, scope, dates[0], dates[-1], "weekday") == against_mean(weekdays)
            months = expected_counts(graded, lambda day: day.date.replace(day=1))
            assert pattern(store.client, scope, dates[0], dates[-1], "month") == against_mean(months)
            for as_of in asked:
                assert cohorts(store.client, scope, as_of) == expected_cohorts(told, scope, as_of)
                assert cohorts(store.client, scope, as_of).now == bands(store.client, scope, as_of)
                assert first_month(store.client, scope, as_of) == expected_first_month(told, scope, as_of)
            for year in {day.year for day in told.end}:
                assert mhw_students(store.client, scope, year) == expected_mhw(days, scope, year)
            taken = Counter(
                (day.district, day.school, day.date.replace(day=1)) for day in graded if day.class_ == "mhw"
            )
            assert mhw_days(store.client, scope, dates[0], dates[-1]) == [
                MhwDays(*key, number) for key, number in sorted(taken.items())
            ]


def test_the_histories_have_students_in_two_years_and_mhw_days(engine: Engine, tmp_path: Path) -> None:
    moved = taken = gone = 0
    for seed in (1, 9, 21):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with engine.store() as store:
            told = Told(folder, store, seed)
            for year in {day.year for day in told.end}:
                found = cohorts(store.client, Scope(state=True), date(year + 1, 6, 30))
                moved += sum(each.students for each in found.moved)
                gone += cohorts(store.client, Scope(state=True), first_day(year + 1)).gone.students
                taken += mhw_students(store.client, Scope(state=True), year).days
    assert moved and gone and taken


def held_days(folder: Path, store: Store, *of: Facts) -> None:
    """Store facts as the sink does."""
    with log_in(folder) as log:
        log.append(FACTS.name, [facts_message.pack(facts) for facts in of])
        sink = Sink(log, store, Metrics("0"))
        while sink.step():
            pass


def days_at(facts: Facts, school: str, student: str, days: int, absent: int, first: int = 60) -> None:
    """So many counted days in a row from a day of the year on, the first of them absent."""
    for day in range(days):
        facts.add(school, student, "3", first + day, "excused" if day < absent else "", 1)


def test_who_went_to_another_school_is_not_gone(store: Store, tmp_path: Path) -> None:
    before, now = Facts("D", 2020, 1), Facts("D", 2021, 2)
    for student in ("stays", "moves", "leaves"):
        days_at(before, "S", student, 40, 4)
    days_at(now, "S", "stays", 40, 0)
    days_at(now, "S", "comes", 40, 8)
    days_at(now, "T", "moves", 40, 2)
    held_days(tmp_path, store, before, now)
    nobody, chronic = Bands(0, 0, 0, 0), Bands(0, 0, 1, 0)
    at_school = cohorts(store.client, Scope("D", school="S"), date(2022, 6, 30))
    assert at_school == Cohorts((nobody, nobody, Bands(1, 0, 0, 0), nobody), Bands(0, 0, 0, 1), chronic)
    in_district = cohorts(store.client, Scope("D"), date(2022, 6, 30))
    assert in_district == Cohorts((nobody, nobody, Bands(1, 1, 0, 0), nobody), Bands(0, 0, 0, 1), chronic)


def test_the_bars_of_the_first_month(store: Store, tmp_path: Path) -> None:
    facts = Facts("D", 2021, 1)
    for student, absent in (("none", 0), ("one", 1), ("two", 2), ("four", 4), ("five", 5), ("many", 9)):
        days_at(facts, "S", student, 60, absent)
    # The month is 30 August to 29 September: the 31st of its days is no part of it.
    days_at(facts, "S", "late", 40, 0, first=60 + 31)
    held_days(tmp_path, store, facts)
    found = first_month(store.client, Scope("D"), date(2022, 6, 30))
    assert found is not None
    assert (found.first, found.last) == (date(2021, 8, 30), date(2021, 9, 29))
    assert [each.students for each in found.missed] == [2, 2, 2]
    assert found.missed[2] == Bands(0, 1, 1, 0) and found.later == Bands(1, 0, 0, 0)


def test_a_period_is_held_against_the_mean_in_whole_numbers() -> None:
    monday = Counts(1, 2, 100, 12, 0, 0, 0, 0, 12)
    friday = Counts(5, 1, 50, 3, 0, 0, 0, 0, 3)
    above, below = against_mean([monday, friday])
    assert (above.more, below.more) == (12 * 150 - 15 * 100, 3 * 150 - 15 * 50)
    assert (above.points, below.points) == ("2.00", "-4.00")
    assert (above.absence_rate, against_mean([])) == ("12.00", [])
    (alone,) = against_mean([monday])
    assert (alone.more, alone.points) == (0, "0.00")


def test_tiers_are_bands_but_for_pk() -> None:
    assert tiers_of(Bands(1, 2, 3, 4)) == tiers_of(Bands(1, 2, 3, 4), "K") == Tiers(3, 3, 4)
    assert tiers_of(Bands(1, 2, 3, 4), "PK") is None


def test_mhw_days_are_added_up_over_students() -> None:
    assert MhwStudents((5, 2, 1)).days == 4


def test_dates_that_are_none_are_refused_and_nothing_is_nothing(engine: Engine) -> None:
    with engine.store() as store:
        with pytest.raises(BadQuestion, match="before"):
            mhw_days(store.client, Scope("D"), date(2024, 9, 2), date(2024, 9, 1))
        assert first_month(store.client, Scope("D"), first_day(2024)) is None
        assert mhw_students(store.client, Scope("D"), 2024) == MhwStudents(())
        assert cohorts(store.client, Scope("D"), first_day(2024)).now.students == 0
