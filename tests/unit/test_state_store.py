"""The state that is promised is read before it is stored, and never outlives a newer promise."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from streams.table import StateStore


class Data(dict[bytes, bytes]):
    """A Faust table's data."""

    def set_persisted_offset(self, place: Any, offset: int) -> None:
        """It is told how far the changelog is in it."""


class Table:
    """As much of a Faust table as the store knows."""

    def __init__(self) -> None:
        self.data = Data()


async def appended(producer: Any, topic: str, partition: int, pairs: Sequence[tuple[bytes, bytes]]) -> int:
    return 0


def key(name: str) -> bytes:
    return f"d\x1fa\x1f{name}".encode()


def put(store: StateStore, *writes: tuple[bytes, bytes]) -> None:
    asyncio.run(store.put(None, 0, writes))  # type: ignore[arg-type]  # the append above needs no producer


def test_a_promise_is_read_and_listed_until_it_is_stored() -> None:
    store = StateStore(Table(), "changelog", appended)
    put(store, (key("old"), b"1"))
    store.promise([(key("new"), b"2"), (key("old"), b"3")])
    assert (store.get(key("new")), store.get(key("old"))) == (b"2", b"3")
    assert store.keys_of("d") == {key("old"), key("new")} and store.districts() == ["d"]
    put(store, (key("new"), b"2"), (key("old"), b"3"))
    assert (store.get(key("new")), store.get(key("old")), store.bytes) == (b"2", b"3", 2)


def test_what_is_stored_late_does_not_hide_a_newer_promise() -> None:
    store = StateStore(Table(), "changelog", appended)
    first, second = b"value 1", b"value 2"
    store.promise([(key("k"), first)])
    store.promise([(key("k"), second)])
    put(store, (key("k"), first))
    assert store.get(key("k")) == second
    put(store, (key("k"), second))
    assert store.get(key("k")) == second


def test_what_is_forgotten_was_promised_in_vain() -> None:
    store = StateStore(Table(), "changelog", appended)
    store.promise([(key("k"), b"1")])
    store.forget()
    assert store.get(key("k")) is None and store.keys_of("d") == set()
