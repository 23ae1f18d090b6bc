"""The same history as canonical CSV files, one folder a district (contract 1)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from models.columns import COLUMNS, Kind

_NAMES = {
    Kind.CODE: "codes",
    Kind.SCHOOL: "schools",
    Kind.CALENDAR: "calendar",
    Kind.ENROLLMENT: "enrollments",
    Kind.STUDENT: "students",
    Kind.PRIOR_YEAR: "prior_years",
    Kind.SUBMISSION: "submissions",
}


def write(folder: Path, batches: Iterable[tuple[str, tuple[Kind, list[dict[str, str]]]]]) -> list[Path]:
    """Write batches, each with the month in which it arrives (`2021-09`), in their order.

    Attendance has a file a month, `attendance-2021-09.csv`; every other kind one file. The folder is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    begun: list[Path] = []
    for month, (kind, found) in batches:
        name = _NAMES.get(kind) or f"attendance-{month}"
        path = folder / f"{name}.csv"
        columns = [*(column.name for column in COLUMNS[kind]), "op"]
        with path.open("a" if path in begun else "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            if path not in begun:
                begun.append(path)
                writer.writeheader()
            writer.writerows(found)
    return begun
