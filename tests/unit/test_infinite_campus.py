"""Infinite Campus's tables into canonical records, on examples worked by hand."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from infra.connectors.campus_words import Day, Lengths, Mark, Minutes, as_text, meaning_of, missed_part, told
from infra.connectors.local_codes import ABSENT, EXCUSED, PRESENT, UNEXCUSED, Meaning
from models.columns import Kind
from tests.support.events import events_of, given, notices, refusals
from tests.support.sis_files import infinite_campus, table

NO_LENGTHS = Lengths(0, 0, 0)


@pytest.mark.parametrize(
    ("status", "excuse", "meaning"),
    [
        ("A", "E", EXCUSED),
        ("A", "U", UNEXCUSED),
        ("A", "K", ABSENT),
        ("A", "", ABSENT),
        ("A", "X", None),
        ("A", "Q", None),
        ("T", "U", PRESENT),
        ("E", "", PRESENT),
        ("P", "X", PRESENT),
        ("", "", None),
        ("Z", "E", None),
    ],
)
def test_status_and_excuse_say_what_a_code_means(status: str, excuse: str, meaning: Meaning | None) -> None:
    assert meaning_of(Mark("c", status, excuse)) is meaning


UNEXCUSED_MARK, EXCUSED_MARK = Mark("UA", "A", "U"), Mark("EA", "A", "E")
LATE, EXEMPT = Mark("TU", "T", "U"), Mark("EX", "A", "X")


@pytest.mark.parametrize(
    ("marks", "minutes", "expected"),
    [
        ([UNEXCUSED_MARK], None, ("UA", UNEXCUSED, "")),
        ([UNEXCUSED_MARK, EXCUSED_MARK, EXCUSED_MARK, LATE, LATE, LATE], None, ("EA", EXCUSED, "")),
        ([UNEXCUSED_MARK, EXCUSED_MARK], None, ("EA", EXCUSED, "")),
        ([UNEXCUSED_MARK, EXEMPT], None, ("EX", None, "")),
        ([LATE], Minutes(10, 360), ("TU", PRESENT, "")),
        ([LATE], Minutes(181, 360), ("TU.absent", UNEXCUSED, "0.502777")),
        ([UNEXCUSED_MARK], Minutes(180, 360), ("UA", UNEXCUSED, "0.500000")),
        ([UNEXCUSED_MARK], Minutes(400, 360), ("UA", UNEXCUSED, "1.000000")),
        ([UNEXCUSED_MARK], Minutes(0, 360), ("UA", UNEXCUSED, "0.000000")),
        ([], Minutes(90, 360), ("(none)", ABSENT, "0.250000")),
    ],
)
def test_a_day_has_the_code_of_most_of_its_absences_and_the_part_of_its_minutes(
    marks: list[Mark], minutes: Minutes | None, expected: tuple[str, Meaning | None, str]
) -> None:
    assert told(Day("f", 1, Counter(marks), "", minutes), NO_LENGTHS) == expected


@pytest.mark.parametrize(
    ("absent", "scheduled", "lengths", "part"),
    [
        (180, 360, Lengths(400, 240, 120), Fraction(1, 2)),
        (180, 0, Lengths(400, 240, 120), Fraction(9, 20)),
        (240, 0, Lengths(0, 240, 120), Fraction(1)),
        (239, 0, Lengths(0, 240, 120), Fraction(1, 2)),
        (119, 0, Lengths(0, 240, 120), Fraction(0)),
        (240, 0, Lengths(0, 240, 0), Fraction(1)),
        (100, 0, Lengths(0, 240, 0), None),
        (100, 0, NO_LENGTHS, None),
    ],
)
def test_the_part_is_of_the_minutes_scheduled_else_of_what_the_calendar_says(
    absent: int, scheduled: int, lengths: Lengths, part: Fraction | None
) -> None:
    assert missed_part(Minutes(absent, scheduled), lengths) == part


@hypothesis_given(st.integers(0, 99_999), st.integers(1, 99_999))
def test_a_part_that_is_written_stays_on_its_side_of_a_half(absent: int, whole: int) -> None:
    part = missed_part(Minutes(absent, whole), NO_LENGTHS)
    assert part is not None
    assert (Fraction(as_text(part)) > Fraction(1, 2)) == (2 * absent > whole)
    assert abs(Fraction(as_text(part)) - part) <= Fraction(1, 500_000)


def test_the_periods_of_a_day_are_one_record(tmp_path: Path) -> None:
    events = events_of(tmp_path / "in", infinite_campus(), "infinite_campus", "D")
    assert not refusals(events)
    rows = given(events, Kind.ATTENDANCE)
    assert rows[0] == {
        "district_id": "D", "school_id": "4", "student_id": "7", "date": "2021-09-01", "code": "UA",
        "recorded_at": "2021-09-01T00:00:00Z", "absent_fraction": "1.000000", "event_id": "1-absent",
    }  # fmt: skip
    assert [
        (row["student_id"], row["date"][5:], row["code"], row.get("absent_fraction")) for row in rows[1:]
    ] == [
        ("7", "09-02", "EA", "1.000000"),
        ("7", "09-03", "TU", None),
        ("8", "09-03", "AB", "0.500000"),
        ("8", "09-07", "TU.absent", "0.502777"),
        ("8", "09-08", "EX", "1.000000"),
        ("9", "09-07", "(none)", "1.000000"),
    ]
    assert [(row["code"], row.get("class")) for row in given(events, Kind.CODE)] == [
        ("UA", "unexcused"), ("EA", "excused"), ("TU", None), ("AB", "unknown"), ("TU.absent", "unknown"),
        ("(none)", "unknown"),
    ]  # fmt: skip
    stays = given(events, Kind.ENROLLMENT)
    assert [(row["student_id"], row["track"], row.get("exit_date")) for row in stays] == [
        ("7", "31", None), ("8", "31", None), ("9", "31", "2021-09-07"), ("10", "31", "2021-08-31"),
    ]  # fmt: skip
    said = notices(events)
    for text in (
        "days without AttDayAggregation: 1 rows; not read",
        "enrollments that are not primary (serviceType): 1",
        "noShow or stateExclude: 1",
        "days of attendance without modifiedDate: 7",
        "(none) 1",
    ):
        assert text in said
    assert "Ann" not in said


def test_rows_without_periods_are_whole_days_and_their_times_are_taken(tmp_path: Path) -> None:
    files = {
        "attendance.csv": table(
            "personID,calendarID,date,status,excuse,code,modifiedDate",
            "7,31,9/1/2021,A,E,EA,2021-09-02 10:30:00.123",
            "7,31,9/2/2021,A,,,2021-09-02T10:30:00Z",
        ),
        "calendar.csv": infinite_campus()["Calendar.csv"],
    }
    events = events_of(tmp_path / "in", files, "infinite_campus", "D")
    assert [(row["code"], row["recorded_at"]) for row in given(events, Kind.ATTENDANCE)] == [
        ("EA", "2021-09-02T10:30:00.123-05:00"),
        ("(blank)", "2021-09-02T10:30:00Z"),
    ]
    said = notices(events)
    assert "without periods: 2; taken as whole days" in said and "times without an offset: 1;" in said
    assert "no Day:" in said and "no Enrollment:" in said


def test_what_is_wrong_is_refused_by_the_names_of_the_table(tmp_path: Path) -> None:
    files = infinite_campus()
    files["attendance.csv"] = table(
        "personID,calendarID,date,status,excuse,code,modifiedDate",
        "7,99,2021-09-01,A,E,EA,",
        "7,,2021-09-01,A,E,EA,",
        "7,31,2021-9-1,A,E,EA,",
        ",31,2021-09-01,A,E,EA,",
        "7,31,2021-09-01,A,E,EA,now",
        "7,31,2021-09-01,A,E,EA,,,",
        "7,31,2021-09-01,A,E,EA,",
    )
    files["AttDayAggregation.csv"] = table(
        "personID,calendarID,date,absentMinutes",
        "7,31,2021-09-01,all",
        "7,31,2021-09-01,-5",
        "7,31,2021-09-02,60.0",
    )
    files["Day.csv"] = table("calendarID,date,instruction", "31,2021-09-01,maybe", "32,2021-09-01,1")
    files["Enrollment.csv"] = table("personID,calendarID,startDate", "7,31,2021-09-01")
    files["more.csv"] = b""
    events = events_of(tmp_path / "in", files, "infinite_campus", "D")
    assert sorted(refusals(events)) == [
        ("AttDayAggregation.csv", 2, "attendance", "bad_value", "absentMinutes"),
        ("AttDayAggregation.csv", 3, "attendance", "bad_value", "absentMinutes"),
        ("Day.csv", 2, "calendar", "bad_value", "instruction"),
        ("Day.csv", 3, "calendar", "bad_value", "calendarID"),
        ("Enrollment.csv", 1, "", "missing_column", "grade"),
        ("attendance.csv", 2, "attendance", "bad_value", "calendarID"),
        ("attendance.csv", 3, "attendance", "missing_value", "calendarID"),
        ("attendance.csv", 4, "attendance", "bad_date", "date"),
        ("attendance.csv", 5, "attendance", "missing_value", "personID"),
        ("attendance.csv", 6, "attendance", "bad_time", "modifiedDate"),
        ("attendance.csv", 7, "", "not_csv", ""),
        ("more.csv", 1, "", "not_csv", ""),
    ]
    assert [row["date"] for row in given(events, Kind.ATTENDANCE)] == ["2021-09-01", "2021-09-02"]
