"""The note of a disclosure: who asked for whose record, what for, and when (FERPA, 34 CFR 99.32).

The file is only ever added to. It holds the student's id and no name, because the note has to be found when
that student's record is asked about; so it is as much to be protected as the log beside it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

NAME = "disclosures.jsonl"


def note(home: Path, at: datetime, said: Mapping[str, str]) -> None:
    """Add a line, on the disk when this returns. Raises OSError."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps({"at": at.isoformat(timespec="seconds"), **said}, ensure_ascii=True) + "\n"
    handle = os.open(home / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
