"""How much of the state a change reads: what it concerns, and once."""

from __future__ import annotations

from datetime import date

import pytest

from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.school_day import SchoolDay
from tests.property.driver import Driver

SCHOOLS = "ABC"
DAYS = [f"2021-09-{day:02}" for day in range(1, 9)]
TIME = "2021-08-01T08:00:00Z"


@pytest.fixture
def driver() -> Driver:
    """Three schools with a record on each of eight days, in September and in the year before."""
    made = Driver("D")
    for school in SCHOOLS:
        for on in (*DAYS, "2021-05-03"):
            given = {"school_id": school, "date": on, "recorded_at": TIME, "district_id": "D"}
            made.take(Kind.CALENDAR, [Stored({**given, "kind": "instructional"}, "f.csv", 1)])
            made.take(Kind.ATTENDANCE, [Stored({**given, "student_id": "s", "code": "E"}, "f.csv", 1)])
    made.restart()
    return made


def decoded(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days that are read from their bytes from now on."""
    read: list[date] = []
    made = SchoolDay.__init__

    def reading(self: SchoolDay, day: date, value: bytes | None) -> None:
        read.append(day)
        made(self, day, value)

    monkeypatch.setattr(SchoolDay, "__init__", reading)
    return read


def test_a_change_of_all_schools_settings_reads_each_day_once(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = decoded(monkeypatch)
    told = [
        {"district_id": "D", "school_id": school, "attendance_mode": "positive", "recorded_at": TIME}
        for school in SCHOOLS
    ]
    driver.take(Kind.SCHOOL, [Stored(given, "f.csv", 1) for given in told])
    assert len(read) == len(SCHOOLS) * (len(DAYS) + 1)


def test_settings_from_a_day_on_read_their_school_and_year(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = decoded(monkeypatch)
    given = {"district_id": "D", "school_id": "B", "effective_from": "2021-08-30", "recorded_at": TIME}
    driver.take(Kind.SCHOOL, [Stored({**given, "attendance_mode": "positive"}, "f.csv", 1)])
    assert len(read) == len(DAYS)
