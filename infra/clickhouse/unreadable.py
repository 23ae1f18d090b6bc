"""What becomes of a message that the sink cannot read: it is listed as refused, and the rest goes on."""

from __future__ import annotations

import orjson

from infra.clickhouse.rows import LAST_YEAR, OutOfRange
from models.refusal import Reason
from streams.event_log import Message
from streams.refused import Refused

KNOWN_SCHEMA = 1

_MESSAGES = {
    Reason.NOT_JSON: "the message is not as Rollcall writes facts and alerts; find out who wrote it",
    Reason.NEWER_SCHEMA: f"the message has a schema after {KNOWN_SCHEMA}; update the sink, then retry",
    Reason.DATE_OUT_OF_RANGE: f"the analytics store holds school years up to {LAST_YEAR} only",
}


def refusal(message: Message, error: Exception) -> Refused:
    """The refusal of a message that raised `error` when it was read."""
    value = message.value or b""
    reason = Reason.DATE_OUT_OF_RANGE if isinstance(error, OutOfRange) else _reason(value)
    return Refused(
        f"{message.topic}/{message.partition}",
        message.offset,
        "",
        reason.value,
        "",
        _MESSAGES[reason],
        value.decode(errors="backslashreplace"),
        origin=value,
        headers=message.headers,
    )


def _reason(value: bytes) -> Reason:
    try:
        schema = orjson.loads(value)["schema"]
    except (ValueError, TypeError, KeyError):
        return Reason.NOT_JSON
    return Reason.NEWER_SCHEMA if type(schema) is int and schema > KNOWN_SCHEMA else Reason.NOT_JSON
