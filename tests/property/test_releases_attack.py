"""Nobody who reads all tables of a release together works out what one of them hides (ADR 26).

The attacker knows more than a reader does: every size, and of each student how many days there were, so that
days missed and bands bound each other.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from models.releases import alerts as alert_tables
from models.releases import attendance, bands
from models.releases.counted import Alerts, Counted, Days, Students
from models.releases.made import Made, made
from models.suppression.limits import Limits, why_hidden
from models.suppression.tables import Row
from models.trends.scope import DIMENSIONS
from tests.support.attacker import SIZE, Known, Name, known, possible, shown

SMALL = Limits(least_count=2, least_size=4, values_open=3)
RULES = ("tier_2", "tier_3", "mhw_day")
MONTHS = ("2024-09", "2024-10")


class Child(NamedTuple):
    """A student at one school all year; `missed` are days of each month."""

    school: str
    grade: str
    groups: tuple[str, ...]
    missed: tuple[int, int]


def band_of(missed: int, days: int) -> int:
    return sum(share * missed >= days for share in (20, 10, 5))


def children(seed: int, days: int) -> list[Child]:
    """Two or three schools, two grades, and high needs with their parts; not given is among the values."""
    chance = random.Random(seed)
    found = []
    for school in chance.choice((("A", "B"), ("A", "B", "C"))):
        for grade in ("1", "2"):
            for _ in range(chance.randrange(3, 18)):
                learner = chance.choice(("no", "no", "yes", ""))
                needs = "yes" if learner == "yes" else "" if not learner else "no"
                groups = dict.fromkeys(DIMENSIONS, "no") | {
                    "english_learner": learner, "high_needs": needs, "meals": "paid",
                    "race_ethnicity": "X", "gender": "F",
                }  # fmt: skip
                share = chance.choice((0, 0, 0, 6, 6, 12, 25))
                missed = min(days, (share * days + 99) // 100)
                first = chance.randint(max(0, missed - days // 2), min(missed, days // 2))
                found.append(Child(school, grade, tuple(groups.values()), (first, missed - first)))
    return found


def counted(those: list[Child], days: int) -> Counted:
    students = Counter(
        (child.school, child.grade, child.groups, band_of(sum(child.missed), days)) for child in those
    )
    of_days = []
    for school in ("", *sorted({child.school for child in those})):
        mine = [child for child in those if school in ("", child.school)]
        for at, month in ((0, MONTHS[0]), (1, MONTHS[1]), (None, "")):
            absent = sum(sum(child.missed) if at is None else child.missed[at] for child in mine)
            number = days if at is None else days // 2
            of_days.append(Days(school, month, number * len(mine), absent, len(mine)))
    of_bands = Counter(band_of(sum(child.missed), days) for child in those)
    told = [
        Alerts("tier_2", "standing", of_bands[2] + of_bands[3]),
        Alerts("tier_2", "recovered", of_bands[1] // 2),
        Alerts("tier_3", "standing", max(of_bands[3] - 1, 0)),
        Alerts("mhw_day", "standing", of_bands[1]),
    ]
    return Counted([Students(*key, number) for key, number in students.items()], of_days, told)


def alike() -> Iterator[Known]:
    """Whoever is chronically absent has a standing alert of Tier II here, and nobody else."""
    yield Known((("chronic", "", "", ""),), (("standing", "tier_2"),), 0, 0)


def links(numbers: Counted, days: int, large: int) -> Iterator[Known]:
    """What days say about bands at each school and in the district, and the other way round."""
    low = [next(a for a in range(days + 1) if band_of(a, days) >= band) for band in range(4)]
    high = [max(a for a in range(days + 1) if band_of(a, days) <= band) for band in range(4)]
    for each in numbers.days:
        if not each.month:
            place = (each.school, "", "")
            absent: Name = ("absent", each.school, "")
            least = tuple((name, *place) for name, n in zip(bands.BANDS, low, strict=True) for _ in range(n))
            most = tuple((name, *place) for name, n in zip(bands.BANDS, high, strict=True) for _ in range(n))
            yield Known((absent,), least, 0, large)
            yield Known(most, (absent,), 0, large)


def whole_rows(numbers: Counted) -> tuple[list[Row], list[Row]]:
    """All rows of days and alerts, with the schools that a release does not have."""
    schools = {each.school for each in numbers.days} - {""}
    of_days, _ = attendance.tables(numbers.days, schools)
    students = sum(each.number for each in numbers.students)
    of_alerts, _ = alert_tables.tables(numbers.alerts, students, RULES)
    return of_days, of_alerts


def worked_out(numbers: Counted, what: Made, days: int, limits: Limits) -> list[Name]:
    """The hidden numbers with fewer possible values than promised."""
    of_bands, structure = bands.tables(numbers.students)
    schools = {each.school for each in numbers.days} - {""}
    of_days, of_alerts = whole_rows(numbers)
    large = max(row.size for row in [*of_bands, *of_days]) + 6
    knows = [*known({row.place: row for row in of_bands}, structure, large), *alike()]
    if what.days is None:
        of_days = []  # nothing is shown of them that could say anything
    else:
        of_all = attendance.tables(numbers.days, schools)[1]
        knows += [*known({row.place: row for row in of_days}, of_all, large), *links(numbers, days, large)]
    truth = {
        (name, *row.place): count
        for row in [*of_bands, *of_days, *of_alerts]
        for name, count in ((SIZE, row.size), *row.counts.items())
    }
    answers = [*what.bands.answers.values(), *what.alerts.answers.values()]
    answers += [
        each for each in (what.days.answers.values() if what.days else ()) if "\x00" not in each.place
    ]
    # Whatever is hidden of sizes: here they are known, of students as of days.
    seen = shown(answers) | {name: value for name, value in truth.items() if name[0] == SIZE}
    # `known` of the bands is written for rows that have every measure.
    there = [each for each in knows if all(name in truth for name in (*each.plus, *each.minus))]
    # Where that is known to be the number of the chronic, which are shown, it is no secret.
    seen |= {name: truth[name] for name in [("standing", "tier_2")] if ("chronic", "", "", "") in seen}
    enough = {}
    for row in [*of_bands, *of_alerts]:
        for name, count in row.counts.items():
            many = limits.values_open if why_hidden(count, row.size, limits) else 2
            enough[name, *row.place] = min(many, row.size + 1)
    for row in of_days:
        enough["absent", *row.place] = 2
    told = possible(truth, there, seen, large, enough)
    return [name for name, values in told.items() if len(values) < enough[name]]


@pytest.mark.parametrize("days", [20, 40])
def test_no_table_gives_a_hidden_number_of_another_away(days: int) -> None:
    shown_days = shown_schools = 0
    for seed in range(25):
        numbers = counted(children(seed, days), days)
        what = made(numbers, RULES, SMALL)
        shown_days += what.days is not None
        shown_schools += len(what.schools)
        assert worked_out(numbers, what, days, SMALL) == [], seed
    if days == 40:
        assert shown_days > 5 and shown_schools > 3


@pytest.mark.parametrize("fewer", bands.FEWER[1:])
def test_bands_that_are_left_out_are_as_safe_as_hidden_ones(
    fewer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attacker knows how they hang together with what is shown, as if they were in the release."""
    monkeypatch.setattr(bands, "FEWER", (fewer,))
    seen = 0
    for seed in range(6):
        numbers = counted(children(seed, 40), 40)
        what = made(numbers, RULES, SMALL)
        places = [answer for place, answer in what.bands.answers.items() if place[1]]
        assert {answer.counts.get("over_20") for answer in places} == {None}
        seen += len(shown(what.bands.answers.values()))
        assert worked_out(numbers, what, 40, SMALL) == [], seed
    assert seen > 100


