"""The place and the scope that are asked about, within what a token reaches."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from models.trends.breakdown import check_breakdown
from models.trends.scope import BadQuestion, Scope
from web.access import Grant, reach
from web.parameters import LAST, Place, Scoped
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
        try:
            check_breakdown(scope, breakdown)
        except BadQuestion as error:
            raise of_parameter("breakdown", str(error)) from None
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


def check_value(trends: Trends, where: Where) -> None:
    """Raises Problem where no student ever had the value of the group; asked where nothing was found."""
    scope = where.scope
    # Whoever sees some schools is not told what there is at others.
    if scope.dimension == "all" or where.schools:
        return
    place = Scope(scope.district, scope.state, scope.school)
    if (scope.dimension, scope.value) not in trends.groups(place):
        raise of_parameter("value", "no student here has it; /api/v1/groups lists the values that there are")
