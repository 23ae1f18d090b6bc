"""What there is to ask about: schools, grades, groups, school years."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from models.trends.scope import Scope
from web import paths
from web.access import OutOfReach, Permission, reach
from web.answering import Said, answer
from web.asking import grant_of
from web.parameters import OfDistrict, OfPlace
from web.ports import Trends
from web.problems import not_found
from web.routes.places import find
from web.routes.route import Route
from web.rows import GradeRow, GroupRow, SchoolRow, SchoolYearRow


class Held:
    """Routes that list what is held."""

    def __init__(self, trends: Trends) -> None:
        self._trends = trends

    def routes(self) -> list[Route]:
        """All of them."""
        counts = Permission.COUNTS
        return [
            Route(paths.SCHOOLS, counts, self.schools, SchoolRow, "The schools of a district"),
            Route(paths.GRADES, counts, self.grades, GradeRow, "The grades of a place"),
            Route(paths.GROUPS, counts, self.groups, GroupRow, "The student groups of a place"),
            Route(
                paths.SCHOOL_YEARS, counts, self.school_years, SchoolYearRow, "The school years of a place"
            ),
        ]

    def schools(self, request: Request, asked: Annotated[OfDistrict, Query()]) -> Response:
        """Those that have a counted day, and that the token reaches."""
        grant = grant_of(request)
        try:
            reach(grant, asked.district, "", "school")
        except OutOfReach:
            raise not_found() from None
        scope = Scope(asked.district)
        found = [s for s in self._trends.schools(scope) if not grant.schools or s in grant.schools]
        if not found:
            raise not_found()
        rows = [SchoolRow(district_id=asked.district, school_id=school) for school in found]
        return answer(request, asked.format, SchoolRow, rows)

    def grades(self, request: Request, asked: Annotated[OfPlace, Query()]) -> Response:
        """Those that have a counted day, from PK to 12."""
        where = find(grant_of(request), self._trends, asked, None)
        rows = [GradeRow(grade=grade) for grade in self._trends.grades(where.scope)]
        return answer(request, asked.format, GradeRow, rows, Said(data_through=where.through))

    def groups(self, request: Request, asked: Annotated[OfPlace, Query()]) -> Response:
        """Each kind of group with each of its values; a blank value is "not given"."""
        where = find(grant_of(request), self._trends, asked, None)
        rows = [GroupRow(group=group, value=value) for group, value in self._trends.groups(where.scope)]
        return answer(request, asked.format, GroupRow, rows, Said(data_through=where.through))

    def school_years(self, request: Request, asked: Annotated[OfPlace, Query()]) -> Response:
        """Those that have a counted day, the newest first."""
        where = find(grant_of(request), self._trends, asked, None)
        rows = [SchoolYearRow.of(held) for held in self._trends.school_years(where.scope)]
        return answer(request, asked.format, SchoolYearRow, rows, Said(data_through=where.through))
