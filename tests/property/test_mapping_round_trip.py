"""Canonical records written in a foreign layout, long or wide, and read through its mapping, are the same."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.intake.events import Notice, Record
from infra.intake.read import plan
from infra.mapping.columns import fields_of
from infra.mapping.load import parse_mapping
from models.columns import Form, Kind
from models.instant import read_time
from models.quick_check import first_fault

Given = dict[str, str]
ZONE = ZoneInfo("America/New_York")
EXPORTED = "2024-10-01T06:00:00-04:00"

IDS = st.text("ABCxyz0123456789-", min_size=1, max_size=6)
DAYS = st.dates(date(2023, 9, 1), date(2024, 6, 14)).map(date.isoformat)
TIMES = st.datetimes(datetime(2023, 9, 1), datetime(2024, 9, 30)).map(
    lambda moment: moment.replace(microsecond=0)
)
TEXTS = st.text("abc \u00e9,;\"'\n", min_size=1, max_size=8).map(lambda text: text.strip(" \n")).filter(bool)
DATE_FORMATS = ("iso", "%m/%d/%Y", "%d.%m.%y", "%Y%m%d", "%m/%d/%y 00:00", "%b %d, %Y")
TIME_FORMATS = ("iso", "%m/%d/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z")


def _zoned(moment: datetime) -> str | None:
    """A local time as a record has it; None of an hour that a clock shows twice or never."""
    there = moment.replace(tzinfo=ZONE)
    other = there.replace(fold=1)
    return there.isoformat() if there.utcoffset() == other.utcoffset() else None


_VALUES: dict[Form, st.SearchStrategy[str]] = {
    Form.ID: IDS,
    Form.TIME: TIMES.map(_zoned).filter(lambda text: text is not None).map(str),
    Form.DATE: DAYS,
    Form.SCHOOL_DATE: DAYS,
    Form.FRACTION: st.integers(0, 20).map(lambda n: f"{n // 20}.{n % 20 * 5:02d}".rstrip("0").rstrip(".")),
    Form.COUNT: st.integers(0, 400).map(str),
    Form.YES_NO: st.sampled_from(("yes", "no")),
    Form.GRADE: st.sampled_from(("PK", "K", "1", "12")),
    Form.SCHOOL_YEAR: st.sampled_from(("2022-23", "2023-24")),
    Form.TEXT: TEXTS,
}


@st.composite
def records_of(draw: st.DrawFn, kind: Kind) -> list[Given]:
    """Valid records of a kind."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        record: Given = {}
        for name, column in fields_of(kind).items():
            if column.required or draw(st.booleans()):
                values = st.sampled_from(column.choices) if column.choices else _VALUES[column.form]
                record[name] = draw(values)
        if first_fault(kind, record) is None:
            found.append(record)
    return found


@dataclass
class Written:
    """A field in a foreign layout: how a value is written, and what the mapping says of it."""

    write: Callable[[str], str]
    spec: dict[str, object]


def _date(value: str, form: str) -> str:
    return value if form == "iso" else date.fromisoformat(value).strftime(form)


def _time(value: str, form: str) -> str:
    return value if form == "iso" else datetime.fromisoformat(value).strftime(form)


@st.composite
def field_of(draw: st.DrawFn, name: str, form: Form, values: list[str]) -> Written:
    """A way to write one field, such that each of its values can be read back."""
    if len(set(values)) == 1 and values[0] and "\n" not in values[0] and draw(st.booleans()):
        return Written(lambda _: "", {"constant": values[0]})
    head = draw(st.sampled_from((name, f"The {name.upper()}", f"x_{name}, \u00e9")))
    if form in (Form.DATE, Form.SCHOOL_DATE):
        format = draw(st.sampled_from(DATE_FORMATS))
        return Written(lambda value: _date(value, format), {"column": head, "format": format})
    if form is Form.TIME:
        format = draw(st.sampled_from(TIME_FORMATS))
        return Written(lambda value: _time(value, format), {"column": head, "format": format})
    if form is Form.FRACTION and draw(st.booleans()):
        present, of = draw(st.booleans()), draw(st.sampled_from((20, 400)))

        def minutes(value: str) -> str:
            missed = round(float(value) * of)
            return str(of - missed if present else missed)

        return Written(minutes, {"column": head, "of": of, "present": present})
    if draw(st.booleans()) and all("\n" not in value for value in values):
        listed = {value: f"~{number}" for number, value in enumerate(sorted(set(values) - {""}))}
        back = {word: value for value, word in listed.items()}
        if back:
            return Written(lambda value: listed[value], {"column": head, "values": back})
    if form is Form.YES_NO:
        return Written(lambda value: {"yes": "Y", "no": "N"}[value], {"column": head})
    return Written(str, {"column": head})


