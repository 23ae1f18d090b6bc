"""An alert's life: opened, amended, recovered, reopened, withdrawn, and nothing else in between.

The listener raises for a change that is not legal, an id that comes to mean something else, or an amendment
that changes nothing. What it has heard is at each moment what the records give.
"""

from __future__ import annotations

from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alerts.changes import Published
from models.columns import Kind
from models.policy import DEFAULT, Policy
from streams.alerts_message import AlertEvent
from tests.property.driver import Told
from tests.property.heard import HeardDriver
from tests.property.histories import BASE, DAYS, MEANINGS, policies, record, school_day

days = st.integers(0, DAYS - 1).map(school_day).map(date.isoformat)
students = st.sampled_from(("s1", "s1", "s2"))


class AlertLife(RuleBasedStateMachine):
    """Two students of whom every word is taken back now and then. Policies have small numbers."""

    @initialize(
        policy=policies() | st.just(DEFAULT),
        absent=st.lists(st.sampled_from("UEMP"), min_size=DAYS, max_size=DAYS),
    )
    def begins(self, policy: Policy, absent: list[str]) -> None:
        self.driver = HeardDriver("D", lambda district, year: policy)
        self.told: list[Told] = []
        self.say(*BASE)
        for number, code in enumerate(absent):
            on = school_day(number).isoformat()
            self.write(Kind.ATTENDANCE, school_id="A", student_id="s1", date=on, code=code)

    def say(self, *told: Told) -> list[AlertEvent]:
        """Messages of a record each; the events that are new."""
        self.told += told
        return [event for kind, held in told for event in self.driver.send(kind, [held])]

    def write(self, kind: Kind, /, **cells: str) -> list[AlertEvent]:
        """A record later than all before it."""
        line = len(self.told)
        return self.say(record(kind, line, **cells, recorded_at=f"2021-11-01T08:00:00.{line:06}Z"))

    @rule(
        student=students,
        on=st.lists(days, min_size=1, max_size=4),
        code=st.sampled_from("UUEEPPMDN"),
        op=st.sampled_from(("", "", "delete")),
    )
    def attends(self, student: str, on: list[str], code: str, op: str) -> None:
        for each in on:
            self.write(Kind.ATTENDANCE, school_id="A", student_id=student, date=each, code=code, op=op)

    @rule(student=students, on=days, code=st.sampled_from("UEMP"))
    def takes_back_at_once(self, student: str, on: str, code: str) -> None:
        """A record and its deletion, where there was none: all is as before, under the same ids."""
        place = {"school_id": "A", "student_id": student, "date": on, "record_id": f"once{len(self.told)}"}
        before = self.current()
        self.write(Kind.ATTENDANCE, **place, code=code)
        self.write(Kind.ATTENDANCE, **place, op="delete")
        assert self.current() == before

    @rule(on=days, kind=st.sampled_from(("weather", "instructional")))
    def has_school(self, on: str, kind: str) -> None:
        self.write(Kind.CALENDAR, school_id="A", date=on, kind_=kind)

    @rule(on=days, state=st.sampled_from(("submitted", "reopened")))
    def submits(self, on: str, state: str) -> None:
        self.write(Kind.SUBMISSION, school_id="A", date=on, state=state)

    @rule(code=st.sampled_from("UEM"), class_=st.sampled_from(tuple(MEANINGS.values())))
    def means(self, code: str, class_: str) -> None:
        self.write(Kind.CODE, code=code, status="absent", class_=class_)

    @rule(student=students, school=st.sampled_from("AB"), entry=days, op=st.sampled_from(("", "delete")))
    def moves(self, student: str, school: str, entry: str, op: str) -> None:
        self.write(Kind.ENROLLMENT, school_id=school, student_id=student, grade="5", entry_date=entry, op=op)

    @rule(absent=st.integers(0, 20), op=st.sampled_from(("", "delete")))
    def brings_last_year(self, absent: int, op: str) -> None:
        self.write(
            Kind.PRIOR_YEAR, student_id="s1", school_year="2020-21", enrolled_days="20",
            absent_days=str(absent), op=op,
        )  # fmt: skip

    @rule(on=days, code=st.sampled_from("UEP"), published=st.booleans(), stored=st.floats(0, 1))
    def dies(self, on: str, code: str, published: bool, stored: float) -> None:
        line = len(self.told)
        told = record(
            Kind.ATTENDANCE, line, school_id="A", student_id="s1", date=on, code=code,
            recorded_at=f"2021-11-01T08:00:00.{line:06}Z",
        )  # fmt: skip
        self.told.append(told)
        self.driver.send_and_die(told[0], [told[1]], published, stored)

    @rule(part=st.integers(1, 40))
    def replays(self, part: int) -> None:
        """What was told last, or all of it, comes once more: nothing new is published."""
        facts = dict(self.driver.listener.counted())
        for kind, held in self.told[-part:]:
            assert self.driver.send(kind, [held]) == []
        assert self.driver.listener.counted() == facts

    @rule()
    def restarts(self) -> None:
        self.driver.restart()

    @invariant()
    def what_was_heard_is_what_the_records_give(self) -> None:
        if not hasattr(self, "driver"):
            return
        self.driver.assert_published_is_the_definition()
        published: dict[str, Published] = {}
        for _, alerts in self.driver.engine.published():
            published |= alerts
        heard = self.driver.listener.alerts
        assert heard.keys() == published.keys()
        for key, event in heard.items():
            known = published[key]
            assert (event.condition, event.sequence) == (known.condition, known.amendments)
            assert tuple(event.dates) == known.alert.dates

    def current(self) -> dict[str, tuple[str, str, int, int]]:
        """What stands or has recovered, by id, without the count of its changes."""
        current = self.driver.listener.current().items()
        return {
            key: (event.opened_on, event.recovered_on, event.enrolled_days, event.absent_days)
            for key, event in current
        }


class TestAlertLife(AlertLife.TestCase):  # type: ignore[misc,name-defined]  # made by hypothesis
    settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
