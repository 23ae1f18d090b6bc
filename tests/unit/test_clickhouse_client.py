"""What a client of the store is opened with, and how a store that cannot be used is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from infra.clickhouse.client import client_options, why_unavailable
from infra.settings import Settings, load

PASSWORD = "CANARY-PASSWORD"


def server(url: str = "https://analytics.example:8443") -> Settings:
    return load(clickhouse=url, clickhouse_user="writer", clickhouse_password=PASSWORD)


def test_the_embedded_store_is_chdb_in_its_folder(tmp_path: Path) -> None:
    options = client_options(load(home=tmp_path))
    assert (options["interface"], options["path"]) == ("chdb", str(tmp_path / "chdb"))
    assert "password" not in options


@pytest.mark.parametrize(
    ("url", "interface", "host", "port"),
    [
        ("https://analytics.example:8443", "https", "analytics.example", 8443),
        ("http://[::1]:8123", "http", "::1", 8123),
    ],
)
def test_a_server_is_spoken_to_as_its_address_says(url: str, interface: str, host: str, port: int) -> None:
    options = client_options(server(url))
    assert (options["interface"], options["host"], options["port"]) == (interface, host, port)
    assert (options["username"], options["password"]) == ("writer", PASSWORD)
    assert options["autogenerate_session_id"] is True  # temporary tables live in a session


def test_no_database_is_named_because_it_may_not_be_there_yet(tmp_path: Path) -> None:
    assert "database" not in client_options(server())
    assert "database" not in client_options(load(home=tmp_path))


def test_both_stores_get_the_same_settings(tmp_path: Path) -> None:
    assert client_options(server())["settings"] == client_options(load(home=tmp_path))["settings"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OperationalError("CANARY"), "does not answer; see that it runs"),
        (DatabaseError("CANARY", code=516), "refuses the user writer; correct ROLLCALL_CLICKHOUSE_USER"),
        (DatabaseError("CANARY", code=241), "answers with its error 241"),
    ],
)
def test_a_server_that_fails_is_told_without_its_text_and_the_password(error: Exception, told: str) -> None:
    message = why_unavailable(server(), error)
    assert told in message and "https://analytics.example:8443" in message
    assert "CANARY" not in message


def test_a_folder_that_fails_is_told_without_the_error(tmp_path: Path) -> None:
    message = why_unavailable(load(home=tmp_path), DatabaseError("CANARY", code=243))
    assert f"{tmp_path / 'chdb'} cannot be used (ClickHouse's error 243)" in message
    assert "CANARY" not in message
