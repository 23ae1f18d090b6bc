"""The due date of random histories, against a walk over the dates of the live calendar and enrollments."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.columns import Kind
from models.policy import DEFAULT
from tests.property.driver import Driver, Told
from tests.property.histories import BASE, histories, record, school_day

POLICY = DEFAULT._replace(truancy_month=2, truancy_year=3)
AS_OF = date(2022, 5, 1)
LATEST = "2022-02-01T08:00:00Z"


def is_school_day(driver: Driver, student: str, on: date) -> bool:
    """Whether the student is a member on a date, asked of the ledger's stays and calendars alone."""
    ledger = driver.engine.ledger
    for stay in ledger.student(student).stays:
        if stay.first <= on.toordinal() <= stay.last:
            bits = ledger.school(stay.school).year(2021).calendar.school_days(stay.track)
            return bits >> (on - date(2021, 7, 1)).days & 1 == 1
    return False


@settings(max_examples=80)
@given(histories(), st.integers(1, 12))
def test_it_is_the_last_of_so_many_school_days(told: list[Told], count: int) -> None:
    policy = POLICY._replace(meeting_days=count)
    driver = Driver("D", lambda district, year: policy).take_all([*BASE, *told], 40)
    for row in driver.meetings(AS_OF):
        since = date.fromisoformat(row["opened_on"])
        days = [since + timedelta(days=number) for number in range(1, 200)]
        after = [on for on in days if is_school_day(driver, row["student_id"], on)]
        due = after[count - 1].isoformat() if len(after) >= count else ""
        assert row["meeting_due_on"] == due
        assert row["meeting_state"] == ("past_due" if due else "not_yet_known")


@settings(max_examples=60)
@given(histories(), st.integers(0, 23))
def test_a_day_without_school_makes_no_date_earlier(told: list[Told], number: int) -> None:
    """Of an alert that still opens on the same day."""
    driver = Driver("D", lambda district, year: POLICY._replace(meeting_days=4))
    driver.take_all([*BASE, *told], 40)
    before = {(row["alert_id"], row["opened_on"]): row["meeting_due_on"] for row in driver.meetings(AS_OF)}
    snow = [
        record(
            Kind.CALENDAR, school_id=school, date=school_day(number).isoformat(), kind_="weather",
            track=track, recorded_at=LATEST,
        )
        for school in "AB" for track in ("", "T")
    ]  # fmt: skip
    driver.take_all(snow)
    for row in driver.meetings(AS_OF):
        was = before.get((row["alert_id"], row["opened_on"]))
        if was is not None:
            assert (row["meeting_due_on"] or "9") >= (was or "9")
