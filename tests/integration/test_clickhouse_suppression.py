"""SQL and function hide the same."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import open_client
from infra.clickhouse.suppression import why_hidden_sql, why_size_hidden_sql
from infra.settings import load
from models.suppression.limits import CONNECTICUT, Limits, why_hidden, why_size_hidden


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = open_client(load(home=tmp_path_factory.mktemp("engine")))
    try:
        client.command("CREATE DATABASE suppressing ENGINE = Atomic")
        client.database = "suppressing"
        yield client
    finally:
        client.close()


@pytest.mark.parametrize("limits", [CONNECTICUT, Limits(10, 10), Limits(1, 1)])
def test_sql_and_function_hide_the_same(client: Client, limits: Limits) -> None:
    """All pairs up to 45, and large ones at random, in columns without a sign as those of the store are."""
    chance = random.Random(7)
    pairs = [(count, size) for size in range(46) for count in range(size + 1)]
    pairs += [
        (
            chance.choice(
                (0, size, size - chance.randrange(9), chance.randrange(12), chance.randrange(size))
            ),
            size,
        )
        for size in (chance.randrange(46, 60_000) for _ in range(2_000))
    ]
    client.command("CREATE OR REPLACE TABLE pairs (n UInt32, c UInt16, s UInt16) ENGINE = Memory")
    client.insert("pairs", [(n, *pair) for n, pair in enumerate(pairs)], ["n", "c", "s"])
    rows = client.query(
        f"SELECT {why_hidden_sql('c', 's', limits)}, {why_size_hidden_sql('s', limits)} FROM pairs ORDER BY n"
    ).result_rows
    assert rows == [
        (why_hidden(count, size, limits) or "", why_size_hidden(size, limits) or "") for count, size in pairs
    ]


def test_a_number_that_is_missing_is_hidden(client: Client) -> None:
    row = client.query(
        f"SELECT {why_hidden_sql('NULL', '50')}, {why_hidden_sql('20', 'NULL')},"
        f" {why_size_hidden_sql('NULL')}"
    ).result_rows[0]
    assert "" not in row
