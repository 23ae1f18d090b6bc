"""A store that cannot be used says why and what to do: in use by another process, or no server there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from infra.clickhouse.client import open_client
from infra.clickhouse.store import open_store
from infra.clickhouse.unavailable import StoreUnavailable
from infra.settings import load

HOLDER = """
import sys
from infra.clickhouse.store import open_store
from infra.settings import load
with open_store(load(home=sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_so_and_can_go_on_later(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None and holder.stdout.readline() == "open\n"
        with pytest.raises(
            StoreUnavailable, match="in use by another process, and chDB lets in only one"
        ) as told:
            open_client(load(home=tmp_path))
        assert str(tmp_path / "chdb") in str(told.value) and told.value.__cause__ is None
        holder.communicate("", timeout=20)
    with open_store(load(home=tmp_path)) as store:
        assert store.client.query("SELECT count() FROM standings").result_rows == [(0,)]


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "chdb").write_text("not a folder")
    with pytest.raises(StoreUnavailable, match="see that this user may write there"):
        open_client(load(home=tmp_path))


def test_the_folder_is_for_this_user_only(tmp_path: Path) -> None:
    open_client(load(home=tmp_path)).close()
    assert (tmp_path / "chdb").stat().st_mode & 0o077 == 0


def test_rows_leave_no_file_outside_of_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's `insert` would make one in the system's temporary folder, and fail here."""
    monkeypatch.setattr("tempfile.tempdir", os.devnull)
    with open_store(load(home=tmp_path)) as store:
        assert store.recount(2024, {("D1", "S1", "0042"): 0}, ()).standings == 2


@pytest.mark.enable_socket
def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with socket.socket() as taken:
        # A port that is bound and not listened on refuses every connection.
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        settings = load(clickhouse=url, clickhouse_password="CANARY-PASSWORD")
        with pytest.raises(StoreUnavailable, match="does not answer") as told:
            open_client(settings)
    assert url in str(told.value) and "CANARY" not in str(told.value)
    assert told.value.__cause__ is None and told.value.__suppress_context__
