"""What is told of a line that a library logs: its template, where that stands in the code as it is.

Faust, mode, aiokafka and kafka-python log messages, keys and values as arguments of a template, and now and
then as part of a line that they put together first. The arguments are dropped. A template is known by being
a constant of the code that is running; a line that is not may hold anything, and is withheld.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from infra.log_exceptions import told

LONGEST = 300

# mode puts a label in front of each service's lines: `[^---Fetcher]: Starting...`.
_LABEL = re.compile(r"\[\^-*[^\]]*\]: ")
_LOGGER = re.compile(r"[A-Za-z0-9_.]{1,100}")


class LibraryHandler(logging.Handler):
    """Hands what may be told of each record of the standard library's logging to `write`."""

    def __init__(self, write: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a record that cannot be told is counted as withheld."""
        try:
            self._write(_line(record))
        except Exception:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing: the standard library would print the record's arguments to standard error."""


def _line(record: logging.LogRecord) -> dict[str, Any]:
    line: dict[str, Any] = {"event": "library_line", "level": record.levelname.lower()}
    if _LOGGER.fullmatch(record.name):
        line["logger"] = record.name
    template = _template(record.msg)
    if template is None:
        line["withheld"] = 1
    else:
        line["text"] = template[:LONGEST]
    if record.exc_info and record.exc_info[1] is not None:
        line["exception"] = told(record.exc_info[1])
    return line


def _template(message: object) -> str | None:
    if not isinstance(message, str):
        return None
    label = _LABEL.match(message)
    text = message[label.end() :] if label else message
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if any(isinstance(constant, str) and constant == text for constant in frame.f_code.co_consts):
            return text
        frame = frame.f_back
    return None
