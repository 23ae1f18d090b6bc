"""Whether facts were known in the order in which they came, and after all facts before them."""

from __future__ import annotations

import pytest

from infra.clickhouse.known_order import KnownOrder

NEWEST = {"D1": 100, "D2": 500}


@pytest.mark.parametrize(
    ("batches", "in_order"),
    [
        ([[("D1", 101), ("D1", 101), ("D1", 102)]], ["D1"]),
        ([[("D1", 101)], [("D1", 101), ("D1", 105)]], ["D1"]),
        # At the instant of an earlier batch, or before one of this batch.
        ([[("D1", 100)]], []),
        ([[("D1", 102), ("D1", 101)]], []),
        ([[("D1", 102)], [("D1", 101), ("D1", 103)]], []),
        # Districts do not look at each other.
        ([[("D1", 101), ("D2", 501), ("D1", 102)]], ["D1", "D2"]),
        ([[("D1", 101), ("D2", 500), ("D1", 102)]], ["D1"]),
        ([[]], []),
    ],
)
def test_a_district_is_in_order_where_each_of_its_facts_is(
    batches: list[list[tuple[str, int]]], in_order: list[str]
) -> None:
    order = KnownOrder(NEWEST.__getitem__)
    for facts in batches:
        order.add(facts)
    assert order.in_order() == in_order


def test_the_newest_of_each_district_is_kept() -> None:
    order = KnownOrder(NEWEST.__getitem__)
    order.add([("D1", 300), ("D1", 200), ("D2", 501)])
    assert order.newest == {"D1": 300, "D2": 501}
