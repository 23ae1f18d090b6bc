"""The file that says which SASID a student has: CSV with the columns student_id and sasid."""

from __future__ import annotations

import csv
from pathlib import Path

from infra.papers.psis import SASID


class SasidsUnusable(ValueError):
    """The file cannot be used. The message names the line and the remedy, and no student."""


def read(path: Path) -> dict[str, str]:
    """The SASIDs by student id. Raises SasidsUnusable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _read(csv.DictReader(lines))
    except OSError as error:
        raise SasidsUnusable(f"the file of --sasid cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SasidsUnusable("the file of --sasid is not UTF-8; save it as CSV UTF-8") from None
    except csv.Error:
        raise SasidsUnusable("the file of --sasid is not CSV; save it as CSV UTF-8") from None


def _read(table: csv.DictReader[str]) -> dict[str, str]:
    names = {(name or "").strip() for name in table.fieldnames or ()}
    if not {"student_id", "sasid"} <= names:
        raise SasidsUnusable("the file of --sasid needs a header with the columns student_id and sasid")
    table.fieldnames = [(name or "").strip() for name in table.fieldnames or ()]
    found: dict[str, str] = {}
    holder: dict[str, str] = {}
    for row in table:
        student, sasid = ((row[name] or "").strip() for name in ("student_id", "sasid"))
        if not student or not sasid:
            continue  # a student whose SASID is not known yet is told with all others
        at = f"line {table.line_num} of the file of --sasid"
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
