"""A ledger through any life: put, corrected, deleted, put again, mapped, restarted from what is stored.

Whatever it went through, it knows what a ledger knows that was given the same records at once, and the days
are those of the independent reading of the contract.
"""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.district import Ledger
from models.school_year import day_index
from models.student_year import StudentYear, class_of
from tests.property.driver import MemoryStore, Told
from tests.property.histories import BASE, DAYS, MEANINGS, record, school_day
from tests.reference.reference import evaluate
from tests.reference.writing import files_of

days = st.integers(0, DAYS - 1).map(school_day).map(date.isoformat)
schools, students = st.sampled_from("AAB"), st.sampled_from(("s1", "s1", "s2", "ghost"))
codes = st.sampled_from("EUUMMDNPXY")


class LedgerStates(RuleBasedStateMachine):
    """One district. Each rule is a message of one record, written later than all before it, or earlier."""

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore()
        self.ledger = Ledger("D", self.store)
        self.told: list[Told] = []
        for kind, held in BASE:
            self.take(kind, held)

    def take(self, kind: Kind, held: Stored) -> None:
        """Put a record in, and store it."""
        self.told.append((kind, held))
        self.ledger.put(kind, [held])
        self.store.update(self.ledger.writes())
        self.ledger.stored()

    def write(self, kind: Kind, early: bool = False, /, **cells: str) -> None:
        """A record with a later time than any before; `early`: one that is older than the base."""
        line = len(self.told)
        at = f"2021-{'07' if early else '11'}-01T08:00:00.{line:06}Z"
        self.take(*record(kind, line, **cells, recorded_at=at))

    @rule(
        school=schools, student=students, on=days, code=codes, part=st.sampled_from(("", "", "am")),
        share=st.sampled_from(("", "", "0.5", ".51")), paper=st.sampled_from(("", "documented")),
        early=st.booleans(),
    )  # fmt: skip
    def attends(
        self, school: str, student: str, on: str, code: str, part: str, share: str, paper: str, early: bool
    ) -> None:
        self.write(
            Kind.ATTENDANCE, early, school_id=school, student_id=student, date=on, code=code, record_id=part,
            absent_fraction=share, permission=paper,
        )  # fmt: skip

    @precondition(lambda self: len(self.told) > len(BASE))
    @rule(
        which=st.integers(0, 10**6),
        how=st.sampled_from(("again", "delete", "put back", "other code")),
        code=codes,
    )
    def says_so_again(self, which: int, how: str, code: str) -> None:
        """A record comes once more: as it was, to be deleted, or as a new version."""
        kind, held = self.told[len(BASE) + which % (len(self.told) - len(BASE))]
        cells = {
            name: cell
            for name, cell in held.given.items()
            if name not in ("op", "recorded_at", "district_id")
        }
        if how == "again":
            self.take(kind, held)
        elif how == "delete":
            self.write(kind, **cells, op="delete")
        elif how == "other code" and kind is Kind.ATTENDANCE:
            self.write(kind, **(cells | {"code": code}))
        else:
            self.write(kind, **cells)

    @rule(code=codes, class_=st.sampled_from((*MEANINGS.values(), "", "delete")), since=st.just("") | days)
    def means(self, code: str, class_: str, since: str) -> None:
        """A code is mapped, mapped otherwise or not mapped any more."""
        op = "delete" if class_ == "delete" else ""
        status = "absent" if class_ else "in_attendance"
        self.write(
            Kind.CODE,
            code=code,
            status=status,
            class_=class_ if not op else "mhw",
            effective_from=since,
            op=op,
        )

    @rule(
        school=schools, on=days, kind=st.sampled_from(("weather", "instructional", "make_up", "delete")),
        track=st.sampled_from(("", "", "T")),
    )  # fmt: skip
    def has_school(self, school: str, on: str, kind: str, track: str) -> None:
        op = "delete" if kind == "delete" else ""
        self.write(
            Kind.CALENDAR, school_id=school, date=on, kind_="weather" if op else kind, track=track, op=op
        )

    @rule(school=schools, on=days, state=st.sampled_from(("submitted", "reopened", "delete")))
    def submits(self, school: str, on: str, state: str) -> None:
        op = "delete" if state == "delete" else ""
        self.write(Kind.SUBMISSION, school_id=school, date=on, state="submitted" if op else state, op=op)

    @rule(
        school=schools, mode=st.sampled_from(("", "negative", "positive")),
        submission=st.sampled_from(("", "by_record", "explicit")), since=st.just("") | days,
    )  # fmt: skip
    def works(self, school: str, mode: str, submission: str, since: str) -> None:
        self.write(
            Kind.SCHOOL, school_id=school, attendance_mode=mode, submission=submission, effective_from=since
        )

    @rule(
        student=students, school=schools, grade=st.sampled_from(("5", "PK")), entry=days,
        leaving=st.just("") | days, track=st.sampled_from(("", "T")),
    )  # fmt: skip
    def enrolls(self, student: str, school: str, grade: str, entry: str, leaving: str, track: str) -> None:
        self.write(
            Kind.ENROLLMENT, school_id=school, student_id=student, grade=grade, entry_date=entry,
            exit_date=leaving, track=track,
        )  # fmt: skip

    @rule()
    def restarts(self) -> None:
        self.ledger = Ledger("D", self.store)

    @rule(share=st.floats(0, 1))
    def dies(self, share: float) -> None:
        """The last message comes again, as if only a share of what it wrote had been stored."""
        kind, held = self.told[-1]
        self.ledger.put(kind, [held])
        writes = list(self.ledger.writes().items())
        self.store.update(writes[: int(share * (len(writes) + 1))])
        self.ledger = Ledger("D", self.store)
        self.take(kind, held)

    @invariant()
    def it_knows_what_is_stored(self) -> None:
        assert seen(Ledger("D", self.store)) == seen(self.ledger)

    def teardown(self) -> None:
        """The records in another order and at once, and by the independent reading."""
        store = MemoryStore()
        other = Ledger("D", store)
        for kind in reversed(Kind):
            other.put(kind, [held for each, held in reversed(self.told) if each is kind])
        assert seen(other) == seen(self.ledger)
        rows = [(kind.value, dict(held.given)) for kind, held in self.told]
        expected = evaluate(files_of(Random(len(rows)), rows))
        assert len(list(self.ledger.set_aside())) == len(expected.set_aside)
        for student in ("s1", "s2", "ghost"):
            known = self.ledger.known[2021].get(student)
            wanted = [
                (day_index(each.day), each.school_id, each.grade, each.reported, each.absence)
                for each in expected.days("D", student)
            ]
            assert (days_of(known.now) if known else []) == wanted


def seen(ledger: Ledger) -> object:
    """All that others ask of a ledger; papers only of MHW days."""
    years = {
        (year, student): (
            days_of(held.now),
            held.now.mhw,
            [held.now.documented >> day & 1 for day in held.now.mhw],
        )
        for year, students in ledger.known.items()
        for student, held in students.items()
        if held.now.membership
    }
    return years, sorted(held.given.items() for held in ledger.set_aside())


def days_of(year: StudentYear) -> list[tuple[int, str, str, bool, str]]:
    """The membership days: school, grade, whether counted, and the class of an absence."""
    found = []
    for day in range(366):
        if year.membership >> day & 1:
            part = year.owner(day)
            found.append((day, part.school, part.grade, bool(part.counted >> day & 1), class_of(year, day)))
    return found


class TestLedgerStates(LedgerStates.TestCase):  # type: ignore[misc,name-defined]  # made by hypothesis
    settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
