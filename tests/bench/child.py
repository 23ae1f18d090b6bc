"""One measurement in a process of its own: `python -m tests.bench.child TASK MESSAGES STARTED`.

The settings come from the environment; MESSAGES is how many there are, STARTED the Unix time when the process
was started. The result is one line of JSON, the last of standard output.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any
from unittest import mock

from infra import logging
from infra.running import process
from infra.running.caught_up import caught_up
from infra.running.parts import Parts
from infra.settings import Settings, load
from streams.event_log import EventLog
from tests.bench.bare import consume
from tests.bench.steps import REST, Steps
from tests.bench.watch import Mark, Watch, Window, now


def bare(settings: Settings, messages: int) -> dict[str, Any]:
    """The yardstick."""
    return _rates(consume(settings, messages))


def stream(settings: Settings, messages: int) -> dict[str, Any]:
    """The worker alone, until it has dealt with all messages."""
    return _of_worker(_worked(settings, messages))


def steps(settings: Settings, messages: int) -> dict[str, Any]:
    """The worker alone, its time by step."""
    clock = Steps()
    clock.install()
    watch = _worked(settings, messages, clock)
    held = dict(clock.seconds)
    held[REST] = watch.window.computing - sum(held.values())
    per_event = {step: 1e6 * seconds / watch.window.events for step, seconds in held.items()}
    return {**_of_worker(watch), "microseconds": per_event}


def pipeline(settings: Settings, messages: int) -> dict[str, Any]:
    """Worker and sink, until everything is processed and stored."""
    ends: list[Mark] = []

    def asked(log: EventLog) -> bool:
        done = caught_up(log)
        if done:
            ends.append(now())
        return done

    held: list[Watch] = []
    with (
        mock.patch.object(process, "caught_up", asked),
        mock.patch.object(process, "MetricsObserver", _noting(held, messages)),
    ):
        process.run(settings, Parts(until_caught_up=True))
    window = held[0].window
    window.extend(ends[-1])
    return _rates(window)


def recovery(settings: Settings, messages: int) -> dict[str, Any]:
    """The worker alone on a state that is there; what it takes until messages are dealt with again."""
    watch = _worked(settings, messages)
    started = float(sys.argv[3])
    applied = sorted(watch.first_of.values())
    return {
        "seconds_to_first_message": watch.first_taken - started,
        "seconds_to_first_district": applied[0] - started,
        "seconds_to_every_district": applied[-1] - started,
        "memory_bytes": watch.memory_at_last,
    }


def _worked(settings: Settings, messages: int, clock: Steps | None = None) -> Watch:
    """Run the worker as `rollcall worker` does, but stop after so many messages."""
    stop = threading.Event()
    held: list[Watch] = []
    more = () if clock is None else (clock.settle,)
    with mock.patch.object(process, "MetricsObserver", _noting(held, messages, stop, *more)):
        process.run(settings, Parts(sink=False), stop)
    return held[0]


def _noting(held: list[Watch], messages: int, *more: Any) -> Any:
    def made(metrics: Any) -> Watch:
        held.append(Watch(metrics, messages, *more))
        return held[0]

    return made


def _of_worker(watch: Watch) -> dict[str, Any]:
    return {
        **_rates(watch.window),
        "memory_growth_bytes": watch.memory_at_last - watch.memory_at_first,
        "changelog_bytes": watch.written,
    }


def _rates(window: Window) -> dict[str, Any]:
    return {
        "events": window.events,
        "seconds": window.clock,
        "events_per_second": window.events / window.clock,
        "computing_us_per_event": 1e6 * window.computing / window.events,
    }


TASKS = {task.__name__: task for task in (bare, stream, steps, pipeline, recovery)}


def main() -> None:
    """Do one task."""
    settings = load()
    logging.configure(settings.log_level, settings.log_format)
    print(json.dumps(TASKS[sys.argv[1]](settings, int(sys.argv[2]))))


if __name__ == "__main__":
    main()
