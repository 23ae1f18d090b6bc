"""The topics, their keys and what they keep (documented in docs/operate.md)."""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA_VERSION = 1

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `retention_ms` None keeps everything; `compact` keeps the newest value of each key."""

    name: str
    compact: bool = False
    retention_ms: int | None = None


RECORDS = Topic("attendance.records.v1", retention_ms=400 * DAY_MS)
FACTS = Topic("attendance.facts.v1", retention_ms=30 * DAY_MS)
ALERTS = Topic("alerts.v1")
PUBLISHED = Topic("published.rates.v1")
DEAD_LETTERS = Topic("attendance.deadletter.v1", compact=True)

# The worker's consumer group, its table, and the topic that keeps the table.
APP_ID = "rollcall"
TABLE = "state"
CHANGELOG = f"{APP_ID}-{TABLE}-changelog"

TOPICS = (RECORDS, FACTS, ALERTS, PUBLISHED, DEAD_LETTERS)
