"""Which keys and values a log line may have (docs/operate.md, Logs).

A log is read by people who may see no record, and is kept where nobody looks after it. So this is an
allow-list that fails closed: a key that is not in `FIELDS`, a value that its field does not take and an event
that is not a name in lower case are withheld and only counted. A word is one of a list or of a narrow form,
so that the text of a record, put under a key that is allowed, does not pass for one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from infra.metrics import CHANGES, MESSAGE_OUTCOMES, RECORD_OUTCOMES, RULES, SINK_ERRORS, SINK_TABLES
from models.columns import Kind
from models.refusal import Reason
from streams.topics import TOPICS
from web.paths import NO_ROUTE, PATHS

COMMANDS = (
    "ingest", "map", "run", "worker", "sink", "web", "token", "export", "report", "retry", "late", "quality",
    "migrate", "verify", "refill", "release", "reconcile", "published", "config", "policy", "backtest",
    "demo",
)  # fmt: skip

_EVENT = re.compile(r"[a-z]+(?:_[a-z]+)*")


def _one_of(*words: str) -> Callable[[object], bool]:
    taken = frozenset(words)
    return lambda value: isinstance(value, str) and value in taken


def _like(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


_NUMBERS = (
    "alerts", "attempt", "bytes", "clickhouse_error", "concerned", "days", "districts", "end", "exit_status",
    "facts", "files", "forwarded", "generation", "lag", "messages", "migration", "ms", "offset", "partition",
    "partitions", "port", "records", "refused", "rows", "schema_version", "schools", "seconds", "signal",
    "status",
    "students",
)  # fmt: skip

FIELDS: dict[str, Callable[[object], bool]] = {
    "change": _one_of(*CHANGES),
    "command": _one_of(*COMMANDS),
    "error": _one_of(*SINK_ERRORS),
    "kind": _one_of(*Kind),
    "outcome": _one_of(*RECORD_OUTCOMES, *MESSAGE_OUTCOMES),
    "reason": _one_of(*Reason),
    "route": _one_of(*PATHS, NO_ROUTE),
    "rule": _one_of(*RULES),
    "setting": _like(r"ROLLCALL_[A-Z_]{1,40}"),
    "table": _one_of(*SINK_TABLES),
    # The prefix, because a name alone could be a student's.
    "token": _like(r"token:[a-z][a-z0-9-]{0,39}"),
    "topic": _one_of(*(topic.name for topic in TOPICS)),
    **dict.fromkeys(_NUMBERS, _number),
}


def allowed(given: Mapping[str, Any]) -> dict[str, Any]:
    """The event and those of the given fields that may be written; `withheld` counts the others, if any.

    An event is a name in lower case, such as `message_done`: a sentence may have a record worked into it.
    """
    name = given.get("event")
    kept: dict[str, Any] = {"event": name} if isinstance(name, str) and _EVENT.fullmatch(name) else {}
    for key, value in given.items():
        if key in FIELDS and FIELDS[key](value):
            # Of a str enum the value; of a subclass of a number nothing but the number.
            kept[key] = str(value) if isinstance(value, str) else value
    withheld = len(given) - len(kept)
    kept.setdefault("event", "event_withheld")
    return {**kept, "withheld": withheld} if withheld else kept
