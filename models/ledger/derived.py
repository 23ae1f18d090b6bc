"""What follows from a district's live records, as sets of days; rebuilt from the groups at any time."""

from __future__ import annotations

from datetime import date

from models.calendar import SchoolCalendar
from models.columns import Kind
from models.day_records import LiveRecord, day_mark
from models.enrollment import NO_END, Enrollment, Stay, grade_of, stays
from models.in_force import DEFAULT_SETTINGS, CodeMap, SchoolSettings
from models.instant import read_time
from models.ledger.chain import Chain, Stored, live, live_attendance
from models.reporting import evidence_day, evidence_until, reported_days
from models.school_year import day_index, first_day, from_label, school_year_of
from models.student_year import CLASS_INDEX, Marks, SchoolYear
from models.version import Version

NO_MARKS = Marks()


class SchoolFacts:
    """A school's settings, and by school year its calendar, evidence and submissions."""

    __slots__ = ("calendars", "evidence", "reopened", "settings", "students", "submitted")

    def __init__(self) -> None:
        self.settings = DEFAULT_SETTINGS
        self.calendars: dict[int, SchoolCalendar] = {}
        self.evidence: dict[int, dict[int, int]] = {}
        self.submitted: dict[int, int] = {}
        self.reopened: dict[int, int] = {}
        self.students: set[str] = set()

    def calendar(self, year: int) -> SchoolCalendar:
        """The calendar of a school year, empty where nothing is known."""
        return self.calendars.setdefault(year, SchoolCalendar())

    def year(self, year: int) -> SchoolYear:
        """The school as a student's year needs it."""
        calendar = self.calendar(year)
        positive, explicit = self.settings.bits(year)
        until = evidence_until(self.evidence.get(year, {}), calendar.any_track())
        reported = reported_days(explicit, self.submitted.get(year, 0), self.reopened.get(year, 0), until)
        return SchoolYear(calendar.school_days, reported, positive)


class StudentFacts:
    """A student's stays, records by school year and school, birth date and prior years."""

    __slots__ = ("birthdate", "enrollments", "marks", "prior", "stays")

    def __init__(self) -> None:
        self.enrollments: dict[tuple[str, ...], tuple[Version, Enrollment]] = {}
        self.stays: tuple[Stay, ...] = ()
        self.marks: dict[int, dict[str, Marks]] = {}
        self.birthdate: date | None = None
        self.prior: dict[int, tuple[int, int]] = {}

    def enroll(self, identity: tuple[str, ...], held: Stored | None) -> None:
        """Put or remove a live enrollment, and work the stays out again."""
        if held is None:
            self.enrollments.pop(identity, None)
        else:
            given = held.given
            ends = given.get("exit_date", "")
            known = Enrollment(
                date.fromisoformat(given["entry_date"]).toordinal(),
                date.fromisoformat(ends).toordinal() if ends else NO_END,
                given["school_id"],
                given.get("track", ""),
                grade_of(given["grade"]),
            )
            self.enrollments[identity] = (Version(given), known)
        ordered = sorted(self.enrollments.values(), key=lambda pair: pair[0])
        self.stays = stays([known for _, known in ordered])

    def mark(self, school: str, day: date, chains: list[Chain], codes: CodeMap) -> None:
        """Work out one day at one school again from all versions of its records."""
        year, bit = school_year_of(day), 1 << day_index(day)
        records = [live_attendance(chain, codes, day.toordinal()) for chain in chains]
        marked = day_mark(_record(held, codes, day) for held in records if held is not None)
        by_school = self.marks.setdefault(year, {})
        seen, absent, documented = by_school.get(school, NO_MARKS)
        seen = seen | bit if any(records) else seen & ~bit
        there = CLASS_INDEX.get(marked.class_, -1)
        classes = [
            held | bit if index == there else held & ~bit if held else 0 for index, held in enumerate(absent)
        ]
        documented = documented | bit if marked.documented else documented & ~bit
        by_school[school] = Marks(seen, (*classes,), documented)  # type: ignore[arg-type]  # five, as absent


