"""A district's ledger: puts records into their groups and says what they touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from models.columns import Kind
from models.ledger.chain import Chain, Stored, put, set_aside
from models.ledger.derived import Derived
from models.ledger.groups import KIND, Group, decode, encode, group_key, split_key
from models.school_year import day_index, school_year_of
from models.student_year import StudentYear, build
from models.version import identity_of

ALL_DAYS = (1 << 366) - 1
_CACHED_GROUPS = 512


class GroupStore(Protocol):
    """Where the groups' bytes are kept: a Faust table, or a dict."""

    def get(self, key: bytes) -> bytes | None:
        """The value of a key."""

    def keys_of(self, district: str) -> Iterable[bytes]:
        """All keys of a district."""


@dataclass(slots=True)
class Touched:
    """What a message changed: days to say again by student and school year, and students to fold again."""

    days: dict[tuple[str, int], int] = field(default_factory=dict)
    folds: set[tuple[str, int]] = field(default_factory=set)

    def add(self, student: str, year: int, days: int) -> None:
        """Some days of a student's year may have changed, and so may its alerts."""
        key = (student, year)
        self.days[key] = self.days.get(key, 0) | days
        self.folds.add(key)


class Ledger:
    """The live records of one district and what follows from them. Not shared between threads."""

    def __init__(self, district: str, store: GroupStore) -> None:
        self.district = district
        self.facts = Derived()
        self.writes: dict[bytes, bytes] = {}
        self._store = store
        self._groups: dict[bytes, Group] = {}
        self._load()

    def _load(self) -> None:
        """Work everything out from the groups: codes first, since attendance is read with them."""
        by_kind: dict[Kind, list[bytes]] = {kind: [] for kind in Kind}
        for key in sorted(self._store.keys_of(self.district)):
            letter = split_key(key)[1]
            if letter in KIND:
                by_kind[KIND[letter]].append(key)
        for kind in (Kind.CODE, Kind.SCHOOL, *(k for k in Kind if k not in (Kind.CODE, Kind.SCHOOL))):
            for key in by_kind[kind]:
                group = self.group(kind, key)
                if kind is Kind.ATTENDANCE:
                    self._attendance(key, group, None)
                else:
                    self._put(kind, group, group)

    def group(self, kind: Kind, key: bytes) -> Group:
        """A group's records, decoded once for as long as it stays among the recent ones."""
        held = self._groups.pop(key, None)
        if held is None:
            value = self.writes.get(key) or self._store.get(key)
            held = decode(kind, value) if value else {}
            while len(self._groups) >= _CACHED_GROUPS:
                del self._groups[next(iter(self._groups))]
        self._groups[key] = held
        return held

    def groups(self, kind: Kind) -> Iterator[tuple[bytes, Group]]:
        """Every group of a kind, in the order of their keys."""
        keys = {*self._store.keys_of(self.district), *self.writes}
        for key in sorted(keys):
            district, letter, _ = split_key(key)
            if district == self.district and KIND.get(letter) is kind:
                yield key, self.group(kind, key)

    def settle(self) -> None:
        """The writes have been stored."""
        self.writes = {}

    def put(self, kind: Kind, records: Sequence[Stored]) -> Touched:
        """Put valid records of one kind in; what is not newer than what is known changes nothing."""
        changed: dict[bytes, set[tuple[str, ...]]] = {}
        touched = Touched()
        for held in records:
            key = group_key(kind, held.given)
            group = self.group(kind, key)
            identity = identity_of(kind, held.given)
            before = group.get(identity, ())
            after = put(kind, before, held)
            if after is not before:
                group[identity] = after
                changed.setdefault(key, set()).add(identity)
        if not changed:
            return touched
        self._before(kind, changed, touched)
        for key, identities in changed.items():
            group = self.group(kind, key)
            self.writes[key] = encode(group)
            if kind is Kind.ATTENDANCE:
                self._attendance(key, group, (identities, touched))
            else:
                self._put(kind, group, identities)
        if kind is Kind.CODE:
            self._again(touched)
        self._before(kind, changed, touched)
        return touched

    def _put(self, kind: Kind, group: Group, identities: Iterable[tuple[str, ...]]) -> None:
        if kind is Kind.CODE:
            self.facts.put_codes(list(group.values()))
        elif kind is Kind.SCHOOL:
            self.facts.put_schools(list(group.values()))
        else:
            for identity in identities:
                self.facts.put(kind, identity, group[identity])

    def _before(self, kind: Kind, changed: dict[bytes, set[tuple[str, ...]]], touched: Touched) -> None:
        """What the changed identities touch by themselves; asked before and after, since both count."""
        for identities in changed.values():
            for identity in identities:
                self._touch(kind, identity, touched)

    def _touch(self, kind: Kind, identity: tuple[str, ...], touched: Touched) -> None:
        match kind:
            case Kind.ENROLLMENT | Kind.STUDENT | Kind.PRIOR_YEAR:
                student = identity[2] if kind is Kind.ENROLLMENT else identity[1]
                for year in self.years(student):
                    if kind is Kind.ENROLLMENT:
                        touched.add(student, year, ALL_DAYS)
                    else:
                        touched.folds.add((student, year))
            case Kind.CALENDAR:
                day = date.fromisoformat(identity[3])
                self._school(identity[1], school_year_of(day), ALL_DAYS, touched)
            case Kind.SUBMISSION:
                day = date.fromisoformat(identity[2])
                self._school(identity[1], school_year_of(day), 1 << day_index(day), touched)
            case Kind.SCHOOL:
                for year in self._years_known():
                    self._school(identity[1], year, ALL_DAYS, touched)
            case _:
                pass

    def _school(self, school: str, year: int, days: int, touched: Touched) -> None:
        for student in self.facts.school(school).students:
            touched.add(student, year, days)

    def _attendance(
        self, key: bytes, group: Group, change: tuple[set[tuple[str, ...]], Touched] | None
    ) -> None:
        """One school's day: its marks and its evidence; where evidence moved, the whole school is touched."""
        _, _, (school, written) = split_key(key)
        day = date.fromisoformat(written)
        year, bit = school_year_of(day), 1 << day_index(day)
        chains: dict[str, list[Chain]] = {}
        for identity, chain in group.items():
            chains.setdefault(identity[2], []).append(chain)
        if change is None:
            self.facts.put_attendance(school, day, chains, set(chains))
            return
        identities, touched = change
        students = {identity[2] for identity in identities}
        before = self.facts.school(school).year(year).reported
        self.facts.put_attendance(school, day, chains, students)
        moved = before ^ self.facts.school(school).year(year).reported
        if moved:
            self._school(school, year, moved, touched)
        for student in students:
            touched.add(student, year, bit)

    def _again(self, touched: Touched) -> None:
        """A code's meaning changed: work out every day of attendance again."""
        for key, group in self.groups(Kind.ATTENDANCE):
            identities = set(group)
            self._attendance(key, group, (identities, touched))

    def _years_known(self) -> set[int]:
        return {year for school in self.facts.schools.values() for year in school.calendars}

    def years(self, student: str) -> list[int]:
        """The school years in which a calendar may give the student membership days."""
        stays = self.facts.student(student).stays
        return [year for year in sorted(self._years_known()) if any(stay.bits(year) for stay in stays)]

    def student_year(self, student: str, year: int, mhw_limit: int = 2) -> StudentYear:
        """The student's year as it is now known."""
        known = self.facts.student(student)
        return build(
            year, known.stays, lambda s: self.facts.school(s).year(year), known.marks.get(year, {}), mhw_limit
        )

    def unmapped(self) -> Iterator[Stored]:
        """The attendance records that are set aside because their code has no meaning."""
        for _, group in self.groups(Kind.ATTENDANCE):
            for chain in group.values():
                day = date.fromisoformat(chain[0].given["date"]).toordinal()
                held = set_aside(chain, self.facts.codes, day)
                if held is not None:
                    yield held
