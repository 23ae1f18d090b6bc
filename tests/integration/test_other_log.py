"""A store that belongs to another event log is not written to."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.command import Rollcall
from tests.support.town import DAYS, attendance, write_town


def test_a_new_log_under_an_old_store_is_told_and_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    rollcall = Rollcall(home)
    folder = write_town(tmp_path / "town")
    (folder / "marks.csv").write_text(attendance(f"mia,{DAYS[0]},U"))
    rollcall.run("ingest", folder)
    rollcall.catch_up()
    rollcall.catch_up()

    for file in home.glob("log.sqlite3*"):
        file.unlink()
    rollcall.run("ingest", folder / "codes.csv")
    told = rollcall.run("run", "--until-caught-up", status=1)
    assert "the analytics store holds facts of another event log" in told.stderr

    # Moved away, it fills again.
    shutil.rmtree(home / "chdb")
    rollcall.run("ingest", folder)
    rollcall.catch_up()
