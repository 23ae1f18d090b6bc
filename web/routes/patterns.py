"""Patterns of absence for staff: by weekday and month, by the first month, and by last year's band."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from web import paths
from web.access import Permission
from web.answering import Said, answer
from web.asking import grant_of
from web.parameters import LAST, OfDay, OfPatterns
from web.pattern_rows import CohortRow, FirstMonthRow, PatternRow
from web.ports import Trends
from web.routes.pages import over_days
from web.routes.places import check_value, find
from web.routes.route import Route
from web.rows import where as columns


class Patterns:
    """Routes that set absence against something: a mean, a month, a year."""

    def __init__(self, trends: Trends) -> None:
        self._trends = trends

    def routes(self) -> list[Route]:
        """All of them."""
        counts = Permission.COUNTS
        return [
            Route(paths.PATTERNS, counts, self.patterns, PatternRow, "Weekdays or months against the mean"),
            Route(
                paths.FIRST_MONTH,
                counts,
                self.first_month,
                FirstMonthRow,
                "How the year goes, by the days missed in its first month",
            ),
            Route(paths.COHORTS, counts, self.cohorts, CohortRow, "Last year's bands by this year's"),
        ]

    def patterns(self, request: Request, asked: Annotated[OfPatterns, Query()]) -> Response:
        """The mean is that of all days asked for. Small differences of few days mean nothing."""
        return over_days(
            request,
            self._trends,
            asked,
            PatternRow,
            lambda scope, first, last: self._trends.pattern(scope, first, last, asked.by),
            PatternRow.of,
        )

    def first_month(self, request: Request, asked: Annotated[OfDay, Query()]) -> Response:
        """A month from the first day on which anybody in the district, or in the state, was counted."""
        where = find(grant_of(request), self._trends, asked, asked.as_of)
        as_of = asked.as_of or where.through or LAST
        found = self._trends.first_month(where.scope, as_of)
        if found is None:
            check_value(self._trends, where)
        rows = [] if found is None else [*FirstMonthRow.every(columns(where.scope), found)]
        return answer(request, asked.format, FirstMonthRow, rows, Said(as_of, data_through=where.through))

    def cohorts(self, request: Request, asked: Annotated[OfDay, Query()]) -> Response:
        """Last year's band is that of all days in the district, whichever school they were at."""
        where = find(grant_of(request), self._trends, asked, asked.as_of)
        as_of = asked.as_of or where.through or LAST
        found = self._trends.cohorts(where.scope, as_of)
        if not found.now.students and not found.gone.students:
            check_value(self._trends, where)
        rows = [*CohortRow.every(columns(where.scope), found)]
        return answer(request, asked.format, CohortRow, rows, Said(as_of, data_through=where.through))
