"""One question about all parts of a scope answers what a question about each part does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from infra.clickhouse.store import Store
from infra.trends import held
from infra.trends.attendance import attendance
from infra.trends.bands import bands
from infra.trends.breakdowns import attendance_by, bands_by
from infra.trends.known_bands import bands_as_known, bands_as_known_by
from models.trends.answers import Bands, BandsOf, CountsOf, Page, Period, YearHeld
from models.trends.scope import DIMENSIONS, BadQuestion, Scope
from tests.integration.test_trends_questions import Told
from tests.support.chdb_store import Engine
from tests.support.pipeline import groups_of

ALL = Page(100_000)
NOBODY = Bands(0, 0, 0, 0)


def parts(told: Told, scope: Scope, breakdown: str) -> dict[str, Scope]:
    """Each part of a scope as a scope."""
    days = [day for day in told.end if scope.district in ("", day.district)]
    if breakdown == "district":
        return {district: Scope(district) for district in told.ledgers}
    if breakdown == "school":
        schools = {day.school for day in days}
        return {
            each: Scope(scope.district, False, each, scope.grade, scope.dimension, scope.value)
            for each in schools
        }
    if breakdown == "grade":
        grades = {day.grade for day in days}
        return {
            each: Scope(scope.district, scope.state, scope.school, each, scope.dimension, scope.value)
            for each in grades
        }
    students = {(day.district, day.student) for day in days}
    values = {groups_of(told.ledgers[district], student)[breakdown] for district, student in students}
    return {
        each: Scope(scope.district, scope.state, scope.school, scope.grade, breakdown, each)
        for each in values
    }


def asked(told: Told) -> list[tuple[Scope, str]]:
    day = told.end[len(told.end) // 2]
    district = Scope(day.district)
    return [
        (Scope(state=True), "district"),
        (Scope(state=True), "grade"),
        (Scope(state=True), "meals"),
        (district, "school"),
        (district, "grade"),
        (district, "high_needs"),
        (district, "gender"),
        (Scope(day.district, school=day.school), "race_ethnicity"),
        (Scope(day.district, grade=day.grade), "school"),
        (Scope(day.district, dimension="meals", value="free"), "school"),
        (Scope(day.district, dimension="meals", value=""), "grade"),
    ]


@pytest.mark.parametrize("seed", [9])
def test_all_parts_at_once_are_what_each_is_alone(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        told, client = Told(tmp_path, store, seed), store.client
        dates = sorted({day.date for day in told.end})
        first, last, middle = dates[1], dates[-1], dates[len(dates) // 2]
        now = datetime.now(UTC)
        some = 0
        for scope, breakdown in asked(told):
            each = parts(told, scope, breakdown)
            periods: tuple[Period, ...] = ("month", "weekday")
            for by in periods:
                expected = sorted(
                    (
                        CountsOf(part, counts)
                        for part, of in each.items()
                        for counts in attendance(client, of, first, last, by)
                    ),
                    key=lambda found: (found.counts.period, found.part),
                )
                found = attendance_by(client, scope, breakdown, first, last, by, ALL)
                assert found == expected
                some += len(found)
            for as_of in (middle, last):
                assert bands_by(client, scope, breakdown, as_of) == [
                    BandsOf(part, answer)
                    for part, of in sorted(each.items())
                    if (answer := bands(client, of, as_of)) != NOBODY
                ]
                for instant in (told.instant, now) if as_of == last else (now,):
                    assert bands_as_known_by(client, scope, breakdown, as_of, instant) == [
                        BandsOf(part, answer)
                        for part, of in sorted(each.items())
                        if (answer := bands_as_known(client, of, as_of, instant)) != NOBODY
                    ]
        assert some > 100
        in_pages_and_of_some_schools(store, told, first, last)
        what_is_held(store, told)


def in_pages_and_of_some_schools(store: Store, told: Told, first: date, last: date) -> None:
    client, scope = store.client, Scope(told.end[0].district)
    for by in ("day", "weekday"):
        period: Period = by  # type: ignore[assignment]  # one of them
        whole = attendance_by(client, scope, "school", first, last, period, ALL)
        seen: list[CountsOf] = []
        while True:
            after = (seen[-1].counts.period, seen[-1].part) if seen else None
            page = attendance_by(client, scope, "school", first, last, period, Page(3, after))
            seen += page
            if len(page) < 3:
                break
        assert seen == whole
    mine = sorted({found.part for found in whole})[:1]
    for rows in (
        attendance_by(client, scope, "school", first, last, "year", ALL, mine),
        bands_by(client, scope, "school", last, mine),
        bands_as_known_by(client, scope, "school", last, datetime.now(UTC), mine),
    ):
        assert {row.part for row in rows} == set(mine)


def what_is_held(store: Store, told: Told) -> None:
    client, end = store.client, told.end
    for district in sorted(told.ledgers):
        of = [day for day in end if day.district == district]
        scope = Scope(district)
        assert held.schools(client, scope) == sorted({day.school for day in of})
        assert set(held.grades(client, scope)) == {day.grade for day in of}
        assert {kind for kind, _ in held.groups(client, scope)} == (set(DIMENSIONS) if of else set())
        assert held.school_years(client, scope) == [
            YearHeld(
                year,
                min(day.date for day in of if day.year == year),
                max(day.date for day in of if day.year == year),
            )
            for year in sorted({day.year for day in of}, reverse=True)
        ]
        for day in sorted({each.date for each in of})[::5]:
            until = day - timedelta(days=1)
            before = [each.date for each in of if each.date <= until]
            assert held.data_through(client, scope, until) == max(before, default=None)


@pytest.mark.parametrize(
    ("scope", "breakdown"),
    [
        (Scope("D"), "student_id"),
        (Scope("D"), "district"),
        (Scope(state=True), "school"),
        (Scope("D", school="S"), "school"),
        (Scope("D", grade="5"), "grade"),
        (Scope("D", dimension="meals", value="free"), "homeless"),
    ],
)
def test_what_has_no_such_parts_is_refused(engine: Engine, scope: Scope, breakdown: str) -> None:
    with engine.store() as store:
        for ask in (
            lambda: bands_by(store.client, scope, breakdown, date(2024, 1, 1)),
            lambda: bands_as_known_by(
                store.client, scope, breakdown, date(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC)
            ),
            lambda: attendance_by(
                store.client, scope, breakdown, date(2024, 1, 1), date(2024, 1, 1), "day", ALL
            ),
        ):
            with pytest.raises(BadQuestion):
                ask()
