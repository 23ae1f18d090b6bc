"""True counts for staff: attendance by period, students by band, earlier years, schools that are behind."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response

from models.trends.answers import Counts, Page
from models.trends.scope import Scope
from web import paths
from web.access import Permission
from web.answering import Said, answer
from web.asking import grant_of
from web.paging import Key, cursor_of, digest_of, key_of, sliced
from web.parameters import LAST, OfAttendance, OfBands, OfLateSchools, OfPriorYears
from web.ports import Trends
from web.problems import of_parameter
from web.routes.pages import page_of
from web.routes.places import Where, check_value, find, span, told_of
from web.routes.route import Route
from web.rows import AttendanceRow, BandsRow, LateRow, PriorYearRow
from web.rows import where as columns


class TrueCounts:
    """Routes that answer with true counts."""

    def __init__(self, trends: Trends) -> None:
        self._trends = trends

    def routes(self) -> list[Route]:
        """All of them."""
        counts = Permission.COUNTS
        return [
            Route(paths.ATTENDANCE, counts, self.attendance, AttendanceRow, "Student-days by period"),
            Route(paths.BANDS, counts, self.bands, BandsRow, "Students by band and tier, as of a day"),
            Route(
                paths.PRIOR_YEARS,
                counts,
                self.prior_years,
                PriorYearRow,
                "A school year so far, and earlier ones at the same number of school days",
            ),
            Route(paths.LATE_SCHOOLS, counts, self.late_schools, LateRow, "Schools that are behind"),
        ]

    def attendance(self, request: Request, asked: Annotated[OfAttendance, Query()]) -> Response:
        """Counted and absent student-days, and the absent ones by class. A week begins on Monday."""
        if asked.known_at is not None and asked.breakdown is not None:
            raise of_parameter("breakdown", "cannot be asked with known_at; ask for each part by itself")
        if asked.known_at is not None and asked.state:
            raise of_parameter("known_at", "is for a district or a school; the counts of districts add up")
        where = find(grant_of(request), self._trends, asked, asked.last, asked.breakdown)
        first, last = span(asked, where)
        digest = digest_of(request.url.path, request.query_params.multi_items())
        with told_of("first"):
            rows, cursor = self._attendance(asked, where, first, last, digest)
        if not rows and asked.cursor is None:
            check_value(self._trends, where)
        said = Said(last, asked.known_at, where.through, cursor)
        return answer(request, asked.format, AttendanceRow, rows, said)

    def _attendance(
        self, asked: OfAttendance, where: Where, first: date, last: date, digest: str
    ) -> tuple[list[AttendanceRow], str | None]:
        scope, trends = where.scope, self._trends
        if asked.breakdown is None:
            every = trends.attendance(scope, first, last, asked.by, asked.known_at)
            page, cursor = sliced(every, digest, asked.cursor, asked.limit)
            return [AttendanceRow.of(columns(scope), counts) for counts in page], cursor
        after = None if asked.cursor is None else _after(digest, asked.cursor, asked.by == "weekday")
        # One more, to know whether there is a next page.
        found = trends.attendance_by(
            scope, asked.breakdown, first, last, asked.by, Page(asked.limit + 1, after), where.schools
        )
        shown = found[: asked.limit]
        rows = [AttendanceRow.of(columns(scope, asked.breakdown, part), held) for part, held in shown]
        more = len(found) > len(shown)
        return rows, cursor_of(digest, _key(shown[-1].part, shown[-1].counts)) if more else None

    def bands(self, request: Request, asked: Annotated[OfBands, Query()]) -> Response:
        """Each student counts once: in the district with all days there, at a school with the days there."""
        where = find(grant_of(request), self._trends, asked, asked.as_of, asked.breakdown)
        as_of, trends, scope = asked.as_of or where.through or LAST, self._trends, where.scope
        if asked.breakdown is None:
            every = [BandsRow.of(columns(scope), trends.bands(scope, as_of, asked.known_at))]
        else:
            found = trends.bands_by(scope, asked.breakdown, as_of, asked.known_at, where.schools)
            every = [BandsRow.of(columns(scope, asked.breakdown, part), held) for part, held in found]
        if not any(row.students for row in every):
            check_value(trends, where)
        return page_of(request, asked, BandsRow, every, Said(as_of, asked.known_at, where.through))

    def prior_years(self, request: Request, asked: Annotated[OfPriorYears, Query()]) -> Response:
        """The newest year first. An earlier year that had fewer school days is counted to its end."""
        where = find(grant_of(request), self._trends, asked, asked.as_of)
        as_of = asked.as_of or where.through or LAST
        found = self._trends.years_so_far(where.scope, as_of, asked.years)
        if not found:
            check_value(self._trends, where)
        rows = [PriorYearRow.of(columns(where.scope), year) for year in found]
        return answer(
            request, asked.format, PriorYearRow, rows, Said(as_of=as_of, data_through=where.through)
        )

    def late_schools(self, request: Request, asked: Annotated[OfLateSchools, Query()]) -> Response:
        """Others of their district have counted days that they do not have yet: a hint to ask, no finding."""
        where = find(grant_of(request), self._trends, asked, asked.as_of)
        as_of = asked.as_of or where.through or LAST
        # A school's own last day is not that of its district, which the default is to be.
        if asked.as_of is None and where.scope.school:
            as_of = self._trends.data_through(Scope(where.scope.district), LAST) or as_of
        every = [LateRow.of(late) for late in self._trends.late_schools(where.scope, as_of)]
        return page_of(request, asked, LateRow, every, Said(as_of, data_through=where.through))


def _key(part: str, counts: Counts) -> Key:
    period = counts.period
    return (period.isoformat() if isinstance(period, date) else period, part)


def _after(digest: str, cursor: str, weekday: bool) -> tuple[date | int, str]:
    period, part = key_of(digest, cursor, [int if weekday else str, str])
    if isinstance(period, int):
        if 1 <= period <= 7:
            return period, str(part)
    else:
        try:
            return date.fromisoformat(period), str(part)
        except ValueError:
            pass
    raise of_parameter("cursor", "is none of ours; take it from `next`")
