"""How many were counted and absent, as it was known at an instant; groups are today's.

Rests on the counts of days as they are now, and on `fact_history` for what was learned since, which its index
`known_since` finds. Each school's day of which anything was learned since is counted anew from the versions
that were known then, and all other days are as they were: right at any moment, also while the sink has
inserted facts and not counted their days yet. Of the state that would be most of its facts.
"""

from __future__ import annotations

from datetime import date, datetime

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import COUNTS
from infra.trends.attendance import PERIODS, check_dates
from infra.trends.conditions import of_days, of_district, of_grade, of_students, over_days
from infra.trends.instants import KNOWN_AT, written
from models.trends.answers import Counts, Period
from models.trends.scope import BadQuestion, Scope

_WITHIN = "date BETWEEN {first:Date} AND {last:Date}"

_CELL = "district_id, school_id, date"

# A day as a number, which is the newest of millions in a third of the time of texts: 0 is not counted, or of
# another grade, 1 counted and no absence, 2 an absence of no class that is counted.
_KINDS = {name: kind for kind, name in enumerate(COUNTS[2:], start=3)}
_KIND = f"transform(class, {['', *_KINDS]}, {[1, *_KINDS.values()]}, 2)"


def attendance_as_known(
    client: Client, scope: Scope, first: date, last: date, by: Period, known_at: datetime
) -> list[Counts]:
    """What `attendance` would have answered at an instant (with an offset), were the groups those of today.

    Raises BadQuestion as that does, and for the state; ValueError where the instant has no offset.
    """
    if scope.state:
        raise BadQuestion("what was known of attendance is told of a district; its counts can be added up")
    check_dates(first, last)
    query = f"""SELECT {PERIODS[by]} AS period, count(), {", ".join(f"sum({name})" for name in COUNTS)}
FROM
(
    SELECT school_year, date, {", ".join(f"sum({name}) AS {name}" for name in COUNTS)}
    FROM ({_known_days(scope)})
    GROUP BY school_year, date
    HAVING counted > 0
)
GROUP BY period
ORDER BY period"""
    given = over_days(scope, first, last, known_at=written(known_at))
    return [Counts(*row) for row in client.query(query, parameters=given).result_rows]


def _known_days(scope: Scope) -> str:
    """The counts by date, as rows to be added up: of days that were as they are now, and of all others."""
    learned = f"""(
        SELECT {_CELL}
        FROM fact_history
        WHERE {_WITHIN} AND known_at > {KNOWN_AT} AND {of_district(scope)}{_school(scope)}
    )"""
    held = ("1", "kind > 1", *(f"kind = {kind}" for kind in _KINDS.values()))
    counts = ", ".join(f"toInt64({which}) AS {name}" for name, which in zip(COUNTS, held, strict=True))
    return f"""SELECT school_year, date, {", ".join(f"toInt64({name}) AS {name}" for name in COUNTS)}
    FROM day_counts FINAL
    WHERE school_year BETWEEN {{first_year:UInt16}} AND {{last_year:UInt16}} AND {_WITHIN} AND counted > 0
        AND {of_days(scope)} AND ({_CELL}) NOT IN {learned}
    UNION ALL
    SELECT school_year, date, {counts}
    FROM
    (
        SELECT
            any(school_year) AS school_year, date,
            argMax(if(counted AND {of_grade(scope)}, {_KIND}, 0), version) AS kind
        FROM fact_history
        WHERE {_WITHIN} AND known_at <= {KNOWN_AT} AND {of_students(scope)}{_school(scope)}
            AND ({_CELL}) IN {learned}
        GROUP BY {_CELL}, student_id
    )
    WHERE kind > 0"""


def _school(scope: Scope) -> str:
    return " AND school_id = {school:String}" if scope.school else ""
