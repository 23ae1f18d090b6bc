from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.school_year import day_index, first_day, from_label, label, school_year_of

DAYS = st.dates(date(2000, 7, 1), date(2099, 6, 30))


def test_a_school_year_runs_from_the_first_of_july_to_the_last_of_june() -> None:
    assert school_year_of(date(2021, 6, 30)) == 2020
    assert school_year_of(date(2021, 7, 1)) == 2021


@given(DAYS)
def test_a_day_is_its_index_after_the_first_of_july(day: date) -> None:
    assert first_day(school_year_of(day)) + timedelta(days=day_index(day)) == day
    assert 0 <= day_index(day) <= 365


@given(st.integers(2000, 2098))
def test_a_label_reads_back(year: int) -> None:
    assert from_label(label(year)) == year


@pytest.mark.parametrize("text", ["2020-22", "2020-2021", "20-21", "", "2020/21", "\u0662020-21"])
def test_a_label_that_is_not_two_years_in_a_row_is_none(text: str) -> None:
    assert from_label(text) is None
