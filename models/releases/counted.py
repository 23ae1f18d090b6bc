"""What is counted for a release, of one district, school year and date: numbers, no student."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Students(NamedTuple):
    """So many students who are alike: at the last school, in its grade, in all groups, in a band.

    `groups` are their values in the order of models.trends.scope.DIMENSIONS, blank where not given. `band` is
    0 to 3, as in `standings.steps`. Several of these may be alike; they are added up.
    """

    school: str
    grade: str
    groups: tuple[str, ...]
    band: int
    number: int


class Days(NamedTuple):
    """The K-12 student-days of a school and month (such as `2024-10`), blank for all of them.

    `students` is how many students these are the days of.
    """

    school: str
    month: str
    counted: int
    absent: int
    students: int


class Alerts(NamedTuple):
    """So many K-12 students of whom a rule has told, each once: `standing`, else `recovered`, else
    `withdrawn`, by which of them any of the student's alerts is."""

    rule: str
    condition: str
    students: int


class Counted(NamedTuple):
    """All that a release is made from. `days` holds every school and month with both margins."""

    students: Sequence[Students]
    days: Sequence[Days]
    alerts: Sequence[Alerts]
