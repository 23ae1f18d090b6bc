"""True counts of absences for staff: by local reason, remote days, mental health wellness (MHW) days."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from web import paths
from web.absence_rows import MhwDaysRow, MhwStudentsRow, ReasonRow, RemoteRow
from web.access import Permission
from web.answering import Said, answer
from web.asking import grant_of
from web.parameters import OfDays, OfPeriods, OfSchoolYear
from web.ports import Trends
from web.routes.pages import over_days
from web.routes.places import check_value, find_year
from web.routes.route import Route
from web.rows import where as columns

_ALWAYS = 3
"""Rows of 0, 1 and 2 days: more than two of a year are not valid."""


class Absences:
    """Routes that say why students were away, and where they attended from."""

    def __init__(self, trends: Trends) -> None:
        self._trends = trends

    def routes(self) -> list[Route]:
        """All of them."""
        counts = Permission.COUNTS
        return [
            Route(paths.REASONS, counts, self.reasons, ReasonRow, "Absences by class and local reason"),
            Route(paths.REMOTE_DAYS, counts, self.remote_days, RemoteRow, "Remote and in-person days"),
            Route(paths.MHW_DAYS, counts, self.mhw_days, MhwDaysRow, "MHW days taken, by school and month"),
            Route(
                paths.MHW_STUDENTS,
                counts,
                self.mhw_students,
                MhwStudentsRow,
                "Students by the number of MHW days that they have taken",
            ),
        ]

    def reasons(self, request: Request, asked: Annotated[OfPeriods, Query()]) -> Response:
        """In each period the most frequent first. Labels are those of the last day."""
        return over_days(
            request,
            self._trends,
            asked,
            ReasonRow,
            lambda scope, first, last: self._trends.absences_by_reason(scope, first, last, asked.by),
            ReasonRow.of,
        )

    def remote_days(self, request: Request, asked: Annotated[OfPeriods, Query()]) -> Response:
        """A day is remote where the record that decided it says so."""
        return over_days(
            request,
            self._trends,
            asked,
            RemoteRow,
            lambda scope, first, last: self._trends.remote_days(scope, first, last, asked.by),
            RemoteRow.of,
        )

    def mhw_days(self, request: Request, asked: Annotated[OfDays, Query()]) -> Response:
        """Student-days by school and month; no row where none was taken."""
        return over_days(request, self._trends, asked, MhwDaysRow, self._trends.mhw_days, MhwDaysRow.of)

    def mhw_students(self, request: Request, asked: Annotated[OfSchoolYear, Query()]) -> Response:
        """Of the whole school year as far as it has come; the rows of 0, 1 and 2 days are always there."""
        where, year = find_year(grant_of(request), self._trends, asked)
        held = self._trends.mhw_students(where.scope, year).by_days
        if not any(held):
            check_value(self._trends, where)
        every = (*held, *(0 for _ in range(len(held), _ALWAYS)))
        rows = [
            MhwStudentsRow.of(columns(where.scope), year, days, students)
            for days, students in enumerate(every)
        ]
        said = Said(where.through, data_through=where.through)
        return answer(request, asked.format, MhwStudentsRow, rows, said)
