"""The simulated district's records: valid, the same for a seed, late and corrected within bounds."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from infra.simulator.arrivals import Batch
from infra.simulator.cast import ROLES, cast_id
from infra.simulator.corrections import WITHIN
from infra.simulator.district import District
from infra.simulator.school_days import INDEX
from models.columns import COLUMNS, Kind, known_names
from models.instant import read_time
from models.refusal import Reason
from models.validate import fault_of
from models.version import identity_of

ALL_DAYS = range(180)


def small_district(seed: int = 1) -> District:
    return District(seed, students=200, schools=3)


@pytest.fixture(scope="module")
def small() -> District:
    return small_district()


@pytest.fixture(scope="module")
def days(small: District) -> list[list[Batch]]:
    return [small.day(index) for index in ALL_DAYS]


def text(batches: list[Batch]) -> str:
    return json.dumps(batches)


def test_every_good_record_is_valid(small: District, days: list[list[Batch]]) -> None:
    count = 0
    for kind, records in (*small.setup(), *(batch for day in days for batch in day)):
        assert records or kind is Kind.PRIOR_YEAR
        for given in records:
            assert fault_of(kind, given) is None
            assert known_names(kind).issuperset(given)
            assert all(value and value.strip() == value for value in given.values())
        count += len(records)
    assert count > 5000


def test_a_sample_of_the_whole_district_is_valid() -> None:
    district = District()
    assert len(district.students) == 6000
    assert len(district.schools) == 12
    for kind, records in (*district.setup(), *district.day(0), *district.day(81), *district.day(150)):
        assert all(fault_of(kind, given) is None for given in records)


def test_every_bad_row_is_refused_for_the_reason_it_was_made_for(small: District) -> None:
    reasons = []
    for index in ALL_DAYS:
        for row in small.bad_rows(index):
            fault = fault_of(row.kind, row.given)
            assert fault is not None
            assert (fault.reason, fault.field) == (row.reason, row.field)
            reasons.append(row.reason)
    assert {Reason.MISSING_VALUE, Reason.BAD_DATE, Reason.BAD_ID, Reason.BAD_TIME} <= set(reasons)
    assert 5 <= len(reasons) <= 15


def test_a_seed_gives_the_same_district(small: District, days: list[list[Batch]]) -> None:
    again = small_district()
    assert text(again.setup()) == text(small.setup())
    assert [text(again.day(index)) for index in ALL_DAYS] == [text(day) for day in days]
    other = small_district(7)
    assert text(other.setup()) != text(small.setup())
    assert text(other.day(50)) != text(days[50])


def test_a_day_does_not_depend_on_how_it_is_asked_for(days: list[list[Batch]]) -> None:
    fresh = small_district()
    for index in (120, 3, 120, 119, 0):
        assert text(fresh.day(index)) == text(days[index])


def test_what_a_caller_does_to_a_day_stays_with_the_caller(days: list[list[Batch]]) -> None:
    district = small_district()
    for _, records in (*district.setup(), *district.day(9)):
        for given in records:
            given["code"] = "spoilt"
    assert text(district.day(9)) == text(days[9])
    assert text(district.setup()) == text(small_district().setup())


def test_limits_are_said(small: District) -> None:
    for index in (-1, 180):
        with pytest.raises(IndexError, match="0 to 179"):
            small.day(index)
    with pytest.raises(ValueError, match="at least 30 students"):
        District(students=29)
    with pytest.raises(ValueError, match="at least 3 schools"):
        District(schools=2)
    assert len(District(students=30, schools=3).students) == 30


def test_names_and_groups_travel_in_student_records_only(small: District, days: list[list[Batch]]) -> None:
    personal = {column.name for column in COLUMNS[Kind.STUDENT]} - {
        "district_id",
        "student_id",
        "recorded_at",
    }
    for kind, records in (*small.setup(), *(batch for day in days for batch in day)):
        if kind is not Kind.STUDENT:
            assert all(personal.isdisjoint(given) for given in records)


def test_records_are_written_down_by_the_day_they_arrive(small: District, days: list[list[Batch]]) -> None:
    for index, day in enumerate(days):
        for kind, records in day:
            for given in records:
                recorded = read_time(given["recorded_at"])
                assert recorded is not None
                assert recorded.written <= small.school_days[index]
                if kind is Kind.ATTENDANCE:
                    assert date.fromisoformat(given["date"]) <= recorded.written
    summer, winter = days[INDEX[date(2021, 9, 3)]][0][1][0], days[INDEX[date(2022, 1, 5)]][0][1][0]
    assert summer["recorded_at"].endswith("-04:00")
    assert winter["recorded_at"].endswith("-05:00")


def test_every_student_has_a_student_record_and_an_enrollment(
    small: District, days: list[list[Batch]]
) -> None:
    found: dict[Kind, list[str]] = {Kind.STUDENT: [], Kind.ENROLLMENT: []}
    for kind, records in (*small.setup(), *(batch for day in days for batch in day)):
        if kind in found:
            found[kind] += [given["student_id"] for given in records]
    everybody = sorted(student.student_id for student in small.students)
    assert sorted(found[Kind.STUDENT]) == everybody
    assert sorted(set(found[Kind.ENROLLMENT])) == everybody
    assert {cast_id(role) for role in ROLES} <= set(everybody)


def test_records_are_corrected_within_ten_days_of_the_return_doubled_and_deleted(
    days: list[list[Batch]],
) -> None:
    first: dict[tuple[str, ...], tuple[int, dict[str, str]]] = {}
    absent: dict[str, set[int]] = {}
    seen: Counter[str] = Counter()
    for index, day in enumerate(days):
        for kind, records in day:
            for given in records if kind is Kind.ATTENDANCE else ():
                identity = identity_of(kind, given)
                marked = INDEX[date.fromisoformat(given["date"])]
                if identity not in first:
                    assert given.get("op") != "delete" or marked < index
                    first[identity] = (index, given)
                    absent.setdefault(given["student_id"], set()).add(marked)
                elif given == first[identity][1]:
                    seen["doubled"] += 1
                else:
                    seen["deleted" if given.get("op") == "delete" else "corrected"] += 1
                    back = marked
                    while back in absent[given["student_id"]]:
                        back += 1
                    assert index - back <= WITHIN
    assert min(seen["doubled"], seen["deleted"]) > 3
    assert seen["corrected"] > 100
