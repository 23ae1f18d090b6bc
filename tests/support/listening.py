"""What a reader of the topics knows: the published facts and changes of alerts, folded as they come."""

from __future__ import annotations

from typing import NamedTuple

from streams import alerts_message, facts_message
from streams.alerts_message import AlertEvent
from streams.processor import Plan

# What may follow on what, and how the alert then is. An alert may be found when it has recovered already.
_LEGAL = {
    ("", "opened"): ("standing", "recovered"),
    ("withdrawn", "opened"): ("standing", "recovered"),
    ("standing", "amended"): ("standing",),
    ("recovered", "amended"): ("recovered",),
    ("standing", "recovered"): ("recovered",),
    ("recovered", "reopened"): ("standing",),
    ("standing", "withdrawn"): ("withdrawn",),
    ("recovered", "withdrawn"): ("withdrawn",),
}

# An alert's identity never changes while it lives, and is all that its id says.
_IDENTITY = ("alert_id", "district_id", "scope", "school_id", "student_id", "school_year", "rule")


class Fact(NamedTuple):
    """What is counted of a day: the grade, and the class of an absence."""

    grade: str
    class_: str


class Listener:
    """Reads all that plans publish. Raises AssertionError for a change that no alert may make."""

    def __init__(self) -> None:
        self.alerts: dict[str, AlertEvent] = {}
        self._events: dict[str, AlertEvent] = {}
        self._facts: dict[tuple[str, str, int, int], tuple[int, Fact | None]] = {}

    def hear(self, plan: Plan) -> list[AlertEvent]:
        """What the plan publishes is published; the events that are new."""
        for message in plan.facts:
            self._hear_facts(facts_message.unpack(message.value or b""))
        new = []
        for message in plan.alerts:
            for event in alerts_message.unpack(message.value or b""):
                if self._hear_event(event):
                    new.append(event)
        return new

    def current(self) -> dict[str, AlertEvent]:
        """The alerts that stand or have recovered, by id."""
        return {key: event for key, event in self.alerts.items() if event.condition != "withdrawn"}

    def counted(self) -> dict[tuple[str, str, int, int], Fact]:
        """The counted days by school, student, school year and day of the year."""
        return {place: fact for place, (_, fact) in self._facts.items() if fact is not None}

    def _hear_facts(self, facts: facts_message.Facts) -> None:
        rows = zip(
            facts.schools, facts.students, facts.grades, facts.days, facts.classes, facts.counted, strict=True
        )
        for school, student, grade, day, class_, counted in rows:
            place = (school, student, facts.year, day)
            if self._facts.get(place, (-1, None))[0] <= facts.version:
                self._facts[place] = (facts.version, Fact(grade, class_) if counted else None)

    def _hear_event(self, event: AlertEvent) -> bool:
        known = self._events.get(event.event_id)
        if known is not None:  # a repetition after a crash, told in the same words
            assert known == event, (known, event)
            return False
        before = self.alerts.get(event.alert_id)
        came_from = before.condition if before else ""
        assert event.condition in _LEGAL.get((came_from, event.change), ()), (came_from, event)
        assert event.sequence == (before.sequence + 1 if before else 0)
        assert bool(event.recovered_on) == (event.condition == "recovered") or event.change == "withdrawn"
        if before is not None:
            assert all(getattr(before, name) == getattr(event, name) for name in _IDENTITY)
            told = event._replace(version=before.version, data_through=before.data_through)
            assert (
                event.change != "amended"
                or told._replace(event_id=before.event_id, sequence=before.sequence, change=before.change)
                != before
            ), "an amendment that changes nothing"
        self._events[event.event_id] = self.alerts[event.alert_id] = event
        return True
