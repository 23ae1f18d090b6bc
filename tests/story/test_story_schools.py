"""Stories of schools: transfers, submissions, positive attendance, calendars."""

from __future__ import annotations

from tests.story.expected import amended, opened, recovered, reopened, withdrawn
from tests.story.story import Story, day


def transferred() -> Story:
    """Mia missed six of twenty-two days at A, then went to B."""
    story = Story("tier_2", "tier_3").school("A").school("B").student("mia")
    story.absent("mia", "E", *(day(number) for number in range(3, 9))).at(day(22)).evening()
    story.expect(opened("tier_2", scope="district"), opened("tier_3", scope="district", n=20, a=6))
    return story.transfer("mia", "B", on=day(24))


def test_school_scope_begins_with_the_first_counted_day_at_a_second_school() -> None:
    story = transferred().at(day(24)).expect_nothing()
    story.evening().expect(
        opened("tier_2", scope="school", school="A", on=day(20), n=20, a=6),
        opened("tier_3", scope="school", school="A", on=day(20), n=20, a=6),
    )


def test_a_transfer_does_not_reset_the_rate_of_the_district() -> None:
    story = transferred().at(day(24)).evening()
    assert story.standing("mia", day(24), "school_id", "enrolled_days", "absent_days") == ["B", "24", "6"]
    assert story.standing("mia", day(24), "enrolled_days", "absent_days", school="A") == ["23", "6"]
    assert story.standing("mia", day(24), "enrolled_days", "absent_days", school="B") == ["1", "0"]


def test_school_scope_goes_when_the_transfer_is_deleted() -> None:
    story = transferred().at(day(30)).evening()
    story.expect(
        opened("tier_2", scope="school", school="A"), opened("tier_3", scope="school", school="A"),
    )  # fmt: skip
    # All her days count as before, only at the other school.
    story.write("enrollment", school_id="B", student_id="mia", entry_date=day(24), op="delete").expect(
        withdrawn("tier_2", scope="school"), withdrawn("tier_3", scope="school")
    )


def test_a_record_counts_only_at_the_school_that_owns_its_day() -> None:
    story = Story("tier_2").school("A").school("B").student("mia").transfer("mia", "B", on=day(10))
    story.absent("mia", "E", day(4), day(9), school_id="B").absent(
        "mia", "E", day(10), day(12), school_id="A"
    )
    story.at(day(20)).evening().expect_nothing()
    story.absent("mia", "E", day(9), school_id="A").absent("mia", "E", day(10), school_id="B").expect(
        opened("tier_2", scope="district", on=day(20), n=20, a=2, owner="B", dates=(day(9), day(10)))
    )


def test_a_positive_school_counts_only_days_with_a_record_of_the_students_own() -> None:
    story = Story("consecutive").school("A", mode="positive").student("mia").at(day(5)).evening()
    story.correct("mia", "P", day(1)).absent("mia", "E", day(2), day(4)).expect_nothing()
    names = ("enrolled_days", "absent_days", "unreported_days", "data_through")
    assert story.standing("mia", day(5), *names) == ["3", "2", "2", day(4)]
    story.absent("mia", "E", day(5)).expect(opened("consecutive", on=day(5), n=4, a=3))
    story.correct("mia", "P", day(3)).expect(withdrawn("consecutive"))


def test_an_explicit_school_waits_for_its_submission() -> None:
    story = Story("consecutive").school("A", submission="explicit", silent=True).student("mia")
    story.at(day(3)).absent("mia", "E", day(1), day(2), day(3)).expect_nothing()
    assert story.standing("mia", day(3), "enrolled_days", "unreported_days") == ["0", "3"]
    story.submit(day(1)).submit(day(2)).expect_nothing()
    story.submit(day(3)).expect(opened("consecutive", on=day(3), n=3, a=3))


def test_by_record_the_first_call_of_a_morning_reports_the_day_for_all() -> None:
    story = Story("tier_2").school("A", silent=True).student("mia").student("leo")
    story.at(day(3)).absent("mia").at(day(9)).absent("mia").at(day(20)).expect_nothing()
    story.absent("leo").expect(opened("tier_2", student="mia", on=day(20), n=20, a=2))
    story.delete("leo").expect_nothing()  # somebody looked all the same


