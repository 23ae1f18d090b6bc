"""Records to what holds: the live record of each identity, settings and meanings in force, what is set aside.

Choices where the contract leaves one:

* A delete ends the search for an older version with a meaning: it says that there was no record.
* Of a chain of unmapped versions only the latest is listed as set aside: the older ones are superseded.
* A record set aside that came more than once is listed at the first of its places (by file, then line).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

from tests.reference.checking import Record
from tests.reference.columns import KINDS, SCHOOL_DAYS
from tests.reference.reading import Refusal


class Live:
    """All records, and the questions that the rest asks of them."""

    def __init__(self, records: list[Record]) -> None:
        self._versions: dict[str, dict[tuple[str, ...], list[Record]]] = {kind: {} for kind in KINDS}
        for record in sorted(records, key=lambda each: (each.version, each.file, each.line)):
            self._versions[record.kind].setdefault(record.identity, []).append(record)
        self.latest = {
            kind: {identity: versions[-1] for identity, versions in table.items()}
            for kind, table in self._versions.items()
        }
        self.live = {
            kind: {identity: record for identity, record in table.items() if not record.deletes}
            for kind, table in self.latest.items()
            if kind != "attendance"
        }
        # (district, school or code) -> its live records in the order of effective_from, blank first
        self._dated: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
        for kind in ("school", "code"):
            for identity, record in sorted(self.live[kind].items()):
                self._dated[kind, identity[0], identity[1]].append(record)
        self.set_aside: list[Refusal] = []
        self.live["attendance"] = self._live_attendance()
        self._calendar: dict[tuple[str, str, date], dict[str, str]] = defaultdict(dict)
        for (district, school, _, track), record in self._calendar_records():
            self._calendar[district, school, _day(record, "date")][track] = record.cell("kind")

    def _calendar_records(self) -> list[tuple[tuple[str, str, str, str], Record]]:
        """Give the live calendar records by (district, school, date, track), in the table's order."""
        found = []
        for record in self.live["calendar"].values():
            key = (record.cell("district_id"), record.cell("school_id"), record.cell("date"))
            found.append(((*key, record.cell("track")), record))
        return found

    def _live_attendance(self) -> dict[tuple[str, ...], Record]:
        """Give the latest version with a meaning of each identity, unless a delete comes before it."""
        live = {}
        for identity, versions in self._versions["attendance"].items():
            latest = versions[-1]
            for record in reversed(versions):
                if record.deletes:
                    break
                if self.meaning(record) is not None:
                    live[identity] = record
                    break
            if not latest.deletes and self.meaning(latest) is None:
                same = [record for record in versions if record.version == latest.version]
                place = min((record.file, record.line) for record in same)
                self.set_aside.append(Refusal(*place, "attendance", "unmapped_code", "code"))
        return live

    def meaning(self, record: Record) -> tuple[str, str] | None:
        """Give status and class of an attendance record's code on its date; None where it has no meaning."""
        found = None
        day = _day(record, "date")
        for code in self._dated["code", record.cell("district_id"), record.cell("code")]:
            starts = code.date("effective_from")
            if starts is None or starts <= day:
                found = code
        return (found.cell("status"), found.cell("class")) if found else None

    def settings(self, district: str, school: str, day: date) -> tuple[str, str]:
        """Give attendance_mode and submission of a school in force on a date."""
        mode, submission = "negative", "by_record"
        for record in self._dated["school", district, school]:
            starts = record.date("effective_from")
            if starts is None or starts <= day:
                mode = record.cell("attendance_mode") or mode
                submission = record.cell("submission") or submission
        return mode, submission

    def is_school_day(self, district: str, school: str, track: str, day: date) -> bool:
        """Say whether a date is a school day in a track, or in the blank one where the track says nothing."""
        tracks = self._calendar.get((district, school, day), {})
        return tracks.get(track, tracks.get("", "")) in SCHOOL_DAYS

    def is_school_day_in_any_track(self, district: str, school: str, day: date) -> bool:
        """Say whether a date is a school day of some track of the school."""
        return any(kind in SCHOOL_DAYS for kind in self._calendar.get((district, school, day), {}).values())

    def calendar_dates(self, district: str) -> list[date]:
        """Give every date that some calendar of a district speaks of, in order."""
        return sorted({day for each, _, day in self._calendar if each == district})


def fraction_of(record: Record, status: str) -> Fraction:
    """Give how much of the day a record makes the student absent: 0 to 1."""
    if status != "absent":
        return Fraction(0)
    return Fraction(record.cell("absent_fraction") or "1")


def _day(record: Record, name: str) -> date:
    day = record.date(name)
    assert day is not None
    return day
