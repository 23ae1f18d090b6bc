"""What a dry run says: what would be published, and what is odd in it. Counts, and no student's id."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from infra.intake.events import Event, Notice, Record
from models.columns import COLUMNS, Form, Kind
from models.instant import Instant, instant_of
from models.ledger.district import Ledger
from models.ledger.groups import group_key
from models.school_year import day_index, school_year_of
from models.version import identity_of, text_of
from streams.refused import Refused

_DATES = {kind: column.name for kind in Kind for column in COLUMNS[kind] if column.form is Form.SCHOOL_DATE}

SchoolDay = tuple[str, str, str]
"""District, school and date."""


@dataclass(slots=True)
class Span:
    """The first and the last date of a kind's records, as written."""

    first: str
    last: str


@dataclass(slots=True)
class Refusals:
    """Refusals of one sort: how many, and the line and message of the first."""

    line: int
    message: str
    count: int = 0


@dataclass(slots=True)
class Duplicates:
    """Records that come again in a call, each counted once.

    `same_text`: it stands there already, and coming again changes nothing. `same_identity`: a record of the
    same thing stands there and says something else, and only one of them holds. `same_time`: of those, the
    ones that were written at the same instant, so that which of them holds is chance.
    """

    same_text: int = 0
    same_identity: int = 0
    same_time: int = 0


@dataclass(slots=True)
class Known:
    """Codes, calendars and enrollments of which the log holds a version: the same one, or another one.

    `newer` ones would take its place, `older` ones change nothing, and of those of the `same_time` chance
    decides, which is how a correction is lost that forgot its time.
    """

    same_text: int = 0
    newer: int = 0
    older: int = 0
    same_time: int = 0


@dataclass(slots=True)
class Survey:
    """One call. After its events were seen, `compare` holds them against what is known after the call."""

    students: set[tuple[str, str]] = field(default_factory=set)
    spans: dict[Kind, Span] = field(default_factory=dict)
    refusals: dict[tuple[str, str, str, str], Refusals] = field(default_factory=dict)
    duplicates: Duplicates = field(default_factory=Duplicates)
    known: Known = field(default_factory=Known)
    outside: Counter[SchoolDay] = field(default_factory=Counter)
    without_calendar: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    not_enrolled: set[tuple[str, str]] = field(default_factory=set)
    _attended: Counter[SchoolDay] = field(default_factory=Counter)
    _attending: set[tuple[str, str]] = field(default_factory=set)
    _seen: dict[bytes, list[tuple[bytes, Instant]]] = field(default_factory=dict)

    def watched(self, events: Iterable[Event]) -> Iterator[Event]:
        """The same events, seen as they pass."""
        for event in events:
            if isinstance(event, Record):
                self._record(event)
            elif not isinstance(event, Notice):
                self._refused(event)
            yield event

    def against(self, records: Iterable[Record], ledger_of: Callable[[str], Ledger]) -> None:
        """Hold records against what the ledgers know from the log alone."""
        # In this order each group of the state is read once.
        ordered = sorted(records, key=lambda each: group_key(each.kind, each.held.given))
        for kind, held in ordered:
            newest = ledger_of(held.given["district_id"]).newest(kind, held.given)
            if newest is None:
                continue
            mine, theirs = instant_of(held.given["recorded_at"]), instant_of(newest.given["recorded_at"])
            if mine != theirs:
                self.known.newer += mine > theirs
                self.known.older += mine < theirs
            elif text_of(held.given) == text_of(newest.given):
                self.known.same_text += 1
            else:
                self.known.same_time += 1

    def compare(self, ledger_of: Callable[[str], Ledger]) -> None:
        """Find the attendance that lies outside of calendars and enrollments.

        The ledgers know calendars and enrollments, those of the log and those of this call.
        """
        school_days: dict[tuple[str, str, int], int] = {}
        for (district, school, written), count in self._attended.items():
            day = date.fromisoformat(written)
            place = (district, school, school_year_of(day))
            held = school_days.get(place)
            if held is None:
                held = school_days[place] = ledger_of(district).school_dates(school, place[2])
            if not held:
                self.without_calendar[place] += count
            elif not held >> day_index(day) & 1:
                self.outside[district, school, written] += count
        for district, student in self._attending:
            known = ledger_of(district).students.get(student)
            if known is None or not known.enrolled:
                self.not_enrolled.add((district, student))

    def _record(self, record: Record) -> None:
        kind, held = record
        given = held.given
        student = given.get("student_id")
        if student is not None:
            self.students.add((given["district_id"], student))
        name = _DATES.get(kind)
        if name is not None:
            self._span(kind, given[name])
        if kind is Kind.ATTENDANCE and not held.deleted:
            self._attended[given["district_id"], given["school_id"], given["date"]] += 1
            self._attending.add((given["district_id"], given["student_id"]))
        self._again(record)

    def _span(self, kind: Kind, day: str) -> None:
        span = self.spans.get(kind)
        if span is None:
            self.spans[kind] = Span(day, day)
        elif day < span.first:
            span.first = day
        elif day > span.last:
            span.last = day

    def _again(self, record: Record) -> None:
        """Digests are kept in place of the records, since a call may hold millions."""
        kind, held = record
        identity = _digest("\n".join((kind, *identity_of(kind, held.given))))
        version = (_digest(text_of(held.given)), instant_of(held.given["recorded_at"]))
        before = self._seen.setdefault(identity, [])
        if version in before:
            self.duplicates.same_text += 1
            return
        if before:
            self.duplicates.same_identity += 1
            self.duplicates.same_time += any(version[1] == instant for _, instant in before)
        before.append(version)

    def _refused(self, refused: Refused) -> None:
        sort = (refused.file, refused.kind, refused.reason, refused.field)
        self.refusals.setdefault(sort, Refusals(refused.line, refused.message)).count += 1


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
