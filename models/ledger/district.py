"""A district's ledger: puts records in, and says which students' years have moved by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from models.columns import Kind
from models.in_force import CodeMap, SchoolSettings
from models.ledger.chain import Chain, Stored, live, put
from models.ledger.cohort import Cohort, Signature
from models.ledger.groups import Group, Identity, group_key
from models.ledger.held import GroupStore, Held
from models.ledger.marking import Days
from models.ledger.school import School, SchoolYear
from models.ledger.school_day import SchoolDay
from models.ledger.student import Student
from models.school_year import day_index, from_label, school_year_of
from models.student_year import NO_CLASSES, NO_MHW, Frame, StudentYear, build
from models.version import identity_of

EMPTY = Frame(())


class Known:
    """A student's year as last worked out. `flags` belongs to whoever folds; the ledger leaves it alone."""

    __slots__ = ("cohort", "flags", "now")

    def __init__(self, cohort: Cohort, now: StudentYear) -> None:
        self.cohort = cohort
        self.now = now
        self.flags = 0


class Moved(NamedTuple):
    """A student's year before and after. `refold`: something else that rules ask has changed too."""

    student: str
    known: Known
    before: StudentYear
    after: StudentYear
    refold: bool


def _two_mhw_days(year: int) -> int:
    return 2


