"""Records to days: contract section 2 up to the MHW days, a student and district at a time.

Choices where the contract leaves one:

* The "previous membership day" of the MHW rules is any membership day of the student in the district and
  that school year: PK or K-12, at any school, reported or not.
* "A live attendance record there" of a positive school may carry any code with a meaning and any fraction.
* An mhw record of fraction 0 is still an mhw record where permission is looked for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.reference.checking import Record
from tests.reference.columns import read_grade
from tests.reference.live import Live, fraction_of

# Of records with the same fraction the first of these gives the class of the day.
CLASS_ORDER = ("excused", "mhw", "disciplinary", "unknown", "unexcused")
MHW_LIMIT = 2


@dataclass(frozen=True)
class Day:
    """A membership day; `absence` is the class counted (blank: in attendance, or not reported)."""

    day: date
    school_id: str
    grade: str
    reported: bool
    absence: str
    mhw: str = ""  # valid, mhw_not_k12, mhw_consecutive or mhw_over_limit of a day with an MHW absence
    documented: bool = False

    @property
    def k12(self) -> bool:
        """Say whether the owning enrollment is K-12."""
        return self.grade != "PK"

    @property
    def absent(self) -> bool:
        """Say whether the day is a counted day of absence."""
        return self.absence != ""


def school_year(day: date) -> str:
    """Name the school year of a date, 1 July to 30 June: `2021-22`."""
    start = day.year if day.month >= 7 else day.year - 1
    return f"{start:04}-{(start + 1) % 100:02}"


class Counting:
    """The membership days of each student."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self._enrollments: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in live.live["enrollment"].values():
            self._enrollments[record.cell("district_id"), record.cell("student_id")].append(record)
        self._attendance: dict[tuple[str, str, str, str], list[Record]] = defaultdict(list)
        for record in live.live["attendance"].values():
            names = ("district_id", "school_id", "student_id", "date")
            district, school, student, day = (record.cell(name) for name in names)
            self._attendance[district, school, student, day].append(record)
        self._taken = self._taken_until()
        self._days: dict[tuple[str, str], list[Day]] = {}

    def students(self) -> list[tuple[str, str]]:
        """Give (district, student) of everybody with a live enrollment, in order."""
        return sorted(self._enrollments)

    def days(self, district: str, student: str) -> list[Day]:
        """Give the student's membership days in the district in date order, of every school year."""
        if (district, student) not in self._days:
            self._days[district, student] = self._find_days(district, student)
        return self._days[district, student]

    def _find_days(self, district: str, student: str) -> list[Day]:
        days = []
        for day in self.live.calendar_dates(district):
            owner = self._owner(district, student, day)
            if owner is None:
                continue
            school = owner.cell("school_id")
            if self.live.is_school_day(district, school, owner.cell("track"), day):
                days.append(self._day(district, student, day, owner))
        return _judge_mhw(days)

    def _owner(self, district: str, student: str, day: date) -> Record | None:
        """Find the enrollment that owns a date: the latest entry, then the latest version."""
        begun = []
        for record in self._enrollments[district, student]:
            entry, leaving = record.date("entry_date"), record.date("exit_date")
            assert entry is not None
            no_show = leaving is not None and leaving < entry
            if entry <= day and not no_show:
                begun.append((entry, record.version, record))
        if not begun:
            return None
        owner = max(begun, key=lambda each: each[:2])[2]
        leaving = owner.date("exit_date")
        # an earlier enrollment does not come back to life when the later one has ended
        return None if leaving is not None and leaving < day else owner

    def _day(self, district: str, student: str, day: date, owner: Record) -> Day:
        school, grade = owner.cell("school_id"), read_grade(owner.cell("grade"))
        records = self._attendance.get((district, school, student, day.isoformat()), [])
        reported = self._reported(district, school, day, bool(records))
        day_of = Day(day, school, grade, reported, "")
        if not reported:
            return day_of
        absences = []
        documented = False
        for record in records:
            meaning = self.live.meaning(record)
            assert meaning is not None
            status, reason = meaning
            if status == "absent":
                absences.append((fraction_of(record, status), reason))
                documented |= reason == "mhw" and record.cell("permission") == "documented"
        if sum((fraction for fraction, _ in absences), Fraction(0)) <= Fraction(1, 2):
            return day_of
        largest = max(fraction for fraction, _ in absences)
        reasons = {reason for fraction, reason in absences if fraction == largest}
        first = next(reason for reason in CLASS_ORDER if reason in reasons)
        return replace(day_of, absence=first, documented=documented)

    def _reported(self, district: str, school: str, day: date, has_record: bool) -> bool:
        mode, submission = self.live.settings(district, school, day)
        if mode == "positive":
            return has_record
        said = self.live.live["submission"].get((district, school, day.isoformat()))
        state = said.cell("state") if said else ""
        if state == "submitted":
            return True
        if submission != "by_record" or state == "reopened":
            return False
        taken = self._taken.get((district, school, school_year(day)))
        return taken is not None and taken >= day

    def _taken_until(self) -> dict[tuple[str, str, str], date]:
        """Give the last date up to which records show that attendance was taken, a school and school year.

        A record speaks for every date up to the earlier of its own and the written one: the latest such
        date speaks for all. Latest versions only; deletes and unmapped codes count.
        """
        until: dict[tuple[str, str, str], date] = {}
        for record in self.live.latest["attendance"].values():
            district, school, day = record.cell("district_id"), record.cell("school_id"), record.date("date")
            assert day is not None
            if not self.live.is_school_day_in_any_track(district, school, day):
                continue
            earlier = min(day, record.written)
            if school_year(earlier) != school_year(day):
                continue
            key = (district, school, school_year(day))
            until[key] = max(until.get(key, earlier), earlier)
        return until


def _judge_mhw(days: list[Day]) -> list[Day]:
    """Find the valid MHW days; the others are absences of class unknown."""
    judged: list[Day] = []
    valid: dict[str, int] = defaultdict(int)
    for day in days:
        if day.absence == "mhw":
            year = school_year(day.day)
            before = judged[-1] if judged and school_year(judged[-1].day) == year else None
            if not day.k12:
                found = "mhw_not_k12"
            elif before is not None and before.mhw == "valid":
                found = "mhw_consecutive"
            elif valid[year] >= MHW_LIMIT:
                found = "mhw_over_limit"
            else:
                found = "valid"
                valid[year] += 1
            day = replace(day, mhw=found, absence="mhw" if found == "valid" else "unknown")
        judged.append(day)
    return judged
