"""consecutive, level_*, month_pace and prior_year_* at their boundaries, worked by hand."""

from datetime import date

import pytest

from alerts.rules.consecutive import consecutive
from alerts.rules.early_pace import early_pace
from alerts.rules.level import level_2, level_2_next
from alerts.rules.month_pace import month_pace, months_passed
from alerts.rules.prior_year import prior_year_tier_2, prior_year_tier_3
from models.policy import DEFAULT, Share
from tests.unit.counted import told, weekday, year


def test_two_days_in_a_row_are_no_streak_and_the_third_opens() -> None:
    assert told(consecutive(year("EE.EE"), DEFAULT)) == []
    assert told(consecutive(year("EEUE"), DEFAULT)) == [(weekday(3), None, 3, 3)]


def test_a_streak_recovers_on_the_day_back_and_another_opens_another() -> None:
    found = list(consecutive(year("EEEE.UUU"), DEFAULT))
    assert told(found) == [(weekday(3), weekday(5), 3, 3), (weekday(8), None, 8, 7)]
    assert found[0].dates == (weekday(1), weekday(2), weekday(3))


def test_the_length_of_a_streak_is_the_policys() -> None:
    assert told(consecutive(year("E.EE"), DEFAULT._replace(streak_days=2))) == [(weekday(4), None, 4, 3)]


def test_level_2_is_the_tenth_absence_and_the_ninth_announces_it() -> None:
    assert told(level_2_next(year("E" * 8 + "."), DEFAULT)) == []
    assert told(level_2_next(year("E" * 8 + ".D"), DEFAULT)) == [(weekday(10), None, 10, 9)]
    assert told(level_2(year("E" * 9 + "."), DEFAULT)) == []
    assert told(level_2(year("E" * 9 + ".ME"), DEFAULT)) == [(weekday(11), None, 11, 10)]


@pytest.mark.parametrize(
    ("first", "day", "passed"),
    [
        ("2021-08-31", "2021-09-29", 0),
        ("2021-08-31", "2021-09-30", 1),
        ("2021-08-31", "2021-10-30", 1),
        ("2021-08-31", "2021-10-31", 2),
        ("2021-08-31", "2022-02-27", 5),
        ("2021-08-31", "2022-02-28", 6),
        ("2023-08-31", "2024-02-28", 5),
        ("2023-08-31", "2024-02-29", 6),
        ("2021-09-01", "2021-09-30", 0),
        ("2021-09-01", "2021-10-01", 1),
        ("2021-09-15", "2022-01-14", 3),
        ("2021-09-15", "2022-01-15", 4),
    ],
)
def test_whole_months_passed(first: str, day: str, passed: int) -> None:
    assert months_passed(date.fromisoformat(first), date.fromisoformat(day)) == passed


def test_month_pace_is_two_in_the_first_month_and_four_by_the_end_of_the_second() -> None:
    assert told(month_pace(year("E" + "." * 22), DEFAULT)) == []
    assert told(month_pace(year("E" + "." * 21 + "U"), DEFAULT)) == [
        (weekday(23), None, 23, 2)
    ]  # 29 September
    assert told(month_pace(year("E" + "." * 22 + "U"), DEFAULT)) == []  # 30 September
    assert told(month_pace(year("E" + "." * 22 + "UUE"), DEFAULT)) == [(weekday(26), None, 26, 4)]


EARLY = DEFAULT._replace(early_pace=True)


def test_early_pace_is_off_unless_the_policy_switches_it_on() -> None:
    assert told(early_pace(year("EEEEE"), DEFAULT)) == []
    assert told(early_pace(year("EEEEE"), EARLY)) == [(weekday(2), None, 2, 2)]


@pytest.mark.parametrize(
    ("letters", "opens"),
    [
        ("E" + "." * 12 + "U", 14),  # 2 of 14
        ("E" + "." * 13 + "U", None),  # 2 of 15
        ("E" + "." * 14 + "U" + "." * 4 + "D", 21),  # 3 of 21
        ("E" + "." * 14 + "U" + "." * 5 + "D", None),  # 3 of 22
        ("E" + "." * 40, None),  # the first absence alone, whatever its share
    ],
)
def test_early_pace_is_one_day_in_seven_from_the_second_absence_on(letters: str, opens: int | None) -> None:
    found = told(early_pace(year(letters), EARLY))
    assert [each[2] for each in found] == ([] if opens is None else [opens])
    assert all(recovered is None for _, recovered, _, _ in found)


def test_early_pace_stands_and_takes_the_policys_numbers() -> None:
    assert told(early_pace(year("EE" + "." * 150 + "E"), EARLY)) == [(weekday(2), None, 2, 2)]
    other = EARLY._replace(early_pace_absences=3, early_pace_opens=Share(1, 4))
    assert told(early_pace(year("EE.........E"), other)) == [(weekday(12), None, 12, 3)]
    assert told(early_pace(year("EE..........E"), other)) == []


def test_month_pace_begins_with_the_first_membership_day_though_it_is_not_reported() -> None:
    earlier = year("E" + "." * 21 + "U")._replace(first_membership=date(2021, 8, 27))
    assert told(month_pace(earlier, DEFAULT)) == []


@pytest.mark.parametrize(
    ("last_year", "tier"),
    [
        (None, ""),
        ((0, 0), ""),
        ((19, 19), ""),
        ((20, 1), ""),
        ((180, 17), ""),
        ((180, 18), "II"),
        ((180, 35), "II"),
        ((180, 36), "III"),
        ((20, 20), "III"),
    ],
)
def test_last_years_rate_opens_on_the_first_counted_day(last_year: tuple[int, int] | None, tier: str) -> None:
    this = year("..E", last_year=last_year)
    expected = [(weekday(1), None, *(last_year or ()))]
    assert told(prior_year_tier_2(this, DEFAULT)) == (expected if tier == "II" else [])
    assert told(prior_year_tier_3(this, DEFAULT)) == (expected if tier == "III" else [])


def test_without_a_counted_day_last_year_opens_nothing() -> None:
    assert told(prior_year_tier_3(year("", pk="..", last_year=(180, 90)), DEFAULT)) == []
