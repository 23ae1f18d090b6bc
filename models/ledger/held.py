"""The groups of a district as objects: read from the state when asked for, the recent ones kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Protocol

from models.columns import Kind
from models.ledger.groups import KIND, Group, decode, encode, split_key
from models.ledger.school_day import SchoolDay

# Recent days stay decoded, and recent groups, as far as either hold no more records than this together; one
# takes about 1 kB. While a message is put in, more groups do.
_KEPT_RECORDS = 500
_KEPT_GROUPS = 64


def _every(school: str, day: date) -> bool:
    return True


class GroupStore(Protocol):
    """Where the groups' bytes are kept: a Faust table, or a dict."""

    def get(self, key: bytes) -> bytes | None:
        """The value of a key."""

    def keys_of(self, district: str) -> Iterable[bytes]:
        """All keys of a district."""


class Held:
    """The groups of one district. What was changed is told with `changed`, and given by `writes`."""

    def __init__(self, district: str, store: GroupStore) -> None:
        self._district = district
        self._store = store
        self._days: dict[bytes, SchoolDay] = {}
        self._groups: dict[bytes, Group] = {}
        self._records = 0
        self._changed: dict[bytes, SchoolDay | Group] = {}
        self._pending: dict[bytes, bytes] = {}

    def school_day(self, key: bytes, day: date) -> SchoolDay:
        """The records of a school on a day."""
        held = self._days.pop(key, None)
        if held is None:
            held = SchoolDay(day, self._value(key))
            self._records += len(held)
            self._forget()
        self._days[key] = held
        return held

    def group(self, kind: Kind, key: bytes) -> Group:
        """A group of another kind."""
        held = self._groups.pop(key, None)
        if held is None:
            # A message may touch more groups than are kept: what it changed in one is not in its bytes yet.
            changed = self._changed.get(key)
            value = self._value(key)
            held = changed if isinstance(changed, dict) else decode(kind, value) if value else {}
            while len(self._groups) >= _KEPT_GROUPS:
                del self._groups[next(iter(self._groups))]
        self._groups[key] = held
        return held

    def _forget(self) -> None:
        while self._records > _KEPT_RECORDS and len(self._days) > 1:
            key = next(iter(self._days))
            if key in self._changed:
                return
            self._records -= len(self._days.pop(key))

    def _value(self, key: bytes) -> bytes | None:
        return self._pending.get(key) or self._store.get(key)

    def changed(self, key: bytes, held: SchoolDay | Group) -> None:
        """A group has changed, and its bytes are to be written."""
        self._changed[key] = held

    def writes(self) -> dict[bytes, bytes]:
        """The bytes of all that changed since they were last stored."""
        for key, held in self._changed.items():
            self._pending[key] = held.encode() if isinstance(held, SchoolDay) else encode(held)
        self._changed.clear()
        return dict(self._pending)

    def stored(self) -> None:
        """The writes are in the store."""
        self._pending.clear()
        self._records = sum(len(day) for day in self._days.values())
        kept = 0
        for key in reversed(list(self._groups)):
            kept += len(self._groups[key])
            if kept > _KEPT_RECORDS:
                del self._groups[key]

    def keys(self) -> dict[Kind, list[bytes]]:
        """All keys of records by kind, in order."""
        keys: dict[Kind, list[bytes]] = {kind: [] for kind in Kind}
        for key in sorted({*self._store.keys_of(self._district), *self._pending, *self._changed}):
            letter = split_key(key)[1]
            if letter in KIND:
                keys[KIND[letter]].append(key)
        return keys

    def school_days(
        self, only: Callable[[str, date], bool] = _every
    ) -> Iterator[tuple[bytes, str, SchoolDay]]:
        """Schools' days with their key and school, those that `only` takes; decoded one after the other."""
        for key in self.keys()[Kind.ATTENDANCE]:
            school, written = split_key(key)[2]
            if not only(school, date.fromisoformat(written)):
                continue
            held = self._changed.get(key) or self._days.get(key)
            if not isinstance(held, SchoolDay):
                held = SchoolDay(date.fromisoformat(written), self._value(key))
            yield key, school, held