def test_where_days_are_shown_regardless_of_bands_the_attacker_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two chronically absent at school A not both are in the last band: that would be too many days."""
    groups = ("no",) * len(DIMENSIONS)
    missed = {"A": [0] * 16 + [1, 1, 2, 4], "B": [0] * 14 + [1, 1, 1, 2, 2, 2, 4, 4, 4]}
    those = [
        Child(school, "1", groups, (days // 2, days - days // 2))
        for school, of in missed.items()
        for days in of
    ]
    numbers = counted(those, 20)
    what = made(numbers, RULES, SMALL)
    assert what.days is not None and what.days.answers["", ""].counts["absent"] is not None
    assert what.schools == frozenset()
    assert worked_out(numbers, what, 20, SMALL) == []
    monkeypatch.setattr(attendance, "shown_schools", lambda days, bands: frozenset({"A", "B"}))
    assert ("over_20", "A", "", "") in worked_out(numbers, made(numbers, RULES, SMALL), 20, SMALL)


@pytest.mark.parametrize(("standing", "is_shown"), [(40, True), (41, False), (35, False), (46, True)])
def test_alerts_that_are_nearly_the_chronic_are_hidden(standing: int, is_shown: bool) -> None:
    """45 with an alert beside 40 chronic would say that there are 5 of some kind."""
    groups = ("no",) * len(DIMENSIONS)
    students = [Students("A", "1", groups, band, n) for band, n in ((0, 90), (1, 50), (2, 25), (3, 15))]
    told = [Alerts("tier_2", "standing", standing), Alerts("mhw_day", "standing", 41)]
    what = made(Counted(students, [Days("", "", 1800, 150, 180)], told), RULES)
    assert what.alerts.answers["tier_2",].counts["standing"] == (standing if is_shown else None)
    assert what.alerts.answers["mhw_day",].counts["standing"] == 41
    assert what.alerts.answers["tier_3",].counts["standing"] is None


def test_alerts_are_hidden_where_a_band_of_the_district_is() -> None:
    groups = ("no",) * len(DIMENSIONS)
    students = [Students("A", "1", groups, band, n) for band, n in ((0, 90), (1, 50), (2, 25), (3, 2))]
    what = made(Counted(students, [], [Alerts("mhw_day", "standing", 41)]), RULES)
    assert set(what.alerts.answers["mhw_day",].counts.values()) == {None}
