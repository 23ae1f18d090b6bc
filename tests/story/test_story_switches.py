"""Stories of what a policy makes of a district's own codes: in-school suspension, a parent on active duty."""

from __future__ import annotations

from models.policy import DEFAULT, Exempt, Policy
from tests.story.expected import opened, withdrawn
from tests.story.story import Story, day

MONTH = "truancy_month"
COUNTS = ("absent_days", "excused_days", "unexcused_days", "disciplinary_days")
MILITARY = DEFAULT._replace(exempt=(Exempt(("MIL",), 10),))


def town(policy: Policy, *rules: str) -> Story:
    story = Story(*rules, policy=policy).school("A").student("mia")
    story.write("code", code="MIL", status="absent", class_="unexcused")
    return story.write("code", code="ISS", status="absent", class_="disciplinary")


def test_ten_days_of_a_parent_on_active_duty_are_excused_and_the_eleventh_is_as_coded() -> None:
    story = town(MILITARY, MONTH).at(day(30)).absent("mia", "MIL", *(day(number) for number in range(1, 14)))
    assert story.standing("mia", day(10), *COUNTS) == ["10", "10", "0", "0"]
    assert story.standing("mia", day(13), *COUNTS) == ["13", "10", "3", "0"]
    story.expect_nothing().absent("mia", "MIL", day(14)).expect(opened(MONTH, on=day(14)))


def test_an_earlier_day_that_comes_late_takes_the_place_of_a_later_one() -> None:
    story = town(MILITARY, MONTH).at(day(30)).absent("mia", "MIL", *(day(number) for number in range(2, 14)))
    assert story.standing("mia", day(13), *COUNTS) == ["12", "10", "2", "0"]
    story.absent("mia", "U", day(14)).expect_nothing()
    story.absent("mia", "MIL", day(1)).expect(opened(MONTH, on=day(14)))
    story.delete("mia", day(1)).expect(withdrawn(MONTH))


def test_the_ten_days_begin_again_with_the_school_year() -> None:
    one = MILITARY._replace(exempt=(Exempt(("MIL",), 1),))
    story = Story(policy=one, first="2022-06-27", last="2022-07-05").school("A").student("mia")
    story.write("code", code="MIL", status="absent", class_="unexcused")
    story.at("2022-07-06").absent("mia", "MIL", "2022-06-28", "2022-06-29", "2022-07-01", "2022-07-04")
    assert story.standing("mia", "2022-06-30", *COUNTS) == ["2", "1", "1", "0"]
    assert story.standing("mia", "2022-07-05", *COUNTS) == ["2", "1", "1", "0"]


def test_in_school_suspension_is_attendance_or_a_disciplinary_absence() -> None:
    named = DEFAULT._replace(iss_codes=("ISS",))
    for policy, counts in ((named, "0"), (named._replace(iss_is_absence=True), "3")):
        story = town(policy, "consecutive").at(day(9)).absent("mia", "ISS", day(3), day(4), day(5))
        assert story.standing("mia", day(8), *COUNTS) == [counts, "0", "0", counts]
        story.expect(*([opened("consecutive", on=day(5))] if counts == "3" else []))
        story.restart()
        assert story.standing("mia", day(8), *COUNTS) == [counts, "0", "0", counts]


def test_a_code_that_is_mapped_later_is_read_by_the_policy_too() -> None:
    story = Story(policy=DEFAULT._replace(exempt=(Exempt(("DEP",), 1),))).school("A").student("mia")
    story.at(day(9)).absent("mia", "DEP", day(3), day(4))
    assert story.set_aside() == 2
    story.write("code", code="DEP", status="absent", class_="unexcused")
    assert story.standing("mia", day(8), *COUNTS) == ["2", "1", "1", "0"]
