"""Which cells of bands the students in `touched` may be in, now or before: their groups, and their grades."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import K12, PAIRS
from infra.clickhouse.district_students import STUDENTS
from infra.clickhouse.touched_students import IN_TOUCHED, WHO_IS_TOUCHED
from models.trends.scope import DIMENSIONS

# Also of a student who has no day left.
_GROUPS = f"""SELECT DISTINCT pair.1, pair.2
FROM (SELECT DISTINCT district_id, student_id FROM touched) AS these
LEFT JOIN
(
    SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL
    WHERE {WHO_IS_TOUCHED}
) AS groups
ON these.district_id = groups.district_id AND these.student_id = groups.student_id
ARRAY JOIN [{PAIRS}] AS pair
ORDER BY ALL"""

# Of a day that is another one now what it said before is in the history; the grades of other days are still
# in the steps, but for PK, which is no more where a K-12 day came before it.
_GRADES = f"""SELECT toString(grade)
FROM fact_history
WHERE school_year = {{year:UInt16}} AND date IN {{dates:Array(Date)}} AND {IN_TOUCHED}
UNION DISTINCT
SELECT toString(step.3)
FROM {STUDENTS}
ARRAY JOIN steps AS step
WHERE {WHO_IS_TOUCHED}"""

PLACES = f"""arrayFilter(place -> place > 0, [1, {
    ", ".join(
        f"transform(toString({name}), {{{name}_values:Array(String)}}, {{{name}_places:Array(UInt16)}}, 0)"
        for name in DIMENSIONS
    )
}])"""
"""Of a student's groups, their places in `Cells.groups`: with texts in arrays it takes twice as long."""


class Cells(NamedTuple):
    """The groups as (dimension, value), first of them all students, and the grades with PK and K-12."""

    groups: list[tuple[str, str]]
    grades: list[str]

    def parameters(self) -> dict[str, Any]:
        """What a statement with PLACES, `groups` and `grades` takes."""
        places: dict[str, Any] = {"groups": self.groups, "grades": self.grades}
        for name in DIMENSIONS:
            these = [(n, value) for n, (of, value) in enumerate(self.groups, 1) if of == name]
            places[f"{name}_places"] = [n for n, _ in these]
            places[f"{name}_values"] = [value for _, value in these]
        return places


def touched_cells(client: Client, year: int, dates: Collection[str]) -> Cells:
    """The cells of the students in `touched`, in districts of which all students have been read.

    Of them only facts of these dates are new.
    """
    groups = client.query(_GROUPS).result_rows
    grades = client.query(_GRADES, parameters={"year": year, "dates": sorted(dates)}).result_rows
    everyone = ("all", "")
    return Cells(
        [everyone, *((of, value) for of, value in groups if (of, value) != everyone)],
        sorted({K12, "PK", *(grade for (grade,) in grades)}),
    )
