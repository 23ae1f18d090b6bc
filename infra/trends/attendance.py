"""How many were counted and absent, by class: by day, week, month or school year, or by day of the week."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.day_counts import COUNTS
from infra.trends.scope import BadQuestion, Scope
from models.school_year import school_year_of
from models.standing import rate_percent

Period = Literal["day", "week", "month", "year", "weekday"]

# A week begins on Monday. A weekday is 1 (Monday) to 7.
_PERIODS = {
    "day": "date",
    "week": "toMonday(date)",
    "month": "toStartOfMonth(date)",
    "year": "toDate(concat(toString(school_year), '-07-01'))",
    "weekday": "toDayOfWeek(date)",
}
MOST_YEARS = 10


class Counts(NamedTuple):
    """Student-days of a period: counted, absent, and the absent ones by class, each in exactly one."""

    period: date | int
    school_days: int
    counted: int
    absent: int
    excused: int
    unexcused: int
    disciplinary: int
    mhw: int
    unknown: int

    @property
    def attendance_rate(self) -> str:
        """In percent with two decimals, half up; blank where nothing is counted."""
        return rate_percent(self.counted - self.absent, self.counted)


def attendance(client: Client, scope: Scope, first: date, last: date, by: Period) -> list[Counts]:
    """The periods that have a counted day, in order. `school_days` are dates on which anybody was counted.

    Raises BadQuestion where the dates are reversed or more than ten school years apart.
    """
    check_dates(first, last)
    return [Counts(*row) for row in _query(client, scope, first, last, _PERIODS[by])]


def check_dates(first: date, last: date) -> None:
    """Raises BadQuestion where a span of dates is none, or too wide."""
    if last < first:
        raise BadQuestion("the last date lies before the first one")
    if school_year_of(last) - school_year_of(first) >= MOST_YEARS:
        raise BadQuestion(f"ask for at most {MOST_YEARS} school years at once")


def _query(client: Client, scope: Scope, first: date, last: date, period: str) -> Any:
    return client.query(
        f"SELECT {period} AS period, uniqExact(date), {', '.join(f'sum({name})' for name in COUNTS)} "
        "FROM day_counts FINAL "
        "WHERE school_year BETWEEN {first_year:UInt16} AND {last_year:UInt16} "
        f"AND date BETWEEN {{first:Date}} AND {{last:Date}} AND counted > 0 AND {scope.of_days} "
        "GROUP BY period ORDER BY period",
        parameters=scope.parameters(
            first=first, last=last, first_year=school_year_of(first), last_year=school_year_of(last)
        ),
    ).result_rows
