"""The students of whose facts anything is new, at all of their schools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.temporary import fill

Touched = tuple[str, str, str]
"""district_id, school_id, student_id."""

# So few are named in a statement itself: to look them up in another table costs as much as what is read.
FEW_STUDENTS = 20

# It lives as long as the client's session. `known_since`: when the first of what is new was known.
_MAKE = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS touched"
    " (district_id String, school_id String, student_id String, known_since Int64)"
)
_COLUMNS = ("district_id", "school_id", "student_id", "known_since")
IN_TOUCHED = """(district_id, school_id, student_id) IN (
                SELECT district_id, school_id, student_id FROM touched
            )"""

# As of them nothing is new, they do not count for `known_since`.
_OTHER_SCHOOLS = f"""INSERT INTO touched
SELECT district_id, school_id, student_id, {2**62}
FROM standings
WHERE school_year = {{year:UInt16}} AND scope = 'school'
    AND (district_id, student_id) IN (SELECT district_id, student_id FROM touched)"""

_WIDENED = """SELECT
    uniqExact(district_id, student_id), uniqExact(district_id, school_id, student_id),
    groupUniqArrayIf(
        (district_id, school_id, student_id),
        (SELECT uniqExact(district_id, student_id) FROM touched) <= {few:UInt32}
    )
FROM touched"""


class Widened(NamedTuple):
    """How many students are in `touched`, and at how many schools, each added up; and of few who they are."""

    students: int
    at_schools: int
    few: list[Touched]

    def these(self) -> tuple[str, dict[str, Any]]:
        """The condition that a row is of them and one of these schools, and what it takes."""
        if not self.few:
            return IN_TOUCHED, {}
        named = "(district_id, school_id, student_id) IN {touched:Array(Tuple(String, String, String))}"
        return named, {"touched": self.few}


def touch(client: Client, touched: Mapping[Touched, int]) -> None:
    """Put the students into `touched`, of each when the first of what is new was known."""
    fill(client, "touched", _MAKE, _COLUMNS, [(*student, since) for student, since in touched.items()])


def widen(client: Client, year: int) -> Widened:
    """Put all other schools of the students in `touched` there too."""
    client.command(_OTHER_SCHOOLS, parameters={"year": year})
    students, at_schools, few = client.query(_WIDENED, parameters={"few": FEW_STUDENTS}).result_rows[0]
    return Widened(int(students), int(at_schools), sorted((row[0], row[1], row[2]) for row in few))
