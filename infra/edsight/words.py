"""The words of EdSight's chronic absenteeism exports: whose columns they are, and what a group is here."""

from __future__ import annotations

import re

STATE = "State of Connecticut"
HIDDEN = "*"

DIMENSIONS = {
    "English Learner Status": "english_learner",
    "Free/Reduced Price Meal Eligibility": "meals",
    "Gender": "gender",
    "Grade": "grade",
    "High Needs Status": "high_needs",
    "Race/Ethnicity": "race_ethnicity",
    "Special Education Status": "disability",
}
"""A group's column and its dimension. The exports for gender and high needs were not at hand when this was
written; their words are those of EdSight's pages."""

_VALUES = {
    "english_learner": {"ELL": "yes", "Non-ELL": "no"},
    "meals": {
        "Eligible For Free Lunch": "free",
        "Eligible For Reduced Lunch": "reduced",
        "Not Eligible For Lunch": "paid",
    },
    "gender": {"Female": "F", "Male": "M", "Non-Binary": "X"},
    "high_needs": {"High Needs": "yes", "Non-High Needs": "no"},
    "disability": {"Special Education": "yes", "Non-Special Education": "no"},
    "grade": {"Pre-Kindergarten": "PK", "Kindergarten": "K"},
}
_RACES = (
    "American Indian or Alaska Native",
    "Asian",
    "Black or African American",
    "Hispanic/Latino of any race",
    "Native Hawaiian or Other Pacific Islander",
    "Two or More Races",
    "White",
)
_GRADE = re.compile(r"Grade +([1-9]|1[0-2])")


def value_of(dimension: str, text: str) -> str | None:
    """The value that a group's words stand for; None where they are unknown."""
    if dimension == "race_ethnicity":
        return text if text in _RACES else None
    if dimension == "grade" and (match := _GRADE.fullmatch(text)):
        return match[1]
    return _VALUES[dimension].get(text)


def known_words(dimension: str) -> str:
    """What a column of a dimension may say, for a message."""
    if dimension == "race_ethnicity":
        return ", ".join(_RACES)
    more = ", Grade 1 to Grade 12" if dimension == "grade" else ""
    return ", ".join(_VALUES[dimension]) + more
