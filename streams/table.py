"""The table of the state: its writes are waited for, and its keys are known by district."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import faust
from faust.types import FutureMessage

from models.ledger.groups import US


class StateTable(faust.Table[bytes, bytes]):
    """A Faust table with bytes for keys and values, whose changelog writes can be awaited.

    Faust only queues them, and would acknowledge the message before they are durable.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sent: list[FutureMessage] = []

    def send_changelog(self, *args: Any, **kwargs: Any) -> FutureMessage:
        """Queue one write, and remember it until it is awaited."""
        sent = super().send_changelog(*args, **kwargs)
        self._sent.append(sent)
        return sent

    async def written(self) -> None:
        """Wait until the log has every write. Raises what the log raised; the writes then may be missing."""
        sent, self._sent = self._sent, []
        if sent:
            await asyncio.gather(*sent)


class StateStore:
    """The table as the engines read it (models.ledger.held.GroupStore). `bytes` are those of its values."""

    def __init__(self, table: StateTable) -> None:
        self._table = table
        self._keys: dict[str, set[bytes]] | None = None
        self.bytes = 0

    def get(self, key: bytes) -> bytes | None:
        """The value of a key."""
        value = self._table.data.get(key)
        return value if value is None else bytes(value)

    def keys_of(self, district: str) -> Iterable[bytes]:
        """All keys of a district."""
        return self._index().get(district, set())

    def put(self, key: bytes, value: bytes) -> None:
        """Set a key, from within the stream's iteration; `StateTable.written` waits for it."""
        self.bytes += len(value) - len(self._table.data.get(key) or b"")
        self._table[key] = value
        if self._keys is not None:
            self._keys.setdefault(_district(key), set()).add(key)

    def forget(self) -> None:
        """The table was filled again from its changelog."""
        self._keys = None

    def _index(self) -> dict[str, set[bytes]]:
        if self._keys is None:
            self._keys = {}
            self.bytes = sum(map(len, self._table.data.values()))
            for key in self._table.data:
                self._keys.setdefault(_district(key), set()).add(key)
        return self._keys


def _district(key: bytes) -> str:
    return key.decode().partition(US)[0]
