"""A release is made out of the store, proven before it is kept, and read as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from infra.clickhouse.store import Store
from infra.clickhouse.suppression import why_hidden_sql
from infra.releases.counting import counted
from infra.releases.keeping import About, keep
from infra.releases.making import Kept, NothingToRelease, make
from infra.trends.attendance import attendance
from infra.trends.bands import bands
from infra.trends.released import Cell, cells, releases
from models.releases.bands import MEASURES
from models.releases.made import NotProven
from models.suppression import release as releasing
from models.suppression.hide import Hidden
from models.suppression.limits import CONNECTICUT
from models.suppression.release import HIDDEN, NotReleased
from models.trends.scope import GRADES, Scope
from tests.support.chdb_store import Engine
from tests.support.made_store import fill

AS_OF = date(2024, 10, 20)


@pytest.fixture(scope="module")
def district(engine: Engine) -> Iterator[tuple[Store, Kept]]:
    """A district with a release as of a day in the middle of its facts."""
    with engine.store() as store:
        fill(store)
        yield store, make(store, "D1", AS_OF, at_ms=1_000, made_by="schedule")


def of(found: list[Cell], **wanted: str) -> dict[str, int | None]:
    """The measures of one place."""
    blank = dict.fromkeys(("school_id", "grade", "member", "month", "rule"), "")
    place = {**blank, "dimension": "all", **wanted}
    return {
        cell.measure: cell.value for cell in found if all(getattr(cell, k) == v for k, v in place.items())
    }


def test_what_is_shown_is_what_the_store_counts(district: tuple[Store, Kept]) -> None:
    store, kept = district
    found = cells(store.client, "D1", AS_OF, "bands")
    shown = 0
    for school in ("", "S1", "S2", "S3", "S4"):
        for grade in ("", *GRADES):
            if school and grade:
                continue  # a student's grade at a school is that of the last day there
            numbers = of(found, school_id=school, grade=grade)
            true = bands(store.client, Scope("D1", school=school, grade=grade), AS_OF)
            for name, value in numbers.items():
                expected = true.students if name == "enrolled" else getattr(true, name)
                assert value in (None, expected), (school, grade, name)
                shown += value is not None
    assert shown > 20
    for member in ("yes", "no", ""):
        scope = Scope("D1", dimension="high_needs", value=member)
        true = bands(store.client, scope, AS_OF)
        numbers = of(found, dimension="high_needs", member=member)
        assert set(numbers) == {"enrolled", *MEASURES}
        for name, value in numbers.items():
            assert value in (None, true.students if name == "enrolled" else getattr(true, name))
        assert set(of(found, school_id="S1", dimension="high_needs", member=member)) == {
            "enrolled",
            "chronic",
        }
    assert kept.numbers > kept.hidden > 0


def test_days_and_alerts_are_what_the_store_counts(district: tuple[Store, Kept]) -> None:
    store, _ = district
    found = cells(store.client, "D1", AS_OF, "attendance")
    whole = of(found)
    (true,) = attendance(store.client, Scope("D1"), date(2024, 7, 1), AS_OF, "year")
    assert (whole["counted"], whole["absent"]) == (true.counted, true.absent)
    for month in ("2024-08", "2024-09", "2024-10"):
        first = date(int(month[:4]), int(month[5:]), 1)
        last = min(AS_OF, date(2024, first.month + 1, 1).replace(day=1))
        numbers = of(found, school_id="S1", month=month)
        true = next(
            each
            for each in attendance(store.client, Scope("D1", school="S1"), first, last, "month")
            if each.period == first
        )
        assert numbers["absent"] in (None, true.absent)
    alerts = cells(store.client, "D1", AS_OF, "alerts")
    assert of(alerts, rule="mhw_day")["standing"] is not None
    assert all(value is None for value in of(alerts, rule="habitual_truant").values())


def test_the_small_school_is_hidden_and_no_shown_number_would_be_hidden_for_itself(
    district: tuple[Store, Kept],
) -> None:
    store, _ = district
    numbers = store.client.query(
        f"""SELECT count(), countIf(hides != '') FROM (
            SELECT {why_hidden_sql("cells.value", "sizes.value")} AS hides
            FROM released_cells AS cells
            INNER JOIN (SELECT * FROM released_cells WHERE measure = 'enrolled') AS sizes
                USING (district_id, as_of, version, table_name, school_id, grade, dimension, member)
            WHERE cells.measure != 'enrolled' AND cells.value IS NOT NULL)"""
    ).result_rows[0]
    assert numbers[0] > 0
    assert numbers[1] == 0
    assert {cell.shown for cell in cells(store.client, "D1", AS_OF, "bands") if cell.value is None} == {
        HIDDEN
    }


def test_the_list_says_by_whom_when_and_by_which_limits(district: tuple[Store, Kept]) -> None:
    store, kept = district
    (held,) = releases(store.client, "D1")
    assert (held.as_of, held.made_by, held.made_at.timestamp()) == (AS_OF, "schedule", 1.0)
    assert held.data_through == kept.about.data_through == date(2024, 10, 18)
    assert held.limits == CONNECTICUT
    assert releases(store.client, "D2") == []


def test_another_release_of_the_date_replaces_it_as_a_whole(engine: Engine) -> None:
    with engine.store() as store:
        fill(store, students=200, days=40)
        make(store, "D1", AS_OF, at_ms=1_000, made_by="a")
        before = cells(store.client, "D1", AS_OF, "bands")
        fill(store, students=220, days=40)
        numbers = counted(store.client, "D1", AS_OF)
        # It breaks off before its row in the list.
        broken = [("bands", "S1", "", "all", "", "", "", "enrolled", 7, "")]
        with pytest.raises(ZeroDivisionError):
            keep(Breaking(store), About("D1", AS_OF, AS_OF, 2_000, "b"), CONNECTICUT, broken)  # type: ignore[arg-type]  # a store that breaks
        assert cells(store.client, "D1", AS_OF, "bands") == before
        make(store, "D1", AS_OF, at_ms=3_000, made_by="c")
        after = cells(store.client, "D1", AS_OF, "bands")
        assert after != before
        make(store, "D1", AS_OF, at_ms=3_000, made_by="c")  # a repetition
        store.client.command("OPTIMIZE TABLE released_cells FINAL")
        store.client.command("OPTIMIZE TABLE releases FINAL")
        assert cells(store.client, "D1", AS_OF, "bands") == after
        assert [held.made_by for held in releases(store.client, "D1")] == ["c"]
        assert sum(each.number for each in numbers.students) == 220


def test_what_shows_a_small_count_is_not_kept_whoever_decided_it(engine: Engine) -> None:
    place = ("S1", "", "all", "", "", "")
    with engine.store() as store:
        for count, is_kept in ((5, False), (45, False), (0, False), (6, True), (44, True)):
            about = About("D1", AS_OF, AS_OF, 1_000 + count, "b")
            decided = [("bands", *place, "enrolled", 50, ""), ("bands", *place, "chronic", count, "")]
            listed = len(releases(store.client, "D1"))
            if is_kept:
                keep(store, about, CONNECTICUT, decided)
                assert releases(store.client, "D1")[0].made_at.timestamp() == about.at_ms / 1000
            else:
                with pytest.raises(NotProven):
                    keep(store, about, CONNECTICUT, decided)
                assert len(releases(store.client, "D1")) == listed


class Breaking:
    """A store that takes cells and then nothing more."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.said, self.client = store.said, store.client

    def insert(self, table: str, *rest: Any) -> None:
        if table == "releases":
            raise ZeroDivisionError
        self._store.insert(table, *rest)


