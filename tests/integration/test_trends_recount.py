"""Whatever happens to the records, what is derived in the store equals a recount from the worker's ledger.

Random histories with corrections, deletions, replays, changes of codes and calendars, transfers and groups,
in any order and in messages of any size; the sink is killed between any two of its writes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from infra.clickhouse.known_bands import News
from infra.clickhouse.rows import FACT_COLUMNS, add_facts, empty
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.trends.bands import bands
from infra.verify.recount import Recount, years
from models.ledger.district import Ledger
from models.school_year import day_index, school_year_of
from models.standing import standings
from models.student_year import Frame, StudentYear, cut
from models.trends.answers import Bands
from models.trends.scope import Scope
from streams.facts_message import Facts, pack
from tests.property.proof import accepted, batches, in_some_order
from tests.reference.generate import random_files
from tests.support.chdb_store import Engine, log_in
from tests.support.pipeline import (
    Pipeline,
    code_labels,
    counted_days,
    day_counts,
    grouped,
    labelled,
    reason_counts,
    stored_code_labels,
    stored_day_counts,
    stored_reason_counts,
)

_DEAD = -1


class Killed(Exception):
    """The sink's process is no more."""


def killed_at(store: Store, number: int) -> None:
    """Let the store die before its `number`-th write from now on (0: never), with all of its connections."""
    left = [number]

    def mortal(client: Any) -> Callable[..., Any]:
        whole = type(client).command

        def command(text: str, *given: Any, **options: Any) -> Any:
            if left[0] and text.startswith(("INSERT", "TRUNCATE")):
                left[0] -= 1
                if left[0] == 0:
                    left[0] = _DEAD
            if left[0] == _DEAD:
                raise Killed
            return whole(client, text, *given, **options)

        return command

    for each in (store.client, *store.lanes):
        client: Any = each
        client.command = mortal(each)


def drain(log: Any, store: Store, rng: Random) -> None:
    """Store all that waits; now and then the sink is killed on the way and begins again."""
    killed_at(store, rng.choice((0, *range(1, 50))))
    while True:
        sink = Sink(log, store, Metrics("0"), messages_a_read=rng.choice((10, 50)), rows_a_commit=2_000)
        try:
            while sink.step():
                pass
            return
        except Killed:
            killed_at(store, 0)


def assert_equal(store: Store, ledgers: list[Ledger]) -> None:
    """Facts, their newest versions, the counts of days, and the standings of today and of any past day."""
    expected = {tuple(held) for ledger in ledgers for held in counted_days(ledger)}
    facts = "district_id, school_year, date, school_id, student_id, grade, class, code, remote"
    stored = store.client.query(f"SELECT {facts} FROM student_day_facts FINAL WHERE counted").result_rows
    assert set(stored) == expected and len(stored) == len(expected)
    known = store.client.query(
        "SELECT district_id, school_year, date, school_id, student_id, argMax(grade, version),"
        " argMax(class, version), argMax(code, version), argMax(remote, version) FROM fact_history"
        " GROUP BY 1, 2, 3, 4, 5 HAVING argMax(counted, version)"
    ).result_rows
    assert set(known) == expected
    assert stored_day_counts(store.client) == day_counts(ledgers)
    assert stored_reason_counts(store.client) == reason_counts(ledgers)
    assert stored_code_labels(store.client) == code_labels(ledgers)
    for district, year in years(store.client):
        recount = Recount(store.client, district, year)
        assert recount.wrong_district_days() == recount.wrong_district_bands() == {}
        assert recount.wrong_district_spans() == {}
        assert recount.wrong_district_reasons() == recount.wrong_school_days() == {}
    stored_bands = store.client.query("SELECT count() FROM district_bands FINAL").result_rows[0][0]
    assert bool(stored_bands) == bool(expected)
    assert_standings(store, ledgers, {held.date for ledger in ledgers for held in counted_days(ledger)})


