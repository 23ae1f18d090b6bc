"""The questions of the API, answered by the store (web.ports.Trends)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal

from infra.clickhouse.migrate import plan
from infra.edsight.codes import Codes
from infra.serving.clients import Clients
from infra.trends import (
    attendance,
    bands,
    breakdowns,
    cohorts,
    first_month,
    held,
    known_alerts,
    known_attendance,
    known_bands,
    late,
    mhw,
    patterns,
    prior_years,
    published,
    reasons,
)
from models.trends.answers import (
    Bands,
    BandsOf,
    Counts,
    CountsOf,
    Late,
    Page,
    Period,
    ReasonCounts,
    RemoteCounts,
    YearHeld,
    YearSoFar,
)
from models.trends.known import AlertCount, KnownStudent
from models.trends.patterns import Against, Cohorts, FirstMonth, MhwDays, MhwStudents
from models.trends.published import PublishedYear
from models.trends.scope import Scope

_EVER = datetime(2200, 1, 1, tzinfo=UTC)
"""By when all is known that is known now."""


class StoreTrends:
    """Each call asks with a client of its own. Raises Away, and BadQuestion as the questions do.

    `codes` are EdSight's, by which published rates are found.
    """

    def __init__(self, clients: Clients, database: str, codes: Codes) -> None:
        self._clients = clients
        self._database = database
        self._codes = codes

    def attendance(
        self, scope: Scope, first: date, last: date, by: Period, known_at: datetime | None
    ) -> list[Counts]:
        """infra.trends.attendance, and known_attendance."""
        with self._clients.client() as client:
            if known_at is None:
                return attendance.attendance(client, scope, first, last, by)
            return known_attendance.attendance_as_known(client, scope, first, last, by, known_at)

    def attendance_by(
        self,
        scope: Scope,
        breakdown: str,
        first: date,
        last: date,
        by: Period,
        page: Page,
        schools: Sequence[str],
    ) -> list[CountsOf]:
        """infra.trends.breakdowns."""
        with self._clients.client() as client:
            return breakdowns.attendance_by(client, scope, breakdown, first, last, by, page, schools)

    def bands(self, scope: Scope, as_of: date, known_at: datetime | None) -> Bands:
        """infra.trends.bands."""
        with self._clients.client() as client:
            if known_at is None:
                return bands.bands(client, scope, as_of)
            return known_bands.bands_as_known(client, scope, as_of, known_at)

    def bands_by(
        self, scope: Scope, breakdown: str, as_of: date, known_at: datetime | None, schools: Sequence[str]
    ) -> list[BandsOf]:
        """infra.trends.breakdowns."""
        with self._clients.client() as client:
            if known_at is None:
                return breakdowns.bands_by(client, scope, breakdown, as_of, schools)
            return known_bands.bands_as_known_by(client, scope, breakdown, as_of, known_at, schools)

    def years_so_far(self, scope: Scope, as_of: date, years: int) -> list[YearSoFar]:
        """infra.trends.prior_years."""
        with self._clients.client() as client:
            return prior_years.years_so_far(client, scope, as_of, years)

    def late_schools(self, scope: Scope, as_of: date) -> list[Late]:
        """infra.trends.late."""
        with self._clients.client() as client:
            return late.late_schools(client, scope, as_of)

    def absences_by_reason(self, scope: Scope, first: date, last: date, by: Period) -> list[ReasonCounts]:
        """infra.trends.reasons."""
        with self._clients.client() as client:
            return reasons.absences_by_reason(client, scope, first, last, by)

    def remote_days(self, scope: Scope, first: date, last: date, by: Period) -> list[RemoteCounts]:
        """infra.trends.reasons."""
        with self._clients.client() as client:
            return reasons.remote_days(client, scope, first, last, by)

    def mhw_days(self, scope: Scope, first: date, last: date) -> list[MhwDays]:
        """infra.trends.mhw."""
        with self._clients.client() as client:
            return mhw.mhw_days(client, scope, first, last)

    def mhw_students(self, scope: Scope, school_year: int) -> MhwStudents:
        """infra.trends.mhw."""
        with self._clients.client() as client:
            return mhw.mhw_students(client, scope, school_year)

    def pattern(
        self, scope: Scope, first: date, last: date, by: Literal["weekday", "month"]
    ) -> list[Against]:
        """infra.trends.patterns."""
        with self._clients.client() as client:
            return patterns.pattern(client, scope, first, last, by)

    def first_month(self, scope: Scope, as_of: date) -> FirstMonth | None:
        """infra.trends.first_month."""
        with self._clients.client() as client:
            return first_month.first_month(client, scope, as_of)

    def cohorts(self, scope: Scope, as_of: date) -> Cohorts:
        """infra.trends.cohorts."""
        with self._clients.client() as client:
            return cohorts.cohorts(client, scope, as_of)

    def published_years(self, scope: Scope, first_year: int, last_year: int) -> list[PublishedYear]:
        """infra.trends.published."""
        with self._clients.client() as client:
            return published.published_years(client, scope, self._codes, first_year, last_year)

    def alerts(self, scope: Scope, as_of: date, known_at: datetime | None) -> list[AlertCount]:
        """infra.trends.known_alerts."""
        with self._clients.client() as client:
            return known_alerts.alerts_as_known(client, scope, as_of, known_at or _EVER)

    def student_as_known(
        self, district: str, student: str, as_of: date, known_at: datetime
    ) -> KnownStudent | None:
        """infra.trends.known_alerts."""
        with self._clients.client() as client:
            return known_alerts.student_as_known(client, district, student, as_of, known_at)

    def schools(self, scope: Scope) -> list[str]:
        """infra.trends.held, and so the next four."""
        with self._clients.client() as client:
            return held.schools(client, scope)

    def grades(self, scope: Scope) -> list[str]:
        """From PK to 12."""
        with self._clients.client() as client:
            return held.grades(client, scope)

    def groups(self, scope: Scope) -> list[tuple[str, str]]:
        """Kinds and values."""
        with self._clients.client() as client:
            return held.groups(client, scope)

    def school_years(self, scope: Scope) -> list[YearHeld]:
        """The newest first."""
        with self._clients.client() as client:
            return held.school_years(client, scope)

    def data_through(self, scope: Scope, until: date) -> date | None:
        """The last counted day by then."""
        with self._clients.client() as client:
            return held.data_through(client, scope, until)

    def ready(self) -> bool:
        """Whether every migration that this version knows is applied, and none that it does not."""
        with self._clients.client() as client:
            return not plan(client, self._database)
