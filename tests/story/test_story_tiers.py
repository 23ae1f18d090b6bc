"""Stories of the rate: tiers, minimum, flapping, the rolling window, streaks and levels."""

from __future__ import annotations

from models.policy import DEFAULT
from tests.story.expected import amended, opened, recovered, reopened, withdrawn
from tests.story.story import Story, day


def test_the_minimum_day_alerts_though_nothing_happens_that_day() -> None:
    story = Story("tier_2").school("A").student("mia")
    story.absent("mia", "E", day(3), day(9))
    story.at(day(20)).expect_nothing()
    story.evening().expect(opened("tier_2", on=day(20), n=20, a=2, dates=(day(3), day(9))))


def test_two_of_twenty_one_days_are_no_ten_percent() -> None:
    story = Story("tier_2").school("A").student("mia")
    story.at(day(3)).absent("mia").at(day(21)).absent("mia").evening().expect_nothing()
    story.at(day(30)).absent("mia").expect(opened("tier_2", on=day(30), n=30, a=3))


def test_a_rate_that_flaps_about_ten_percent_is_one_alert_that_stands() -> None:
    story = Story("tier_2").school("A").student("mia").absent("mia", "E", day(3), day(9))
    story.at(day(20)).evening().expect(opened("tier_2"))
    story.at(day(22)).evening().expect_nothing()  # 9.09 %
    story.at(day(23)).evening().expect(recovered("tier_2", recovered_on=day(23)))  # 8.7 %
    story.at(day(25)).absent("mia").evening().at(day(29)).absent("mia")
    story.expect(reopened("tier_2", on=day(20), n=20, a=2, recovered_on=""))
    story.at(day(44)).evening().expect_nothing()  # 4 of 44: 9.09 %
    story.at(day(45)).evening().expect(recovered("tier_2", recovered_on=day(45)))
    assert len(story.alerts("mia", "tier_2")) == 1


def test_an_open_tier_2_does_not_keep_tier_3_from_opening() -> None:
    story = Story("tier_2", "tier_3").school("A").student("mia").absent("mia", "E", day(3), day(9))
    story.at(day(20)).evening().expect(opened("tier_2"))
    story.at(day(21)).absent("mia", "E", day(21), day(22)).at(day(24)).absent("mia").expect(
        opened("tier_3", on=day(24), n=24, a=5)
    )
    story.at(day(27)).evening().expect_nothing()  # 5 of 27: 18.5 %
    story.at(day(28)).evening().expect(recovered("tier_3", recovered_on=day(28)))


def test_a_late_enrolment_begins_its_own_minimum() -> None:
    story = Story("tier_2").school("A").student("mia", entry=day(11))
    story.absent("mia", "E", day(3), day(12), day(13)).at(day(29)).evening().expect_nothing()
    story.at(day(30)).evening().expect(opened("tier_2", on=day(30), n=20, a=2))
    story.student("mia", entry=day(10)).expect(amended("tier_2", on=day(29), n=20, a=2))


def test_each_rolling_opening_is_an_alert_of_its_own() -> None:
    story = Story("rolling").school("A").student("mia")
    story.absent("mia", "E", day(8), day(9)).at(day(9)).evening().expect_nothing()
    story.at(day(10)).evening().expect(opened("rolling", on=day(10), n=10, a=2, dates=(day(8), day(9))))
    story.at(day(27)).evening().expect_nothing()
    story.at(day(28)).evening().expect(recovered("rolling", on=day(10), recovered_on=day(28)))
    story.absent("mia", "E", *(day(number) for number in (31, 33, 35, 37))).at(day(37)).evening()
    story.expect(opened("rolling", on=day(37), n=37, a=6, dates=(day(31), day(33), day(35), day(37))))
    first, second = story.alerts("mia", "rolling")
    assert first.alert_id != second.alert_id


def test_three_days_in_a_row_across_a_weekend_until_the_student_is_back() -> None:
    story = Story("consecutive").school("A").student("mia")
    story.at(day(4)).absent("mia").at(day(5)).absent("mia").expect_nothing()
    story.at(day(6)).absent("mia", "U").expect(
        opened("consecutive", on=day(6), n=6, a=3, dates=(day(4), day(5), day(6)))
    )
    story.at(day(7)).absent("mia").evening().expect_nothing()
    story.at(day(8)).evening().expect(recovered("consecutive", on=day(6), recovered_on=day(8)))
    story.absent("mia", "E", day(9), day(10), day(11)).expect_nothing()
    story.at(day(11)).evening().expect(opened("consecutive", on=day(11)))
    assert len({alert.alert_id for alert in story.alerts("mia", "consecutive")}) == 2


def test_a_streak_breaks_when_a_day_in_it_was_no_absence() -> None:
    story = Story("consecutive").school("A").student("mia")
    story.absent("mia", "E", day(4), day(5), day(6), day(7)).at(day(7)).evening()
    story.expect(opened("consecutive", on=day(6)))
    story.correct("mia", "P", day(4)).expect(
        withdrawn("consecutive", on=day(6)), opened("consecutive", on=day(7))
    )
    story.correct("mia", "P", day(6)).expect(withdrawn("consecutive", on=day(7)))


def test_the_ninth_absence_warns_of_level_2_and_the_tenth_is_it() -> None:
    story = Story("level_2_next", "level_2").school("A").student("mia")
    story.absent("mia", "E", *(day(number) for number in range(2, 18, 2))).at(day(18)).expect_nothing()
    story.absent("mia", "D").expect(opened("level_2_next", on=day(18), a=9))
    story.at(day(20)).absent("mia", "M").expect(opened("level_2", on=day(20), n=20, a=10))
    story.delete("mia").expect(withdrawn("level_2"))
    assert story.standing("mia", day(20), "absent_days", "level") == ["9", "1"]


def test_one_day_in_seven_from_the_second_absence_on_where_the_policy_asks_for_it() -> None:
    early = DEFAULT._replace(early_pace=True)
    story = Story("early_pace", policy=early).school("A").student("mia")
    story.at(day(3)).absent("mia").evening().expect_nothing()
    story.at(day(14)).absent("mia").expect(
        opened("early_pace", on=day(14), n=14, a=2, dates=(day(3), day(14)))
    )
    story.at(day(60)).evening().expect_nothing()
    story.delete("mia", day(3)).expect(withdrawn("early_pace"))


def test_two_absences_in_the_first_month_and_four_by_the_end_of_the_second() -> None:
    story = Story("month_pace").school("A").student("mia")
    story.at(day(2)).absent("mia").at(day(25)).absent("mia").expect_nothing()  # the second month has begun
    story.at(day(30)).absent("mia", "E", day(23)).expect(opened("month_pace", on=day(23), n=23, a=2))
    story.at(day(40)).delete("mia", day(2)).expect(withdrawn("month_pace"))
