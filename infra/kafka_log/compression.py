"""How hard the worker's messages are compressed on their way to Kafka: little, because its time is dear.

aiokafka compresses lz4 at level 9, as the broker would, and lets nobody choose. What the worker sends most is
its state, which is compressed already: level 9 takes nineteen times as long over it as level 1, and wins
nothing. Facts come out a hundredth larger with level 1.
"""

from __future__ import annotations

from aiokafka.codec import lz4_encode  # type: ignore[import-untyped]  # it comes without types

LEVEL = 1


def compress_lightly() -> None:
    """Let all that aiokafka compresses with lz4 in this process be compressed at LEVEL."""
    # Its own callers name no level. A test sees to it that this is still so, and has an effect.
    lz4_encode.__defaults__ = (LEVEL,)
