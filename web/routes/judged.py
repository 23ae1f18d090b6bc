"""Alerts in numbers, and our chronic rates beside those that the state has published, for staff."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from web import paths
from web.access import Permission
from web.answering import Said, answer
from web.asking import grant_of
from web.judged_rows import AlertsRow, PublishedRow
from web.parameters import LAST, OfAlerts, OfPublished
from web.ports import Trends
from web.routes.places import check_value, find, find_year, told_of
from web.routes.route import Route
from web.rows import where as columns


class Judged:
    """Routes about what was said of students: by an alert here, by the state's rates there."""

    def __init__(self, trends: Trends) -> None:
        self._trends = trends

    def routes(self) -> list[Route]:
        """All of them."""
        counts = Permission.COUNTS
        return [
            Route(paths.ALERTS, counts, self.alerts, AlertsRow, "Alerts by rule and condition, as of a day"),
            Route(
                paths.PUBLISHED,
                counts,
                self.published,
                PublishedRow,
                "Our chronic rates beside the published ones, year by year",
            ),
        ]

    def alerts(self, request: Request, asked: Annotated[OfAlerts, Query()]) -> Response:
        """Those of the day's school year that had opened by then; at a school those that opened there."""
        where = find(grant_of(request), self._trends, asked, asked.as_of)
        as_of = asked.as_of or where.through or LAST
        found = self._trends.alerts(where.scope, as_of, asked.known_at)
        if not found:
            check_value(self._trends, where)
        rows = [AlertsRow.of(columns(where.scope), held) for held in found]
        said = Said(as_of, asked.known_at, where.through)
        return answer(request, asked.format, AlertsRow, rows, said)

    def published(self, request: Request, asked: Annotated[OfPublished, Query()]) -> Response:
        """The newest year last. A published year is whole; ours is as far as it has come."""
        where, year = find_year(grant_of(request), self._trends, asked)
        with told_of("grade"):
            found = self._trends.published_years(where.scope, year - asked.years, year)
        if not found:
            check_value(self._trends, where)
        rows = [PublishedRow.of(columns(where.scope), held) for held in found]
        said = Said(where.through, data_through=where.through)
        return answer(request, asked.format, PublishedRow, rows, said)
