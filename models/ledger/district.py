"""A district's ledger: puts records in, and says which students' years have moved by it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from models.code_reading import CodeReading
from models.columns import Kind
from models.in_force import CodeMap, SchoolSettings
from models.ledger.chain import Chain, Stored, live, put
from models.ledger.cohort import Signature
from models.ledger.groups import Group, Identity, group_key
from models.ledger.held import GroupStore, Held
from models.ledger.known import Moves
from models.ledger.marking import Days
from models.ledger.school import School, SchoolYear
from models.ledger.school_day import SchoolDay
from models.ledger.student import Place, Student
from models.ledger.years import Quiet, Years, never_quiet
from models.policy import DEFAULT, Policy
from models.school_year import dates_of, day_index, from_label, school_year_of
from models.version import identity_of

_SCHOOL_AND_DATE = itemgetter("school_id", "date")


def _contract(year: int) -> Policy:
    return DEFAULT


class Ledger:
    """The live records of one district and what follows from them. Not shared between threads.

    `policy_of` gives the policy of a school year, as far as it decides what a day is; `known` holds the
    students' years. After `put`, `writes` gives what is to be stored; `stored` says that it is.
    """

    def __init__(
        self,
        district: str,
        store: GroupStore,
        policy_of: Callable[[int], Policy] = _contract,
        quiet: Quiet = never_quiet,
    ) -> None:
        self.district = district
        self.codes = CodeMap(())
        self._policy_of = policy_of
        self._readings: dict[int, CodeReading] = {}
        self.schools: dict[str, School] = {}
        self.students: dict[str, Student] = {}
        self._held = Held(district, store)
        self._days = Days()
        self._calendar_years: set[int] = set()
        self._shared: dict[Any, Any] = {}
        self._new_years: set[int] = set()
        self._restayed: set[str] = set()
        self._years = Years(self._year_of, self._signature, self._days.of, self._noted, policy_of, quiet)
        self.known = self._years.known
        self._load()

    def put(self, kind: Kind, records: Sequence[Stored]) -> Moves:
        """Put valid records of one kind in; what is not newer than what is known changes nothing."""
        if kind is Kind.ATTENDANCE:
            self._put_attendance(records)
        else:
            self._put_others(kind, records)
        return self._years.moves()

    def writes(self) -> dict[bytes, bytes]:
        """The bytes of the groups that changed, by key."""
        return self._held.writes()

    def write_codes_again(self) -> None:
        """Let the codes be among what is to be stored, though they have not changed."""
        for key in self._held.keys()[Kind.CODE]:
            self._held.changed(key, self._held.group(Kind.CODE, key))

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
            held = self.students[student] = Student(student)
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

    def school_days(self) -> Iterator[tuple[str, SchoolDay]]:
        """Every school's day of attendance with its school."""
        for _, school, day in self._held.school_days():
            yield school, day

    def live_codes(self) -> Iterator[Mapping[str, str]]:
        """The live code records as written."""
        return self.live_records(Kind.CODE)

    def live_records(self, kind: Kind) -> Iterator[Mapping[str, str]]:
        """The live records of any kind but attendance, as written."""
        for key in self._held.keys()[kind]:
            for held in map(live, self._held.group(kind, key).values()):
                if held is not None:
                    yield held.given

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
        for key in keys.pop(Kind.CODE):
            self._read_codes(self._held.group(Kind.CODE, key))
        del keys[Kind.ATTENDANCE]
        # The settings decide what is noted of a day, so they come before the calendars that make the years.
        for kind in sorted(keys, key=lambda kind: kind is not Kind.SCHOOL):
            for key in keys[kind]:
                group = self._held.group(kind, key)
                self._say(kind, group, set(group))
        for _, school, day in self._held.school_days():
            self._mark(school, day, day.students())
            self.school(school).year(day.year).evidence[day.index] = day.evidence()
        for held in self.schools.values():
            for year in held.years.values():
                held.work_out(year)
        for number in self._calendar_years:
            self._years.restayed(number, self.students)
        self._years.moves()

    def _put_attendance(self, records: Sequence[Stored]) -> None:
        for (school, written), rows in _by_day(records).items():
            key = group_key(Kind.ATTENDANCE, rows[0].given)
            day = self._held.school_day(key, date.fromisoformat(written))
            students = day.put_all(rows)
            if students:
                self._held.changed(key, day)
                self._attend(school, day, students)

    def _attend(self, school: str, day: SchoolDay, students: set[str]) -> None:
        """A school's day has changed for some students, and its evidence may have moved."""
        self._years.stale(day.year, self._mark(school, day, students))
        held = self.school(school)
        year = held.year(day.year)
        evidence = day.evidence()
        if year.evidence.get(day.index) != evidence:
            year.evidence[day.index] = evidence
            if held.work_out(year):
                self._years.school_moved(year)

    def _mark(self, school: str, day: SchoolDay, students: Collection[str]) -> list[str]:
        """Work marks out again; the students whose marks differ."""
        positive = self.school(school).year(day.year).positive >> day.index & 1 == 1
        return self._days.mark(school, day, students, self._reading(day.year), positive)

    def _noted(self, school: str, year: int, day: int) -> Iterable[str]:
        """The students of whom a code of a day at a school is noted."""
        when = dates_of(year)[day]
        given = {"district_id": self.district, "school_id": school, "date": when.isoformat()}
        return self._held.school_day(group_key(Kind.ATTENDANCE, given), when).noted(self._reading(year))

    def _signature(self, student: str, year: int) -> Signature:
        return self.student(student).signature(year)

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
            self._work_out(school, self.school(school).year(year))
        self._restay()

    def _work_out(self, school: str, year: SchoolYear) -> None:
        positive = year.positive
        self.school(school).work_out(year)
        if year.positive != positive:
            # Who was seen is only noted on positive days.
            mine = self._held.school_days(lambda name, on: name == school and school_year_of(on) == year.year)
            for _, _, day in mine:
                self._years.stale(day.year, self._mark(school, day, day.students()))
        self._years.school_moved(year)

    def _restay(self) -> None:
        """Enrollments count in each school year that has a calendar."""
        for year in self._calendar_years:
            self._years.restayed(year, self.students if year in self._new_years else self._restayed)
        self._new_years, self._restayed = set(), set()

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
                    for year in self.known:
                        self._years.refold(identity[1], year)
            case _:
                for identity in identities:
                    self._say_prior_year(identity, group[identity])
        return set()

    def _say_codes(self, group: Group, codes: set[str]) -> None:
        self._read_codes(group)
        for _, school, day in self._held.school_days():
            students = day.with_codes(codes)
            if students:
                self._attend(school, day, students)

    def _read_codes(self, group: Group) -> None:
        self.codes = CodeMap(held.given for held in map(live, group.values()) if held)
        self._readings.clear()

    def _reading(self, year: int) -> CodeReading:
        """The codes as the policy of a school year reads them."""
        held = self._readings.get(year)
        if held is None:
            held = self._readings[year] = CodeReading(self.codes, self._policy_of(year))
        return held

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
        if year not in self._calendar_years:
            self._calendar_years.add(year)
            self._new_years.add(year)
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
        _, school, name, entry = identity
        student = self.student(name)

        def record_of(place: Place) -> Stored:
            names = ("district_id", "school_id", "student_id", "entry_date")
            held = (self.district, place[0], name, place[1])
            key = group_key(Kind.ENROLLMENT, dict(zip(names, held, strict=True)))
            return self._held.group(Kind.ENROLLMENT, key)[held][0]

        student.enroll((school, entry), live(chain), record_of, self._share)
        self._restayed.add(student.name)

    def _share(self, held: Any) -> Any:
        return self._shared.setdefault(held, held)

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
        self._years.refold(identity[1], year + 1)


def _by_day(records: Sequence[Stored]) -> dict[tuple[str, str], Sequence[Stored]]:
    """Attendance by school and date; usually all of one message is of one."""
    places = list(map(_SCHOOL_AND_DATE, [held.given for held in records]))
    if len(set(places)) == 1:
        return {places[0]: records}
    by_day: dict[tuple[str, str], list[Stored]] = {}
    for place, held in zip(places, records, strict=True):
        by_day.setdefault(place, []).append(held)
    return dict(by_day)
