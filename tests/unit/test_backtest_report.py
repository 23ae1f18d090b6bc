"""How a back-test is shown: rounding that hides nobody, blanks of nothing, a picture that is well formed."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from fractions import Fraction

import pytest
from rich.console import Console

from alerts.backtest.measure import Measured, Spread, Tally
from infra.backtest.picture import picture
from infra.backtest.report import as_json, decimals, never_all, percent, rounded, tables
from infra.backtest.trying import Result

SVG = "{http://www.w3.org/2000/svg}"
NOBODY = Tally().measured()
SOME = Measured(
    students=1200, chronic=300, told=400, hits=299, messages=1500, opened=1400, reopened=300, recovered=900,
    again=100, first_day=Spread(Fraction(2), Fraction(21, 2), Fraction(30)),
    ahead=Spread(Fraction(1, 2), Fraction(16, 19), Fraction(1)), peak=7,
)  # fmt: skip
RESULTS = [
    Result("a&b<c>.toml", 20, 2021, SOME, {"tier_2": SOME, "level_2": NOBODY}),
    Result("pace", 0, 2021, NOBODY, {"month_pace": NOBODY}),
    Result("pace", 0, 2022, SOME, {"month_pace": SOME}),
]


def shown() -> list[str]:
    """The lines of the tables."""
    console = Console(width=140)
    with console.capture() as capture:
        for table in tables(RESULTS):
            console.print(table)
    return [line.strip() for line in capture.get().splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(95, 83), 2, "1.14"),
        (Fraction(1, 200), 2, "0.01"),
        (Fraction(1999, 1000), 2, "2.00"),
        (Fraction(7), 1, "7.0"),
    ],
)
def test_numbers_are_rounded_half_up(value: Fraction, places: int, text: str) -> None:
    assert rounded(value, places) == text


def test_all_and_nobody_are_said_of_all_and_nobody_alone() -> None:
    assert [never_all(Fraction(part, 1000)) for part in (0, 1, 500, 999, 1000)] == [
        "0 %", "1 %", "50 %", "99 %", "100 %",
    ]  # fmt: skip
    assert never_all(None) == percent(None) == decimals(None) == ""


def test_a_table_a_year_a_row_a_rule_that_told() -> None:
    lines = shown()
    assert "School year 2021-22: 1,200 students, 300 of them ended at 10 % or more" in lines
    assert "School year 2022-23: 1,200 students, 300 of them ended at 10 % or more" in lines
    row = "tier_2 400 99 % 75 % 1,500 1.25 3.75 10.5 [2, 30] 84 % [50, 100] 7"
    assert [line.split() for line in lines if line.startswith("tier_2")] == [row.split()]
    assert not [line for line in lines if "level_2" in line]
    assert [line for line in lines if line.split()[:3] == ["pace", "month_pace", "0"]]


def test_the_json_has_counts_and_null_for_nothing() -> None:
    found = as_json(RESULTS)
    assert [(each["policy"], each["school_year"], each["quiet_days"]) for each in found] == [
        ("a&b<c>.toml", "2021-22", 20),
        ("pace", "2021-22", 0),
        ("pace", "2022-23", 0),
    ]
    assert found[0]["whole"]["recall"] == 0.9967
    assert found[0]["whole"]["absences_ahead"] == {"lower": 0.5, "median": 0.8421, "upper": 1.0}
    none = found[0]["rules"]["level_2"]
    assert (none["told"], none["recall"], none["precision"], none["first_day"]) == (0, None, None, None)


def test_the_picture_is_well_formed_whatever_a_policy_is_called() -> None:
    root = ElementTree.fromstring(picture(RESULTS))
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert "a&b<c>.toml" in texts
    assert [text for text in texts if text and text.startswith("How early")] == [
        "How early was somebody told? School year 2021-22",
        "How early was somebody told? School year 2022-23",
    ]
    assert len(root.findall(f"{SVG}circle")) == 3, "no dot where nobody who ended there was told about"
    said = root.findtext(f"{SVG}desc") or ""
    assert "2021-22, policy pace, month_pace: 0 students told about, recall of nobody" in said
    height = float(root.get("height") or 0)
    assert all(0 < float(each.get("y") or 0) < height for each in root.iter(f"{SVG}text"))
