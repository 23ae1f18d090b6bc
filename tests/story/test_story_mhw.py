"""Stories of mental health wellness days: each is told, and each that breaks a rule."""

from __future__ import annotations

from tests.story.expected import amended, opened, withdrawn
from tests.story.story import Story, day

MHW = ("mhw_day", "mhw_not_k12", "mhw_consecutive", "mhw_over_limit", "mhw_permission_missing")


def town(grade: str = "5") -> Story:
    return Story(*MHW).school("A").student("mia", grade)


def test_a_documented_day_is_an_offer_of_support_and_no_more() -> None:
    story = town().at(day(4)).absent("mia", "M", permission="documented")
    story.expect(opened("mhw_day", on=day(4), n=4, a=1, dates=(day(4),)))
    assert story.standing("mia", day(4), "absent_days", "mhw_days", "unexcused_days") == ["1", "1", "0"]


def test_a_permission_that_comes_later_withdraws_the_notice() -> None:
    story = town().at(day(4)).absent("mia", "M", permission="missing")
    story.expect(opened("mhw_day"), opened("mhw_permission_missing", on=day(4)))
    story.at(day(6)).correct("mia", "M", day(4), permission="documented").expect(
        withdrawn("mhw_permission_missing", on=day(4))
    )


def test_friday_and_monday_are_consecutive_school_days() -> None:
    story = town().at(day(5)).absent("mia", "M", permission="documented").expect(opened("mhw_day", on=day(5)))
    story.at(day(6)).absent("mia", "M", permission="documented").expect(opened("mhw_consecutive", on=day(6)))
    assert story.standing("mia", day(6), "mhw_days", "unknown_days") == ["1", "1"]


def test_the_day_after_an_invalid_day_is_valid_again() -> None:
    story = town().at(day(4))
    for number in (4, 5, 6):
        story.absent("mia", "M", day(number), permission="documented")
    story.at(day(6)).evening().expect(
        opened("mhw_day", on=day(4)), opened("mhw_consecutive", on=day(5)), opened("mhw_day", on=day(6))
    )


def test_a_third_day_is_over_the_limit_until_an_earlier_one_is_taken_back() -> None:
    story = town().at(day(12))
    story.absent("mia", "M", day(2), day(6), day(10), permission="documented").expect(
        opened("mhw_day", on=day(2)), opened("mhw_day", on=day(6)), opened("mhw_over_limit", on=day(10))
    )
    story.correct("mia", "E", day(2)).expect(
        withdrawn("mhw_day", on=day(2)),
        withdrawn("mhw_over_limit", on=day(10)),
        opened("mhw_day", on=day(10)),
    )


def test_a_snow_day_entered_late_makes_two_days_consecutive() -> None:
    story = town().at(day(8))
    story.absent("mia", "M", day(3), day(5), permission="documented").expect(
        opened("mhw_day", on=day(3)), opened("mhw_day", on=day(5), n=5)
    )
    story.snow_day(day(4)).expect(
        withdrawn("mhw_day", on=day(5)), opened("mhw_consecutive", on=day(5), n=4, a=2)
    )


def test_a_snow_day_entered_late_undoes_an_adjacency() -> None:
    story = town().at(day(8))
    story.absent("mia", "M", day(3), day(4), permission="documented").expect(
        opened("mhw_day", on=day(3)), opened("mhw_consecutive", on=day(4))
    )
    story.snow_day(day(3)).expect(
        withdrawn("mhw_day", on=day(3)), withdrawn("mhw_consecutive", on=day(4)),
        opened("mhw_day", on=day(4), n=3, a=1),
    )  # fmt: skip
    story.write("calendar", school_id="A", date=day(3), kind_="instructional").expect(
        opened("mhw_day", on=day(3), n=3, a=1), opened("mhw_consecutive", on=day(4), n=4, a=2),
        withdrawn("mhw_day", on=day(4)),
    )  # fmt: skip


def test_a_snow_day_before_it_only_moves_the_numbers() -> None:
    story = (
        town().at(day(8)).absent("mia", "M", day(6), permission="documented").expect(opened("mhw_day", n=6))
    )
    story.snow_day(day(2)).expect(amended("mhw_day", on=day(6), n=5, a=1))


def test_in_pre_kindergarten_the_code_is_invalid_until_the_grade_is_corrected() -> None:
    story = town("PK").at(day(4)).absent("mia", "M", permission="documented")
    story.expect(opened("mhw_not_k12", on=day(4), n=4, a=1))
    story.student("mia", "K").expect(withdrawn("mhw_not_k12"), opened("mhw_day", on=day(4), n=4, a=1))


def test_half_a_day_is_neither_counted_nor_limited() -> None:
    story = town().at(day(9)).absent("mia", "M", day(3), absent_fraction="0.5", permission="documented")
    story.absent("mia", "M", day(4), absent_fraction=".51", permission="documented")
    story.expect(opened("mhw_day", on=day(4)))


def test_the_limit_goes_with_the_student_to_another_school() -> None:
    story = town().school("B").at(day(12)).transfer("mia", "B", on=day(5))
    story.absent("mia", "M", day(2), school_id="A", permission="documented")
    story.absent("mia", "M", day(6), day(9), permission="documented")
    story.at(day(12)).evening().expect(
        opened("mhw_day", on=day(2), owner="A"), opened("mhw_day", on=day(6), owner="B"),
        opened("mhw_over_limit", on=day(9), owner="B"),
    )  # fmt: skip
