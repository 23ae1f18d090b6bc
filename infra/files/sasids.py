"""The file that says which SASID (the state's id) a student has: CSV with columns student_id and sasid."""

from __future__ import annotations

import re
from pathlib import Path

from infra.files.rows import CsvTable, FileRefused
from infra.files.source import PathUnusable, opened

SASID = re.compile(r"[0-9]{10}")


class SasidsUnusable(ValueError):
    """The file cannot be used. The message names the line and the remedy, and no student."""


def read(path: Path) -> dict[str, str]:
    """The SASIDs by student id; who has none yet is left out. Raises SasidsUnusable."""
    try:
        with opened(path) as source:
            source.scan_text()
            return _read(CsvTable(source.lines("")))
    except FileRefused as refused:
        raise SasidsUnusable(f"the file of --sasid: {refused.fault.message}") from None
    except PathUnusable as error:
        raise SasidsUnusable(str(error)) from None


def _read(table: CsvTable) -> dict[str, str]:
    names = [name if name in ("student_id", "sasid") else "" for name in table.header]
    if sorted(name for name in names if name) != ["sasid", "student_id"]:
        raise SasidsUnusable("the file of --sasid needs the columns student_id and sasid, once each")
    found: dict[str, str] = {}
    holder: dict[str, str] = {}
    for row in table.rows(names):
        at = f"line {row.line} of the file of --sasid"
        if row.fault is not None:
            raise SasidsUnusable(f"{at}: {row.fault.message}")
        student, sasid = row.given.get("student_id"), row.given.get("sasid")
        if student is None or sasid is None:
            continue
        if not SASID.fullmatch(sasid):
            raise SasidsUnusable(
                f"{at}: a SASID is 10 digits; where a spreadsheet dropped zeros, format the column as text"
            )
        if found.get(student, sasid) != sasid:
            raise SasidsUnusable(f"{at}: this student has another SASID above; keep the right one")
        if holder.get(sasid, student) != student:
            raise SasidsUnusable(f"{at}: another student above has this SASID; correct one of them")
        found[student], holder[sasid] = sasid, student
    return found
