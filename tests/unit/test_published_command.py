"""`rollcall published`: what goes into the log, and what is said of files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.cli.app import app
from infra.event_logs import event_log
from infra.settings import load
from infra.snapshot import read_all
from models.published import Published
from streams import published_message
from streams.topics import PUBLISHED

HEAD = (
    '"Chronic Absenteeism, {year}"\r\n"All Districts, Grade"\r\n\r\n"",,,"Chronically Absent",\r\n'
    '"District","District Code","Grade","Student Count","%"\r\n'
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    return tmp_path


def export(home: Path, year: str, *rows: str) -> str:
    path = home / f"{year}.csv"
    path.write_text(HEAD.format(year=year) + "".join(f"{row}\r\n" for row in rows))
    return str(path)


def row(number: int, grade: str = "Grade 1") -> str:
    return f'"Town {number}","=""{number:07d}""","{grade}",7,7.7'


def published(*words: str) -> Result:
    return CliRunner().invoke(app, ["published", *words])


def in_the_log() -> list[published_message.PublishedRows]:
    with event_log(load()) as log:
        return [published_message.unpack(held.value or b"") for held in read_all(log, PUBLISHED.name, 0, 0)]


def test_rows_go_into_the_log_in_messages_of_five_hundred(home: Path) -> None:
    files = (export(home, "2018-19", *map(row, range(1, 602))), export(home, "2019-20", row(1), row(2)))
    done = published(*files)
    assert (done.exit_code, done.stdout) == (0, "2018-19 district: 601 rows\n2019-20 district: 2 rows\n")
    held = in_the_log()
    assert [len(message.rows) for message in held] == [500, 101, 2]
    assert held[2].rows[1] == Published(2019, "district", "0000002", "Town 2", "", "", "grade", "1", 7, 770)
    assert len({message.at for message in held}) == 1 and held[0].at > 1_600_000_000_000


def test_a_dry_run_publishes_nothing(home: Path) -> None:
    done = published(export(home, "2018-19", row(1)), "--dry-run")
    assert (done.exit_code, done.stdout) == (0, "2018-19 district: 1 rows\n")
    assert in_the_log() == []


def test_a_bad_row_is_left_out_and_told_with_its_line(home: Path) -> None:
    done = published(export(home, "2018-19", row(1), row(2, "Grade 0"), row(3)))
    assert done.exit_code == 3
    assert "line 7: Grade takes one of" in done.stderr and "1 rows were left out" in done.stderr
    assert [len(message.rows) for message in in_the_log()] == [2]


def test_a_file_that_is_no_export_ends_the_call_with_nothing_read_in(home: Path) -> None:
    (home / "other.csv").write_text("a,b\n1,2\n")
    (home / "latin.csv").write_bytes(b'"Chronic Absenteeism, 2018-19"\n"Caf\xe9"\n')
    for name, says in (("other.csv", "line 1"), ("latin.csv", "UTF-8"), ("none.csv", "cannot be read")):
        done = published(export(home, "2018-19", row(1)), str(home / name))
        assert done.exit_code == 2 and says in done.stderr and "Traceback" not in done.stderr
    assert in_the_log() == []
