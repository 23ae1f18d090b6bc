"""The simulated district as files: the history in arrival order, and codes that are mapped late."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from infra.simulator.codes import NEVER_MAPPED, NP_EXTENDED, VHC_MAPPED
from infra.simulator.district import HISTORY_DAYS, District
from infra.simulator.school_days import INDEX
from models.columns import Kind, kind_of
from tests.reference.reference import evaluate


def files_of(district: District, folder: Path, count: int) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in district.write_files(folder, count)}


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows below the header; the simulator writes no line breaks into cells."""
    return list(csv.DictReader(content.decode().splitlines()))


def test_files_hold_the_history_and_the_bad_rows_in_their_places(tmp_path: Path) -> None:
    small = District(students=200, schools=3)
    written = files_of(small, tmp_path / "nutmeg", HISTORY_DAYS)
    assert {"codes.csv", "schools.csv", "calendar.csv", "enrollments.csv", "students.csv"} <= set(written)
    assert {"prior_years.csv", "submissions.csv", "attendance-2021-08.csv", "attendance-2022-02.csv"} <= set(
        written
    )
    read: dict[Kind, list[dict[str, str]]] = {}
    for content in written.values():
        rows = rows_of(content)
        kind = kind_of(rows[0])
        assert kind is not None
        read.setdefault(kind, []).extend({name: cell for name, cell in row.items() if cell} for row in rows)
    expected: dict[Kind, list[dict[str, str]]] = {}
    for kind, records in small.setup():
        expected.setdefault(kind, []).extend(records)
    for index in range(HISTORY_DAYS):
        for kind, records in small.day(index):
            expected.setdefault(kind, []).extend(records)
        for row in small.bad_rows(index):
            expected.setdefault(row.kind, []).append(row.given)
    assert read == expected


def test_writing_again_replaces_the_files(tmp_path: Path) -> None:
    small = District(students=200, schools=3)
    assert files_of(small, tmp_path, 20) == files_of(small, tmp_path, 20)


def test_records_are_set_aside_and_come_back_when_their_code_is_mapped(tmp_path: Path) -> None:
    district = District(students=400, schools=4)

    def aside(count: int) -> Counter[str]:
        files = files_of(district, tmp_path, count)
        result = evaluate(files)
        codes: Counter[str] = Counter()
        for refusal in result.set_aside:
            codes[rows_of(files[refusal.file])[refusal.line - 2]["code"]] += 1
        return codes

    assert aside(INDEX[date(2021, 9, 10)] + 1)["NP"] > 0
    assert aside(INDEX[NP_EXTENDED] + 1)["NP"] == 0
    assert aside(INDEX[VHC_MAPPED])["VHC"] > 0
    assert set(aside(INDEX[VHC_MAPPED] + 1)) == {NEVER_MAPPED}
