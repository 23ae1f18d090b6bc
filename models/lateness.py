"""Which schools have not reported a school day by their hour: a matter of operations, never of a student."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.bits import days, up_to
from models.ledger.district import Ledger
from models.ledger.school import SchoolYear
from models.policy import Policy, PolicyOf
from models.school_year import dates_of, day_index, school_year_of
from models.student_year import Frame


class LateDay(NamedTuple):
    """A school day that is past its hour, and of how many students of the school it is not reported."""

    district: str
    school: str
    day: date
    waiting: int


def due_through(now: datetime, policy: Policy) -> date:
    """The last date whose hour to report has passed in the policy's zone; `now` is any instant with a zone.

    The hour is one instant of each date, so that where clocks are set back nothing that was due is undue for
    an hour again.
    """
    zone = ZoneInfo(policy.timezone)
    today = now.astimezone(zone).date()
    due = datetime.combine(today, time.fromisoformat(policy.report_by), zone)
    return today if now >= due else today - timedelta(days=1)


def late_days(ledger: Ledger, policy_of: PolicyOf, now: datetime) -> list[LateDay]:
    """The late days of a district's current school year, by school and date.

    A day on which nobody has a membership day, or everybody's is reported, is not late; so a notice ends by
    itself when the school reports, and when the day becomes one without school.
    """
    through = due_through(now, policy_of(ledger.district, school_year_of(now.date())))
    return late_in(ledger, school_year_of(through), up_to(day_index(through)))


def late_in(ledger: Ledger, year: int, due: int) -> list[LateDay]:
    """The same of any school year; `due` are the days that are due, as a set."""
    found = []
    dates = dates_of(year)
    for school, held in sorted(ledger.schools.items()):
        if year not in held.years:
            continue
        waiting: dict[int, int] = {}
        for frame, students in _frames(held.years[year]):
            for day in days(_unreported(frame, school) & due):
                waiting[day] = waiting.get(day, 0) + students
        found += [
            LateDay(ledger.district, school, dates[day], count) for day, count in sorted(waiting.items())
        ]
    return found


def _frames(year: SchoolYear) -> Iterator[tuple[Frame, int]]:
    """The frames of the students who have been at a school, and how many share each."""
    for cohort in year.cohorts:
        if not cohort.positive:
            if cohort.members:
                yield cohort.frame, len(cohort.members)
            continue
        for known in cohort.members.values():
            yield known.now.frame, 1


def _unreported(frame: Frame, school: str) -> int:
    """The membership days of a frame at a school that are not reported."""
    found = 0
    for part in frame.parts:
        if part.school == school:
            found |= part.membership & ~part.counted
    return found
