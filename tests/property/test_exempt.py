"""Exempt reasons of a random year, against a plain reading of it from day to day."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from models.day_classes import build
from models.mhw import VALID, judge
from models.policy import DEFAULT, Exempt
from models.student_year import CLASS_INDEX, Frame, Marks, Part, class_of

CLASSES = (*CLASS_INDEX, "")
Day = tuple[str, int, bool, str]
"""A school day: class as coded, exempt reason (-1: none), whether it is reported, and the school."""

days = st.tuples(
    st.sampled_from(CLASSES), st.sampled_from((-1, -1, 0, 1)), st.sampled_from((True, True, True, False)),
    st.sampled_from("AB"),
)  # fmt: skip


@given(st.lists(days, max_size=30), st.integers(1, 4), st.integers(1, 4))
def test_the_first_days_of_each_reason_are_excused(year: list[Day], first: int, second: int) -> None:
    policy = DEFAULT._replace(exempt=(Exempt(("MIL",), first), Exempt(("REL",), second)))
    parts, marks = [], {}
    for school in "AB":
        mine = [place for place, day in enumerate(year) if day[3] == school]
        classes, exempt = [0] * 5, [0, 0]
        for place in mine:
            class_, reason, _, _ = year[place]
            if class_:
                classes[CLASS_INDEX[class_]] |= 1 << place
                if reason >= 0 and class_ != "mhw":
                    exempt[reason] |= 1 << place
        counted = sum(1 << place for place in mine if year[place][2])
        parts.append(Part(school, "5", True, sum(1 << place for place in mine), counted))
        held = Marks(0, (classes[0], classes[1], classes[2], classes[3], classes[4]), 0, tuple(exempt))
        marks[school] = {"mia": held}
    found = build(2021, Frame(tuple(parts)), marks, "mia", policy)

    counted_mhw = sum(1 << place for place, day in enumerate(year) if day[0] == "mhw" and day[2])
    membership = (1 << len(year)) - 1
    wellness = judge(counted_mhw, membership, membership, policy.mhw_limit)
    used: Counter[int] = Counter()
    for place, (class_, reason, reported, _) in enumerate(year):
        if not reported:
            continue
        expected = class_
        if class_ == "mhw" and wellness[place] != VALID:
            expected = "unknown"
        elif class_ and class_ != "mhw" and reason >= 0:
            used[reason] += 1
            if used[reason] <= policy.exempt[reason].days:
                expected = "excused"
        assert class_of(found, place) == expected
