"""Dates, times and headers as the tables of other systems write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.connectors.table_values import (
    day_before,
    day_of,
    export_time,
    is_local,
    tie_of_exit,
    time_of,
    yes_or_no,
)
from infra.files.rows import FileRefused
from infra.files.source import opened
from infra.files.tables import Layout, Table, table_of
from models.instant import instant_of, read_date, read_time

DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DATES, st.sampled_from(["", " 00:00", " 00:00:00", "T00:00:00.000", "T00:00:00Z"]))
def test_a_date_is_read_in_both_ways_with_or_without_midnight(day: date, midnight: str) -> None:
    iso = day.isoformat()
    assert day_of(iso + midnight) == iso
    assert day_of(f"{day.month}/{day.day}/{day.year}{midnight}") == iso
    assert day_of(f"{day.month:02}/{day.day:02}/{day.year}{midnight}") == iso


@pytest.mark.parametrize(
    "text",
    ["", "9/1/21", "31/12/2021", "2021-9-1", "2021-02-30", "2/30/2021", "2021-09-01 08:00:00", "01-SEP-21"],
)
def test_what_is_no_date_stays_as_it_is(text: str) -> None:
    assert day_of(text) == text and (not text or read_date(day_of(text)) is None)


@given(st.integers(0, 4_102_444_800_000))
def test_milliseconds_are_the_very_instant(milliseconds: int) -> None:
    text = f"{milliseconds:013}"
    epoch = instant_of("1970-01-01T00:00:00Z")
    assert (instant_of(time_of(text)) - epoch) * 1000 == milliseconds
    assert not is_local(text)


@given(
    st.datetimes(datetime(2000, 7, 1), datetime(2100, 1, 1)), st.timedeltas(timedelta(0), timedelta(days=400))
)
def test_local_times_keep_their_order_all_year(one: datetime, later: timedelta) -> None:
    first, second = (each.isoformat(" ", timespec="microseconds") for each in (one, one + later))
    assert is_local(first) and read_time(time_of(first)) is not None
    assert instant_of(time_of(first)) <= instant_of(time_of(second))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2021-09-01T08:00:00.000Z", "2021-09-01T08:00:00.000Z"),
        ("2021-09-01 08:00", "2021-09-01T08:00:00-05:00"),
        ("2021-09-01 25:00", "2021-09-01 25:00"),
        ("2021-02-30 08:00", "2021-02-30 08:00"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_a_time_without_an_offset_is_eastern_standard_time(text: str, time: str) -> None:
    assert time_of(text) == time


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("attendance_2021-10-05.csv", "2021-10-05T00:00:00-05:00"),
        ("20211005T1830.txt", "2021-10-05T18:30:00-05:00"),
        ("20211005183059.txt", "2021-10-05T18:30:00-05:00"),
        ("from_2021-09-01_to_2021-10-05 07-30.csv", "2021-10-05T07:30:00-05:00"),
        ("attendance_2021-2022.csv", ""),
        ("attendance_2021-13-05.csv", ""),
        ("attendance_2021-10-05T2561.csv", ""),
        ("attendance.csv", ""),
        ("id_120211005.csv", ""),
    ],
)
def test_the_date_of_an_export_is_read_from_its_name(name: str, time: str) -> None:
    assert export_time(name) == time


def test_of_two_ends_the_earlier_one_holds() -> None:
    assert tie_of_exit("") < tie_of_exit("2022-06-14") < tie_of_exit("2021-10-01")


def test_small_ones() -> None:
    assert day_before("2021-03-01") == "2021-02-28" and day_before("0001-01-01") == "0001-01-01"
    assert [yes_or_no(text) for text in ("1", "N", "TRUE", "no", "", "2")] == [
        True,
        False,
        True,
        False,
        None,
        None,
    ]


LAYOUT = Layout("Attendance", ("Att_Date", "SchoolID"), ("Track",))


def told(folder: Path, name: str, content: bytes) -> Table:
    (folder / name).write_bytes(content)
    with opened(folder / name) as source:
        return table_of(source, folder / name, (LAYOUT,), escapes=True)


@pytest.mark.parametrize(
    "header",
    [b"Att_Date,SchoolID", b"ATT_DATE,schoolid", b"'Att_Date','SchoolID'", b"Attendance.Att_Date,[1]SchoolID",
     b'\xef\xbb\xbf"Att_Date","SchoolID"', b"\n\nAtt_Date,SchoolID"],
)  # fmt: skip
def test_a_column_is_told_in_whatever_way_it_is_written(tmp_path: Path, header: bytes) -> None:
    table = told(tmp_path, "x.csv", header + b',Other\r\n9/1/2021,"1",z\r\n')
    assert [row.given for _, row in table.rows()] == [{"Att_Date": "9/1/2021", "SchoolID": "1"}]
    assert table.ignored == "columns of Attendance that are not read: Other"


@pytest.mark.parametrize(
    ("name", "content", "reason", "field"),
    [
        ("x.csv", b"", "not_csv", ""),
        ("x.csv", b"\xff", "not_utf8", ""),
        ("x.csv", b"a,b\n", "unknown_kind", ""),
        ("my_attendance_2021.csv", b"Att_Date\n", "missing_column", "SchoolID"),
        ("x.csv", b"Att_Date,SchoolID,att_date\n", "not_csv", ""),
        ("x.csv", b'Att_Date,"SchoolID\n', "not_csv", ""),
    ],
)
def test_a_file_that_holds_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes, reason: str, field: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        told(tmp_path, name, content)
    assert (refused.value.fault.reason, refused.value.fault.field) == (reason, field)


def test_backslashes_escape_only_where_the_quotes_ask_for_it(tmp_path: Path) -> None:
    plain = told(tmp_path, "a.csv", b'Att_Date,SchoolID,Track\n2021-09-01,1,"C:\\"\n2021-09-02,1,x\n')
    assert plain.escape is None and [row.given["Track"] for _, row in plain.rows()] == ["C:\\", "x"]
    mysql = told(
        tmp_path, "b.csv", b'Att_Date,SchoolID,Track\n2021-09-01,1,"a \\"b\\", c"\n2021-09-02,1,\\N\n'
    )
    assert mysql.escape == "\\"
    assert [row.given.get("Track") for _, row in mysql.rows()] == ['a "b", c', None]
