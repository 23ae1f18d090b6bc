"""What all tests share: no network but where a test's folder says so, and a Kafka broker on demand.

Unix sockets stay open everywhere, because the event loop of asyncio is woken through a pair of them.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from infra import logging
from tests.kafka.broker import Broker
from tests.kafka.emptying import claim, empty
from tests.kafka.jars import Missing
from tests.parts import need

# Examples are not timed: the machines that run the tests are busy with other things.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Its assertions are to be shown with their values, as those of a test are.
pytest.register_assert_rewrite("tests.property.proof")

HERE = Path(__file__).parent
LOOPBACK = ["127.0.0.1", "::1"]
NAMED_BROKER = "ROLLCALL_TEST_KAFKA"

# Each has a broker and a store of its own, and with what its tests start it takes some two gigabytes.
MOST_WORKERS = 4

# The folders whose tests speak to brokers and processes of their own; all others have no sockets at all.
ON_LOOPBACK = frozenset({"integration", "e2e", "faults"})


@pytest.hookimpl(tryfirst=True)  # before pytest-socket reads its options
def pytest_configure(config: pytest.Config) -> None:
    config.option.allow_unix_socket = True
    # `timeout` and CI end a run with SIGTERM: let it end as Ctrl-C does, or a broker stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(config, "workerinput"):
        # Its processes are then told by SIGINT, which whatever runs in the background would ignore.
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)  # single tests are run without pytest-xdist, too
def pytest_xdist_auto_num_workers() -> int:
    """How many processes `-n auto` starts: one a core, and one where all would empty the one broker named."""
    return 1 if os.environ.get(NAMED_BROKER) else min(os.cpu_count() or 1, MOST_WORKERS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("enable_socket") or item.get_closest_marker("allow_hosts"):
            continue
        folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
        if folder in ON_LOOPBACK:
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))
        else:
            item.add_marker(pytest.mark.disable_socket)


@pytest.fixture(autouse=True)
def logs_outlive_a_test() -> Iterator[None]:
    """A command that was called within a test sends the logs to a stream that is closed behind it."""
    yield
    if structlog.is_configured():
        logging.configure()
        structlog.reset_defaults()


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """HOST:PORT of a Kafka broker: that of ROLLCALL_TEST_KAFKA, else one that is started for this process."""
    given = os.environ.get(NAMED_BROKER)
    if given:
        claim(given)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="rollcall-kafka-") as folder:
        broker = started(Path(folder))
        try:
            yield broker.address
        finally:
            broker.kill()


@pytest.fixture
def fresh_kafka(kafka: str) -> str:
    """HOST:PORT of a Kafka broker without topics and groups. It takes a tenth of a second."""
    empty(kafka)
    return kafka


@pytest.fixture(scope="module")
def own_kafka() -> Iterator[Broker]:
    """A broker that belongs to one module of tests, which may stop, kill and freeze it."""
    with tempfile.TemporaryDirectory(prefix="rollcall-kafka-") as folder:
        broker = started(Path(folder))
        try:
            yield broker
        finally:
            broker.kill()


def started(folder: Path) -> Broker:
    """A broker that runs; the test is skipped, and fails in CI, where this machine lacks what it needs."""
    broker = Broker(folder)
    try:
        broker.start()
    except Missing as missing:
        need(False, str(missing))
    return broker
