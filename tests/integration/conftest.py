"""The event log on both of its back ends, and the embedded store."""

from __future__ import annotations

import gc
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.clickhouse.store import Store
from infra.kafka_log.log import KafkaLog
from infra.settings import Settings, load
from infra.sqlite_log.log import SqliteLog
from streams.event_log import EventLog
from tests.support.chdb_store import Engine, engine_in
from tests.support.command import Rollcall


def kafka_settings(address: str) -> Settings:
    """Settings for the one broker of the tests."""
    return load(broker=f"kafka://{address}", replication_factor=1, retry_seconds=30)


@pytest.fixture
def kafka_log(kafka: str) -> Iterator[KafkaLog]:
    log = KafkaLog(kafka_settings(kafka))
    try:
        yield log
    finally:
        log.close()


@pytest.fixture(params=["sqlite", "kafka"])
def event_log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    """An event log; on Kafka it may hold topics and groups of other tests."""
    if request.param == "kafka":
        log: EventLog = request.getfixturevalue("kafka_log")
        yield log
        return
    log = SqliteLog(tmp_path / "log.sqlite3", synchronous="NORMAL")
    try:
        yield log
    finally:
        log.close()


@pytest.fixture
def collected() -> Iterator[None]:
    """kafka-python leaves the sockets of connections that fail to the garbage collector: it runs right away.

    Beside it a test ignores the ResourceWarning `unclosed`, which would else come up in some later test.
    """
    yield
    gc.collect()


@pytest.fixture
def name() -> str:
    """A name that no other test has, for topics and groups."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(params=["sqlite", "kafka"])
def rollcall(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rollcall:
    """The command on a home of its own; on Kafka on a broker without topics."""
    home = tmp_path_factory.mktemp("home")
    if request.param == "kafka":
        return Rollcall(home, f"kafka://{request.getfixturevalue('fresh_kafka')}")
    return Rollcall(home)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine, which a process opens once at a time."""
    with engine_in(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture
def store(engine: Engine) -> Iterator[Store]:
    """A database of its own in the engine."""
    with engine.store() as store:
        yield store
