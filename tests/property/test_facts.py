"""The facts that were published, the last of each day, say what every student's days are now."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from models.bits import days
from models.ledger.groups import facts_form_key
from models.student_year import class_of, gaps
from streams import facts_message
from streams.event_log import Message
from streams.facts_message import NO_REASON, UNREPORTED
from tests.property.driver import StreamedDriver, Told, messages
from tests.property.histories import BASE, histories
from tests.property.test_mornings import base as mornings_base
from tests.property.test_mornings import steps
from tests.property.test_mornings import told as morning
from tests.support.slow_reasons import reasons

Place = tuple[int, str, str, int]
"""The year, the school, the student and the day."""


class Fact(NamedTuple):
    """What was said of a day."""

    grade: str
    class_: str
    counted: int
    code: str
    remote: bool


class Reader(StreamedDriver):
    """Keeps the last fact of each day."""

    def __init__(self) -> None:
        self.said: dict[Place, Fact] = {}
        super().__init__("D")

    def _take(self, message: Message) -> list[object]:
        plan = self.processor.process(message)
        self.store.update(plan.writes)
        self.processor.done(plan)
        places = set()
        for each in plan.facts:
            facts = facts_message.unpack(each.value or b"")
            columns = (facts.schools, facts.students, facts.days, facts.grades, facts.classes, facts.counted)
            codes = {row: code for code, rows in facts.codes.items() for row in rows}
            remote = set(facts.remote)
            for row, (school, student, day, grade, class_, counted) in enumerate(zip(*columns, strict=True)):
                place = (facts.year, school, student, day)
                assert place not in places
                places.add(place)
                self.said[place] = Fact(grade, class_, counted, codes.pop(row, ""), row in remote)
            assert not codes
        return []

    def holding(self) -> dict[Place, Fact]:
        """What was said, without the days that are nothing any more."""
        return {place: fact for place, fact in self.said.items() if fact[1:] != ("", 0, "", False)}

    def expected(self) -> dict[Place, Fact]:
        """The same from the students' years, and the codes from the records."""
        found: dict[Place, Fact] = {}
        said = reasons(self.engine.ledger)
        for year, students in self.engine.ledger.known.items():
            for student, known in students.items():
                now = known.now
                for part in now.parts:
                    for day in days(part.counted):
                        place = (year, part.school, student, day)
                        found[place] = Fact(part.grade, class_of(now, day), 1, *said.get(place, NO_REASON))
                    for day in days(part.membership & gaps(now.frame)):
                        found[year, part.school, student, day] = Fact(part.grade, UNREPORTED, 0, *NO_REASON)
        return found

    def update(self) -> None:
        """Begin again as after an update from a worker whose facts had no codes."""
        self.said = {place: fact._replace(code="", remote=False) for place, fact in self.said.items()}
        self.store.pop(facts_form_key("D"), None)
        self.restart()


def follow(told: list[Told]) -> None:
    reader = Reader()
    for kind, records in messages(told, 1):
        reader.feed(kind, records)
    assert reader.holding() == reader.expected()


@settings(max_examples=60, deadline=None)
@given(histories())
def test_the_facts_of_any_history_are_the_days_as_they_are(told: list[Told]) -> None:
    follow([*BASE, *told])


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, min_size=5, max_size=40))
def test_the_facts_of_mornings_in_any_order_are_the_days_as_they_are(
    happened: list[tuple[str, str, int]],
) -> None:
    follow([*mornings_base(), *(morning(step, number) for number, step in enumerate(happened))])


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(0, 99))
def test_codes_are_told_after_an_update_of_all_days_that_have_one(told: list[Told], place: int) -> None:
    reader = Reader()
    sent = list(messages([*BASE, *told], 1))
    updated = place * (len(sent) - 1) // 99
    for number, (kind, records) in enumerate(sent):
        if number == updated:
            reader.update()
        reader.feed(kind, records)
    assert reader.holding() == reader.expected()
    reader.restart()
    reader.said = {}
    reader.feed(*sent[0])  # which is known
    assert reader.said == {}