def toml(value: object) -> str:
    """A value in TOML; every text here is also one in JSON."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(held)}" for key, held in value.items()) + " }"
    return json.dumps(value)


@st.composite
def foreign(draw: st.DrawFn) -> tuple[Kind, list[Given], str, bytes]:
    """Records, the mapping of a layout, and a file in that layout that holds them."""
    kind = draw(st.sampled_from(sorted(Kind)))
    records = draw(records_of(kind))
    names = [name for name in fields_of(kind) if any(name in record for record in records)]
    # What is required has to be named also where there is no record.
    names += [name for name, column in fields_of(kind).items() if column.required and name not in names]
    written = {
        name: draw(field_of(name, fields_of(kind)[name].form, [record.get(name, "") for record in records]))
        for name in names
    }
    delimiter, encoding = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(("utf-8", "cp1252", "utf-16")))
    columns = [name for name in names if "column" in written[name].spec]
    above = draw(st.integers(0, 2))
    text = io.StringIO()
    text.write('A title with "quotes\n' * above)
    writer = csv.writer(text, delimiter=delimiter, lineterminator=draw(st.sampled_from(("\n", "\r\n"))))
    order = draw(st.permutations(columns))
    writer.writerow([*[written[name].spec["column"] for name in order], "Other"])
    for record in records:
        writer.writerow(
            [*[written[name].write(record[name]) if name in record else "" for name in order], "o"]
        )
    mapping = f"""
time_zone = "America/New_York"
yes = "Y"
no = "N"
[[files]]
kind = "{kind}"
delimiter = {toml(delimiter)}
encoding = "{encoding}"
skip_lines = {above}
[files.columns]
""" + "\n".join(f"{name} = {toml(each.spec)}" for name, each in written.items())
    return kind, records, mapping, text.getvalue().encode(encoding)


def read(mapping: str, content: bytes) -> list[Record]:
    """The records of a file; nothing of it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "file.csv")
        file.write_bytes(content)
        known = parse_mapping(mapping, "m.toml")
        events = list(plan([file], "csv").events(mapping=known, exported_at=EXPORTED))
    found = [event for event in events if not isinstance(event, Notice)]
    assert all(isinstance(event, Record) for event in found), found
    return [event for event in found if isinstance(event, Record)]


def same(record: Mapping[str, str]) -> Given:
    """A record in one form: a fraction may be written in several ways, an instant in one offset."""
    told = dict(record)
    if "absent_fraction" in told:
        told["absent_fraction"] = str(float(told["absent_fraction"]))
    recorded = read_time(told["recorded_at"])
    assert recorded is not None
    return told | {"recorded_at": f"{recorded.instant} {recorded.written}"}


@settings(max_examples=150, deadline=None)
@given(foreign())
def test_a_long_layout_gives_the_same_records(held: tuple[Kind, list[Given], str, bytes]) -> None:
    kind, records, mapping, content = held
    found = read(mapping, content)
    assert [each.kind for each in found] == [kind] * len(records)
    assert [same(each.held.given) for each in found] == [same(record) for record in records]


@st.composite
def sheets(draw: st.DrawFn) -> tuple[dict[tuple[str, str, str], str], str, str]:
    """Marks by school, student and day, the mapping of a sheet, and the sheet."""
    students = draw(st.lists(st.tuples(IDS, IDS), min_size=1, max_size=5, unique=True))
    days = sorted(draw(st.sets(DAYS, min_size=1, max_size=6)))
    codes = draw(st.lists(st.sampled_from("AUET"), min_size=1, max_size=4, unique=True))
    marks = {
        (school, student, day): code
        for school, student in students
        for day in days
        if (code := draw(st.sampled_from(("", *codes))))
    }
    words = {code: draw(st.sampled_from((code, f"{code} day"))) for code in codes}
    format = draw(st.sampled_from(DATE_FORMATS))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["ID", "School", *[_date(day, format) for day in days]])
    for school, student in students:
        cells = [words.get(marks.get((school, student, day), ""), "") for day in days]
        writer.writerow([student, school, *cells])
    entries = "".join(
        f'[[codes]]\ncode = "{code}"\nwritten = "{words[code]}"\nstatus = "in_attendance"\n' for code in codes
    )
    mapping = f"""
district = "D"
codes_recorded_at = "2024-08-01T00:00:00Z"
{entries}
[[files]]
kind = "attendance"
[files.columns]
student_id = "ID"
school_id = "School"
[files.days]
date_format = "{format}"
"""
    return marks, mapping, text.getvalue()


@settings(max_examples=100, deadline=None)
@given(sheets())
def test_a_wide_sheet_gives_the_same_records(held: tuple[dict[tuple[str, str, str], str], str, str]) -> None:
    marks, mapping, content = held
    found = [each.held.given for each in read(mapping, content.encode()) if each.kind is Kind.ATTENDANCE]
    assert {(each["school_id"], each["student_id"], each["date"]): each["code"] for each in found} == marks
    assert len(found) == len(marks)
    assert {each["recorded_at"] for each in found} <= {EXPORTED}
