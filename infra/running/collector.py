"""How often Python's garbage collector looks through the worker's state."""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """The state is many small objects that stay, without cycles: to go through them often costs a fifth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
