"""Strategies for small, dense histories of one district: two schools, two students, some weeks.

Every record is valid. Records of one identity may tie in recorded_at, be deleted, moved or mapped later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import strategies as st

from models.columns import Kind
from models.ledger.chain import Stored
from models.policy import Exempt, Policy, Share
from tests.property.driver import Told

FIRST = date(2021, 8, 30)
DAYS = 24
MEANINGS = {"E": "excused", "U": "unexcused", "M": "mhw", "D": "disciplinary", "N": "unknown"}
WRITTEN = (*(f"2021-08-{day}T08:00:00Z" for day in (10, 11, 12)), "2021-08-11T04:00:00-04:00")

schools = st.sampled_from("AAAB")
students = st.sampled_from(("s1", "s1", "s2"))
written = st.sampled_from(WRITTEN)
ops = st.sampled_from(("", "", "", "delete"))


def school_day(number: int) -> date:
    """The number-th weekday from FIRST, counted from 0."""
    weeks, rest = divmod(number, 5)
    return FIRST + timedelta(days=7 * weeks + rest)


def record(kind: Kind, line: int = 0, /, **cells: str) -> Told:
    """A record of district D; blanks are not given; `class_` stands for class, `kind_` for kind."""
    given = {"district_id": "D", **{name.rstrip("_"): cell for name, cell in cells.items() if cell}}
    return kind, Stored(given, "told.csv", line)


def _base() -> Iterator[Told]:
    for code, name in MEANINGS.items():
        yield record(Kind.CODE, code=code, status="absent", class_=name, recorded_at=WRITTEN[0])
    yield record(Kind.CODE, code="P", status="in_attendance", recorded_at=WRITTEN[0])
    yield record(Kind.CODE, code="R", status="in_attendance", remote="yes", recorded_at=WRITTEN[0])
    yield record(
        Kind.CODE, code="L", status="absent", class_="unexcused", remote="yes", recorded_at=WRITTEN[0]
    )
    for school in "AB":
        for number in range(DAYS):
            on = school_day(number).isoformat()
            yield record(
                Kind.CALENDAR, school_id=school, date=on, kind_="instructional", recorded_at=WRITTEN[0]
            )
    for student in ("s1", "s2"):
        yield record(
            Kind.ENROLLMENT,
            school_id="A",
            student_id=student,
            grade="5",
            entry_date=FIRST.isoformat(),
            recorded_at=WRITTEN[0],
        )


BASE = tuple(_base())
"""Codes, the calendars of both schools, and both students enrolled at A in grade 5."""


def dates() -> st.SearchStrategy[date]:
    """A weekday of the history, now and then a Saturday."""
    return st.integers(0, DAYS - 1).map(school_day) | st.just(FIRST + timedelta(days=5))


def marked(student: str, school: str, on: date, code: str, lag: int = 0, /, **more: str) -> Told:
    """An attendance record written `lag` days after its date."""
    at = f"{on + timedelta(days=lag)}T09:00:00Z"
    return record(
        Kind.ATTENDANCE, school_id=school, student_id=student, date=on.isoformat(), code=code,
        recorded_at=at, **more,
    )  # fmt: skip


def marks(least_lag: int) -> st.SearchStrategy[Told]:
    """An attendance record of a student or of nobody who is enrolled."""
    return st.builds(
        lambda student, school, on, code, lag, part, share, paper, op: marked(
            student, school, on, code, lag, record_id=part, absent_fraction=share, permission=paper, op=op
        ),
        students | st.just("ghost"), schools, dates(), st.sampled_from("EUUMMDNPXRL"),
        st.integers(least_lag, 3), st.sampled_from(("", "", "", "r1")),
        st.sampled_from(("", "", "0.5", ".51", "0")), st.sampled_from(("", "documented", "missing")), ops,
    )  # fmt: skip


def others() -> st.SearchStrategy[Told]:
    """A record of any other kind."""
    on = dates().map(date.isoformat)
    since = st.just("") | on
    classes = st.sampled_from(tuple(MEANINGS.values()))
    return st.one_of(
        st.builds(
            lambda school, day, kind, track, at, op: record(
                Kind.CALENDAR, school_id=school, date=day, kind_=kind, track=track, recorded_at=at, op=op
            ),
            schools, on, st.sampled_from(("weather", "holiday", "make_up")),
            st.sampled_from(("", "", "T")), written, ops,
        ),
        st.builds(
            lambda school, day, state, at, op: record(
                Kind.SUBMISSION, school_id=school, date=day, state=state, recorded_at=at, op=op
            ),
            schools, on, st.sampled_from(("submitted", "submitted", "reopened")), written, ops,
        ),
        st.builds(
            lambda student, school, grade, entry, leaving, track, at, op: record(
                Kind.ENROLLMENT, school_id=school, student_id=student, grade=grade, entry_date=entry,
                exit_date=leaving, track=track, recorded_at=at, op=op,
            ),
            students, st.sampled_from("AB"), st.sampled_from(("5", "05", "KG", "PK")), on, since,
            st.sampled_from(("", "", "T")), written, ops,
        ),
        st.builds(
            lambda code, class_, remote, start, at, op: record(
                Kind.CODE, code=code, status="absent", class_=class_, remote=remote, effective_from=start,
                recorded_at=at, op=op,
            ),
            st.sampled_from("XXUM"), classes, st.sampled_from(("", "", "no", "yes")), since, written, ops,
        ),
        st.builds(
            lambda school, mode, submission, start, at, op: record(
                Kind.SCHOOL, school_id=school, attendance_mode=mode, submission=submission,
                effective_from=start, recorded_at=at, op=op,
            ),
            schools, st.sampled_from(("", "negative", "positive")),
            st.sampled_from(("", "by_record", "explicit")), since, written, ops,
        ),
        st.builds(
            lambda student, born, at, op: record(
                Kind.STUDENT, student_id=student, birthdate=born, recorded_at=at, op=op
            ),
            students, st.sampled_from(("", "2002-09-10", "2016-09-10")), written, ops,
        ),
        st.builds(
            lambda student, absent, at, op: record(
                Kind.PRIOR_YEAR, student_id=student, school_year="2020-21", enrolled_days="20",
                absent_days=absent, recorded_at=at, op=op,
            ),
            students, st.sampled_from(("1", "2", "4")), written, ops,
        ),
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn, least_lag: int = -1) -> list[Told]:
    """What comes after the base: how both students attend, and up to a dozen other records.

    `least_lag` -1: some records are written the day before. Lines are places in the list, from 1.
    """
    often = st.sampled_from(("", "", "", "", "U", "U", "E", "M", "P", "R"))
    told = []
    for student in ("s1", "s2"):
        codes = draw(st.lists(often, min_size=DAYS, max_size=DAYS))
        told += [marked(student, "A", school_day(number), code) for number, code in enumerate(codes) if code]
    count = draw(st.integers(0, 12))
    told += draw(st.lists(marks(least_lag) | others(), min_size=count, max_size=count))
    return [(kind, held._replace(line=line)) for line, (kind, held) in enumerate(told, start=1)]


EXEMPT = ((), (Exempt(("U",), 2),), (Exempt(("X", "N"), 1), Exempt(("M", "U"), 3)))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Policies with small numbers, so that a few days reach them; each recovers below where it opens."""

    def bars() -> tuple[Share, Share]:
        opens = draw(st.integers(2, 10))
        return Share(opens, 20), Share(draw(st.integers(1, opens)) * 2 - 1, 40)

    tier_2, tier_3, rolling = bars(), bars(), bars()
    few = st.integers(1, 6)
    return Policy(
        version="other",
        minimum_days=draw(st.integers(0, 14)),
        tier_2_opens=tier_2[0], tier_2_recovers=tier_2[1],
        tier_3_opens=tier_3[0], tier_3_recovers=tier_3[1],
        window_days=draw(st.integers(1, 9)), window_minimum=draw(st.integers(0, 9)),
        rolling_opens=rolling[0], rolling_recovers=rolling[1],
        streak_days=draw(st.integers(1, 4)), month_pace=draw(st.integers(1, 3)),
        early_pace=draw(st.booleans()), early_pace_absences=draw(st.integers(1, 4)),
        early_pace_opens=bars()[0],
        month_mode=draw(st.sampled_from(("rolling_30", "calendar"))),
        truancy_month=draw(few), truancy_year=draw(few), habitual_truant=draw(few),
        truancy_from_age=draw(st.sampled_from((5, 6))), truancy_to_age=draw(st.sampled_from((18, 17))),
        mhw_limit=draw(st.integers(0, 3)), mhw_requires_permission=draw(st.booleans()),
        level_2=draw(st.integers(2, 6)),
        level_counts_mhw=draw(st.booleans()), level_counts_disciplinary=draw(st.booleans()),
        iss_codes=draw(st.sampled_from(((), ("D",), ("P", "E")))), iss_is_absence=draw(st.booleans()),
        exempt=draw(st.sampled_from(EXEMPT)),
        documentation_days=draw(st.integers(1, 6)), unknown_becomes_unexcused=draw(st.booleans()),
    )  # fmt: skip
