"""Standings in the store are what counting the facts one by one gives (contract 2, Standing)."""

from __future__ import annotations

from datetime import date

import pytest

from infra.clickhouse.queries import Day, days_of_student, students_by_tier
from infra.clickhouse.rows import FACT_COLUMNS, add_facts, empty
from infra.clickhouse.store import Store
from streams.facts_message import Facts, pack
from tests.support.made_facts import Key, Row, history, standings


def put(store: Store, *messages: Facts) -> int:
    """Insert facts, and work out the standings of those they are about; the rows written."""
    columns = empty(FACT_COLUMNS)
    for facts in messages:
        add_facts(columns, pack(facts).value or b"")
    store.insert_facts(columns)
    rows = 0
    for year in {facts.year for facts in messages}:
        touched = {
            (facts.district, school, student): 0
            for facts in messages
            if facts.year == year
            for school, student in zip(facts.schools, facts.students, strict=True)
        }
        rows += store.recount(year, touched, ()).standings
    return rows


def stored(store: Store) -> dict[Key, Row]:
    """The standings that hold, which are those of a counted day."""
    rows = store.client.query(
        "SELECT district_id, school_year, student_id, scope, school_id, last_school_id, grade, enrolled_days,"
        " absent_days, excused_days, unexcused_days, disciplinary_days, mhw_days, unknown_days, tier,"
        " data_through, unreported_days FROM standings FINAL WHERE enrolled_days > 0"
    ).result_rows
    held = {}
    for (
        district,
        year,
        student,
        scope,
        school,
        last,
        grade,
        enrolled,
        absent,
        *classes,
        tier_,
        through,
        unreported,
    ) in rows:
        row = Row(last, grade, enrolled, absent, tuple(classes), tier_, through, unreported)
        held[district, year, student, scope, school] = row
    return held


def facts(version: int, *days: tuple[str, str, int, str, int], year: int = 2024) -> Facts:
    """A message of district D1 about student 0042: (school, grade, day, class, counted)."""
    held = Facts("D1", year, version)
    for school, grade, day, class_, counted in days:
        held.add(school, "0042", grade, day, class_, counted)
    return held


def tier(store: Store, scope: str = "district", school: str = "") -> tuple[int, int, str]:
    row = stored(store)["D1", 2024, "0042", scope, school]
    return row.enrolled, row.absent, row.tier


def test_a_correction_replaces_and_a_replay_changes_nothing(store: Store) -> None:
    first = facts(1, *[("S1", "5", day, "unexcused" if day == 62 else "", 1) for day in range(60, 65)])
    put(store, first)
    assert tier(store) == (5, 1, "III")
    corrected = facts(2, ("S1", "5", 62, "excused", 1))
    put(store, corrected)
    assert stored(store)["D1", 2024, "0042", "district", ""].classes == (1, 0, 0, 0, 0)
    put(store, facts(3, ("S1", "5", 62, "", 1)))
    assert tier(store) == (5, 0, "I")
    put(store, first)
    put(store, corrected)
    assert tier(store) == (5, 0, "I")


def test_a_day_that_counts_no_more_is_gone(store: Store) -> None:
    put(store, facts(1, ("S1", "5", 60, "", 1), ("S1", "5", 61, "mhw", 1)))
    put(store, facts(2, ("S1", "5", 61, "", 0)))
    assert tier(store) == (1, 0, "I")
    assert stored(store)["D1", 2024, "0042", "district", ""].data_through == date(2024, 8, 30)
    put(store, facts(3, ("S1", "5", 60, "", 0)))
    assert stored(store) == {}
    assert students_by_tier(store.client, "D1", 2024) == {}
    empty_rows = store.client.query(
        "SELECT scope, tier, data_through, version FROM standings FINAL ORDER BY scope"
    )
    assert empty_rows.result_rows == [("district", "", None, 3), ("school", "", None, 3)]


def test_a_day_that_is_not_reported_is_counted_apart_until_it_is(store: Store) -> None:
    put(store, facts(1, ("S1", "5", 60, "excused", 1), ("S1", "5", 61, "unreported", 0)))
    held = stored(store)["D1", 2024, "0042", "district", ""]
    assert (held.enrolled, held.absent, held.unreported, held.tier) == (1, 1, 1, "III")
    put(store, facts(2, ("S1", "5", 61, "", 1)))
    held = stored(store)["D1", 2024, "0042", "district", ""]
    assert (held.enrolled, held.absent, held.unreported) == (2, 1, 0)