def test_a_reopened_day_leaves_the_counts_until_it_is_submitted_again() -> None:
    story = Story("tier_2", "consecutive").school("A").student("mia")
    story.absent("mia", "E", day(18), day(19), day(20)).at(day(20)).evening()
    story.expect(opened("consecutive", on=day(20)), opened("tier_2", on=day(20), n=20, a=3))
    story.submit(day(19), state="reopened").expect(withdrawn("consecutive"), withdrawn("tier_2"))
    assert story.standing("mia", day(20), "enrolled_days", "unreported_days") == ["19", "1"]
    story.submit(day(19)).expect(opened("consecutive", on=day(20)), opened("tier_2", n=20, a=3))


def test_a_reopened_day_in_attendance_may_lift_a_later_absence_over_the_bar() -> None:
    story = Story("tier_2").school("A").student("mia")
    story.absent("mia", "E", *(day(number) for number in (10, 28, 36, 46, 51))).at(day(51)).evening()
    story.expect_nothing()  # 5 of 51, and nothing else stands either
    story.submit(day(30), state="reopened").expect(opened("tier_2", on=day(51), n=50, a=5))


def test_a_day_that_is_submitted_late_moves_the_numbers_of_what_opened_after_it() -> None:
    story = Story("level_2_next", "month_pace").school("A").student("mia").student("leo")
    story.absent("mia", "E", *(day(number) for number in range(24, 42, 2))).at(day(40)).evening()
    story.submit(day(22), state="reopened").expect(
        opened("month_pace", on=day(30), n=30, a=4), amended("month_pace", on=day(30), n=29),
        opened("level_2_next", on=day(40), n=40, a=9), amended("level_2_next", on=day(40), n=39),
    )  # fmt: skip
    story.submit(day(22)).expect(
        amended("month_pace", on=day(30), n=30), amended("level_2_next", on=day(40), n=40)
    )


def test_a_change_of_enrollment_that_moves_no_day_leaves_alerts_to_recover() -> None:
    story = (
        Story("tier_2").school("A").student("mia").absent("mia", "E", day(3), day(9)).at(day(21)).evening()
    )
    story.expect(opened("tier_2"))
    story.student("mia", exit_date="2022-06-17").expect_nothing()  # there is no school by then
    story.at(day(23)).evening().expect(recovered("tier_2", recovered_on=day(23)))


def test_a_snow_day_moves_the_day_of_opening() -> None:
    story = (
        Story("tier_2").school("A").student("mia").absent("mia", "E", day(3), day(9)).at(day(21)).evening()
    )
    story.expect(opened("tier_2", on=day(20), n=20, a=2))
    story.at(day(22)).snow_day(day(5)).expect(amended("tier_2", on=day(21), n=20, a=2))


def test_a_no_show_is_as_if_it_had_never_been() -> None:
    story = (
        Story("tier_2").school("A").student("mia").absent("mia", "E", day(3), day(9)).at(day(20)).evening()
    )
    story.expect(opened("tier_2"))
    eve = "2021-08-29"
    story.student("mia", exit_date=eve).expect(withdrawn("tier_2"))
    assert story.standing("mia", day(20), "enrolled_days") == []


def test_a_leaver_stays_in_the_years_rates() -> None:
    story = Story("tier_2").school("A").student("mia").absent("mia", "E", day(3), day(9))
    story.student("mia", exit_date=day(20)).at(day(40)).evening().expect(opened("tier_2", n=20, a=2))
    assert story.standing("mia", day(40), "enrolled_days", "data_through") == ["20", day(20)]
    story.at(day(41)).student("mia").expect(recovered("tier_2", recovered_on=day(23)))
    story.student("mia", exit_date=day(20)).expect(reopened("tier_2"))


def test_a_track_has_school_where_the_others_have_none() -> None:
    story = Story("consecutive").school("A").student("mia", track="T").student("leo")
    for student in ("mia", "leo"):
        story.absent(student, "E", day(2), day(4), day(5))
    story.write("calendar", school_id="A", date=day(3), kind_="teacher_only", track="T")
    story.at(day(5)).evening().expect(opened("consecutive", student="mia", on=day(5), n=4, a=3))
