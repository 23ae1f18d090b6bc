"""What the questions answer is what counting the worker's ledger day by day and student by student gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from time import sleep

import pytest

from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.trends.attendance import attendance
from infra.trends.bands import bands
from infra.trends.known_bands import bands_as_known
from infra.trends.late import late_schools
from infra.trends.prior_years import years_so_far
from infra.trends.reasons import absences_by_reason, remote_days
from models.ledger.district import Ledger
from models.school_year import school_year_of
from models.trends.answers import Bands, Counts, Late, Period, ReasonCounts, RemoteCounts
from models.trends.scope import BadQuestion, Scope
from tests.property.proof import accepted, batches, in_some_order
from tests.reference.generate import random_files
from tests.support.chdb_store import Engine, log_in
from tests.support.pipeline import CountedDay, Pipeline, counted_days, grouped, groups_of, labelled


class Told:
    """A random history half way and at its end, with the instant in between."""

    def __init__(self, folder: Path, store: Store, seed: int) -> None:
        rng = Random(seed)
        told = labelled(rng, accepted(random_files(rng)))
        messages = list(batches(rng, in_some_order(rng, told + grouped(rng, told))))
        with log_in(folder) as log:
            pipeline = Pipeline(log)
            for number, (_, kind, records) in enumerate(messages):
                if number == len(messages) // 2:
                    self.half_way = [day for ledger in pipeline.ledgers for day in counted_days(ledger)]
                    sleep(0.01)
                    self.instant = datetime.now(UTC)
                    sleep(0.01)
                pipeline.take(kind, records)
            sink = Sink(log, store, Metrics("0"))
            while sink.step():
                pass
        self.ledgers = {ledger.district: ledger for ledger in pipeline.ledgers}
        self.end = [day for ledger in pipeline.ledgers for day in counted_days(ledger)]


def expected_reasons(
    told: Told, days: Sequence[CountedDay], last: date, period: Callable[[CountedDay], date | int]
) -> list[ReasonCounts]:
    cells: dict[tuple[date | int, str, str], Counter[str]] = {}
    for day in days:
        if day.class_:
            label = label_of(told.ledgers[day.district], day.code, last)
            cells.setdefault((period(day), day.code, label), Counter())[day.class_] += 1
    names = ("excused", "unexcused", "disciplinary", "mhw", "unknown")
    found = [
        ReasonCounts(*key, sum(held.values()), *(held[name] for name in names)) for key, held in cells.items()
    ]
    return sorted(
        found, key=lambda held: (held.period, -held.absent, held.code.encode(), held.label.encode())
    )


def label_of(ledger: Ledger, code: str, on: date) -> str:
    """What the record says that holds on a day."""
    due = [
        (given.get("effective_from", ""), given.get("label", ""))
        for given in ledger.live_codes()
        if given["code"] == code and given.get("effective_from", "") <= on.isoformat()
    ]
    return max(due)[1] if due else ""


def expected_remote(
    days: Sequence[CountedDay], period: Callable[[CountedDay], date | int]
) -> list[RemoteCounts]:
    held: dict[date | int, Counter[str]] = {}
    for day in days:
        said = ["counted", *(["absent"] if day.class_ else [])]
        held.setdefault(period(day), Counter()).update(
            [*said, *(f"remote_{each}" for each in said if day.remote)]
        )
    names = ("counted", "absent", "remote_counted", "remote_absent")
    found = [RemoteCounts(key, *(of[name] for name in names)) for key, of in held.items()]
    return sorted(found, key=lambda each: str(each.period))


PERIOD: dict[Period, Callable[[CountedDay], date | int]] = {
    "day": lambda day: day.date,
    "week": lambda day: day.date - timedelta(days=day.date.weekday()),
    "month": lambda day: day.date.replace(day=1),
    "year": lambda day: date(day.year, 7, 1),
    "weekday": lambda day: day.date.isoweekday(),
}


def in_scope(day: CountedDay, scope: Scope, ledgers: dict[str, Ledger]) -> bool:
    """All but the grade."""
    return (
        scope.district in ("", day.district)
        and scope.school in ("", day.school)
        and (
            scope.dimension == "all"
            or groups_of(ledgers[day.district], day.student)[scope.dimension] == scope.value
        )
    )


def of_grade(grade: str, scope: Scope) -> bool:
    return grade == scope.grade if scope.grade else grade != "PK"


def expected_counts(days: Sequence[CountedDay], period: Callable[[CountedDay], date | int]) -> list[Counts]:
    held: dict[date | int, list[CountedDay]] = {}
    for day in days:
        held.setdefault(period(day), []).append(day)
    found = []
    for key, of in sorted(held.items()):  # type: ignore[type-var]  # all are dates, or all numbers
        classes = Counter(day.class_ for day in of if day.class_)
        names = ("excused", "unexcused", "disciplinary", "mhw", "unknown")
        by_class = (classes[name] for name in names)
        school_days = len({day.date for day in of})
        found.append(Counts(key, school_days, len(of), sum(classes.values()), *by_class))
    return found


def expected_bands(days: Sequence[CountedDay], scope: Scope, as_of: date) -> Bands:
    of: dict[tuple[str, str], list[CountedDay]] = {}
    for day in days:
        if day.year == school_year_of(as_of) and day.date <= as_of:
            of.setdefault((day.district, day.student), []).append(day)
    found = [0, 0, 0, 0]
    for held in of.values():
        due = sorted([day for day in held if day.grade != "PK"] or held, key=lambda day: day.date)
        if of_grade(due[-1].grade, scope):
            n, a = len(due), sum(day.class_ != "" for day in due)
            found[sum(share * a >= n for share in (20, 10, 5))] += 1
    return Bands(*found)


def scopes(told: Told) -> list[Scope]:
    day = told.end[len(told.end) // 2]
    groups = groups_of(told.ledgers[day.district], day.student)
    return [
        Scope(state=True),
        Scope(day.district),
        Scope(day.district, school=day.school),
        Scope(day.district, grade=day.grade),
        Scope(day.district, school=day.school, grade="PK"),
        Scope(day.district, dimension="meals", value=groups["meals"]),
        Scope(day.district, dimension="high_needs", value=groups["high_needs"]),
        Scope(state=True, dimension="race_ethnicity", value=groups["race_ethnicity"]),
    ]


def expected_late(days: Sequence[CountedDay], as_of: date) -> list[Late]:
    by_district: dict[str, set[date]] = {}
    last: dict[tuple[str, str], date] = {}
    for day in days:
        if day.year == school_year_of(as_of) and day.date <= as_of:
            by_district.setdefault(day.district, set()).add(day.date)
            if day.grade != "PK":
                key = (day.district, day.school)
                last[key] = max(last.get(key, day.date), day.date)
    found = [Late(*key, on, sum(each > on for each in by_district[key[0]])) for key, on in last.items()]
    return sorted((each for each in found if each.behind), key=lambda each: (-each.behind, *each[:2]))


@pytest.mark.parametrize("seed", [5, 10, 12])
def test_reasons_and_remote_days_are_what_counting_gives(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        told = Told(tmp_path, store, seed)
        dates = sorted({day.date for day in told.end})
        assert {day.class_ != "" for day in told.end if day.remote} == {True, False}
        for scope in scopes(told):
            days = [day for day in told.end if in_scope(day, scope, told.ledgers)]
            graded = [day for day in days if of_grade(day.grade, scope)]
            for first, last in ((dates[0], dates[-1]), (dates[1], dates[len(dates) // 2])):
                within = [day for day in graded if first <= day.date <= last]
                for by, period in PERIOD.items():
                    found = absences_by_reason(store.client, scope, first, last, by)
                    assert found == expected_reasons(told, within, last, period)
                    assert remote_days(store.client, scope, first, last, by) == expected_remote(
                        within, period
                    )
                    counts = attendance(store.client, scope, first, last, by)
                    assert sum(held.absent for held in counts) == sum(held.absent for held in found)


@pytest.mark.parametrize("seed", [1, 9, 21])
def test_answers_are_what_counting_gives(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        told = Told(tmp_path, store, seed)
        dates = sorted({day.date for day in told.end})
        asked = [dates[0], dates[len(dates) // 2], dates[-1], dates[-1] + timedelta(days=1)]
        for as_of in asked:
            assert late_schools(store.client, Scope(state=True), as_of) == expected_late(told.end, as_of)
        for scope in scopes(told):
            days = [day for day in told.end if in_scope(day, scope, told.ledgers)]
            graded = [day for day in days if of_grade(day.grade, scope)]
            first, last = dates[1], dates[-1]
            within = [day for day in graded if first <= day.date <= last]
            assert attendance(store.client, scope, first, last, "day") == expected_counts(
                within, lambda day: day.date
            )
            assert attendance(store.client, scope, first, last, "week") == expected_counts(
                within, lambda day: day.date - timedelta(days=day.date.weekday())
            )
            assert attendance(store.client, scope, first, last, "month") == expected_counts(
                within, lambda day: day.date.replace(day=1)
            )
            assert attendance(store.client, scope, first, last, "weekday") == expected_counts(
                within, lambda day: day.date.isoweekday()
            )
            for as_of in asked:
                assert bands(store.client, scope, as_of) == expected_bands(days, scope, as_of)
            then = [day for day in told.half_way if in_scope(day, scope, told.ledgers)]
            for known_at, known in ((told.instant, then), (datetime.now(UTC), days)):
                found = bands_as_known(store.client, scope, dates[-1], known_at)
                assert found == expected_bands(known, scope, dates[-1])
            so_far = years_so_far(store.client, scope, dates[-1], 2)
            years = {day.year: sorted({d.date for d in graded if d.year == day.year}) for day in graded}
            newest = years.get(school_year_of(dates[-1]), [])
            assert [held.school_year for held in so_far] == (sorted(years, reverse=True) if newest else [])
            for held in so_far:
                until = years[held.school_year][: len(newest)]
                assert (held.as_of, held.school_days) == (until[-1], len(until))
                part = [day for day in graded if day.year == held.school_year and day.date <= until[-1]]
                assert held.counts == expected_counts(part, lambda day: date(day.year, 7, 1))[0]
                assert held.bands == expected_bands(days, scope, until[-1])


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"district": "D", "state": True},
        {"school": "A"},
        {"district": "D", "grade": "13"},
        {"district": "D", "dimension": "first_name"},
        {"district": "D", "value": "free"},
        {"district": "D", "dimension": "meals = '' OR 1"},
    ],
)
def test_a_scope_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadQuestion):
        Scope(**wrong)  # type: ignore[arg-type]  # as it may come from outside


def test_dates_that_are_none_and_an_instant_without_an_offset_are_refused(engine: Engine) -> None:
    with engine.store() as store:
        with pytest.raises(BadQuestion, match="before"):
            attendance(store.client, Scope("D"), date(2024, 9, 2), date(2024, 9, 1), "day")
        with pytest.raises(BadQuestion, match="before"):
            absences_by_reason(store.client, Scope("D"), date(2024, 9, 2), date(2024, 9, 1), "day")
        with pytest.raises(BadQuestion, match="at most 10"):
            remote_days(store.client, Scope("D"), date(2004, 9, 2), date(2024, 9, 1), "day")
        assert absences_by_reason(store.client, Scope("D"), date(2024, 9, 2), date(2024, 9, 2), "day") == []
        assert remote_days(store.client, Scope("D"), date(2024, 9, 2), date(2024, 9, 2), "day") == []
        with pytest.raises(BadQuestion, match="at most 10"):
            attendance(store.client, Scope("D"), date(2004, 9, 2), date(2024, 9, 1), "day")
        with pytest.raises(BadQuestion, match="0 to 9"):
            years_so_far(store.client, Scope("D"), date(2024, 9, 2), 10)
        with pytest.raises(ValueError, match="offset"):
            bands_as_known(store.client, Scope("D"), date(2024, 9, 2), datetime(2024, 9, 2))
        assert bands(store.client, Scope("D"), date(2024, 9, 2)) == Bands(0, 0, 0, 0)
        assert Bands(1, 0, 1, 1).chronic_rate == "66.67" and Bands(0, 0, 0, 0).chronic_rate == ""
