"""What is told of an exception: its types and the places in the code, not its message and no variable.

A message may quote what the code choked on (`KeyError: '...'`, a validation error with its input, a line of
a file), and an exception that went through many hands may have any of them as its cause.
"""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Iterator
from pathlib import PurePath

from pydantic import ValidationError

from infra.clickhouse.unavailable import StoreUnavailable
from streams.event_log import LogUnavailable

MOST_EXCEPTIONS = 10
MOST_PLACES = 20

_WORD = re.compile(r"[a-z0-9_]{1,64}")


def told(error: BaseException) -> list[dict[str, object]]:
    """The exception, what it groups and what caused it: of each `type`, `at` (outermost first), `detail`."""
    found = []
    for one in _family(error, set()):
        row: dict[str, object] = {"type": _name(type(one)), "at": _places(one)}
        detail = _detail(one)
        found.append({**row, "detail": detail} if detail else row)
        if len(found) == MOST_EXCEPTIONS:
            break
    return found


def _family(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _family(member, seen)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _family(cause, seen)


def _name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _places(error: BaseException) -> list[str]:
    frames = traceback.walk_tb(error.__traceback__)
    places = [
        f"{'/'.join(PurePath(frame.f_code.co_filename).parts[-2:])}:{line} {frame.f_code.co_name}"
        for frame, line in frames
    ]
    return places[-MOST_PLACES:]


def _detail(error: BaseException) -> str:
    """What can be said beyond the type, without a value: kinds of faults, not where they are, nor of what."""
    if isinstance(error, ValidationError):
        kinds = {item["type"] for item in error.errors(include_url=False, include_input=False)}
        return ", ".join(sorted(kind for kind in kinds if _WORD.fullmatch(kind)))
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, "")
    if isinstance(error, LogUnavailable | StoreUnavailable):
        return str(error)  # their docstrings promise that no record's content is in it
    return ""
