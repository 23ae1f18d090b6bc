"""What of a rule would have reached a person, by hand-worked years of a letter a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from alerts.backtest.measure import Measured, Spread, Tally, ends_chronic, spread
from alerts.backtest.naive import NAIVE
from alerts.backtest.told import NOTHING, Told, counted_until, told
from alerts.rules import RULES, Rule
from models.policy import DEFAULT, Policy
from tests.unit.counted import weekday, year

RULE = {rule.name: rule for rule in (*RULES, NAIVE)}
TIER_2, LEVEL_2, ROLLING = RULE["tier_2"], RULE["level_2"], RULE["rolling"]

# Two of 20: opens on day 20. Two of 23 is below 9 %: recovers there. Three of 30 is 10 % again.
FLAPS = "EE" + "." * 27 + "E"


def days(*numbers: int) -> tuple[date, ...]:
    """The dates of counted days."""
    return tuple(weekday(number) for number in numbers)


def test_a_reopening_is_told_from_so_many_counted_days_after_the_recovery_on() -> None:
    held = year(FLAPS)
    assert told(TIER_2, held, DEFAULT, 8) == Told(days(20), 1, 1, 1, 0)
    assert told(TIER_2, held, DEFAULT, 7) == Told(days(20, 30), 1, 1, 1, 1)
    assert told(TIER_2, held, DEFAULT, 0) == told(TIER_2, held, DEFAULT, 7)


def test_each_reopening_is_counted_from_the_last_recovery() -> None:
    # 3 of 30; below 9 % with 3 of 34; 4 of 40; below with 4 of 45; 5 of 46 again.
    held = year(FLAPS + "." * 9 + "E" + "." * 5 + "E")
    assert told(TIER_2, held, DEFAULT, 7) == Told(days(20, 30), 1, 3, 3, 1)
    assert told(TIER_2, held, DEFAULT, 1).days == days(20, 30, 40, 46)


def test_what_stands_once_opened_is_told_once() -> None:
    held = year("E" * 10 + "." * 90 + "E" * 10)
    assert told(LEVEL_2, held, DEFAULT, 20) == Told(days(10), 1)


def test_every_opening_of_its_own_is_told_whatever_the_quiet_days() -> None:
    # Two of ten; one of the last 20 on day 21; four of them on day 34.
    held = year("EE" + "." * 28 + "EEEE")
    assert told(ROLLING, held, DEFAULT, 366) == Told(days(10, 34), 2, 0, 1)


def test_naive_tells_each_crossing_from_the_first_day_on() -> None:
    # 1 of 1; 1 of 11 is below; 2 of 12 again.
    assert told(NAIVE, year("E" + "." * 10 + "E"), DEFAULT, 20) == Told(days(1, 12), 2, 0, 1)


def test_nothing_found_is_nothing_told() -> None:
    for rule in RULE.values():
        assert told(rule, year("." * 40), DEFAULT, 20) == NOTHING


def test_school_days_are_counted_days() -> None:
    held = year("..E")
    assert [counted_until(held, day) for day in (date(2021, 8, 29), *days(1, 3), date(2022, 6, 1))] == [
        0,
        1,
        3,
        3,
    ]


def test_ten_percent_of_the_last_counted_day_is_the_end() -> None:
    assert ends_chronic(year("EE" + "." * 18))
    assert not ends_chronic(year("EE" + "." * 19))
    assert ends_chronic(year("E")), "no minimum of days"


def measured(rule: Rule, *letters: str, policy: Policy = DEFAULT) -> Measured:
    tally = Tally()
    for place, each in enumerate(letters):
        held = year(each)
        tally.add(held, (told(rule, held, policy, 20),), place % 2)
    return tally.measured()


def test_a_year_of_four_is_measured() -> None:
    found = measured(
        TIER_2,
        "EE" + "." * 16 + "E." + "EEEEE",  # told on day 20 with 3 of the 8; ends with 8 of 25
        "E" * 4 + "." * 16,  # told on day 20 with all 4 of them
        "EE" + "." * 27,  # told, and ends with 2 of 29
        "." * 19 + "." * 10,  # nobody told
    )
    assert found[:9] == (4, 2, 3, 2, 3, 3, 0, 1, 0)
    assert (found.recall, found.precision) == (1, Fraction(2, 3))
    assert (found.messages_a_student, found.messages_a_crosser) == (Fraction(3, 4), 1)
    assert found.first_day == Spread(Fraction(20), Fraction(20), Fraction(20))
    assert found.ahead is not None and found.ahead.median * 16 == 5
    # All three on the same Friday; the first and the third have one counselor.
    assert found.peak == 2


def test_of_nobody_there_is_no_share() -> None:
    none = Tally().measured()
    assert none[:9] == (0,) * 9
    assert none.recall is none.precision is none.messages_a_student is none.first_day is none.ahead is None
    assert none.peak == 0


def test_a_missed_one_is_missing_in_the_recall() -> None:
    # 2 of 20 from the last day on: not yet told with a minimum of 30 days.
    found = measured(TIER_2, "EE" + "." * 18, "E" * 30, policy=DEFAULT._replace(minimum_days=30))
    assert (found.recall, found.precision) == (Fraction(1, 2), 1)


def test_quartiles_lie_between_the_values() -> None:
    values = [Fraction(number) for number in (4, 1, 3, 2)]
    assert spread(values) == Spread(Fraction(7, 4), Fraction(5, 2), Fraction(13, 4))
    assert spread(values[:1]) == Spread(values[0], values[0], values[0])
    assert spread([]) is None
