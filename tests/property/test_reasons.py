"""Which code decides a day, whatever order its records are in, and what sets of such days say together."""

from __future__ import annotations

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from models.bits import days
from models.day_reasons import (
    NO_REASONS,
    Reasons,
    by_code,
    differing,
    joined,
    noted,
    only,
    reason_of,
    remote_days,
)
from models.day_records import LiveRecord, day_mark
from models.student_year import CLASS_NAMES
from tests.support.slow_reasons import Said, decided

DAYS = 6
# One code may be a remote one since some day, and is then another reason.
SAID = st.sampled_from((("", False), ("A", False), ("B", False), ("A", True), ("DLA", True)))
YEARS = st.lists(SAID, min_size=DAYS, max_size=DAYS)
RECORDS = st.lists(
    st.builds(
        Said,
        st.sampled_from(("A", "B", "Z", "~", "a")),
        st.sampled_from(("", "", *CLASS_NAMES)),
        st.sampled_from(("", "1", "0.5", ".5", "0.25", "0")),
        st.booleans(),
    ),
    max_size=4,
)


@given(RECORDS.flatmap(st.permutations))
def test_the_deciding_code_is_that_of_the_definition(said: list[Said]) -> None:
    # One code means one thing on one day.
    meant = {each.code: each for each in said}
    said = [each._replace(class_=meant[each.code].class_, remote=meant[each.code].remote) for each in said]
    mark = day_mark(
        LiveRecord(each.class_, each.fraction, False, code=each.code, remote=each.remote) for each in said
    )
    assert (mark.code, mark.remote) == decided(said)
    assert mark.code != "" if mark.class_ else mark.remote == (mark.code != "")


def year(said: list[tuple[str, bool]]) -> Reasons:
    """The reasons of a year that is told day by day."""
    return reduce(lambda held, told: noted(held, 1 << told[0], *told[1]), enumerate(said), NO_REASONS)


@given(YEARS, YEARS, st.permutations(range(DAYS)))
def test_a_year_is_what_was_said_last_of_each_day(
    first: list[tuple[str, bool]], last: list[tuple[str, bool]], order: list[int]
) -> None:
    told = reduce(lambda held, day: noted(held, 1 << day, *last[day]), order, year(first))
    assert told == year(last)
    assert [reason_of(told, day) for day in range(DAYS)] == last
    assert all(held for _, held in by_code(told)) and list(by_code(told)) == sorted(by_code(told))
    assert set(days(remote_days(told))) == {day for day, (_, remote) in enumerate(last) if remote}
    assert set(days(differing(year(first), told))) == {d for d in range(DAYS) if first[d] != last[d]}


@given(YEARS, st.integers(0, 2**DAYS - 1))
def test_a_year_is_its_two_parts(said: list[tuple[str, bool]], chosen: int) -> None:
    whole, rest = year(said), ~chosen & 2**DAYS - 1
    assert (
        joined(only(whole, chosen), only(whole, rest))
        == joined(only(whole, rest), only(whole, chosen))
        == whole
    )
    assert [reason_of(only(whole, chosen), day) for day in days(chosen)] == [
        said[day] for day in days(chosen)
    ]
    assert not any(held & rest for _, held in by_code(only(whole, chosen)))
    assert only(whole, 2**DAYS - 1) is whole


def test_days_of_one_code_are_one_reason() -> None:
    told = year([("NP", False), ("", False), ("NP", False), ("NP", True)])
    assert list(by_code(told)) == [(("NP", False), 0b101), (("NP", True), 0b1000)]


def test_what_is_alike_is_kept_once() -> None:
    one, other = year([("E", False), ("U", False)]), year([("U", False), ("E", False), ("E", False)])
    assert one[0] is other[0]
    absent = int("1" * 80, 2)
    told = noted(noted(NO_REASONS, absent >> 1, "E", False), 1 << 79, "E", False, same=absent)
    assert told[1] is absent
