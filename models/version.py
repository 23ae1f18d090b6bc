"""Which of two records with one identity is live (contract 1, Version)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import total_ordering

from models.columns import COLUMNS, Kind
from models.instant import Instant, instant_of


def text_of(given: Mapping[str, str]) -> str:
    """The record's *text*: its known columns that are given, without event_id, as sorted compact JSON."""
    kept = {name: value for name, value in given.items() if name != "event_id"}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_id_of(given: Mapping[str, str]) -> str:
    """The event_id as given, else the lower-case hex SHA-256 of the text."""
    return given.get("event_id") or hashlib.sha256(text_of(given).encode()).hexdigest()


def identity_of(kind: Kind, given: Mapping[str, str]) -> tuple[str, ...]:
    """The values of the identity's columns, in the contract's order; blank where not given."""
    return tuple(given.get(column.name, "") for column in COLUMNS[kind] if column.identity)


@total_ordering
class Version:
    """The place of a valid record among those of its identity: recorded_at, then event_id, then text.

    event_id and text are worked out only where the instants are equal, which is rare.
    """

    __slots__ = ("given", "instant")

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.instant: Instant = instant_of(given["recorded_at"])

    def _tie(self) -> tuple[bytes, bytes]:
        return event_id_of(self.given).encode(), text_of(self.given).encode()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self.instant == other.instant and self._tie() == other._tie()

    def __lt__(self, other: Version) -> bool:
        if self.instant != other.instant:
            return self.instant < other.instant
        return self._tie() < other._tie()

    def __hash__(self) -> int:
        return hash(self.instant)
