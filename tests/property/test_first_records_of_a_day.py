"""The first records of a school's day in one go, against the same put in one by one."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from models.code_reading import CodeReading
from models.in_force import CodeMap
from models.ledger.chain import Stored
from models.ledger.school_day import SchoolDay
from models.policy import DEFAULT, Exempt

DAY = date(2021, 9, 1)
CODES = CodeReading(
    CodeMap(
        [
            {"code": "P", "status": "in_attendance"},
            {"code": "E", "status": "absent", "class": "excused"},
            {"code": "M", "status": "absent", "class": "mhw"},
            {"code": "I", "status": "in_attendance"},
            {"code": "R", "status": "in_attendance", "remote": "yes"},
        ]
    ),
    DEFAULT._replace(iss_codes=("I",), iss_is_absence=True, exempt=(Exempt(("E",), 1),)),
)
# Mostly a student has one record, and it says no more than its code.
PLAIN: dict[str, str] = {}
MORE = st.sampled_from(
    [
        PLAIN, PLAIN, PLAIN, {"local_reason": "flu"}, {"absent_fraction": "0.25"}, {"absent_fraction": "1"},
        {"permission": "documented"}, {"permission": "none"}, {"op": "delete"}, {"record_id": "1"},
    ]
)  # fmt: skip
RECORD = st.tuples(st.sampled_from(["ann", "ben", "cy", "di", "eve"]), st.sampled_from("PEMMIRX"), MORE)
RECORDS = st.lists(RECORD, min_size=1, max_size=5)
ONE_EACH = st.lists(RECORD, min_size=2, max_size=5, unique_by=lambda record: record[0])


@settings(max_examples=500)
@given(st.one_of(ONE_EACH, RECORDS))
def test_the_marks_are_the_same(drawn: list[tuple[str, str, dict[str, str]]]) -> None:
    records = [
        Stored(
            {"student_id": student, "code": code, "recorded_at": "2021-09-01T08:00:00Z", **more}, "f", line
        )
        for line, (student, code, more) in enumerate(drawn)
    ]
    students = {held.given["student_id"] for held in records}
    together, apart, lean = (SchoolDay(DAY, None) for _ in range(3))
    changed = together.put_all(records)
    assert changed == {held.given["student_id"] for held in records if apart.put(held)}
    lean.put_all(records)

    expected = dict(apart.marks(students, CODES))
    assert dict(together.marks(students, CODES)) == expected
    assert together.chains == apart.chains
    # Whose code is noted is told anew, though it was asked before the day had records.
    early = SchoolDay(DAY, None)
    assert early.noted(CODES) == []
    early.put_all(records)
    assert set(early.noted(CODES)) == {name for name, mark in expected.items() if mark[4]}
    # Without those in attendance at school: nobody is left out of whom the day says more.
    found = dict(lean.marks(students, CODES, all_of_fresh=False))
    assert all((mark[1], mark[4]) == (-1, "") for mark in map(expected.get, students - found.keys()) if mark)
    assert {student: expected[student] for student in found} == found
    assert set(together.noted(CODES)) == {name for name, mark in expected.items() if mark[4]}
