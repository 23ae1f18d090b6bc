"""Rows of CSV and lines of JSON, with their numbers and their text as it came (contract 1)."""

import io

import pytest

from infra.files.rows import CsvTable, FileRefused, Row, json_lines
from models.plain_json import NotText, json_cells, json_object
from models.refusal import Reason


def rows(text: str) -> list[Row]:
    table = CsvTable(io.StringIO(text, newline=""))
    return list(table.rows(table.header))


def read(text: str) -> list[tuple[int, dict[str, str], str]]:
    return [(row.line, row.given, row.fault.reason.value if row.fault else "") for row in rows(text)]


def test_a_line_is_that_on_which_its_row_begins() -> None:
    assert read('a,b\n"1\n2",x\n\n3,y\n') == [(2, {"a": "1\n2", "b": "x"}, ""), (5, {"a": "3", "b": "y"}, "")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_ends_with_lf_cr_lf_or_cr(end: str) -> None:
    found = read(end.join(["a,b", "1,2", "", f'"x{end}y",3', "4,5"]))
    assert found == [
        (2, {"a": "1", "b": "2"}, ""),
        (4, {"a": f"x{end}y", "b": "3"}, ""),
        (6, {"a": "4", "b": "5"}, ""),
    ]


def test_cells_are_trimmed_short_rows_end_in_blanks_and_long_ones_are_refused() -> None:
    assert read("a,b\n \t1 \n1,2,3\n1,2,\n4,5\n") == [
        (2, {"a": "1"}, ""),
        (3, {}, "not_csv"),
        (4, {}, "not_csv"),
        (5, {"a": "4", "b": "5"}, ""),
    ]


def test_a_blank_line_is_no_row_but_commas_and_quotes_are() -> None:
    assert read('a,b\n\n \t \n,\n""\n" "\n') == [(4, {}, ""), (5, {}, ""), (6, {}, "")]


def test_a_row_is_kept_as_it_came() -> None:
    assert [row.raw for row in rows('a,b\r\n\n "1" ,2\r\n"x\ny",3,4\n"z')] == [
        ' "1" ,2\r\n',
        '"x\ny",3,4\n',
        '"z',
    ]


@pytest.mark.parametrize("rest", ['"1"x,2\n3,4\n', '"1,2\n3,4\n', '"1" ,2\n3,4\n'])
def test_a_broken_quote_ends_the_reading_and_what_stands_before_it_counts(rest: str) -> None:
    assert read("a,b\n0,0\n" + rest) == [(2, {"a": "0", "b": "0"}, ""), (3, {}, "not_csv")]


def test_a_quote_within_a_cell_is_a_character() -> None:
    assert read('a,b\n5"1, "x"\n') == [(2, {"a": '5"1', "b": '"x"'}, "")]


def test_a_column_without_a_name_is_left_out() -> None:
    assert read("a,,b,\n1,2,3,4\n") == [(2, {"a": "1", "b": "3"}, "")]


@pytest.mark.parametrize("text", ["", "\n\n", " \t\n", '"a"b,c\n', '"a,b\n'])
def test_a_file_without_a_readable_header_is_refused(text: str) -> None:
    with pytest.raises(FileRefused) as refused:
        CsvTable(io.StringIO(text, newline=""))
    assert refused.value.fault.reason is Reason.NOT_CSV


def test_a_header_may_stand_below_blank_lines_and_have_blanks_around_its_names() -> None:
    table = CsvTable(io.StringIO('\n  \n a ,\t"b"\n1,2\n', newline=""))
    assert (table.header, table.raw) == (["a", '"b"'], ' a ,\t"b"\n')
    assert [row.line for row in table.rows(table.header)] == [4]


def test_lines_of_json_are_counted_at_lf_and_blank_ones_left_out() -> None:
    assert list(json_lines(['{"a":1}\r\n', " \t\r\n", '{"b":\r2}\n', "x"])) == [
        (1, '{"a":1}\r\n'),
        (3, '{"b":\r2}\n'),
        (4, "x"),
    ]


def test_json_keeps_numbers_as_they_stand_and_trims_texts() -> None:
    text = '{"a": 1.50, "b": null, "c": " x\\t", "d": 1E400, "e": -0, "f": "\\u00e9", "a": 10}'
    assert json_object(text) == {"a": "10", "c": "x", "d": "1E400", "e": "-0", "f": "é"}
    assert json_cells(text) == {"a": "10", "b": "", "c": "x", "d": "1E400", "e": "-0", "f": "é"}


def test_what_no_column_can_hold_is_told_apart() -> None:
    cells = json_cells('{"a": true, "b": [1], "c": {"d": 1}, "e": "true"}')
    assert cells is not None and [isinstance(cell, NotText) for cell in cells.values()] == [True] * 3 + [
        False
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '"a"',
        "{",
        '{"a": NaN}',
        '{"a": 0042}',
        '{"a": "\\ud800"}',
        '{"\\udfff": 1}',
        "[" * 100_000,
        '{"a": "\t"}',
    ],
)
def test_what_is_not_a_json_object_is_none(text: str) -> None:
    assert json_cells(text) is None
    assert json_object(text) is None
