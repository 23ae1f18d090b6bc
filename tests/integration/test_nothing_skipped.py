"""No message is left out on its way from the log to the agent, or the worker ends before it goes on."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.event_log import EventLog, Outgoing
from streams.topics import RECORDS
from tests.support.command import Rollcall
from tests.support.logs import log_of
from tests.support.odd_worker import odd_worker, wait_until, waiting
from tests.support.town import write_town

MESSAGES = 40


@pytest.fixture
def rollcall(tmp_path: Path) -> Rollcall:
    return Rollcall(tmp_path, extra={"ROLLCALL_PARTITIONS": "1", "ROLLCALL_BRAKE_AFTER": "1000"})


@pytest.fixture
def log(rollcall: Rollcall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventLog]:
    # There has to be a state to recover, or nothing is fetched before the flow is resumed.
    rollcall.run("ingest", write_town(tmp_path / "town"))
    rollcall.catch_up()
    with log_of(rollcall, monkeypatch) as log:
        publish(log, MESSAGES)
        yield log


def publish(log: EventLog, messages: int) -> None:
    """Messages of which each is refused under an id of its own."""
    before = log.end(RECORDS.name, 0)
    log.append(
        RECORDS.name, [Outgoing(b"D", f"broken {before + number}".encode()) for number in range(messages)]
    )


def publishes_until_it_ends(log: EventLog, worker: subprocess.Popen[str]) -> bool:
    publish(log, 1)
    return worker.poll() is not None


def test_what_arrives_before_the_flow_is_resumed_is_dealt_with(rollcall: Rollcall, log: EventLog) -> None:
    with odd_worker("hasty_worker", rollcall) as worker:
        wait_until(lambda: waiting(log) == 0, worker)
    assert len(rollcall.rows("refused")) == MESSAGES


def test_a_worker_that_was_not_given_every_message_ends_and_repeats(
    rollcall: Rollcall, log: EventLog
) -> None:
    before = log.end(RECORDS.name, 0) - MESSAGES
    with odd_worker("hasty_worker", rollcall, "forgetful") as worker:
        # Without a later message nothing is lost yet, and only what watches the progress ends the worker.
        wait_until(lambda: publishes_until_it_ends(log, worker), worker)
        _, told = worker.communicate(timeout=60)
    assert worker.returncode == 1
    assert "were not handed to the worker" in told
    assert waiting(log) > 0

    rollcall.catch_up()
    assert waiting(log) == 0
    assert len(rollcall.rows("refused")) == log.end(RECORDS.name, 0) - before
