"""A worker for the tests of the SQLite transport: `python -m tests.integration.sqlite_worker LOG`.

It adds up the numbers that come for each key. A sum is kept with the offset up to which it counts, so that a
message that comes again changes nothing, and each message is answered on another topic with its headers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import faust

from infra.sqlite_transport.place import broker_url
from infra.sqlite_transport.registration import register
from infra.sqlite_transport.worker_lock import WorkerAlreadyRuns, lock_for_worker
from streams.event_log import LogUnavailable
from streams.flow import App

APP = "sums"
NUMBERS = "numbers"
ANSWERS = "answers"
PARTITIONS = 2
RAW: dict[str, Any] = {
    "key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw",
}  # fmt: skip


class AwaitedTable(faust.Table[bytes, bytes]):
    """A table that remembers its changelog writes until they are durable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent: list[Any] = []

    def send_changelog(self, *args: Any, **kwargs: Any) -> Any:
        sent = super().send_changelog(*args, **kwargs)
        self.sent.append(sent)
        return sent

    async def written(self) -> None:
        sent, self.sent = self.sent, []
        await asyncio.gather(*sent)


def application(log: Path, slow: float = 0.0) -> tuple[faust.App, AwaitedTable]:
    """The application and its table; `slow` seconds pass in the midst of each message.

    As the worker's own it keeps what was fetched during a recovery (docs/adr/0015): Faust's would lose it.
    """
    register()
    app = App(
        APP, broker=broker_url(log, "NORMAL"), store="memory://", datadir=str(log.parent / "faust"),
        topic_partitions=PARTITIONS, topic_disable_leader=True, web_enabled=False, stream_wait_empty=True,
        table_standby_replicas=0, broker_commit_interval=0.1, stream_buffer_maxsize=64,
        broker_max_poll_records=100,
    )  # fmt: skip
    numbers, answers = app.topic(NUMBERS, **RAW), app.topic(ANSWERS, **RAW)
    table = AwaitedTable(
        app, name="sums", partitions=PARTITIONS, default=bytes, key_type=bytes, value_type=bytes
    )
    app.tables.add(table)

    async def add_up(stream: Any) -> None:
        async for event in stream.events():
            total, upto = map(int, (table[event.key] or b"0 -1").split())
            if slow:
                print("began", event.message.offset, flush=True)
                await asyncio.sleep(slow)
            if event.message.offset > upto:
                answered = await answers.send(key=event.key, value=event.value, headers=event.headers)
                await answered
                table[event.key] = b"%d %d" % (total + int(event.value), event.message.offset)
                await table.written()
            if slow:
                print("ended", event.message.offset, flush=True)

    app.agent(numbers, name="add_up")(add_up)
    return app, table


async def run(log: Path, slow: float) -> None:
    """Run until SIGTERM, then print the sums. Raises what the application crashed of."""
    app, table = application(log, slow)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    try:
        await app.start()
        print("ready", flush=True)
        ends = [asyncio.create_task(one) for one in (stop.wait(), app.wait_until_stopped())]
        _, others = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()
        if app.crash_reason is not None:
            raise app.crash_reason
    finally:
        await app.stop()
    print(json.dumps({key.decode(): value.decode() for key, value in table.data.items()}), flush=True)


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("log", type=Path)
    arguments.add_argument("--slow", type=float, default=0.0)
    given = arguments.parse_args()
    try:
        with lock_for_worker(given.log):
            asyncio.run(run(given.log, given.slow))
    except (WorkerAlreadyRuns, LogUnavailable) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
