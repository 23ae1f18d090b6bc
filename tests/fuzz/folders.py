"""A folder a process and target to lay files in, in memory where the machine has such a place."""

from __future__ import annotations

import atexit
import functools
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")


@functools.cache
def root() -> Path:
    """The folder of all. Who starts processes asks for it first, and so is the one to take it away."""
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    made = tempfile.TemporaryDirectory(prefix="rollcall-fuzz-", dir=memory)
    atexit.register(made.cleanup)
    return Path(made.name)


@functools.lru_cache(maxsize=64)
def _folder(process: int, name: str) -> Path:
    made = root() / f"{process}-{name}"
    made.mkdir()
    return made


@contextmanager
def laid(name: str, good: Mapping[str, bytes], changed: Mapping[str, bytes]) -> Iterator[Path]:
    """The folder of a target with its good files, which stay there, and the input's instead of some."""
    folder = _folder(os.getpid(), name)
    for file, content in good.items():
        if not (folder / file).exists():
            (folder / file).write_bytes(content)
    for file, content in changed.items():
        (folder / file).write_bytes(content)
    try:
        yield folder
    finally:
        for file in changed:
            (folder / file).unlink()
