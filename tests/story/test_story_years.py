"""Stories across the year: two school years, birthdays, a leap day, PK to K."""

from __future__ import annotations

from tests.story.expected import amended, opened, withdrawn
from tests.story.story import Story, day

PRIOR = ("prior_year_tier_2", "prior_year_tier_3")
SPRING, AUTUMN = "2021-04-01", "2021-10-29"
APRIL = [f"2021-04-{number:02}" for number in (1, 2, 5, 6, 7, 8, 9, 12)]


def two_years() -> Story:
    """School on all weekdays from April to October; Mia missed some of the spring."""
    return Story(*PRIOR, "tier_2", first=SPRING, last=AUTUMN).school("A").student("mia")


def test_last_years_rate_is_known_on_the_first_day() -> None:
    story = two_years().absent("mia", "E", *APRIL).at("2021-06-30").evening()
    story.expect(opened("tier_2", school_year=2020, on="2021-04-28"))
    story.at("2021-07-01").expect_nothing()
    story.evening().expect(
        opened("prior_year_tier_2", on="2021-07-01", school_year=2021, n=65, a=8, dates=())
    )
    story.correct("mia", "P", *APRIL[:2]).expect(
        amended("tier_2", a=7), amended("prior_year_tier_2", a=7), amended("tier_2", a=6),
        withdrawn("prior_year_tier_2"),
    )  # fmt: skip


def test_a_record_of_last_year_comes_before_what_was_counted() -> None:
    story = two_years().absent("mia", "E", *APRIL).at("2021-07-01").evening()
    story.expect(opened("tier_2"), opened("prior_year_tier_2", a=8))
    prior = {"student_id": "mia", "school_year": "2020-21", "enrolled_days": "180"}
    story.write("prior_year", **prior, absent_days="36").expect(
        withdrawn("prior_year_tier_2"), opened("prior_year_tier_3", n=180, a=36)
    )
    story.write("prior_year", **prior, absent_days="35").expect(
        withdrawn("prior_year_tier_3"), opened("prior_year_tier_2", n=180, a=35)
    )
    story.write("prior_year", **prior, absent_days="17").expect(withdrawn("prior_year_tier_2"))
    story.write("prior_year", **prior, op="delete").expect(opened("prior_year_tier_2", n=65, a=8))


def test_nothing_else_carries_over() -> None:
    story = Story("consecutive", first=SPRING, last=AUTUMN).school("A").student("mia")
    story.absent("mia", "E", "2021-06-29", "2021-06-30", "2021-07-01", "2021-07-02").at(
        "2021-07-02"
    ).evening()
    story.expect_nothing()
    assert story.standing("mia", "2021-06-30", "absent_days") == ["2"]
    assert story.standing("mia", "2021-07-02", "absent_days", "enrolled_days") == ["2", "2"]


def test_days_of_pre_kindergarten_are_not_added_to_those_of_kindergarten() -> None:
    story = Story("tier_2").school("A").student("mia", "PK").transfer("mia", "A", on=day(15), grade="K")
    story.absent("mia", "E", day(3), day(4), day(20)).at(day(33)).evening().expect_nothing()
    story.absent("mia", "E", day(21)).at(day(34)).evening().expect(opened("tier_2", on=day(34), n=20, a=2))
    assert story.standing("mia", day(14), "grade", "enrolled_days", "tier") == ["PK", "14", ""]
    assert story.standing("mia", day(34), "grade", "enrolled_days", "tier") == ["K", "20", "II"]


def test_a_leap_day_is_a_day_like_others() -> None:
    story = Story("consecutive", first="2024-02-26", last="2024-03-15").school("A").student("mia")
    story.absent("mia", "E", "2024-02-28", "2024-02-29", "2024-03-01").at("2024-03-01").evening()
    story.expect(
        opened("consecutive", on="2024-03-01", n=5, a=3, dates=("2024-02-28", "2024-02-29", "2024-03-01"))
    )
    story.at("2024-03-04").snow_day("2024-02-29").expect(withdrawn("consecutive"))


def test_a_child_of_29_february_turns_five_on_1_march() -> None:
    story = Story("truancy_month", first="2017-02-20", last="2017-03-31").school("A").student("mia", "K")
    early, late = ("2017-02-24", "2017-02-28"), ("2017-03-01", "2017-03-02", "2017-03-03")
    story.absent("mia", "U", *early, *late).at("2017-03-03").evening()
    story.expect(opened("truancy_month", on="2017-03-02"))
    story.write("student", student_id="mia", birthdate="2012-02-29").expect(withdrawn("truancy_month"))
    story.at("2017-03-06").absent("mia", "U")
    story.expect(opened("truancy_month", on="2017-03-06", dates=(*late, "2017-03-06")))
    story.write("student", student_id="mia", birthdate="2012-02-28").expect(
        amended("truancy_month", on="2017-03-03", dates=("2017-02-28", *late))
    )


def test_four_unexcused_within_thirty_days_and_ten_and_twenty_in_the_year() -> None:
    story = Story("truancy_month", "truancy_year", "habitual_truant").school("A").student("mia")
    story.absent("mia", "U", day(1), day(2), day(3)).at(day(22)).evening().expect_nothing()
    story.at(day(23)).absent("mia", "U").expect_nothing()  # 29 September: the 31st day after 30 August
    story.absent("mia", "U", day(22)).expect(opened("truancy_month", on=day(22), a=4))
    numbers = range(30, 90, 4)
    for number in numbers:
        story.at(day(number)).absent("mia", "U")
    story.expect(
        opened("truancy_year", on=day(30 + 4 * 4), a=10), opened("habitual_truant", on=day(30 + 14 * 4), a=20)
    )
