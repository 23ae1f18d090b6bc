"""What is stored is enough: groups read back as they were, and a ledger built from them is the same."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from models.columns import COLUMNS, COMMON, Kind
from models.ledger.chain import Stored, put
from models.ledger.district import Ledger
from models.ledger.groups import KIND, Group, decode, encode, group_key, split_key
from models.policy import Policy
from models.student_year import StudentYear
from models.version import identity_of
from tests.property.driver import Driver, MemoryStore, Told
from tests.property.histories import BASE, histories, policies

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
ODD = st.sampled_from(("0", "null", "[]", '"', "\u2028", "\x00", "é", "e\u0301", "\U0001f600", "x" * 300))


def records(store: MemoryStore) -> dict[bytes, Group]:
    """What is stored, read: the order within a value may differ."""
    return {
        key: decode(KIND[split_key(key)[1]], value)
        for key, value in store.items()
        if split_key(key)[1] in KIND
    }


def known(ledger: Ledger) -> dict[tuple[int, str], StudentYear]:
    return {
        (year, student): held.now
        for year, students in ledger.known.items()
        for student, held in students.items()
        if held.now.membership
    }


def prior(ledger: Ledger) -> dict[str, dict[int, tuple[int, int]]]:
    return {student: held.prior for student, held in ledger.students.items() if held.prior}


@settings(max_examples=60)
@given(histories(), policies(), st.sampled_from((1, 30)), st.integers(0, 60))
def test_a_ledger_built_from_its_own_writes_is_the_live_one(
    told: list[Told], policy: Policy, size: int, cut_at: int
) -> None:
    driver = Driver("D", lambda district, year: policy).take_all([*BASE, *told[:cut_at]], size)
    live = driver.engine
    driver.restart()
    again = driver.engine
    assert known(again.ledger) == known(live.ledger)
    assert prior(again.ledger) == prior(live.ledger)
    assert sorted(again.ledger.set_aside(), key=str) == sorted(live.ledger.set_aside(), key=str)
    assert list(again.published()) == list(live.published())
    assert again.writes() == []
    other = Driver("D", driver.policy_of).take_all([*BASE, *told[:cut_at]], size)
    other.take_all(told[cut_at:], size)
    driver.take_all(told[cut_at:], size)
    assert list(driver.engine.published()) == list(other.engine.published())
    assert records(driver.store) == records(other.store)


@st.composite
def groups(draw: st.DrawFn) -> tuple[Kind, Group]:
    """A group of any kind: some identities, versions and columns, with any texts in the columns."""
    kind = draw(st.sampled_from(list(Kind)))
    group: Group = {}
    free = [
        column.name
        for column in (*COLUMNS[kind], *COMMON)
        if not column.identity and column.name not in ("op", "recorded_at", "code")
    ]
    for line in range(draw(st.integers(1, 8))):
        given = {
            column.name: draw(st.sampled_from(("a", "b")))
            for column in COLUMNS[kind]
            if column.identity and (column.required or draw(st.booleans()))
        }
        given["recorded_at"] = f"2021-09-0{draw(st.integers(1, 3))}T08:00:00Z"
        given |= draw(st.dictionaries(st.sampled_from(free), TEXTS | ODD, max_size=4))
        if draw(st.integers(0, 4)) == 0:
            given["op"] = "delete"
        elif kind in (Kind.ATTENDANCE, Kind.CODE):
            given["code"] = draw(st.sampled_from(("a", "b", "c")))
        held = Stored(given, draw(TEXTS | st.just("told.csv")), line)
        identity = identity_of(kind, given)
        group[identity] = put(kind, group.get(identity, ()), held)
    return kind, group


@settings(max_examples=200)
@given(groups())
def test_a_group_reads_back_as_it_was(made: tuple[Kind, Group]) -> None:
    kind, group = made
    again = decode(kind, encode(group))
    assert again == group
    assert decode(kind, encode(again)) == group


def test_the_key_of_a_group_reads_back() -> None:
    given = {"district_id": "0042", "school_id": "A|b", "date": "2021-09-01"}
    assert split_key(group_key(Kind.ATTENDANCE, given)) == ("0042", "a", ("A|b", "2021-09-01"))
    assert split_key(group_key(Kind.CALENDAR, given)) == ("0042", "c", ("A|b", "2021-09"))
    assert split_key(group_key(Kind.CODE, given)) == ("0042", "k", ())


def test_a_message_may_touch_more_groups_than_are_kept_decoded() -> None:
    born = date(2010, 1, 1).isoformat()
    records = [
        Stored(
            {
                "district_id": "D",
                "student_id": f"s{number}",
                "recorded_at": "2021-09-01T08:00:00Z",
                "birthdate": born,
            },
            "told.csv",
            number,
        )
        for number in range(400)
    ]
    driver = Driver("D")
    driver.take(Kind.STUDENT, records[:250])
    driver.take(Kind.STUDENT, [*records[100:], *records[:100]])
    driver.restart()
    assert {student for student, held in driver.engine.ledger.students.items() if held.birthdate} == {
        f"s{number}" for number in range(400)
    }
