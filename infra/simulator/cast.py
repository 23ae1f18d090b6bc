"""The cast: fifteen made-up students whose stories documents, demo and tests tell (docs/cast.md).

Their marks are written here day by day; they depend neither on the seed nor on the size of the district.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from infra.simulator.absence import DAYS, NOTHING, Year
from infra.simulator.corrections import Change
from infra.simulator.groups import ASIAN, BLACK, HISPANIC, TWO_OR_MORE, WHITE, Groups
from infra.simulator.people import Stay, Student, counselor
from infra.simulator.school_days import INDEX
from infra.simulator.schools import ELEMENTARY, HIGH, MIDDLE, School


class Role(NamedTuple):
    """One member. `marks` are dates by letter, a range written as first..last; `changes` are written as
    "arrives day from to"."""

    name: str
    last_name: str
    grade: str
    level: str
    birthdate: str
    groups: Groups
    marks: dict[str, str]
    changes: tuple[str, ...] = ()
    prior: tuple[int, int] | None = None
    moved: str = ""
    left: str = ""
    recorded: str = ""
    language: str = "English"


def _groups(race: str, gender: str, meals: str = "paid", el: str = "no", disability: str = "no") -> Groups:
    return Groups(race, gender, el, disability, meals, "no")


ROLES = (
    Role(
        "Ana", "Ferro", "4", ELEMENTARY, "2012-05-11", _groups(HISPANIC, "F", "free"),
        {"E": "2021-10-05 2021-10-06 2021-11-10 2021-11-15 2021-12-06 2022-01-13 2022-02-03",
         "U": "2021-09-27 2021-10-22 2021-11-05 2021-12-17 2022-01-24",
         "K": "2021-10-29 2021-11-29 2021-12-20 2022-01-05 2022-01-31 2022-02-04 2022-02-07 2022-02-08 "
              "2022-02-09"},
    ),
    Role(
        "Ben", "Adler", "2", ELEMENTARY, "2014-03-02", _groups(WHITE, "M"),
        {"E": "2021-09-13..2021-09-15 2021-10-12", "H": "2021-12-01"},
    ),
    Role(
        "Carla", "Nunes", "5", ELEMENTARY, "2011-08-19", _groups(HISPANIC, "F", "reduced"),
        {"E": "2021-09-09 2021-09-30 2021-10-13 2021-10-26",
         "K": "2021-11-18 2021-11-30 2021-12-10 2022-01-12 2022-01-26"},
        moved="2021-11-15",
    ),
    Role(
        "Dev", "Rao", "11", HIGH, "2005-01-23", _groups(ASIAN, "M"),
        {"M": "2021-10-15 2022-02-08", "T": "2021-11-09 2022-01-20"},
    ),
    Role(
        "Eli", "Stern", "8", MIDDLE, "2008-06-30", _groups(WHITE, "M"),
        {"M": "2022-01-06 2022-01-10"},
    ),
    Role(
        "Fay", "Monroe", "12", HIGH, "2004-02-14", _groups(BLACK, "F"),
        {"M": "2021-10-08 2021-12-03 2022-01-26"},
    ),
    Role(
        "Gus", "Petrov", "7", MIDDLE, "2009-04-08", _groups(WHITE, "M", "free"),
        {"m": "2021-11-12 2022-01-20", "R": "2021-12-13..2021-12-17"},
        changes=("2021-11-17 2021-11-12 m M",),
    ),
    Role(
        "Hana", "Sato", "PK", ELEMENTARY, "2017-03-21", _groups(ASIAN, "F"),
        {"M": "2021-12-02", "E": "2021-10-20"},
    ),
    Role(
        "Ivo", "Kralj", "6", MIDDLE, "2010-02-17", _groups(TWO_OR_MORE, "M"),
        {"K": "2021-11-03..2021-11-05"},
        changes=tuple(f"2021-11-09 2021-11-0{day} K {to}" for day, to in ((3, "P"), (4, "P"), (5, "P"))),
    ),
    Role(
        "Jun", "Park", "3", ELEMENTARY, "2013-07-07", _groups(ASIAN, "X"),
        {"E": "2021-12-14"},
        prior=(177, 45),
    ),
    Role(
        "Kai", "Lowell", "10", HIGH, "2006-03-25", _groups(BLACK, "M", "free", disability="yes"),
        {"U": "2021-09-10 2021-09-20 2021-09-24 2021-10-08 2021-10-25 2021-11-05 2021-11-12 2021-11-22 "
              "2021-12-03 2021-12-10 2021-12-17 2021-12-20 2022-01-03 2022-01-10 2022-01-14 2022-01-18 "
              "2022-01-28 2022-01-31 2022-02-07 2022-02-10",
         "S": "2021-10-18 2021-10-19"},
    ),
    Role(
        "Lea", "Brandt", "1", ELEMENTARY, "2015-04-29", _groups(WHITE, "F"),
        {"E": "2021-12-07..2021-12-09"},
    ),
    Role(
        "Max", "Oduya", "9", HIGH, "2007-05-16", _groups(BLACK, "M", "free"),
        {"U": "2021-09-17 2021-10-01 2021-10-27", "K": "2021-09-22 2021-10-12 2021-11-16 2021-11-30"},
        left="2021-12-10",
    ),
    Role(
        "Nia", "Coleman", "K", ELEMENTARY, "2016-06-05", _groups(BLACK, "F", "free"),
        {"E": "2021-09-01 2021-09-22..2021-09-24", "T": "2021-10-14"},
        recorded="2021-10-04",
    ),
    Role(
        "Oli", "Duarte", "7", MIDDLE, "2009-01-12", _groups(HISPANIC, "M", "free", "yes"),
        {"V": "2021-11-29..2022-01-12"},
        language="Portuguese",
    ),
)  # fmt: skip


def cast_id(role: Role) -> str:
    """The student_id of a member."""
    return f"cast-{role.name.lower()}"


def student(role: Role, schools: Sequence[School]) -> Student:
    """The member as a student: at the first school of the level, by the story's dates."""
    home = _first(schools, role.level)
    return Student(
        cast_id(role),
        role.name,
        role.last_name,
        date.fromisoformat(role.birthdate),
        role.language,
        counselor(schools[home], 0),
        role.grade,
        role.groups,
        0.0,
        _stays(role, home, schools),
        role.prior,
    )


