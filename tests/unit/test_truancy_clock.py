"""By when a meeting with the parents is due, worked by hand on the calendar of 2021-22."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.bits import nth_day, span
from models.school_year import day_index, school_year_of
from models.student_year import NO_CLASSES, NO_MHW, Frame, Part, StudentYear
from models.truancy_clock import meeting_due, meeting_state

FIRST = date(2021, 8, 30)


def weekdays(first: date, last: date, *without: str) -> list[date]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day.isoformat() not in without]


def year(*days: date, school: str = "A") -> StudentYear:
    """A year with these membership days, none of them reported."""
    bits = sum(1 << day_index(day) for day in days)
    return StudentYear(
        school_year_of(days[0]), Frame((Part(school, "5", True, bits, 0),)), NO_CLASSES, 0, NO_MHW
    )


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (date(2021, 9, 2), date(2021, 9, 17)),  # a Thursday, ten weekdays and Labor Day after it
        (date(2021, 9, 3), date(2021, 9, 20)),
        (date(2021, 9, 6), date(2021, 9, 20)),  # the holiday itself: ten days follow
        (date(2021, 10, 1), date(2021, 10, 18)),  # Columbus Day is in between
    ],
)
def test_ten_school_days_after_the_absence(since: date, due: date) -> None:
    held = year(*weekdays(FIRST, date(2021, 12, 23), "2021-09-06", "2021-10-11"))
    assert meeting_due(since, [held]) == due


def test_the_number_of_days_is_the_policys() -> None:
    held = year(*weekdays(FIRST, date(2021, 9, 30)))
    assert [meeting_due(FIRST, [held], count) for count in (1, 5, 23, 24)] == [
        date(2021, 8, 31), date(2021, 9, 6), date(2021, 9, 30), None,
    ]  # fmt: skip


def test_the_days_go_on_after_the_summer_where_next_years_calendar_is_known() -> None:
    held = year(*weekdays(date(2022, 6, 1), date(2022, 6, 14)))
    after = year(*weekdays(date(2022, 8, 31), date(2022, 9, 30), "2022-09-05"))
    since = date(2022, 6, 8)  # four school days are left
    assert meeting_due(since, [held]) is None
    assert meeting_due(since, [held, after]) == date(2022, 9, 8)


def test_a_school_year_may_begin_on_the_first_of_july() -> None:
    held = year(*weekdays(date(2022, 6, 1), date(2022, 6, 14)))
    after = year(*weekdays(date(2022, 7, 1), date(2022, 7, 29)))
    assert meeting_due(date(2022, 6, 13), [held, after], 2) == date(2022, 7, 1)
    assert meeting_due(date(2022, 7, 1), [after], 1) == date(2022, 7, 4)


def test_nothing_is_due_where_no_year_is_known() -> None:
    assert meeting_due(FIRST, []) is None


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2021-09-01", "due"), ("2021-09-17", "due"), ("2021-09-18", "past_due"), ("2022-06-30", "past_due")],
)
def test_on_the_due_date_it_is_still_in_time(as_of: str, state: str) -> None:
    assert meeting_state(date(2021, 9, 17), date.fromisoformat(as_of)) == state
    assert meeting_state(None, date.fromisoformat(as_of)) == "not_yet_known"


def test_the_nth_day_of_a_set() -> None:
    held = span(3, 5) | 1 << 9
    assert [nth_day(held, count) for count in (1, 3, 4, 5)] == [3, 5, 9, -1]
