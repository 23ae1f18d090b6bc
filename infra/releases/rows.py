"""A release as rows of `released_cells`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from models.releases.attendance import ABSENT, OTHERS
from models.releases.counted import Days
from models.releases.made import Made
from models.suppression.limits import Why
from models.suppression.release import Answer

Row = tuple[object, ...]

CELL = ("school_id", "grade", "dimension", "member", "month", "rule", "measure")
"""The columns by which a cell is found in its table."""
COLUMNS = ("district_id", "school_year", "as_of", "version", "table_name", *CELL, "value", "reason")

BANDS, ATTENDANCE, ALERTS = "bands", "attendance", "alerts"
TABLES = (BANDS, ATTENDANCE, ALERTS)
ENROLLED = "enrolled"
"""The size of a group of students: whoever had a counted day, at the last school."""
COUNTED = "counted"
"""The student-days that count."""
EVERYBODY = "all"


def cells(made: Made, days: Sequence[Days]) -> Iterator[Row]:
    """Each number of a release: the table, the columns of CELL, the value (None: hidden), and why hidden."""
    for answer in made.bands.answers.values():
        school, grade, group = answer.place
        dimension, _, member = group.partition("=") if group else (EVERYBODY, "", "")
        for measure, value, why in _numbers(answer, ENROLLED):
            yield BANDS, school, grade, dimension, member, "", "", measure, value, why or ""
    yield from _days(made, days)
    for answer in made.alerts.answers.values():
        for measure, count in answer.counts.items():
            why = answer.why[measure]
            yield ALERTS, "", "", EVERYBODY, "", "", answer.place[0], measure, count, why or ""


def _days(made: Made, days: Sequence[Days]) -> Iterator[Row]:
    """Days of schools that are not shown are there, hidden; that the schools are there is no secret."""
    answers: Mapping[tuple[str, ...], Answer] = made.days.answers if made.days else {}
    for each in days:
        place = (each.school, each.month)
        answer = answers.get(place) if each.school != OTHERS else None
        numbers = (
            _numbers(answer, COUNTED)
            if answer
            else [(COUNTED, None, Why.COMPLEMENTARY), (ABSENT, None, Why.COMPLEMENTARY)]
        )
        for measure, value, why in numbers:
            yield ATTENDANCE, each.school, "", EVERYBODY, "", each.month, "", measure, value, why or ""


def _numbers(answer: Answer, size: str) -> Iterator[tuple[str, int | None, Why | None]]:
    yield size, answer.size, answer.size_why
    for measure, value in answer.counts.items():
        yield measure, value, answer.why[measure]
