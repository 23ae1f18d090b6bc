"""Our records counted by another reading: ours is the standing, and a planted reading is found again."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bits import last_day
from models.policy import DEFAULT, contract
from models.reconcile.evidence import evidence_of
from models.reconcile.groups import Group, Person, TheirGroup, count_groups, explain_groups
from models.reconcile.reading import Alternative, Reading, alternatives
from models.reconcile.recount import Count, Evidence, Records, Said, recount
from models.reconcile.students import Key, TheirCount, count_students, explain_students
from models.school_year import day_index, school_year_of
from models.standing import standings
from models.student_groups import groups_of, student_record
from models.student_year import NO_CLASSES, NO_MHW, Frame, Part, StudentYear, cut
from tests.property.driver import Driver
from tests.property.proof import accepted, some_dates
from tests.reference.generate import random_files
from tests.reference.reference import evaluate

POLICY = DEFAULT._replace(iss_codes=("ISS",))
CODES = {
    "E": ("excused", ""), "U": ("unexcused", ""), "S": ("disciplinary", ""), "X": ("disciplinary", ""),
    "M": ("mhw", ""), "MH": ("mhw", ""),
    "H": ("excused", "0.5"), "Q": ("unexcused", "0.25"), "L": ("", ""), "ISS": ("", ""), "F": ("", ""),
}  # fmt: skip


def made_student(rng: Random) -> Evidence:
    """A student on up to 120 days at one or two schools, with records of any code."""
    days = rng.randint(3, 120)
    moved = rng.randint(1, days - 1) if rng.random() < 0.5 else 0
    pk = rng.random() < 0.3
    unreported = sum(1 << day for day in range(days) if rng.random() < 0.03)
    parts, begins = [], 0
    second = rng.choice("AB")
    for school, ends in (("A", moved), (second, days)) if moved else (("A", days),):
        held = (1 << ends) - (1 << begins)
        k12 = not pk or (begins > 0 and rng.random() < 0.5)
        parts.append(Part(school, "5" if k12 else "PK", k12, held, held & ~unreported))
        begins = ends
    records: dict[Records, int] = {}
    taken: dict[Records, int] = {}
    for day in range(days):
        if rng.random() < 0.15:
            codes = rng.choices(list(CODES), k=rng.choice((1, 1, 1, 2, 3)))
            said = tuple(sorted(Said(code, *CODES[code]) for code in codes))
            records[said] = records.get(said, 0) | 1 << day
            if rng.random() > 0.05:
                taken[said] = taken.get(said, 0) | 1 << day
    year = StudentYear(2021, Frame(tuple(parts)), NO_CLASSES, 0, NO_MHW)
    return Evidence(year, records, taken, rng.random() < 0.1)


def made_district(seed: int, students: int) -> dict[str, Evidence]:
    rng = Random(seed)
    return {f"s{number}": made_student(rng) for number in range(students)}


def said(count: Count) -> TheirCount:
    return TheirCount(Fraction(count.enrolled), count.absent)


def planted(
    district: dict[str, Evidence], keys: list[Key], *of: Alternative, base: Reading
) -> tuple[Reading, dict[Key, TheirCount]]:
    """What somebody who counts so would send."""
    reading = base
    for each in of:
        reading = each.change(reading)
    counted = count_students(district, keys, reading)
    return reading, {key: said(count) for key, count in counted.items()}


def tried(base: Reading) -> list[Alternative]:
    return alternatives(base, POLICY, [code for code, (class_, _) in CODES.items() if class_], ["L", "F"])


BASES = [Reading(), Reading(pk="out"), Reading(school_scope=True)]


@pytest.mark.parametrize("seed", range(6))
def test_the_contracts_reading_is_the_standing(seed: int) -> None:
    rng = Random(seed)
    files = random_files(rng)
    drivers: dict[str, Driver] = {}
    for kind, held in accepted(files):
        district = held.given["district_id"]
        drivers.setdefault(district, Driver(district)).take(kind, [held])
    looked_at = 0
    for as_of in some_dates(rng, evaluate(files)):
        for district, driver in drivers.items():
            ledger = driver.engine.ledger
            policy = contract(district, school_year_of(as_of))
            found = evidence_of(ledger, as_of, policy)
            for student, known in ledger.known.get(school_year_of(as_of), {}).items():
                for standing in standings(cut(known.now, day_index(as_of)), policy):
                    at_school = standing.scope == "school"
                    count = recount(found[student], Reading(school_scope=at_school), standing.school)
                    counted = (count.enrolled, count.absent) if count else (0, 0)
                    assert counted == (standing.enrolled, standing.absent)
                    looked_at += 1
            assert all(
                groups_of(student_record(ledger, student)).keys() >= {"meals", "high_needs"}
                for student in found
            )
    assert looked_at


@given(st.integers(0, 2**32), st.integers(1, 12), st.sampled_from(BASES), st.data())
def test_a_planted_reading_or_its_equal_is_the_first_cause(
    seed: int, students: int, base: Reading, data: st.DataObject
) -> None:
    district = made_district(seed, students)
    keys: list[Key] = [(student, "") for student in district]
    cause = data.draw(st.sampled_from(tried(base)))
    reading, theirs = planted(district, keys, cause, base=base)
    found = explain_students(theirs, district, keys, base, POLICY)
    ours = count_students(district, keys, base)
    differing = {key for key in keys if (said(ours[key]) if key in ours else None) != theirs.get(key)}
    assert found.causes.keys() == differing
    assert found.agreeing == len(keys) - len(differing)
    for named in found.causes.values():
        assert named[0].agreeing == found.of
        (first,) = named[0].alternatives
        assert count_students(district, keys, first.change(base)) == count_students(district, keys, reading)


@pytest.mark.parametrize("base", BASES, ids=["district", "without_pk", "school"])
def test_in_a_district_that_has_everything_the_planted_reading_is_named_first(base: Reading) -> None:
    district = made_district(7, 110)
    keys: list[Key] = [(student, "") for student in district]
    for cause in tried(base):
        _, theirs = planted(district, keys, cause, base=base)
        found = explain_students(theirs, district, keys, base, POLICY)
        assert {named[0].label for named in found.causes.values()} == {cause.label}


def test_two_readings_at_once_are_named_where_one_is_not_enough() -> None:
    district, base = made_district(11, 60), Reading()
    keys: list[Key] = [(student, "") for student in district]
    named = {each.label: each for each in tried(base)}
    both = (named["mhw_not_counted"], named["unreported_as_attended"])
    _, theirs = planted(district, keys, *both, base=base)
    found = explain_students(theirs, district, keys, base, POLICY)
    labels = {held[0].label for held in found.causes.values()}
    assert labels <= {
        "mhw_not_counted",
        "unreported_as_attended",
        "unreported_as_attended + mhw_not_counted",
        "mhw_not_counted + unreported_as_attended",
    }
    assert any("+" in label for label in labels)


def test_a_slip_of_theirs_is_unexplained_and_hides_no_cause() -> None:
    district, base = made_district(3, 60), Reading()
    keys: list[Key] = [(student, "") for student in district]
    cause = next(each for each in tried(base) if each.name == "leavers_left_out")
    _, theirs = planted(district, keys, cause, base=base)
    wrong: Key = next(key for key in theirs if theirs[key].enrolled == 100 or key in theirs)
    theirs[wrong] = theirs[wrong]._replace(absent=Fraction(999))
    found = explain_students(theirs, district, keys, base, POLICY)
    assert found.causes[wrong] == []
    rest = {named[0].label for key, named in found.causes.items() if key != wrong}
    assert rest == {"leavers_left_out"}


def test_a_reading_that_breaks_more_than_it_mends_is_no_cause() -> None:
    district = made_district(5, 60)
    keys: list[Key] = [(student, "") for student in district]
    ours = count_students(district, keys, Reading())
    theirs = {key: said(count) for key, count in ours.items()}
    without = count_students(district, keys, Reading(without=frozenset(["excused"])))
    one = next(key for key in keys if ours.get(key) != without.get(key))
    theirs[one] = said(without[one])
    found = explain_students(theirs, district, keys, Reading(), POLICY)
    (named,) = found.causes.values()
    assert all(cause.agreeing > found.agreeing for cause in named)
    assert "excused_not_counted" not in [cause.label for cause in named]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "label", ["leavers_left_out", "minimum_days_20", "mhw_not_counted", "school_scope", "pk_included"]
)
def test_the_planted_reading_is_found_in_counts_of_groups(seed: int, label: str) -> None:
    district, base = made_district(seed, 200), Reading(pk="out")
    rng = Random(seed)
    people = {
        student: Person(
            held.year.owner(last_day(held.year.membership)).school,
            held.year.owner(last_day(held.year.membership)).grade,
            {"meals": rng.choice(("free", "paid")), "gender": rng.choice("FM")},
        )
        for student, held in district.items()
    }
    keys = [
        Group(school, dimension, value)
        for school in ("", "A", "B")
        for dimension, value in (("all", ""), ("meals", "free"), ("meals", "paid"), ("grade", "5"))
    ]
    cause = next(each for each in tried(base) if each.label == label)
    counted = count_groups(district, people, keys, cause.change(base))
    theirs = {key: TheirGroup(held.students, held.chronic, held.rate(1), 1) for key, held in counted.items()}
    found = explain_groups(theirs, district, people, base, POLICY)
    assert found.causes
    assert {named[0].label for named in found.causes.values()} == {label}
