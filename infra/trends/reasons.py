"""Why students were absent, by the codes of their districts, and how many days were remote ones."""

from __future__ import annotations

from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import COUNTS
from infra.clickhouse.code_labels import LABELS
from infra.trends.attendance import PERIODS, check_dates
from infra.trends.conditions import days_of, of_fewest_days, of_reasons, over_days, reasons_of
from models.trends.answers import Period, ReasonCounts, RemoteCounts
from models.trends.scope import Scope

_ABSENCES = COUNTS[1:]
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in _ABSENCES)

_WITHIN = (
    "school_year BETWEEN {{first_year:UInt16}} AND {{last_year:UInt16}} "
    "AND date BETWEEN {{first:Date}} AND {{last:Date}}"
)

_REASONS = f"""SELECT
    counts.period AS period, counts.code AS code, labels.label AS label,
    {", ".join(f"sum(counts.{name}) AS {name}" for name in _ABSENCES)}
FROM
(
    SELECT {{period}} AS period, district_id, code, {_SUMS}
    FROM {{coded}} AS coded FINAL
    WHERE {_WITHIN} AND {{reasons}} AND coded.absent > 0
    GROUP BY period, district_id, code
) AS counts
LEFT JOIN
(
    {LABELS.replace("{", "{{").replace("}", "}}")}
) AS labels
ON counts.district_id = labels.district_id AND counts.code = labels.code
GROUP BY period, code, label
ORDER BY period, absent DESC, code, label"""

_REMOTE = f"""SELECT
    period, sum(counted) AS all_days, sum(absent), sum(remote_counted), sum(remote_absent)
FROM
(
    SELECT {{period}} AS period, counted, absent, 0 AS remote_counted, 0 AS remote_absent
    FROM {{table}} FINAL
    WHERE {_WITHIN} AND {{days}} AND counted > 0
    UNION ALL
    SELECT {{period}} AS period, 0, 0, counted, absent
    FROM {{coded}} FINAL
    WHERE {_WITHIN} AND {{reasons}} AND counted > 0 AND remote
)
GROUP BY period
ORDER BY period"""


def absences_by_reason(
    client: Client, scope: Scope, first: date, last: date, by: Period
) -> list[ReasonCounts]:
    """The absences of each period by local code, in its order the most frequent first.

    Their sum is what `attendance` says. Raises BadQuestion as that does.
    """
    return [ReasonCounts(*row) for row in _asked(client, _REASONS, scope, first, last, by)]


def remote_days(client: Client, scope: Scope, first: date, last: date, by: Period) -> list[RemoteCounts]:
    """How many student-days were remote, of the periods that have a counted day. Raises BadQuestion."""
    return [RemoteCounts(*row) for row in _asked(client, _REMOTE, scope, first, last, by)]


def _asked(client: Client, query: str, scope: Scope, first: date, last: date, by: Period) -> Any:
    check_dates(first, last)
    given = over_days(scope, first, last, labels_on=last.isoformat())
    asked = query.format(
        period=PERIODS[by],
        table=days_of(scope),
        days=of_fewest_days(scope),
        coded=reasons_of(scope),
        reasons=of_reasons(scope),
    )
    return client.query(asked, parameters=given).result_rows
