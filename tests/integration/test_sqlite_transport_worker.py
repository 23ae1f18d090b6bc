"""Workers in processes of their own on one log: restarts, kills, a second worker, publishers beside them."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from infra.sqlite_log.log import SqliteLog
from streams.event_log import Message, Outgoing
from tests.integration.sqlite_worker import ANSWERS, APP, NUMBERS, PARTITIONS

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


class WorkerProcess:
    """One start of the worker, with its lines and errors in files beside the log."""

    def __init__(self, path: Path, number: int, options: Sequence[str]) -> None:
        self._out, self._err = (path.with_name(f"worker{number}.{name}") for name in ("out", "err"))
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "tests.integration.sqlite_worker", str(path), *options],
                cwd=ROOT, stdout=out, stderr=err,
            )  # fmt: skip

    def lines(self) -> list[str]:
        return self._out.read_text().splitlines()

    def errors(self) -> str:
        return self._err.read_text()

    def until_ready(self) -> None:
        wait_for(lambda: "ready" in self.lines() or self.process.poll() is not None)
        assert "ready" in self.lines(), self.errors()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> dict[str, int]:
        """SIGTERM; the sums that it printed at its end."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0, self.errors()
        return {key: int(value.split()[0]) for key, value in json.loads(self.lines()[-1]).items()}


Start = Callable[..., WorkerProcess]


@pytest.fixture
def start(path: Path) -> Iterator[Start]:
    started: list[WorkerProcess] = []

    def begin(*options: str) -> WorkerProcess:
        started.append(WorkerProcess(path, len(started), options))
        return started[-1]

    yield begin
    for worker in started:
        worker.kill()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite3"


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    opened = SqliteLog(path, synchronous="NORMAL")
    opened.create(NUMBERS, PARTITIONS)
    yield opened
    opened.close()


def publish(log: SqliteLog, first: int, count: int) -> None:
    log.append(
        NUMBERS,
        [
            Outgoing(b"k%d" % (n % 7), b"%d" % n, (("number", b"%d" % n),))
            for n in range(first, first + count)
        ],
    )


def processed(log: SqliteLog) -> bool:
    return all(log.committed(APP, NUMBERS, n) == log.end(NUMBERS, n) for n in range(PARTITIONS))


def everything(log: SqliteLog, topic: str) -> list[Message]:
    found: list[Message] = []
    for partition in range(log.partitions(topic)):
        at = 0
        while part := log.read(topic, partition, at):
            at = part[-1].offset + 1
            found += part
    return found


def expected(log: SqliteLog) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for message in everything(log, NUMBERS):
        assert message.key is not None and message.value is not None
        sums[message.key.decode()] += int(message.value)
    return dict(sums)


def test_a_worker_adds_up_answers_with_headers_and_finds_its_table_after_a_restart(
    log: SqliteLog, path: Path, start: Start
) -> None:
    publish(log, 0, 200)
    worker = start()
    worker.until_ready()
    publish(log, 200, 100)
    wait_for(lambda: processed(log))
    assert worker.stop() == expected(log)
    answers = everything(log, ANSWERS)
    assert sorted(int(message.value or b"") for message in answers) == list(range(300))
    assert all(message.headers == (("number", message.value),) for message in answers)

    again = start()
    again.until_ready()
    assert again.stop() == expected(log)
    # Nothing was processed a second time, so nothing new was written.
    assert len(everything(log, ANSWERS)) == 300


def test_a_changelog_is_compacted_and_a_worker_recovers_from_what_is_left(
    log: SqliteLog, path: Path, start: Start
) -> None:
    publish(log, 0, 2000)
    worker = start()
    wait_for(lambda: processed(log))
    worker.stop()
    changelog = f"{APP}-sums-changelog"
    assert len(everything(log, changelog)) == 2000
    assert log.housekeeping(0).compacted == 2000 - 7
    again = start()
    again.until_ready()
    assert again.stop() == expected(log)


