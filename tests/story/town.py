"""A town whose records come as they do in life, and nothing may hang on how they came.

    town = Town(seed)
    town.student("mia")
    town.until(day(30))
    town.tell("calendar", {"school_id": "A", "date": day(12), "kind": "weather"})
    town.settle()

What is told is streamed at once, as bytes. Some of it is cut into two messages, comes again, comes late, or
is taken by a worker that dies of it. `settle` compares (tests.story.settling). The seed decides who misses
what, and every accident on the way.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from models.columns import Kind
from models.ledger.chain import Stored
from models.validate import fault_of
from tests.property.driver import Rows, Told
from tests.property.heard import HeardDriver
from tests.story.settling import settled
from tests.story.story import CODES, day

Cells = dict[str, str]

SCHOOLS = {"A": {}, "B": {"submission": "explicit"}}
"""What each school's record says; both have school on all weekdays."""


class Town:
    """District D. `places` gives where each student's attendance is taken, whatever the enrollments say."""

    def __init__(self, seed: int, first: str = day(1), last: str = day(60)) -> None:
        self.rng = Random(seed)
        self.first, self.last = date.fromisoformat(first), date.fromisoformat(last)
        self.today = self.first - timedelta(days=20)
        self.told: list[Told] = []
        self.places: dict[str, str] = {}
        self._habits: dict[str, tuple[float, str]] = {}
        self._positive_from: dict[str, date] = {}
        self._late: list[tuple[Kind, list[Stored]]] = []
        self.worker = HeardDriver("D")
        codes = [{"code": code, "status": "absent", "class": class_} for code, class_ in CODES.items()]
        self.tell("code", *codes, {"code": "P", "status": "in_attendance"})
        for school, cells in SCHOOLS.items():
            self.tell("school", {"school_id": school, **cells})
        self.calendar(first, last)

    def calendar(self, first: str, last: str) -> None:
        """School on all weekdays."""
        days = [(date.fromisoformat(first) + timedelta(days=n)) for n in range(400)]
        dates = [each.isoformat() for each in days if each.weekday() < 5 and each.isoformat() <= last]
        self.last = max(self.last, date.fromisoformat(last))
        for school in SCHOOLS:
            self.tell(
                "calendar", *({"school_id": school, "date": on, "kind": "instructional"} for on in dates)
            )

    def positive(self, school: str, since: str) -> None:
        """From a day on the school writes down everybody, present or not."""
        self._positive_from[school] = date.fromisoformat(since)

    def student(self, student: str, school: str = "A", codes: str = "EEUDN", **more: str) -> None:
        """A student enrolled in grade 5 from the first day, but for what `more` says; some miss much."""
        self._habits[student] = (self.rng.choice((0.03, 0.1, 0.3)), codes)
        self.enroll(student, school, **more)
        self.places[student] = school

    def enroll(self, student: str, school: str, **more: str) -> None:
        """A record of enrollment."""
        cells = {"school_id": school, "student_id": student, "grade": "5", "entry_date": str(self.first)}
        self.tell("enrollment", {**cells, **more})

    def rename(self, student: str, new: str) -> None:
        """From now on a student's attendance is written under another id."""
        self.places[new] = self.places.pop(student)
        self._habits[new] = self._habits.pop(student)

    def mark(self, student: str, code: str, *on: str, **more: str) -> None:
        """A record of attendance for each of some days."""
        cells = {"school_id": self.places[student], "student_id": student, "code": code, **more}
        self.tell("attendance", *({**cells, "date": each} for each in on))

    def until(self, on: str) -> None:
        """The days up to one go by: schools write down who is absent, and submit."""
        while self.today < date.fromisoformat(on):
            self.today += timedelta(days=1)
            if self.first <= self.today <= self.last and self.today.weekday() < 5:
                for school in SCHOOLS:
                    self._morning(school)

    def _morning(self, school: str) -> None:
        rows = []
        on = str(self.today)
        positive = self.today >= self._positive_from.get(school, date.max)
        for student in [student for student, place in self.places.items() if place == school]:
            rate, codes = self._habits[student]
            code = self.rng.choice(codes) if self.rng.random() < rate else "P"
            if positive or code != "P":
                rows.append({"school_id": school, "student_id": student, "date": on, "code": code})
        self.tell("attendance", *rows)
        self.tell("submission", {"school_id": school, "date": on, "state": "submitted"})

    def tell(self, kind: str, *rows: Cells) -> None:
        """Records written today; a later line is a later version."""
        records = []
        for row in rows:
            line = len(self.told) + 1
            given = {"district_id": "D", "recorded_at": f"{self.today}T14:00:00.{line:06}Z"}
            given |= {name: cell for name, cell in row.items() if cell}
            assert fault_of(Kind(kind), given) is None, given
            records.append(Stored(given, "town.csv", line))
            self.told.append((Kind(kind), records[-1]))
        cut = self.rng.randrange(len(records) + 1) if self.rng.random() < 0.2 else 0
        for piece in (records[:cut], records[cut:]):
            if piece and self.rng.random() < 0.05:
                self._late.append((Kind(kind), piece))
            elif piece:
                self._send(Kind(kind), piece)
        self._accident()

    def _accident(self) -> None:
        what = self.rng.random()
        if what < 0.05:
            kind, held = self.rng.choice(self.told)  # again, or ahead of what is late
            self._send(kind, [held])
        elif what < 0.06:
            self.worker.restart()
        elif what < 0.2 and self._late:
            self._send(*self._late.pop(self.rng.randrange(len(self._late))))

    def _send(self, kind: Kind, records: list[Stored]) -> None:
        chance = self.rng.random
        if chance() < 0.02:
            self.worker.send_and_die(kind, records, chance() < 0.7, chance())
        else:
            self.worker.send(kind, records)

    def settle(self) -> Rows:
        """Everything has come: the current alerts. Raises AssertionError where the ways to them differ."""
        while self._late:
            self._send(*self._late.pop())
        some = self.first + timedelta(days=self.rng.randrange((self.last - self.first).days))
        return settled(self.rng, self.worker, self.told, (some, self.today, self.last))
