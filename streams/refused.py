"""What was refused, as the dead-letter topic keeps it: under an id, until it is resolved (docs/adr/0001)."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from typing import Any

from streams.event_log import Headers, Outgoing


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """One refusal.

    `file` is a file's name with `line` the row's, or `topic/partition` with the offset. `record` is the
    record as it came. `given` is what could be read of it. For a retry: `path` is where the file stood,
    `format` the connector that read it and `digest` the SHA-256 of its content; `origin` and `headers` are a
    message as it came, where a message was refused.
    """

    file: str
    line: int
    kind: str
    reason: str
    field: str
    message: str
    record: str
    given: dict[str, str] = dataclasses.field(default_factory=dict)
    path: str = ""
    digest: str = ""
    format: str = ""
    origin: bytes = b""
    headers: Headers = ()

    @property
    def refusal_id(self) -> str:
        """The same refusal met again has the same id; 32 hex digits."""
        parts = [self.path or self.file, self.line, self.kind, self.reason, self.field, self.record]
        text = json.dumps([*parts, base64.b64encode(self.origin).decode()], ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def pack(refused: Refused) -> Outgoing:
    """The message that lists a refusal."""
    value = {
        "file": refused.file,
        "line": refused.line,
        "kind": refused.kind,
        "reason": refused.reason,
        "field": refused.field,
        "message": refused.message,
        "record": refused.record,
        "given": refused.given,
        "path": refused.path,
        "format": refused.format,
        "digest": refused.digest,
        "origin": base64.b64encode(refused.origin).decode(),
        "headers": [[name, base64.b64encode(held).decode()] for name, held in refused.headers],
    }
    headers: Headers = (("reason", refused.reason.encode()),)
    return Outgoing(refused.refusal_id.encode(), json.dumps(value).encode(), headers)


def resolved(refusal_id: str) -> Outgoing:
    """The tombstone that takes a refusal off the list."""
    return Outgoing(refusal_id.encode(), None)


def unpack(value: bytes) -> Refused:
    """The refusal of such a message."""
    held: dict[str, Any] = json.loads(value)
    held["origin"] = base64.b64decode(held["origin"])
    held["headers"] = tuple((name, base64.b64decode(text)) for name, text in held["headers"])
    return Refused(**held)
