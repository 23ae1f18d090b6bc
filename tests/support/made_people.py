"""A made-up district of some hundred students for the papers with tables, without a ledger."""

from __future__ import annotations

from models.papers.people import Person
from models.standing import Standing, tier_of
from models.student_groups import groups_of

RACES = ("White", "Black or African American", "Hispanic/Latino of any race")


def made_people(students: int = 360) -> list[Person]:
    """Three schools, grades K to 2; every student has 100 days; who is absent follows from the number."""
    made = []
    for number in range(students):
        absent = (2, 7, 14, 30, 3, 1, 5, 0, 10, 20, 4, 9)[number % 12 if number % 5 else 0]
        groups = {
            "disability": "yes" if number % 6 == 0 else "no",
            "english_learner": "yes" if number % 7 == 0 else "no",
            "meals": ("paid", "free", "paid", "reduced")[number % 4],
            "race_ethnicity": RACES[number % 3],
            "gender": "F" if number % 2 else "M",
        }
        school, grade = "ABC"[number % 3], "K12"[number // 3 % 3]
        standing = Standing(
            "district", school, grade, 100, absent, (absent, 0, 0, 0, 0), 0, tier_of(absent, 100),
            2 if absent >= 10 else 1, 20, 0, 200,
        )  # fmt: skip
        made.append(Person(f"{number:06d}", standing, groups_of(groups)))
    return made
