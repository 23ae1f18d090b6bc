"""A year streams in while the worker is killed at random moments: afterwards nothing differs.

Ed-Fi's Grand Bend sample is read where it is present. Its records go to the topic in small messages and a
twentieth at a time, and the kill comes when the worker has begun to store what follows from them.
"""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from infra.intake.batches import batches
from infra.intake.events import Record
from infra.intake.read import read_paths
from infra.snapshot import read_all
from streams.alerts_message import AlertEvent, unpack
from streams.event_log import EventLog, Outgoing
from streams.records_message import pack
from streams.topics import ALERTS, CHANGELOG, RECORDS
from tests.support.command import CHECKOUT, Rollcall
from tests.support.logs import ends, log_of

GRAND_BEND = CHECKOUT.parent / "shared" / "data" / "edfi_grand_bend"
KILLS = 20
AS_OF = "2011-06-30"

pytestmark = pytest.mark.skipif(not GRAND_BEND.is_dir(), reason="the Ed-Fi sample is not beside the checkout")


def exports(rollcall: Rollcall) -> dict[str, str]:
    """Everything that the exports say, to the byte."""
    return {
        "standings": rollcall.run("export", "standings", "--as-of", AS_OF).stdout,
        "alerts": rollcall.run("export", "alerts").stdout,
        "refused": rollcall.run("export", "refused").stdout,
    }


def year() -> list[Outgoing]:
    """The messages of the year: what `ingest` publishes, but 20 records a message."""
    records = (event for event in read_paths([GRAND_BEND], "edfi") if isinstance(event, Record))
    return [pack(*batch) for batch in batches(records, 20)]


def published(log: EventLog) -> dict[str, set[AlertEvent]]:
    """The events of the alerts' topic, by their id."""
    found: dict[str, set[AlertEvent]] = {}
    for partition in range(log.partitions(ALERTS.name)):
        for message in read_all(log, ALERTS.name, partition, log.beginning(ALERTS.name, partition)):
            for event in unpack(message.value or b""):
                hashable = event._replace(dates=tuple(event.dates))  # type: ignore[arg-type]  # to be compared
                found.setdefault(event.event_id, set()).add(hashable)
    return found


def kill_when_it_stores(rollcall: Rollcall, log: EventLog, moments: random.Random) -> None:
    """Start a worker, and kill it a moment after it has begun to store."""
    before = sum(ends(log, CHANGELOG).values())
    worker = rollcall.start("worker")
    try:
        deadline = time.monotonic() + 180
        while sum(ends(log, CHANGELOG).values()) == before:
            assert time.monotonic() < deadline, "the worker does nothing"
            assert worker.poll() is None, "the worker has ended by itself"
            time.sleep(0.02)
        time.sleep(moments.uniform(0.0, 0.25))
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(30)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The exports of a run that nobody disturbs, on SQLite."""
    home: Path = tmp_path_factory.mktemp("undisturbed")
    calm = Rollcall(home)
    with pytest.MonkeyPatch.context() as patched, log_of(calm, patched) as log:
        log.append(RECORDS.name, year())
    calm.catch_up()
    return exports(calm)


def test_killed_at_random_moments_the_exports_are_the_same(
    rollcall: Rollcall, undisturbed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = random.Random(20110630)
    messages = year()
    with log_of(rollcall, monkeypatch) as log:
        for kill in range(KILLS):
            log.append(RECORDS.name, _piece(messages, kill))
            kill_when_it_stores(rollcall, log, moments)
        rollcall.catch_up()
        events = published(log)
    found = exports(rollcall)
    for name, text in undisturbed.items():
        assert found[name].splitlines() == text.splitlines(), name
    assert found == undisturbed
    assert events
    assert all(len(same) == 1 for same in events.values())


def _piece(messages: list[Outgoing], number: int) -> list[Outgoing]:
    """One of KILLS parts, in order."""
    return messages[len(messages) * number // KILLS : len(messages) * (number + 1) // KILLS]
