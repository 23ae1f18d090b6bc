"""Bands as known at any instant are those of the versions that were known then, in whatever order they came.

Facts are learned late, corrected, taken back and told twice; students move between schools and out of PK; the
clock of the log is set back; groups change afterwards. Each answer is held against all versions, counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import NamedTuple

import pytest

from infra.clickhouse import touched_students
from infra.clickhouse.known_bands import News
from infra.clickhouse.known_order import KnownOrder
from infra.clickhouse.rows import FACT_COLUMNS
from infra.clickhouse.store import Store
from infra.trends.bands import bands
from infra.trends.known_bands import bands_as_known, bands_as_known_by
from models.trends.answers import Bands, BandsOf
from models.trends.scope import Scope
from tests.support.chdb_store import Engine

YEAR = 2024
FIRST = date(2024, 8, 28)
NOON = 1_725_000_000_000
"""Unix time in milliseconds at which the first fact is known."""


class Version(NamedTuple):
    """A version of a fact, and when it was known."""

    known_at: int
    version: int
    district: str
    school: str
    student: str
    date: date
    grade: str
    absent: bool
    counted: bool


def history(dice: Random, in_time: float) -> list[Version]:
    """What is told about some students, in the order of its versions; so much of it in time."""
    found: list[Version] = []
    now, version = NOON, 0
    for day in range(14):
        for _ in range(dice.choice((1, 1, 2, 3))):
            # Sometimes the clock is set back, and often several messages come at once.
            now += -7_200_000 if dice.random() > in_time else dice.choice((0, 0, 1, 5_000, 3_600_000))
            version += 1
            for number in range(8):
                if dice.random() < 0.4:
                    continue
                told = day if dice.random() < in_time else dice.randrange(14)
                school = dice.choice(("A", "A", "A", "B")) if number % 3 else "A"
                grade = (
                    "PK" if number == 1 or (number == 2 and told < 6) else dice.choice(("1", "1", "1", "2"))
                )
                found.append(
                    Version(
                        now, version, "D" if number < 6 else "E", school, f"s{number}",
                        FIRST + timedelta(days=told), grade, dice.random() < 0.25, dice.random() < 0.9,
                    )
                )  # fmt: skip
        now += dice.choice((0, 86_400_000, 86_400_000))
    # A message holds one fact of a school's student and day.
    one = {(each.version, each.school, each.student, each.date): each for each in found}
    return list(one.values())


def store_them(store: Store, versions: list[Version]) -> None:
    """As the sink does with what came in one step."""
    columns: dict[str, list[object]] = {name: [] for name in FACT_COLUMNS}
    for each in versions:
        row = {
            "district_id": each.district, "school_year": YEAR, "date": each.date.isoformat(),
            "school_id": each.school, "student_id": each.student, "grade": each.grade,
            "class": "excused" if each.absent else "", "counted": int(each.counted), "version": each.version,
            "code": "", "remote": 0,
        }  # fmt: skip
        for name in FACT_COLUMNS:
            columns[name].append(row[name])
    facts = tuple(columns[name] for name in FACT_COLUMNS)
    order = KnownOrder(store.newest_known)
    order.add((each.district, each.known_at) for each in versions)
    store.insert_facts(facts)
    store.insert_history(facts, [each.known_at for each in versions])
    touched: dict[tuple[str, str, str], int] = {}
    for each in versions:
        key = (each.district, each.school, each.student)
        touched[key] = min(each.known_at, touched.get(key, each.known_at))
    dates = {each.date.isoformat() for each in versions}
    store.recount(YEAR, touched, (), News(order.in_order(), dates))
    store.note_known(order.newest)


def known(
    versions: Iterable[Version], place: str, as_of: date, instant: int
) -> Iterator[tuple[str, str, int]]:
    """(student, grade, band) of whoever has a standing at a school or (blank) in a district."""
    held: dict[tuple[str, str, date], Version] = {}
    for each in sorted(versions, key=lambda each: each.version):
        if each.known_at <= instant and each.date <= as_of and place in ("", each.school):
            held[each.student, each.school, each.date] = each
    days = sorted(
        (each.student, each.date, each.school, each.grade, each.absent)
        for each in held.values()
        if each.counted
    )
    for student, those in groupby(days, key=lambda day: day[0]):
        of = list(those)
        due = [day for day in of if day[3] != "PK"] or of
        absent = sum(day[4] for day in due)
        yield student, due[-1][3], sum(share * absent >= len(due) for share in (20, 10, 5))


def counted(found: Iterable[tuple[str, str, int]], grade: str, among: set[str]) -> Bands:
    """The bands of those of a grade (blank: K-12), who are among some."""
    held = [
        band for student, of, band in found if student in among and (of == grade if grade else of != "PK")
    ]
    return Bands(*(held.count(band) for band in range(4)))


def regroup(store: Store, dice: Random, version: int) -> dict[str, str]:
    """Put all students into groups of meals, whatever they were in before; the value of each."""
    meals = {f"s{number}": dice.choice(("free", "paid", "")) for number in range(8)}
    for district, students in (("D", sorted(meals)[:6]), ("E", sorted(meals)[6:])):
        rows = [(district, student, meals[student], version) for student in students]
        store.insert("students", ("district_id", "student_id", "meals", "version"), rows)
        store.recount_students(district, students)
    return meals


# A few students are worked out from all their versions in any case.
@pytest.mark.parametrize(("in_time", "few"), [(0.7, 0), (0.98, 0), (0.98, touched_students.FEW_STUDENTS)])
@pytest.mark.parametrize("seed", range(3))
def test_what_was_known_is_what_the_versions_say(
    engine: Engine, seed: int, in_time: float, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(touched_students, "FEW_STUDENTS", few)
    dice = Random(seed)
    versions, next_days = history(dice, in_time), 0
    with engine.store() as store:
        meals = regroup(store, dice, 1)
        told: list[Version] = []
        cuts = sorted(dice.sample(range(1, len(versions)), 11))
        for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(versions)], strict=True)):
            # What was told before may be told again, later.
            again = [
                each._replace(known_at=each.known_at + 86_400_000) for each in told if dice.random() < 0.05
            ]
            store_them(store, versions[start:end] + again)
            next_days += store.lanes.students.query("SELECT count() FROM next_days").result_rows[0][0]
            told = versions[:end]
            if number in (2, 6):
                meals = regroup(store, dice, 2 + number)
            if number in (5, 11):
                assert_known(store, dice, told, meals)
        assert in_time < 0.9 or bool(next_days) == (few == 0)


def assert_known(store: Store, dice: Random, told: list[Version], meals: dict[str, str]) -> None:
    """All scopes, as of some days, at some instants."""
    instants = sorted({each.known_at for each in told})
    asked = [
        instants[0] - 1,
        *dice.sample(instants, min(3, len(instants))),
        instants[-1],
        instants[-1] + 10**10,
    ]
    for instant in asked:
        known_at = datetime.fromtimestamp(instant / 1000, UTC)
        for as_of in (FIRST + timedelta(days=day) for day in (dice.randrange(14), 13, 40)):
            for scope in (
                Scope(state=True), Scope("D"), Scope("E"), Scope("D", school="A"), Scope("D", school="B"),
                Scope("D", grade="PK"), Scope(state=True, grade="1"), Scope("D", school="A", grade="2"),
                Scope("D", dimension="meals", value="free"), Scope(state=True, dimension="meals", value=""),
                Scope("D", school="A", dimension="high_needs", value="yes"),
            ):  # fmt: skip
                expected = expected_bands(told, meals, scope, as_of, instant)
                assert bands_as_known(store.client, scope, as_of, known_at) == expected
            for scope, breakdown, parts in (
                (Scope("D"), "school", [Scope("D", school=school) for school in "AB"]),
                (Scope(state=True), "district", [Scope("D"), Scope("E")]),
                (Scope("D"), "grade", [Scope("D", grade=grade) for grade in ("1", "2", "PK")]),
                (Scope("D"), "meals", [Scope("D", dimension="meals", value=v) for v in ("", "free", "paid")]),
                (
                    Scope("D", school="A"), "grade",
                    [Scope("D", school="A", grade=grade) for grade in ("1", "2", "PK")],
                ),
            ):  # fmt: skip
                answers = [expected_bands(told, meals, part, as_of, instant) for part in parts]
                names = [getattr(part, breakdown, part.value) for part in parts]
                assert bands_as_known_by(store.client, scope, breakdown, as_of, known_at) == [
                    BandsOf(name, answer) for name, answer in zip(names, answers, strict=True) if any(answer)
                ]
    for scope in (Scope("D"), Scope("D", school="A")):
        later = datetime.fromtimestamp(instants[-1] / 1000, UTC)
        assert bands_as_known(store.client, scope, FIRST + timedelta(days=20), later) == bands(
            store.client, scope, FIRST + timedelta(days=20)
        )


def expected_bands(
    told: list[Version], meals: dict[str, str], scope: Scope, as_of: date, instant: int
) -> Bands:
    """Counted from all versions."""
    in_group = {
        "all": lambda student: True,
        "meals": lambda student: meals[student] == scope.value,
        "high_needs": lambda student: meals[student] == "free",
    }[scope.dimension]
    among = {student for student in meals if in_group(student)}
    held: list[tuple[str, str, int]] = []
    for district in ("D", "E"):
        if scope.state or scope.district == district:
            versions = [each for each in told if each.district == district]
            held += known(versions, scope.school, as_of, instant)
    return counted(held, scope.grade, among)
