"""The attendance records of one school on one day: a group of the state, and what each student's say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from models.columns import Kind
from models.day_records import LiveRecord, day_mark
from models.in_force import CodeMap
from models.ledger.chain import Chain, Stored, live_attendance, put, set_aside
from models.ledger.groups import encode, rows_of
from models.reporting import evidence_day
from models.school_year import day_index, first_day, school_year_of
from models.student_year import CLASS_INDEX

# What a day says of a student: whether there is a live record, the index of its class (-1: in attendance),
# and whether an mhw record is documented.
Mark = tuple[bool, int, bool]
NOTHING: Mark = (False, -1, False)

# What besides its code changes what a record says.
_SAY_MORE = frozenset(("absent_fraction", "permission", "op"))


class SchoolDay:
    """All versions that are kept of a school's records of a day, by student and record_id."""

    __slots__ = ("_fresh", "_meanings", "_several", "chains", "day", "index", "year")

    def __init__(self, day: date, value: bytes | None) -> None:
        self.day = day
        self.year = school_year_of(day)
        self.index = day_index(day)
        self.chains: dict[tuple[str, str], Chain] = {}
        self._fresh: Sequence[Stored] | None = None
        self._several: dict[str, list[tuple[str, str]]] = {}
        self._meanings: tuple[CodeMap, dict[tuple[str, str, str], Mark]] | None = None
        if value is not None:
            for held in rows_of(value):
                self.put(held)

    def put(self, held: Stored) -> bool:
        """Put a record in; whether it changes anything."""
        given = held.given
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
        if not self.chains:
            # The usual day: the first records of it, one a student.
            students = {held.given["student_id"] for held in records}
            names = frozenset().union(*{tuple(held.given) for held in records})
            if len(students) == len(records) and "record_id" not in names:
                self.chains = {(held.given["student_id"], ""): (held,) for held in records}
                self._fresh = records if _SAY_MORE.isdisjoint(names) else None
                return students
        return {held.given["student_id"] for held in records if self.put(held)}

    def encode(self) -> bytes:
        """The bytes that the state keeps."""
        return encode(self.chains)  # type: ignore[arg-type]  # keys are not looked at

    def students(self) -> set[str]:
        """Every student that some record names."""
        return {student for student, _ in self.chains}

    def evidence(self) -> int:
        """The latest day of the year that the newest version of some record reports; -1: none."""
        latest = ""
        written_on = self.day.isoformat()
        for chain in self.chains.values():
            written = chain[0].given["recorded_at"][:10]
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
        self, students: Collection[str], codes: CodeMap, all_of_fresh: bool = True
    ) -> Iterator[tuple[str, Mark]]:
        """What the live records say of some students on this day.

        Where these are the first records of the day, `all_of_fresh` False leaves out who was in attendance.
        """
        fresh, self._fresh = self._fresh, None
        if fresh is not None and len(fresh) == len(students):
            yield from self._of_codes(fresh, codes, all_of_fresh)
            return
        known = self._said(codes)
        chains, several = self.chains, self._several
        for student in students:
            chain = chains.get((student, ""))
            if chain is not None and len(chain) == 1 and student not in several:
                given = chain[0].given
                if "op" not in given:
                    said = given["code"], given.get("absent_fraction", ""), given.get("permission", "")
                    mark = known.get(said)
                    if mark is not None:
                        yield student, mark
                        continue
            yield student, self._mark(student, codes)

    def _of_codes(
        self, records: Sequence[Stored], codes: CodeMap, attended_too: bool
    ) -> list[tuple[str, Mark]]:
        """The marks of records that say nothing but their code, one a student."""
        of_code = {held.given["code"]: held for held in records}
        marks = {code: self._of_one((held,), codes) for code, held in of_code.items()}
        if not attended_too:
            marks = {code: mark for code, mark in marks.items() if mark[1] >= 0}
        givens = [held.given for held in records]
        return [(given["student_id"], marks[given["code"]]) for given in givens if given["code"] in marks]

    def absentees(self, codes: CodeMap) -> list[str]:
        """The students whose live records say that they were absent."""
        return [student for student, mark in self.marks(self.students(), codes) if mark[1] >= 0]

    def _said(self, codes: CodeMap) -> dict[tuple[str, str, str], Mark]:
        """The marks of single records, by what they say; anew where the codes have changed."""
        if self._meanings is None or self._meanings[0] is not codes:
            self._meanings = (codes, {})
        return self._meanings[1]

    def _mark(self, student: str, codes: CodeMap) -> Mark:
        if student not in self._several:
            chain = self.chains.get((student, ""))
            return NOTHING if chain is None else self._of_one(chain, codes)
        places = [(student, ""), *self._several[student]]
        day = self.day.toordinal()
        found = [live_attendance(self.chains[place], codes, day) for place in places if place in self.chains]
        live = [held for held in found if held is not None]
        said = day_mark(_record(held, codes, day) for held in live)
        return bool(live), CLASS_INDEX.get(said.class_, -1), said.documented

    def _of_one(self, chain: Chain, codes: CodeMap) -> Mark:
        known = self._said(codes)
        day = self.day.toordinal()
        held: Stored | None = chain[0]
        if len(chain) > 1 or chain[0].deleted:
            held = live_attendance(chain, codes, day)
            if held is None:
                return NOTHING
        given = chain[0].given if held is None else held.given
        said = (given["code"], given.get("absent_fraction", ""), given.get("permission", ""))
        mark = known.get(said)
        if mark is None:
            mark = NOTHING
            live = live_attendance(chain, codes, day)
            if live is not None:
                judged = day_mark([_record(live, codes, day)])
                mark = (True, CLASS_INDEX.get(judged.class_, -1), judged.documented)
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


def _record(held: Stored, codes: CodeMap, day: int) -> LiveRecord:
    meaning = codes.meaning(held.given["code"], day)
    return LiveRecord(
        meaning.class_ if meaning else "",
        held.given.get("absent_fraction", ""),
        held.given.get("permission") == "documented",
    )
