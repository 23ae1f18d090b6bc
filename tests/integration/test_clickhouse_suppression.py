"""SQL and function hide the same, and a release comes out of the store as it was decided."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import open_client
from infra.clickhouse.suppression import (
    COLUMNS,
    RELEASED,
    REPORTED,
    SIZE,
    rows_of_release,
    why_hidden_sql,
    why_size_hidden_sql,
)
from infra.settings import load
from models.suppression.limits import CONNECTICUT, Limits, why_hidden, why_size_hidden
from models.suppression.release import HIDDEN, release
from tests.support.made_tables import district


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


def test_a_release_comes_out_of_the_store_as_it_was_decided(client: Client) -> None:
    client.command(RELEASED)
    client.command(REPORTED)
    rows, structure = district(5, 30, seed=5)
    what = release(rows, structure)
    as_of = date(2024, 12, 1)
    for version in (1, 2):  # what comes twice changes nothing
        client.insert(
            "released_cells", list(rows_of_release(what, "D1", 2024, as_of, version)), list(COLUMNS)
        )
    found = client.query(
        "SELECT school_id, grade, student_group, measure, value, hidden, shown FROM reported_cells"
        " WHERE district_id = 'D1' AND school_year = 2024 AND as_of = '2024-12-01'"
    ).result_rows
    assert len(found) == 2 * len(what.answers)
    for school, grade, group, measure, value, hidden, shown in found:
        answer = what.ask((school, grade, group))
        expected = answer.size if measure == SIZE else answer.counts[measure]
        assert value == expected
        assert hidden == (expected is None)
        assert shown == (HIDDEN if expected is None else str(expected))
    assert {True, False} == {bool(row[5]) for row in found}
    (unlike,) = client.query(
        # A net behind the release: no row that is shown would be hidden for itself.
        f"""SELECT countIf(hides != '') FROM (
            SELECT {why_hidden_sql("cells.value", "sizes.value")} AS hides
            FROM reported_cells AS cells
            INNER JOIN (SELECT * FROM reported_cells WHERE measure = '{SIZE}') AS sizes
                USING (district_id, school_year, as_of, school_id, grade, student_group)
            WHERE cells.measure = 'chronic' AND NOT cells.hidden)"""
    ).result_rows[0]
    assert unlike == 0


def test_the_reasons_are_not_in_the_view_for_analysts(client: Client) -> None:
    client.command(RELEASED)
    client.command(REPORTED)
    names = {row[0] for row in client.query("DESCRIBE reported_cells").result_rows}
    assert "reason" not in names
    assert {"value", "shown", "hidden"} <= names
