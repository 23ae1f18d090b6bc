"""A release is due once its period is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.releases.due import Every, Period, last_period
from models.school_year import school_year_of


@pytest.mark.parametrize(
    ("today", "every", "first", "last"),
    [
        (date(2024, 12, 1), "month", date(2024, 11, 1), date(2024, 11, 30)),
        (date(2024, 12, 31), "month", date(2024, 11, 1), date(2024, 11, 30)),
        (date(2025, 7, 1), "month", date(2025, 6, 1), date(2025, 6, 30)),
        (date(2024, 12, 2), "week", date(2024, 11, 25), date(2024, 12, 1)),
        (date(2024, 12, 8), "week", date(2024, 11, 25), date(2024, 12, 1)),
        (date(2026, 7, 6), "week", date(2026, 7, 1), date(2026, 7, 5)),
        (date(2025, 1, 1), "day", date(2024, 12, 31), date(2024, 12, 31)),
    ],
)
def test_the_last_period_that_is_over(today: date, every: Every, first: date, last: date) -> None:
    assert last_period(today, every) == Period(first, last)


def test_never_is_never_due() -> None:
    assert last_period(date(2024, 12, 1), "never") is None


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(["month", "week", "day"]))
def test_a_period_is_over_and_the_next_one_is_not(today: date, every: Every) -> None:
    period = last_period(today, every)
    assert period is not None
    assert period.first <= period.last < today
    assert school_year_of(period.first) == school_year_of(period.last)
    after = last_period(today + timedelta(days=31), every)
    assert after is not None and after.last > period.last
