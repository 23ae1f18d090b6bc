"""Each finding about the data, worked by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bits import up_to
from models.columns import Kind
from models.quality.calendars import model_changed, month_without_school_day
from models.quality.default_present import MOST_DRAWS, default_present, improbably_few
from models.quality.enrollments import two_schools_at_once
from models.quality.finding import Finding, hidden
from models.quality.findings import FINDERS, findings
from models.quality.late import late_school
from models.quality.misplaced import records_that_do_not_count
from models.quality.reasons import hidden_reasons, is_catch_all, unknown_or_unexcused
from models.quality.view import View, view_of
from models.quality.wellness import mhw_label, says_wellness
from models.school_year import day_index
from tests.support.made_district import Town

DAYS = ("2021-09-01", "2021-09-02", "2021-09-03", "2021-09-06", "2021-09-07")


def view(town: Town, through: str = "2022-06-30") -> View:
    return view_of(town.ledger, 2021, up_to(day_index(date.fromisoformat(through))))


def school(students: int = 25, name: str = "A", town: Town | None = None) -> Town:
    """A school of so many with five days, all of them submitted, and a code of each class."""
    town = town or Town()
    for code, class_ in {"E": "excused", "U": "unexcused", "N": "unknown", "M": "mhw", "P": ""}.items():
        town.code(code, class_)
    town.calendar(name, DAYS[0], len(DAYS)).close(name, *DAYS)
    for number in range(students):
        town.enroll(name, f"{name}{number}")
    return town


def absent(town: Town, code: str, count: int, name: str = "A", day: int = 0) -> None:
    """The first `count` students, on one day."""
    for number in range(count):
        town.mark(name, f"{name}{number}", DAYS[day], code)


@pytest.mark.parametrize(
    ("absences", "counted", "few"),
    [
        (0, 341, False),  # 0.98^341 is 1.02 in 1,000
        (0, 342, True),  # and 0.98^342 is 0.998 in 1,000
        (1, 342, False),
        (21, 2000, True),
        (22, 2000, False),
        (40, 2000, False),
        (210, 20_000, True),  # as 21 of 2,000
        (211, 20_000, False),  # as 22 of 2,000, rounded in the school's favour
        (0, 0, False),
        (1, 1, False),
    ],
)
def test_how_few_are_improbably_few(absences: int, counted: int, few: bool) -> None:
    assert improbably_few(absences, counted) is few


@given(st.integers(1, 400), st.integers(0, 12))
def test_it_is_the_binomial_tail(counted: int, absences: int) -> None:
    p = Fraction(1, 50)
    tail = sum(
        (comb(counted, k) * p**k * (1 - p) ** (counted - k) for k in range(min(absences, counted) + 1)),
        Fraction(0),
    )
    assert counted <= MOST_DRAWS
    assert improbably_few(absences, counted) is (50 * absences < counted and tail <= Fraction(1, 1000))


def test_a_school_in_which_nobody_is_ever_absent_is_found() -> None:
    town = school(70)  # 350 student-days
    assert list(default_present(view(town))) == [
        Finding(
            "default_present", "D", "A", "", "", 0, 350, "absent days", 5, date(2021, 9, 1), date(2021, 9, 7)
        )
    ]
    absent(town, "E", 1)
    assert list(default_present(view(town))) == []


@pytest.mark.parametrize(
    ("label", "catch_all"),
    [
        ("Absent", True),
        ("Absence - Other", True),
        ("No reason given", True),
        ("MISC.", True),
        ("", False),
        ("Excused Absence", False),
        ("Other religious holiday", False),
        ("Noah", False),
    ],
)
def test_which_labels_name_no_reason(label: str, catch_all: bool) -> None:
    assert is_catch_all(label) is catch_all


def test_a_quarter_of_the_absences_without_a_reason_is_found() -> None:
    town = school().code("A", "excused", "Absent")
    absent(town, "E", 24)
    absent(town, "N", 3, day=1)
    absent(town, "A", 5, day=2)
    assert [each.part for each in hidden_reasons(view(town))] == [8]  # of 32
    (found,) = hidden_reasons(view(town))
    assert (found.code, found.whole, found.counted, found.days) == ("A N", 32, "records", 2)
    absent(town, "E", 1, day=3)
    assert list(hidden_reasons(view(town))) == []  # 8 of 33


def test_unknown_that_stays_and_unknown_that_is_never_used_are_told_apart() -> None:
    town = school()
    absent(town, "U", 19)
    assert list(unknown_or_unexcused(view(town))) == []  # too few to tell
    absent(town, "U", 20)
    (never,) = unknown_or_unexcused(view(town))
    assert (never.detail, never.part, never.whole) == ("never_unknown", 20, 20)
    absent(town, "N", 19, day=1)
    assert list(unknown_or_unexcused(view(town))) == []  # 19 of 39
    absent(town, "N", 20, day=1)
    (stays,) = unknown_or_unexcused(view(town))
    assert (stays.detail, stays.part, stays.whole) == ("unknown_stays", 20, 40)


def test_records_that_do_not_count_are_told_by_why_they_do_not() -> None:
    town = school(2)
    town.calendar("B", DAYS[0], 5).enroll("B", "b1", leaves=DAYS[1])
    town.mark("A", "A0", DAYS[0], "E")  # counts
    town.mark("A", "A0", "2021-07-14", "E").mark("A", "A1", "2021-07-15", "P")
    town.mark("A", "A0", "2021-09-04", "U")  # a Saturday
    town.mark("A", "b1", DAYS[0], "U")
    town.mark("B", "b1", DAYS[4], "U").mark("B", "nobody", DAYS[4], "U")
    found = {(each.school, each.detail): (each.part, each.whole, each.first) for each in
             records_that_do_not_count(view(town))}  # fmt: skip
    assert found == {
        ("A", "summer"): (2, 5, date(2021, 7, 14)),
        ("A", "no_school_day"): (1, 5, date(2021, 9, 4)),
        ("A", "other_school"): (1, 5, date(2021, 9, 1)),
        ("B", "not_enrolled"): (2, 2, date(2021, 9, 7)),
    }
    town.put(Kind.ATTENDANCE, school_id="A", student_id="A0", date="2021-09-04", code="U", op="delete")
    assert ("A", "no_school_day") not in {
        (each.school, each.detail) for each in records_that_do_not_count(view(town))
    }


def test_a_day_that_is_none_in_the_students_own_track_is_no_school_day() -> None:
    town = school(1)
    town.put(
        Kind.ENROLLMENT, school_id="A", student_id="A0", grade="5", entry_date="2021-09-01", track="half"
    ).put(Kind.CALENDAR, school_id="A", date=DAYS[1], kind_="non_instructional", track="half")
    town.mark("A", "A0", DAYS[1], "E")
    assert [each.detail for each in records_that_do_not_count(view(town))] == ["no_school_day"]


def test_a_whole_month_of_enrollment_without_a_school_day_is_found_once_it_is_over() -> None:
    town = school(20)  # days in September only
    for number in range(7):
        town.enroll("A", f"A{number}", leaves="2021-10-30")  # left before the month was over
    (found,) = month_without_school_day(view(town, "2021-10-31"))
    assert (found.part, found.whole, found.first, found.last) == (
        13,
        20,
        date(2021, 10, 1),
        date(2021, 10, 31),
    )
    assert list(month_without_school_day(view(town, "2021-10-30"))) == []
    town.calendar("A", "2021-10-29", 1)
    assert list(month_without_school_day(view(town, "2021-10-31"))) == []


def test_summer_is_no_month_without_a_school_day() -> None:
    town = Town()
    town.enroll("A", "early", entry="2021-07-01")
    (found,) = month_without_school_day(view(town))
    assert (found.days, found.first, found.last) == (303, date(2021, 9, 1), date(2022, 6, 30))


def test_late_days_are_those_that_are_due() -> None:
    town = Town().calendar("A", DAYS[0], 5).enroll("A", "1").close("A", DAYS[1])
    (found,) = late_school(view(town, DAYS[3]))
    assert (found.school, found.days, found.part) == ("A", 3, None)
    assert (found.first, found.last) == (date(2021, 9, 1), date(2021, 9, 6))
    town.close("A", *DAYS)
    assert list(late_school(view(town, DAYS[3]))) == []


def test_a_change_of_the_model_within_the_school_days_is_found() -> None:
    town = Town().calendar("A", DAYS[0], 5)
    town.put(Kind.SCHOOL, school_id="A", attendance_mode="negative")
    town.put(Kind.SCHOOL, school_id="A", attendance_mode="positive", effective_from="2021-09-01")
    assert list(model_changed(view(town))) == []  # before the first school day
    town.put(Kind.SCHOOL, school_id="A", submission="explicit", effective_from="2021-09-05")
    (found,) = model_changed(view(town))
    assert (found.detail, found.first, found.last) == ("submission", date(2021, 9, 3), date(2021, 9, 6))
    town.put(Kind.SCHOOL, school_id="A", attendance_mode="negative", effective_from="2021-09-02")
    assert [(each.detail, each.first) for each in model_changed(view(town))] == [
        ("attendance_mode", date(2021, 9, 1)),
        ("submission", date(2021, 9, 3)),
    ]


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Mental Health Day", True),
        ("MHW", True),
        ("Student Wellness", True),
        ("well-being day", True),
        ("Illness", False),
        ("Doctor's visit", False),
    ],
)
def test_which_labels_speak_of_mental_health(label: str, says: bool) -> None:
    assert says_wellness(label) is says


def test_codes_whose_label_and_class_disagree_about_mental_health_are_found_where_they_are_used() -> None:
    town = school().code("W", "excused", "Wellness day").code("X", "mhw", "Excused, other")
    town.code("M", "mhw", "Mental health wellness").code("Z", "mhw").code("Q", "excused", "Mental health")
    for number, code in enumerate(("W", "X", "M", "Z", "E")):
        absent(town, code, 7, day=number)
    found = [(each.code, each.detail, each.part, each.whole) for each in mhw_label(view(town))]
    assert found == [
        ("W", "label_only", 7, 35),
        ("X", "class_only", 7, 35),
    ]  # Q is used nowhere, Z has no label


def test_two_schools_at_once_are_told_of_the_one_that_was_left() -> None:
    town = school(3).calendar("B", DAYS[0], 5)
    town.enroll("B", "A0", entry="2021-09-06")  # without an exit from A
    town.enroll("A", "A1", leaves="2021-09-06").enroll("B", "A1", entry="2021-09-06")  # one transfer day
    town.enroll("A", "A2", leaves="2021-09-08").enroll("B", "A2", entry="2021-09-06")
    (found,) = two_schools_at_once(view(town))
    assert (found.school, found.part, found.whole, found.first) == ("A", 2, 3, date(2021, 9, 6))
    assert found.last == date(2022, 6, 30)


def test_an_enrollment_that_never_began_overlaps_with_nothing() -> None:
    town = school(1).enroll("B", "A0", entry="2021-09-06", leaves="2021-09-05")
    assert list(two_schools_at_once(view(town))) == []


@pytest.mark.parametrize(
    ("part", "whole", "why"),
    [
        (6, 20, ""),
        (5, 20, "fewer than 6"),
        (0, 500, "fewer than 6"),
        (19, 19, "of fewer than 20"),
        (0, 0, "of fewer than 20"),
        (20, 20, ""),
        (15, 20, "all but fewer than 6"),
        (14, 20, ""),
    ],
)
def test_small_cells_are_hidden_and_what_is_left_over_is_one_too(part: int, whole: int, why: str) -> None:
    assert hidden(part, whole) == why


def test_nothing_is_found_in_a_year_as_it_should_be() -> None:
    town = school()
    absent(town, "E", 2)
    assert [each for each in findings(view(town, "2021-09-30"))] == []
    assert len(FINDERS) == 9
