"""What a day is: its records, its MHW days, its owner, its calendar, its report; worked by hand."""

from datetime import date

import pytest

from models.bits import days, first_of, last_day, span, up_to
from models.calendar import SchoolCalendar
from models.day_records import DayMark, LiveRecord, day_mark
from models.enrollment import NO_END, Enrollment, Stay, grade_of, stays
from models.mhw import CONSECUTIVE, NOT_K12, OVER_LIMIT, VALID, judge
from models.reporting import evidence_day, evidence_until, reported_days


def live(class_: str, fraction: str = "", documented: bool = False) -> LiveRecord:
    return LiveRecord(class_, fraction, documented)


@pytest.mark.parametrize(
    ("records", "class_"),
    [
        ([], ""),
        ([live("")], ""),
        ([live("", "1")], ""),  # in attendance adds nothing, whatever it carries
        ([live("excused")], "excused"),
        ([live("excused", "0.5")], ""),
        ([live("excused", ".51")], "excused"),
        ([live("excused", "0.5000000001")], "excused"),
        ([live("excused", "0.25"), live("unexcused", "0.25")], ""),
        ([live("excused", "0.25"), live("unexcused", "0.3")], "unexcused"),
        ([live("unexcused", "0.5"), live("excused", "0.5")], "excused"),
        ([live("unexcused", "0.5"), live("mhw", ".5")], "mhw"),
        ([live("disciplinary"), live("mhw")], "mhw"),
        ([live("unknown"), live("disciplinary")], "disciplinary"),
        ([live("unexcused"), live("unknown", "1.0")], "unknown"),
        ([live("unexcused", "0.1")] * 6, "unexcused"),
        ([live("unexcused", "0.1")] * 5, ""),
    ],
)
def test_absent_is_more_than_half_and_the_largest_fraction_names_it(
    records: list[LiveRecord], class_: str
) -> None:
    assert day_mark(records).class_ == class_
    assert day_mark(reversed(records)).class_ == class_


def test_a_day_is_documented_by_an_mhw_record() -> None:
    assert day_mark([live("mhw", "", True)]) == DayMark("mhw", True)
    assert day_mark([live("excused", "", True), live("mhw", "")]) == DayMark("excused", False)
    assert day_mark([live("mhw", "0", True), live("mhw")]) == DayMark("mhw", True)


def coded(code: str, class_: str = "", fraction: str = "", remote: bool = False) -> LiveRecord:
    return LiveRecord(class_, fraction, False, code=code, remote=remote)


@pytest.mark.parametrize(
    ("records", "code", "remote"),
    [
        ([coded("P")], "", False),
        ([coded("NP", "unexcused")], "NP", False),
        ([coded("DLA", "unexcused", remote=True)], "DLA", True),
        ([coded("DLP", remote=True)], "DLP", True),
        # The largest fraction, of equal ones the class, of equal classes the code.
        ([coded("A", "excused", "0.4"), coded("NP", "unexcused", "0.6")], "NP", False),
        ([coded("A", "unexcused", "0.5"), coded("NP", "excused", "0.5")], "NP", False),
        ([coded("a", "excused", "0.5"), coded("VHC", "excused", ".50")], "VHC", False),
        ([coded("A", "excused", "0.4", remote=True), coded("NP", "excused", "0.6")], "NP", False),
        # Who was at school for a part of the day was at school.
        ([coded("DLP", remote=True), coded("T")], "", False),
        ([coded("DLP", remote=True), coded("NP", "excused", "0.5")], "", False),
        ([coded("P"), coded("DLA", "excused", "0.5", remote=True)], "", False),
        # A code in attendance names an attended day before one of a part that was missed.
        ([coded("DLP", remote=True), coded("DLA", "excused", "0.5", remote=True)], "DLP", True),
        ([coded("DLA", "excused", "0.5", remote=True)], "DLA", True),
        ([coded("R2", remote=True), coded("R1", remote=True)], "R1", True),
    ],
)
def test_the_code_of_a_day(records: list[LiveRecord], code: str, remote: bool) -> None:
    for held in (records, records[::-1]):
        assert day_mark(held)[-2:] == (code, remote)


def bits(*held: int) -> int:
    return sum(1 << day for day in held)


@pytest.mark.parametrize(
    ("mhw", "membership", "found"),
    [
        ([3], [1, 2, 3], {3: VALID}),
        ([3, 4], [3, 4], {3: VALID, 4: CONSECUTIVE}),
        ([4, 7], [4, 7], {4: VALID, 7: CONSECUTIVE}),  # nothing but a weekend in between
        ([4, 7], [4, 5, 7], {4: VALID, 7: VALID}),
        ([1, 2, 3], [1, 2, 3], {1: VALID, 2: CONSECUTIVE, 3: VALID}),
        ([1, 3, 5, 7], [1, 2, 3, 4, 5, 6, 7], {1: VALID, 3: VALID, 5: OVER_LIMIT, 7: OVER_LIMIT}),
        ([1, 3, 4], [1, 2, 3, 4], {1: VALID, 3: VALID, 4: CONSECUTIVE}),  # before the limit
        ([1, 3, 4, 5], [1, 2, 3, 4, 5], {1: VALID, 3: VALID, 4: CONSECUTIVE, 5: OVER_LIMIT}),
    ],
)
def test_mhw_days(mhw: list[int], membership: list[int], found: dict[int, str]) -> None:
    held = bits(*membership)
    assert judge(bits(*mhw), held, held) == found


