"""A ClickHouse server for tests: the one that ROLLCALL_TEST_CLICKHOUSE names, else one in front of chDB."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from infra.clickhouse.client import open_client
from infra.settings import Settings, load

VARIABLE = "ROLLCALL_TEST_CLICKHOUSE"


@contextmanager
def server_in(folder: Path) -> Iterator[str]:
    """The address of a server, `http://HOST:PORT`."""
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    command = [sys.executable, "-m", "tests.support.clickhouse_http", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port, "the endpoint did not start"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.communicate(timeout=20)


@contextmanager
def database_at(address: str, home: Path) -> Iterator[Settings]:
    """Settings with a database of their own at a server, taken away again at the end.

    The user is that of ROLLCALL_TEST_CLICKHOUSE_USER (by default `default`, without a password).
    """
    settings = load(
        home=home,
        clickhouse=address,
        clickhouse_user=os.environ.get(f"{VARIABLE}_USER", "default"),
        clickhouse_password=os.environ.get(f"{VARIABLE}_PASSWORD", ""),
        clickhouse_database=f"test_{uuid4().hex[:12]}",
    )
    try:
        yield settings
    finally:
        client = open_client(settings)
        client.command(f"DROP DATABASE IF EXISTS {settings.clickhouse_database} SYNC")
        client.close()
