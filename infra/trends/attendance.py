"""How many were counted and absent, by class: by day, week, month or school year, or by day of the week."""

from __future__ import annotations

from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import COUNTS
from infra.trends.conditions import days_of, of_fewest_days, over_days
from models.school_year import school_year_of
from models.trends.answers import Counts, Period
from models.trends.scope import BadQuestion, Scope

PERIODS = {
    "day": "date",
    "week": "toMonday(date)",
    "month": "toStartOfMonth(date)",
    "year": "toDate(concat(toString(school_year), '-07-01'))",
    "weekday": "toDayOfWeek(date)",
}
MOST_YEARS = 10


def attendance(client: Client, scope: Scope, first: date, last: date, by: Period) -> list[Counts]:
    """The periods that have a counted day, in order. `school_days` are dates on which anybody was counted.

    Raises BadQuestion where the dates are reversed or more than ten school years apart.
    """
    check_dates(first, last)
    return [Counts(*row) for row in _query(client, scope, first, last, PERIODS[by])]


def check_dates(first: date, last: date) -> None:
    """Raises BadQuestion where a span of dates is none, or too wide."""
    if last < first:
        raise BadQuestion("the last date lies before the first one")
    if school_year_of(last) - school_year_of(first) >= MOST_YEARS:
        raise BadQuestion(f"ask for at most {MOST_YEARS} school years at once")


def _query(client: Client, scope: Scope, first: date, last: date, period: str) -> Any:
    return client.query(
        f"SELECT {period} AS period, uniqExact(date), {', '.join(f'sum({name})' for name in COUNTS)} "
        f"FROM {days_of(scope)} FINAL "
        "WHERE school_year BETWEEN {first_year:UInt16} AND {last_year:UInt16} "
        f"AND date BETWEEN {{first:Date}} AND {{last:Date}} AND counted > 0 AND {of_fewest_days(scope)} "
        "GROUP BY period ORDER BY period",
        parameters=over_days(scope, first, last),
    ).result_rows
