"""What a call of ingest read: counts that its summary and `--closed-through` are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from infra.intake.events import Event, Notice, Record
from models.columns import Kind

_NAMES_SCHOOL = frozenset((Kind.ATTENDANCE, Kind.CALENDAR, Kind.SCHOOL))


@dataclass(slots=True)
class Tally:
    """Counts of one call.

    `kinds` counts valid records, `refused` the refused rows and files by reason. `schools` are (district,
    school), as attendance, calendar and school records name them.
    """

    kinds: Counter[Kind] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    districts: set[str] = field(default_factory=set)
    schools: set[tuple[str, str]] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)

    @property
    def records(self) -> int:
        """Valid records."""
        return self.kinds.total()

    @property
    def rows(self) -> int:
        """Valid records and refusals."""
        return self.kinds.total() + self.refused.total()

    def counted(self, events: Iterable[Event]) -> Iterator[Event]:
        """The same events, counted as they pass."""
        kinds, districts, schools = self.kinds, self.districts, self.schools
        for event in events:
            if type(event) is Record:
                kind, held = event
                kinds[kind] += 1
                district = held.given["district_id"]
                districts.add(district)
                if kind in _NAMES_SCHOOL:
                    schools.add((district, held.given["school_id"]))
            elif type(event) is Notice:
                self.notices.append(event)
            else:
                self.refused[event.reason] += 1  # type: ignore[union-attr]  # the third of the three
            yield event
