"""A school's mornings: days reported for all, reported late or taken back, and absences among them.

Most students are looked at only where something may concern them; this holds that against the definition.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.columns import Kind
from models.policy import DEFAULT, Policy
from tests.property.driver import Driver, Told
from tests.property.histories import FIRST, record, school_day
from tests.property.test_gates import CALM, calm_policies

DAYS = 14
STUDENTS = ("s1", "s2", "s3")
ENTRY = FIRST.isoformat()
Step = tuple[str, str, int]
"""What happens, to whom (blank: the school), on which school day."""

days = st.integers(0, DAYS - 1)
steps = st.one_of(
    st.tuples(st.sampled_from(("submitted", "submitted", "reopened")), st.just(""), days),
    st.tuples(st.sampled_from(("E", "E", "P", "R")), st.sampled_from(STUDENTS), days),
    st.tuples(st.sampled_from(("stays", "leaves")), st.sampled_from(STUDENTS), days),
)


def told(step: Step, number: int) -> Told:
    """The record of a step, a later version than those before it."""
    what, student, day = step
    on = school_day(day).isoformat()
    at = f"2021-12-01T08:00:00.{number:04}Z"
    if what in ("submitted", "reopened"):
        return record(Kind.SUBMISSION, school_id="A", date=on, state=what, recorded_at=at)
    if what in ("stays", "leaves"):  # in summer, when there is no school, or on a day
        leaving = on if what == "leaves" else (FIRST + timedelta(days=200 + day)).isoformat()
        return enrolled(student, at, leaving)
    return record(
        Kind.ATTENDANCE, school_id="A", student_id=student, date=on, code=what, recorded_at=at,
    )  # fmt: skip


def enrolled(student: str, at: str, leaving: str = "", entry: str = ENTRY) -> Told:
    return record(
        Kind.ENROLLMENT, school_id="A", student_id=student, grade="5", entry_date=entry, exit_date=leaving,
        recorded_at=at,
    )  # fmt: skip


def base(**more: str) -> list[Told]:
    """A school that waits for its submissions, its calendar, two codes and three students.

    `more` codes with their classes.
    """
    at = "2021-08-01T08:00:00Z"
    found = [
        record(Kind.SCHOOL, school_id="A", submission="explicit", recorded_at=at),
        *(
            record(Kind.CODE, code=code, status="absent", class_=name, recorded_at=at)
            for code, name in {"E": "unexcused", **more}.items()
        ),
        record(Kind.CODE, code="P", status="in_attendance", recorded_at=at),
        record(Kind.CODE, code="R", status="in_attendance", remote="yes", recorded_at=at),
    ]
    for number in range(DAYS):
        on = school_day(number).isoformat()
        found.append(record(Kind.CALENDAR, school_id="A", date=on, kind_="instructional", recorded_at=at))
    return [*found, *(enrolled(student, at) for student in STUDENTS)]


@settings(max_examples=250)
@given(
    st.permutations(range(DAYS)).flatmap(lambda order: st.just(order) | st.just(sorted(order))),
    st.sets(days, max_size=3),
    st.lists(st.tuples(st.sampled_from(STUDENTS), days), max_size=10),
    st.lists(steps, max_size=8),
    calm_policies() | st.just(DEFAULT),
)
def test_who_was_just_present_is_not_forgotten(
    order: list[int], late: set[int], absences: list[tuple[str, int]], after: list[Step], policy: Policy
) -> None:
    driver = Driver("D", lambda district, year: policy).take_all(base(), 100)
    mornings: list[Step] = [("E", student, day) for student, day in absences]
    mornings += [("submitted", "", day) for day in order if day not in late]
    mornings += [*after, *(("submitted", "", day) for day in sorted(late))]
    for number, step in enumerate(mornings):
        kind, held = told(step, number)
        driver.take(kind, [held])
        driver.assert_published_is_the_definition()
    as_of = school_day(DAYS)
    rows = driver.standings(as_of)
    driver.restart()
    assert driver.standings(as_of) == rows


def test_late_days_of_last_year_are_told_though_nothing_stood_then() -> None:
    """By its own policy nothing opened last year; by this year's it was a tier."""
    driver = Driver("D", lambda district, year: CALM if year == 2020 else DEFAULT)
    spring = [(date(2021, 5, 24) + timedelta(days=number)).isoformat() for number in range(30)]
    at = "2021-08-01T08:00:00Z"
    told = [
        record(Kind.SCHOOL, school_id="A", submission="explicit", recorded_at=at),
        record(Kind.CODE, code="E", status="absent", class_="excused", recorded_at=at),
        enrolled("s1", at, entry="2021-05-24"),
        *(
            record(Kind.CALENDAR, school_id="A", date=on, kind_="instructional", recorded_at=at)
            for on in (*spring, "2021-08-30")
        ),
        *(
            record(Kind.ATTENDANCE, school_id="A", student_id="s1", date=on, code="E", recorded_at=at)
            for on in spring[:4]
        ),
    ]
    driver.take_all(told, 100)
    for on in (*spring[:25], "2021-08-30", *spring[25:28]):
        kind, held = record(Kind.SUBMISSION, school_id="A", date=on, state="submitted", recorded_at=at)
        driver.take(kind, [held])
    [alert] = driver.published("s1").values()
    assert (alert.rule, alert.n, alert.a) == ("prior_year_tier_2", 28, 4)
