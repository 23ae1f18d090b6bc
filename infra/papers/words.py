"""The words of the papers: how EdSight names what the records write, and the footnote of what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from models import percent
from models.suppression.release import HIDDEN

FOOTNOTE = (
    f"{HIDDEN}: hidden, because the group or the count is small, nearly all or none of the group are meant,"
    " or another hidden number could be worked out from it."
)
STAFF = "NOT SUPPRESSED: for staff who may see these students. Must not leave the office."
NOT_GIVEN = "Not given"

Cell = str | int | float
"""What stands in a cell of a paper: text, a count, or a share in percent."""


class Dimension(NamedTuple):
    """A kind of student group: what EdSight calls it, and its values by how records write them."""

    title: str
    values: dict[str, str]


DIMENSIONS = {
    "english_learner": Dimension("English Learner Status", {"yes": "ELL", "no": "Non-ELL"}),
    "disability": Dimension(
        "Special Education Status", {"no": "Non-Special Education", "yes": "Special Education"}
    ),
    "meals": Dimension(
        "Free/Reduced Price Meal Eligibility",
        {
            "free": "Eligible For Free Lunch",
            "reduced": "Eligible For Reduced Lunch",
            "paid": "Not Eligible For Lunch",
        },
    ),
    "race_ethnicity": Dimension("Race/Ethnicity", {}),
    "gender": Dimension("Gender", {"F": "Female", "M": "Male"}),
    "high_needs": Dimension("High Needs Status", {"yes": "High Needs", "no": "Non-High Needs"}),
    "homeless": Dimension("Homeless Status", {"yes": "Homeless", "no": "Non-Homeless"}),
}
"""Race and ethnicity, and genders of other words, stand as the records have them."""


def value_word(dimension: str, value: str) -> str:
    """What a value is called in a paper."""
    return DIMENSIONS[dimension].values.get(value, value) or NOT_GIVEN


def in_order(dimension: str, values: Iterable[str]) -> list[str]:
    """The values of a dimension as papers list them: by their words, what is not given last."""
    return sorted(values, key=lambda value: (not value, value_word(dimension, value)))


def grade_word(grade: str) -> str:
    """`K` -> Kindergarten, `7` -> `Grade   7`, as EdSight pads it."""
    return "Kindergarten" if grade == "K" else f"Grade {grade:>{2 if len(grade) > 1 else 3}}"


def share(count: int | None, whole: int | None) -> Cell:
    """In percent with one decimal, half up; `*` where a number is hidden, blank where nobody is counted."""
    if count is None or whole is None:
        return HIDDEN
    if not whole:
        return ""
    return float(percent.written(count, whole, 1))
