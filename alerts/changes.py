"""What is published of a student's alerts: the differences between before and after (contract 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import orjson

from alerts.fold import Alert
from models.school_year import numbers_of, written_dates


class Published(NamedTuple):
    """An alert as last published: how many differences came before, and whether it is withdrawn."""

    alert: Alert
    amendments: int
    withdrawn: bool

    @property
    def condition(self) -> str:
        """standing, recovered or withdrawn."""
        return "withdrawn" if self.withdrawn else "recovered" if self.alert.recovered_on else "standing"


class Change(NamedTuple):
    """One published difference: opened, amended, recovered, reopened or withdrawn."""

    what: str
    published: Published


def differences(before: Mapping[str, Published], now: Mapping[str, Alert]) -> list[Change]:
    """The changes that lead from what was published to what is now so, in the order of their ids."""
    changes = []
    for alert_id in sorted({*before, *now}):
        old, new = before.get(alert_id), now.get(alert_id)
        if old is None:
            assert new is not None
            changes.append(Change("opened", Published(new, 0, False)))
        elif new is None:
            if not old.withdrawn:
                changes.append(Change("withdrawn", Published(old.alert, old.amendments + 1, True)))
        elif old.withdrawn or old.alert != new:
            changes.append(Change(_what(old, new), Published(new, old.amendments + 1, False)))
    return changes


def _what(old: Published, new: Alert) -> str:
    if old.withdrawn:
        return "opened"
    if bool(old.alert.recovered_on) == bool(new.recovered_on):
        return "amended"
    return "recovered" if new.recovered_on else "reopened"


def pack(published: Mapping[str, Published]) -> bytes:
    """What was published of a student, as the state keeps it; the evidence's dates as days of the year."""
    rows = []
    for alert, amendments, withdrawn in published.values():
        numbers = numbers_of(alert.school_year)
        dates = [numbers[held] for held in alert.dates]
        rows.append([*alert[:-1], dates, amendments, withdrawn])
    # A copy, because the bytes that orjson gives hold several kB whatever is in them, and these are kept.
    return bytes(memoryview(orjson.dumps(rows)))


def unpack(value: bytes | None) -> dict[str, Published]:
    """The same from its bytes, by alert id."""
    if not value:
        return {}
    published = {}
    for row in orjson.loads(value):
        written = written_dates(row[5])
        dates = tuple([written[day] for day in row[10]])
        published[row[0]] = Published(Alert._make([*row[:10], dates]), row[11], row[12])
    return published
