"""Many inputs over several processes, each of which is watched: a process that no longer moves has hung.

Input number n of a run is that of a target, chosen by its share, and of the seed n. So a run of the numbers
0 to 999,999 is the same on every machine, however many processes work on it.
"""

from __future__ import annotations

import math
import multiprocessing
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from random import Random
from typing import Any

from tests.fuzz.folders import root
from tests.fuzz.target import Target
from tests.fuzz.trying import Failure, attempt

# Seconds without any news after which a process is taken for dead: code in C heeds no signal.
SILENT_S = 120.0
_AT_ONCE = 500

Part = tuple[int, int]
"""A part of a run: its first number, and the one behind its last."""


@dataclass(slots=True)
class Done:
    """What a run did: inputs by target, and what failed, each sort of fault once a target."""

    inputs: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def take(self, inputs: Mapping[str, int], failed: Mapping[str, int], failures: Sequence[Failure]) -> None:
        """A part of the run that is done."""
        self.inputs.update(inputs)
        self.failed.update(failed)
        for failure in failures:
            sorts = {(each.target, each.told[:60]) for each in self.failures}
            if (failure.target, failure.told[:60]) not in sorts and len(self.failures) < 100:
                self.failures.append(failure)

    def add(self, target: Target, failure: Failure | None) -> None:
        """An input more."""
        found = [failure] if failure is not None else []
        self.take({target.name: 1}, {target.name: len(found)}, found)


def numbered(targets: Mapping[str, Target], first: int, count: int) -> Iterator[tuple[Target, int]]:
    """The inputs of a run: by each number a target and a seed."""
    held = list(targets.values())
    shares = [target.share for target in held]
    for number in range(first, first + count):
        yield Random(number).choices(held, shares)[0], number


def run_here(targets: Mapping[str, Target], first: int, count: int) -> Done:
    """Try so many inputs in this process."""
    done = Done()
    for target, seed in numbered(targets, first, count):
        done.add(target, attempt(target, seed))
    return done


def _work(targets: Mapping[str, Target], line: Connection, at: Any) -> None:
    """A process: takes parts of the run, tells what it did, and leaves in `at` the number in hand."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run
    while (part := line.recv()) is not None:
        done = Done()
        for target, seed in numbered(targets, part[0], part[1] - part[0]):
            at.value = seed
            done.add(target, attempt(target, seed))
        line.send((done.inputs, done.failed, done.failures))


class _Worker:
    """A process, the part that it works on, what it was last seen to be at, and since when."""

    def __init__(self, targets: Mapping[str, Target], part: Part) -> None:
        forked = multiprocessing.get_context("fork")  # targets hold functions, which cannot be sent
        self.line, theirs = forked.Pipe()
        self.at = forked.Value("q", -1)
        self.seen, self.since = -1, time.monotonic()
        self.process: BaseProcess = forked.Process(target=_work, args=(targets, theirs, self.at), daemon=True)
        self.process.start()
        theirs.close()
        self.give(part)

    def give(self, part: Part | None) -> None:
        """The next part, or None where there is no more."""
        self.part = part
        self.line.send(part)
        if part is None:
            self.process.join()

    def is_lost(self, silent_s: float) -> bool:
        """Whether it has been at one input for so long, or is gone."""
        now = time.monotonic()
        if self.at.value != self.seen:
            self.seen, self.since = self.at.value, now
        return now - self.since > silent_s or not self.process.is_alive()


def run(
    targets: Mapping[str, Target],
    first: int,
    count: int,
    processes: int,
    tell: Callable[[Done], None] = lambda done: None,
    silent_s: float = SILENT_S,
    seconds: float = math.inf,
) -> Done:
    """Try so many inputs in some processes. One that hangs or dies is a failure of the input in its hands.

    After so many seconds no further part of the run is begun. Ctrl-C ends it with what was done.
    """
    root()
    end, behind = time.monotonic() + seconds, first + count
    parts = deque((begin, min(begin + _AT_ONCE, behind)) for begin in range(first, behind, _AT_ONCE))
    done = Done()
    workers: list[_Worker] = []
    try:
        while parts or workers:
            _step(targets, parts, workers, processes, done, tell, silent_s, end)
    except KeyboardInterrupt:
        for worker in workers:
            worker.process.kill()
    return done


def _step(
    targets: Mapping[str, Target],
    parts: deque[Part],
    workers: list[_Worker],
    processes: int,
    done: Done,
    tell: Callable[[Done], None],
    silent_s: float,
    end: float,
) -> None:
    """Hand parts out, and take what each process tells, or that it is lost."""
    if time.monotonic() > end:
        parts.clear()
    while parts and len(workers) < processes:
        workers.append(_Worker(targets, parts.popleft()))
    for worker in list(workers):
        try:
            told = worker.line.recv() if worker.line.poll(0.1) else None
        except EOFError:  # it is gone
            told = None
        if told is not None:
            done.take(*told)
            tell(done)
            worker.give(parts.popleft() if parts else None)
            if worker.part is None:
                workers.remove(worker)
        elif worker.is_lost(silent_s):
            workers.remove(worker)
            parts.extendleft(_without_the_one_in_hand(worker, targets, done))


def _without_the_one_in_hand(worker: _Worker, targets: Mapping[str, Target], done: Done) -> list[Part]:
    """A process that hung or died: what it had in hand failed. What is left of its part, both sides."""
    worker.process.kill()
    worker.process.join()
    assert worker.part is not None
    begin, behind = worker.part
    number = min(max(worker.at.value, begin), behind - 1)
    ((target, seed),) = numbered(targets, number, 1)
    done.take(
        {target.name: 1}, {target.name: 1}, [Failure(target.name, seed, "the process hangs, or is gone")]
    )
    return [part for part in ((begin, number), (number + 1, behind)) if part[0] < part[1]]
