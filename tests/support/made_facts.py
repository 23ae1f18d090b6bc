"""Facts of made-up students for the tests of the store, and their standings counted the slow way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.school_year import dates_of
from models.standing import tier_of
from models.student_year import CLASS_NAMES
from streams.facts_message import NO_REASON, UNREPORTED, Facts

Key = tuple[str, int, str, str, str]
"""district_id, school_year, student_id, scope, school_id."""


class Row(NamedTuple):
    """What the tests compare of a standing."""

    last_school_id: str
    grade: str
    enrolled: int
    absent: int
    classes: tuple[int, ...]
    tier: str
    data_through: date | None
    unreported: int = 0


def history(seed: int, messages: int = 40, facts_a_message: int = 60) -> list[Facts]:
    """Messages in the order in which a worker publishes them: new days, corrections, transfers, days gone.

    The same student ids are used in two districts, and some students go from PK to K within the year.
    """
    dice = random.Random(seed)
    owners: dict[tuple[str, int, str, int], str] = {}
    made = []
    for version in range(messages):
        facts = Facts(dice.choice(["D1", "D2"]), dice.choice([2023, 2024]), version)
        days = {(f"{dice.randrange(25):04d}", dice.randrange(60, 90)) for _ in range(facts_a_message)}
        for student, day in sorted(days):
            key = (facts.district, facts.year, student, day)
            school = f"S{dice.randrange(3)}" if dice.random() < 0.8 else ""
            before = owners.get(key, "")
            young = int(student) % 5 == 0 and (day < 80 or student == "0020")
            grade = "PK" if young else "K"
            if before and before != school:
                facts.add(before, student, grade, day, "", 0)
            if school and dice.random() < 0.1:
                facts.add(school, student, grade, day, UNREPORTED, 0)
            elif school:
                class_ = dice.choice([*CLASS_NAMES, *[""] * 5])
                facts.add(school, student, grade, day, class_, 1, _reason(student, day, class_))
            owners[key] = school
        made.append(facts)
    return made


def _reason(student: str, day: int, class_: str) -> tuple[str, bool]:
    """Two codes a class, one of them remote; of the attended days one in seven is remote."""
    if class_:
        return f"{class_[:2].upper()}{day % 2}", day % 2 == 1
    return ("DLP", True) if (int(student) + day) % 7 == 0 else NO_REASON


def standings(messages: Iterable[Facts]) -> dict[Key, Row]:
    """The standings that the facts give, one day after the other; without those of no counted day."""
    newest: dict[tuple[str, int, str, str, int], tuple[str, str, int]] = {}
    for facts in messages:
        columns = (facts.schools, facts.students, facts.grades, facts.days, facts.classes, facts.counted)
        for school, student, grade, day, class_, counted in zip(*columns, strict=True):
            newest[facts.district, facts.year, school, student, day] = (grade, class_, counted)
    days: dict[Key, list[tuple[int, str, str, str]]] = {}
    unreported: Counter[tuple[Key, bool]] = Counter()
    for (district, year, school, student, day), (grade, class_, counted) in newest.items():
        for place in (("district", ""), ("school", school)):
            key = (district, year, student, *place)
            if counted:
                days.setdefault(key, []).append((day, school, grade, class_))
            elif class_ == UNREPORTED:
                unreported[key, grade == "PK"] += 1
    return {key: _row(key, held, unreported) for key, held in days.items()}


def _row(key: Key, days: list[tuple[int, str, str, str]], unreported: Counter[tuple[Key, bool]]) -> Row:
    older = [held for held in days if held[2] != "PK"]
    counted = sorted(older or days)
    absent = [class_ for _, _, _, class_ in counted if class_]
    last = counted[-1]
    return Row(
        last[1],
        last[2],
        len(counted),
        len(absent),
        tuple(absent.count(name) for name in CLASS_NAMES),
        tier_of(len(absent), len(counted)) if older else "",
        dates_of(key[1])[last[0]],
        unreported[key, not older],
    )
