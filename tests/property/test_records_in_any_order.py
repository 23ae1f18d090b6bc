"""The order, the batches and the repetition of records change nothing; what is taken back leaves no trace."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.columns import Kind
from models.ledger.chain import Stored
from models.version import identity_of
from tests.property.driver import Driver, Rows, Told, messages
from tests.property.histories import BASE, histories, school_day

AS_OF = (school_day(7), school_day(19), date(2021, 12, 1))
LATER = ("2022-01-03T08:00:00Z", "2022-01-04T08:00:00Z")
OTHERWISE = {
    Kind.ATTENDANCE: {"code": "D", "absent_fraction": "1"},
    Kind.ENROLLMENT: {"exit_date": "2021-09-02", "grade": "PK"},
    Kind.CALENDAR: {"kind": "strike"},
    Kind.SUBMISSION: {"state": "reopened"},
    Kind.SCHOOL: {"attendance_mode": "positive"},
    Kind.CODE: {"class": "unknown"},
    Kind.STUDENT: {"birthdate": "2017-01-01"},
    Kind.PRIOR_YEAR: {"absent_days": "3"},
}

quick = settings(max_examples=60)


def state(driver: Driver) -> tuple[Rows, list[list[Rows]], list[tuple[str, int]]]:
    """All that must not depend on the history."""
    return (
        driver.current_rows(),
        [
            [each(as_of) for as_of in AS_OF]
            for each in (driver.standings, driver.rows_as_of, driver.meetings, driver.windows)
        ],
        driver.set_aside(),
    )


@quick
@given(histories(), st.integers(0, 2**32), st.sampled_from((1, 3, 40)), st.sampled_from((1, 7, 500)))
def test_order_repetition_and_batches_change_nothing(
    told: list[Told], seed: int, size: int, other_size: int
) -> None:
    rng = Random(seed)
    told = [*BASE, *told]
    shuffled = told + rng.sample(told, len(told) // 5)
    rng.shuffle(shuffled)
    one, other = Driver("D").take_all(told, size), Driver("D").take_all(shuffled, other_size)
    assert state(one) == state(other)
    other.assert_published_is_the_definition()


@quick
@given(histories(), st.integers(0, 200), st.integers(0, 2**32), st.sampled_from((1, 6, 500)))
def test_what_was_taken_before_changes_nothing(told: list[Told], until: int, seed: int, size: int) -> None:
    told = [*BASE, *told]
    driver = Driver("D").take_all(told, 20)
    again = told[:until]
    Random(seed).shuffle(again)
    for kind, records in messages(again, size):
        applied = driver.engine.apply(kind, records)
        assert not applied.moves and not applied.changes
        assert driver.engine.writes() == []


@quick
@given(histories(least_lag=0), st.data())
def test_a_correction_and_its_correction_restore_everything(told: list[Told], data: st.DataObject) -> None:
    told = [*BASE, *told]
    driver = Driver("D").take_all(told, 20)
    kind, held = data.draw(st.sampled_from(told))
    newest = driver.engine.ledger.newest(kind, held.given)
    assert newest is not None
    assume(_stands_alone(driver, kind, newest))
    before = state(driver)
    for change in data.draw(st.lists(st.booleans(), min_size=1, max_size=2)):
        driver.take(kind, [_corrected(kind, newest, LATER[0], delete=change)])
        driver.assert_published_is_the_definition()
    driver.take(kind, [Stored({**newest.given, "recorded_at": LATER[1]}, "back.csv", 1)])
    assert state(driver) == before


def _corrected(kind: Kind, held: Stored, at: str, *, delete: bool) -> Stored:
    """Another version of a record: deleted, or with other values (brought back where it was deleted)."""
    given = {**held.given, **OTHERWISE[kind], "recorded_at": at}
    given.pop("op", None)
    return Stored({**given, "op": "delete"} if delete else given, "correction.csv", 1)


def _stands_alone(driver: Driver, kind: Kind, held: Stored) -> bool:
    """Whether its meaning does not hang on when it was written.

    A version with an unmapped code leaves the one before it live, and of two entries on one day the later
    version owns the date.
    """
    if kind is Kind.ATTENDANCE:
        day = date.fromisoformat(held.given["date"]).toordinal()
        return held.deleted or driver.engine.ledger.codes.meaning(held.given["code"], day) is not None
    if kind is Kind.ENROLLMENT:
        identity = identity_of(kind, held.given)
        enrolled = driver.engine.ledger.student(identity[2]).enrolled
        mine = (identity[1], identity[3])
        return all(each.place == mine or each.place[1] != mine[1] for each in enrolled)
    return True
