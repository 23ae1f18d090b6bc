"""truancy_month, truancy_year and habitual_truant at their boundaries, worked by hand."""

from datetime import date

import pytest

from alerts.rules.truancy import habitual_truant, truancy_month, truancy_year
from models.policy import DEFAULT
from tests.unit.counted import told, weekday, year

CALENDAR = DEFAULT._replace(month_mode="calendar")


@pytest.mark.parametrize(("letters", "opened"), [("UUU", None), ("UUUEDNM", None), ("UUU.U", 5)])
def test_four_unexcused_and_nothing_else_make_a_truant(letters: str, opened: int | None) -> None:
    found = [each.opened_on for each in truancy_month(year(letters), DEFAULT)]
    assert found == ([weekday(opened)] if opened else [])


def test_the_month_is_the_thirty_days_that_end_on_the_day() -> None:
    # Monday 2021-08-30 and Tuesday 2021-09-28 are the first and the last of thirty days.
    within = "UUU" + "." * 18 + "U"
    assert told(truancy_month(year(within), DEFAULT)) == [(weekday(22), None, 22, 4)]
    assert told(truancy_month(year("UUU" + "." * 19 + "U"), DEFAULT)) == []


def test_by_the_calendar_a_month_ends_where_another_begins() -> None:
    # Days 1 and 2 are the end of August, days 3 to 24 September, days 68 to 90 December, from 1 to 31.
    assert told(truancy_month(year("UUUU"), DEFAULT)) == [(weekday(4), None, 4, 4)]
    assert told(truancy_month(year("UUUU"), CALENDAR)) == []
    assert told(truancy_month(year("..U" + "." * 18 + "UUU"), CALENDAR)) == [(weekday(24), None, 24, 4)]
    assert told(truancy_month(year("..U" + "." * 19 + "UUU"), CALENDAR)) == []
    december = "." * 67 + "U" + "." * 19 + "UUU"
    assert told(truancy_month(year(december), CALENDAR)) == [(weekday(90), None, 90, 4)]
    assert told(truancy_month(year(december), DEFAULT)) == []


def test_ten_in_the_year_and_twenty_are_two_rules() -> None:
    assert told(truancy_year(year("U" * 9 + "EEE"), DEFAULT)) == []
    assert told(truancy_year(year("U" * 9 + "EU"), DEFAULT)) == [(weekday(11), None, 11, 11)]
    assert told(habitual_truant(year("U" * 19), DEFAULT)) == []
    assert told(habitual_truant(year("U" * 19 + ".U"), DEFAULT)) == [(weekday(21), None, 21, 20)]


def test_the_evidence_is_the_unexcused_days() -> None:
    [found] = truancy_year(year("EU" * 10), DEFAULT)
    assert found.dates == tuple(weekday(number) for number in range(2, 21, 2))


@pytest.mark.parametrize(
    ("born", "counts"),
    [
        (None, 5),
        (date(2016, 8, 30), 5),  # five on the first day
        (date(2016, 8, 31), 4),
        (date(2016, 9, 2), 2),
        (date(2002, 9, 4), 5),  # nineteen on the day after
        (date(2002, 9, 3), 4),
        (date(2002, 8, 30), 0),
        (date(9990, 1, 1), 0),
        (date(9995, 1, 1), 0),
    ],
)
def test_days_count_from_the_fifth_birthday_to_the_eve_of_the_nineteenth(
    born: date | None, counts: int
) -> None:
    days = year("UUUUU", born=born)  # 30 August to 3 September
    for limit in range(1, 6):
        found = told(truancy_year(days, DEFAULT._replace(truancy_year=limit)))
        assert bool(found) == (limit <= counts)


def test_the_ages_are_the_policys() -> None:
    born = date(2015, 9, 1)  # six on day 3
    policy = DEFAULT._replace(truancy_year=2, truancy_from_age=6)
    assert told(truancy_year(year("UUUUU", born=born), policy)) == [(weekday(4), None, 4, 4)]
    policy = DEFAULT._replace(truancy_year=2, truancy_to_age=5)
    assert told(truancy_year(year("UUUUU", born=born), policy)) == [(weekday(2), None, 2, 2)]
    [found] = habitual_truant(year("UUUUU", born=born), policy._replace(habitual_truant=1, truancy_to_age=5))
    assert found.dates == (weekday(1),)
    assert told(truancy_month(year("UUUUU", born=born), policy._replace(truancy_month=3))) == []


@pytest.mark.parametrize(
    ("born", "monday", "counts"),
    [
        (date(2012, 2, 29), date(2017, 2, 27), [date(2017, 3, day) for day in (1, 2, 3)]),  # five on 1 March
        (date(2004, 2, 29), date(2023, 2, 27), [date(2023, 2, 27), date(2023, 2, 28)]),  # nineteen on 1 March
    ],
)
def test_a_birthday_of_29_february_is_on_1_march(born: date, monday: date, counts: list[date]) -> None:
    days = year("UUUUU", first=monday, born=born)
    [found] = truancy_year(days, DEFAULT._replace(truancy_year=len(counts)))
    assert list(found.dates) == counts
    assert told(truancy_year(days, DEFAULT._replace(truancy_year=len(counts) + 1))) == []


def test_the_calendars_last_year_is_a_year_like_others() -> None:
    days = year("UUUUU", first=date(9999, 3, 1), born=date(9994, 3, 3))
    [found] = truancy_year(days, DEFAULT._replace(truancy_year=3))
    assert found.dates == (date(9999, 3, 3), date(9999, 3, 4), date(9999, 3, 5))
