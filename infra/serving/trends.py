"""The questions of the API, answered by the store (web.ports.Trends)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from infra.clickhouse.migrate import plan
from infra.serving.clients import Clients
from infra.trends import attendance, bands, breakdowns, held, late, prior_years
from models.trends.answers import Bands, BandsOf, Counts, CountsOf, Late, Page, Period, YearHeld, YearSoFar
from models.trends.scope import Scope


class StoreTrends:
    """Each call asks with a client of its own. Raises Away, and BadQuestion as the questions do."""

    def __init__(self, clients: Clients, database: str) -> None:
        self._clients = clients
        self._database = database

    def attendance(self, scope: Scope, first: date, last: date, by: Period) -> list[Counts]:
        """infra.trends.attendance."""
        with self._clients.client() as client:
            return attendance.attendance(client, scope, first, last, by)

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
            return bands.bands_as_known(client, scope, as_of, known_at)

    def bands_by(
        self, scope: Scope, breakdown: str, as_of: date, known_at: datetime | None, schools: Sequence[str]
    ) -> list[BandsOf]:
        """infra.trends.breakdowns."""
        with self._clients.client() as client:
            if known_at is None:
                return breakdowns.bands_by(client, scope, breakdown, as_of, schools)
            return breakdowns.bands_as_known_by(client, scope, breakdown, as_of, known_at, schools)

    def years_so_far(self, scope: Scope, as_of: date, years: int) -> list[YearSoFar]:
        """infra.trends.prior_years."""
        with self._clients.client() as client:
            return prior_years.years_so_far(client, scope, as_of, years)

    def late_schools(self, scope: Scope, as_of: date) -> list[Late]:
        """infra.trends.late."""
        with self._clients.client() as client:
            return late.late_schools(client, scope, as_of)

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
