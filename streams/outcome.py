"""What applying records publishes: facts of the days that moved, and the changes of alerts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from alerts.engine import AlertChange
from models.bits import days, last_day
from models.day_reasons import differing, reason_of
from models.ledger.known import Moves
from models.school_year import first_day
from models.student_year import Frame, Part, StudentYear, class_of, gaps
from streams import alerts_message, facts_message
from streams.alerts_message import AlertEvent
from streams.event_log import Outgoing
from streams.facts_message import NO_REASON, UNREPORTED, Facts

# A message stays well below the brokers' limit, and a reader takes it in one go.
_FACTS_A_MESSAGE = 5_000
_EVENTS_A_MESSAGE = 500


class _Difference:
    """The days that two frames count differently, for all students who share both.

    `new` are counted days, `missed` unreported ones before the last counted day, `gone` those that were one
    of the two and are none any more.
    """

    __slots__ = ("gone", "missed", "new")

    def __init__(self, before: Frame, after: Frame) -> None:
        was: dict[tuple[str, str], int] = {}
        lacked: dict[tuple[str, str], int] = {}
        now: dict[str, int] = {}
        gaps_before, gaps_now = gaps(before), gaps(after)
        for part in before.parts:
            key = (part.school, part.grade)
            was[key] = was.get(key, 0) | part.counted
            lacked[key] = lacked.get(key, 0) | part.membership & gaps_before
        for part in after.parts:
            now[part.school] = now.get(part.school, 0) | part.counted | part.membership & gaps_now
        self.new = [(part, part.counted & ~was.get((part.school, part.grade), 0)) for part in after.parts]
        missed = (
            (part, part.membership & gaps_now & ~lacked.get((part.school, part.grade), 0))
            for part in after.parts
        )
        self.missed = [(part, days) for part, days in missed if days]
        gone = (
            (part, (part.counted | part.membership & gaps_before) & ~now.get(part.school, 0))
            for part in before.parts
        )
        self.gone = [(part, days) for part, days in gone if days]


def facts_of(district: str, moves: Moves, version: int) -> list[Facts]:
    """The facts of all days that count differently than before, by school year."""
    by_year: dict[int, Facts] = {}
    differences: dict[tuple[int, int], _Difference] = {}
    for student, _, before, after, refold in (*moves.students, *moves.retold):
        if refold:
            continue
        facts = by_year.get(after.year)
        if facts is None:
            facts = by_year[after.year] = Facts(district, after.year, version)
        key = (id(before.frame), id(after.frame))
        difference = differences.get(key)
        if difference is None:
            difference = differences[key] = _Difference(before.frame, after.frame)
        _add(facts, student, difference, before, after)
    for present in moves.present:
        facts = by_year.get(present.year)
        if facts is None:
            facts = by_year[present.year] = Facts(district, present.year, version)
        part = present.after.parts[0]
        for day in days(present.after.counted ^ present.before.counted):
            facts.add_present(part.school, part.grade, day, present.students)
        for day in days(gaps(present.after) & ~gaps(present.before)):
            facts.add_unreported(part.school, part.grade, day, present.students)
    return [facts for _, facts in sorted(by_year.items()) if len(facts)]


def _add(
    facts: Facts, student: str, difference: _Difference, before: StudentYear, after: StudentYear
) -> None:
    """One student's facts: what is new, or of another class or code, and a 0 for each day that does not count
    now.
    """
    changed_too = 0
    if before.classes != after.classes:
        for old, new in zip(before.classes, after.classes, strict=True):
            changed_too |= old ^ new
    if before.reasons is not after.reasons:
        changed_too |= differing(before.reasons, after.reasons)
    for part, counted in difference.new:
        changed = counted | (changed_too & part.counted)
        # The usual case: one new day.
        if changed and not changed & (changed - 1):
            day = changed.bit_length() - 1
            # One that was not counted before and is nothing else now is a day in attendance at school.
            if (changed_too | before.counted) & changed:
                _add_one(facts, student, part, after, day)
            else:
                facts.add(part.school, student, part.grade, day, "", 1)
            continue
        for day in days(changed):
            _add_one(facts, student, part, after, day)
    for part, missed in difference.missed:
        for day in days(missed):
            facts.add(part.school, student, part.grade, day, UNREPORTED, 0)
    for part, gone in difference.gone:
        for day in days(gone):
            facts.add(part.school, student, part.grade, day, "", 0)


def _add_one(facts: Facts, student: str, part: Part, after: StudentYear, day: int) -> None:
    reason = reason_of(after.reasons, day) if after.reasons else NO_REASON
    facts.add(part.school, student, part.grade, day, class_of(after, day), 1, reason)


def facts_messages(facts: Facts) -> Iterator[Outgoing]:
    """Messages of at most some thousand facts each."""
    if len(facts) <= _FACTS_A_MESSAGE:
        yield facts_message.pack(facts)
        return
    for start in range(0, len(facts), _FACTS_A_MESSAGE):
        yield facts_message.pack(facts.part(start, start + _FACTS_A_MESSAGE))


def events_of(district: str, changes: Iterable[AlertChange], version: int) -> list[AlertEvent]:
    """The events of the changes, in their order."""
    return [
        alerts_message.event(
            district,
            student,
            change,
            policy_version,
            _data_through(now),
            version,
            gaps(now.frame).bit_count(),
        )
        for student, now, change, policy_version in changes
    ]


def _data_through(year: StudentYear) -> str:
    last = last_day(year.counted)
    return (first_day(year.year) + timedelta(days=last)).isoformat() if last >= 0 else ""


def events_messages(events: list[AlertEvent]) -> Iterator[Outgoing]:
    """Messages of at most some hundred events each."""
    for start in range(0, len(events), _EVENTS_A_MESSAGE):
        yield alerts_message.pack(events[start : start + _EVENTS_A_MESSAGE])