class Ledger:
    """The live records of one district and what follows from them. Not shared between threads.

    `mhw_limit` gives the valid MHW days of a school year. After `put`, `writes` gives what is to be stored;
    `stored` says that it is.
    """

    def __init__(
        self, district: str, store: GroupStore, mhw_limit: Callable[[int], int] = _two_mhw_days
    ) -> None:
        self.district = district
        self.codes = CodeMap(())
        self.schools: dict[str, School] = {}
        self.students: dict[str, Student] = {}
        self.known: dict[int, dict[str, Known]] = {}
        self._mhw_limit = mhw_limit
        self._held = Held(district, store)
        self._days = Days()
        self._cohorts: dict[int, dict[Signature, Cohort]] = {}
        self._calendar_years: set[int] = set()
        self._stale: dict[int, set[str]] = {}
        self._refold: set[tuple[str, int]] = set()
        self._restayed: set[str] = set()
        self._load()

    def put(self, kind: Kind, records: Sequence[Stored]) -> list[Moved]:
        """Put valid records of one kind in; what is not newer than what is known changes nothing."""
        if kind is Kind.ATTENDANCE:
            self._put_attendance(records)
        else:
            self._put_others(kind, records)
        return self._moved()

    def writes(self) -> dict[bytes, bytes]:
        """The bytes of the groups that changed, by key."""
        return self._held.writes()

    def stored(self) -> None:
        """The writes are in the store."""
        self._held.stored()

    def school(self, school: str) -> School:
        """A school of the district, made where it is new."""
        held = self.schools.get(school)
        if held is None:
            held = self.schools[school] = School()
        return held

    def student(self, student: str) -> Student:
        """A student of the district, made where new."""
        held = self.students.get(student)
        if held is None:
            held = self.students[student] = Student()
        return held

    def last_year(self, student: str, year: int) -> tuple[int, int] | None:
        """Enrolled and absent days of the year before: its record, else the student's own K-12 days."""
        prior = self.student(student).prior
        if prior is not None and year - 1 in prior:
            return prior[year - 1]
        known = self.known.get(year - 1, {}).get(student)
        if known is None:
            return None
        counted = known.now.k12_counted
        return counted.bit_count(), (counted & known.now.absent).bit_count()

    def set_aside(self) -> Iterator[Stored]:
        """The attendance records that wait for a meaning of their code."""
        for _, _, day in self._held.school_days():
            yield from day.set_aside(self.codes)

    def newest(self, kind: Kind, given: Mapping[str, str]) -> Stored | None:
        """The newest version that is known of a record's identity, a delete too."""
        key = group_key(kind, given)
        if kind is Kind.ATTENDANCE:
            day = self._held.school_day(key, date.fromisoformat(given["date"]))
            chain = day.chains.get((given["student_id"], given.get("record_id", "")), ())
        else:
            chain = self._held.group(kind, key).get(identity_of(kind, given), ())
        return chain[0] if chain else None

    def school_dates(self, school: str, year: int) -> int:
        """The school days of any track in a school year, as a set of days."""
        return self.school(school).year(year).calendar.any_track()

    def _load(self) -> None:
        """Work everything out from the groups: codes first, since attendance is read with them."""
        keys = self._held.keys()
        for kind in (Kind.CODE, Kind.SCHOOL, *(k for k in Kind if k not in (Kind.CODE, Kind.SCHOOL))):
            if kind is Kind.ATTENDANCE:
                continue
            for key in keys[kind]:
                group = self._held.group(kind, key)
                self._say(kind, group, set(group))
        for _, school, day in self._held.school_days():
            self._days.mark(school, day, day.students(), self.codes)
            self.school(school).year(day.year).evidence[day.index] = day.evidence()
        for held in self.schools.values():
            for year in held.years.values():
                held.work_out(year)
        self._moved()

    def _put_attendance(self, records: Sequence[Stored]) -> None:
        by_day: dict[tuple[str, str], list[Stored]] = {}
        for held in records:
            given = held.given
            place = (given["school_id"], given["date"])
            rows = by_day.get(place)
            if rows is None:
                rows = by_day[place] = []
            rows.append(held)
        for (school, written), rows in by_day.items():
            key = group_key(Kind.ATTENDANCE, rows[0].given)
            day = self._held.school_day(key, date.fromisoformat(written))
            put_in = day.put
            students = {held.given["student_id"] for held in rows if put_in(held)}
            if students:
                self._held.changed(key, day)
                self._attend(school, day, students)

    def _attend(self, school: str, day: SchoolDay, students: set[str]) -> None:
        """A school's day has changed for some students, and its evidence may have moved."""
        self._days.mark(school, day, students, self.codes)
        self._stale.setdefault(day.year, set()).update(students)
        held = self.school(school)
        year = held.year(day.year)
        evidence = day.evidence()
        if year.evidence.get(day.index) != evidence:
            year.evidence[day.index] = evidence
            if held.work_out(year):
                self._school_moved(held, year)

    def _school_moved(self, school: School, year: SchoolYear) -> None:
        for cohort in year.cohorts:
            cohort.work_out(self._year_of(year.year))
        self._stale.setdefault(year.year, set()).update(school.students)

    def _year_of(self, year: int) -> Callable[[str], SchoolYear]:
        return lambda school: self.school(school).year(year)

    def _put_others(self, kind: Kind, records: Sequence[Stored]) -> None:
        changed: dict[bytes, set[Identity]] = {}
        for held in records:
            key = group_key(kind, held.given)
            group = self._held.group(kind, key)
            identity = identity_of(kind, held.given)
            before = group.get(identity, ())
            after = put(kind, before, held)
            if after is not before:
                group[identity] = after
                changed.setdefault(key, set()).add(identity)
                self._held.changed(key, group)
        schools: set[tuple[str, int]] = set()
        for key, identities in changed.items():
            schools |= self._say(kind, self._held.group(kind, key), identities)
        for school, year in schools:
            facts = self.school(school)
            facts.work_out(facts.year(year))
            self._school_moved(facts, facts.year(year))

    def _say(self, kind: Kind, group: Group, identities: set[Identity]) -> set[tuple[str, int]]:
        """What changed identities say now; the school years that are to be worked out again by it."""
        match kind:
            case Kind.CODE:
                self._say_codes(group, {identity[1] for identity in identities})
            case Kind.SCHOOL:
                return self._say_schools(group, {identity[1] for identity in identities})
            case Kind.CALENDAR:
                return {self._say_calendar(identity, group[identity]) for identity in identities}
            case Kind.SUBMISSION:
                return {self._say_submission(identity, group[identity]) for identity in identities}
            case Kind.ENROLLMENT:
                for identity in identities:
                    self._say_enrollment(identity, group[identity])
            case Kind.STUDENT:
                for identity in identities:
                    held = live(group[identity])
                    born = held.given.get("birthdate", "") if held else ""
                    self.student(identity[1]).birthdate = date.fromisoformat(born) if born else None
                    self._refold |= {(identity[1], year) for year in self.known}
            case _:
                for identity in identities:
                    self._say_prior_year(identity, group[identity])
        return set()

    def _say_codes(self, group: Group, codes: set[str]) -> None:
        self.codes = CodeMap(held.given for held in map(live, group.values()) if held)
        for _, school, day in self._held.school_days():
            students = day.with_codes(codes)
            if students:
                self._attend(school, day, students)

    def _say_schools(self, group: Group, schools: set[str]) -> set[tuple[str, int]]:
        for school in schools:
            chains = [chain for identity, chain in group.items() if identity[1] == school]
            settings = SchoolSettings(held.given for held in map(live, chains) if held)
            self.school(school).settings = settings
        return {(school, year) for school in schools for year in self.school(school).years}

    def _say_calendar(self, identity: Identity, chain: Chain) -> tuple[str, int]:
        _, school, written, track = identity
        day = date.fromisoformat(written)
        year = school_year_of(day)
        self._calendar_years.add(year)
        held = live(chain)
        calendar = self.school(school).year(year).calendar
        calendar.put(track, day_index(day), held.given["kind"] if held else None)
        return school, year

    def _say_submission(self, identity: Identity, chain: Chain) -> tuple[str, int]:
        _, school, written = identity
        day = date.fromisoformat(written)
        year = school_year_of(day)
        held = live(chain)
        self.school(school).year(year).submit(day_index(day), held.given["state"] if held else "")
        return school, year

    def _say_enrollment(self, identity: Identity, chain: Chain) -> None:
        _, school, student, _ = identity
        self.school(school).students.add(student)
        self.student(student).enroll(identity, live(chain), self._enrollment)
        self._restayed.add(student)

    def _enrollment(self, identity: Identity) -> Stored:
        names = ("district_id", "school_id", "student_id", "entry_date")
        key = group_key(Kind.ENROLLMENT, dict(zip(names, identity, strict=True)))
        return self._held.group(Kind.ENROLLMENT, key)[identity][0]

    def _say_prior_year(self, identity: Identity, chain: Chain) -> None:
        year = from_label(identity[2])
        if year is None:
            return
        student = self.student(identity[1])
        prior = dict(student.prior or {})
        prior.pop(year, None)
        held = live(chain)
        if held:
            prior[year] = (int(held.given["enrolled_days"]), int(held.given["absent_days"]))
        student.prior = prior or None
        self._refold.add((identity[1], year + 1))

    def _moved(self) -> list[Moved]:
        """Work out again what is stale."""
        for student in self._restayed:
            for year in self._calendar_years:
                self._stale.setdefault(year, set()).add(student)
        moved: list[Moved] = []
        for year in sorted(self._stale):
            self._year_moved(year, self._stale[year], moved)
        for student, year in sorted(self._refold):
            known = self.known.get(year, {}).get(student)
            if known is not None:
                moved.append(Moved(student, known, known.now, known.now, True))
        self._stale, self._refold, self._restayed = {}, set(), set()
        return moved

    def _year_moved(self, year: int, students: Iterable[str], moved: list[Moved]) -> None:
        known_year = self.known.setdefault(year, {})
        next_year = self.known.get(year + 1, {})
        marks = self._days.of(year)
        limit = self._mhw_limit(year)
        restayed = self._restayed
        for student in sorted(students):
            known = known_year.get(student)
            if known is None or student in restayed:
                cohort = self._cohort(student, year)
                if known is None:
                    if not cohort.frame.parts:
                        continue
                    known = known_year[student] = Known(
                        cohort, StudentYear(year, EMPTY, NO_CLASSES, 0, NO_MHW)
                    )
                known.cohort = cohort
            cohort = known.cohort
            before = known.now
            frame = cohort.frame_of(marks, student) if cohort.positive else cohort.frame
            after = build(year, frame, marks, student, limit)
            known.now = after
            if after == before:
                continue
            moved.append(Moved(student, known, before, after, False))
            if student in next_year:
                self._refold.add((student, year + 1))

    def _cohort(self, student: str, year: int) -> Cohort:
        signature = self.student(student).signature(year)
        cohorts = self._cohorts.setdefault(year, {})
        held = cohorts.get(signature)
        if held is None:
            held = cohorts[signature] = Cohort(signature, self._year_of(year))
        return held
