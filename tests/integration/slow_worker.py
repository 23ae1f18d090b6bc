"""A worker that is held up by, or dies in, a message that says what a code means.

Run as `python -m tests.integration.slow_worker FOLDER`, where it writes the file `began` and goes on once
there is a file `go`. With a number more it goes on at once, in slices of one message or write, and dies after
so many of them.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from infra.running.parts import Parts
from infra.running.process import run
from infra.settings import load
from models.columns import Kind
from streams import effects, outcome
from streams.effects import Effects
from streams.event_log import Message
from streams.judging import Judged
from streams.processor import Plan, Processor
from streams.table import StateStore

_apply, _send, _put = Processor.apply, Effects._send, StateStore.put
_folder = Path(sys.argv[1])


class _Slices:
    """Counts those of the message from its beginning on."""

    number = 0
    die_after = 0
    began = False

    @classmethod
    def one_more(cls) -> None:
        if cls.began:
            cls.number += 1
            if cls.number == cls.die_after:
                os._exit(9)


def _held_up(self: Processor, message: Message, judged: Judged) -> Plan:
    if judged.kind is Kind.CODE:
        (_folder / "began").touch()
        while not (_folder / "go").exists():
            time.sleep(0.01)
    return _apply(self, message, judged)


def _noted(self: Processor, message: Message, judged: Judged) -> Plan:
    _Slices.began |= judged.kind is Kind.CODE
    return _apply(self, message, judged)


async def _counted_send(self: Effects, name: str, messages: Any) -> None:
    await _send(self, name, messages)
    _Slices.one_more()


async def _counted_put(self: StateStore, producer: Any, partition: int, writes: Any) -> None:
    await _put(self, producer, partition, writes)
    _Slices.one_more()


if __name__ == "__main__":
    if len(sys.argv) == 2:
        Processor.apply = _held_up  # type: ignore[method-assign]  # that is the point
    else:
        _Slices.die_after = int(sys.argv[2])
        effects.SLICE_MESSAGES = effects.SLICE_WRITES = 1
        outcome._FACTS_A_MESSAGE = outcome._EVENTS_A_MESSAGE = 1
        Processor.apply = _noted  # type: ignore[method-assign]  # that is the point
        Effects._send = _counted_send  # type: ignore[method-assign]  # that is the point
        StateStore.put = _counted_put  # type: ignore[method-assign]  # that is the point
    run(load(), Parts(worker=True, sink=False))
