"""How much is measured: chosen so that the full form takes some ten minutes on two cores."""

from __future__ import annotations

from dataclasses import dataclass

PARTITIONS = 4


@dataclass(frozen=True, slots=True)
class Town:
    """Districts of the same size. A school's morning is one message, of as many events as it has students."""

    districts: int
    schools: int
    students: int
    days: int

    @property
    def all_students(self) -> int:
        """The students of all districts."""
        return self.districts * self.schools * self.students

    @property
    def events(self) -> int:
        """The attendance records: one a student and day."""
        return self.all_students * self.days

    @property
    def messages(self) -> int:
        """All messages: codes, and of each school its calendar, its enrollments and its mornings."""
        return self.districts * (1 + self.schools * (2 + self.days))


@dataclass(frozen=True, slots=True)
class Sizes:
    """`main` is for the rates, the memory and the steps.

    `rounds` is how often the rates of bare consumer and stream part are taken. `growth` are 1, 10 and 100
    times the students on the same days; the state of the last is the one that is recovered.
    """

    main: Town
    rounds: int
    growth: tuple[Town, Town, Town]


FULL = Sizes(
    main=Town(districts=8, schools=5, students=500, days=100),
    rounds=3,
    growth=(Town(1, 2, 500, 40), Town(4, 5, 500, 40), Town(20, 10, 500, 40)),
)

# Small enough for the tests; its numbers mean nothing.
QUICK = Sizes(
    main=Town(districts=4, schools=1, students=100, days=25),
    rounds=1,
    growth=(Town(1, 1, 10, 25), Town(1, 2, 50, 25), Town(4, 2, 125, 25)),
)
