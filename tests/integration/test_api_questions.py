"""Absences, patterns, alerts and published rates over HTTP are what infra.trends says of the same store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from infra.trends import held
from infra.trends.cohorts import cohorts
from infra.trends.first_month import first_month
from infra.trends.known_alerts import alerts_as_known, student_as_known
from infra.trends.mhw import mhw_days, mhw_students
from infra.trends.patterns import pattern
from infra.trends.published import published_years
from infra.trends.reasons import absences_by_reason, remote_days
from models.school_year import label
from models.trends.answers import ReasonCounts, RemoteCounts
from models.trends.known import AlertCount
from models.trends.patterns import Against, MhwDays
from models.trends.scope import Scope
from tests.integration.test_api_store import SCOPES, World, bands_in, world
from tests.support.api_store import AS_OF, CODES
from tests.support.chdb_store import Engine
from web import paths

FIRST = date(2023, 9, 1)
EVERY = pytest.mark.parametrize(("asked", "who", "scope"), SCOPES, ids=[asked for asked, _, _ in SCOPES])


@pytest.fixture(scope="module")
def one(engine: Engine) -> Iterator[World]:
    yield from world(engine, 0)


def period_in(row: dict[str, Any]) -> date | int:
    weekday: int | None = row["weekday"]
    return date.fromisoformat(row["period"]) if weekday is None else weekday


def told(row: dict[str, Any], kind: Any) -> Any:
    """The named tuple that a row was made of."""
    return kind(period_in(row), *(row[name] for name in kind._fields[1:]))


@EVERY
@pytest.mark.parametrize("by", ["month", "weekday"])
def test_days_are_those_of_the_questions(one: World, asked: str, who: str, scope: Scope, by: Any) -> None:
    client, span = one.store.client, f"{asked}&first={FIRST}&last={AS_OF}"
    found = [told(row, ReasonCounts) for row in one.rows(f"{paths.REASONS}?{span}&by={by}", who)]
    assert found == absences_by_reason(client, scope, FIRST, AS_OF, by) and found
    assert {counts.code for counts in found} == {"EX", "=UN", "MH", ""}
    days = [told(row, RemoteCounts) for row in one.rows(f"{paths.REMOTE_DAYS}?{span}&by={by}", who)]
    assert days == remote_days(client, scope, FIRST, AS_OF, by) and any(each.remote_counted for each in days)
    against = [told(row, Against) for row in one.rows(f"{paths.PATTERNS}?{span}&by={by}", who)]
    assert against == pattern(client, scope, FIRST, AS_OF, by) and against


@EVERY
def test_mhw_days_are_those_of_the_questions(one: World, asked: str, who: str, scope: Scope) -> None:
    client = one.store.client
    rows = one.rows(f"{paths.MHW_DAYS}?{asked}&first={FIRST}&last={AS_OF}", who)
    found = [
        MhwDays(row["district_id"], row["school_id"], date.fromisoformat(row["month"]), row["days"])
        for row in rows
    ]
    assert found == mhw_days(client, scope, FIRST, AS_OF) and found
    for year in (2023, 2024):
        rows = one.rows(f"{paths.MHW_STUDENTS}?{asked}&school_year={label(year)}", who)
        expected = mhw_students(client, scope, year).by_days
        assert tuple(row["students"] for row in rows)[: len(expected)] == expected and sum(expected)


@EVERY
def test_a_year_against_another_is_that_of_the_questions(
    one: World, asked: str, who: str, scope: Scope
) -> None:
    client = one.store.client
    rows = one.rows(f"{paths.COHORTS}?{asked}&as_of={AS_OF}", who)
    moved = cohorts(client, scope, AS_OF)
    assert tuple(map(bands_in, rows)) == (*moved.moved, moved.new)
    assert [row["gone"] for row in rows] == [*moved.gone, None] and moved.now.students
    rows = one.rows(f"{paths.FIRST_MONTH}?{asked}&as_of={AS_OF}", who)
    month = first_month(client, scope, AS_OF)
    assert month is not None
    assert tuple(map(bands_in, rows)) == (*month.missed, month.later)
    assert (rows[0]["first_day"], rows[0]["last_day"]) == (month.first.isoformat(), month.last.isoformat())


@EVERY
def test_published_rates_are_those_of_the_questions(one: World, asked: str, who: str, scope: Scope) -> None:
    rows = one.rows(f"{paths.PUBLISHED}?{asked}&school_year=2024-25&years=4", who)
    expected = published_years(one.store.client, scope, CODES, 2020, 2024)
    assert [
        (row["school_year"], row["students"], row["published"], row["published_chronic"],
         row["published_rate_percent"], row["difference_points"])
        for row in rows
    ] == [
        (label(year.school_year), year.bands and year.bands.students, year.listed, year.chronic,
         None if year.rate is None else year.rate / 100,
         None if year.difference is None else year.difference / 100)
        for year in expected
    ]  # fmt: skip
    listed = [row["school_year"] for row in rows if row["published"]]
    assert listed == ([] if scope.dimension == "disability" else ["2021-22", "2022-23", "2023-24"])
    assert [row["school_year"] for row in rows if row["hidden"]] == (["2022-23"] if listed else [])
    through = held.data_through(one.store.client, Scope(scope.district, scope.state, scope.school), AS_OF)
    assert through is not None and rows[-1]["school_year"] == "2024-25"


@EVERY
def test_alerts_are_those_of_the_questions_now_and_then(
    one: World, asked: str, who: str, scope: Scope
) -> None:
    client, seen = one.store.client, set()
    for as_of in (AS_OF, date(2024, 11, 1), date(2024, 9, 30)):
        for known_at in (None, datetime(2024, 11, 1, tzinfo=UTC), datetime(2024, 11, 20, tzinfo=UTC)):
            at = "" if known_at is None else f"&known_at={known_at:%Y-%m-%dT%H:%M:%SZ}"
            rows = one.rows(f"{paths.ALERTS}?{asked}&as_of={as_of}{at}", who)
            found = [AlertCount(row["rule"], row["scope"], row["condition"], row["alerts"]) for row in rows]
            assert found == alerts_as_known(client, scope, as_of, known_at or datetime.now(UTC))
            seen |= {(known_at is None, each.condition) for each in found}
    # What was withdrawn in December was not known to be in November.
    assert {condition for now, condition in seen if now} == {"standing", "recovered", "withdrawn"}
    assert {condition for now, condition in seen if not now} == {"standing", "recovered"}


def test_a_student_as_known_is_that_of_the_question_and_of_nobody_else(one: World) -> None:
    client, conditions, days = one.store.client, set(), set()
    soon = datetime(2030, 1, 1, tzinfo=UTC)
    for student in ("0004", *(f"{number:04d}" for number in range(5, 13))):
        for as_of in (AS_OF, date(2024, 9, 30)):
            for known_at in (datetime(2024, 9, 1, tzinfo=UTC), datetime(2024, 11, 5, 12, tzinfo=UTC), soon):
                asked = {
                    "district": "D1", "student": student, "as_of": as_of.isoformat(),
                    "known_at": known_at.isoformat(),
                }  # fmt: skip
                told = one.post(paths.STUDENT_AS_KNOWN, asked)
                assert told.status_code == 200, told.text
                expected = student_as_known(client, "D1", student, as_of, known_at)
                assert expected is not None
                body = told.json()
                assert (body["enrolled_days"], body["absent_days"]) == expected[:2]
                assert body["data_through"] == (expected.data_through and expected.data_through.isoformat())
                assert [
                    (alert["alert_id"], alert["condition"], datetime.fromisoformat(alert["first_known"]))
                    for alert in body["alerts"]
                ] == [(alert.alert_id, alert.condition, alert.first_known) for alert in expected.alerts]
                conditions |= {alert["condition"] for alert in body["alerts"]}
                days.add(body["enrolled_days"] > 0)
    assert conditions == {"standing", "recovered", "withdrawn"} and days == {True, False}
    for student in ("000", "00044", "4", "0004'"):
        assert one.post(paths.STUDENT_AS_KNOWN, {**asked, "student": student}).status_code == 404
