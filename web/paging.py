"""Pages by a cursor: the place of the last row that was seen, and of which question it is."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TypeVar

from web.problems import Fault, Problem

T = TypeVar("T")

_NOT_OF_THE_QUESTION = frozenset({"cursor", "limit", "format"})

Key = tuple[str | int, ...]


def digest_of(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    """Some digits that stand for a question, without its page and format."""
    asked = sorted(held for held in parameters if held[0] not in _NOT_OF_THE_QUESTION)
    return hashlib.sha256(json.dumps([path, asked]).encode()).hexdigest()[:12]


def cursor_of(digest: str, key: Key) -> str:
    """The cursor of the row with this key."""
    return base64.urlsafe_b64encode(json.dumps([digest, *key]).encode()).rstrip(b"=").decode()


def key_of(digest: str, cursor: str, forms: Sequence[type]) -> Key:
    """The key of a cursor, whose parts are of these types. Raises Problem where it is of another question."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        held = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _bad_cursor() from None
    if not isinstance(held, list) or len(held) != len(forms) + 1 or held[0] != digest:
        raise _bad_cursor()
    if any(type(part) is not form for part, form in zip(held[1:], forms, strict=True)):
        raise _bad_cursor()
    return tuple(held[1:])


def sliced(rows: Sequence[T], digest: str, cursor: str | None, limit: int) -> tuple[Sequence[T], str | None]:
    """A page of rows that are few enough to be worked out at once, and the cursor of the next one.

    The cursor is the number of rows that were seen.
    """
    seen = 0
    if cursor is not None:
        (held,) = key_of(digest, cursor, [int])
        seen = int(held)
        if not 0 <= seen <= 10**9:
            raise _bad_cursor()
    page = rows[seen : seen + limit]
    more = len(rows) > seen + limit
    return page, cursor_of(digest, (seen + limit,)) if more else None


def _bad_cursor() -> Problem:
    detail = "is not of this question; take it from `next`, and change no other parameter"
    return Problem(
        HTTPStatus.BAD_REQUEST,
        "bad_cursor",
        f"cursor: {detail}",
        errors=[Fault(parameter="cursor", detail=detail)],
    )
