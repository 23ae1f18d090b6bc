"""What a code means and how a school takes attendance on a date, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from models.bits import days, span
from models.in_force import DEFAULT_SETTINGS, CodeMap, Meaning, SchoolSettings
from models.school_year import day_index

OCTOBER = date(2021, 10, 1)


def code(name: str, class_: str, since: str = "") -> dict[str, str]:
    status = {"status": "absent", "class": class_} if class_ else {"status": "in_attendance", "class": "mhw"}
    return {"code": name, **status, **({"effective_from": since} if since else {})}


@pytest.mark.parametrize(
    ("on", "class_"),
    [
        (date(2000, 7, 1), "unexcused"),
        (date(2021, 9, 30), "unexcused"),
        (OCTOBER, "excused"),
        (date(2021, 12, 31), "excused"),
        (date(2022, 1, 1), ""),
    ],
)
def test_the_latest_meaning_that_is_not_after_the_date_holds(on: date, class_: str) -> None:
    records = [code("A", "", "2022-01-01"), code("A", "excused", "2021-10-01"), code("A", "unexcused")]
    assert CodeMap(records).meaning("A", on.toordinal()) == Meaning(class_)


def test_a_code_may_be_remote_from_a_date_on() -> None:
    since = {**code("A", "excused", "2021-10-01"), "remote": "yes"}
    codes = CodeMap([{**code("A", "excused"), "remote": "no"}, since])
    assert codes.meaning("A", OCTOBER.toordinal() - 1) == Meaning("excused", False)
    assert codes.meaning("A", OCTOBER.toordinal()) == Meaning("excused", True)


def test_before_its_first_meaning_a_code_is_unmapped() -> None:
    codes = CodeMap([code("A", "mhw", "2021-10-01")])
    assert codes.meaning("A", OCTOBER.toordinal() - 1) is None
    assert codes.meaning("A", OCTOBER.toordinal()) == Meaning("mhw")
    assert codes.meaning("a", OCTOBER.toordinal()) is None
    assert Meaning("mhw").absent and not Meaning("").absent


def school(since: str = "", **cells: str) -> dict[str, str]:
    return {**({"effective_from": since} if since else {}), **cells}


def test_the_defaults_are_negative_and_by_record() -> None:
    assert DEFAULT_SETTINGS.bits(2021) == (0, 0)
    assert SchoolSettings([school(name="A")]).bits(2021) == (0, 0)


def test_a_setting_holds_from_its_date_on_and_a_blank_keeps_what_was_before() -> None:
    settings = SchoolSettings(
        [
            school("2022-01-10", attendance_mode="negative"),
            school("2021-10-01", attendance_mode="positive"),
            school("2021-11-01", submission="explicit"),
        ]
    )
    first, second, third = (
        day_index(date.fromisoformat(on)) for on in ("2021-10-01", "2021-11-01", "2022-01-10")
    )
    positive, explicit = settings.bits(2021)
    assert positive == span(first, third - 1)
    assert explicit == span(second, 364)
    assert settings.bits(2020) == (0, 0)
    assert settings.bits(2022) == (0, span(0, 364))


def test_a_blank_date_means_always_in_a_leap_year_too() -> None:
    positive, explicit = SchoolSettings([school(attendance_mode="positive", submission="explicit")]).bits(
        2023
    )
    assert list(days(positive)) == list(days(explicit)) == list(range(366))
