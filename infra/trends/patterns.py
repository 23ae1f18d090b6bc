"""On which days of the week, and in which months, more is missed than in the mean. Rests on `day_counts`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from clickhouse_connect.driver.client import Client

from infra.trends.attendance import attendance
from models.trends.patterns import Against, against_mean
from models.trends.scope import Scope


def pattern(
    client: Client, scope: Scope, first: date, last: date, by: Literal["weekday", "month"]
) -> list[Against]:
    """The weekdays or months with a counted day, in order, each against all of them. Raises BadQuestion."""
    return against_mean(attendance(client, scope, first, last, by))
