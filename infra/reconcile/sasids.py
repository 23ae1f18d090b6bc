"""The state's student ids in ours: a CSV file with the columns student_id and sasid."""

from __future__ import annotations

import re
from pathlib import Path

from infra.files.rows import CsvTable, FileRefused
from infra.files.source import opened
from infra.reconcile.theirs import FileUnclear

_SASID = re.compile(r"[0-9]{10}")


def ours_by_sasid(path: Path) -> dict[str, str]:
    """Our ids by SASID. Raises FileUnclear, which names the line and no student, and PathUnusable."""
    with opened(path) as source:
        try:
            source.scan_text()
            table = CsvTable(source.lines(""))
        except FileRefused as refused:
            raise FileUnclear(refused.fault.message) from None
        names = [name if name in ("student_id", "sasid") else "" for name in table.header]
        if sorted(name for name in names if name) != ["sasid", "student_id"]:
            raise FileUnclear("the header needs the columns student_id and sasid, each once")
        found: dict[str, str] = {}
        for row in table.rows(names):
            if row.fault is not None:
                raise FileUnclear(f"line {row.line}: {row.fault.message}")
            student, sasid = row.given.get("student_id"), row.given.get("sasid")
            if student is None or sasid is None:
                continue  # whose SASID is not known yet
            if _SASID.fullmatch(sasid) is None:
                raise FileUnclear(f"line {row.line}: a SASID has ten digits; did a spreadsheet drop zeros?")
            if found.setdefault(sasid, student) != student:
                raise FileUnclear(f"line {row.line}: another student above has this SASID; correct one")
    return found
