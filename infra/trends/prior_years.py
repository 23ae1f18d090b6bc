"""A school year so far against earlier ones, each at the same number of school days.

Not date against date: a year that began a week later, or lost days to snow, would seem better or worse.
"""

from __future__ import annotations

from datetime import date

from clickhouse_connect.driver.client import Client

from infra.trends.attendance import MOST_YEARS, attendance
from infra.trends.bands import bands
from infra.trends.conditions import days_of, of_fewest_days, parameters
from models.school_year import first_day, school_year_of
from models.trends.answers import YearSoFar
from models.trends.scope import BadQuestion, Scope

_SCHOOL_DAYS = """SELECT school_year, arraySort(groupUniqArray(date))
FROM {table} FINAL
WHERE school_year BETWEEN {{first_year:UInt16}} AND {{last_year:UInt16}} AND counted > 0 AND {days}
GROUP BY school_year
ORDER BY school_year DESC"""


def years_so_far(client: Client, scope: Scope, as_of: date, years: int) -> list[YearSoFar]:
    """The year of `as_of` and up to `years` before it that anything is known of, the newest first.

    A school day is a date on which anybody in the scope was counted. Empty where nobody was.
    """
    if not 0 <= years < MOST_YEARS:
        raise BadQuestion(f"ask for 0 to {MOST_YEARS - 1} earlier school years")
    year = school_year_of(as_of)
    found = client.query(
        _SCHOOL_DAYS.format(table=days_of(scope), days=of_fewest_days(scope)),
        parameters=parameters(scope, first_year=year - years, last_year=year),
    ).result_rows
    dates = {int(held): list(days) for held, days in found}
    number = sum(day <= as_of for day in dates.get(year, []))
    if not number:
        return []
    return [_so_far(client, scope, held, days[:number]) for held, days in dates.items()]


def _so_far(client: Client, scope: Scope, year: int, days: list[date]) -> YearSoFar:
    (counts,) = attendance(client, scope, first_day(year), days[-1], "year")
    return YearSoFar(year, days[-1], len(days), counts, bands(client, scope, days[-1]))
