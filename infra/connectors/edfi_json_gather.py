"""The first look at what an Ed-Fi API gave: the XML's, with times and calendars (connector edfi_json)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from infra.connectors.edfi_gather import Date, Gathered, Made, Place, events_of, year_of
from infra.connectors.edfi_json_shapes import STAMP, TRACK
from infra.connectors.edfi_records import calendar, school_of
from infra.connectors.edfi_words import as_id, calendar_kind
from infra.files.xml_nodes import Node
from infra.intake.events import Record
from models.columns import Kind
from models.instant import Instant, instant_of, read_time
from models.ledger.chain import Stored


class Dated(NamedTuple):
    """A time as it is written, and its instant."""

    text: str
    instant: Instant


@dataclass(slots=True)
class ApiGathered(Gathered):
    """What is known after the first reading.

    `calendars` is by school, school year and calendar code: by date its events. `latest` is the latest
    `_lastModifiedDate` of all that was read.
    """

    calendars: dict[tuple[str, int, str], dict[str, Date]] = field(default_factory=dict)
    stamps: dict[tuple[str, str, str], Dated] = field(default_factory=dict)
    latest: Dated | None = None
    has_stays: bool = False

    def student(self, node: Node) -> Made:
        return self._stamped(node, Gathered.student(self, node))

    def association(self, node: Node) -> Made:
        kind, given = self._stamped(node, Gathered.association(self, node))
        if node.value(TRACK):
            given["track"] = as_id(node.value(TRACK))
        return kind, given

    def attendance(self, node: Node) -> Made:
        return self._stamped(node, Gathered.attendance(self, node))

    def date(self, node: Node) -> Made:
        return self._stamped(node, Gathered.date(self, node))

    def _stamped(self, node: Node, made: Made) -> Made:
        """The record, recorded when the API says that it was last modified."""
        stamp = node.value(STAMP)
        if stamp:
            made[1]["recorded_at"] = stamp
        return made

    def see_time(self, node: Node) -> None:
        """The time of an element that is valid."""
        stamp = node.value(STAMP)
        read = read_time(stamp)
        if read is None:
            self.counts["no_time"] += not stamp
        elif self.latest is None or read.instant > self.latest.instant:
            self.latest = Dated(stamp, read.instant)

    def see_date(self, node: Node, place: Place) -> None:
        Gathered.see_date(self, node, place)
        school, day, code = school_of(node), node.value("Date"), as_id(node.value(TRACK))
        dates = self.calendars.setdefault((school, year_of(day), code), {})
        dates.setdefault(day, Date(place)).events.update(events_of(node))
        stamp, key = node.value(STAMP), (school, code, day)
        if stamp and (key not in self.stamps or self.stamps[key].instant < instant_of(stamp)):
            self.stamps[key] = Dated(stamp, instant_of(stamp))

    def track_of(self, school: str, year: int, code: str) -> str:
        """The track of a calendar: blank where it is the only one of its school and school year."""
        return "" if self.codes_of(school, year) <= {code} else code

    def codes_of(self, school: str, year: int) -> set[str]:
        """The codes of a school's calendars of a school year."""
        return {code for other, at, code in self.calendars if (other, at) == (school, year)}

    def calendar_records(self) -> Iterator[Record]:
        """A record a school, calendar and date."""
        for (school, year, code), dates in self.calendars.items():
            track = self.track_of(school, year, code)
            for day, date in dates.items():
                given = calendar(school, day, calendar_kind(date.events), self.district(school))
                stamp = self.stamps.get((school, code, day))
                if stamp is not None:
                    given["recorded_at"] = stamp.text
                if track:
                    given["track"] = track
                yield Record(Kind.CALENDAR, Stored(given, *date.place))

    def leave_to_earlier_calls(self) -> int:
        """Take no student as enrolled by its events where associations are given; how many those are."""
        if not self.has_stays:
            return 0
        missing = [student for student in self.visits if student not in self.enrolled]
        for student in missing:
            self.enrolled[student] = self.visits[student][0][1]
        return len(missing)
