"""Stories of the clock that runs after truancy: ten school days until the parents are to be met."""

from __future__ import annotations

from tests.story.expected import opened, withdrawn
from tests.story.story import Story, day

MONTH = "truancy_month"


def town(last: str = day(120)) -> Story:
    return Story(MONTH, last=last).school("A").student("mia")


def truant(story: Story) -> Story:
    """The fourth unexcused absence is on day 5, a Friday."""
    story.at(day(5)).absent("mia", "U", *(day(number) for number in (1, 2, 3, 5)))
    return story.expect(opened(MONTH, on=day(5)))


def test_the_meeting_is_due_on_the_tenth_school_day_and_then_past_due() -> None:
    story = truant(town())
    assert story.meetings(day(4)) == []
    assert story.meetings(day(5)) == [(MONTH, day(15), "due")]
    assert story.meetings(day(15)) == [(MONTH, day(15), "due")]
    assert story.meetings(day(16)) == [(MONTH, day(15), "past_due")]


def test_a_snow_day_entered_later_moves_it_on_and_a_make_up_day_back() -> None:
    story = truant(town()).at(day(20)).snow_day(day(12))
    assert story.meetings(day(16)) == [(MONTH, day(16), "due")]
    story.write("calendar", school_id="A", date="2021-09-11", kind_="make_up")  # a Saturday
    assert story.meetings(day(16)) == [(MONTH, day(15), "past_due")]
    story.snow_day(day(16))  # after it
    assert story.meetings(day(16)) == [(MONTH, day(15), "past_due")]


def test_a_calendar_that_ends_too_early_says_nothing_yet() -> None:
    story = truant(town(last=day(14)))
    assert story.meetings(day(30)) == [(MONTH, "", "not_yet_known")]
    story.write("calendar", school_id="A", date=day(15), kind_="instructional")
    assert story.meetings(day(30)) == [(MONTH, day(15), "past_due")]


def test_an_excuse_takes_the_alert_and_its_meeting_away() -> None:
    story = truant(town()).correct("mia", "E", day(2)).expect(withdrawn(MONTH))
    assert story.meetings(day(30)) == []
    story.at(day(9)).absent("mia", "U").expect(opened(MONTH, on=day(9)))
    assert story.meetings(day(9)) == [(MONTH, day(19), "due")]


def test_after_a_transfer_the_new_schools_days_count() -> None:
    story = town()
    story.school("B").snow_day(day(8), "B")
    truant(story).transfer("mia", "B", on=day(7))
    assert story.meetings(day(5)) == [(MONTH, day(16), "due")]


def test_both_rules_have_a_meeting_of_their_own() -> None:
    story = town()
    story.at(day(20)).absent("mia", "U", *(day(number) for number in range(1, 11)))
    assert story.meetings(day(20)) == [(MONTH, day(14), "past_due"), ("truancy_year", day(20), "due")]


def test_an_absence_in_june_is_followed_up_after_the_summer() -> None:
    story = Story(MONTH, first="2022-06-01", last="2022-06-14").school("A").student("mia")
    story.at("2022-06-08").absent("mia", "U", "2022-06-01", "2022-06-02", "2022-06-03", "2022-06-08")
    assert story.meetings("2022-08-01") == [(MONTH, "", "not_yet_known")]
    for number in (29, 30, 31):
        story.write("calendar", school_id="A", date=f"2022-08-{number}", kind_="instructional")
    for number in (1, 2, 6, 7, 8):
        story.write("calendar", school_id="A", date=f"2022-09-{number:02}", kind_="instructional")
    assert story.meetings("2022-09-02") == [(MONTH, "2022-09-06", "due")]
    assert story.meetings("2022-12-01") == [(MONTH, "2022-09-06", "past_due")]
    assert story.meetings("2022-06-30") == [(MONTH, "2022-09-06", "due")]


def test_what_was_due_last_year_is_not_listed_any_more() -> None:
    story = truant(town())
    assert story.meetings("2022-06-30") == [(MONTH, day(15), "past_due")]
    assert story.meetings("2022-07-01") == []
