"""Stories of absences that nobody explains: the window, and what becomes of them where the policy says so."""

from __future__ import annotations

from models.policy import DEFAULT, Policy
from tests.story.expected import opened, withdrawn
from tests.story.story import Story, day

MONTH = "truancy_month"
LAPSES = DEFAULT._replace(unknown_becomes_unexcused=True)
COUNTS = ("absent_days", "unexcused_days", "unknown_days")


def town(policy: Policy = LAPSES, *rules: str) -> Story:
    return Story(*(rules or (MONTH,)), policy=policy).school("A").student("mia")


def four_unknown(story: Story) -> Story:
    """Absent on days 2 to 5 and back on day 6: the window is days 7 to 16."""
    return story.at(day(6)).absent("mia", "N", *(day(number) for number in (2, 3, 4, 5))).evening()


def test_the_window_is_ten_school_days_from_the_return() -> None:
    story = town(DEFAULT).at(day(3)).absent("mia", "N", day(2), day(3))
    assert story.windows(day(3)) == [(day(2), "", "not_returned"), (day(3), "", "not_returned")]
    story.at(day(16))
    assert story.windows(day(4)) == [(day(2), day(14), "open"), (day(3), day(14), "open")]
    assert story.windows(day(14)) == [(day(2), day(14), "open"), (day(3), day(14), "open")]
    assert story.windows(day(15)) == [(day(2), day(14), "closed"), (day(3), day(14), "closed")]
    story.correct("mia", "E", day(2))
    assert story.windows(day(15)) == [(day(3), day(14), "closed")]


def test_by_default_an_unknown_absence_stays_unknown() -> None:
    story = four_unknown(town(DEFAULT)).at(day(40)).expect_nothing()
    assert story.standing("mia", day(39), *COUNTS) == ["4", "0", "4"]


def test_with_the_switch_it_becomes_unexcused_when_the_window_has_passed() -> None:
    story = four_unknown(town()).expect_nothing().at(day(17)).expect_nothing()
    assert story.standing("mia", day(16), *COUNTS) == ["4", "0", "4"]
    story.evening().expect(opened(MONTH, on=day(5), n=5, a=4, dates=tuple(map(day, (2, 3, 4, 5)))))
    assert story.standing("mia", day(17), *COUNTS) == ["4", "4", "0"]
    assert story.standing("mia", day(16), *COUNTS) == ["4", "0", "4"]  # what the days up to then say
    story.restart().at(day(20)).expect_nothing()


def test_a_note_that_comes_late_takes_it_back() -> None:
    story = four_unknown(town()).at(day(18)).expect(opened(MONTH))
    story.correct("mia", "E", day(3)).expect(withdrawn(MONTH))
    assert story.standing("mia", day(18), *COUNTS) == ["4", "3", "0"]


def test_a_school_that_is_behind_takes_no_time_from_a_family() -> None:
    story = Story(MONTH, policy=LAPSES).school("A", submission="explicit", silent=True).student("mia")
    story.at(day(30)).absent("mia", "N", *(day(number) for number in (2, 3, 4, 5)))
    for number in range(1, 17):
        story.submit(day(number))
    story.expect_nothing()
    story.submit(day(20)).expect(opened(MONTH, on=day(5)))
    story.submit(day(20), state="reopened").expect(withdrawn(MONTH))


def test_a_snow_day_within_the_window_gives_a_day_more() -> None:
    story = four_unknown(town()).at(day(18)).expect(opened(MONTH))
    story.snow_day(day(9)).expect(withdrawn(MONTH))
    assert story.windows(day(17))[0] == (day(2), day(17), "open")
    story.evening().expect(opened(MONTH, on=day(5)))


def test_the_clock_of_the_meeting_starts_when_it_became_unexcused() -> None:
    story = four_unknown(town()).at(day(18))
    assert story.meetings(day(17)) == [(MONTH, day(27), "due")]
    story.correct("mia", "U", *(day(number) for number in (2, 3, 4, 5)))
    assert story.meetings(day(17)) == [(MONTH, day(15), "past_due")]


def test_what_was_known_without_it_is_not_put_off() -> None:
    story = town().at(day(15)).absent("mia", "N", day(2)).absent("mia", "U", day(4), day(6), day(8))
    assert story.meetings(day(14)) == [(MONTH, day(24), "due")]  # day 2 lapsed on day 14
    story.absent("mia", "U", day(10))  # the fourth without day 2
    assert story.meetings(day(14)) == [(MONTH, day(20), "due")]
    assert story.meetings(day(13)) == [(MONTH, day(20), "due")]
    assert story.alerts("mia", MONTH)[0].opened_on == day(8)


def test_an_invalid_mhw_day_lapses_unless_its_permission_is_documented() -> None:
    story = town(LAPSES, "mhw_consecutive").at(day(40))
    story.absent("mia", "M", day(2), day(3)).absent("mia", "M", day(8), day(9), permission="documented")
    assert story.standing("mia", day(39), *COUNTS, "mhw_days") == ["4", "1", "1", "2"]
    assert [row[::2] for row in story.windows(day(39))] == [(day(3), "closed"), (day(9), "closed")]


def test_a_window_that_does_not_close_in_its_school_year_stays_open() -> None:
    story = Story(MONTH, policy=LAPSES, first="2022-06-01", last="2022-06-14").school("A").student("mia")
    story.at("2022-06-08").absent("mia", "N", "2022-06-01", "2022-06-02", "2022-06-03", "2022-06-06")
    for number in (29, 30, 31):
        story.write("calendar", school_id="A", date=f"2022-08-{number}", kind_="instructional")
    story.at("2022-06-30").expect_nothing()
    assert story.windows("2022-06-30")[0] == ("2022-06-01", "", "open")
    assert story.windows("2022-09-30") == []