def _record(held: Stored, codes: CodeMap, day: date) -> LiveRecord:
    meaning = codes.meaning(held.given["code"], day.toordinal())
    class_ = meaning.class_ if meaning else ""
    fraction = held.given.get("absent_fraction", "")
    return LiveRecord(class_, fraction, held.given.get("permission") == "documented")


class Derived:
    """A district's codes, schools and students."""

    def __init__(self) -> None:
        self.codes = CodeMap(())
        self.schools: dict[str, SchoolFacts] = {}
        self.students: dict[str, StudentFacts] = {}

    def school(self, school: str) -> SchoolFacts:
        """The school's facts, made where it is new."""
        return self.schools.setdefault(school, SchoolFacts())

    def student(self, student: str) -> StudentFacts:
        """The student's facts, made where new."""
        return self.students.setdefault(student, StudentFacts())

    def put_codes(self, chains: list[Chain]) -> None:
        """All code records of the district."""
        self.codes = CodeMap(held.given for held in map(live, chains) if held)

    def put_schools(self, chains: list[Chain]) -> None:
        """All school records of the district."""
        by_school: dict[str, list[Stored]] = {}
        for chain in chains:
            held = live(chain)
            kept = by_school.setdefault(chain[0].given["school_id"], [])
            if held:
                kept.append(held)
        for school, live_records in by_school.items():
            self.school(school).settings = SchoolSettings(held.given for held in live_records)

    def put(self, kind: Kind, identity: tuple[str, ...], chain: Chain) -> None:
        """One identity of any other kind but attendance."""
        held, given = live(chain), chain[0].given
        match kind:
            case Kind.ENROLLMENT:
                self.school(given["school_id"]).students.add(given["student_id"])
                self.student(given["student_id"]).enroll(identity, held)
            case Kind.CALENDAR:
                day = date.fromisoformat(given["date"])
                calendar = self.school(given["school_id"]).calendar(school_year_of(day))
                calendar.put(given.get("track", ""), day_index(day), held.given["kind"] if held else None)
            case Kind.SUBMISSION:
                self._submission(given, held)
            case Kind.STUDENT:
                born = held.given.get("birthdate", "") if held else ""
                self.student(given["student_id"]).birthdate = date.fromisoformat(born) if born else None
            case Kind.PRIOR_YEAR:
                year = from_label(given["school_year"]) or 0
                prior = self.student(given["student_id"]).prior
                prior.pop(year, None)
                if held:
                    prior[year] = (int(held.given["enrolled_days"]), int(held.given["absent_days"]))

    def _submission(self, given: object, held: Stored | None) -> None:
        assert isinstance(given, dict)
        day = date.fromisoformat(given["date"])
        school, year, bit = self.school(given["school_id"]), school_year_of(day), 1 << day_index(day)
        state = held.given["state"] if held else ""
        for name, kept in (("submitted", school.submitted), ("reopened", school.reopened)):
            before = kept.get(year, 0)
            kept[year] = before | bit if state == name else before & ~bit

    def put_attendance(self, school: str, day: date, chains: dict[str, list[Chain]], only: set[str]) -> None:
        """A school's records of a day by student; of these `only` are worked out again."""
        start = first_day(school_year_of(day)).toordinal()
        found = [
            evidence_day(day.toordinal(), recorded.written.toordinal(), start)
            for held in chains.values()
            for chain in held
            if (recorded := read_time(chain[0].given["recorded_at"])) is not None
        ]
        evidence = self.school(school).evidence.setdefault(school_year_of(day), {})
        evidence[day_index(day)] = max((until for until in found if until is not None), default=-1)
        for student in only:
            self.student(student).mark(school, day, chains.get(student, []), self.codes)
