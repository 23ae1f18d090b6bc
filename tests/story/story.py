"""A small language for timelines: what a school writes, day by day, and what is published because of it.

    story = Story("tier_2").school("A").student("mia")
    story.absent("mia", on=day(3)).absent("mia", on=day(9))
    story.at(day(20)).evening()
    story.expect(opened("tier_2", n=20, a=2))

`at` begins a morning: every school has submitted all days before it. `evening` submits that day too. What is
written carries the date of the clock, and a later line is a later version.
"""

from __future__ import annotations

from datetime import date, timedelta

from alerts.engine import AlertChange
from alerts.fold import Alert
from models.columns import Kind
from models.ledger.chain import Stored
from models.policy import DEFAULT, Policy
from models.validate import fault_of
from tests.property.driver import Driver
from tests.story.expected import Expected

FIRST = date(2021, 8, 30)
CODES = {"E": "excused", "U": "unexcused", "M": "mhw", "D": "disciplinary", "N": "unknown"}


def day(number: int) -> str:
    """The number-th weekday from Monday 2021-08-30, counted from 1: day(5) is a Friday, day(20) 09-24."""
    weeks, rest = divmod(number - 1, 5)
    return (FIRST + timedelta(days=7 * weeks + rest)).isoformat()


class Story:
    """One district, D. `rules`: those that the story listens to; the others may do what they like."""

    def __init__(
        self, *rules: str, policy: Policy = DEFAULT, first: str = day(1), last: str = day(120)
    ) -> None:
        self._rules = rules
        self._driver = Driver("D", lambda district, year: policy)
        self._first, self._last = date.fromisoformat(first), date.fromisoformat(last)
        self._clock = self._first - timedelta(days=20)
        self._submitted_to: dict[str, date] = {}
        self._silent: set[str] = set()
        self._schools: dict[str, str] = {}
        self._lines = 0
        self._heard: list[AlertChange] = []
        for code, class_ in CODES.items():
            self.write("code", code=code, status="absent", class_=class_)
        self.write("code", code="P", status="in_attendance")

    def write(self, kind: str, /, **cells: str) -> Story:
        """Any record of district D, written now; `class_` for class, `kind_` for kind, blanks not given."""
        self._lines += 1
        at = f"{self._clock}T08:00:00.{self._lines:06}Z"
        given = {"district_id": "D", "recorded_at": at}
        given |= {name.rstrip("_"): cell for name, cell in cells.items() if cell}
        assert fault_of(Kind(kind), given) is None, given
        applied = self._driver.take(Kind(kind), [Stored(given, "story.csv", self._lines)])
        self._heard += applied.changes
        return self

    def school(self, school: str, *, mode: str = "", submission: str = "", silent: bool = False) -> Story:
        """A school with school on all weekdays; a silent one submits nothing by itself."""
        if mode or submission:
            self.write("school", school_id=school, attendance_mode=mode, submission=submission)
        if silent:
            self._silent.add(school)
        self._submitted_to[school] = self._first - timedelta(days=1)
        on = self._first
        while on <= self._last:
            if on.weekday() < 5:
                self.write("calendar", school_id=school, date=on.isoformat(), kind_="instructional")
            on += timedelta(days=1)
        return self

    def student(
        self, student: str, grade: str = "5", school: str = "A", entry: str = "", **more: str
    ) -> Story:
        """A student enrolled from the first day on, or from `entry`; exit_date= and track= as in records."""
        self._schools[student] = school
        entry = entry or self._first.isoformat()
        return self.write(
            "enrollment", school_id=school, student_id=student, grade=grade, entry_date=entry, **more
        )

    def transfer(self, student: str, to: str, on: str, grade: str = "5") -> Story:
        """The student is at another school from a day on."""
        return self.student(student, grade, to, on)

    def at(self, on: str) -> Story:
        """The morning of a day: all days before it are submitted."""
        self._clock = date.fromisoformat(on)
        return self._submit_to(self._clock - timedelta(days=1))

    def evening(self) -> Story:
        """The schools submit the day."""
        return self._submit_to(self._clock)

    def _submit_to(self, last: date) -> Story:
        for school, done in self._submitted_to.items():
            while done < min(last, self._last):
                done += timedelta(days=1)
                if school not in self._silent and done.weekday() < 5:
                    self.submit(done.isoformat(), school)
            self._submitted_to[school] = done
        return self

    def submit(self, on: str, school: str = "A", state: str = "submitted") -> Story:
        """A school submits a day, or reopens it."""
        return self.write("submission", school_id=school, date=on, state=state)

    def absent(self, student: str, code: str = "E", *on: str, **more: str) -> Story:
        """Absent today, or on those days. The same line again is a correction."""
        for each in on or (self._clock.isoformat(),):
            self.write(
                "attendance", **{"school_id": self._schools[student], **more}, student_id=student, date=each,
                code=code,
            )  # fmt: skip
        return self

    correct = absent

    def delete(self, student: str, *on: str, **more: str) -> Story:
        """There is no such record of attendance."""
        return self.absent(student, "", *on, op="delete", **more)

    def snow_day(self, on: str, school: str = "A") -> Story:
        """The school had no school on a day."""
        return self.write("calendar", school_id=school, date=on, kind_="weather")

    def expect(self, *expected: Expected) -> Story:
        """These changes were published since the last time, no more and no fewer, in any order."""
        heard = [each for each in self._heard if each.change.published.alert.rule in self._rules]
        self._heard = []
        left = list(heard)
        for want in expected:
            found = next((each for each in left if want.fits(each)), None)
            assert found is not None, f"{want} was not published; heard: {_words(heard)}"
            left.remove(found)
        assert not left, f"not expected: {_words(left)}"
        self._driver.assert_published_is_the_definition()
        return self

    def expect_nothing(self) -> Story:
        """Nothing was published since the last time."""
        return self.expect()

    def restart(self) -> Story:
        """The worker stops and starts."""
        self._driver.restart()
        return self

    def alerts(self, student: str, rule: str) -> list[Alert]:
        """The current alerts of a rule, by opening date."""
        held = self._driver.published(student).values()
        return sorted((each for each in held if each.rule == rule), key=lambda each: each.opened_on)

    def standing(self, student: str, as_of: str, *names: str, school: str = "") -> list[str]:
        """Some columns of a student's row in `export standings`, of the district or of a school."""
        for row in self._driver.standings(date.fromisoformat(as_of)):
            scoped = (
                (row["scope"], row["school_id"]) == ("school", school)
                if school
                else row["scope"] == "district"
            )
            if row["student_id"] == student and scoped:
                return [row[name] for name in names]
        return []

    def meetings(self, as_of: str) -> list[tuple[str, str, str]]:
        """Rule, due date and state of `export truancy`, in its order."""
        rows = self._driver.meetings(date.fromisoformat(as_of))
        return [(row["rule"], row["meeting_due_on"], row["meeting_state"]) for row in rows]

    def windows(self, as_of: str) -> list[tuple[str, str, str]]:
        """Absence, last day and state of the windows of `export documentation`, by absence."""
        rows = self._driver.windows(date.fromisoformat(as_of))
        return sorted((row["absent_on"], row["window_closes_on"], row["window_state"]) for row in rows)

    def set_aside(self) -> int:
        """How many records wait for a meaning of their code."""
        return len(self._driver.set_aside())


def _words(heard: list[AlertChange]) -> list[str]:
    return [f"{each.change.what} {each.student} {each.change.published.alert}" for each in heard]