def test_what_has_no_proof_is_not_kept(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        releasing, "hide", lambda system, wanted: Hidden(frozenset(wanted), frozenset(), (), ())
    )
    with engine.store() as store:
        fill(store, students=200, days=40)
        with pytest.raises(NotProven, match="could be worked out"):
            make(store, "D1", AS_OF, at_ms=1_000, made_by="a")
        assert releases(store.client, "D1") == []
        with pytest.raises(NotReleased, match="nothing is released as of 2024-10-20"):
            cells(store.client, "D1", AS_OF, "bands")
        count = store.client.query("SELECT count() FROM released_cells").result_rows
        assert count == [(0,)]


def test_there_is_nothing_to_release_before_the_first_day(district: tuple[Store, Kept]) -> None:
    store, _ = district
    for name, day in (("D1", date(2024, 8, 1)), ("D2", AS_OF)):
        with pytest.raises(NothingToRelease, match="has no counted day"):
            make(store, name, day, at_ms=1, made_by="a")


def test_school_by_grade_by_group_is_in_no_table_and_no_release_is_no_answer(
    district: tuple[Store, Kept],
) -> None:
    store, _ = district
    found = cells(store.client, "D1", AS_OF, "bands")
    assert found and not any(cell.school_id and cell.grade and cell.dimension != "all" for cell in found)
    with pytest.raises(NotReleased):
        cells(store.client, "D9", AS_OF, "bands")


def test_schools_whose_days_are_not_shown_are_there_and_hidden(district: tuple[Store, Kept]) -> None:
    store, _ = district
    days = cells(store.client, "D1", AS_OF, "attendance")
    assert {cell.school_id for cell in days} == {"", "S1", "S2", "S3", "S4"}
    assert not any("\x00" in cell.school_id for cell in days)
