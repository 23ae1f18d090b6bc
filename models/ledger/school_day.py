"""The attendance records of one school on one day: a group of the state, and what each student's say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from models.code_reading import CodeReading
from models.columns import Kind
from models.day_records import NOT_EXEMPT, DayMark, day_mark
from models.in_force import CodeMap
from models.ledger.chain import Chain, Stored, live_attendance, put, set_aside
from models.ledger.groups import encode_rows, rows_of
from models.reporting import evidence_day
from models.school_year import day_index, first_day, school_year_of
from models.student_year import CLASS_INDEX

# What a day says of a student: whether there is a live record, the index of its class (-1: in attendance),
# whether an mhw record is documented, which exempt reason it has, and the code that decided the day, if it is
# noted (models.day_reasons), with whether that is remote.
Mark = tuple[bool, int, bool, int, str, bool]
NOTHING: Mark = (False, -1, False, NOT_EXEMPT, "", False)

# What besides its code changes what an upsert says.
_SAY_MORE = frozenset(("absent_fraction", "permission"))


class SchoolDay:
    """All versions that are kept of a school's records of a day, by student and record_id.

    Its first records, one a student, are kept as they came until another one joins them.
    """

    __slots__ = (
        "_chains",
        "_fresh",
        "_meanings",
        "_noted",
        "_say_more",
        "_several",
        "day",
        "index",
        "year",
    )

    def __init__(self, day: date, value: bytes | None) -> None:
        self.day = day
        self.year = school_year_of(day)
        self.index = day_index(day)
        self._chains: dict[tuple[str, str], Chain] = {}
        self._fresh: Sequence[Stored] | None = None
        self._say_more = False
        self._noted: tuple[CodeReading, list[str]] | None = None
        self._several: dict[str, list[tuple[str, str]]] = {}
        self._meanings: tuple[CodeReading, dict[tuple[str, str, str], Mark]] | None = None
        if value is not None:
            for held in rows_of(value):
                self.put(held)

    def __len__(self) -> int:
        return len(self._chains) if self._fresh is None else len(self._fresh)

    @property
    def chains(self) -> dict[tuple[str, str], Chain]:
        """The versions by student and record_id."""
        if self._fresh is not None:
            self._chains = {(held.given["student_id"], ""): (held,) for held in self._fresh}
            self._fresh = None
        return self._chains

    def put(self, held: Stored) -> bool:
        """Put a record in; whether it changes anything."""
        given = held.given
        self._noted = None
        record_id = given.get("record_id", "")
        place = (given["student_id"], record_id)
        before = self.chains.get(place)
        if before is None:
            self.chains[place] = (held,)
            if record_id:
                self._several.setdefault(place[0], []).append(place)
            return True
        after = put(Kind.ATTENDANCE, before, held)
        self.chains[place] = after
        return after is not before

    def put_all(self, records: Sequence[Stored]) -> set[str]:
        """Put records in; the students of whom any changes anything."""
        if not len(self):
            # The usual day: the first records of it, one a student.
            students = {held.given["student_id"] for held in records}
            names = frozenset().union(*{tuple(held.given) for held in records})
            if len(students) == len(records) and names.isdisjoint(("record_id", "op")):
                self._fresh = records
                self._noted = None
                self._say_more = not _SAY_MORE.isdisjoint(names)
                return students
        return {held.given["student_id"] for held in records if self.put(held)}

    def encode(self) -> bytes:
        """The bytes that the state keeps."""
        if self._fresh is not None:
            return encode_rows(self._fresh)
        return encode_rows([held for chain in self._chains.values() for held in chain])

    def students(self) -> set[str]:
        """Every student that some record names."""
        if self._fresh is not None:
            return {held.given["student_id"] for held in self._fresh}
        return {student for student, _ in self._chains}

    def evidence(self) -> int:
        """The latest day of the year that the newest version of some record reports; -1: none."""
        latest = ""
        written_on = self.day.isoformat()
        newest = self._fresh or [chain[0] for chain in self._chains.values()]
        for held in newest:
            written = held.given["recorded_at"][:10]
            if written >= written_on:
                return self.index
            latest = max(latest, written)
        if not latest:
            return -1
        found = evidence_day(
            self.day.toordinal(), date.fromisoformat(latest).toordinal(), first_day(self.year).toordinal()
        )
        return -1 if found is None else found

    def marks(
        self, students: Collection[str], codes: CodeReading, all_of_fresh: bool = True
    ) -> Iterator[tuple[str, Mark]]:
        """What the live records say of some students on this day.

        Where these are the first records of the day, `all_of_fresh` False leaves out whose code is not noted.
        """
        if self._fresh is not None and len(self._fresh) == len(students):
            yield from self._of_fresh(self._fresh, codes, all_of_fresh)
            return
        known = self._said(codes)
        chains, several = self.chains, self._several
        for student in students:
            chain = chains.get((student, ""))
            if chain is not None and len(chain) == 1 and student not in several:
                given = chain[0].given
                if "op" not in given:
                    mark = known.get(_what_it_says(given))
                    if mark is not None:
                        yield student, mark
                        continue
            yield student, self._mark(student, codes)

    def _of_fresh(
        self, records: Sequence[Stored], codes: CodeReading, attended_too: bool
    ) -> list[tuple[str, Mark]]:
        """The marks of upserts, one a student; alike where they say the same."""
        if self._say_more:
            said = [_what_it_says(held.given) for held in records]
        else:
            said = [(held.given["code"], "", "") for held in records]
        of_said = dict(zip(said, records, strict=True))
        marks = {what: self._of_one((held,), codes) for what, held in of_said.items()}
        noted = {what: mark for what, mark in marks.items() if mark[4]}
        shown = marks if attended_too else noted
        found = [
            (held.given["student_id"], shown[what])
            for held, what in zip(records, said, strict=True)
            if what in shown
        ]
        self._noted = (codes, [student for student, mark in found if mark[4]])
        return found

    def noted(self, codes: CodeReading) -> list[str]:
        """The students of whom a code is noted: who were absent, or in attendance from elsewhere."""
        if self._noted is None or self._noted[0] is not codes:
            found = [student for student, mark in self.marks(self.students(), codes) if mark[4]]
            self._noted = (codes, found)
        return self._noted[1]

    def _said(self, codes: CodeReading) -> dict[tuple[str, str, str], Mark]:
        """The marks of single records, by what they say; anew where the codes have changed."""
        if self._meanings is None or self._meanings[0] is not codes:
            self._meanings = (codes, {})
        return self._meanings[1]

    def _mark(self, student: str, codes: CodeReading) -> Mark:
        if student not in self._several:
            chain = self.chains.get((student, ""))
            return NOTHING if chain is None else self._of_one(chain, codes)
        places = [(student, ""), *self._several[student]]
        day = self.day.toordinal()
        chains = [self.chains[place] for place in places if place in self.chains]
        found = [live_attendance(chain, codes.meanings, day) for chain in chains]
        live = [held for held in found if held is not None]
        said = day_mark(codes.record(held.given, day) for held in live)
        return _as_mark(bool(live), said)

    def _of_one(self, chain: Chain, codes: CodeReading) -> Mark:
        known = self._said(codes)
        day = self.day.toordinal()
        held: Stored | None = chain[0]
        if len(chain) > 1 or chain[0].deleted:
            held = live_attendance(chain, codes.meanings, day)
            if held is None:
                return NOTHING
        given = chain[0].given if held is None else held.given
        said = _what_it_says(given)
        mark = known.get(said)
        if mark is None:
            mark = NOTHING
            live = live_attendance(chain, codes.meanings, day)
            if live is not None:
                mark = _as_mark(True, day_mark([codes.record(live.given, day)]))
            known[said] = mark
        return mark

    def with_codes(self, codes: set[str]) -> set[str]:
        """The students of whom some version carries one of these codes."""
        return {
            student
            for (student, _), chain in self.chains.items()
            if any(held.given.get("code") in codes for held in chain)
        }

    def set_aside(self, codes: CodeMap) -> Iterator[Stored]:
        """The records that would be live but for their unmapped code."""
        day = self.day.toordinal()
        for chain in self.chains.values():
            held = set_aside(chain, codes, day)
            if held is not None:
                yield held


def _as_mark(live: bool, said: DayMark) -> Mark:
    return live, CLASS_INDEX.get(said.class_, -1), said.documented, said.exempt, said.code, said.remote


def _what_it_says(given: Mapping[str, str]) -> tuple[str, str, str]:
    """All of a record that its mark follows from."""
    return given["code"], given.get("absent_fraction", ""), given.get("permission", "")
