"""Files in, exports out, through the commands: held against the reading that was written independently."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from tests.reference.generate import random_files
from tests.reference.reference import evaluate
from tests.reference.shuffle import shuffled
from tests.support.command import Rollcall

SEEDS = (11, 12, 13)


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def places(rows: Iterable[dict[str, str]]) -> list[tuple[str, int, str, str, str]]:
    """What is compared of a refusal."""
    return sorted((row["file"], int(row["line"]), row["kind"], row["reason"], row["field"]) for row in rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_records_give_the_standings_and_alerts_of_the_contract(
    seed: int, rollcall: Rollcall, tmp_path: Path
) -> None:
    rng = Random(seed)
    files = random_files(rng)
    expected = evaluate(files)
    again = shuffled(files, rng)
    mixed = expected.refused or expected.set_aside
    rollcall.run("ingest", written(tmp_path / "files", files), status=3 if mixed else 0)
    rollcall.run("ingest", written(tmp_path / "again", again), status=None)
    rollcall.catch_up()

    dates = sorted(record.cell("date") for record in expected.live["attendance"].values())
    for as_of in {dates[len(dates) // 3], dates[-1]}:
        assert rollcall.rows("standings", "--as-of", as_of) == expected.standings(as_of)
        found = rollcall.rows("alerts", "--current", "--as-of", as_of)
        assert [without_amendments(row) for row in found] == expected.alerts(as_of)
    current = rollcall.rows("alerts", "--current")
    assert [without_amendments(row) for row in current] == expected.alerts()


def without_amendments(row: dict[str, str]) -> dict[str, str]:
    """How often an alert was amended is its history, which the records do not tell."""
    return {name: cell for name, cell in row.items() if name != "amendments"}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_refused_and_set_aside_is_listed(seed: int, rollcall: Rollcall, tmp_path: Path) -> None:
    files = random_files(Random(seed))
    expected = evaluate(files)
    rollcall.run("ingest", written(tmp_path / "files", files), status=None)
    listed = places(rollcall.rows("refused"))
    wanted = sorted(
        (each.file, each.line, each.kind, each.reason, each.field)
        for each in (*expected.refused, *expected.set_aside)
    )
    superseded = set(wanted) - set(listed)
    assert set(listed) <= set(wanted)
    # Only a record of which a greater version was accepted may be missing.
    assert all(reason not in ("unmapped_code", "not_csv", "not_utf8") for *_, reason, _ in superseded)
