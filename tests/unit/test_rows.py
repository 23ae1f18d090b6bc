import pytest

from infra.files.rows import FileRefused, csv_rows, decode, json_object, json_rows
from models.refusal import Reason


def read(text: str) -> list[tuple[int, dict[str, str], str]]:
    _, rows = csv_rows(text)
    return [(row.line, row.given, row.fault.reason.value if row.fault else "") for row in rows]


def test_a_line_is_that_on_which_its_row_begins() -> None:
    assert read('a,b\n"1\n2",x\n\n3,y\n') == [(2, {"a": "1\n2", "b": "x"}, ""), (5, {"a": "3", "b": "y"}, "")]


def test_cells_are_trimmed_short_rows_end_in_blanks_and_long_ones_are_refused() -> None:
    assert read("a,b\n \t1 \n1,2,3\n4,5\n") == [
        (2, {"a": "1"}, ""),
        (3, {"a": "1", "b": "2"}, "not_csv"),
        (4, {"a": "4", "b": "5"}, ""),
    ]


@pytest.mark.parametrize("rest", ['"1"x,2\n3,4\n', '"1,2\n3,4\n'])
def test_a_broken_quote_ends_the_reading_and_what_stands_before_it_counts(rest: str) -> None:
    assert read("a,b\n0,0\n" + rest) == [(2, {"a": "0", "b": "0"}, ""), (3, {}, "not_csv")]


@pytest.mark.parametrize("text", ["", "\n\n", "a,b,a\n1,2,3\n", '"a"b,c\n'])
def test_a_file_without_a_readable_header_is_refused(text: str) -> None:
    with pytest.raises(FileRefused) as refused:
        csv_rows(text)
    assert refused.value.fault.reason is Reason.NOT_CSV


def test_a_file_may_have_a_bom_but_must_be_utf_8() -> None:
    assert decode(b"\xef\xbb\xbfa") == "a"
    with pytest.raises(FileRefused):
        decode(b"a\xff")


def test_json_lines_keep_numbers_as_they_stand_and_neighbours_of_a_broken_line() -> None:
    rows = list(json_rows('{"a": 0042}\n\n{"a": 1.50, "b": null, "c": " x "}\r\n'))
    assert [(row.line, row.given, row.fault is None) for row in rows] == [
        (1, {}, False),
        (3, {"a": "1.50", "c": "x"}, True),
    ]


@pytest.mark.parametrize(
    "text", ["[]", '"a"', "{", '{"a": NaN}', '{"a": [1]}', '{"a": "\\ud800"}', "[" * 100_000]
)
def test_what_is_not_a_flat_object_is_none(text: str) -> None:
    assert json_object(text) is None
