"""Which files a call reads, and what it is told of them."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.files.source import PathUnusable
from infra.intake.events import Notice, Record
from infra.intake.read import UnknownFormat, plan, read_paths
from infra.intake.tally import Tally
from models.columns import Kind

ATTENDANCE = (
    "district_id,school_id,student_id,date,code,recorded_at\n1,2,S,2021-09-01,A,2021-09-01T08:00:00Z\n"
)
SCHOOL = "district_id,school_id,recorded_at,x\n3,4,2021-09-01T08:00:00Z,y\n3,,2021-09-01T08:00:00Z\n"
CODE = '{"district_id":"1","code":"A","status":"in_attendance","recorded_at":"2021-09-01T08:00:00Z"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "in"
    (home / "b" / "c").mkdir(parents=True)
    (home / ".git").mkdir()
    (home / ".git" / "z.csv").write_text(ATTENDANCE)
    (home / ".hidden.csv").write_text(ATTENDANCE)
    (home / "z.CSV").write_text(ATTENDANCE)
    (home / "b" / "c" / "codes.ndjson").write_text(CODE)
    (home / "b" / "a.csv").write_text(SCHOOL)
    (home / "README.md").write_text("hello")
    return home


def names(paths: tuple[Path, ...]) -> list[str]:
    return [path.name for path in paths]


def test_folders_are_walked_and_hidden_files_passed_over(folder: Path) -> None:
    found = plan([folder])
    assert names(found.files) == ["z.CSV", "a.csv", "codes.ndjson"]
    assert found.size == len(ATTENDANCE) + len(SCHOOL) + len(CODE)
    assert found.notices == (Notice("in", "not of this format by their names, and not read: README.md"),)


def test_files_and_folders_in_any_mix_are_read_once(folder: Path) -> None:
    (folder / "link.csv").symlink_to(folder / "z.CSV")
    found = plan([folder / "b" / "a.csv", folder, folder / "b"])
    assert names(found.files) == ["a.csv", "link.csv", "codes.ndjson"]


def test_a_named_file_is_read_whatever_its_name(folder: Path) -> None:
    (folder / "codes.txt").write_text(" \n" + CODE)
    kinds = [event.kind for event in read_paths([folder / "codes.txt"]) if isinstance(event, Record)]
    assert kinds == [Kind.CODE]


def test_codes_are_given_before_attendance_whatever_the_order(folder: Path) -> None:
    kinds = [event.kind for event in read_paths([folder]) if isinstance(event, Record)]
    assert kinds == [Kind.CODE, Kind.SCHOOL, Kind.ATTENDANCE]


def test_the_tally_counts_what_passes_and_all_bytes_are_told(folder: Path) -> None:
    tally, told = Tally(), [0]
    found = plan([folder])
    events = list(found.events(tally=tally, on_bytes=lambda count: told.__setitem__(0, told[0] + count)))
    assert len(events) == 6
    assert (tally.records, tally.rows, tally.kinds[Kind.ATTENDANCE]) == (3, 4, 1)
    assert tally.refused == {"missing_value": 1}
    assert tally.districts == {"1", "3"}
    assert tally.schools == {("1", "2"), ("3", "4")}
    assert [notice.file for notice in tally.notices] == ["in", "a.csv"]
    assert told == [found.size]


@pytest.mark.parametrize("path", ["nowhere.csv", "nowhere/"])
def test_a_path_that_does_not_exist_is_said_at_once(folder: Path, path: str) -> None:
    with pytest.raises(PathUnusable, match="nowhere"):
        read_paths([folder, folder / path])


def test_a_folder_with_nothing_usable_is_said_at_once(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(PathUnusable, match="empty holds no file that the format canonical reads"):
        read_paths([folder / "empty"])
    with pytest.raises(PathUnusable, match="the format edfi reads"):
        read_paths([folder], "edfi")


def test_an_unknown_format_is_said_with_those_that_are_known(folder: Path) -> None:
    with pytest.raises(UnknownFormat, match="canonical, edfi"):
        read_paths([folder], "skyward")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder with a file and a folder that may not be read; root, who may, is somebody else meanwhile."""
    mine = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        (home / "within").mkdir()
        (home / "within" / "a.csv").write_text(ATTENDANCE)
        (home / "b.csv").write_text(ATTENDANCE)
        for path in (home / "within", home / "b.csv"):
            path.chmod(0)
        if mine == 0:
            os.seteuid(65534)
        try:
            yield home
        finally:
            os.seteuid(mine)
            (home / "within").chmod(0o755)


@pytest.mark.parametrize("name", ["b.csv", "within", "within/a.csv"])
def test_what_may_not_be_read_is_said(closed: Path, name: str) -> None:
    with pytest.raises(PathUnusable, match="Permission denied"):
        list(read_paths([closed / name]))


def test_a_pipe_is_read_too(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(ATTENDANCE,))
    writer.start()
    assert [event.kind for event in read_paths([pipe]) if isinstance(event, Record)] == [Kind.ATTENDANCE]
    writer.join()


def test_a_file_that_changes_while_it_is_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    row = ATTENDANCE.splitlines(keepends=True)[1]
    path.write_text(ATTENDANCE + row * 60_000)
    events = read_paths([path])
    next(events)
    with path.open("r+b") as file:
        file.seek(-100, os.SEEK_END)
        file.write(b"\xff" * 100)
    with pytest.raises(PathUnusable, match="changed while it was read"):
        list(events)
