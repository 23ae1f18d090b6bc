"""Rows to text: CSV and JSON Lines as the contract has them (contract 4)."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TextIO

Format = Literal["csv", "jsonl"]
Row = Mapping[str, str]


def write(
    rows: Iterable[Row], columns: Sequence[str], numbers: frozenset[str], fmt: Format, target: TextIO
) -> None:
    """Write the rows. CSV has LF, quotes where needed and no BOM; in JSON Lines a blank is null."""
    if fmt == "csv":
        table = csv.writer(target, lineterminator="\n")
        table.writerow(columns)
        table.writerows([row[name] for name in columns] for row in rows)
        return
    for row in rows:
        shown = {name: _value(row[name], name in numbers) for name in columns}
        target.write(json.dumps(shown, ensure_ascii=False, separators=(",", ":")) + "\n")


def _value(cell: str, number: bool) -> str | int | None:
    if not cell:
        return None
    return int(cell) if number else cell


def by_bytes(rows: Iterable[Row], names: Sequence[str]) -> list[Row]:
    """The rows in the order of their bytes, which in UTF-8 is that of the characters."""
    return sorted(rows, key=lambda row: [row[name] for name in names])


@contextmanager
def opened(out: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that is there only when it is whole (readable by its owner alone)."""
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a text stream
        yield sys.stdout
        sys.stdout.flush()
        return
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as target:
            yield target
        os.replace(name, out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