def _stays(role: Role, home: int, schools: Sequence[School]) -> list[Stay]:
    if role.moved:
        moved = _index(role.moved)
        others = [
            place for place, school in enumerate(schools) if place != home and school.level == role.level
        ]
        # A district with one elementary school sends a fifth grade on to the middle school.
        to = others[0] if others else _first(schools, MIDDLE)
        return [Stay(home, 0, moved - 1, ended=moved), Stay(to, moved, recorded=moved)]
    if role.left:
        left = _index(role.left)
        return [Stay(home, 0, left, ended=left + 1)]
    if role.recorded:
        return [Stay(home, 0, recorded=_index(role.recorded))]
    return [Stay(home, 0)]


def year(role: Role) -> Year:
    """The member's marks and corrections."""
    marks = [NOTHING] * DAYS
    for letter, written in role.marks.items():
        for part in written.split():
            first, _, last = part.partition("..")
            for day in range(_index(first), _index(last or first) + 1):
                marks[day] = letter
    changes = [text.split() for text in role.changes]
    found = [Change(_index(arrives), _index(day), of, to) for arrives, day, of, to in changes]
    return Year("".join(marks), tuple(sorted(found)))


def _first(schools: Sequence[School], level: str) -> int:
    return next(place for place, school in enumerate(schools) if school.level == level)


def _index(text: str) -> int:
    return INDEX[date.fromisoformat(text)]
