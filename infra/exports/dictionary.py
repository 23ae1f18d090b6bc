"""The data dictionary of an export: a row a column, and what holds of the file as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from infra.exports.meanings import MEANINGS
from infra.version import VERSION

COLUMNS = ("column", "type", "unit", "meaning", "source")

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_DATES = frozenset({"data_through", "truant_since", "first_date", "last_date"})
_CODES = frozenset({"SASID", "Reporting District", "District Code", "School Code"})
_DECIMALS = frozenset({"%"})

SOURCES = {
    "standings": "counted from live attendance, enrollment, calendar, submission, school and code records",
    "alerts": "folded over the counted days; the history as it was published",
    "refused": "what came, and why it was refused or set aside",
    "documentation": "counted from the live records",
    "truancy": "folded over the counted days, with the school's calendar",
    "quality": "findings about the live records",
    "psis": "counted from the live records; SASIDs from a file",
    "agenda": "counted from the live records",
    "tables": "counted from the live records; groups from student records",
}
STUDENTS_DATA = "none: the file holds students' data, and must be treated so"


def plain(text: str) -> str:
    """A meaning without the marks of Markdown."""
    return _LINK.sub(r"\1", text).replace("`", "")


def rows(
    exports: Sequence[str],
    columns: Iterable[str],
    numbers: frozenset[str],
    *,
    data_through: date | None,
    suppression: str,
    made: datetime,
) -> Iterator[dict[str, str]]:
    """The rows of a dictionary. `exports` are the names in MEANINGS under which the columns are explained.

    Raises KeyError where a column has no meaning.
    """
    said = {name: text for export in exports for name, text in MEANINGS[export].items()}
    source = SOURCES[exports[0]]
    for name in columns:
        yield _row(name, *type_of(name, numbers), plain(said[name]), source)
    yield _row("(export)", "", "", f"{exports[0]} of Rollcall {VERSION}", "")
    through = data_through.isoformat() if data_through else "no day is counted"
    yield _row(
        "(data through)", "date", "", through, "the last counted day in the file's district or districts"
    )
    yield _row("(made at)", "time", "", made.isoformat(timespec="seconds"), "")
    yield _row("(suppression)", "", "", suppression, "")


def type_of(name: str, numbers: frozenset[str]) -> tuple[str, str]:
    """The type and the unit of a column."""
    if name.endswith("_days") or name.startswith("Number of Days"):
        return "whole number", "days"
    if name in numbers or name in ("Student Count", "count", "of", "days"):
        return "whole number", "days" if name == "days" else ""
    if "percent" in name or name in _DECIMALS:
        return "decimal number", "percent"
    if name.endswith("_on") or name in _DATES:
        return "date YYYY-MM-DD", ""
    return (
        "text of digits and letters, keeps its zeros" if name.endswith("_id") or name in _CODES else "text"
    ), ""


def _row(column: str, type_: str, unit: str, meaning: str, source: str) -> dict[str, str]:
    return dict(zip(COLUMNS, (column, type_, unit, meaning, source), strict=True))
