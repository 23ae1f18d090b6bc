"""A district's ledger from a few records, for hand-worked tests."""

from __future__ import annotations

from datetime import date, timedelta

from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.district import Ledger
from tests.property.driver import MemoryStore

AT = "2021-08-01T00:00:00Z"


class Town:
    """District D; every record is a later version than the one before it."""

    def __init__(self) -> None:
        self.ledger = Ledger("D", MemoryStore())
        self._number = 0

    def put(self, kind: Kind, **cells: str) -> Town:
        """Take a record; blanks are not given; `class_` and `kind_` stand for class and kind."""
        self._number += 1
        given = {"district_id": "D", "recorded_at": f"2021-08-01T00:00:00.{self._number:06}Z"}
        given |= {name.rstrip("_"): cell for name, cell in cells.items() if cell}
        self.ledger.put(kind, [Stored(given, "f", self._number)])
        return self

    def code(self, code: str, class_: str = "", label: str = "") -> Town:
        """A code; without a class the student is in attendance."""
        status = "absent" if class_ else "in_attendance"
        return self.put(Kind.CODE, code=code, status=status, class_=class_, label=label)

    def calendar(self, school: str, first: str, days: int, kind: str = "instructional") -> Town:
        """The weekdays from a date on."""
        day = date.fromisoformat(first)
        while days:
            if day.weekday() < 5:
                self.put(Kind.CALENDAR, school_id=school, date=day.isoformat(), kind_=kind)
                days -= 1
            day += timedelta(days=1)
        return self

    def enroll(self, school: str, student: str, entry: str = "2021-09-01", leaves: str = "") -> Town:
        """In grade 5."""
        return self.put(
            Kind.ENROLLMENT,
            school_id=school,
            student_id=student,
            grade="5",
            entry_date=entry,
            exit_date=leaves,
        )

    def mark(self, school: str, student: str, on: str, code: str) -> Town:
        """A record of a day."""
        return self.put(Kind.ATTENDANCE, school_id=school, student_id=student, date=on, code=code)

    def close(self, school: str, *dates: str) -> Town:
        """The school has submitted these days."""
        for on in dates:
            self.put(Kind.SUBMISSION, school_id=school, date=on, state="submitted")
        return self
