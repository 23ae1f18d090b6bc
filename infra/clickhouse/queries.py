"""Questions to the store. Each is about one district, which it takes as an argument and not as a choice."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

_TIERS = """SELECT tier, count()
FROM standings FINAL
WHERE district_id = {district:String} AND school_year = {year:UInt16}
    AND scope = 'district' AND enrolled_days > 0
GROUP BY tier
ORDER BY tier"""

_ALERTS = """SELECT rule, condition, count()
FROM alerts
WHERE district_id = {district:String} AND school_year = {year:UInt16}
GROUP BY rule, condition
ORDER BY rule, condition"""

# Facts are ordered by school, and the standings know at which schools the student has any.
_DAYS = """SELECT date, school_id, grade, class
FROM student_day_facts FINAL
WHERE (district_id, school_id, student_id) IN (
        SELECT district_id, school_id, student_id
        FROM standings
        WHERE district_id = {district:String} AND school_year = {year:UInt16}
            AND student_id = {student:String} AND scope = 'school'
    )
    AND district_id = {district:String} AND school_year = {year:UInt16} AND counted
ORDER BY date, school_id"""


class RuleCount(NamedTuple):
    """How many alerts of a rule are standing, recovered or withdrawn."""

    rule: str
    condition: str
    alerts: int


class Day(NamedTuple):
    """One counted day of a student; `class_` is blank in attendance."""

    date: date
    school_id: str
    grade: str
    class_: str


def students_by_tier(client: Client, district_id: str, school_year: int) -> dict[str, int]:
    """How many students are in Tier I, II and III in district scope, and under a blank how many of PK.

    `school_year` is the calendar year in which it begins. Students without a counted day are not there.
    """
    rows = client.query(_TIERS, parameters={"district": district_id, "year": school_year}).result_rows
    return {tier: students for tier, students in rows}


def alerts_by_rule(client: Client, district_id: str, school_year: int) -> list[RuleCount]:
    """The alerts as last published, by rule and condition."""
    rows = client.query(_ALERTS, parameters={"district": district_id, "year": school_year}).result_rows
    return [RuleCount(*row) for row in rows]


def days_of_student(client: Client, district_id: str, student_id: str, school_year: int) -> list[Day]:
    """The counted days of a student, in order."""
    parameters = {"district": district_id, "student": student_id, "year": school_year}
    return [Day(*row) for row in client.query(_DAYS, parameters=parameters).result_rows]