def assert_standings(store: Store, ledgers: list[Ledger], dates: set[date]) -> None:
    rows = store.client.query(
        "SELECT district_id, school_year, student_id, scope, school_id, steps FROM standings FINAL"
    ).result_rows
    found = {row[:5]: row[5] for row in rows if row[5]}
    for as_of in sorted(dates)[::7] + sorted(dates)[-1:]:
        year = school_year_of(as_of)
        shown = {}
        for key, steps in found.items():
            past = [step for step in steps if _part(step, 0, "date") <= as_of]
            if key[1] == year and past:
                shown[key] = (_part(past[-1], 2, "grade") == "PK", _part(past[-1], 3, "band"))
        expected = {}
        for ledger in ledgers:
            for student, known in ledger.known.get(year, {}).items():
                for held in standings(_counted_only(cut(known.now, day_index(as_of)))):
                    if held.enrolled:
                        key = (ledger.district, year, student, held.scope)
                        school = held.school if held.scope == "school" else ""
                        expected[*key, school] = (held.level is None, _band(held.absent, held.enrolled))
        assert shown == expected


def _part(step: Any, place: int, name: str) -> Any:
    return step[name] if isinstance(step, dict) else step[place]


def _counted_only(year: StudentYear) -> StudentYear:
    """The year as the facts know it: a membership day that is not reported is not there."""
    parts = tuple(part._replace(membership=part.counted) for part in year.parts if part.counted)
    return StudentYear(year.year, Frame(parts), year.classes, year.documented, year.mhw)


