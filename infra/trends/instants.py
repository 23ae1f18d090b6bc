"""An instant as questions about what was known take it."""

from __future__ import annotations

from datetime import datetime

KNOWN_AT = "parseDateTime64BestEffort({known_at:String}, 3, 'UTC')"
"""The expression for the parameter `known_at`."""


def written(instant: datetime) -> str:
    """The value of that parameter. Raises ValueError where the instant has no offset."""
    if instant.tzinfo is None:
        raise ValueError("an instant has an offset")
    return instant.isoformat(timespec="milliseconds")
