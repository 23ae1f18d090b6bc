"""Which school days are late, by the hour of the district's own zone; and how the worker says so."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine import Engine
from infra import logging
from infra.metrics import Metrics
from infra.running.lateness import LateWatch
from models.columns import Kind
from models.lateness import LateDay, due_through, late_days
from models.ledger.chain import Stored
from models.policy import DEFAULT, Policy, contract
from tests.property.driver import MemoryStore

ZONES = ("America/New_York", "America/Chicago", "America/Phoenix", "Pacific/Honolulu", "Europe/Lisbon")
AT = "2021-08-01T00:00:00Z"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def policy(report_by: str = "10:30", timezone: str = "America/New_York") -> Policy:
    return DEFAULT._replace(report_by=report_by, timezone=timezone)


@pytest.mark.parametrize(
    ("now", "through"),
    [
        # Daylight saving time, UTC-4, until Sunday 7 November; from then on UTC-5.
        ("2021-11-05T14:29:59", "2021-11-04"),
        ("2021-11-05T14:30:00", "2021-11-05"),
        ("2021-11-08T14:30:00", "2021-11-07"),
        ("2021-11-08T15:29:59", "2021-11-07"),
        ("2021-11-08T15:30:00", "2021-11-08"),
        # And back on Sunday 13 March.
        ("2022-03-11T15:30:00", "2022-03-11"),
        ("2022-03-14T14:30:00", "2022-03-14"),
        # After midnight in UTC it is still the day before.
        ("2021-11-06T01:00:00", "2021-11-05"),
    ],
)
def test_the_hour_is_that_of_the_clocks_on_the_wall(now: str, through: str) -> None:
    assert due_through(utc(now), policy()) == date.fromisoformat(through)


def test_in_the_evening_it_is_the_day_of_the_district_and_not_that_of_utc() -> None:
    evening = policy("21:00")
    assert due_through(utc("2021-11-06T00:59:59"), evening) == date(2021, 11, 4)
    assert due_through(utc("2021-11-06T01:00:00"), evening) == date(2021, 11, 5)


def test_districts_of_several_zones_have_hours_of_their_own() -> None:
    now = utc("2021-10-04T15:00:00")
    due = {zone: due_through(now, policy(timezone=zone)) for zone in ZONES}
    assert due == {
        "America/New_York": date(2021, 10, 4),  # 11:00
        "America/Chicago": date(2021, 10, 3),  # 10:00
        "America/Phoenix": date(2021, 10, 3),  # 08:00, without daylight saving time
        "Pacific/Honolulu": date(2021, 10, 3),  # 05:00
        "Europe/Lisbon": date(2021, 10, 4),  # 16:00
    }


@given(
    st.sampled_from(ZONES),
    st.times().map(lambda at: at.strftime("%H:%M")),
    st.datetimes(datetime(2021, 1, 1), datetime(2023, 1, 1)),
    st.integers(0, 200_000),
)
def test_what_was_due_stays_due_whatever_the_clocks_do(
    zone: str, report_by: str, start: datetime, seconds: int
) -> None:
    first = start.replace(tzinfo=UTC)
    held = policy(report_by, zone)
    assert due_through(first, held) <= due_through(first + timedelta(seconds=seconds), held)


@pytest.mark.parametrize("report_by", ["01:15", "01:45"])
def test_the_hour_that_comes_twice_is_due_at_its_first(report_by: str) -> None:
    first = datetime.fromisoformat(f"2021-11-07T{report_by}:00-04:00")
    for minutes, day in ((-1, 6), (0, 7), (30, 7), (60, 7), (90, 7)):
        assert due_through(first + timedelta(minutes=minutes), policy(report_by)) == date(2021, 11, day)


class District:
    """An engine with two schools: A waits for its records, P writes everybody down."""

    def __init__(self, name: str = "D") -> None:
        self.engine = Engine(name, MemoryStore(), contract)
        self.put(Kind.SCHOOL, {"school_id": "P", "attendance_mode": "positive"})
        self.put(Kind.CODE, {"code": "H", "status": "in_attendance"})
        for school in "AP":
            for day in (1, 2, 3):
                self.put(
                    Kind.CALENDAR, {"school_id": school, "date": f"2021-09-0{day}", "kind": "instructional"}
                )
        for student, school in {"1": "A", "2": "A", "3": "P", "4": "P"}.items():
            self.put(
                Kind.ENROLLMENT,
                {"school_id": school, "student_id": student, "grade": "5", "entry_date": "2021-09-01"},
            )

    def put(self, kind: Kind, given: dict[str, str]) -> None:
        self.engine.apply(
            kind, [Stored({"district_id": self.engine.district, "recorded_at": AT, **given}, "f", 1)]
        )

    def mark(self, school: str, student: str, day: int) -> None:
        on = f"2021-09-0{day}"
        given = {"school_id": school, "student_id": student, "date": on, "code": "H"}
        self.put(Kind.ATTENDANCE, {**given, "recorded_at": f"{on}T08:00:00-04:00"})

    def late(self, now: str) -> list[tuple[str, int, int]]:
        """School, day of September and students waiting."""
        found = late_days(self.engine.ledger, contract, utc(now))
        return [(each.school, each.day.day, each.waiting) for each in found]


def test_a_school_is_late_from_its_hour_until_it_reports() -> None:
    town = District()
    assert town.late("2021-09-01T14:29:00") == []
    assert town.late("2021-09-01T14:30:00") == [("A", 1, 2), ("P", 1, 2)]
    town.mark("A", "1", 1)  # one record reports the day of the school
    town.mark("P", "3", 1)  # and here only that of the student
    assert town.late("2021-09-01T14:30:00") == [("P", 1, 1)]
    town.mark("P", "4", 1)
    assert town.late("2021-09-01T23:00:00") == []
    assert town.late("2021-09-03T14:30:00") == [("A", 2, 2), ("A", 3, 2), ("P", 2, 2), ("P", 3, 2)]


def test_a_submission_and_a_snow_day_end_the_notice_and_reopening_brings_it_back() -> None:
    town = District()
    submitted = {"school_id": "A", "date": "2021-09-01", "state": "submitted"}
    town.put(Kind.SUBMISSION, submitted)
    town.put(
        Kind.CALENDAR,
        {"school_id": "P", "date": "2021-09-01", "kind": "weather", "recorded_at": "2021-09-01T12:00:00Z"},
    )
    assert town.late("2021-09-01T20:00:00") == []
    town.put(Kind.SUBMISSION, {**submitted, "state": "reopened", "recorded_at": "2021-09-01T15:00:00Z"})
    assert town.late("2021-09-01T20:00:00") == [("A", 1, 2)]


def test_a_day_on_which_nobody_is_enrolled_is_not_late_and_a_transfer_takes_it_along() -> None:
    town = District()
    left = {"school_id": "P", "grade": "5", "entry_date": "2021-09-01", "exit_date": "2021-09-01"}
    for student in "34":
        town.put(Kind.ENROLLMENT, {**left, "student_id": student, "recorded_at": "2021-09-02T00:00:00Z"})
    town.put(Kind.ENROLLMENT, {"school_id": "A", "student_id": "3", "grade": "5", "entry_date": "2021-09-02"})
    assert town.late("2021-09-02T20:00:00") == [("A", 1, 2), ("A", 2, 3), ("P", 1, 2)]


def test_in_the_next_school_year_the_days_of_the_last_one_are_not_late() -> None:
    assert District().late("2022-07-01T20:00:00") == []
    assert len(District().late("2022-06-30T20:00:00")) == 6


def test_a_student_who_left_and_came_back_waits_on_the_days_of_both_stays() -> None:
    town = District()
    stay = {"school_id": "P", "student_id": "3", "grade": "5"}
    for entry, leave in (("2021-09-01", "2021-09-01"), ("2021-09-03", "2021-09-03")):
        later = {"entry_date": entry, "exit_date": leave, "recorded_at": "2021-09-01T00:00:00Z"}
        town.put(Kind.ENROLLMENT, {**stay, **later})
    town.mark("P", "4", 1)
    found = [(day, waiting) for school, day, waiting in town.late("2021-09-03T20:00:00") if school == "P"]
    assert found == [(1, 1), (2, 1), (3, 2)]


def test_a_school_without_the_year_does_not_hide_those_after_it() -> None:
    town = District()
    closed = {"school_id": "0", "date": "2020-09-01", "kind": "instructional"}
    town.put(Kind.CALENDAR, closed)
    town.put(
        Kind.ENROLLMENT,
        {
            "school_id": "0",
            "student_id": "9",
            "grade": "5",
            "entry_date": "2020-09-01",
            "exit_date": "2020-09-01",
        },
    )
    assert town.late("2021-09-01T20:00:00") == [("A", 1, 2), ("P", 1, 2)]


def test_the_hour_is_that_of_the_districts_year() -> None:
    def policy_of(district: str, year: int) -> Policy:
        return policy({("D", 2021): "10:30", ("D", 2022): "23:00"}[district, year])

    assert len(late_days(District().engine.ledger, policy_of, utc("2021-09-01T16:00:00"))) == 2


def test_each_district_has_its_own_hour() -> None:
    def policy_of(district: str, year: int) -> Policy:
        return policy(timezone={"E": "America/New_York", "W": "America/Los_Angeles"}[district])

    now = utc("2021-09-01T16:00:00")
    east, west = (late_days(District(name).engine.ledger, policy_of, now) for name in "EW")
    assert east[0] == LateDay("E", "A", date(2021, 9, 1), 2)
    assert west == []


class Clock:
    """The time, as the tests set it."""

    def __init__(self, now: str) -> None:
        self.now = utc(now)
        self.seconds = 0.0


@pytest.fixture
def clock() -> Clock:
    return Clock("2021-09-01T14:00:00")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logging.configure("INFO", "json", stream=stream)
    yield stream
    logging.configure()


def gauge(metrics: Metrics, name: str) -> float:
    (line,) = [line for line in metrics.render().decode().splitlines() if line.startswith(name + " ")]
    return float(line.split()[1])


def test_the_worker_counts_late_schools_and_tells_each_change_once(clock: Clock, lines: io.StringIO) -> None:
    metrics, towns = Metrics("1"), {name: District(name) for name in ("D1", "D2")}
    watch = LateWatch(metrics, contract, lambda: clock.now, lambda: clock.seconds)

    def look() -> tuple[float, float]:
        watch.look([town.engine for town in towns.values()])
        return gauge(metrics, "rollcall_late_schools"), gauge(metrics, "rollcall_late_school_days")

    assert watch.due() and look() == (0, 0)
    assert not watch.due()
    clock.seconds += 60
    clock.now = utc("2021-09-02T14:30:00")
    assert watch.due() and look() == (4, 8)
    assert look() == (4, 8)
    for town in towns.values():
        for student in "34":
            for day in (1, 2):
                town.mark("P", student, day)
        town.mark("A", "1", 2)
    assert look() == (0, 0)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [
        (each["event"], each.get("schools"), each.get("days"), each.get("districts")) for each in told
    ] == [
        ("schools_are_late", 4, 8, 2),
        ("no_school_is_late", None, None, None),
    ]
    assert all("withheld" not in each for each in told)
