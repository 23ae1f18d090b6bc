"""What the API asks, and of whom: the true counts, and what was released. `infra` answers both.

A route has one of the two behind it and never both, so that what an analyst may ask cannot reach a count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple, Protocol

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


class Away(Exception):
    """The store does not answer now; the question may be asked again. Its text is for the log of nobody."""


class Trends(Protocol):
    """True counts of a scope. Every call may raise Away, and BadQuestion where a scope has no answer.

    `schools`, where it is not empty, leaves only these in. Called from several threads at once.
    """

    def attendance(
        self, scope: Scope, first: date, last: date, by: Period, known_at: datetime | None
    ) -> list[Counts]:
        """Student-days by period, in order; with `known_at` as it was known then."""
        ...

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
        """The same for each part, by period and part."""
        ...

    def bands(self, scope: Scope, as_of: date, known_at: datetime | None) -> Bands:
        """Students by band as of a day; with `known_at` as it was known then."""
        ...

    def bands_by(
        self, scope: Scope, breakdown: str, as_of: date, known_at: datetime | None, schools: Sequence[str]
    ) -> list[BandsOf]:
        """The same for each part, by part."""
        ...

    def years_so_far(self, scope: Scope, as_of: date, years: int) -> list[YearSoFar]:
        """The year of a day and earlier ones at the same number of school days, the newest first."""
        ...

    def late_schools(self, scope: Scope, as_of: date) -> list[Late]:
        """Schools that are behind, the latest first."""
        ...

    def absences_by_reason(self, scope: Scope, first: date, last: date, by: Period) -> list[ReasonCounts]:
        """Absent student-days by local code, in each period the most frequent first."""
        ...

    def remote_days(self, scope: Scope, first: date, last: date, by: Period) -> list[RemoteCounts]:
        """Student-days by period, and those of them that were remote."""
        ...

    def mhw_days(self, scope: Scope, first: date, last: date) -> list[MhwDays]:
        """MHW days taken, by school and month."""
        ...

    def mhw_students(self, scope: Scope, school_year: int) -> MhwStudents:
        """Students by the number of MHW days that they have taken, as it is now."""
        ...

    def pattern(
        self, scope: Scope, first: date, last: date, by: Literal["weekday", "month"]
    ) -> list[Against]:
        """Each weekday or month against all of them."""
        ...

    def first_month(self, scope: Scope, as_of: date) -> FirstMonth | None:
        """Bands by the days missed in the first month of the school year; None: nothing is known."""
        ...

    def cohorts(self, scope: Scope, as_of: date) -> Cohorts:
        """Last year's bands by this year's."""
        ...

    def published_years(self, scope: Scope, first_year: int, last_year: int) -> list[PublishedYear]:
        """Our chronic rates beside the published ones, in order."""
        ...

    def alerts(self, scope: Scope, as_of: date, known_at: datetime | None) -> list[AlertCount]:
        """Alerts by rule and condition as of a day; with `known_at` as it was known then."""
        ...

    def student_as_known(
        self, district: str, student: str, as_of: date, known_at: datetime
    ) -> KnownStudent | None:
        """What was known of one student; None where nothing is held of such a student even now."""
        ...

    def schools(self, scope: Scope) -> list[str]:
        """The schools that anything is held of."""
        ...

    def grades(self, scope: Scope) -> list[str]:
        """The grades that anything is held of, from PK to 12."""
        ...

    def groups(self, scope: Scope) -> list[tuple[str, str]]:
        """Kinds of groups and their values; a blank value is "not given"."""
        ...

    def school_years(self, scope: Scope) -> list[YearHeld]:
        """The school years that anything is held of, the newest first."""
        ...

    def data_through(self, scope: Scope, until: date) -> date | None:
        """The last counted day of a district, school or the state that is not after `until`."""
        ...

    def ready(self) -> bool:
        """Whether the tables are there as this version of Rollcall expects them."""
        ...


class ReleaseHeld(NamedTuple):
    """A release: of which date and school year, when it was made, and the last day that it knows."""

    school_year: int
    as_of: date
    made_at: datetime
    data_through: date


class ReleasedBands(NamedTuple):
    """Students of a place by measure, None where hidden. Blank: all schools, all grades; dimension `all`.

    The measures are `enrolled`, `under_5`, `under_10`, `under_20`, `over_20` and `chronic`; a release has not
    all of them of each group.
    """

    school: str
    grade: str
    dimension: str
    value: str
    numbers: dict[str, int | None]


class ReleasedDays(NamedTuple):
    """Student-days of a school (blank: all) and month (such as 2024-10; blank: the year so far)."""

    school: str
    month: str
    counted: int | None
    absent: int | None


class ReleasedAlerts(NamedTuple):
    """Students of a district with alerts of a rule, by measure, None where hidden.

    The measures are `standing`, `recovered` and `withdrawn`.
    """

    rule: str
    numbers: dict[str, int | None]


class Releases(Protocol):
    """What was released: numbers as they were decided, and nothing besides. Every call may raise Away."""

    def districts(self) -> list[str]:
        """The districts of which anything is released, by their bytes."""
        ...

    def listed(self, district: str) -> list[ReleaseHeld]:
        """The releases of a district, the newest date first."""
        ...

    def bands(self, district: str, as_of: date) -> list[ReleasedBands]:
        """All rows of the release of exactly this date, in the order of their places; none without one."""
        ...

    def attendance(self, district: str, as_of: date) -> list[ReleasedDays]:
        """The same of student-days."""
        ...

    def alerts(self, district: str, as_of: date) -> list[ReleasedAlerts]:
        """The same of students with alerts, by rule."""
        ...