def test_kills_at_random_moments_lose_nothing(log: SqliteLog, path: Path, start: Start) -> None:
    chance = random.Random(5)
    at = 0
    for _ in range(5):
        worker = start()
        worker.until_ready()
        for _ in range(chance.randint(1, 6)):
            publish(log, at, 150)
            at += 150
            time.sleep(chance.random() / 20)
        worker.kill()
    last = start()
    wait_for(lambda: processed(log))
    assert last.stop() == expected(log)
    answered = {int(message.value or b"") for message in everything(log, ANSWERS)}
    assert answered == set(range(at))


def test_a_second_worker_is_refused_and_the_first_goes_on(log: SqliteLog, path: Path, start: Start) -> None:
    first = start()
    first.until_ready()
    second = start()
    assert second.process.wait(PATIENCE) == 1
    assert second.errors() == (
        f"WorkerAlreadyRuns: a worker (process {first.process.pid}) already reads the event log {path}, and "
        "a second one would process everything twice; stop that one first, or give this one another log\n"
    )
    publish(log, 0, 20)
    wait_for(lambda: processed(log))
    assert first.stop() == expected(log)


def test_after_a_kill_the_next_worker_is_let_in(log: SqliteLog, path: Path, start: Start) -> None:
    first = start()
    first.until_ready()
    first.kill()
    second = start()
    second.until_ready()
    second.stop()


PUBLISHER = """
import sys
from pathlib import Path
from infra.sqlite_log.log import SqliteLog
from streams.event_log import Outgoing
log = SqliteLog(Path(sys.argv[1]), synchronous="NORMAL")
for n in range(int(sys.argv[2]), int(sys.argv[2]) + 200):
    log.append("numbers", [Outgoing(b"k%d" % (n % 7), b"%d" % n)])
"""


def test_publishers_in_other_processes_write_while_the_worker_runs(
    log: SqliteLog, path: Path, start: Start
) -> None:
    worker = start()
    worker.until_ready()
    publishers = [
        subprocess.Popen([sys.executable, "-c", PUBLISHER, path, str(first)], cwd=ROOT)
        for first in (0, 200, 400)
    ]
    assert [publisher.wait(PATIENCE) for publisher in publishers] == [0, 0, 0]
    wait_for(lambda: processed(log))
    assert worker.stop() == expected(log)
    assert sorted(int(message.value or b"") for message in everything(log, ANSWERS)) == list(range(600))


def test_a_stop_waits_for_the_message_in_hand_and_acknowledges_no_other(
    log: SqliteLog, path: Path, start: Start
) -> None:
    publish(log, 0, 40)
    worker = start("--slow", "0.3")
    wait_for(lambda: any(line.startswith("began") for line in worker.lines()))
    sums = worker.stop()
    began, ended = (sum(line.startswith(word) for line in worker.lines()) for word in ("began", "ended"))
    assert began == ended == len(everything(log, ANSWERS)) < 40
    done = sum(log.committed(APP, NUMBERS, n) or 0 for n in range(PARTITIONS))
    assert done == ended
    assert sum(sums.values()) == sum(int(message.value or b"") for message in everything(log, ANSWERS))


# A message at the end of a partition, as a bad disk would give it back.
DAMAGE = """
INSERT INTO message SELECT max(id) + 1, timestamp_ms, 0, key, value, headers FROM message
WHERE id < (SELECT (id + 1) << 40 FROM tp WHERE topic = ? AND partition = 0)
"""


def test_damage_while_it_runs_ends_the_worker_and_says_so(log: SqliteLog, path: Path, start: Start) -> None:
    publish(log, 0, 20)
    worker = start()
    wait_for(lambda: processed(log))
    raw = sqlite3.connect(path)
    with raw:
        raw.execute(DAMAGE, (NUMBERS,))
    raw.close()
    assert worker.process.wait(PATIENCE) == 1
    said = worker.errors()
    assert f"LogUnavailable: the event log {path} is damaged" in said
    assert "put a backup of them in their place" in said
    assert processed(log)
