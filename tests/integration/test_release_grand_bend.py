"""A district of 227 students is told its own count, by paper and release alike (ADR 32)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from infra.clickhouse.store import open_store
from infra.settings import load
from infra.trends.released import cells
from models.trends.answers import BANDS
from tests.support.command import Rollcall

GRAND_BEND = Path(__file__).parents[3] / "shared/data/edfi_grand_bend"


@pytest.mark.skipif(not GRAND_BEND.is_dir(), reason="the public sample data is not beside the repository")
def test_grand_bend_is_told_its_own_count_by_paper_and_release_alike(tmp_path: Path) -> None:
    """227 students at three schools, 42 of them chronically absent and nobody severely."""
    rollcall = Rollcall(tmp_path)
    rollcall.run("ingest", GRAND_BEND, "--format", "edfi")
    rollcall.catch_up()
    as_of = ("--as-of", "2011-05-27")
    rollcall.run("release", "--district", "edfi", *as_of)
    with open_store(load(home=rollcall.home)) as store:
        held = {
            (cell.school_id, cell.grade, cell.dimension, cell.measure): cell.shown
            for cell in cells(store.client, "edfi", date(2011, 5, 27), "bands")
        }
    assert held["", "", "all", "chronic"] == "42"
    rollcall.run("report", "datt", *as_of, "--out", tmp_path / "datt.xlsx")
    book = openpyxl.load_workbook(tmp_path / "datt.xlsx")
    measures = ("enrolled", *BANDS, "chronic")
    printed = {
        (str(row[0]), "", "all"): row[2:8] for row in book["Schools"].iter_rows(min_row=5, values_only=True)
    }
    for row in book["Grades"].iter_rows(min_row=5, values_only=True):
        grade = str(row[0]).removeprefix("Grade").strip()
        printed["", "K" if grade == "Kindergarten" else grade, "all"] = row[1:7]
    (row,) = book["Gender"].iter_rows(min_row=5, values_only=True)
    printed["", "", "gender"] = row[1:7]
    assert len(printed) == 3 + 12 + 1
    for place, numbers in printed.items():
        assert [str(number) for number in numbers] == [held[*place, name] for name in measures], place
    assert all(numbers[-1] != "*" for (_, grade, _), numbers in printed.items() if not grade)
