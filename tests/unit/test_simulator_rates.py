"""The simulated district's absence looks like Connecticut's: chronic rates by group and grade, weekdays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from statistics import mean

import pytest

from infra.simulator.absence import WEEKDAYS
from infra.simulator.district import HISTORY_DAYS, District
from infra.simulator.groups import STATE_2021_22, expected_rates
from models.columns import Kind

EXPECTED = expected_rates()


@dataclass
class Counted:
    """The district after its history, counted from the live records alone."""

    chronic: dict[tuple[str, str], list[bool]] = field(default_factory=lambda: defaultdict(list))
    severe: list[bool] = field(default_factory=list)
    by_weekday: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in range(5)])
    longest: list[int] = field(default_factory=list)

    def rate(self, dimension: str, group: str = "") -> float:
        return 100 * mean(self.chronic[dimension, group])


def live_records(district: District) -> dict[Kind, dict[tuple[str, ...], dict[str, str]]]:
    """By kind and identity; the later recorded_at wins (no two lie closer than the clock change)."""
    keys = {
        Kind.ATTENDANCE: ("school_id", "student_id", "date", "record_id"),
        Kind.ENROLLMENT: ("student_id", "entry_date"),
        Kind.STUDENT: ("student_id",),
        Kind.CODE: ("code", "effective_from"),
    }
    live: dict[Kind, dict[tuple[str, ...], dict[str, str]]] = {kind: {} for kind in keys}
    arriving = (batch for index in range(HISTORY_DAYS) for batch in district.day(index))
    for kind, records in (*district.setup(), *arriving):
        for given in records if kind in keys else ():
            identity = tuple(given.get(name, "") for name in keys[kind])
            held = live[kind].get(identity)
            if held is None or held["recorded_at"] <= given["recorded_at"]:
                live[kind][identity] = given
    return live


def count(seed: int | None) -> Counted:
    district = District() if seed is None else District(seed)
    live = live_records(district)
    absences = {given["code"] for given in live[Kind.CODE].values() if given["status"] == "absent"}
    fractions: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for given in live[Kind.ATTENDANCE].values():
        if given.get("op") != "delete" and given["code"] in absences:
            fractions[given["student_id"]][given["date"]] += float(given.get("absent_fraction", "1"))
    stays: dict[str, list[dict[str, str]]] = defaultdict(list)
    for given in live[Kind.ENROLLMENT].values():
        stays[given["student_id"]].append(given)
    days = [day.isoformat() for day in district.school_days[:HISTORY_DAYS]]
    counted = Counted()
    for student, held in stays.items():
        enrolled = [
            day for day in days if any(s["entry_date"] <= day <= s.get("exit_date", "9999") for s in held)
        ]
        if enrolled and held[0]["grade"] != "PK":
            missed = [day for day in enrolled if fractions[student][day] > 0.5]
            _add(counted, live[Kind.STUDENT].get((student,), {}), held[-1]["grade"], enrolled, missed)
    return counted


def _add(
    counted: Counted, groups: dict[str, str], grade: str, enrolled: list[str], missed: list[str]
) -> None:
    chronic = 10 * len(missed) >= len(enrolled)
    counted.chronic["all", ""].append(chronic)
    counted.chronic["grade", grade].append(chronic)
    for dimension in ("english_learner", "disability", "meals", "race_ethnicity"):
        counted.chronic[dimension, groups.get(dimension, "")].append(chronic)
    counted.severe.append(5 * len(missed) >= len(enrolled))
    run = longest = 0
    for day in enrolled:
        weekday = date.fromisoformat(day).weekday()
        run = run + 1 if day in missed else 0
        longest = max(longest, run)
        counted.by_weekday[weekday][0] += day in missed
        counted.by_weekday[weekday][1] += 1
    counted.longest.append(longest)


@pytest.fixture(scope="module", params=[None, 2021, 58], ids=("default", "2021", "58"))
def counted(request: pytest.FixtureRequest) -> Counted:
    return count(request.param)


def standard_error(percent: float, size: int) -> float:
    """By how many points the rate of a group of this size is off by chance alone."""
    return sqrt(percent * (100 - percent) / size)


def test_the_odds_ratios_of_the_published_table_are_kept() -> None:
    assert EXPECTED["grade"]["12"] == pytest.approx(37.0, abs=0.1)
    assert EXPECTED["meals"]["paid"] == pytest.approx(13.5, abs=0.1)


def test_the_chronic_rate_is_near_that_of_the_state(counted: Counted) -> None:
    assert counted.rate("all") == pytest.approx(STATE_2021_22, abs=1.5)
    assert 0.04 <= mean(counted.severe) <= 0.11


def test_grades_have_the_shape_of_a_u(counted: Counted) -> None:
    rates = {grade: counted.rate("grade", grade) for grade in EXPECTED["grade"]}
    low = mean(rates[grade] for grade in ("2", "3", "4", "5"))
    assert rates["K"] > low + 5
    assert low < mean(rates[grade] for grade in ("6", "7", "8"))
    assert mean(rates[grade] for grade in ("6", "7", "8")) < mean(rates[grade] for grade in ("9", "10", "11"))
    assert rates["12"] > low + 12
    for grade, rate in rates.items():
        assert rate == pytest.approx(EXPECTED["grade"][grade], abs=6.5), grade


def test_groups_differ_as_published(counted: Counted) -> None:
    for dimension in ("english_learner", "disability", "meals", "race_ethnicity"):
        for group, expected in EXPECTED[dimension].items():
            size = len(counted.chronic[dimension, group])
            if size >= 150:
                within = 1 + 3.5 * standard_error(expected, size)
                assert counted.rate(dimension, group) == pytest.approx(expected, abs=within), group
    assert counted.rate("english_learner", "yes") > counted.rate("english_learner", "no") + 5
    assert counted.rate("disability", "yes") > counted.rate("disability", "no") + 10
    assert counted.rate("meals", "free") > counted.rate("meals", "paid") + 15


def test_weekdays_have_the_published_shape(counted: Counted) -> None:
    shares = [missed / enrolled for missed, enrolled in counted.by_weekday]
    for share, published in zip(shares, WEEKDAYS, strict=True):
        assert share / mean(shares) == pytest.approx(published / mean(WEEKDAYS), rel=0.04)
    assert 0.06 <= mean(shares) <= 0.085


def test_absences_come_in_spells_and_a_few_vanish(counted: Counted) -> None:
    assert mean(longest >= 3 for longest in counted.longest) > 0.3
    assert 5 <= sum(longest >= 25 for longest in counted.longest) <= 60
