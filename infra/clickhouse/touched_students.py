"""The students of whose facts anything is new, at all of their schools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.temporary import Condition, among, fill

Touched = tuple[str, str, str]
"""district_id, school_id, student_id."""

FEW_STUDENTS = 20

# It lives as long as the client's session. `known_since`: when the first of what is new was known.
_MAKE = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS touched"
    " (district_id String, school_id String, student_id String, known_since Int64)"
)
_COLUMNS = ("district_id", "school_id", "student_id", "known_since")
_TOUCHED = ("touched", "district_id, school_id, student_id", "String, String, String")
IN_TOUCHED = among(*_TOUCHED).text
WHO_IS_TOUCHED = "(district_id, student_id) IN (SELECT district_id, student_id FROM touched)"
"""The same at any school."""

# As of them nothing is new, they do not count for `known_since`.
_OTHER_SCHOOLS = f"""INSERT INTO touched
SELECT district_id, school_id, student_id, {2**62}
FROM standings
WHERE school_year = {{year:UInt16}} AND scope = 'school' AND {WHO_IS_TOUCHED}"""

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

    def these(self) -> Condition:
        """That a row is of them and one of these schools."""
        return among(*_TOUCHED, self.few)


def touch(client: Client, touched: Mapping[Touched, int]) -> None:
    """Put the students into `touched`, of each when the first of what is new was known."""
    fill(client, "touched", _MAKE, _COLUMNS, [(*student, since) for student, since in touched.items()])


def widen(client: Client, year: int) -> Widened:
    """Put all other schools of the students in `touched` there too."""
    client.command(_OTHER_SCHOOLS, parameters={"year": year})
    students, at_schools, few = client.query(_WIDENED, parameters={"few": FEW_STUDENTS}).result_rows[0]
    return Widened(int(students), int(at_schools), sorted((row[0], row[1], row[2]) for row in few))
