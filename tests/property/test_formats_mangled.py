"""Files of other systems, mangled: nothing but PathUnusable is raised, and no neighbour is lost."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.files.source import PathUnusable
from infra.intake.events import Event, Record
from infra.intake.read import plan
from models.columns import Kind
from models.refusal import Reason
from models.validate import fault_of
from streams.refused import Refused
from tests.support.sis_files import ATTENDANCE, FORMATS, Files, write

MARKS = st.sampled_from(
    [b'"', b"\\", b"\n", b"\r", b"\0", b"{", b"}", b"[", b"]", b",", b"\t", b"\xff", b"'", b"<"]
)
PIECES = st.one_of(MARKS, st.binary(max_size=12))
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["NULL", "\\N", "-1", "1e5", "2021-13-01", "13/13/2021", "2021-09-01", "9" * 80, "x" * 70_000]
    ),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXTS,
    st.just([]),
    st.just({"a": [1]}),
    st.just([[1]]),
)


def read(name: str, files: Files) -> list[Event]:
    """The events of a call; nothing where the path cannot be used. Every record is valid."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            events = list(plan([write(Path(folder) / "in", files)], name).events(district="D"))
        except PathUnusable:
            return []
    for event in events:
        if isinstance(event, Record):
            assert fault_of(event.kind, event.held.given) is None
        elif isinstance(event, Refused):
            assert event.reason in set(Reason) and event.message
            kind = Kind(event.kind) if event.kind else None
            assert not event.given or (kind is not None and fault_of(kind, event.given) is not None)
    return events


def attended(events: list[Event]) -> set[tuple[str, int]]:
    """Where the attendance records stand."""
    return {
        (event.held.file, event.held.line)
        for event in events
        if isinstance(event, Record) and event.kind is Kind.ATTENDANCE
    }


def told(events: list[Event]) -> list[Event]:
    """What a person is told: refusals and notices."""
    return [event for event in events if not isinstance(event, Record)]


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_any_bytes_in_any_place_are_refused_or_read(name: str, data: st.DataObject) -> None:
    files = FORMATS[name]()
    file = data.draw(st.sampled_from(sorted(files)))
    content = files[file]
    for _ in range(data.draw(st.integers(1, 3))):
        begin = data.draw(st.integers(0, len(content)))
        end = min(len(content), begin + data.draw(st.integers(0, 30)))
        content = content[:begin] + data.draw(PIECES) + content[end:]
    events = read(name, {**files, file: content})
    if file != ATTENDANCE[name]:  # the attendance may need something of the others: then that is told
        before = read(name, files)
        assert attended(events) >= attended(before) or told(events) != told(before)


@pytest.mark.parametrize("name", FORMATS)
@given(content=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)), data=st.data())
def test_any_file_beside_the_others_leaves_them_alone(name: str, content: bytes, data: st.DataObject) -> None:
    files = FORMATS[name]()
    ending = Path(ATTENDANCE[name]).suffix
    expected = attended(read(name, files))
    assert expected and attended(read(name, {**files, f"zz{ending}": content})) >= expected


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_a_row_with_any_value_in_it_costs_no_neighbour(name: str, data: st.DataObject) -> None:
    files = FORMATS[name]()
    file = ATTENDANCE[name]
    expected = attended(read(name, files))
    changed, line = data.draw(in_json(files[file]) if file.endswith(".json") else in_csv(files[file]))
    found = attended(read(name, {**files, file: changed}))
    assert found | {(file, line)} >= expected


@st.composite
def in_json(draw: st.DrawFn, content: bytes) -> tuple[bytes, int]:
    """A list with one value of one object changed, and the object's line."""
    objects = json.loads(content)
    at = draw(st.integers(0, len(objects) - 1))
    here: Any = objects[at]
    name = draw(st.sampled_from(sorted(here)))
    if isinstance(here[name], dict) and draw(st.booleans()):
        here = here[name]
        name = draw(st.sampled_from(sorted(here)))
    here[name] = draw(VALUES)
    return ("[\n" + ",\n".join(json.dumps(each) for each in objects) + "\n]").encode(), at + 2


@st.composite
def in_csv(draw: st.DrawFn, content: bytes) -> tuple[bytes, int]:
    """A table with one cell of one row changed, and the row's line."""
    text = content.decode("utf-8-sig")
    delimiter = "\t" if "\t" in text else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, escapechar="\\"))
    at = draw(st.integers(1, len(rows) - 1))
    column = draw(st.integers(0, len(rows[at]) - 1))
    value = draw(TEXTS.map(lambda each: each.replace("\n", "/").replace("\r", "/").replace("\0", "/")))
    rows[at][column] = value.encode(errors="replace").decode()
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(), at + 1
