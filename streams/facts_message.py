"""Messages of student-day facts: what counted days of a district's students are, as columns (docs/adr/0001).

A fact is the state of one (district, school, student, date); a later version replaces it whole, so a message
that comes twice changes nothing. `counted` 0 says that the day does not count for that student at that school
(any more); its class then is `unreported` where it is a membership day of which nothing is known yet, before
the student's last counted day.

Most facts are of days in attendance and have no code. So codes are not a column: `codes` gives by code the
places of its facts in the columns, and `remote` those of the facts under a remote code. A message in which
there are none does not have them, as one of an older version.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from streams.event_log import Outgoing

UNREPORTED = "unreported"
NO_REASON = ("", False)


@dataclass(slots=True)
class Facts:
    """Facts of one district and school year, a list a column, all of one length.

    `version` orders facts of one identity: the offset of the records message that they follow from. `days`
    are days since 1 July of `year`. `class_` is blank in attendance, and one of excused, unexcused,
    disciplinary, mhw, unknown in absence; where `counted` is 0 it is blank or UNREPORTED. `codes` holds by
    local code the places (from 0, ascending) of the facts that it decided: of absent days, and of remote
    ones, which are in `remote`.
    """

    district: str
    year: int
    version: int
    schools: list[str] = field(default_factory=list)
    students: list[str] = field(default_factory=list)
    grades: list[str] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    codes: dict[str, list[int]] = field(default_factory=dict)
    remote: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.students)

    def add(
        self,
        school: str,
        student: str,
        grade: str,
        day: int,
        class_: str,
        counted: int,
        reason: tuple[str, bool] = NO_REASON,
    ) -> None:
        """One fact more. `reason` is its code, if it has one, and whether that is remote."""
        code, remote = reason
        if code:
            self.codes.setdefault(code, []).append(len(self.students))
        if remote:
            self.remote.append(len(self.students))
        self.schools.append(school)
        self.students.append(student)
        self.grades.append(grade)
        self.days.append(day)
        self.classes.append(class_)
        self.counted.append(counted)

    def part(self, start: int, end: int) -> Facts:
        """The facts from one place to before another."""
        codes = {code: _shifted(places, start, end) for code, places in self.codes.items()}
        return Facts(
            self.district,
            self.year,
            self.version,
            self.schools[start:end],
            self.students[start:end],
            self.grades[start:end],
            self.days[start:end],
            self.classes[start:end],
            self.counted[start:end],
            {code: places for code, places in codes.items() if places},
            _shifted(self.remote, start, end),
        )

    def add_present(self, school: str, grade: str, day: int, students: Sequence[str]) -> None:
        """A fact for each of some students who were in attendance."""
        self._add_all(school, grade, day, students, "", 1)

    def add_unreported(self, school: str, grade: str, day: int, students: Sequence[str]) -> None:
        """A fact for each of some students of whose day nothing is known yet."""
        self._add_all(school, grade, day, students, UNREPORTED, 0)

    def _add_all(
        self, school: str, grade: str, day: int, students: Sequence[str], class_: str, counted: int
    ) -> None:
        count = len(students)
        self.schools += [school] * count
        self.students += students
        self.grades += [grade] * count
        self.days += [day] * count
        self.classes += [class_] * count
        self.counted += [counted] * count


def _shifted(places: list[int], start: int, end: int) -> list[int]:
    return [place - start for place in places[bisect_left(places, start) : bisect_left(places, end)]]


def pack(facts: Facts) -> Outgoing:
    """The message of some facts."""
    value: dict[str, object] = {
        "schema": 1,
        "district": facts.district,
        "year": facts.year,
        "version": facts.version,
        "schools": facts.schools,
        "students": facts.students,
        "grades": facts.grades,
        "days": facts.days,
        "classes": facts.classes,
        "counted": facts.counted,
    }
    if facts.codes:
        value["codes"] = facts.codes
    if facts.remote:
        value["remote"] = facts.remote
    return Outgoing(facts.district.encode(), orjson.dumps(value))


def unpack(value: bytes) -> Facts:
    """The facts of a message. Raises ValueError, KeyError or TypeError where it is not one of ours."""
    held = orjson.loads(value)
    if held["schema"] != 1:
        raise ValueError("a schema that is not known")
    facts = Facts(
        held["district"],
        held["year"],
        held["version"],
        held["schools"],
        held["students"],
        held["grades"],
        held["days"],
        held["classes"],
        held["counted"],
        held.get("codes", {}),
        held.get("remote", []),
    )
    columns = (facts.schools, facts.students, facts.grades, facts.days, facts.classes, facts.counted)
    if {len(column) for column in columns} != {len(facts)}:
        raise ValueError("columns of different lengths")
    return facts
