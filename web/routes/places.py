"""The place and the scope that are asked about, within what a token reaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from models.school_year import first_day, school_year_of
from models.trends.breakdown import check_breakdown
from models.trends.scope import BadQuestion, Scope
from web.access import Grant, reach
from web.parameters import LAST, OfDays, OfSchoolYear, Place, Scoped
from web.ports import Trends
from web.problems import not_found, of_parameter


class Where(NamedTuple):
    """A scope, the schools to which it is to be narrowed (none: all), and its last counted day by then."""

    scope: Scope
    schools: tuple[str, ...]
    through: date | None


def find(
    grant: Grant, trends: Trends, asked: Place, until: date | None, breakdown: str | None = None
) -> Where:
    """The scope of a question. Raises Problem, OutOfReach; not found is a place of which nothing is held."""
    scope = scope_of(asked)
    if breakdown is not None:
        with told_of("breakdown"):
            check_breakdown(scope, breakdown)
    schools = reach(grant, scope.district, scope.school, breakdown or "")
    through = trends.data_through(scope, until or LAST)
    if through is None and (until is None or trends.data_through(scope, LAST) is None):
        raise not_found()
    return Where(scope, schools, through)


def scope_of(asked: Place) -> Scope:
    """The scope. Raises Problem with the parameter at fault."""
    if asked.state == (asked.district is not None):
        raise of_parameter("district", "name one, or ask for state=true; not both, and not neither")
    if asked.school and asked.state:
        raise of_parameter("school", "is one of a district; name the district in the place of the state")
    grade, group, value = "", None, None
    if isinstance(asked, Scoped):
        grade, group, value = asked.grade or "", asked.group, asked.value
    if group is not None and value is None:
        raise of_parameter("value", "is needed with a group (blank: not given); or ask for a breakdown by it")
    if value is not None and group is None:
        raise of_parameter("group", "is needed with a value")
    return Scope(asked.district or "", asked.state, asked.school or "", grade, group or "all", value or "")


def find_year(grant: Grant, trends: Trends, asked: OfSchoolYear) -> tuple[Where, int]:
    """The scope as `find` has it, and the school year: by default that of the last counted day."""
    year = asked.school_year
    until = None if year is None else first_day(year + 1) - date.resolution
    where = find(grant, trends, asked, until)
    return where, school_year_of(where.through or LAST) if year is None else year


def span(asked: OfDays, where: Where) -> tuple[date, date]:
    """The first and the last day that are asked about. Raises Problem where they are reversed."""
    last = asked.last or where.through or LAST
    first = asked.first or first_day(school_year_of(last))
    if last < first:
        raise of_parameter("first" if asked.last is None else "last", "the last day lies before the first")
    return first, last


@contextmanager
def told_of(parameter: str) -> Iterator[None]:
    """What a question says is bad is told of this parameter. Raises Problem."""
    try:
        yield
    except BadQuestion as error:
        raise of_parameter(parameter, str(error)) from None


def check_value(trends: Trends, where: Where) -> None:
    """Raises Problem where no student ever had the value of the group; asked where nothing was found."""
    scope = where.scope
    # Whoever sees some schools is not told what there is at others.
    if scope.dimension == "all" or where.schools:
        return
    place = Scope(scope.district, scope.state, scope.school)
    if (scope.dimension, scope.value) not in trends.groups(place):
        raise of_parameter("value", "no student here has it; /api/v1/groups lists the values that there are")
