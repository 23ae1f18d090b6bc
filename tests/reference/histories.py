"""What random students do: where they are enrolled, and how often and why they are absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random


@dataclass(frozen=True)
class Stay:
    """An enrollment as planned."""

    school: str
    entry: date
    leaving: date | None
    grade: str
    track: str


@dataclass(frozen=True)
class Habit:
    """How likely an absence begins and goes on from one day to the next, and the weights of its codes."""

    begins: float
    goes_on: float
    codes: dict[str, int]


def habits(rng: Random) -> list[Habit]:
    """Give the habits of the parts of a history, all of one length."""
    codes: tuple[dict[str, int], ...] = (
        {"E": 4, "U": 3, "M": 1, "D": 1, "N": 1},
        {"U": 9, "X": 1},
        {"M": 3, "E": 2},
        {"E": 5, "N": 2, "D": 2, "X": 1},
    )
    choices = (
        (0.0, 0.0), (0.03, 0.3), (0.08, 0.4), (0.12, 0.5), (0.2, 0.6), (0.4, 0.7), (0.9, 0.95),
    )  # fmt: skip
    parts = rng.choice((1, 1, 2, 3, 4))
    mine = rng.choice(codes)
    return [Habit(*rng.choice(choices), codes=mine) for _ in range(parts)]


def stays(rng: Random, dates: list[date], schools: list[str]) -> list[Stay]:
    """Give one to four enrollments: late, ended, transferred, returned, never begun, PK before K."""
    grade = rng.choice(("K", "1", "04", "5", "12", "5", "PK", "KG"))
    track = rng.choice(("", "", "", "", "B", "C"))
    entry = rng.choice((dates[0], dates[0], dates[0] - timedelta(days=5), dates[len(dates) // 4]))
    story = [Stay(rng.choice(schools), entry, None, grade, track)]
    if rng.random() < 0.15:  # all year in the year before too, until some day in summer
        story[0] = Stay(story[0].school, entry - timedelta(days=200), None, grade, track)
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        last = story[-1]
        moved = rng.choice(dates)
        if moved <= last.entry:
            continue
        if rng.random() < 0.5:  # left before, on or after the day of the transfer
            leaving = moved + timedelta(days=rng.choice((-15, -1, 0, 5)))
            story[-1] = Stay(last.school, last.entry, leaving, last.grade, last.track)
        grade = rng.choice((last.grade, last.grade, "K", "6"))
        story.append(Stay(rng.choice(schools), moved, None, grade, rng.choice((last.track, ""))))
    if rng.random() < 0.15:  # somebody who left
        last = story[-1]
        story[-1] = Stay(last.school, last.entry, rng.choice(dates), last.grade, last.track)
    if rng.random() < 0.15:  # a no-show
        day = rng.choice(dates)
        story.append(Stay(rng.choice(schools), day, day - timedelta(days=1), "3", ""))
    if rng.random() < 0.1:  # at two schools since the same day
        last = story[-1]
        story.append(Stay(rng.choice(schools), last.entry, last.leaving, "7", last.track))
    return story