def _band(absent: int, enrolled: int) -> int:
    return sum(share * absent >= enrolled for share in (20, 10, 5))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_derived_equals_a_recount(engine: Engine, tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    told = labelled(rng, accepted(random_files(rng)))
    told = in_some_order(rng, told + grouped(rng, told))
    with log_in(tmp_path) as log, engine.store() as store:
        pipeline = Pipeline(log)
        messages = list(batches(rng, told))
        stops = {len(messages), *rng.sample(range(1, len(messages)), 1)}
        for number, (_, kind, records) in enumerate(messages, start=1):
            pipeline.take(kind, records)
            if number in stops:
                drain(log, store, rng)
                assert_equal(store, pipeline.ledgers)
        assert pipeline.ledgers


def tell(
    store: Store,
    version: int,
    year: int,
    told: list[tuple[str, int, int]],
    class_: str = "",
    grade: str = "5",
    district: str = "D1",
) -> None:
    """Facts of students in a grade at one school: whose, of which day of the year, and if it is counted."""
    facts = Facts(district, year, version)
    for student, day, counted in told:
        facts.add("S1", student, grade, day, class_ if counted else "", counted)
    columns = empty(FACT_COLUMNS)
    add_facts(columns, pack(facts).value or b"")
    store.insert_facts(columns)
    known = 1_726_000_000_000 + version
    store.insert_history(columns, [known] * len(columns[0]))
    touched = dict.fromkeys(zip(columns[0], columns[3], columns[4], strict=True), known)
    days = set(zip(columns[0], columns[3], columns[2], strict=True))
    store.recount(year, touched, days, News((), set(columns[2])))


def assert_recounted(store: Store, year: int, district: str = "D1") -> None:
    recount = Recount(store.client, district, year)
    assert recount.wrong_district_bands() == recount.wrong_district_spans() == {}
    assert recount.wrong_district_days() == recount.wrong_district_reasons() == {}
    assert recount.wrong_school_days() == {}


def test_who_is_alone_in_a_group_and_a_month_and_has_no_day_left(engine: Engine) -> None:
    """Whatever is looked for among those who have days, this student's groups and month are not there."""
    with engine.store() as store:
        rows = [("D1", student, meals, 1) for student, meals in (("s3", "free"), ("s2", "paid"))]
        store.insert("students", ("district_id", "student_id", "meals", "version"), rows)
        tell(store, 1, 2024, [("s3", 40, 1), ("s3", 80, 1), ("s2", 80, 1)], "excused")
        # The first day of the year, and the only one of its month, goes too.
        tell(store, 2, 2024, [("s3", 40, 0), ("s3", 80, 0)])
        assert_recounted(store, 2024)
        day = date(2024, 9, 19)
        assert bands(store.client, Scope("D1"), day) == Bands(0, 0, 0, 1)
        assert bands(store.client, Scope("D1", dimension="meals", value="free"), day) == Bands(0, 0, 0, 0)


def test_a_day_in_one_grade_changes_the_bands_of_another(engine: Engine) -> None:
    with engine.store() as store:
        tell(store, 1, 2024, [("s1", 40, 1), ("s2", 40, 1)])
        tell(store, 2, 2024, [("s1", 80, 1), ("s2", 80, 1)], grade="6")
        tell(store, 3, 2024, [("s1", 40, 1)], "excused")
        assert_recounted(store, 2024)
        assert bands(store.client, Scope("D1", grade="6"), date(2024, 9, 19)) == Bands(1, 0, 0, 1)


def test_a_first_k12_day_leaves_no_day_of_pk_behind(engine: Engine) -> None:
    with engine.store() as store:
        tell(store, 1, 2024, [("s1", 40, 1), ("s1", 80, 1), ("s2", 80, 1)], grade="PK")
        tell(store, 2, 2024, [("s1", 30, 1)], grade="K")
        assert_recounted(store, 2024)
        day = date(2024, 9, 19)
        assert bands(store.client, Scope("D1", grade="PK"), day) == Bands(1, 0, 0, 0)
        assert bands(store.client, Scope("D1", grade="K"), day) == Bands(1, 0, 0, 0)


def test_the_first_day_of_the_state_is_another_one_in_all_districts(engine: Engine) -> None:
    with engine.store() as store:
        tell(store, 1, 2024, [("s1", 60, 1), ("s2", 80, 1)], "excused", district="D2")
        tell(store, 2, 2024, [("s1", 50, 1)])
        assert_recounted(store, 2024, "D2")
        tell(store, 3, 2024, [("s2", 40, 1)])
        assert_recounted(store, 2024, "D2")
        begun = "SELECT DISTINCT state_first FROM district_spans FINAL WHERE notEmpty(begins)"
        assert store.client.query(begun).result_rows == [(date(2024, 8, 10),)]


def test_other_groups_hold_in_every_year(engine: Engine) -> None:
    with engine.store() as store:
        for version, year in enumerate((2022, 2023, 2024), start=1):
            tell(store, version, year, [("s1", 80, 1), ("s2", 80, 1)], "excused")
        names = ("district_id", "student_id", "meals", "version")
        store.insert("students", names, [("D1", "s1", "free", 9)])
        assert store.recount_students("D1", ["s1"]) == 3
        for year in (2022, 2023, 2024):
            assert_recounted(store, year)
            day = date(year, 9, 19)
            assert bands(store.client, Scope("D1", dimension="meals", value="free"), day) == Bands(0, 0, 0, 1)


def test_a_correction_of_last_year_is_in_what_this_year_says_of_it(engine: Engine) -> None:
    with engine.store() as store:
        tell(store, 1, 2023, [("s1", 80, 1), ("s2", 80, 1)], "excused")
        tell(store, 2, 2024, [("s1", 80, 1), ("s2", 80, 1)])
        last_year = """SELECT student_id, band_before
            FROM district_spans FINAL ARRAY JOIN student_id, band_before
            WHERE school_year = 2024 AND month = '2024-10-01'
            ORDER BY student_id"""
        assert store.client.query(last_year).result_rows == [("s1", 3), ("s2", 3)]
        tell(store, 3, 2023, [("s1", 80, 1)])
        assert_recounted(store, 2024)
        assert store.client.query(last_year).result_rows == [("s1", 0), ("s2", 3)]
