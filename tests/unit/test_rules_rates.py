"""tier_2, tier_3 and rolling at their boundaries, worked by hand."""

import pytest

from alerts.rules.rolling import rolling
from alerts.rules.tiers import tier_2, tier_3
from models.policy import DEFAULT, Share
from tests.unit.counted import Find, told, weekday, year


@pytest.mark.parametrize(
    ("absent", "days", "opens"),
    [
        (2, 20, True),
        (1, 20, False),
        (2, 21, False),
        (9, 100, False),
        (10, 100, True),
        (18, 180, True),
        (17, 180, False),
    ],
)
def test_tier_2_opens_at_ten_of_a_hundred(absent: int, days: int, opens: bool) -> None:
    letters = "." * (days - absent) + "E" * absent
    at_the_end = DEFAULT._replace(minimum_days=days)
    expected = [(weekday(days), None, days, absent)] if opens else []
    assert told(tier_2(year(letters), at_the_end)) == expected


@pytest.mark.parametrize(
    ("absent", "days", "opens"), [(4, 20, True), (3, 20, False), (20, 100, True), (19, 100, False)]
)
def test_tier_3_opens_at_twenty_of_a_hundred(absent: int, days: int, opens: bool) -> None:
    letters = "." * (days - absent) + "E" * absent
    found = told(tier_3(year(letters), DEFAULT._replace(minimum_days=days)))
    assert found == ([(weekday(days), None, days, absent)] if opens else [])


@pytest.mark.parametrize("rule", [tier_2, tier_3])
def test_nineteen_days_are_not_enough_however_many_are_missed(rule: Find) -> None:
    assert told(rule(year("E" * 19), DEFAULT)) == []
    assert told(rule(year("E" * 19 + "."), DEFAULT)) == [(weekday(20), None, 20, 19)]


def test_tier_2_recovers_below_nine_of_a_hundred_not_at_it() -> None:
    letters = "E" * 9 + "." * 91
    assert told(tier_2(year(letters), DEFAULT)) == [(weekday(20), None, 20, 9)]
    assert told(tier_2(year(letters + "."), DEFAULT)) == [(weekday(20), weekday(101), 20, 9)]


def test_tier_3_recovers_below_eighteen_of_a_hundred_not_at_it() -> None:
    letters = "E" * 18 + "." * 82
    assert told(tier_3(year(letters), DEFAULT)) == [(weekday(20), None, 20, 18)]
    assert told(tier_3(year(letters + "."), DEFAULT)) == [(weekday(20), weekday(101), 20, 18)]


def test_a_tier_reopens_as_the_same_and_tells_its_last_recovery() -> None:
    # 2 of 20 opens, 2 of 23 recovers, 3 of 30 reopens, 3 of 34 recovers.
    letters = "EE" + "." * 21 + "." * 6 + "E"
    assert told(tier_2(year(letters), DEFAULT)) == [(weekday(20), None, 20, 2)]
    assert told(tier_2(year(letters + "..."), DEFAULT)) == [(weekday(20), None, 20, 2)]
    assert told(tier_2(year(letters + "...."), DEFAULT)) == [(weekday(20), weekday(34), 20, 2)]


def test_the_evidence_of_a_tier_is_every_absence_up_to_the_opening() -> None:
    [found] = tier_2(year("..E....U............E"), DEFAULT)
    assert found.dates == (weekday(3), weekday(8))


def test_a_tier_takes_its_bars_from_the_policy() -> None:
    strict = DEFAULT._replace(minimum_days=5, tier_2_opens=Share(2, 5), tier_2_recovers=Share(1, 3))
    assert told(tier_2(year("E.E.."), strict)) == [(weekday(5), None, 5, 2)]
    assert told(tier_2(year("E.E..."), strict)) == [(weekday(5), None, 5, 2)]  # a third is not below a third
    assert told(tier_2(year("E.E...."), strict)) == [(weekday(5), weekday(7), 5, 2)]


@pytest.mark.parametrize(
    ("letters", "opened"),
    [
        ("EEEEEEEEE", None),  # nine days make no window
        ("EE........", 10),
        ("E.........", None),
        ("E.........E", None),  # 2 of 11
        ("E..........EE", 13),  # 3 of 13
        ("...." * 4 + "EEEE", 20),
        ("...." * 4 + ".EEE", None),
    ],
)
def test_rolling_opens_at_a_fifth_of_at_least_ten_days(letters: str, opened: int | None) -> None:
    found = [each.opened_on for each in rolling(year(letters), DEFAULT)]
    assert found == ([weekday(opened)] if opened else [])


def test_rolling_recovers_below_a_tenth_of_the_window_and_opens_anew() -> None:
    quiet = "EE........" + "." * 11  # 2 of the last 20 stand, 1 of them does not
    assert told(rolling(year(quiet), DEFAULT)) == [(weekday(10), weekday(21), 10, 2)]
    assert told(rolling(year(quiet[:-1]), DEFAULT)) == [(weekday(10), None, 10, 2)]
    again = told(rolling(year(quiet + "EEEE"), DEFAULT))
    assert again == [(weekday(10), weekday(21), 10, 2), (weekday(25), None, 25, 6)]


def test_the_evidence_of_rolling_is_the_absences_of_its_window() -> None:
    found = list(rolling(year("E" + "." * 17 + "EEEE"), DEFAULT))
    assert [each.dates for each in found] == [tuple(weekday(number) for number in (19, 20, 21, 22))]
