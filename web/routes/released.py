"""What was released, for analysts and staff. These routes have the releases behind them, and no count."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Request, Response

from web import paths
from web.access import Permission, reach_district
from web.answering import Said, answer
from web.asking import grant_of
from web.parameters import OfDistrict, OfReleased, OfReleasedAlerts, OfReleasedBands
from web.ports import ReleaseHeld, Releases
from web.problems import Problem
from web.released_rows import ReleasedAlertsRow, ReleasedAttendanceRow, ReleasedBandsRow, ReleaseRow
from web.routes.pages import page_of
from web.routes.route import Route


class Released:
    """Routes that answer with released numbers."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases

    def routes(self) -> list[Route]:
        """All of them."""
        released = Permission.RELEASED
        return [
            Route(paths.RELEASES, released, self.releases, ReleaseRow, "The releases of a district"),
            Route(
                paths.RELEASED_BANDS, released, self.bands, ReleasedBandsRow, "Students by band, as released"
            ),
            Route(
                paths.RELEASED_ATTENDANCE,
                released,
                self.attendance,
                ReleasedAttendanceRow,
                "Student-days by school and month, as released",
            ),
            Route(
                paths.RELEASED_ALERTS,
                released,
                self.alerts,
                ReleasedAlertsRow,
                "Students with alerts by rule, as released",
            ),
        ]

    def releases(self, request: Request, asked: Annotated[OfDistrict, Query()]) -> Response:
        """The newest date first."""
        reach_district(grant_of(request), asked.district)
        rows = [ReleaseRow.of(asked.district, held) for held in self._releases.listed(asked.district)]
        return answer(request, asked.format, ReleaseRow, rows)

    def bands(self, request: Request, asked: Annotated[OfReleasedBands, Query()]) -> Response:
        """K-12 students, each at the last school. A hidden number is null, and `hidden` is true."""
        held = self._newest(request, asked)
        every = [
            ReleasedBandsRow.of(asked.district, row)
            for row in self._releases.bands(asked.district, held.as_of)
            if asked.school in (None, row.school)
            and asked.grade in (None, row.grade)
            and asked.group in (None, "" if row.dimension == "all" else row.dimension)
        ]
        return page_of(request, asked, ReleasedBandsRow, every, _said(held))

    def attendance(self, request: Request, asked: Annotated[OfReleased, Query()]) -> Response:
        """Of K-12 students. A hidden number is null, and `hidden` is true."""
        held = self._newest(request, asked)
        every = [
            ReleasedAttendanceRow.of(asked.district, row)
            for row in self._releases.attendance(asked.district, held.as_of)
            if asked.school in (None, row.school)
        ]
        return page_of(request, asked, ReleasedAttendanceRow, every, _said(held))

    def alerts(self, request: Request, asked: Annotated[OfReleasedAlerts, Query()]) -> Response:
        """Of the whole district. A hidden number is null, and `hidden` is true."""
        held = self._newest(request, asked)
        every = [
            ReleasedAlertsRow.of(asked.district, row)
            for row in self._releases.alerts(asked.district, held.as_of)
        ]
        return page_of(request, asked, ReleasedAlertsRow, every, _said(held))

    def _newest(self, request: Request, asked: OfReleasedAlerts) -> ReleaseHeld:
        reach_district(grant_of(request), asked.district)
        for held in self._releases.listed(asked.district):
            if asked.as_of is None or held.as_of <= asked.as_of:
                return held
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "not_released",
            "nothing is released of this district by that day; /api/v1/releases lists what is, and whoever "
            "runs Rollcall makes a release (rollcall release)",
        )


def _said(held: ReleaseHeld) -> Said:
    return Said(as_of=held.as_of, data_through=held.data_through)
