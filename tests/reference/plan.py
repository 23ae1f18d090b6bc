"""What a random district history is written into: records with a time, an event_id, and corrections."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.reference.writing import Cells

OFFSETS = ("-05:00", "-04:00", "Z", "+00:00", "+13:00", "-11:30")


@dataclass
class Plan:
    """What a generator adds to: rows by kind, and the dates that the story has."""

    rng: Random
    district: str
    dates: list[date]
    rows: list[tuple[str, Cells]] = field(default_factory=list)

    def add(self, kind: str, written: date, /, **cells: str) -> Cells:
        """Add a record of the district, recorded on a written date; now and then with an event_id."""
        given = {name.rstrip("_"): cell for name, cell in cells.items() if cell}
        given["district_id"] = self.district
        given["recorded_at"] = moment(self.rng, written)
        if self.rng.random() < 0.15:
            given["event_id"] = f"e{self.rng.randrange(6)}"
        self.rows.append((kind, given))
        return given

    def revise(self, kind: str, cells: Cells, changes: list[dict[str, str]]) -> None:
        """Add another version of a record: changed or deleted; later, earlier or at the same instant."""
        rng = self.rng
        given = {**cells, **rng.choice(changes)}
        given.pop("event_id", None)
        if rng.random() < 0.3:
            given["event_id"] = f"e{rng.randrange(6)}"
        if rng.random() < 0.25:
            given["op"] = "delete"
        elif rng.random() < 0.1:
            given["op"] = "upsert"
        if rng.random() < 0.75:
            day = date.fromisoformat(given["recorded_at"][:10])
            given["recorded_at"] = moment(rng, day + timedelta(days=rng.choice((-2, 1, 1, 3, 40))))
        self.rows.append((kind, {name: cell for name, cell in given.items() if cell}))


def moment(rng: Random, day: date) -> str:
    """Write a time on a date; the instant may well lie on the day before or after it."""
    clock = rng.choice(("08:00:00", "08:00:00", "08:00:00.5", "00:30:00", "23:45:00", "12:00:00.000001"))
    between = rng.choice(("T", "T", "T", "t", " "))
    return f"{day.isoformat()}{between}{clock}{rng.choice(OFFSETS)}"
