"""Into what an answer is broken down: a row for each district, school, grade, or value of a kind of group."""

from __future__ import annotations

from models.trends.scope import DIMENSIONS, BadQuestion, Scope

BREAKDOWNS = ("district", "school", "grade", *DIMENSIONS)


def check_breakdown(scope: Scope, breakdown: str) -> None:
    """Raises BadQuestion where a scope cannot be broken down so.

    By grade PK is a row of its own; in all other rows it is left out, as in the answer as a whole.
    """
    if breakdown not in BREAKDOWNS:
        raise BadQuestion(f"a breakdown is one of {', '.join(BREAKDOWNS)}")
    if breakdown == "district" and not scope.state:
        raise BadQuestion("districts are parts of the state; ask for the whole state")
    if breakdown == "school" and (scope.school or scope.state):
        raise BadQuestion("schools are parts of one district; name it, and no school")
    if breakdown == "grade" and scope.grade:
        raise BadQuestion("one grade has no parts; leave the grade out")
    if breakdown in DIMENSIONS and scope.dimension != "all":
        raise BadQuestion("one group at a time; leave the group out, or break down by school or grade")
