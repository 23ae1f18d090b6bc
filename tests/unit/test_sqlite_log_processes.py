"""Several processes on one log at once, and processes that are killed while they write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from infra.sqlite_log.log import SqliteLog
from streams.event_log import Message

ROOT = Path(__file__).parents[2]

# Opens the log (all at once, on a file that is not there yet), and appends batches of different sizes.
PUBLISHER = """
import sys
from pathlib import Path
from infra.sqlite_log.log import SqliteLog
from streams.event_log import Outgoing

path, name, batches = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sys.stdin.readline()
log = SqliteLog(path, synchronous="NORMAL")
log.create("events", 2)
at = 0
for batch in range(batches):
    count = 1 + batch % 7
    log.append("events", [Outgoing(b"%d" % (n % 5), f"{name} {n}".encode()) for n in range(at, at + count)])
    at += count
    print(at, flush=True)
"""


def publisher(path: Path, name: str, batches: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, str(path), name, str(batches)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def messages(path: Path) -> list[Message]:
    """All messages, after a look at the offsets: from 0 to the end, none missing and none twice."""
    log = SqliteLog(path)
    found: list[Message] = []
    for partition in range(2):
        at = 0
        while part := log.read("events", partition, at):
            assert [message.offset for message in part] == list(range(at, at + len(part)))
            at += len(part)
            found += part
        assert log.end("events", partition) == at
    log.close()
    return found


def numbers(found: list[Message]) -> dict[str, list[int]]:
    """The numbers of each publisher, as they stand in the log."""
    of: dict[str, list[int]] = defaultdict(list)
    for message in found:
        assert message.value is not None
        name, number = message.value.decode().split()
        of[name].append(int(number))
    return of


def test_four_processes_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite3"
    names = ["a", "b", "c", "d"]
    processes = [publisher(path, name, 60) for name in names]
    for process in processes:
        begin(process)
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    found = messages(path)
    sent = sum(1 + batch % 7 for batch in range(60))
    assert {name: sorted(seen) for name, seen in numbers(found).items()} == {
        name: list(range(sent)) for name in names
    }
    # What one publisher sends stands in its order, in each partition.
    for partition in range(2):
        for seen in numbers([message for message in found if message.partition == partition]).values():
            assert seen == sorted(seen)


def test_a_publisher_that_is_killed_loses_nothing_it_returned_for_and_leaves_no_gap(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite3"
    chance = random.Random(3)
    returned = {}
    for name in ("a", "b", "c", "d", "e"):
        victim, neighbour = publisher(path, name, 100_000), publisher(path, f"{name}-neighbour", 20)
        begin(victim)
        begin(neighbour)
        assert victim.stdout is not None
        printed = [victim.stdout.readline() for _ in range(chance.randint(5, 60))]
        time.sleep(chance.random() / 100)
        os.kill(victim.pid, signal.SIGKILL)
        # What it printed between our last look and its death counts as well.
        printed += victim.communicate(timeout=60)[0].splitlines()
        returned[name] = int(printed[-1])
        neighbour.communicate(timeout=60)
        assert neighbour.returncode == 0
        of = numbers(messages(path))
        for victims_name, least in returned.items():
            seen = sorted(of[victims_name])
            assert seen == list(range(len(seen)))
            assert len(seen) >= least
        assert sorted(of[f"{name}-neighbour"]) == list(range(sum(1 + n % 7 for n in range(20))))
