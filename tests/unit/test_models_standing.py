"""Counts, rates and tiers of a standing, worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bits import span
from models.policy import DEFAULT, Share
from models.standing import Bounds, Standing, bounds, rate_percent, standings, tier_of
from models.student_year import NO_MHW, Classes, Frame, Part, StudentYear, class_of, cut


@pytest.mark.parametrize(
    ("absent", "enrolled", "tier"),
    [
        (0, 0, ""),
        (0, 1, "I"),
        (1, 1, "III"),
        (17, 180, "I"),
        (18, 180, "II"),
        (35, 180, "II"),
        (36, 180, "III"),
        (9, 91, "I"),
        (9, 90, "II"),
        (9, 45, "III"),
        (9, 46, "II"),
    ],
)
def test_tiers_are_exact(absent: int, enrolled: int, tier: str) -> None:
    assert tier_of(absent, enrolled) == tier


@pytest.mark.parametrize(
    ("absent", "enrolled", "rate"),
    [
        (0, 0, ""),
        (0, 3, "0.00"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 800, "0.13"),  # 0.125
        (3, 800, "0.38"),  # 0.375
        (1, 801, "0.12"),
        (18, 180, "10.00"),
        (180, 180, "100.00"),
        (1, 16, "6.25"),
        (1, 32, "3.13"),  # 3.125
        (1, 365, "0.27"),
    ],
)
def test_rates_have_two_decimals_half_up(absent: int, enrolled: int, rate: str) -> None:
    assert rate_percent(absent, enrolled) == rate


@pytest.mark.parametrize(("part", "whole", "reached"), [(9, 100, False), (10, 100, True), (0, 0, True)])
def test_a_share_is_compared_in_whole_numbers(part: int, whole: int, reached: bool) -> None:
    assert Share(1, 10).reached(part, whole) is reached
    assert Share(1, 10).above(part, whole) is not reached


@pytest.mark.parametrize(
    ("share", "part", "whole"), [(Share(9, 100), 9, 101), (Share(1, 3), 2, 7), (Share(1, 10), 0, 1)]
)
def test_the_first_whole_of_which_a_part_is_less_than_a_share(share: Share, part: int, whole: int) -> None:
    assert share.first_above(part) == whole
    assert share.above(part, whole) and not share.above(part, whole - 1)


def year(*parts: Part, excused: int = 0, unexcused: int = 0) -> StudentYear:
    classes: Classes = (excused, unexcused, 0, 0, 0)
    return StudentYear(2021, Frame(parts), classes, 0, NO_MHW)


def part(first: int, last: int, *, grade: str = "5", school: str = "A", unreported: int = 0) -> Part:
    days = span(first, last)
    return Part(school, grade, grade != "PK", days, days & ~unreported)


def test_without_a_membership_day_there_is_no_row() -> None:
    assert list(standings(year())) == []


def test_a_year_at_one_school_has_a_row_of_each_scope() -> None:
    held = year(part(60, 89, unreported=1 << 89), excused=0b111 << 60, unexcused=1 << 80)
    district, school = standings(held)
    assert district == Standing("district", "A", "5", 29, 4, (3, 1, 0, 0, 0), 1, "II", 1, 20, 1, 88)
    assert school == district._replace(scope="school")


def test_pk_days_are_not_added_to_k12_days_but_have_a_row_of_their_own_school() -> None:
    held = year(part(60, 69, grade="PK", school="P"), part(70, 71, grade="K"), excused=span(60, 70))
    district, pk, k = standings(held)
    assert (district.school, district.grade, district.enrolled, district.absent) == ("A", "K", 2, 1)
    assert (district.tier, district.level) == ("III", 1)
    assert (pk.school, pk.grade, pk.enrolled, pk.absent, pk.tier, pk.level) == ("P", "PK", 10, 10, "", None)
    assert (k.school, k.enrolled, k.level) == ("A", 2, 1)


def test_pk_days_give_way_to_a_k12_day_that_is_not_reported_yet() -> None:
    held = year(part(60, 69, grade="PK"), part(70, 70, grade="K", unreported=1 << 70), excused=1 << 60)
    district, _ = standings(held)
    assert district == Standing("district", "A", "K", 0, 0, (0, 0, 0, 0, 0), 1, "", 1, 0, 0, -1)


@pytest.mark.parametrize(("absent", "level"), [(9, 1), (10, 2)])
def test_level_2_begins_with_the_tenth_absence_in_the_district(absent: int, level: int) -> None:
    held = year(part(0, 4), part(5, 60, school="B"), excused=span(0, absent - 1))
    assert [row.level for row in standings(held)] == [level, level, level]


def test_the_window_is_the_last_counted_days() -> None:
    held = year(part(0, 29, unreported=1 << 15), excused=span(0, 9) | 1 << 29)
    district, _ = standings(held)
    assert (district.window, district.window_absent) == (20, 2)  # from day 9 on, without day 15
    assert next(standings(held, DEFAULT._replace(window_days=3)))[9:11] == (3, 1)


def test_the_window_of_a_day_more_than_it_holds_leaves_the_first_one_out() -> None:
    district, _ = standings(year(part(0, 20), excused=1 << 0 | 1 << 1))
    assert (district.window, district.window_absent) == (20, 1)


def test_the_days_of_a_school_are_its_own_from_1_july_on() -> None:
    held = year(part(0, 4), part(5, 9, school="B", unreported=1 << 9), part(10, 11), excused=1 << 0 | 1 << 5)
    district, first, second = standings(held)
    assert district == Standing("district", "A", "5", 11, 2, (2, 0, 0, 0, 0), 1, "II", 1, 11, 2, 11)
    assert first == Standing("school", "A", "5", 7, 1, (1, 0, 0, 0, 0), 0, "II", 1, 7, 1, 11)
    assert second == Standing("school", "B", "5", 4, 1, (1, 0, 0, 0, 0), 1, "III", 1, 4, 1, 8)


def test_a_year_is_cut_at_a_date() -> None:
    held = year(part(60, 69), part(70, 79, school="B"), excused=1 << 65 | 1 << 75)
    assert cut(held, 79) is held
    early = cut(held, 65)
    assert (early.membership, early.absent, [each.school for each in early.parts]) == (
        span(60, 65),
        1 << 65,
        ["A"],
    )
    assert cut(held, 59).membership == 0


def test_the_class_of_a_day() -> None:
    held = year(part(0, 9), excused=1 << 3, unexcused=1 << 4)
    assert [class_of(held, day) for day in (2, 3, 4)] == ["", "excused", "unexcused"]
    assert held.owner(3).school == "A"


def test_bounds_are_over_the_counted_and_the_unreported_days() -> None:
    held = year(part(60, 87, unreported=span(86, 87)), excused=span(60, 61))
    district, _ = standings(held)
    assert (district.enrolled, district.absent, district.unreported, district.tier) == (26, 2, 2, "I")
    assert bounds(district) == Bounds(28, 2, 4, "I", "II")
    assert [rate_percent(absent, 28) for absent in bounds(district)[1:3]] == ["7.14", "14.29"]


def test_a_tier_may_be_sure_before_every_day_is_reported() -> None:
    held = year(part(60, 79, unreported=1 << 79), excused=span(60, 63))
    district, _ = standings(held)
    assert bounds(district) == Bounds(20, 4, 5, "III", "III")


def test_before_anything_is_reported_the_rate_may_be_anything() -> None:
    district, _ = standings(year(part(60, 62, unreported=span(60, 62))))
    assert (district.tier, bounds(district)) == ("", Bounds(3, 0, 3, "I", "III"))


def test_pk_rows_have_bounds_of_the_rate_and_none_of_the_tier() -> None:
    district, _ = standings(year(part(60, 63, grade="PK", unreported=1 << 63), excused=1 << 60))
    assert bounds(district) == Bounds(4, 1, 2, "", "")


@given(
    membership=st.integers(1, 2**40 - 1), reported=st.integers(0, 2**40 - 1), absent=st.integers(0, 2**40 - 1)
)
def test_whatever_the_unreported_days_turn_out_to_be_the_rate_lies_within_its_bounds(
    membership: int, reported: int, absent: int
) -> None:
    counted = membership & reported
    now = year(Part("A", "5", True, membership, counted), excused=counted & absent)
    later = year(Part("A", "5", True, membership, membership), excused=membership & absent)
    before, after = next(standings(now)), next(standings(later))
    low = bounds(before)
    assert low.days == after.enrolled and low.lower <= after.absent <= low.upper
    order = ["I", "II", "III"]
    places = [order.index(tier) for tier in (low.lower_tier, after.tier, low.upper_tier)]
    assert places == sorted(places)
    assert bounds(after) == Bounds(after.enrolled, after.absent, after.absent, after.tier, after.tier)
