"""A file that cannot be used is said to be so, with its name and what to do, and never with its content."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.sqlite_log import connection as connection_module
from infra.sqlite_log.log import SqliteLog
from infra.sqlite_log.stored import Entry
from streams.event_log import LogUnavailable

ROOT = Path(__file__).parents[2]
SECRET = b"a student's name"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of about 2 MB that nobody has open."""
    path = tmp_path / "log.sqlite3"
    log = SqliteLog(path)
    log.create("events", 1)
    for _ in range(20):
        log.append_entries([Entry("events", 0, 0, b"key", SECRET * 300, (("kind", SECRET),))] * 20)
    log.close()
    assert not path.with_name("log.sqlite3-wal").exists()
    return path


def read_all(path: Path) -> int:
    log = SqliteLog(path)
    try:
        offset = 0
        while messages := log.read("events", 0, offset):
            offset = messages[-1].offset + 1
        return offset
    finally:
        log.close()


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def refusal(path: Path) -> str:
    with pytest.raises(LogUnavailable) as raised:
        read_all(path)
    said = str(raised.value)
    assert str(path) in said
    assert SECRET.decode() not in said
    return said


def test_the_file_as_it_is_can_be_read(path: Path) -> None:
    assert read_all(path) == 400


def test_an_overwritten_beginning(path: Path) -> None:
    overwrite(path, 0, b"\x00" * 100)
    assert "put a backup of them in their place" in refusal(path)


@pytest.mark.parametrize("content", [b"\x00" * 40_960, bytes(range(256)) * 160], ids=["zeros", "noise"])
def test_overwritten_pages_in_the_middle(path: Path, content: bytes) -> None:
    overwrite(path, path.stat().st_size // 2 // 4096 * 4096, content)
    said = refusal(path)
    assert "is damaged" in said
    assert "put a backup of them in their place" in said


def test_one_changed_byte_of_a_value(path: Path) -> None:
    """SQLite does not notice that; the checksum of the message does."""
    content = path.read_bytes()
    at = content.index(SECRET, len(content) // 2)
    overwrite(path, at + 3, b"X")
    assert "is damaged" in refusal(path)


def test_a_truncated_file(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)
    assert "is damaged" in refusal(path)


def test_an_append_to_a_damaged_file_says_so_too(path: Path) -> None:
    log = SqliteLog(path)
    overwrite(path, 4096, b"\x00" * (path.stat().st_size - 4096))
    with pytest.raises(LogUnavailable, match="is damaged"):
        log.append_entries([Entry("events", 0, 0, b"key", SECRET)])
    log.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite3"
    path.write_bytes(b"district_id,school_id\n" * 500)
    before = path.read_bytes()
    assert "is no event log" in refusal(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs(x)")
    other.close()
    before = path.read_bytes()
    assert "database of something else" in refusal(path)
    assert path.read_bytes() == before


def test_a_layout_of_a_newer_version(path: Path) -> None:
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version=2")
    newer.close()
    assert "has layout 2, and this version reads layout 1" in refusal(path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "see that its folder is there" in refusal(tmp_path / "nowhere" / "log.sqlite3")


# Started as it is, it gives up root's rights itself: whoever has them may write anywhere.
AS_NOBODY = """
import os, sys
from pathlib import Path
from infra.sqlite_log.log import SqliteLog
from streams.event_log import LogUnavailable
if os.geteuid() == 0:
    os.setuid(65534)
try:
    SqliteLog(Path(sys.argv[1]))
except LogUnavailable as error:
    print(error)
"""


@pytest.mark.parametrize("there", [False, True], ids=["no file yet", "a file"])
def test_a_folder_that_may_not_be_written(there: bool) -> None:
    # Not pytest's own folder, which only its owner may enter.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.sqlite3"
        if there:
            SqliteLog(path).close()
            path.chmod(0o444)
        os.chmod(folder, 0o555)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, path], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        os.chmod(folder, 0o755)
    assert done.stderr == ""
    assert "this user may write to the folder and to the file" in done.stdout
    assert str(path) in done.stdout


def test_a_file_that_another_process_keeps_locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "BUSY_SECONDS", 0.05)
    log = SqliteLog(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LogUnavailable, match="locked by another process; end the process that holds it"):
        log.append_entries([Entry("events", 0, 0, b"key", b"value")])
    other.execute("ROLLBACK")
    other.close()
    assert log.append_entries([Entry("events", 0, 0, b"key", b"value")]) == [400]
    log.close()


def test_a_full_disk_takes_nothing_and_leaves_no_gap(path: Path) -> None:
    log = SqliteLog(path)
    pages = "PRAGMA max_page_count"
    # SQLite's own limit ends as a full disk does; a small disk would take root's rights to make.
    execute: Callable[[str], sqlite3.Cursor] = log._connection.execute
    execute(f"{pages}={execute('PRAGMA page_count').fetchone()[0] + 5}")
    with pytest.raises(LogUnavailable, match="is full; make room there"):
        log.append_entries([Entry("events", 0, 0, b"key", b"x" * 1_000_000)])
    assert log.end("events", 0) == 400
    execute(f"{pages}=1000000")
    assert log.append_entries([Entry("events", 0, 0, b"key", b"value")]) == [400]
    log.close()
