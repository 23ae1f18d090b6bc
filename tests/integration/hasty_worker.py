"""A worker whose messages arrive before it has been told to begin.

Run as `python -m tests.integration.hasty_worker`. Faust lets the partitions flow, looks up where to read
from, and only then resumes the flow. A broker may deliver in between; here it always does. With the word
`forgetful` the flow forgets then what has arrived, as Faust's own does.
"""

from __future__ import annotations

import asyncio
import sys

from mode.utils.queues import FlowControlEvent

from infra.running.parts import Parts
from infra.running.process import run
from infra.settings import load
from infra.sqlite_transport.consumer import Consumer
from streams.flow import Flow

_seek = Consumer.perform_seek


async def _seek_until_something_came(self: Consumer) -> None:
    await _seek(self)
    while not self.unacked:
        await asyncio.sleep(0.001)


if __name__ == "__main__":
    Consumer.perform_seek = _seek_until_something_came  # type: ignore[method-assign]  # that is the point
    if "forgetful" in sys.argv:
        Flow.resume = FlowControlEvent.resume  # type: ignore[method-assign]  # that is the point
    run(load(), Parts(worker=True, sink=False))
