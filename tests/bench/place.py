"""Where it is measured: an event log with the records in it, and a home for what a process writes.

`fill` puts records into an empty log; `rewind` takes away all that a worker or sink has made of them, so that
the next process finds the same bytes.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Protocol
from unittest import mock

from kafka import KafkaAdminClient  # type: ignore[import-untyped]  # it comes without types

from infra.event_logs import event_log
from infra.settings import load
from streams.event_log import Outgoing
from streams.topics import RECORDS
from tests.bench.sizes import PARTITIONS
from tests.kafka.broker import Broker
from tests.kafka.emptying import empty

_MESSAGES_AN_APPEND = 100
_GONE_SECONDS = 30.0


class Place(Protocol):
    """An event log and a home."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of a process that works here; no setting of it comes from outside."""

    def fill(self, messages: Iterable[Outgoing]) -> None:
        """Make the log hold these records and nothing else."""

    def add(self, messages: Iterable[Outgoing]) -> None:
        """Append records."""

    def rewind(self) -> None:
        """Make everything as it was after `fill`."""


@contextmanager
def kafka(folder: Path) -> Iterator[Place]:
    """A Kafka broker of our own. Raises tests.kafka.jars.Missing."""
    broker = Broker(folder)
    broker.start()
    try:
        yield _Kafka(broker.address, folder / "home")
    finally:
        broker.stop()


@contextmanager
def sqlite(folder: Path) -> Iterator[Place]:
    """An event log in a file."""
    yield _Sqlite(folder / "home")


def _append(environment: Mapping[str, str], messages: Iterable[Outgoing]) -> None:
    with mock.patch.dict("os.environ", environment, clear=True), event_log(load()) as log:
        every = iter(messages)
        while some := list(islice(every, _MESSAGES_AN_APPEND)):
            log.append(RECORDS.name, some)


def _settings(home: Path, broker: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    return {
        **inherited,
        "ROLLCALL_HOME": str(home),
        "ROLLCALL_BROKER": broker,
        "ROLLCALL_PARTITIONS": str(PARTITIONS),
        "ROLLCALL_REPLICATION_FACTOR": "1",
        "ROLLCALL_LOG_LEVEL": "WARNING",
    }


class _Kafka:
    def __init__(self, address: str, home: Path) -> None:
        self._address = address
        self._home = home
        self.environment = _settings(home, f"kafka://{address}")

    def fill(self, messages: Iterable[Outgoing]) -> None:
        empty(self._address)
        shutil.rmtree(self._home, ignore_errors=True)
        _append(self.environment, messages)

    def add(self, messages: Iterable[Outgoing]) -> None:
        _append(self.environment, messages)

    def rewind(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)
        admin = KafkaAdminClient(bootstrap_servers=self._address)
        try:
            made = {name for name in admin.list_topics() if not name.startswith("__")} - {RECORDS.name}
            admin.delete_topics(sorted(made))
            deadline = time.monotonic() + _GONE_SECONDS
            while made & set(admin.list_topics()):
                if time.monotonic() > deadline:
                    raise RuntimeError("Kafka does not delete the topics that are to be made anew")
                time.sleep(0.05)
            admin.delete_groups([group["group_id"] for group in admin.list_groups()])
        finally:
            admin.close()
        _append(self.environment, [])


class _Sqlite:
    def __init__(self, home: Path) -> None:
        self._home = home
        self._kept = home.with_name("filled.sqlite3")
        self._log = home / "log.sqlite3"
        self.environment = _settings(home, f"sqlite:///{self._log}")

    def fill(self, messages: Iterable[Outgoing]) -> None:
        shutil.rmtree(self._home, ignore_errors=True)
        _append(self.environment, messages)
        # The last connection has been closed: all of the log is in its one file.
        shutil.copyfile(self._log, self._kept)

    def add(self, messages: Iterable[Outgoing]) -> None:
        _append(self.environment, messages)

    def rewind(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)
        self._home.mkdir(mode=0o700)
        shutil.copyfile(self._kept, self._log)