def test_a_transfer_moves_a_day_to_the_other_school(store: Store) -> None:
    put(store, facts(1, *[("S1", "5", day, "excused", 1) for day in range(60, 63)]))
    put(store, facts(2, ("S1", "5", 62, "", 0), ("S2", "5", 62, "", 1)))
    assert tier(store) == (3, 2, "III")
    assert tier(store, "school", "S1") == (2, 2, "III")
    assert tier(store, "school", "S2") == (1, 0, "I")
    assert stored(store)["D1", 2024, "0042", "district", ""].last_school_id == "S2"
    # Only the school of arrival is touched, and the other one's days still count for the district.
    put(store, facts(3, ("S2", "5", 63, "excused", 1)))
    assert tier(store) == (4, 3, "III")


def test_pk_and_k12_days_are_never_added_up(store: Store) -> None:
    put(store, facts(1, *[("S1", "PK", day, "excused", 1) for day in range(60, 64)]))
    assert tier(store) == (4, 4, "")
    put(store, facts(2, ("S2", "K", 64, "", 1)))
    assert tier(store) == (1, 0, "I")
    assert tier(store, "school", "S1") == (4, 4, "")
    assert tier(store, "school", "S2") == (1, 0, "I")
    put(store, facts(3, ("S2", "K", 64, "", 0)))
    assert tier(store) == (4, 4, "")


@pytest.mark.parametrize(
    ("absent", "enrolled", "expected"),
    [
        (1, 11, "I"),
        (1, 10, "II"),
        (3, 30, "II"),
        (5, 26, "II"),
        (5, 25, "III"),
        (36, 180, "III"),
        (35, 180, "II"),
    ],
)
def test_tiers_change_on_the_exact_day(store: Store, absent: int, enrolled: int, expected: str) -> None:
    days = [("S1", "12", day, "unknown" if day < absent else "", 1) for day in range(enrolled)]
    put(store, facts(1, *days))
    assert tier(store) == (enrolled, absent, expected)


def test_school_years_and_districts_are_apart(store: Store) -> None:
    other = Facts("D2", 2024, 9)
    other.add("S1", "0042", "5", 60, "excused", 1)
    put(store, facts(1, ("S1", "5", 60, "", 1)), facts(1, ("S1", "5", 60, "mhw", 1), year=2023), other)
    assert students_by_tier(store.client, "D1", 2024) == {"I": 1}
    assert students_by_tier(store.client, "D1", 2023) == {"III": 1}
    assert students_by_tier(store.client, "D2", 2024) == {"III": 1}
    assert students_by_tier(store.client, "D3", 2024) == {}
    assert days_of_student(store.client, "D1", "0042", 2024) == [Day(date(2024, 8, 30), "S1", "5", "")]
    assert days_of_student(store.client, "D2", "0042", 2024) == [Day(date(2024, 8, 30), "S1", "5", "excused")]
    assert days_of_student(store.client, "D2", "0043", 2024) == []


def test_ids_may_hold_any_printing_character(store: Store) -> None:
    ids = ["a'b", "\\N", '"', "{x:String}", "`;--", "%s", "NULL", "]]}", "/*"]
    held = Facts("D'1\\", 2024, 1)
    for student in ids:
        held.add("S{1}", student, "5", 60, "", 1)
    assert put(store, held) == 2 * len(ids)
    assert students_by_tier(store.client, "D'1\\", 2024) == {"I": len(ids)}
    assert all(len(days_of_student(store.client, "D'1\\", student, 2024)) == 1 for student in ids)


@pytest.mark.parametrize("seed", range(4))
def test_they_equal_a_recount_in_python_after_every_few_messages(store: Store, seed: int) -> None:
    messages = history(seed, messages=30)
    for end in range(3, len(messages) + 1, 9):
        put(store, *messages[max(end - 9, 0) : end])
        assert stored(store) == standings(messages[:end])
    assert len(stored(store)) > 100


def test_the_number_of_rows_is_that_of_the_places(store: Store) -> None:
    assert put(store, facts(1, ("S1", "5", 60, "", 1), ("S1", "5", 61, "", 1))) == 2
    assert put(store, facts(2, ("S2", "5", 62, "", 1))) == 3
