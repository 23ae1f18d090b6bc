"""Records as canonical files, for the independent reading."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from models.columns import Kind
from tests.reference.reading import known_columns


def as_files(rows: Mapping[Kind, Sequence[Mapping[str, str]]]) -> dict[str, bytes]:
    """A CSV file a kind."""
    files: dict[str, bytes] = {}
    for kind, given in rows.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, known_columns(kind.value))
        writer.writeheader()
        writer.writerows(given)
        files[f"{kind.value}.csv"] = out.getvalue().encode()
    return files
