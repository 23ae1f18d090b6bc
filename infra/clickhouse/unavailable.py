"""That the store cannot be used; apart from the client, whose loading takes long."""

from __future__ import annotations


class StoreUnavailable(Exception):
    """The analytics store cannot be used now. The message says what to do, and shows no record or secret.

    `code` is the number of ClickHouse's error, where it gave one.
    """

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code

    @property
    def is_lost(self) -> bool:
        """Whether the tables are not there: nothing will come of trying, and a start makes them anew."""
        return self.code in _NOT_THERE


class StoreAway(StoreUnavailable):
    """A server that does not answer: it may be back in a moment, or in an hour."""


# UNKNOWN_TABLE and UNKNOWN_DATABASE.
_NOT_THERE = frozenset((60, 81))