def test_pre_kindergarten_days_are_invalid_and_the_day_before_may_be_one() -> None:
    assert judge(bits(1, 2, 3), bits(2, 3), bits(1, 2, 3)) == {1: NOT_K12, 2: VALID, 3: CONSECUTIVE}


def test_the_limit_is_the_policys() -> None:
    assert judge(bits(1, 3), bits(1, 2, 3), bits(1, 2, 3), limit=1) == {1: VALID, 3: OVER_LIMIT}
    assert judge(bits(1), bits(1), bits(1), limit=0) == {1: OVER_LIMIT}


def enrolled(entry: int, last: int = NO_END, school: str = "A") -> Enrollment:
    return Enrollment(entry, last, school, "", "5")


@pytest.mark.parametrize(
    ("enrollments", "owned"),
    [
        ([], []),
        ([enrolled(10)], [(10, NO_END, "A")]),
        ([enrolled(10, 10)], [(10, 10, "A")]),
        ([enrolled(10, 9)], []),  # a no-show
        ([enrolled(10), enrolled(20, school="B")], [(10, 19, "A"), (20, NO_END, "B")]),
        ([enrolled(20, school="B"), enrolled(10)], [(10, 19, "A"), (20, NO_END, "B")]),
        ([enrolled(10, 20), enrolled(20, school="B")], [(10, 19, "A"), (20, NO_END, "B")]),
        ([enrolled(10, 15), enrolled(20, school="B")], [(10, 15, "A"), (20, NO_END, "B")]),
        (
            [enrolled(10), enrolled(20, school="B"), enrolled(30, school="C")],
            [(10, 19, "A"), (20, 29, "B"), (30, NO_END, "C")],
        ),
        # An earlier enrollment does not come back when the later one ends.
        ([enrolled(10), enrolled(20, 25, "B")], [(10, 19, "A"), (20, 25, "B")]),
        ([enrolled(10), enrolled(20, 19, "B")], [(10, NO_END, "A")]),
        # Of two entries on one day the later version owns, unless it is a no-show.
        ([enrolled(10), enrolled(10, 12, "B")], [(10, 12, "B")]),
        ([enrolled(10), enrolled(10, 9, "B")], [(10, NO_END, "A")]),
    ],
)
def test_who_owns_a_date(enrollments: list[Enrollment], owned: list[tuple[int, int, str]]) -> None:
    assert [(stay.first, stay.last, stay.school) for stay in stays(enrollments)] == owned


def test_the_days_of_a_stay_in_a_school_year() -> None:
    stay = Stay(date(2021, 6, 29).toordinal(), date(2021, 7, 2).toordinal(), "A", "", "PK")
    assert [list(days(stay.bits(year))) for year in (2019, 2020, 2021, 2022)] == [[], [363, 364], [0, 1], []]
    assert not stay.k12 and stay._replace(grade="K").k12


@pytest.mark.parametrize(
    ("written", "grade"), [("KG", "K"), ("K", "K"), ("01", "1"), ("9", "9"), ("12", "12"), ("PK", "PK")]
)
def test_grades_are_read_as_they_may_be_written(written: str, grade: str) -> None:
    assert grade_of(written) == grade


def test_a_track_speaks_before_the_blank_track() -> None:
    calendar = SchoolCalendar()
    calendar.put("", 1, "instructional")
    calendar.put("", 2, "instructional")
    calendar.put("T", 2, "holiday")
    calendar.put("T", 3, "shortened")
    assert list(days(calendar.school_days(""))) == [1, 2]
    assert list(days(calendar.school_days("T"))) == [1, 3]
    assert list(days(calendar.school_days("none heard of"))) == [1, 2]
    assert list(days(calendar.any_track())) == [1, 2, 3]
    calendar.put("T", 2, None)
    assert list(days(calendar.school_days("T"))) == [1, 2, 3]
    calendar.put("", 1, "weather")
    assert list(days(calendar.any_track())) == [2, 3]


def test_a_school_may_have_no_calendar_but_those_of_its_tracks() -> None:
    calendar = SchoolCalendar()
    calendar.put("T", 3, "instructional")
    assert list(days(calendar.school_days("T"))) == [3]
    assert calendar.school_days("") == 0
    calendar.put("", 0, "instructional")  # 1 July
    assert list(days(calendar.school_days("T"))) == [0, 3]


def test_evidence_is_the_earlier_of_the_date_and_the_day_it_was_written() -> None:
    start = date(2021, 7, 1).toordinal()
    assert evidence_day(start + 60, start + 62, start) == 60
    assert evidence_day(start + 60, start + 58, start) == 58
    assert evidence_day(start + 60, start, start) == 0
    assert evidence_day(start + 60, start - 1, start) is None


def test_evidence_of_a_day_without_school_says_nothing() -> None:
    assert evidence_until({60: 60, 63: 62, 64: 64}, bits(60, 63)) == 62
    assert evidence_until({64: 64}, bits(60, 63)) == -1
    assert evidence_until({}, bits(60)) == -1


def test_days_are_reported_by_submission_or_by_record() -> None:
    assert list(days(reported_days(0, bits(5), 0, 2))) == [0, 1, 2, 5]
    assert list(days(reported_days(bits(1), bits(5), bits(2), 3))) == [0, 3, 5]
    assert reported_days(0, 0, 0, -1) == 0


def test_sets_of_days() -> None:
    assert list(days(span(3, 5))) == [3, 4, 5]
    assert span(5, 4) == up_to(-1) == 0
    assert (first_of(span(3, 5)), last_day(span(3, 5)), first_of(0), last_day(0)) == (3, 5, -1, -1)
    assert list(days(up_to(2))) == [0, 1, 2]
