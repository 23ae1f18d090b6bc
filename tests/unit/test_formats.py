"""What every format of another system keeps to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from infra.connectors import CONNECTORS
from infra.files.source import PathUnusable
from infra.intake.events import Event, Notice, Record
from infra.intake.read import plan
from models.columns import Kind
from models.instant import read_time
from tests.support.sis_files import FORMATS, write


def records(events: list[Event]) -> Counter[tuple[Kind, tuple[tuple[str, str], ...]]]:
    """The records, without where they stand."""
    return Counter(
        (event.kind, tuple(sorted(event.held.given.items()))) for event in events if isinstance(event, Record)
    )


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_files_in_any_order_give_the_same_records(name: str, tmp_path: Path) -> None:
    files = sorted(write(tmp_path / "in", FORMATS[name]()).iterdir())
    forward = list(plan(files, name).events(district="D"))
    assert list(plan(files, name).events(district="D")) == forward
    assert records(list(plan(files[::-1], name).events(district="D"))) == records(forward)
    assert records(list(plan([tmp_path / "in"], name).events(district="D"))) == records(forward)


@pytest.mark.parametrize("name", FORMATS)
def test_all_bytes_are_told_for_the_bar(name: str, tmp_path: Path) -> None:
    found, read = plan([write(tmp_path / "in", FORMATS[name]())], name), [0]
    list(found.events(on_bytes=lambda count: read.append(count)))
    assert sum(read) == found.size


@pytest.mark.parametrize("name", FORMATS)
def test_no_notice_names_a_student(name: str, tmp_path: Path) -> None:
    events = plan([write(tmp_path / "in", FORMATS[name]())], name).events()
    said = " ".join(event.text for event in events if isinstance(event, Notice))
    assert said
    for secret in ("Ann", "Lee", "Bo ", "0007", "0008"):
        assert secret not in said


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"edfi_json", "oneroster"}))
def test_a_code_record_of_the_district_s_own_is_always_later(name: str, tmp_path: Path) -> None:
    events = list(plan([write(tmp_path / "in", FORMATS[name]())], name).events(district="D"))
    codes = [event.held.given for event in events if isinstance(event, Record) and event.kind is Kind.CODE]
    others = [
        event.held.given for event in events if isinstance(event, Record) and event.kind is not Kind.CODE
    ]
    assert codes and not any("effective_from" in code for code in codes)
    latest = max(read_time(code["recorded_at"]) or (0, None) for code in codes)
    assert latest < min(read_time(other["recorded_at"]) or (0, None) for other in others)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_changes_while_it_is_read_ends_the_call(name: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", FORMATS[name]())
    with pytest.raises(PathUnusable, match="changed while it was read"):
        for event in plan([folder], name).events():
            if not isinstance(event, Notice):
                for file in folder.iterdir():
                    file.write_bytes(b"")


def test_every_format_is_tried_here() -> None:
    # These three have tests of their own.
    assert set(FORMATS) == set(CONNECTORS) - {"canonical", "edfi", "csv"}
