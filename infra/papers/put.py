"""Writes the bytes of a paper to a file that is there only when it is whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def put(out: Path, content: bytes) -> None:
    """Write a file that its owner alone may read. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        os.replace(name, out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
