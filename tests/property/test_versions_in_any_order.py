"""Which record is live does not depend on which of them came first."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from models.columns import Kind
from models.in_force import CodeMap
from models.ledger.chain import Chain, Stored, live, live_attendance, put, set_aside
from models.version import Version

TIMES = (
    "2021-09-01T12:00:00Z",
    "2021-09-01T08:00:00-04:00",
    "2021-09-01T12:00:00.0Z",
    "2021-09-01T13:00:00Z",
)
IDENTITY = {"district_id": "D", "school_id": "A", "student_id": "s1", "date": "2021-09-01"}
DAY = 738_034
MAPPED = CodeMap([{"code": code, "status": "absent", "class": "excused"} for code in "EU"])


@st.composite
def versions(draw: st.DrawFn) -> Stored:
    """A version of one attendance record; at most times the instants are equal."""
    given = {**IDENTITY, "recorded_at": draw(st.sampled_from(TIMES)), "code": draw(st.sampled_from("EUX"))}
    if draw(st.booleans()):
        given["event_id"] = draw(st.sampled_from(("a", "b", "~")))
    if draw(st.booleans()):
        given["op"] = draw(st.sampled_from(("upsert", "delete")))
    if given.get("op") == "delete" and draw(st.booleans()):
        del given["code"]
    return Stored(given, "told.csv", draw(st.integers(1, 9)))


def chain_of(kind: Kind, records: tuple[Stored, ...]) -> Chain:
    chain: Chain = ()
    for held in records:
        chain = put(kind, chain, held)
    return chain


@given(st.lists(versions(), min_size=3, max_size=3))
def test_versions_are_in_one_total_order(records: list[Stored]) -> None:
    made = [Version(held.given) for held in records]
    for one in made:
        for other in made:
            assert (one < other) + (one == other) + (one > other) == 1
            assert one != other or hash(one) == hash(other)
    assert (
        len({tuple(Version(held.given).instant for held in _sorted(each)) for each in permutations(records)})
        == 1
    )
    texts = {tuple(str(held.given) for held in _sorted(each)) for each in permutations(records)}
    assert len(texts) == 1 or len({str(sorted(held.given.items())) for held in records}) < 3


def _sorted(records: tuple[Stored, ...]) -> list[Stored]:
    return sorted(records, key=lambda held: Version(held.given))


@settings(max_examples=300)
@given(st.lists(versions(), min_size=1, max_size=4))
def test_the_chain_and_the_live_record_are_the_same_in_all_orders(records: list[Stored]) -> None:
    ways = [chain_of(Kind.ATTENDANCE, each) for each in permutations(records)]
    assert all(chain == ways[0] for chain in ways)
    assert live_attendance(ways[0], MAPPED, DAY) == _live(records)
    newest = max(records, key=lambda held: Version(held.given))
    waiting = set_aside(ways[0], MAPPED, DAY)
    assert (waiting is not None) == (not newest.deleted and newest.given["code"] == "X")


def _live(records: list[Stored]) -> Stored | None:
    """The definition: from the newest back, the first with a meaning, unless a delete comes before it."""
    for held in sorted(records, key=lambda each: Version(each.given), reverse=True):
        if held.deleted:
            return None
        if held.given["code"] != "X":
            same = [each for each in records if Version(each.given) == Version(held.given)]
            return min(same, key=lambda each: (each.file, each.line))
    return None


@settings(max_examples=150)
@given(st.lists(versions(), min_size=1, max_size=4))
def test_of_other_kinds_the_newest_alone_is_kept(records: list[Stored]) -> None:
    newest = max(records, key=lambda held: Version(held.given))
    for each in permutations(records):
        chain = chain_of(Kind.SUBMISSION, each)
        assert len(chain) == 1 and Version(chain[0].given) == Version(newest.given)
        assert (live(chain) is None) == newest.deleted
