"""All that was learned of a student's bands, added up, is what the steps of the standings say now."""

from __future__ import annotations

from infra.clickhouse.district_bands import CHANGES
from models.trends.scope import DIMENSIONS

_GROUPS = ", ".join(DIMENSIONS)
_OF_YEAR = "FINAL WHERE district_id = {district:String} AND school_year = {year:UInt16}"
KNOWN_BANDS = f"""SELECT student_id, school_id, date, grade, band, {_GROUPS}, sum(learned) AS wrong
FROM
(
    SELECT
        student_id, toString(school_id) AS school_id, date, toString(grade) AS grade, band,
        toInt64(students) AS learned, {_GROUPS}
    FROM known_bands {_OF_YEAR}
    UNION ALL
    SELECT
        steps.student_id, toString(school_id), change.1, toString(change.2), change.3, -toInt64(change.4),
        {", ".join(f"groups.{name}" for name in DIMENSIONS)}
    FROM
    (
        SELECT student_id, school_id, arrayJoin({CHANGES}) AS change FROM standings {_OF_YEAR}
    ) AS steps
    LEFT JOIN (
        SELECT student_id, {_GROUPS} FROM students FINAL WHERE district_id = {{district:String}}
    ) AS groups ON steps.student_id = groups.student_id
)
GROUP BY student_id, school_id, date, grade, band, {_GROUPS}
HAVING wrong != 0
ORDER BY ALL"""
"""What does not add up, by student, school, date, grade, band and groups."""
