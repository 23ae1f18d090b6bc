"""The days that the attendance of an export speaks of: their school year, and those that come twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from models.columns import Kind
from models.instant import read_date
from models.quick_check import first_fault
from models.school_year import first_day, school_year_of


class Days:
    """Rows of attendance that are valid, as they are met."""

    def __init__(self) -> None:
        self._rows: Counter[tuple[str, str, str]] = Counter()

    def see(self, cells: Mapping[str, str]) -> bool:
        """A row's cells; whether they are those of a valid record."""
        given = {name: cell for name, cell in cells.items() if cell}
        if first_fault(Kind.ATTENDANCE, given) is not None:
            return False
        self._rows[given["school_id"], given["student_id"], given["date"]] += 1
        return True

    @property
    def year_begin(self) -> str:
        """The first day of the school year that the export is of; blank without rows.

        It is the latest year with a tenth as many rows as the fullest: a mistyped date makes no year.
        """
        years: Counter[int] = Counter()
        for (_, _, day), count in self._rows.items():
            read = read_date(day)
            if read is not None:
                years[school_year_of(read)] += count
        full = [year for year, count in years.items() if 10 * count >= max(years.values())]
        return first_day(max(full)).isoformat() if full else ""

    @property
    def rows(self) -> int:
        """Valid rows."""
        return self._rows.total()

    @property
    def several(self) -> int:
        """Days of a student at a school with more than one row."""
        return sum(count > 1 for count in self._rows.values())
