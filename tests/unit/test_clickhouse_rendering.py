"""The SQL for a cluster, the roles of a server, and which statements are dangerous: read as text."""

from __future__ import annotations

import re

import pytest

from infra.clickhouse.danger import harms
from infra.clickhouse.migrate import known
from infra.clickhouse.rendering import database, rendered, without_comments
from infra.clickhouse.roles import roles
from infra.settings import SettingsInvalid, load

EVERY = [text for held in known() for text in (*held.forward, *held.backward)]


def test_on_one_node_a_statement_stays_as_it_is() -> None:
    assert [rendered(text) for text in EVERY] == EVERY
    assert database("rollcall") == "CREATE DATABASE IF NOT EXISTS rollcall ENGINE = Atomic"


@pytest.mark.parametrize("statement", EVERY, ids=[" ".join(text.split()[:6]) for text in EVERY])
def test_on_a_cluster_every_table_is_made_on_all_nodes_and_replicated(statement: str) -> None:
    sent = without_comments(rendered(statement, "c_1"))
    if statement.startswith("INSERT"):
        assert sent == statement
        return
    assert len(re.findall(r" ON CLUSTER 'c_1'", sent)) == 1
    assert sent.replace(" ON CLUSTER 'c_1'", "").replace("Replicated", "") == without_comments(statement)
    engines = re.findall(r"ENGINE = (\w+)", sent)
    assert all(name.startswith("Replicated") for name in engines)
    assert len(engines) == ("CREATE TABLE" in statement)


def test_a_cluster_renders_to_this() -> None:
    comment = "-- ENGINE = MergeTree in a comment stays\n"
    table = "CREATE TABLE IF NOT EXISTS a\n(\n    x UInt8\n)\nENGINE = ReplacingMergeTree(x)\nORDER BY x"
    assert rendered(comment + table, "c") == comment + (
        "CREATE TABLE IF NOT EXISTS a ON CLUSTER 'c'\n(\n    x UInt8\n)\n"
        "ENGINE = ReplicatedReplacingMergeTree(x)\nORDER BY x"
    )
    assert rendered("DROP VIEW IF EXISTS a SYNC", "c") == "DROP VIEW IF EXISTS a ON CLUSTER 'c' SYNC"
    assert rendered("ALTER TABLE a ADD COLUMN b UInt8", "c") == (
        "ALTER TABLE a ON CLUSTER 'c' ADD COLUMN b UInt8"
    )
    assert database("r", "c") == "CREATE DATABASE IF NOT EXISTS r ON CLUSTER 'c' ENGINE = Atomic"


def test_a_cluster_is_of_a_server() -> None:
    with pytest.raises(SettingsInvalid, match="ROLLCALL_CLICKHOUSE_CLUSTER is of a ClickHouse server"):
        load(clickhouse_cluster="c")
    with pytest.raises(SettingsInvalid, match="ROLLCALL_CLICKHOUSE_CLUSTER"):
        load(clickhouse="http://127.0.0.1:8123", clickhouse_cluster="c'; DROP")
    assert load(clickhouse="http://127.0.0.1:8123", clickhouse_cluster="c").clickhouse_cluster == "c"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("-- a word\nDROP TABLE IF EXISTS a SYNC", [("a", True)]),
        ("DROP VIEW IF EXISTS a", []),
        ("CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = MergeTree ORDER BY x", []),
        ("ALTER TABLE a ADD COLUMN IF NOT EXISTS b UInt8", []),
        ("ALTER TABLE a DROP COLUMN IF EXISTS b", [("a", True), ("a", False)]),
        ("ALTER TABLE a DELETE WHERE 1", [("a", True), ("a", False)]),
        ("ALTER TABLE a UPDATE b = 1 WHERE 1", [("a", False)]),
        ("ALTER TABLE a MODIFY COLUMN b String", [("a", False)]),
        # Only parts that are written from then on follow a setting.
        ("ALTER TABLE a MODIFY SETTING b = 1", []),
        ("ALTER TABLE a RESET SETTING b", []),
        ("INSERT INTO b (x)\nSELECT x\nFROM a FINAL", [("a", False)]),
        ("TRUNCATE TABLE IF EXISTS a", [("a", True)]),
    ],
)
def test_what_a_statement_harms(statement: str, found: list[tuple[str, bool]]) -> None:
    assert harms(statement) == found


def test_taking_back_a_table_is_always_a_loss() -> None:
    dropped = [harm for held in known() for text in held.backward for harm in harms(text)]
    tables = {name for text in EVERY for name in re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", text)}
    assert {name for name, lost in dropped if lost} >= tables


def grants(of: str, cluster: str = "") -> list[str]:
    lines = roles("rollcall", cluster).splitlines()
    return [line for line in lines if re.search(rf"(?:TO|FROM) rollcall_{of};$", line)]


def test_each_role_may_do_its_own_and_no_more() -> None:
    made = re.findall(r"CREATE ROLE IF NOT EXISTS rollcall_(\w+)", roles("rollcall"))
    assert made == ["migrator", "writer", "application", "analyst", "audit_writer"]
    assert grants("analyst") == ["GRANT SELECT ON rollcall.reporting_* TO rollcall_analyst;"]
    assert grants("audit_writer") == ["GRANT INSERT ON rollcall.audit_events TO rollcall_audit_writer;"]
    assert grants("application") == [
        "GRANT SELECT ON rollcall.* TO rollcall_application;",
        "REVOKE ALL ON rollcall.audit_events FROM rollcall_application;",
    ]
    for word in ("CREATE TABLE,", "CREATE VIEW", "DROP", "ALTER", "TRUNCATE"):
        assert word in "".join(grants("migrator"))
        assert word not in "".join(line for of in made[1:] for line in grants(of))
    assert "PASSWORD" not in roles("rollcall").upper() and "CREATE USER" not in roles("rollcall")


def test_roles_of_a_cluster_are_made_on_all_nodes() -> None:
    lines = roles("rollcall", "c").splitlines()
    assert all(" ON CLUSTER 'c'" in line for line in lines)
    assert "GRANT ON CLUSTER 'c' CLUSTER ON *.* TO rollcall_migrator;" in lines
