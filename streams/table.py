"""The table of the state, as the engines read it and the agent writes it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

from faust.types import TP
from faust.types.transports import ProducerT

from models.ledger.groups import district_of
from streams.appending import Append, one_by_one


class StateStore:
    """A Faust table with bytes for keys and values (models.ledger.held.GroupStore). `bytes` are its values'.

    Its writes go to the changelog in one go and are awaited there before the table has them. Faust's own way
    sets the table first and only queues the write, so that the message could be acknowledged without it.
    """

    def __init__(self, table: Any, changelog: str, append: Append = one_by_one) -> None:
        self._table = table
        self._append = append
        self._changelog = changelog
        self._keys: dict[str, set[bytes]] | None = None
        self._indexing = threading.Lock()
        self._ahead: dict[bytes, bytes] = {}
        self.bytes = 0

    def promise(self, writes: Sequence[tuple[bytes, bytes]]) -> None:
        """What will be put next of these keys, so that it is read already. Whoever fails to put it ends.

        The next message of a district is worked out while the state of the one before is on its way.
        """
        index = self._index()
        for key, value in writes:
            self._ahead[key] = value
            index.setdefault(district_of(key), set()).add(key)

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, be it only promised."""
        value = self._ahead.get(key)
        if value is None:
            value = self._table.data.get(key)
        return value if value is None else bytes(value)

    def keys_of(self, district: str) -> Iterable[bytes]:
        """All keys of a district."""
        return self._index().get(district, set())

    def districts(self) -> list[str]:
        """The districts that have keys, in order."""
        return sorted(district for district, keys in self._index().items() if district and keys)

    async def put(self, producer: ProducerT, partition: int, writes: Sequence[tuple[bytes, bytes]]) -> None:
        """Store keys of a partition, in this order; durable on return. Raises what the log raises.

        To be called within the stream's iteration. After an exception some writes may be in the changelog,
        and none is in the table; the same call again is harmless.
        """
        if not writes:
            return
        offset = await self._append(producer, self._changelog, partition, writes)
        index, data = self._index(), self._table.data
        for key, value in writes:
            self.bytes += len(value) - len(data.get(key) or b"")
            data[key] = value
            if self._ahead.get(key) is value:
                del self._ahead[key]
            index.setdefault(district_of(key), set()).add(key)
        data.set_persisted_offset(TP(self._changelog, partition), offset)

    def forget(self) -> None:
        """The table was filled again from its changelog."""
        self._keys = None
        self._ahead.clear()

    def _index(self) -> dict[str, set[bytes]]:
        if self._keys is None:
            # A thread that loads a district may ask first, while the loop stores for another one.
            with self._indexing:
                if self._keys is None:
                    self._keys = self._indexed()
        return self._keys

    def _indexed(self) -> dict[str, set[bytes]]:
        keys: dict[str, set[bytes]] = {}
        held = list(self._table.data.items())
        self.bytes = sum(len(value) for _, value in held)
        for key, _ in held:
            keys.setdefault(district_of(key), set()).add(key)
        return keys
