"""Student groups in about Connecticut's proportions, and how much each adds to a student's absence.

The published chronic rates by group are of 2018-19 (EdSight), a year with 10.4 % over all. The district
lives in 2021-22, with 23.7 %; the groups' rates are carried over by keeping their odds ratios.
"""

from __future__ import annotations

import math
from random import Random
from typing import NamedTuple

STATE_2018_19, STATE_2021_22 = 10.4, 23.7

WHITE, HISPANIC, BLACK = "White", "Hispanic/Latino of any race", "Black or African American"
ASIAN, TWO_OR_MORE = "Asian", "Two or More Races"
NATIVE, PACIFIC = "American Indian or Alaska Native", "Native Hawaiian or Other Pacific Islander"

# Percent of students; then percent of these with free meals, and of these who are English learners.
_SHARES = {
    WHITE: (48.9, 20, 2),
    HISPANIC: (29.0, 58, 24),
    BLACK: (12.6, 55, 3),
    ASIAN: (5.2, 22, 12),
    TWO_OR_MORE: (3.9, 38, 1),
    NATIVE: (0.3, 45, 2),
    PACIFIC: (0.1, 40, 5),
}

RATES_2018_19 = {
    "grade": {
        "K": 11.6, "1": 8.4, "2": 7.4, "3": 6.8, "4": 6.9, "5": 7.0, "6": 8.2, "7": 9.5, "8": 10.7,
        "9": 13.1, "10": 13.3, "11": 13.5, "12": 18.0,
    },
    "english_learner": {"yes": 15.9, "no": 9.9},
    "disability": {"yes": 19.2, "no": 8.8},
    "meals": {"free": 18.2, "reduced": 9.0, "paid": 5.5},
    "race_ethnicity": {
        BLACK: 15.2, HISPANIC: 16.4, WHITE: 6.7, ASIAN: 6.3, TWO_OR_MORE: 10.0, NATIVE: 12.0, PACIFIC: 9.9,
    },
}  # fmt: skip

# Natural logarithms that add up to a student's usual share of days absent. They were fitted until the chronic
# rates of simulated districts met `expected_rates`; groups overlap, so these are not ratios of those rates.
MEDIAN = -3.39
SPREAD = 0.9
EFFECTS = {
    "grade": {
        "K": 0.01, "1": -0.31, "2": -0.45, "3": -0.4, "4": -0.38, "5": -0.39, "6": -0.3, "7": -0.17,
        "8": -0.1, "9": 0.05, "10": 0.07, "11": 0.08, "12": 0.32,
    },
    "english_learner": {"yes": 0.07},
    "disability": {"yes": 0.55},
    "meals": {"free": 0.62, "reduced": 0.29},
    "race_ethnicity": {BLACK: 0.18, HISPANIC: 0.22, WHITE: -0.17, ASIAN: -0.16, TWO_OR_MORE: -0.01},
}  # fmt: skip


class Groups(NamedTuple):
    """What a student record says of groups, as it writes them."""

    race_ethnicity: str
    gender: str
    english_learner: str
    disability: str
    meals: str
    homeless: str


def expected_rates() -> dict[str, dict[str, float]]:
    """The chronic rates in percent that the district is to show, by dimension and group."""
    scale = _odds(STATE_2021_22) / _odds(STATE_2018_19)
    return {
        dimension: {group: _percent(_odds(rate) * scale) for group, rate in rates.items()}
        for dimension, rates in RATES_2018_19.items()
    }


def _odds(percent: float) -> float:
    return percent / (100 - percent)


def _percent(odds: float) -> float:
    return 100 * odds / (1 + odds)


def draw(rng: Random) -> Groups:
    """The groups of one student."""
    weights = [share for share, _, _ in _SHARES.values()]
    race = rng.choices(list(_SHARES), weights)[0]
    _, free, learners = _SHARES[race]
    place = rng.random() * 100
    meals = "free" if place < free else "reduced" if place < free + 5.5 else "paid"
    return Groups(
        race,
        rng.choices(("F", "M", "X"), (48.6, 51.0, 0.4))[0],
        _yes(rng.random() * 100 < learners),
        _yes(rng.random() * 100 < (21 if meals == "free" else 14)),
        meals,
        _yes(rng.random() < (0.02 if meals == "free" else 0.001)),
    )


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def usual_share(grade: str, groups: Groups, rng: Random) -> float:
    """A student's own tendency: the share of days that it is usually absent, 0 to 0.9."""
    total = MEDIAN + EFFECTS["grade"].get("K" if grade == "PK" else grade, 0.0)
    for dimension in ("english_learner", "disability", "meals", "race_ethnicity"):
        total += EFFECTS[dimension].get(getattr(groups, dimension), 0.0)
    return min(0.9, math.exp(total + rng.gauss(0, SPREAD)))
